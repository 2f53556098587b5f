//! Regular expressions that run in linear time and read as Java's do.

use regex_automata::meta;
use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetBinaryOpKind, ClassSetItem,
};
use regex_syntax::hir::{Dot, Hir, HirKind, Look, translate::TranslatorBuilder};

/// A compiled regular expression.
///
/// `parse` compiles one as `matches` of a rule asks it: found anywhere in the
/// text. Printed, it is its source. Equal where the pattern's text and its kind
/// of search are equal. Cheap to clone.
///
/// ```
/// use target_rules::Pattern;
/// let pattern: Pattern = "^Jo.*n$".parse()?;
/// assert!(pattern.is_match("Johann") && !pattern.is_match("Joanna"));
/// assert_eq!(pattern.to_string(), "^Jo.*n$");
/// let refused = "(a".parse::<Pattern>().unwrap_err();
/// assert!(refused.to_string().starts_with("byte 0: this `(` is never closed"));
/// # Ok::<(), target_rules::PatternError>(())
/// ```
#[derive(Clone)]
pub struct Pattern {
    text: String,
    whole: bool,
    regex: meta::Regex,
    affixes: Option<Affixes>,
}

/// What a pattern such as `^Jo.*n$` asks: a text of one line that starts with
/// one text and ends with another.
///
/// Measured on one core for `^Jo.*n$` on four letters: 9 ns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Affixes {
    start: Box<str>,
    end: Box<str>,
}

impl Affixes {
    /// The affixes of a pattern, if it asks for nothing else.
    fn of(hir: &Hir) -> Option<Affixes> {
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let text = |part: &Hir| match part.kind() {
            HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(Box::from),
            _ => None,
        };
        let is_rest = |part: &Hir| match part.kind() {
            HirKind::Repetition(repetition) => {
                repetition.min == 0
                    && repetition.max.is_none()
                    && *repetition.sub == Hir::dot(Dot::AnyCharExceptLF)
            }
            _ => false,
        };
        let (first, parts) = parts.split_first()?;
        let (last, parts) = parts.split_last()?;
        if *first.kind() != HirKind::Look(Look::Start) || *last.kind() != HirKind::Look(Look::End) {
            return None;
        }
        let (start, end) = match parts {
            [start, rest, end] if is_rest(rest) => (text(start)?, text(end)?),
            [start, rest] if is_rest(rest) => (text(start)?, Box::default()),
            [rest, end] if is_rest(rest) => (Box::default(), text(end)?),
            _ => return None,
        };
        Some(Affixes { start, end })
    }

    /// Whether a text is such a one.
    pub(crate) fn fit(&self, text: &str) -> bool {
        let between = text.strip_prefix(&*self.start).and_then(|rest| rest.strip_suffix(&*self.end));
        between.is_some_and(|between| !between.contains('\n'))
    }
}

/// Why a pattern is refused, with the place in it in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Whether it is only too large: a limit is exceeded, nothing is wrong.
    pub too_large: bool,
    /// First byte of the fault in the pattern.
    pub start: usize,
    /// Byte after the fault.
    pub end: usize,
}

/// The first byte of the fault, what is wrong, and how to mend it.
impl std::fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "byte {}: {}", self.start, self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}

/// Brackets that a pattern may nest; below what a small stack bears.
const NESTING: u32 = 60;

impl Pattern {
    /// Bytes of a compiled pattern that `parse` allows: the default of
    /// `Limits::regex_compiled`.
    pub const COMPILED_SIZE: usize = 256 * 1024;

