//! A variable: all that its value may be, as cells within which no question has
//! another answer.

use std::cmp::Ordering;
use std::sync::Arc;

use smallvec::SmallVec;
use target_rules::condition::{BooleanExpression, NumberExpression, NumberRange};
use target_rules::{Truth, Zone};

use super::dates::{self, DateCase};
use super::numbers::{self, Domain, Region};
use super::question::{Key, ListState, Question, Sample};
use super::signature::{Signature, Signatures};
use super::texts::{KnownTexts, Texts};
use crate::cell_set::CellSet;

/// At most so many answers are computed for one variable.
const MOST_ANSWERS: usize = 4_000_000;
/// Most variables have no more samples.
const FEW_SAMPLES: usize = 5;
/// For more cells than this no room is made beforehand: of most samples there are many.
const MOST_ROOM: usize = 16;
/// So many samples of a cell are kept.
const KEPT: usize = 3;

/// The cells of a variable, and for each question those with each answer.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) key: Key,
    pub(crate) questions: Vec<Question>,
    /// Of each cell a few states of the value; none where it is not known
    /// whether there is any.
    pub(crate) cells: Vec<SmallVec<[Sample; 1]>>,
    /// For each question the cells where it is true, false, unknown.
    answers: Vec<[CellSet; 3]>,
    by_answers: Signatures,
    /// How much it took to find them.
    pub(crate) cost: usize,
    /// Of a number, all that it may be, ascending, each with its cell.
    ranges: Vec<(NumberRange, usize)>,
}

/// Answers as places of an array.
fn place(truth: Truth) -> usize {
    match truth {
        Truth::True => 0,
        Truth::False => 1,
        Truth::Unknown => 2,
    }
}

impl Variable {
    /// Finds the cells; `None` where there are too many.
    pub(crate) fn new(
        key: Key,
        questions: Vec<Question>,
        zone: &Zone,
        known: &KnownTexts,
    ) -> Option<Variable> {
        let mut variable = Variable {
            key,
            questions,
            cells: Vec::new(),
            answers: Vec::new(),
            by_answers: Signatures::default(),
            cost: 0,
            ranges: Vec::new(),
        };
        variable.find_cells(zone, known)?;
        let cells = variable.cells.len();
        let none = || [CellSet::empty(cells), CellSet::empty(cells), CellSet::empty(cells)];
        let mut answers: Vec<[CellSet; 3]> = (0..variable.questions.len()).map(|_| none()).collect();
        for (cell, signature) in variable.by_answers.iter().enumerate() {
            for (sets, answer) in answers.iter_mut().zip(signature.answers()) {
                if let Some(set) = sets.get_mut(place(answer)) {
                    set.insert(cell);
                }
            }
        }
        variable.answers = answers;
        Some(variable)
    }

    fn find_cells(&mut self, zone: &Zone, known: &KnownTexts) -> Option<()> {
        let mut samples = Vec::with_capacity(FEW_SAMPLES);
        let mut possible = Vec::new();
        let mut regions = Vec::new();
        match &self.key {
            Key::Number(number) => {
                samples.push(Sample::Absent);
                if may_be_at_fault(number) {
                    samples.push(Sample::Fault);
                }
                let domain = match number {
                    // Nothing is selected where the sum is none.
                    NumberExpression::Aggregate(_) => Domain::Sum,
                    _ => Domain::Any,
                };
                regions = numbers::regions(&self.questions, domain);
            }
            Key::Count(_, selection) => {
                samples.push(Sample::Absent);
                if selection.as_ref().is_none_or(|selection| selection.attribute().is_none()) {
                    samples.push(Sample::Fault);
                }
                regions = numbers::regions(&self.questions, Domain::Count);
            }
            Key::Text(_) | Key::ItemText(_) => {
                let texts = self.texts(known)?;
                samples.push(Sample::Absent);
                samples.extend(texts.samples.iter().cloned());
                possible.clone_from(&texts.possible);
            }
            Key::Date(_) => {
                samples.extend([Sample::Absent, Sample::Fault]);
                for case in dates::cases(&self.questions, zone)? {
                    match case {
                        DateCase::Sample(sample) => samples.push(sample),
                        DateCase::Answers(answers) => {
                            self.cell(answers.into_iter().chain(PLAIN).collect());
                        }
                    }
                }
            }
            Key::Boolean(boolean) => {
                samples.push(Sample::Absent);
                if matches!(boolean, BooleanExpression::Includes(_)) {
                    samples.push(Sample::Fault);
                }
                samples.extend([Sample::Boolean(true), Sample::Boolean(false)]);
            }
            Key::List(..) => {
                let states = [ListState::Absent, ListState::Empty, ListState::Filled];
                samples.extend(states.map(Sample::List));
            }
            Key::Fields { .. } => samples.extend([Sample::Absent, Sample::Boolean(true)]),
            Key::Has(..) | Key::HasAny(_) => {
                samples.extend([Sample::Boolean(false), Sample::Boolean(true)]);
            }
            Key::NumberOrder(..) | Key::DateOrder(..) | Key::SameText(..) => {
                samples.push(Sample::Absent);
                samples.extend(self.key.orders().iter().copied().map(Sample::Order));
            }
            Key::Opaque(_) => {
                samples.extend([Sample::Absent, Sample::Boolean(true), Sample::Boolean(false)]);
            }
        }
        self.fill(samples, regions, possible, zone)
    }

