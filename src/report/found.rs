//! What is found in a rule while it is read and checked.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::value::Count;

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::span::Span;
use super::suggestion::Suggestion;

/// How many warnings are reported of one input. A tree can hold tens of
/// thousands, and each has a pointer as long as the tree is deep.
pub(crate) const MOST_WARNINGS: usize = 100;

/// At least so many more are held before the last ones are let go.
const SLACK: usize = 60;

/// What is found in a rule: whole what will be reported, and of the rest only what
/// counts it and tries its repairs. A rule can have as many faults as signs, each
/// hundreds of times as large as its sign.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// INVARIANT: among these are the first errors and warnings by place, so many
    /// as are reported.
    whole: Vec<Diagnostic>,
    rest: Vec<Rest>,
    /// So many errors are reported.
    most: usize,
    /// Whether safe suggestions of warnings are wanted, however many there are.
    repairs: bool,
    /// With so many whole ones the last are let go.
    room: usize,
}

/// What is kept of one that is not reported.
#[derive(Debug, Clone)]
struct Rest {
    span: Span,
    said: Said,
    code: Code,
    is_error: bool,
    safe: Option<Box<Suggestion>>,
}

/// The code and the message of a diagnostic, as a number: a rule may say as many
/// things as it has terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Said(u64);

impl Said {
    fn of(one: &Diagnostic) -> Said {
        let mut hasher = DefaultHasher::new();
        (one.code, &one.message).hash(&mut hasher);
        Said(hasher.finish())
    }
}

/// How often each thing is said.
pub(super) struct Times(HashMap<Said, Count>);

impl Times {
    pub(super) fn said(&self, one: &Diagnostic) -> usize {
        self.0.get(&Said::of(one)).map_or(0, |count| count.get())
    }
}

impl Found {
    /// Nothing yet; so many errors will be reported, and always the first.
    pub(crate) fn reporting(errors: usize) -> Found {
        Found { whole: Vec::new(), rest: Vec::new(), most: errors.max(1), repairs: false, room: SLACK }
    }

    /// The same, where every safe suggestion is wanted.
    pub(crate) fn repairing(errors: usize) -> Found {
        Found { repairs: true, ..Found::reporting(errors) }
    }

    /// One fault, of which alone there is something to say.
    pub(crate) fn one(fault: Diagnostic) -> Found {
        let mut found = Found::reporting(1);
        found.push(fault);
        found
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.whole.len() >= self.room {
            self.let_go();
        }
        self.whole.push(diagnostic);
    }

    /// Lets go of what will not be reported.
    fn let_go(&mut self) {
        self.whole.sort_by(by_place);
        let (mut errors, mut warnings) = (self.most, MOST_WARNINGS);
        let mut kept: Vec<Diagnostic> = Vec::new();
        for diagnostic in std::mem::take(&mut self.whole) {
            let left = if diagnostic.is_error() { &mut errors } else { &mut warnings };
            if kept.last() == Some(&diagnostic) {
                kept.push(diagnostic);
            } else if let Some(fewer) = left.checked_sub(1) {
                *left = fewer;
                kept.push(diagnostic);
            } else {
                self.rest.push(Rest::of(diagnostic, self.repairs));
            }
        }
        // Before they are sorted again there are twice as many.
        self.room = [kept.len(), kept.len().max(SLACK)].into_iter().sum();
        self.whole = kept;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// How many errors there are, one that is said twice counted twice.
    pub(crate) fn errors(&self) -> usize {
        let whole = self.whole.iter().filter(|one| one.is_error()).count();
        let rest = self.rest.iter().filter(|one| one.is_error).count();
        [whole, rest].into_iter().sum()
    }

    /// Whether something stands at a place or around it.
    pub(crate) fn is_around(&self, at: super::Offset) -> bool {
        let mut spans = self.whole.iter().map(|one| one.span).chain(self.rest.iter().map(|one| one.span));
        spans.any(|span| span.start() <= at && at <= span.end())
    }

    /// Makes guesses of the suggestions of all codes that are not certain.
    pub(crate) fn doubt(&mut self, certain: impl Fn(Code) -> bool) {
        for one in self.whole.iter_mut().filter(|one| !certain(one.code)) {
            one.suggestions.iter_mut().for_each(Suggestion::doubt);
        }
        for one in self.rest.iter_mut().filter(|one| !certain(one.code)) {
            one.safe = None;
        }
    }

    /// Those that may be reported.
    pub(super) fn whole_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.whole
    }