    /// Compiles a pattern; `whole` asks for the whole text instead of a part.
    ///
    /// `\d \w \s \b` are ASCII, `.` is any character but line feed, `$` is the
    /// very end of the text. `compiled_size` bounds the program in bytes.
    pub fn compile(text: &str, whole: bool, compiled_size: usize) -> Result<Pattern, PatternError> {
        let mut parsed = ast::parse::ParserBuilder::new()
            .nest_limit(NESTING)
            .build()
            .parse(text)
            .map_err(|error| explain_syntax(&error))?;
        prepare(&mut parsed)?;
        let hir = TranslatorBuilder::new()
            .build()
            .translate(text, &parsed)
            .map_err(|error| explain_translation(text, &error))?;
        let hir =
            if whole { Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]) } else { hir };
        let regex = meta::Builder::new()
            .configure(meta::Config::new().nfa_size_limit(Some(compiled_size)))
            .build_from_hir(&hir)
            .map_err(|_| PatternError {
                message: format!(
                    "this regular expression takes more than {compiled_size} bytes when compiled"
                ),
                help: Some("repeat less, such as `.*` instead of `.{1,500}`".to_owned()),
                too_large: true,
                start: 0,
                end: text.len(),
            })?;
        Ok(Pattern { text: text.to_owned(), whole, regex, affixes: Affixes::of(&hir) })
    }

    /// Whether the pattern is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What the pattern asks, where that is a beginning and an end alone.
    pub(crate) fn affixes(&self) -> Option<&Affixes> {
        self.affixes.as_ref()
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Compiles a pattern that is looked for anywhere in the text, of at most
/// [`Pattern::COMPILED_SIZE`].
impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(text, false, Pattern::COMPILED_SIZE)
    }
}

/// The pattern as written.
impl std::fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text && self.whole == other.whole
    }
}

impl Eq for Pattern {}

impl std::hash::Hash for Pattern {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.text, self.whole).hash(state);
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pattern").field("text", &self.text).field("whole", &self.whole).finish()
    }
}

fn refused(span: &ast::Span, message: impl Into<String>, help: &str) -> PatternError {
    PatternError {
        message: message.into(),
        help: Some(help.to_owned()).filter(|help| !help.is_empty()),
        too_large: false,
        start: span.start.offset,
        end: span.end.offset,
    }
}

/// The engine's words are for programmers; these are for who wrote the rule.
fn explain_syntax(error: &ast::Error) -> PatternError {
    use ast::ErrorKind;
    let span = error.span();
    let pattern = error.pattern();
    let written = pattern.get(span.start.offset..span.end.offset).unwrap_or("");
    // Of a place between two characters the one after it is meant.
    let next = pattern.get(span.start.offset..).and_then(|rest| rest.chars().next());
    let symbol = next.map(String::from).unwrap_or_default();
    let (message, help) = match error.kind() {
        ErrorKind::UnsupportedLookAround => (
            "looking ahead or behind cannot run in linear time".to_owned(),
            "ask in two conditions joined by `&&` instead".to_owned(),
        ),
        ErrorKind::UnsupportedBackreference => (
            format!("`{written}`, a back-reference, cannot run in linear time"),
            "write out what should stand there".to_owned(),
        ),
        ErrorKind::NestLimitExceeded(limit) => {
            (format!("more than {limit} groups stand within each other"), "leave groups out".to_owned())
        }
        ErrorKind::ClassRangeInvalid => (
            format!("the range `{written}` runs backwards"),
            match written.split_once('-') {
                Some((from, to)) => format!("write `{to}-{from}`"),
                None => String::new(),
            },
        ),
        ErrorKind::RepetitionCountInvalid => match written.trim_matches(['{', '}']).split_once(',') {
            Some((least, most)) => {
                let (least, most) = (least.trim(), most.trim());
                (
                    format!("`{written}` asks for at least {least} and at most {most}"),
                    format!("write `{{{most},{least}}}`"),
                )
            }
            None => (format!("`{written}` cannot be"), String::new()),
        },
        ErrorKind::RepetitionMissing => (
            format!("`{symbol}` repeats what stands before it, and nothing does"),
            format!(
                "write what is repeated before it, such as `.{symbol}`, or `\\{symbol}` for the character itself"
            ),
        ),
        ErrorKind::RepetitionCountDecimalEmpty | ErrorKind::DecimalEmpty => (
            "`{` is followed by how often something is repeated".to_owned(),
            "write `{3}` or `{1,3}`, or `\\{` for the character itself".to_owned(),
        ),
        ErrorKind::DecimalInvalid => {
            (format!("`{written}` is no number of times"), "write a smaller whole number".to_owned())
        }
        ErrorKind::RepetitionCountUnclosed => never_closed("{", "}"),
        ErrorKind::ClassUnclosed => never_closed("[", "]"),
        ErrorKind::GroupUnclosed => never_closed("(", ")"),
        ErrorKind::GroupUnopened => (
            "this `)` closes nothing".to_owned(),
            "remove it, or write `\\)` for the character itself".to_owned(),
        ),
        ErrorKind::ClassRangeLiteral => (
            "a range goes from one character to another".to_owned(),
            "write a range such as `a-z`, or `\\-` for the character itself".to_owned(),
        ),
        ErrorKind::ClassEscapeInvalid => {
            (format!("`{written}` has no meaning inside `[` and `]`"), "write it outside of them".to_owned())
        }
        ErrorKind::EscapeUnexpectedEof => (
            "nothing follows this `\\`".to_owned(),
            "remove it, or double it for the character itself".to_owned(),
        ),
        ErrorKind::EscapeUnrecognized => (
            format!("`{written}` has no meaning"),
            format!("write `{}` for the character itself", written.trim_start_matches('\\')),
        ),
        ErrorKind::EscapeHexEmpty | ErrorKind::EscapeHexInvalid | ErrorKind::EscapeHexInvalidDigit => (
            "`\\x` and `\\u` are followed by the number of a character".to_owned(),
            "write it in hexadecimal digits, such as `\\x41`".to_owned(),
        ),
        ErrorKind::FlagUnrecognized
        | ErrorKind::FlagUnexpectedEof
        | ErrorKind::FlagDanglingNegation
        | ErrorKind::FlagDuplicate { .. }
        | ErrorKind::FlagRepeatedNegation { .. } => (
            "`(?` is followed by flags".to_owned(),
            "write each of the flags `i`, `m`, `s`, `x` at most once, such as `(?i)`".to_owned(),
        ),
        ErrorKind::GroupNameDuplicate { .. } => {
            (format!("two groups are named `{written}`"), "give one of them another name".to_owned())
        }
        ErrorKind::GroupNameEmpty | ErrorKind::GroupNameInvalid | ErrorKind::GroupNameUnexpectedEof => (
            "this is no name of a group".to_owned(),
            "write letters and digits and close them with `>`, or leave the name out".to_owned(),
        ),
        ErrorKind::SpecialWordBoundaryUnclosed
        | ErrorKind::SpecialWordBoundaryUnrecognized
        | ErrorKind::SpecialWordOrRepetitionUnexpectedEof => {
            ("`\\b` cannot be repeated".to_owned(), "write `\\b` alone for the end of a word".to_owned())
        }
        ErrorKind::UnicodeClassInvalid => unknown_class(written),
        other => (other.to_string(), String::new()),
    };
    refused(span, message, &help)
}

