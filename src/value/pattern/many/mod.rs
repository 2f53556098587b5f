//! Many questions about one text, answered together.
//!
//! What a text holds is found in one pass: the parts that are looked for, and
//! of each pattern literals that every match has (`plan.rs`), are the needles
//! of one automaton (`automaton.rs`, `index.rs`). Only a pattern whose literals
//! are found is asked itself. One without literals is asked of texts of a
//! length and with bytes that can match (`filter.rs`).

mod automaton;
mod filter;
mod fold;
mod index;
mod literals;
mod plan;

use hashbrown::HashMap;
use memchr::memmem::Finder;

use super::{Affixes, Pattern};
use filter::ByteSet;
use index::{ALL_NEEDLES_BYTES, Index, Then, When};

/// A question about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TextQuestion<'q> {
    /// Is the text this one, to the byte?
    Equals(&'q str),
    /// Does the text hold this one, to the byte? The empty text is in every one.
    Contains(&'q str),
    /// Does the pattern match, as [`Pattern::is_match`] says?
    Matches(&'q Pattern),
}

/// Many questions about one text, answered together.
///
/// In go questions, each with a number that the caller chooses. Then in goes a
/// text, and out come the numbers of the questions that it answers with yes:
/// exactly those that it would answer so if each were asked alone.
///
/// `find` takes a time that grows with the length of the text, with the
/// answers, and with the patterns that are left to ask: those of whose literals
/// the text has one, and those without literals whose filter it passes. It
/// allocates nothing once its scratch and the patterns are warm.
///
/// Counted for texts of 22 bytes: 400 instructions for up to some hundred
/// substrings, 900 for 10 000, none of which is found; one substring alone
/// takes 100, so a matcher is worth it from about five on. The benchmark `sets`
/// has rules of both kinds.
///
/// A question takes some 100 bytes; a pattern that is asked shares its compiled
/// form with the rule that has it.
/// Memory and time are bounded by constants of this module for each question,
/// and by [`ALL_NEEDLES_BYTES`] for all: a question beyond them is not refused
/// but asked by itself.
#[derive(Debug)]
pub(crate) struct TextMatcher {
    index: Index,
    /// How each question is asked by itself; none where it never is.
    asked: Box<[Option<Box<SingleMatcher>>]>,
    /// The numbers of all questions, and where those of each begin.
    numbers: Box<[u32]>,
    begins: Box<[u32]>,
    /// Whether a filter wants to know which bytes a text has.
    wants_bytes: bool,
}

/// The space that [`TextMatcher::find`] needs: one for a thread, for any
/// number of matchers.
#[derive(Debug, Default, Clone)]
pub(crate) struct MatcherScratch {
    /// The number of the search, which stamps what it has dealt with.
    now: u32,
    questions: Vec<u32>,
    needles: Vec<u32>,
}

/// How a question is asked by itself.
#[derive(Debug)]
enum SingleMatcher {
    Pattern(Pattern),
    Affixes(Affixes),
    Substring(Box<Finder<'static>>),
}

impl SingleMatcher {
    fn of(question: &TextQuestion<'_>) -> Option<SingleMatcher> {
        match question {
            // A table has them all.
            TextQuestion::Equals(_) => None,
            TextQuestion::Contains(part) => {
                Some(SingleMatcher::Substring(Box::new(Finder::new(part).into_owned())))
            }
            TextQuestion::Matches(pattern) => Some(match pattern.affixes() {
                Some(affixes) => SingleMatcher::Affixes(affixes.clone()),
                None => SingleMatcher::Pattern((*pattern).clone()),
            }),
        }
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            SingleMatcher::Pattern(pattern) => pattern.is_match(text),
            SingleMatcher::Affixes(affixes) => affixes.fit(text),
            SingleMatcher::Substring(finder) => finder.find(text.as_bytes()).is_some(),
        }
    }
}

impl TextMatcher {
    /// A matcher of questions, each with its number; none may have a number of
    /// its own twice, or it is found twice.
    ///
    /// Patterns are read once more, which takes some 20 µs for one of 40 bytes;
    /// equal questions are read once.
    pub(crate) fn new<'q>(questions: impl IntoIterator<Item = (u32, TextQuestion<'q>)>) -> TextMatcher {
        TextMatcher::within(questions, ALL_NEEDLES_BYTES)
    }

    /// The same with at most so many bytes of needles.
    fn within<'q>(questions: impl IntoIterator<Item = (u32, TextQuestion<'q>)>, most: usize) -> TextMatcher {
        let mut places: HashMap<TextQuestion<'q>, usize> = HashMap::new();
        let mut distinct: Vec<(TextQuestion<'q>, Vec<u32>)> = Vec::new();
        for (number, question) in questions {
            let place = *places.entry(question).or_insert(distinct.len());
            match distinct.get_mut(place) {
                Some((_, numbers)) => numbers.push(number),
                None => distinct.push((question, vec![number])),
            }
        }
        let plan = |(question, _): &(TextQuestion<'q>, Vec<u32>)| match question {
            TextQuestion::Equals(text) => plan::of_equality(text),
            TextQuestion::Contains(part) => plan::of_substring(part),
            TextQuestion::Matches(pattern) => plan::of_pattern(pattern),
        };
        let index = Index::of(distinct.iter().map(plan).collect(), most);
        let mut asked: Vec<Option<Box<SingleMatcher>>> = Vec::new();
        asked.resize_with(distinct.len(), || None);
        for question in index.asked() {
            let question = question as usize;
            if let (Some(asked), Some((question, _))) = (asked.get_mut(question), distinct.get(question)) {
                *asked = SingleMatcher::of(question).map(Box::new);
            }
        }
        let mut begins = vec![0];
        let mut numbers = Vec::new();
        for (_, own) in distinct {
            numbers.extend(own);
            begins.push(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
        }
        let wants_bytes = index.filtered.iter().any(|filtered| filtered.filter.asks_for_bytes());
        TextMatcher {
            index,
            asked: asked.into(),
            numbers: numbers.into(),
            begins: begins.into(),
            wants_bytes,
        }
    }

    /// Calls with the number of every question that the text answers with yes,
    /// once for each, in no order that may be relied upon.
    #[inline]
    pub(crate) fn find(&self, text: &str, scratch: &mut MatcherScratch, found: impl FnMut(u32)) {
        let now = scratch.begin(self.asked.len(), self.index.needles());
        let mut search = Search {
            matcher: self,
            text,
            now,
            questions: &mut scratch.questions,
            needles: &mut scratch.needles,
            found,
        };
        for question in &self.index.always {
            search.yes(*question);
        }
        for question in self.index.whole(text.as_bytes()) {
            search.yes(*question);
        }
        if let Some(automaton) = &self.index.automaton {
            automaton.find(text.as_bytes(), |needle, end| search.hit(needle, end));
        }
        search.ask_filtered();
    }

    /// What the matcher takes, in bytes, but for the compiled patterns that are
    /// asked and what they take to run.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        let tables = [size_of_val(&*self.asked), size_of_val(&*self.numbers), size_of_val(&*self.begins)];
        tables.into_iter().fold(self.index.bytes(), usize::saturating_add)
    }
}