    /// Makes the cells of samples, of regions of numbers, and of answers for which no
    /// sample is known.
    fn fill(
        &mut self,
        samples: Vec<Sample>,
        regions: Vec<Region>,
        possible: Vec<Vec<Truth>>,
        zone: &Zone,
    ) -> Option<()> {
        let answers = samples.len().saturating_add(regions.len()).checked_mul(self.questions.len())?;
        if answers > MOST_ANSWERS {
            return None;
        }
        self.cost = self.cost.saturating_add(answers);
        let most = samples.len().saturating_add(regions.len());
        if most <= MOST_ROOM {
            self.cells.reserve(most);
            self.by_answers.reserve(most);
        }
        self.ranges.reserve(regions.len());
        for sample in samples {
            self.add(sample, zone);
        }
        for Region { range, sample } in regions {
            let cell = self.add(Sample::Number(sample), zone);
            self.ranges.push((range, cell));
        }
        for answers in possible {
            self.cell(answers.into_iter().chain(PLAIN).collect());
        }
        Some(())
    }

    fn texts(&mut self, known: &KnownTexts) -> Option<Arc<Texts>> {
        let (texts, steps) = known.texts(&self.questions);
        self.cost = steps;
        texts
    }

    /// The cell of a sample, which it has from now on.
    fn add(&mut self, sample: Sample, zone: &Zone) -> usize {
        let answers = self.signature(&sample, zone);
        // States that other variables speak of have cells of their own.
        let cell = self.cell(answers);
        if let Some(samples) = self.cells.get_mut(cell)
            && samples.len() < KEPT
        {
            samples.push(sample);
        }
        cell
    }

    /// The answers to all questions. Behind them stands what axioms speak of:
    /// whether the value is absent, at fault, there, or zero.
    fn signature(&self, sample: &Sample, zone: &Zone) -> Signature {
        let answers = self.questions.iter().map(|question| question.answer(sample, zone));
        answers.chain(kind(sample)).collect()
    }

    fn cell(&mut self, signature: Signature) -> usize {
        let cell = self.by_answers.place(signature);
        if cell == self.cells.len() {
            self.cells.push(SmallVec::new());
        }
        cell
    }

    /// The cells in which a question has one of these answers.
    pub(crate) fn cells_where(&self, question: usize, wanted: &[Truth]) -> CellSet {
        let mut set = CellSet::empty(self.cells.len());
        if let Some(sets) = self.answers.get(question) {
            for truth in wanted {
                if let Some(cells) = sets.get(place(*truth)) {
                    set = set.or(cells);
                }
            }
        }
        set
    }

    /// The cells that have a state for which this holds. Only for what cells
    /// keep apart: absence, fault, zero, and the states of what has few.
    pub(crate) fn cells_of(&self, is: impl Fn(&Sample) -> bool) -> CellSet {
        let mut set = CellSet::empty(self.cells.len());
        for (cell, samples) in self.cells.iter().enumerate() {
            if samples.iter().any(&is) {
                set.insert(cell);
            }
        }
        set
    }

    /// All numbers of some cells, as ranges, ascending.
    pub(crate) fn numbers(&self, cells: &CellSet) -> Vec<NumberRange> {
        let mut found: Vec<NumberRange> = Vec::new();
        let mut open = false;
        for (range, cell) in &self.ranges {
            let is_in = cells.contains(*cell);
            match found.last_mut() {
                Some(last) if is_in && open => last.high = range.high,
                _ if is_in => found.push(*range),
                _ => {}
            }
            open = is_in;
        }
        found
    }

    /// The cell of a state.
    pub(crate) fn cell_of(&self, sample: &Sample, zone: &Zone) -> Option<usize> {
        self.by_answers.find(&self.signature(sample, zone))
    }
}

/// The kind of a value that is neither absent nor at fault nor told apart.
const PLAIN: [Truth; 2] = [Truth::True, Truth::False];

/// What cells keep apart for axioms, whatever is asked.
fn kind(sample: &Sample) -> [Truth; 2] {
    match sample {
        Sample::Absent => [Truth::Unknown, Truth::Unknown],
        Sample::Fault => [Truth::False, Truth::False],
        Sample::Number(number) if number.is_zero() => [Truth::True, Truth::True],
        Sample::Boolean(false) => [Truth::False, Truth::True],
        Sample::List(ListState::Absent) => [Truth::Unknown, Truth::Unknown],
        Sample::List(ListState::Empty) => [Truth::False, Truth::True],
        Sample::Order(Ordering::Equal) => [Truth::True, Truth::True],
        Sample::Order(Ordering::Greater) => [Truth::Unknown, Truth::True],
        _ => PLAIN,
    }
}

/// Whether a number may be there without a value: a number of the document
/// never is.
fn may_be_at_fault(number: &NumberExpression) -> bool {
    match number {
        NumberExpression::Attribute(leaf) => leaf.is_computed(),
        NumberExpression::Answer(_) | NumberExpression::Constant(_) => false,
        _ => true,
    }
}