    pub(super) fn times(&self) -> Times {
        let mut times: HashMap<Said, Count> = HashMap::new();
        let whole = self.whole.iter().map(Said::of);
        for said in whole.chain(self.rest.iter().map(|one| one.said)) {
            times.entry(said).or_default().add_one();
        }
        Times(times)
    }

    /// The safe suggestions of all errors.
    pub(super) fn safe_of_errors(&self) -> Vec<&Suggestion> {
        let whole = self.whole.iter().filter(|one| one.is_error()).flat_map(|one| &one.suggestions);
        let rest = self.rest.iter().filter(|one| one.is_error).filter_map(|one| one.safe.as_deref());
        whole.filter(|suggestion| suggestion.is_safe()).chain(rest).collect()
    }

    /// The safe suggestions of all that was found; of errors that are not
    /// reported none, for nobody tried them.
    pub(crate) fn into_safe(self) -> Vec<Suggestion> {
        let whole = self.whole.into_iter().flat_map(|one| one.suggestions);
        let rest = self.rest.into_iter().filter(|one| !one.is_error).filter_map(|one| one.safe);
        whole.filter(Suggestion::is_safe).chain(rest.map(|safe| *safe)).collect()
    }

    /// What may be reported, and how many more there are.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, usize) {
        self.rest.sort_unstable_by_key(|one| (one.span, one.said));
        self.rest.dedup_by_key(|one| (one.span, one.said));
        (self.whole, self.rest.len())
    }
}

impl Rest {
    fn of(diagnostic: Diagnostic, repairs: bool) -> Rest {
        let (span, said, code) = (diagnostic.span, Said::of(&diagnostic), diagnostic.code);
        let is_error = diagnostic.is_error();
        let mut safe = diagnostic.suggestions.into_iter().filter(|_| is_error || repairs);
        Rest { span, said, code, is_error, safe: safe.find(Suggestion::is_safe).map(Box::new) }
    }
}

/// The order in which diagnostics are reported.
pub(crate) fn by_place(one: &Diagnostic, other: &Diagnostic) -> std::cmp::Ordering {
    let key = |of: &Diagnostic| (of.span, of.code.name());
    key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Confidence;

    fn fault(at: usize, message: &str) -> Diagnostic {
        let span = Span::empty(at);
        let suggestion = Suggestion::replace(span, "x", Confidence::Safe);
        Diagnostic::new(Code::Syntax, span, message).suggest([suggestion])
    }

    #[test]
    fn the_first_by_place_are_kept_and_the_others_counted() {
        let mut found = Found::reporting(3);
        for at in (0..5_000).rev() {
            // Each twice, as a check may say it.
            found.push(fault(at, "a"));
            found.push(fault(at, "a"));
        }
        assert_eq!(found.errors(), 10_000);
        assert_eq!(found.safe_of_errors().len(), 10_000);
        assert_eq!(found.times().said(&fault(0, "a")), 10_000);
        assert!(found.is_around(4_999.into()) && !found.is_around(5_001.into()));
        assert!(found.whole.len() < 500 && found.whole.capacity() < 1_000);
        let (mut whole, more) = found.finish();
        whole.sort_by(by_place);
        whole.dedup();
        assert_eq!(whole.len() + more, 5_000);
        assert_eq!(whole.iter().take(3).map(|one| one.span.start().get()).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