impl MatcherScratch {
    /// Begins a search: the number that nothing is stamped with yet.
    fn begin(&mut self, questions: usize, needles: usize) -> u32 {
        match self.now.checked_add(1) {
            Some(next) => self.now = next,
            None => {
                self.questions.fill(0);
                self.needles.fill(0);
                self.now = 1;
            }
        }
        if self.questions.len() < questions {
            self.questions.resize(questions, 0);
        }
        if self.needles.len() < needles {
            self.needles.resize(needles, 0);
        }
        self.now
    }
}

/// One text on its way through a matcher.
struct Search<'s, F> {
    matcher: &'s TextMatcher,
    text: &'s str,
    now: u32,
    /// The questions that are answered are stamped with `now`.
    questions: &'s mut [u32],
    /// So are the needles that were found.
    needles: &'s mut [u32],
    found: F,
}

impl<F: FnMut(u32)> Search<'_, F> {
    /// Stamps; false where it was stamped before.
    #[inline]
    fn first_time(stamps: &mut [u32], at: usize, now: u32) -> bool {
        stamps.get_mut(at).is_some_and(|stamp| std::mem::replace(stamp, now) != now)
    }

    #[inline]
    fn yes(&mut self, question: u32) {
        if Self::first_time(self.questions, question as usize, self.now) {
            self.tell(question);
        }
    }

    #[inline]
    fn tell(&mut self, question: u32) {
        let matcher = self.matcher;
        let from = matcher.begins.get(question as usize);
        let to = matcher.begins.get((question as usize).saturating_add(1));
        let range = from.zip(to).map(|(from, to)| *from as usize..*to as usize);
        for number in range.and_then(|range| matcher.numbers.get(range)).unwrap_or_default() {
            (self.found)(*number);
        }
    }

    fn ask(&mut self, question: u32) {
        if Self::first_time(self.questions, question as usize, self.now)
            && let Some(Some(asked)) = self.matcher.asked.get(question as usize)
            && asked.holds(self.text)
        {
            self.tell(question);
        }
    }

    /// A needle was found that ends before a place of the text.
    fn hit(&mut self, needle: usize, end: usize) {
        let index = &self.matcher.index;
        if Self::first_time(self.needles, needle, self.now) {
            self.follow(index.postings(needle, When::Once), end);
        }
        if end == index.length_of(needle) {
            self.follow(index.postings(needle, When::AtStart), end);
        }
        if end == self.text.len() {
            self.follow(index.postings(needle, When::AtEnd), end);
        }
        self.follow(index.postings(needle, When::Always), end);
    }

    fn follow(&mut self, postings: &[index::Posting], end: usize) {
        for posting in postings {
            match posting.then {
                Then::Yes => self.yes(posting.question),
                Then::Ask => self.ask(posting.question),
                Then::IfSpelled(spelling) => {
                    let before = self.text.as_bytes().get(..end).unwrap_or_default();
                    if before.ends_with(self.matcher.index.spelling(spelling)) {
                        self.yes(posting.question);
                    }
                }
            }
        }
    }

    fn ask_filtered(&mut self) {
        let matcher = self.matcher;
        let text = self.text.as_bytes();
        let bytes = if matcher.wants_bytes { ByteSet::of(text) } else { ByteSet::default() };
        for filtered in &matcher.index.filtered {
            if filtered.filter.passes(text, &bytes) {
                filtered.yes.iter().for_each(|question| self.yes(*question));
                filtered.ask.iter().for_each(|question| self.ask(*question));
            }
        }
    }
}

#[cfg(test)]
mod tests;
