//! Regular expressions with Java's meaning that run in linear time.

mod dialect;
mod error;
mod many;
mod states;

use regex_automata::meta;
use regex_syntax::ast;
use regex_syntax::hir::{Dot, Hir, HirKind, Look, translate::TranslatorBuilder};

pub use error::PatternError;
pub(crate) use many::{MatcherScratch, TextMatcher, TextQuestion};

use dialect::prepare;
use error::{explain_syntax, explain_translation, too_large};
use states::written_out;

/// A compiled regular expression.
///
/// `parse` compiles one as the method `matches` of a rule uses it: it may match
/// anywhere in the text. Printed, it is its source. Two are equal where their
/// text and their kind of search are equal. Cheap to clone.
///
/// ```
/// use target_rules::value::Pattern;
/// let pattern: Pattern = "^Jo.*n$".parse()?;
/// assert!(pattern.is_match("Johann") && !pattern.is_match("Joanna"));
/// assert_eq!(pattern.to_string(), "^Jo.*n$");
/// let refused = "(a".parse::<Pattern>().unwrap_err();
/// assert!(refused.to_string().starts_with("byte 0: this `(` is never closed"));
/// # Ok::<(), target_rules::value::PatternError>(())
/// ```
#[derive(Clone)]
pub struct Pattern {
    text: String,
    whole: bool,
    regex: meta::Regex,
    affixes: Option<Affixes>,
}

/// The meaning of a pattern such as `^Jo.*n$`: a single line of text with a
/// prefix and a suffix.
///
/// Measured on one core for `^Jo.*n$` on four letters: 9 ns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Affixes {
    start: Box<str>,
    end: Box<str>,
}

impl Affixes {
    /// The affixes of a pattern, if it tests for nothing else.
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

    /// Whether a text has the affixes.
    pub(crate) fn fit(&self, text: &str) -> bool {
        let between = text.strip_prefix(&*self.start).and_then(|rest| rest.strip_suffix(&*self.end));
        between.is_some_and(|between| !between.contains('\n'))
    }
}

/// How deep brackets of a pattern may nest, so that a small stack suffices.
const NESTING: u32 = 60;

impl Pattern {
    /// The most bytes of a compiled pattern that `parse` allows: the default of
    /// `Limits::regex_compiled`.
    pub const COMPILED_SIZE: usize = 256 * 1024;

    /// The most states of a pattern that `parse` allows: the default of
    /// `Limits::regex_states`.
    pub const STATES: usize = 2_000;

    /// Compiles a pattern; with `whole` it must match the whole text instead of
    /// a part.
    ///
    /// `\d \w \s \b` are ASCII, `.` is any character but line feed, `$` is the
    /// very end of the text. `compiled_size` limits the compiled pattern, in
    /// bytes; `states` its characters and classes once every repetition is
    /// written out, as `abc` is of `a{3}`.
    ///
    /// ```
    /// use target_rules::value::Pattern;
    /// let (size, states) = (Pattern::COMPILED_SIZE, Pattern::STATES);
    /// let part = Pattern::compile("Gold|Silver", false, size, states)?;
    /// assert!(part.is_match("Gold plus"));
    /// let whole = Pattern::compile("Gold|Silver", true, size, states)?;
    /// assert!(whole.is_match("Gold") && !whole.is_match("Gold plus"));
    /// // 1 KiB is too little for this one.
    /// let refused = Pattern::compile(".{1,200}", false, 1_024, states).unwrap_err();
    /// assert_eq!(refused.limit, Some("regex-compiled"));
    /// let refused = Pattern::compile("(a{50}){50}", false, size, states).unwrap_err();
    /// assert_eq!(refused.limit, Some("regex-states"));
    /// # Ok::<(), target_rules::value::PatternError>(())
    /// ```
    pub fn compile(
        text: &str,
        whole: bool,
        compiled_size: usize,
        states: usize,
    ) -> Result<Pattern, PatternError> {
        let hir = hir_of(text, whole, states)?;
        let regex = meta::Builder::new()
            .configure(meta::Config::new().nfa_size_limit(Some(compiled_size)))
            .build_from_hir(&hir)
            .map_err(|_| {
                let message =
                    format!("this regular expression takes more than {compiled_size} bytes when compiled");
                too_large("regex-compiled", message, text)
            })?;
        Ok(Pattern { text: text.to_owned(), whole, regex, affixes: Affixes::of(&hir) })
    }

    /// Whether the pattern matches the text.
    ///
    /// Cost is linear in the text.
    ///
    /// ```
    /// use target_rules::value::Pattern;
    /// let pattern: Pattern = r"\d{4}$".parse()?;
    /// assert!(pattern.is_match("card 1784") && !pattern.is_match("1784 cards"));
    /// # Ok::<(), target_rules::value::PatternError>(())
    /// ```
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The affixes, if the pattern tests for nothing else.
    pub(crate) fn affixes(&self) -> Option<&Affixes> {
        self.affixes.as_ref()
    }

    /// The source of the pattern.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parsed pattern, parsed anew: a description asks for it once.
    pub(crate) fn parsed(&self) -> Option<Hir> {
        hir_of(&self.text, self.whole, usize::MAX).ok()
    }

    /// Whether it must match the whole text.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }
}

/// A pattern parsed, with the meaning that the language gives it; with `whole`
/// it is anchored at both ends.
fn hir_of(text: &str, whole: bool, states: usize) -> Result<Hir, PatternError> {
    let mut parsed = ast::parse::ParserBuilder::new()
        .nest_limit(NESTING)
        .build()
        .parse(text)
        .map_err(|error| explain_syntax(&error))?;
    prepare(&mut parsed, text)?;
    if written_out(&parsed) > states {
        let message =
            format!("this regular expression has more than {states} states with its repetitions written out");
        return Err(too_large("regex-states", message, text));
    }
    let hir = TranslatorBuilder::new()
        .build()
        .translate(text, &parsed)
        .map_err(|error| explain_translation(text, &error))?;
    let anchored = |hir| Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    Ok(if whole { anchored(hir) } else { hir })
}

/// Compiles a pattern that may match anywhere in the text, of at most
/// [`Pattern::COMPILED_SIZE`].
impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(text, false, Pattern::COMPILED_SIZE, Pattern::STATES)
    }
}

/// The source of the pattern.
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
