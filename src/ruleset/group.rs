//! Many questions about one text, or about the values of one custom field or
//! segment, answered together.

use hashbrown::HashMap;

use crate::condition::{Predicate, Set, TextSet, Values};
use crate::program::Evaluation;
use crate::program::operand::Location;
use crate::transaction::Cell;
use crate::value::{TextMatcher, TextQuestion};

use super::bits::{clear, has, join, keep, meet, set};
use super::required::Required;
use super::space::{GroupSpace, Lanes, NodeKind, Widths, Work};
use super::subject::{GroupSource, Subject, SubjectKind};

/// A group has so many questions at least; fewer are asked one by one. Measured
/// by the matcher.
pub(super) const LEAST_QUESTIONS: usize = 5;

#[derive(Debug)]
pub(super) struct Group {
    source: GroupSource,
    matcher: Matcher,
    /// What rules require, and chains of `&&`.
    rules: AllAnswers,
    all: AllAnswers,
    /// What chains of `||` ask.
    any: AnyAnswers,
    /// The nodes that require something, as bits.
    requiring: Box<[u64]>,
    questions: usize,
}

/// Which questions are answered with yes.
#[derive(Debug)]
enum Matcher {
    Texts(Box<TextMatcher>),
    /// The questions whether a value is there, by the value.
    Values(HashMap<Box<str>, Vec<u32>>),
}

/// By question: some nodes.
#[derive(Debug)]
struct NodesOf {
    starts: Box<[u32]>,
    nodes: Box<[u16]>,
}

/// Nodes of which all that they require must hold.
#[derive(Debug)]
struct AllAnswers {
    /// Those that require a yes: one at most each.
    needing: Box<[u64]>,
    yes: NodesOf,
    no: NodesOf,
}

/// Nodes that hold where anything does.
#[derive(Debug)]
struct AnyAnswers {
    yes: NodesOf,
    /// Those that a no makes true, with their question.
    no: Box<[(u32, u16)]>,
}

/// What is asked of the nodes of one kind: the question, the node, and whether a no is wanted.
pub(super) type Answers = Vec<(u32, u16, bool)>;

/// What nodes require of a group.
#[derive(Default)]
pub(super) struct GroupRequirements {
    pub(super) rules: Answers,
    pub(super) any: Answers,
    pub(super) all: Answers,
}

/// What a subject's question of its group wants: a yes or a no; `None` where it is
/// neither.
pub(super) fn wants_no(required: &Required<'_>) -> Option<bool> {
    match required {
        Required::Literal(literal) => Some(literal.negated),
        Required::Ranges(_) => None,
    }
}

impl NodesOf {
    fn of(questions: usize, mut nodes: Vec<(u32, u16)>) -> NodesOf {
        nodes.sort_unstable();
        let start = |question: u32| nodes.partition_point(|(other, _)| *other < question);
        let starts = (0..).take(questions.wrapping_add(1)).map(|question| {
            // INVARIANT: a block has fewer nodes than 32 bits count.
            u32::try_from(start(question)).unwrap_or(u32::MAX)
        });
        let starts = if nodes.is_empty() { Box::default() } else { starts.collect() };
        NodesOf { starts, nodes: nodes.into_iter().map(|(_, node)| node).collect() }
    }

    #[inline]
    fn at(&self, question: u32) -> impl Iterator<Item = usize> {
        let found = match self.starts.get(question as usize..) {
            Some([start, end, ..]) => self.nodes.get(*start as usize..*end as usize),
            _ => None,
        };
        found.unwrap_or_default().iter().map(|node| usize::from(*node))
    }
}

fn bits_of(words: usize, nodes: impl Iterator<Item = u16>) -> Box<[u64]> {
    let mut bits = vec![0; words];
    nodes.for_each(|node| set(&mut bits, usize::from(node)));
    bits.into()
}

impl AllAnswers {
    fn of(questions: usize, answers: &Answers, words: usize) -> AllAnswers {
        let of = |wanted: bool| {
            answers
                .iter()
                .filter(move |(_, _, no)| *no == wanted)
                .map(|(question, node, _)| (*question, *node))
        };
        AllAnswers {
            needing: bits_of(words, of(false).map(|(_, node)| node)),
            yes: NodesOf::of(questions, of(false).collect()),
            no: NodesOf::of(questions, of(true).collect()),
        }
    }

    fn narrow(&self, found: &[u32], bits: &mut [u64], buffer: &mut [u64]) {
        if !self.yes.nodes.is_empty() {
            let buffer = buffer.get_mut(..self.needing.len()).unwrap_or_default();
            buffer.iter_mut().zip(&self.needing).for_each(|(word, needing)| *word = !needing);
            for question in found {
                self.yes.at(*question).for_each(|node| set(buffer, node));
            }
            keep(bits, buffer);
        }
        if !self.no.nodes.is_empty() {
            for question in found {
                self.no.at(*question).for_each(|node| clear(bits, node));
            }
        }
    }
}

