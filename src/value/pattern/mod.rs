//! Regular expressions with Java's meaning that run in linear time.

mod affixes;
mod case;
mod dialect;
mod engine;
mod error;
mod many;
mod parse;
mod positions;
mod shared;
mod size;
mod states;

use std::sync::Arc;

use regex_syntax::hir::Hir;

pub(crate) use affixes::Affixes;
pub use error::PatternError;
pub(crate) use many::{MatcherScratch, TextMatcher, TextQuestion};

use engine::Engine;
use error::{too_large, too_slow};
use parse::hir_of;
use shared::Compiled;
use size::compiled_size;

/// A compiled regular expression.
///
/// `parse` compiles one as the method `matches` of a rule uses it: it may match
/// anywhere in the text. Printed, it is its source. Two are equal where their
/// text and their kind of search are equal. Cheap to clone: equal patterns are
/// compiled once in a process, as long as one of them is there.
///
/// A search of 100 KB is to take at most 50 ms at the default limits, whatever
/// the pattern and the text: the worst found, of 3 000 made at random, takes some
/// 6 500 instructions for a character, and 32 to 44 ms in all. Beside the text of the
/// pattern nothing grows: what all patterns of a process are run by takes at most
/// 64 MiB, and a thread keeps at most 32 MiB of what it computes; a pattern that finds
/// no room there answers the same, and is made anew by each thread that asks it.
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
    compiled: Arc<Compiled>,
}

impl Pattern {
    /// The most bytes of a compiled pattern that `parse` allows: the default of
    /// `Limits::regex_compiled`.
    pub const COMPILED_SIZE: usize = 256 * 1024;

    /// The most states of a pattern that `parse` allows: the default of
    /// `Limits::regex_states`.
    pub const STATES: usize = 2_000;

    /// The most steps for a character of a text that `parse` allows: the default
    /// of `Limits::regex_steps`.
    pub const STEPS: usize = 600;

    /// Compiles a pattern; with `whole` it must match the whole text instead of
    /// a part. It may take [`Pattern::STEPS`] steps; else it is
    /// [`Pattern::compile_within`], at the same cost.
    ///
    /// ```
    /// use target_rules::value::Pattern;
    /// let (size, states) = (Pattern::COMPILED_SIZE, Pattern::STATES);
    /// let part = Pattern::compile("Gold|Silver", false, size, states)?;
    /// assert!(part.is_match("Gold plus"));
    /// let whole = Pattern::compile("Gold|Silver", true, size, states)?;
    /// assert!(whole.is_match("Gold") && !whole.is_match("Gold plus"));
    /// # Ok::<(), target_rules::value::PatternError>(())
    /// ```
    pub fn compile(text: &str, whole: bool, compiled: usize, states: usize) -> Result<Pattern, PatternError> {
        Pattern::compile_within(text, whole, compiled, states, Pattern::STEPS)
    }

