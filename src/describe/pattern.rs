//! Regular expressions in words, where they are simple enough.
//!
//! Words are exact: two patterns with the same words match the same texts. So
//! what has no exact words is shown as it is written.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, HirKind, Look, Repetition};

use crate::value::Pattern;

use super::phrase::{denied, listed, quoted};

/// The most texts that a part of a pattern is written out as.
const MOST_TEXTS: usize = 12;

/// Whether a text matches: "contains "Puma"", "does not start with "A"".
pub(super) fn matches(pattern: &Pattern, holds: bool) -> String {
    let words = pattern.parsed().and_then(|parsed| Shape::of(&parsed)).and_then(|shape| shape.words(holds));
    words.unwrap_or_else(|| {
        let verb = if holds { "matches" } else { "does not match" };
        let whole = if pattern.is_whole() { " as a whole" } else { "" };
        let text = pattern.text();
        let plain = !text.contains('`') && quoted(text) == format!("\"{text}\"");
        match plain {
            true => format!("{verb}{whole} the pattern `{text}`"),
            false => format!("{verb}{whole} the pattern {}", quoted(text)),
        }
    })
}

/// A pattern as parts, one right after the other.
struct Shape {
    starts: bool,
    ends: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// One of some texts.
    Texts(Texts),
    /// So many characters of a kind, or at least as many.
    Characters { kind: Kind, count: u32, more: bool },
    /// Any text without a line feed, also none.
    Gap,
}

/// Texts as they can be told: each as it is, or in upper or lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Texts {
    exact: Option<Vec<String>>,
    folded: Option<Vec<String>>,
    /// Whether letters come in both cases.
    has_cases: bool,
}

impl Texts {
    fn of(part: &Hir) -> Option<Texts> {
        let (exact, folded) = (texts_of(part, false), texts_of(part, true));
        let found = exact.is_some() || folded.is_some();
        found.then(|| Texts { exact, folded, has_cases: has_folded(part) })
    }

    /// These followed by others, if that can still be told.
    fn then(&self, next: &Texts) -> Option<Texts> {
        let both = |first: &Option<Vec<String>>, second: &Option<Vec<String>>| {
            joined(first.as_ref()?, second.as_ref()?)
        };
        let (exact, folded) = (both(&self.exact, &next.exact), both(&self.folded, &next.folded));
        let found = exact.is_some() || folded.is_some();
        found.then_some(Texts { exact, folded, has_cases: self.has_cases || next.has_cases })
    }

    /// The texts, and what is said of their case.
    fn told(&self) -> (&[String], &'static str) {
        match (&self.folded, &self.exact) {
            (Some(folded), _) if self.has_cases => (folded, " (in upper or lower case)"),
            (_, Some(exact)) => (exact, ""),
            (folded, None) => (folded.as_deref().unwrap_or_default(), ""),
        }
    }
}

/// Kinds of characters that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Digit,
    Capital,
    Small,
    Letter,
    LetterOrDigit,
    WordCharacter,
    WhiteSpace,
}

