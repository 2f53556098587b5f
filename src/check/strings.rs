//! Texts that hold what their author most likely does not see or mean:
//! characters that cannot be seen or look like others, patterns where the whole
//! text is compared.

use std::borrow::Cow;

use unicode_normalization::char::compose;

use crate::diagnostic::Confidence::Guess;
use crate::diagnostic::{Code, Diagnostic, Edit, Offset, Repair, Span, Suggestion, repair};
use crate::schema::model::{Method, Param};
use crate::schema::{Function, Role, find_profile};
use crate::syntax::ast::{AstNode, AstNodeKind};
use crate::syntax::{Operator, is_invisible, latin, quoted};
use crate::typed::{Node, NodeKind, Type};

use super::checker::Checker;

/// What is odd about a character.
struct Odd {
    message: String,
    note: &'static str,
}

impl Checker<'_> {
    /// Warns of the odd characters of a constant that is compared.
    pub(super) fn look_at_constant(&mut self, operator: Operator, constant: &Node, other: &Node) {
        let NodeKind::Text(text) = &constant.kind else { return };
        if matches!(other.kind, NodeKind::Text(_) | NodeKind::Word(_)) {
            return;
        }
        self.odd_characters((text, text), constant.span, true, true);
        if other.of != Type::Text || !matches!(operator, Operator::Equal | Operator::NotEqual) {
            return;
        }
        let Some(pattern) = pattern_meant(text) else { return };
        let call = format!(
            ".matches({}){}",
            quoted(&pattern),
            if operator == Operator::NotEqual { "==false" } else { "" }
        );
        let instead = self.editor().asked(other.span, constant.span, operator.spelling(), &call, Guess);
        let said = Repair::from(format!("ask for a pattern with `{}`", repair(&call))).by(instead);
        self.odd_pattern(constant.span, format!("`{}` compares the whole text", operator.spelling()), said);
    }

    /// Warns of what is odd about a text that a method is given.
    pub(super) fn look_at_argument(&mut self, param: &Param, text: &str, span: Span) {
        // Who asks for a part of a text may mean the spaces.
        let whole = match param.role {
            Role::ItemAttribute | Role::ItemValue => true,
            Role::Literal => !param.optional,
            Role::Regex => {
                self.pattern_of_elsewhere(text, span);
                false
            }
            _ => false,
        };
        let seen = match param.role {
            Role::Regex => Cow::Owned(seen_of_pattern(text)),
            _ => Cow::Borrowed(text),
        };
        // A tree names the attribute again, in a type.
        self.odd_characters((text, &seen), span, whole, param.role != Role::ItemAttribute);
    }

    /// Warns of a pattern in a method that compares whole texts.
    pub(super) fn look_for_patterns(
        &mut self,
        name: &str,
        method: &Method,
        arguments: &[Node],
        whole: &AstNode,
    ) {
        let Some((param, node)) = method.params.iter().zip(arguments).next_back() else { return };
        let compares = match method.function {
            Function::Contains => true,
            Function::CustomFieldIncludes
            | Function::CustomFieldExcludes
            | Function::SegmentIncludes
            | Function::SegmentExcludes => true,
            _ => param.role == Role::ItemValue,
        };
        let NodeKind::Text(text) = &node.kind else { return };
        let Some(pattern) = pattern_meant(text).filter(|_| compares) else { return };
        let message = match method.function {
            Function::Contains => format!("`{name}` looks for the text as it stands"),
            _ => format!("`{name}` compares the whole text"),
        };
        self.odd_pattern(node.span, message, self.with_pattern(method, arguments, &pattern, whole));
    }

    /// The method that takes a pattern in place of one that takes a text.
    fn with_pattern(&self, method: &Method, arguments: &[Node], pattern: &str, whole: &AstNode) -> Repair {
        let none = || Repair::from("no pattern is taken here; write a condition for each value");
        let AstNodeKind::Call { receiver: Some(receiver), name, .. } = &whole.kind else { return none() };
        let Some(node) = arguments.last() else { return none() };
        let edits = |method: &str, from: Span| {
            [Edit::new(name.span, method), Edit::new(from.to(node.span), quoted(pattern))]
        };
        if method.function == Function::Contains {
            let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
            let edits = [Edit::new(name.span, "matches"), Edit::new(node.span, quoted(pattern))];
            let said = format!("ask for a pattern with `.matches({})`", repair(&quoted(pattern)));
            return Repair::from(said).by(self.editor().several(edits, Guess));
        }
        let AstNodeKind::Name(profile) = &receiver.kind else { return none() };
        let Some((profile_name, profile)) = find_profile(self.schema, profile) else { return none() };
        let same = profile.methods.iter().find(|(_, other)| {
            other.function == method.function
                && other.attribute == method.attribute
                && other.params.len() == method.params.len()
                && other.params.last().is_some_and(|param| param.role == Role::Regex)
        });
        if let Some((other, _)) = same {
            let said = format!("`{profile_name}.{other}` takes a pattern: `{}`", repair(&quoted(pattern)));
            return Repair::from(said).by(self.editor().several(edits(other, node.span), Guess));
        }
        // Some take a pattern for one attribute.
        let attribute = match arguments.first().map(|first| &first.kind) {
            Some(NodeKind::Text(attribute)) => attribute,
            _ => return none(),
        };
        let of_one = profile.methods.iter().find(|(_, other)| {
            other.function == method.function
                && other.attribute.as_ref().is_some_and(|of| of.eq_ignore_ascii_case(attribute))
                && other.params.len() == 1
        });
        match (of_one, arguments.first()) {
            (Some((other, _)), Some(first)) => {
                let said =
                    format!("`{profile_name}.{other}` takes a pattern: `{}`", repair(&quoted(pattern)));
                Repair::from(said).by(self.editor().several(edits(other, first.span), Guess))
            }
            _ => none(),
        }
    }

    fn odd_pattern(&mut self, span: Span, message: String, help: Repair) {
        self.report(
            Diagnostic::new(Code::OddPattern, span, format!("{message}, and this looks like a pattern"))
                .note("each of its signs counts as it stands")
                .help(help),
        );
    }

    /// `/puma/i` and `%puma%`, where a regular expression stands.
    fn pattern_of_elsewhere(&mut self, text: &str, span: Span) {
        let (what, meant) = match (slashed(text), text.strip_prefix('%')) {
            (Some(meant), _) => ("slashes", meant),
            (None, Some(rest)) if rest.len() > 1 && rest.ends_with('%') => {
                ("percent signs", rest.trim_end_matches('%').to_owned())
            }
            _ => return,
        };
        let instead = self.editor().in_text(span, quoted(&meant), Guess);
        let message = format!("the {what} round this regular expression are looked for in the text");
        self.report(
            Diagnostic::new(Code::OddPattern, span, message)
                .note("a pattern as other languages write it")
                .help(Repair::from(format!("write `{}`", repair(&quoted(&meant)))).by(instead)),
        );
    }

    /// Warns of what is odd about a text, of which so much is looked at.
    fn odd_characters(&mut self, (text, seen): (&str, &str), span: Span, whole: bool, in_tree: bool) {
        let Some(odd) = odd(seen, whole) else { return };
        let mended = mended(text, seen, whole);
        let instead: Option<Suggestion> = match in_tree {
            true => Some(self.editor().string(span, &mended, Guess)),
            false => self.editor().in_text(span, quoted(&mended), Guess),
        };
        let help = Repair::from(format!("write `{}`", repair(&quoted(&mended))));
        self.report(
            Diagnostic::new(Code::OddCharacter, span, odd.message).note(odd.note).help(help.by(instead)),
        );
    }
}

