//! From questions and their plans to needles, and from a needle that is found
//! to the questions that it concerns.

use hashbrown::HashMap;

use super::automaton::NeedleAutomaton;
use super::filter::TextFilter;
use super::literals::{Literal, LiteralSet, Place};
use super::plan::Plan;

/// The most bytes of all needles of an automaton. Beyond it questions are asked
/// by themselves. Each byte takes a state at most, of some 20 bytes, and 60
/// while it is built; 400 000 needles of ten bytes fit.
pub(super) const ALL_NEEDLES_BYTES: usize = 4 * 1024 * 1024;

/// What a needle that is found says of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub(super) question: u32,
    pub(super) then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Then {
    /// The answer is yes.
    Yes,
    /// It is yes if the needle stands there as this spelling.
    IfSpelled(u32),
    /// The question must be asked.
    Ask,
}

/// When postings of a needle are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// Where it is found the first time.
    Once,
    /// Where it is found at the start of the text.
    AtStart,
    /// Where it is found at the end of the text.
    AtEnd,
    /// Wherever it is found.
    Always,
}

/// A filter, and the questions that it concerns.
#[derive(Debug)]
pub(super) struct Filtered {
    pub(super) filter: TextFilter,
    /// Their answer is yes where a text passes.
    pub(super) yes: Box<[u32]>,
    /// They are asked where a text passes.
    pub(super) ask: Box<[u32]>,
}

/// The needles of an automaton with their postings.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) automaton: Option<NeedleAutomaton>,
    /// The length of each needle.
    lengths: Box<[u8]>,
    postings: Box<[Posting]>,
    /// Where the postings begin: of each needle four places, by `When`.
    begins: Box<[u32]>,
    spellings: Box<[Box<[u8]>]>,
    /// Questions whose answer is yes where the whole text is this.
    wholes: HashMap<Box<[u8]>, Vec<u32>>,
    /// Questions whose answer is yes for every text.
    pub(super) always: Box<[u32]>,
    pub(super) filtered: Box<[Filtered]>,
}

impl Index {
    /// Of plans, whose questions are numbered in their order, with at most so
    /// many bytes of needles.
    pub(super) fn of(plans: Vec<Plan>, most: usize) -> Index {
        let sets = choose(&plans);
        let mut draft = Draft::of(&plans, &sets, most);
        let mut automaton = draft.automaton();
        if automaton.is_none() && !draft.needles.is_empty() {
            draft = Draft::of(&plans, &sets, 0);
            automaton = draft.automaton();
        }
        draft.finish(automaton)
    }

    /// The questions that may have to be asked; some of them more than once.
    pub(super) fn asked(&self) -> impl Iterator<Item = u32> {
        let of_needles = self.postings.iter().filter(|posting| posting.then == Then::Ask);
        let of_filters = self.filtered.iter().flat_map(|filtered| &filtered.ask);
        of_needles.map(|posting| posting.question).chain(of_filters.copied())
    }

    pub(super) fn needles(&self) -> usize {
        self.lengths.len()
    }

    pub(super) fn length_of(&self, needle: usize) -> usize {
        self.lengths.get(needle).copied().map_or(0, usize::from)
    }

    pub(super) fn postings(&self, needle: usize, when: When) -> &[Posting] {
        let at = needle.saturating_mul(4).saturating_add(when as usize);
        let bounds = self.begins.get(at).zip(self.begins.get(at.saturating_add(1)));
        let range = bounds.map(|(from, to)| *from as usize..*to as usize);
        range.and_then(|range| self.postings.get(range)).unwrap_or_default()
    }

    pub(super) fn spelling(&self, number: u32) -> &[u8] {
        self.spellings.get(number as usize).map_or(&[], |spelling| spelling)
    }

    pub(super) fn whole(&self, text: &[u8]) -> &[u32] {
        if self.wholes.is_empty() {
            return &[];
        }
        self.wholes.get(text).map_or(&[], |questions| questions)
    }