const KINDS: [(Kind, &[(char, char)]); 7] = [
    (Kind::Digit, &[('0', '9')]),
    (Kind::Capital, &[('A', 'Z')]),
    (Kind::Small, &[('a', 'z')]),
    (Kind::Letter, &[('A', 'Z'), ('a', 'z')]),
    (Kind::LetterOrDigit, &[('0', '9'), ('A', 'Z'), ('a', 'z')]),
    (Kind::WordCharacter, &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
    (Kind::WhiteSpace, &[('\t', '\r'), (' ', ' ')]),
];

impl Shape {
    fn of(parsed: &Hir) -> Option<Shape> {
        let whole = [parsed.clone()];
        let mut parts: &[Hir] = match parsed.kind() {
            HirKind::Concat(parts) => parts,
            _ => &whole,
        };
        let is = |part: &Hir, look: Look| *part.kind() == HirKind::Look(look);
        let mut shape = Shape { starts: false, ends: false, parts: Vec::new() };
        while let Some((first, rest)) = parts.split_first()
            && is(first, Look::Start)
        {
            (shape.starts, parts) = (true, rest);
        }
        while let Some((last, rest)) = parts.split_last()
            && is(last, Look::End)
        {
            (shape.ends, parts) = (true, rest);
        }
        let last = parts.len().checked_sub(1);
        for (at, part) in parts.iter().enumerate() {
            // At an open end a part need not be longer than it must.
            let open = (at == 0 && !shape.starts) || (Some(at) == last && !shape.ends);
            shape.add(part, open)?;
        }
        Some(shape.trimmed())
    }

    fn add(&mut self, part: &Hir, open: bool) -> Option<()> {
        match part.kind() {
            HirKind::Empty => {}
            HirKind::Capture(capture) => self.add(&capture.sub, open)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.add(part, false))?,
            HirKind::Repetition(repetition) => self.repetition(repetition, part, open)?,
            HirKind::Class(class) if kind_of(class).is_some() => {
                self.parts.push(Part::Characters { kind: kind_of(class)?, count: 1, more: false });
            }
            _ => self.texts(part)?,
        }
        Some(())
    }

    fn repetition(&mut self, repetition: &Repetition, whole: &Hir, open: bool) -> Option<()> {
        let Repetition { min, max, sub, .. } = repetition;
        if open && *min == 0 {
            return Some(());
        }
        let kind = match sub.kind() {
            _ if **sub == Hir::dot(Dot::AnyCharExceptLF) => Some(Kind::Any),
            HirKind::Class(class) => kind_of(class),
            _ => None,
        };
        match (kind, *max) {
            (Some(kind), max) if open || max == Some(*min) => {
                self.parts.push(Part::Characters { kind, count: *min, more: false });
            }
            (Some(Kind::Any), None) if *min == 0 => self.parts.push(Part::Gap),
            (Some(kind), None) if *min > 0 => {
                self.parts.push(Part::Characters { kind, count: *min, more: true });
            }
            (None, _) if open && *min == 1 => self.add(sub, false)?,
            _ => self.texts(whole)?,
        }
        Some(())
    }

    fn texts(&mut self, part: &Hir) -> Option<()> {
        self.parts.push(Part::Texts(Texts::of(part)?));
        Some(())
    }

    /// The same with texts that follow each other joined, and equal characters
    /// counted.
    fn trimmed(self) -> Shape {
        let mut parts: Vec<Part> = Vec::new();
        for part in self.parts {
            match (parts.last_mut(), part) {
                (Some(Part::Texts(texts)), Part::Texts(next)) => match texts.then(&next) {
                    Some(both) => *texts = both,
                    None => parts.push(Part::Texts(next)),
                },
                (
                    Some(Part::Characters { kind, count, more: so_far @ false }),
                    Part::Characters { kind: next, count: times, more },
                ) if *kind == next => match count.checked_add(times) {
                    Some(both) => (*count, *so_far) = (both, more),
                    None => parts.push(Part::Characters { kind: next, count: times, more }),
                },
                (_, part) => parts.push(part),
            }
        }
        Shape { parts, ..self }
    }

    fn words(&self, holds: bool) -> Option<String> {
        let (verb, base) = match (self.starts, self.ends) {
            (false, false) => ("contains", "contain"),
            (true, false) => ("starts with", "start with"),
            (false, true) => ("ends with", "end with"),
            (true, true) => ("is", "be"),
        };
        if let [Part::Texts(texts)] = self.parts.as_slice() {
            let (texts, case) = texts.told();
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            return Some(match (holds, texts.as_slice()) {
                (true, _) => format!("{verb} {}{case}", listed(&texts, "or")),
                (false, [one]) if base == "be" => format!("is not {one}{case}"),
                (false, [one]) => format!("does not {base} {one}{case}"),
                (false, _) => format!("{verb} {}{case}", denied(&texts)),
            });
        }
        let exact: Vec<Option<&String>> = self.parts.iter().map(Part::single).collect();
        let ends = match (self.starts && self.ends, self.parts.as_slice(), exact.as_slice()) {
            (true, [_, Part::Gap, _], [Some(start), _, Some(end)]) if !overlap(start, end) => Some(format!(
                "with {} and {} with {} without a line break between them",
                quoted(start),
                if holds { "ends" } else { "end" },
                quoted(end)
            )),
            (true, [_, Part::Gap], [Some(start), _]) => {
                Some(format!("with {} and {} no line break after it", quoted(start), has(holds)))
            }
            _ => None,
        };
        if let Some(ends) = ends {
            return Some(format!("{} {ends}", if holds { "starts" } else { "does not start" }));
        }
        self.sequence(verb, base, holds)
    }

    fn sequence(&self, verb: &str, base: &str, holds: bool) -> Option<String> {
        if self.parts.is_empty() {
            // An empty pattern that is not anchored is found everywhere.
            let empty = self.starts && self.ends;
            return empty.then(|| if holds { "is an empty text" } else { "is not an empty text" }.to_owned());
        }
        let sequence: Vec<String> = self.parts.iter().map(Part::words).collect();
        let sequence = sequence.join(" followed by ");
        Some(match (holds, base) {
            (true, "be") => format!("consists of {sequence}"),
            (false, "be") => format!("does not consist of {sequence}"),
            (true, _) => format!("{verb} {sequence}"),
            (false, _) => format!("does not {base} {sequence}"),
        })
    }
}

fn has(holds: bool) -> &'static str {
    if holds { "has" } else { "have" }
}