/// The first odd thing about a text. `whole` says whether all of it is compared,
/// so that spaces at its ends count.
fn odd(text: &str, whole: bool) -> Option<Odd> {
    let trimmed = text.trim_matches(' ');
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'&')
        && (!whole || trimmed.len() == text.len())
    {
        return None;
    }
    if trimmed.is_empty() {
        return None;
    }
    if whole && text.starts_with(' ') {
        return Some(Odd { message: "this text begins with a space".to_owned(), note: "a space" });
    }
    let (scripts, mut word) = (Scripts::of(text), Word::default());
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let code = format!("U+{:04X}", u32::from(character));
        if let Some((entity, sign)) = entity(text.get(at..).unwrap_or("")) {
            let message = format!("`{entity}` is how a web page writes `{sign}`");
            return Some(Odd { message, note: "an HTML entity" });
        }
        if scripts.hide(character) {
            let message = format!("this text holds an invisible character ({code})");
            return Some(Odd { message, note: "not to be seen" });
        }
        if is_odd_space(character) {
            let message = format!("this text holds {} ({code})", space_name(character));
            return Some(Odd { message, note: "another kind of space" });
        }
        if before.is_some_and(|before| compose(before, character).is_some()) {
            let letter = format!("{}{character}", before.unwrap_or(' '));
            let message = match character {
                '\u{300}'..='\u{36f}' => {
                    format!("the accent of `{letter}` is a character of its own ({code})")
                }
                _ => format!("`{letter}` is written with a character for each of its parts ({code})"),
            };
            return Some(Odd { message, note: "two characters that look like one" });
        }
        if let Some(letter) = word.impostor(text, at, character) {
            let message = format!("`{character}` ({code}) only looks like the letter `{letter}`");
            return Some(Odd { message, note: "of another alphabet" });
        }
        before = Some(character);
    }
    (whole && text.ends_with(' '))
        .then(|| Odd { message: "this text ends with a space".to_owned(), note: "a space" })
}