impl AnyAnswers {
    fn of(questions: usize, answers: &Answers) -> AnyAnswers {
        let (mut yes, mut negated) = (Vec::new(), Vec::new());
        for (question, node, no) in answers {
            if *no { negated.push((*question, *node)) } else { yes.push((*question, *node)) }
        }
        AnyAnswers { yes: NodesOf::of(questions, yes), no: negated.into() }
    }

    /// Takes away what holds.
    fn narrow(&self, found: &[u32], is_found: &[u64], bits: &mut [u64]) {
        for question in found {
            self.yes.at(*question).for_each(|node| clear(bits, node));
        }
        for (question, node) in &self.no {
            if !has(is_found, *question as usize) {
                clear(bits, usize::from(*node));
            }
        }
    }
}

impl Group {
    /// INVARIANT: the subjects, by question, are of this source.
    pub(super) fn of(
        source: GroupSource,
        subjects: &[&Subject],
        required: &GroupRequirements,
        widths: Widths,
    ) -> Group {
        let predicates = (0..).zip(subjects.iter().filter_map(|subject| match &subject.key.asked {
            SubjectKind::Outcome(predicate) => Some(&**predicate),
            _ => None,
        }));
        let matcher = match source {
            GroupSource::Text(_) => {
                let mut questions: Vec<(u32, TextQuestion<'_>)> = Vec::new();
                for (question, predicate) in predicates {
                    match predicate {
                        Predicate::In(_, Set::Texts(TextSet::Containing(part))) => {
                            questions.push((question, TextQuestion::Contains(part)));
                        }
                        Predicate::In(_, Set::Texts(TextSet::Matching(pattern))) => {
                            questions.push((question, TextQuestion::Matches(pattern)));
                        }
                        Predicate::In(_, Set::Texts(TextSet::Values(values))) => {
                            let equals = values.iter().map(|value| (question, TextQuestion::Equals(value)));
                            questions.extend(equals);
                        }
                        _ => {}
                    }
                }
                Matcher::Texts(Box::new(TextMatcher::new(questions)))
            }
            GroupSource::Container(_) | GroupSource::Date(_) => {
                let mut by_value: HashMap<Box<str>, Vec<u32>> = HashMap::new();
                for (question, predicate) in predicates {
                    if let Predicate::In(_, Set::Values(Values::Includes(value))) = predicate {
                        by_value.entry(Box::from(&**value)).or_default().push(question);
                    }
                }
                Matcher::Values(by_value)
            }
        };
        let questions = subjects.len();
        let GroupRequirements { rules, any, all } = required;
        let mut requiring = vec![0; widths.total()];
        for (of, answers) in [(NodeKind::Rule, rules), (NodeKind::Any, any), (NodeKind::All, all)] {
            answers.iter().for_each(|(_, node, _)| set(&mut requiring, widths.bit(of, *node) as usize));
        }
        Group {
            source,
            matcher,
            rules: AllAnswers::of(questions, rules, widths.rules),
            all: AllAnswers::of(questions, all, widths.all),
            any: AnyAnswers::of(questions, any),
            requiring: requiring.into(),
            questions,
        }
    }

    /// Takes away what the text or the values make false.
    pub(super) fn narrow(&self, lanes: &mut Lanes, work: &mut Work, evaluation: &Evaluation<'_>) {
        let Work { buffer, group, .. } = work;
        if !meet(&lanes.open, &self.requiring) {
            return;
        }
        group.found.clear();
        if !self.search(group, evaluation) {
            return join(&mut lanes.unknown, &self.requiring);
        }
        self.rules.narrow(&group.found, lanes.open_of(NodeKind::Rule), buffer);
        self.all.narrow(&group.found, lanes.open_of(NodeKind::All), buffer);
        if !self.any.no.is_empty() {
            group.is_found.clear();
            group.is_found.resize(self.questions.div_ceil(64), 0);
            group.found.iter().for_each(|question| set(&mut group.is_found, *question as usize));
        }
        self.any.narrow(&group.found, &group.is_found, lanes.open_of(NodeKind::Any));
    }

    /// Puts down the questions that are answered with yes; gives whether there
    /// is anything to ask.
    fn search(&self, space: &mut GroupSpace, evaluation: &Evaluation<'_>) -> bool {
        let transaction = evaluation.transaction();
        let GroupSpace { matcher, found, .. } = space;
        let cell = match self.source {
            GroupSource::Text(location) => location.cell(evaluation),
            GroupSource::Container(slot) | GroupSource::Date(slot) => Location::Slot(slot).cell(evaluation),
        };
        match (&self.matcher, cell) {
            (Matcher::Texts(texts), Cell::Text(range, _)) => {
                texts.find(transaction.text(*range), matcher, |question| found.push(question));
            }
            (Matcher::Values(by_value), Cell::Texts(range)) => {
                let values = transaction.texts(*range).filter_map(|value| by_value.get(value));
                values.for_each(|questions| found.extend_from_slice(questions));
            }
            (Matcher::Texts(_), _) | (Matcher::Values(_), Cell::Absent) => return false,
            (Matcher::Values(_), _) => {}
        }
        true
    }
}