fn explain_translation(pattern: &str, error: &regex_syntax::hir::Error) -> PatternError {
    use regex_syntax::hir::ErrorKind;
    let span = error.span();
    let written = pattern.get(span.start.offset..span.end.offset).unwrap_or("");
    let (message, help) = match error.kind() {
        ErrorKind::UnicodePropertyNotFound | ErrorKind::UnicodePropertyValueNotFound => {
            unknown_class(written)
        }
        other => (other.to_string(), String::new()),
    };
    refused(span, message, &help)
}

fn never_closed(opener: &str, closer: &str) -> (String, String) {
    (
        format!("this `{opener}` is never closed"),
        format!("add the `{closer}`, or write `\\{opener}` for the character itself"),
    )
}

fn unknown_class(written: &str) -> (String, String) {
    (
        format!("`{written}` names no known kind of character"),
        "write a kind such as `\\p{L}` for letters or `\\p{Greek}` for a script".to_owned(),
    )
}

/// Refuses what other engines read differently and makes classes ASCII.
fn prepare(node: &mut Ast) -> Result<(), PatternError> {
    let ascii_class = match node {
        Ast::ClassPerl(class) => Some(ast::ClassBracketed {
            span: class.span,
            negated: class.negated,
            kind: ClassSet::Item(ClassSetItem::Ascii(ast::ClassAscii {
                span: class.span,
                kind: ascii_kind(&class.kind),
                negated: false,
            })),
        }),
        _ => None,
    };
    if let Some(class) = ascii_class {
        *node = Ast::class_bracketed(class);
        return Ok(());
    }
    let boundary = match node {
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::WordBoundaryStartAngle | AssertionKind::WordBoundaryEndAngle => {
                return Err(refused(
                    &assertion.span,
                    "`\\<` and `\\>` mean different things to different engines",
                    "write `\\b`",
                ));
            }
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText => None,
            _ => Some(assertion.span),
        },
        _ => None,
    };
    if let Some(span) = boundary {
        let assertion = Box::new(std::mem::replace(node, Ast::empty(span)));
        *node = Ast::group(ast::Group {
            span,
            kind: ast::GroupKind::NonCapturing(ast::Flags {
                span,
                items: vec![
                    ast::FlagsItem { span, kind: ast::FlagsItemKind::Negation },
                    ast::FlagsItem { span, kind: ast::FlagsItemKind::Flag(ast::Flag::Unicode) },
                ],
            }),
            ast: assertion,
        });
        return Ok(());
    }
    match node {
        Ast::Flags(flags) => check_flags(&flags.flags),
        Ast::Literal(literal) => check_literal(literal),
        Ast::ClassBracketed(class) => prepare_set(&mut class.kind),
        Ast::Repetition(repetition) => {
            if let Ast::Repetition(inner) = &*repetition.ast
                && inner.greedy
                && matches!(repetition.op.kind, ast::RepetitionKind::OneOrMore)
            {
                return Err(refused(
                    &repetition.op.span,
                    "a possessive quantifier cannot run in linear time",
                    "leave the second `+` out",
                ));
            }
            prepare(&mut repetition.ast)
        }
        Ast::Group(group) => {
            if let ast::GroupKind::NonCapturing(flags) = &group.kind {
                check_flags(flags)?;
            }
            prepare(&mut group.ast)
        }
        Ast::Alternation(alternation) => alternation.asts.iter_mut().try_for_each(prepare),
        Ast::Concat(concat) => concat.asts.iter_mut().try_for_each(prepare),
        Ast::Empty(_) | Ast::Dot(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => Ok(()),
    }
}