/// The part of a regular expression that stands for itself; escapes and what is
/// between square brackets are dots. Whoever lists characters means each of them.
fn seen_of_pattern(pattern: &str) -> String {
    let mut seen = String::with_capacity(pattern.len());
    let (mut escaped, mut open) = (false, Vec::new());
    for character in pattern.chars() {
        let stands = !escaped && open.is_empty() && !matches!(character, '\\' | '[');
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => open.push(character),
            ']' => drop(open.pop()),
            _ => {}
        }
        match stands {
            true => seen.push(character),
            false => seen.extend(std::iter::repeat_n('.', character.len_utf8())),
        }
    }
    seen
}

/// The text without what is odd about it, of what is looked at.
fn mended(text: &str, seen: &str, whole: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut passed = Offset::START;
    let (scripts, mut word) = (Scripts::of(text), Word::default());
    for (at, character) in text.char_indices() {
        if Offset::from(at) < passed {
            continue;
        }
        let rest = seen.get(at..).unwrap_or("");
        if !rest.starts_with(character) {
            out.push(character);
            continue;
        }
        if let Some((entity, sign)) = entity(rest) {
            out.push_str(sign);
            passed = Offset::from(at) + entity.len();
            continue;
        }
        if scripts.hide(character) {
            continue;
        }
        let whole = out.chars().next_back().and_then(|letter| compose(letter, character));
        if is_odd_space(character) {
            out.push(' ');
        } else if let Some(whole) = whole {
            out.pop();
            out.push(whole);
        } else {
            out.push(word.impostor(seen, at, character).unwrap_or(character));
        }
    }
    if whole { out.trim_matches(' ').to_owned() } else { out }
}

/// The HTML entity that a text begins with, and the character that it stands for.
fn entity(text: &str) -> Option<(&'static str, &'static str)> {
    const ENTITIES: [(&str, &str); 7] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
    ];
    ENTITIES.into_iter().find(|(entity, _)| text.starts_with(entity))
}

/// The scripts of a text that need characters which cannot be seen. A text may be
/// long and full of those, so it is looked through once.
struct Scripts {
    /// Whether it holds a script, or emoji, of which signs are joined and parted.
    joining: bool,
    right_to_left: bool,
}

impl Scripts {
    fn of(text: &str) -> Scripts {
        Scripts {
            joining: text.chars().any(|other| u32::from(other) >= 0x600 && !is_invisible(other)),
            right_to_left: text.chars().any(|other| ('\u{590}'..='\u{8ff}').contains(&other)),
        }
    }

    /// Whether a character cannot be seen and does nothing for the text around it.
    fn hide(&self, character: char) -> bool {
        let needed = match character {
            '\u{200c}' | '\u{200d}' => self.joining,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.right_to_left,
            _ => false,
        };
        is_invisible(character) && !needed
    }
}

fn is_odd_space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, ' ' | '\u{3000}')
}