    /// What it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let spellings = self.spellings.iter().map(|spelling| spelling.len().saturating_add(16));
        let wholes = self.wholes.iter().map(|(text, questions)| {
            text.len().saturating_add(48).saturating_add(size_of_val(questions.as_slice()))
        });
        let filtered = self.filtered.iter().map(|filtered| {
            let questions = size_of_val(&*filtered.yes).saturating_add(size_of_val(&*filtered.ask));
            size_of::<Filtered>().saturating_add(questions)
        });
        [
            self.automaton.as_ref().map_or(0, NeedleAutomaton::bytes),
            self.lengths.len(),
            size_of_val(&*self.postings),
            size_of_val(&*self.begins),
            size_of_val(&*self.always),
        ]
        .into_iter()
        .chain(spellings)
        .chain(wholes)
        .chain(filtered)
        .fold(0, usize::saturating_add)
    }
}

/// For each plan that asks, which of its sets is looked for: the one that texts
/// have most seldom. What many questions have in common texts have often, or
/// the questions would not ask it: so `[a-d]x.*@mail.com` is looked for by its
/// beginning where ten thousand end like it.
fn choose(plans: &[Plan]) -> Vec<Option<LiteralSet>> {
    let mut counts: HashMap<&Literal, u32> = HashMap::new();
    for literal in plans.iter().flat_map(Plan::sets).flat_map(|set| &set.literals) {
        let count = counts.entry(literal).or_default();
        *count = count.saturating_add(1);
    }
    let all = f64::from(u32::try_from(plans.len()).unwrap_or(u32::MAX)) + 16.0;
    let share = |literal: &Literal| f64::from(counts.get(literal).copied().unwrap_or(1)) / all;
    let likelihood = |set: &LiteralSet| -> f64 {
        set.literals.iter().map(|literal| literal.likelihood().max(share(literal))).sum()
    };
    let best = |sets: &[LiteralSet]| {
        sets.iter().min_by(|one, other| likelihood(one).total_cmp(&likelihood(other))).cloned()
    };
    plans.iter().map(|plan| best(plan.sets())).collect()
}

/// An index in the making.
#[derive(Default)]
struct Draft {
    /// The automaton finds needles in any case of ASCII letters.
    any_case: bool,
    numbers: HashMap<Vec<u8>, u32>,
    needles: Vec<Vec<u8>>,
    /// How many more bytes needles may have.
    left: usize,
    postings: Vec<(u32, When, Posting)>,
    spellings: Vec<Box<[u8]>>,
    wholes: HashMap<Box<[u8]>, Vec<u32>>,
    always: Vec<u32>,
    /// The questions that are answered by each filter, and those to be asked.
    filtered: HashMap<TextFilter, [Vec<u32>; 2]>,
}

impl Draft {
    fn of(plans: &[Plan], sets: &[Option<LiteralSet>], most: usize) -> Draft {
        let mut draft = Draft { left: most, ..Draft::default() };
        draft.any_case = plans.iter().zip(sets).any(|(plan, set)| match (plan, set) {
            (Plan::Exact(set), _) | (_, Some(set)) => set.any_case,
            _ => false,
        });
        for ((question, plan), set) in (0_u32..).zip(plans).zip(sets) {
            match (plan, set) {
                (Plan::Exact(set), _) => draft.exact(question, set),
                (Plan::Passes(filter), _) => draft.filtered(*filter).0.push(question),
                (Plan::Asked { filter, .. }, Some(set)) => {
                    if !draft.look_for(question, set, |_| Then::Ask) {
                        draft.ask(question, *filter);
                    }
                }
                (Plan::Asked { filter, .. }, None) => draft.ask(question, *filter),
            }
        }
        draft
    }

    fn filtered(&mut self, filter: TextFilter) -> (&mut Vec<u32>, &mut Vec<u32>) {
        let [yes, ask] = self.filtered.entry(filter).or_default();
        (yes, ask)
    }

    fn ask(&mut self, question: u32, filter: TextFilter) {
        self.filtered(filter).1.push(question);
    }