impl Part {
    /// The one text that it stands for.
    fn single(&self) -> Option<&String> {
        match self {
            Part::Texts(Texts { exact: Some(texts), has_cases: false, .. }) => {
                texts.first().filter(|_| texts.len() == 1)
            }
            _ => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Part::Texts(texts) => {
                let (texts, case) = texts.told();
                let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                match quoted.len() {
                    1 => format!("{}{case}", quoted.concat()),
                    _ => format!("({}{case})", listed(&quoted, "or")),
                }
            }
            Part::Characters { kind, count, more } => {
                let (one, many) = kind.words();
                match (count, more) {
                    (1, false) => one.to_owned(),
                    (1, true) => format!("one or more {many}"),
                    (count, false) => format!("{count} {many}"),
                    (count, true) => format!("{count} or more {many}"),
                }
            }
            Part::Gap => "any text without a line break".to_owned(),
        }
    }
}

impl Kind {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Any => ("any character but a line break", "characters without a line break"),
            Kind::Digit => ("a digit", "digits"),
            Kind::Capital => ("a capital letter (A to Z)", "capital letters (A to Z)"),
            Kind::Small => ("a small letter (a to z)", "small letters (a to z)"),
            Kind::Letter => ("a letter (A to Z, a to z)", "letters (A to Z, a to z)"),
            Kind::LetterOrDigit => {
                ("a letter (A to Z, a to z) or digit", "letters (A to Z, a to z) or digits")
            }
            Kind::WordCharacter => (
                "a letter (A to Z, a to z), digit or underscore",
                "letters (A to Z, a to z), digits or underscores",
            ),
            Kind::WhiteSpace => ("white space", "white-space characters"),
        }
    }
}

fn kind_of(class: &Class) -> Option<Kind> {
    if Hir::class(class.clone()) == Hir::dot(Dot::AnyCharExceptLF) {
        return Some(Kind::Any);
    }
    let Class::Unicode(class) = class else { return None };
    let ranges: Vec<(char, char)> = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
    KINDS.iter().find(|(_, known)| **known == *ranges).map(|(kind, _)| *kind)
}

/// The texts that a part stands for, all of them: exactly so, or in any case.
fn texts_of(part: &Hir, folded: bool) -> Option<Vec<String>> {
    let one = |text: String| Some(vec![text]);
    match part.kind() {
        HirKind::Empty => one(String::new()),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let has_case = |character: char| cases_of(character).ranges().len() != 1;
            (!folded || !text.chars().any(has_case)).then(|| vec![text.to_owned()])
        }
        HirKind::Class(Class::Unicode(class)) => match folded_character(class).filter(|_| folded) {
            Some(character) => one(character.to_string()),
            None if folded => None,
            None => {
                let mut characters = class.iter().flat_map(|range| range.start()..=range.end());
                let texts = characters.by_ref().take(MOST_TEXTS).map(String::from).collect();
                characters.next().is_none().then_some(texts)
            }
        },
        HirKind::Capture(capture) => texts_of(&capture.sub, folded),
        HirKind::Repetition(Repetition { min: 0, max: Some(1), sub, .. }) => {
            let mut texts = texts_of(sub, folded)?;
            texts.insert(0, String::new());
            Some(texts)
        }
        HirKind::Repetition(Repetition { min, max, sub, .. }) if Some(*min) == *max && *min < 10 => {
            let sub = texts_of(sub, folded)?;
            (0..*min).try_fold(vec![String::new()], |texts, _| joined(&texts, &sub))
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![String::new()], |texts, part| joined(&texts, &texts_of(part, folded)?))
        }
        HirKind::Alternation(parts) => {
            let mut texts: Vec<String> = Vec::new();
            for part in parts {
                for text in texts_of(part, folded)? {
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
            }
            (texts.len() <= MOST_TEXTS).then_some(texts)
        }
        _ => None,
    }
}

/// Every text of the first followed by every text of the second.
fn joined(first: &[String], second: &[String]) -> Option<Vec<String>> {
    if first.len().checked_mul(second.len()).is_none_or(|count| count > MOST_TEXTS) {
        return None;
    }
    Some(first.iter().flat_map(|start| second.iter().map(move |end| format!("{start}{end}"))).collect())
}

/// A character with all that differ from it in case only.
fn cases_of(character: char) -> ClassUnicode {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
    class.case_fold_simple();
    class
}

/// The small letter that a class stands for in any case.
fn folded_character(class: &ClassUnicode) -> Option<char> {
    let first = class.ranges().first()?.start();
    let has_cases = class.ranges().len() > 1 && cases_of(first) == *class;
    has_cases.then(|| first.to_lowercase().next().unwrap_or(first))
}

/// Whether a part has letters in any case.
fn has_folded(part: &Hir) -> bool {
    match part.kind() {
        HirKind::Class(Class::Unicode(class)) => folded_character(class).is_some(),
        HirKind::Capture(capture) => has_folded(&capture.sub),
        HirKind::Repetition(repetition) => has_folded(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_folded),
        _ => false,
    }
}

/// Whether the end of the first text can be the beginning of the second, so
/// that a text with both may be shorter than they are together.
fn overlap(start: &str, end: &str) -> bool {
    start.char_indices().any(|(at, _)| start.get(at..).is_some_and(|tail| end.starts_with(tail)))
        || start.contains(end)
}