fn space_name(character: char) -> &'static str {
    match character {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => "a no-break space",
        '\t' => "a tab",
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => "the end of a line",
        _ => "an unusual space",
    }
}

/// The word that was looked at last, going through a text from its start. It is
/// kept since a word may be long and each of its letters asks for it.
#[derive(Default)]
struct Word {
    end: Offset,
    /// Whether one of its letters is ASCII.
    latin: bool,
}

impl Word {
    /// The Latin letter that one of another alphabet stands for in the middle of a
    /// Latin word.
    fn impostor(&mut self, text: &str, at: usize, character: char) -> Option<char> {
        if character.is_ascii() || !character.is_alphabetic() {
            return None;
        }
        let letter = latin(character).filter(|_| u32::from(character) < 0x600)?;
        if Offset::from(at) >= self.end {
            *self = Word::at(text, at)?;
        }
        self.latin.then_some(letter)
    }

    /// The word around a place.
    fn at(text: &str, at: usize) -> Option<Word> {
        let (before, after) = text.split_at_checked(at)?;
        let rest = after.trim_start_matches(char::is_alphabetic);
        let word = after.strip_suffix(rest)?;
        let mut begun = before.chars().rev().take_while(|other| other.is_alphabetic());
        let latin =
            begun.any(|other| other.is_ascii()) || word.contains(|other: char| other.is_ascii_alphabetic());
        Some(Word { end: Offset::from(at) + word.len(), latin })
    }
}

/// `/puma/i`: the pattern between the slashes, and what the letters ask for.
/// `None` where it may be a text with slashes.
fn slashed(text: &str) -> Option<String> {
    let (inner, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    // A path such as `/stores/us` has no flags; and within a pattern a slash is escaped.
    let flags_only = flags.bytes().all(|flag| b"gim".contains(&flag)) && !inner.contains('/');
    let anchored = inner.starts_with('^') || inner.ends_with('$');
    if inner.is_empty() || !flags_only || (flags.is_empty() && !anchored) {
        return None;
    }
    let fold = if flags.contains('i') { "(?i)" } else { "" };
    Some(format!("{fold}{inner}"))
}

/// The regular expression that a text means that looks like a pattern of some
/// kind; `None` of any other text.
fn pattern_meant(text: &str) -> Option<String> {
    // Most texts have no sign of any pattern.
    if !text.bytes().any(|byte| matches!(byte, b'/' | b'(' | b'[' | b'+' | b'\\' | b'^' | b'%' | b'*' | b'|'))
    {
        return None;
    }
    let letter = |character: Option<char>| character.is_some_and(char::is_alphabetic);
    if let Some(meant) = slashed(text) {
        return Some(meant);
    }
    let of_regex = ["(?i)", ".*", ".+", "[a-z]", "[A-Z]", "[0-9]", "[A-Za-z]"];
    // A folder such as `\data` is no class of characters.
    let class = |name: &str| text.split(name).skip(1).any(|rest| !letter(rest.chars().next()));
    let regex = of_regex.iter().any(|part| text.contains(part))
        || ["\\d", "\\w", "\\s"].into_iter().any(class)
        || (text.strip_prefix('^').is_some_and(|rest| letter(rest.chars().next())));
    if regex {
        return Some(text.to_owned());
    }
    for sign in ['%', '*'] {
        let (first, last) = (text.strip_prefix(sign), text.strip_suffix(sign));
        let at_start = first.is_some_and(|rest| {
            rest.starts_with(['@', '.', '_']) && rest.contains(char::is_alphabetic)
                || letter(rest.chars().next())
        });
        let at_end = last.is_some_and(|rest| letter(rest.chars().next_back()));
        if at_start || at_end {
            let inner = text.trim_matches(sign);
            let escaped = inner.split(sign).map(regex_syntax::escape).collect::<Vec<_>>().join(".*");
            let start = if first.is_some() { "" } else { "^" };
            let end = if last.is_some() { "" } else { "$" };
            return Some(format!("{start}{escaped}{end}"));
        }
    }
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let several = parts.len() > 1 && parts.iter().all(|part| part.contains(char::is_alphanumeric));
    several.then(|| {
        let each: Vec<String> = parts.iter().map(|part| regex_syntax::escape(part)).collect();
        format!("^({})$", each.join("|"))
    })
}
