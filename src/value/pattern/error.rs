//! Why a pattern is refused, in words for the author of the rule.

use regex_syntax::ast;

/// Why a pattern is refused, and where, in bytes.
///
/// ```
/// use target_rules::value::Pattern;
/// let refused = "ab[c".parse::<Pattern>().unwrap_err();
/// assert_eq!((refused.start, refused.limit), (2, None));
/// assert_eq!(refused.message, "this `[` is never closed");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// How to repair it.
    pub help: Option<String>,
    /// The name of the limit that the pattern is over; `None` where it is not
    /// valid.
    pub limit: Option<&'static str>,
    /// The first byte of the fault in the pattern.
    pub start: usize,
    /// The byte after the fault.
    pub end: usize,
}

/// The first byte of the fault, what is wrong, and how to repair it.
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

pub(super) fn refused(span: &ast::Span, message: impl Into<String>, help: &str) -> PatternError {
    PatternError {
        message: message.into(),
        help: Some(help.to_owned()).filter(|help| !help.is_empty()),
        limit: None,
        start: span.start.offset,
        end: span.end.offset,
    }
}

/// The engine's messages are for programmers; these are for the author of the
/// rule.
pub(super) fn too_large(limit: &'static str, message: String, pattern: &str) -> PatternError {
    let help = Some("repeat less, such as `.*` instead of `.{1,500}`".to_owned());
    PatternError { message, help, limit: Some(limit), start: 0, end: pattern.len() }
}

pub(super) fn too_slow(steps: usize, pattern: &str) -> PatternError {
    let message =
        format!("this regular expression takes more than {steps} steps for each character of a text");
    let help = Some(
        "nest repetitions and groups less deeply, or ask for its parts in conditions of their own".to_owned(),
    );
    PatternError { message, help, limit: Some("regex-steps"), start: 0, end: pattern.len() }
}

pub(super) fn explain_syntax(error: &ast::Error) -> PatternError {
    match fixed_words(error.kind()) {
        Some((message, help)) => refused(error.span(), message, help),
        None => {
            let (message, help) = quoting_words(error);
            refused(error.span(), message, &help)
        }
    }
}

/// What is wrong and how to repair it, where the words do not depend on the
/// pattern.
fn fixed_words(kind: &ast::ErrorKind) -> Option<(&'static str, &'static str)> {
    use ast::ErrorKind;
    Some(match kind {
        ErrorKind::UnsupportedLookAround => (
            "looking ahead or behind cannot run in linear time",
            "ask in two conditions joined by `&&` instead",
        ),
        ErrorKind::RepetitionCountDecimalEmpty | ErrorKind::DecimalEmpty => (
            "`{` is followed by how often something is repeated",
            "write `{3}` or `{1,3}`, or `\\{` for the character itself",
        ),
        ErrorKind::GroupUnopened => {
            ("this `)` closes nothing", "remove it, or write `\\)` for the character itself")
        }
        ErrorKind::ClassRangeLiteral => (
            "a range goes from one character to another",
            "write a range such as `a-z`, or `\\-` for the character itself",
        ),
        ErrorKind::EscapeUnexpectedEof => {
            ("nothing follows this `\\`", "remove it, or double it for the character itself")
        }
        ErrorKind::EscapeHexEmpty | ErrorKind::EscapeHexInvalid | ErrorKind::EscapeHexInvalidDigit => (
            "`\\x` and `\\u` are followed by the number of a character",
            "write it in hexadecimal digits, such as `\\x41`",
        ),
        ErrorKind::FlagUnrecognized
        | ErrorKind::FlagUnexpectedEof
        | ErrorKind::FlagDanglingNegation
        | ErrorKind::FlagDuplicate { .. }
        | ErrorKind::FlagRepeatedNegation { .. } => (
            "`(?` is followed by flags",
            "write each of the flags `i`, `m`, `s`, `x` at most once, such as `(?i)`",
        ),
        ErrorKind::GroupNameEmpty | ErrorKind::GroupNameInvalid | ErrorKind::GroupNameUnexpectedEof => (
            "this is no name of a group",
            "write letters and digits and close them with `>`, or leave the name out",
        ),
        ErrorKind::SpecialWordBoundaryUnclosed
        | ErrorKind::SpecialWordBoundaryUnrecognized
        | ErrorKind::SpecialWordOrRepetitionUnexpectedEof => {
            ("`\\b` cannot be repeated", "write `\\b` alone for the end of a word")
        }
        _ => return None,
    })
}

/// The same, where the words quote the pattern.
fn quoting_words(error: &ast::Error) -> (String, String) {
    use ast::ErrorKind;
    let (span, pattern) = (error.span(), error.pattern());
    let written = pattern.get(span.start.offset..span.end.offset).unwrap_or("");
    match error.kind() {
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
        ErrorKind::RepetitionCountInvalid => backwards(written),
        ErrorKind::RepetitionMissing => {
            // At a place between two characters, the one after it is quoted.
            let next = pattern.get(span.start.offset..).and_then(|rest| rest.chars().next());
            nothing_to_repeat(&next.map(String::from).unwrap_or_default())
        }
        ErrorKind::DecimalInvalid => {
            (format!("`{written}` is no number of times"), "write a smaller whole number".to_owned())
        }
        ErrorKind::RepetitionCountUnclosed => never_closed("{", "}"),
        ErrorKind::ClassUnclosed => never_closed("[", "]"),
        ErrorKind::GroupUnclosed => never_closed("(", ")"),
        ErrorKind::ClassEscapeInvalid => {
            (format!("`{written}` has no meaning inside `[` and `]`"), "write it outside of them".to_owned())
        }
        ErrorKind::EscapeUnrecognized => (
            format!("`{written}` has no meaning"),
            format!("write `{}` for the character itself", written.trim_start_matches('\\')),
        ),
        ErrorKind::GroupNameDuplicate { .. } => {
            (format!("two groups are named `{written}`"), "give one of them another name".to_owned())
        }
        ErrorKind::UnicodeClassInvalid => unknown_class(written),
        other => (other.to_string(), String::new()),
    }
}

pub(super) fn explain_translation(pattern: &str, error: &regex_syntax::hir::Error) -> PatternError {
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

/// Of a repetition such as `{5,2}`, which a `?` may follow.
fn backwards(written: &str) -> (String, String) {
    let (counts, lazy) = written.strip_suffix('?').map_or((written, ""), |counts| (counts, "?"));
    match counts.trim_matches(['{', '}']).split_once(',') {
        Some((least, most)) => {
            let (least, most) = (least.trim(), most.trim());
            (
                format!("`{written}` asks for at least {least} and at most {most}"),
                format!("write `{{{most},{least}}}{lazy}`"),
            )
        }
        None => (format!("`{written}` cannot be"), String::new()),
    }
}

fn nothing_to_repeat(symbol: &str) -> (String, String) {
    (
        format!("`{symbol}` repeats what stands before it, and nothing does"),
        format!(
            "write what is repeated before it, such as `.{symbol}`, or `\\{symbol}` for the character itself"
        ),
    )
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

#[cfg(test)]
mod tests {
    use crate::value::Pattern;

    #[test]
    fn a_repetition_that_runs_backwards_is_turned_round() {
        for (pattern, help) in [("a{5,2}", "write `{2,5}`"), ("a{5,2}?", "write `{2,5}?`")] {
            let refused = pattern.parse::<Pattern>().unwrap_err();
            assert!(refused.message.ends_with("asks for at least 5 and at most 2"), "{}", refused.message);
            assert_eq!(refused.help.as_deref(), Some(help));
        }
    }
}