fn prepare_set(set: &mut ClassSet) -> Result<(), PatternError> {
    match set {
        ClassSet::Item(item) => prepare_item(item),
        ClassSet::BinaryOp(operation) => {
            if !matches!(operation.kind, ClassSetBinaryOpKind::Intersection) {
                return Err(refused(
                    &operation.span,
                    "`--` and `~~` between `[` and `]` mean different things to different engines",
                    "list the characters themselves, or write `\\-` and `\\~` for these",
                ));
            }
            prepare_set(&mut operation.lhs)?;
            prepare_set(&mut operation.rhs)
        }
    }
}

fn prepare_item(item: &mut ClassSetItem) -> Result<(), PatternError> {
    match item {
        ClassSetItem::Perl(class) => {
            *item = ClassSetItem::Ascii(ast::ClassAscii {
                span: class.span,
                kind: ascii_kind(&class.kind),
                negated: class.negated,
            });
            Ok(())
        }
        ClassSetItem::Literal(literal) => check_literal(literal),
        ClassSetItem::Range(range) => {
            check_literal(&range.start)?;
            check_literal(&range.end)
        }
        ClassSetItem::Bracketed(class) => prepare_set(&mut class.kind),
        ClassSetItem::Union(union) => union.items.iter_mut().try_for_each(prepare_item),
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Unicode(_) => Ok(()),
    }
}

fn ascii_kind(kind: &ClassPerlKind) -> ast::ClassAsciiKind {
    match kind {
        ClassPerlKind::Digit => ast::ClassAsciiKind::Digit,
        ClassPerlKind::Space => ast::ClassAsciiKind::Space,
        ClassPerlKind::Word => ast::ClassAsciiKind::Word,
    }
}

fn check_flags(flags: &ast::Flags) -> Result<(), PatternError> {
    for item in &flags.items {
        let name = match item.kind {
            ast::FlagsItemKind::Flag(ast::Flag::Unicode) => "u",
            ast::FlagsItemKind::Flag(ast::Flag::SwapGreed) => "U",
            ast::FlagsItemKind::Flag(ast::Flag::CRLF) => "R",
            _ => continue,
        };
        return Err(refused(
            &item.span,
            format!("the flag `(?{name})` means different things to different engines"),
            "leave it out",
        ));
    }
    Ok(())
}

fn check_literal(literal: &ast::Literal) -> Result<(), PatternError> {
    if matches!(literal.kind, ast::LiteralKind::Special(ast::SpecialLiteralKind::VerticalTab)) {
        let message = "`\\v` means different things to different engines";
        return Err(refused(&literal.span, message, "write `\\x0B` for a vertical tab"));
    }
    Ok(())
}