    fn exact(&mut self, question: u32, set: &LiteralSet) {
        let has_every_text = |literal: &Literal| literal.place != Place::Whole && literal.bytes.is_empty();
        if set.literals.iter().any(has_every_text) {
            self.always.push(question);
            return;
        }
        let (whole, parts): (Vec<_>, Vec<_>) =
            set.literals.iter().cloned().partition(|literal| literal.place == Place::Whole);
        for literal in whole {
            self.wholes.entry(literal.bytes.into()).or_default().push(question);
        }
        let parts = LiteralSet { any_case: set.any_case, literals: parts };
        let then = if self.any_case && !set.any_case { Then::IfSpelled } else { |_| Then::Yes };
        if !self.look_for(question, &parts, then) {
            self.ask(question, TextFilter::NONE);
        }
    }

    /// Makes needles of literals; false where there are too many already.
    /// `then` is given the number of the spelling.
    fn look_for(&mut self, question: u32, set: &LiteralSet, then: impl Fn(u32) -> Then) -> bool {
        let bytes = set.literals.iter().fold(0_usize, |sum, literal| sum.saturating_add(literal.bytes.len()));
        let Some(left) = self.left.checked_sub(bytes) else { return false };
        self.left = left;
        for literal in &set.literals {
            let has_letters = literal.bytes.iter().any(u8::is_ascii_alphabetic);
            let spelling = count_of(&self.spellings);
            let then = match then(spelling) {
                Then::IfSpelled(_) if !has_letters => Then::Yes,
                then => then,
            };
            if matches!(then, Then::IfSpelled(_)) {
                self.spellings.push(literal.bytes.as_slice().into());
            }
            let when = match (literal.place, then) {
                (Place::Start, _) => When::AtStart,
                (Place::End, _) => When::AtEnd,
                (_, Then::IfSpelled(_)) => When::Always,
                _ => When::Once,
            };
            let needle =
                if self.any_case { literal.bytes.to_ascii_lowercase() } else { literal.bytes.clone() };
            let next = count_of(&self.needles);
            let number = *self.numbers.entry(needle).or_insert_with_key(|needle| {
                self.needles.push(needle.clone());
                next
            });
            self.postings.push((number, when, Posting { question, then }));
        }
        true
    }

    fn automaton(&self) -> Option<NeedleAutomaton> {
        if self.needles.is_empty() { None } else { NeedleAutomaton::of(&self.needles, self.any_case) }
    }

    fn finish(mut self, automaton: Option<NeedleAutomaton>) -> Index {
        self.postings.sort_unstable();
        self.postings.dedup();
        let mut begins = Vec::with_capacity(self.needles.len().saturating_mul(4).saturating_add(1));
        let mut at = 0_usize;
        for needle in 0..count_of(&self.needles) {
            for when in [When::Once, When::AtStart, When::AtEnd, When::Always] {
                begins.push(u32::try_from(at).unwrap_or(u32::MAX));
                let rest = self.postings.get(at..).unwrap_or_default();
                let own = rest.iter().take_while(|posting| (posting.0, posting.1) == (needle, when)).count();
                at = at.saturating_add(own);
            }
        }
        begins.push(u32::try_from(at).unwrap_or(u32::MAX));
        let filtered = |(filter, [yes, ask]): (TextFilter, [Vec<u32>; 2])| Filtered {
            filter,
            yes: yes.into(),
            ask: ask.into(),
        };
        let mut filtered: Vec<Filtered> = self.filtered.into_iter().map(filtered).collect();
        // The order of a hash table is another in each process.
        filtered.sort_unstable_by(|one, other| (&one.yes, &one.ask).cmp(&(&other.yes, &other.ask)));
        let length = |needle: &Vec<u8>| u8::try_from(needle.len()).unwrap_or(u8::MAX);
        Index {
            automaton,
            lengths: self.needles.iter().map(length).collect(),
            postings: self.postings.into_iter().map(|(_, _, posting)| posting).collect(),
            begins: begins.into(),
            spellings: self.spellings.into(),
            wholes: self.wholes,
            always: self.always.into(),
            filtered: filtered.into(),
        }
    }
}

fn count_of<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