    /// Compiles a pattern that keeps three limits; with `whole` it must match the
    /// whole text instead of a part.
    ///
    /// `\d \w \s \b` are ASCII, `.` is any character but line feed, `$` is the
    /// very end of the text. `compiled` limits the compiled pattern, in bytes;
    /// `states` its characters and classes once every repetition is written out,
    /// as `abc` is of `a{3}`; `steps` what each character of a text takes where
    /// nothing is known of it yet.
    ///
    /// Cost is linear in the pattern: at most some ten microseconds for each byte
    /// at the default limits, one for most.
    ///
    /// ```
    /// use target_rules::value::Pattern;
    /// let (size, states, steps) =
    ///     (Pattern::COMPILED_SIZE, Pattern::STATES, Pattern::STEPS);
    /// // 1 KiB is too little for this one.
    /// let limit = |text, size| {
    ///     Pattern::compile_within(text, false, size, states, steps).unwrap_err().limit
    /// };
    /// assert_eq!(limit(".{1,200}", 1_024), Some("regex-compiled"));
    /// assert_eq!(limit("(a{50}){50}", size), Some("regex-states"));
    /// // Parts that branch, a dozen within each other and all of it repeated.
    /// let nested = format!("({}a{}){{1990}}", r"(\b|(\B".repeat(12), "))".repeat(12));
    /// assert_eq!(limit(&nested, usize::MAX), Some("regex-steps"));
    /// # Ok::<(), target_rules::value::PatternError>(())
    /// ```
    pub fn compile_within(
        text: &str,
        whole: bool,
        compiled: usize,
        states: usize,
        steps: usize,
    ) -> Result<Pattern, PatternError> {
        let most = compiled;
        if let Some(compiled) = shared::find(text, whole)
            && compiled.states <= states
            && compiled.size <= most
            && compiled.steps <= steps
        {
            return Ok(Pattern { compiled });
        }
        let (hir, written_out) = hir_of(text, whole, states)?;
        let compiled = compiled_size(&hir);
        if compiled > most {
            let message = format!("this regular expression takes more than {most} bytes when compiled");
            return Err(too_large("regex-compiled", message, text));
        }
        let source = Arc::from(text);
        let (engine, taken) = Engine::of(&hir, written_out, compiled, (Arc::clone(&source), whole));
        if taken > steps {
            return Err(too_slow(steps, text));
        }
        let compiled = Arc::new(Compiled {
            text: source,
            whole,
            affixes: Affixes::of(&hir),
            states: written_out,
            size: compiled,
            steps: taken,
            engine,
        });
        shared::share(&compiled);
        Ok(Pattern { compiled })
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
        self.compiled.engine.is_match(text)
    }

    /// The affixes, if the pattern tests for nothing else.
    pub(crate) fn affixes(&self) -> Option<&Affixes> {
        self.compiled.affixes.as_ref()
    }

    /// The source of the pattern.
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// A pattern of the crate `regex` that means the same wherever it is looked
    /// for, with all that the language gives it spelled out: classes that are
    /// ASCII, and both ends where it must match the whole text. For who builds
    /// automata of it.
    ///
    /// Cost is linear in the pattern and in the ranges of its classes.
    ///
    /// ```
    /// use target_rules::value::Pattern;
    /// let (size, states) = (Pattern::COMPILED_SIZE, Pattern::STATES);
    /// let whole = Pattern::compile(r"\d+", true, size, states)?;
    /// assert_eq!(whole.spelled_out(), r"(?:\A[0-9]+\z)");
    /// # Ok::<(), target_rules::value::PatternError>(())
    /// ```
    pub fn spelled_out(&self) -> String {
        // INVARIANT: what was compiled can be parsed.
        self.parsed().map_or_else(|| self.text().to_owned(), |hir| hir.to_string())
    }

    /// The parsed pattern, parsed anew: a description asks for it once.
    pub(crate) fn parsed(&self) -> Option<Hir> {
        hir_of(self.text(), self.is_whole(), usize::MAX).ok().map(|(hir, _)| hir)
    }

    /// Whether it must match the whole text.
    pub(crate) fn is_whole(&self) -> bool {
        self.compiled.whole
    }
}

/// Compiles a pattern that may match anywhere in the text, of at most
/// [`Pattern::COMPILED_SIZE`], [`Pattern::STATES`] and [`Pattern::STEPS`].
impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(text, false, Pattern::COMPILED_SIZE, Pattern::STATES)
    }
}

/// The source of the pattern.
impl std::fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.text())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        Arc::ptr_eq(&self.compiled, &other.compiled)
            || (self.text() == other.text() && self.is_whole() == other.is_whole())
    }
}

impl Eq for Pattern {}

impl std::hash::Hash for Pattern {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.text(), self.is_whole()).hash(state);
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pattern")
            .field("text", &self.text())
            .field("whole", &self.is_whole())
            .finish()
    }
}
