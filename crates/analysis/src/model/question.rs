//! What rules ask, as questions about variables; and what a variable may be.

use std::cmp::Ordering;
use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::condition::{
    BooleanExpression, Container, DateDistance, DateExpression, DatePart, ListName, NumberExpression,
    NumberSet, Predicate, Selection, TextExpression, TextSet,
};
use target_rules::syntax::Operator;
use target_rules::value::DateText;
use target_rules::{Instant, Number, Truth, Zone};

use crate::formula::VariableId;

/// Which of several rules, in the order in which they were given.
pub(crate) type RuleIndex = usize;

/// Variables by what they stand for, and the rule whose item they are of.
pub(crate) type Ids = HashMap<(Key, Option<RuleIndex>), VariableId>;

/// The section whose line items and tenders a rule is decided for one by one.
pub(crate) const SECTION_OF_ITEMS: &str = "currentTxn";

/// What a variable stands for. Questions about one key are answered together,
/// so all that depends on one value must have one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Number(NumberExpression),
    Text(TextExpression),
    Date(DateExpression),
    Boolean(BooleanExpression),
    /// An attribute of the current line item, as it is looked up.
    ItemText(Arc<str>),
    /// How many items of a section are selected.
    Count(Arc<str>, Option<Selection>),
    /// Whether a list is there, and whether it has entries.
    List(Arc<str>, ListName),
    /// Whether a profile has custom fields, or segments.
    Fields {
        section: Arc<str>,
        segments: bool,
    },
    /// Whether a custom field or segment has a value.
    Has(Container, Arc<str>),
    /// Whether it has a value that is not blank.
    HasAny(Container),
    /// How two numbers compare.
    NumberOrder(NumberExpression, NumberExpression),
    /// How two dates compare.
    DateOrder(DateExpression, DateExpression),
    /// Whether two texts are equal.
    SameText(TextExpression, TextExpression),
    /// A predicate of which nothing is known but that equal ones are equal.
    Opaque(Predicate),
}

/// A question about a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    Numbers(NumberSet),
    /// Whether the negated number is in a set.
    Negated(NumberSet),
    /// Whether the position among edges is in a set.
    Interval(Arc<[Number]>, NumberSet),
    Texts(TextSet),
    /// The same, and false where there is no text.
    Selected(TextSet),
    /// Whether a text is there, is not empty and contains this.
    Holding(Arc<str>),
    DateIs(Operator, DateText),
    Part(DatePart, NumberSet),
    Distance(DateDistance, DateText, NumberSet),
    /// Whether it is true; of a count, whether it is above zero.
    Holds,
    Absent,
    /// The same, and false where this constant is no date.
    AbsentBeside(DateText),
    Valid,
    /// Whether two values compare so.
    Order(Operator),
}

/// The questions about one variable, each once.
#[derive(Default)]
pub(super) struct Asked {
    questions: Vec<Question>,
    places: Places,
}

/// Where each question about a variable stands, once there are more than a few.
#[derive(Default)]
pub(super) struct Places(HashMap<Question, usize>);

/// Among so few questions one is sought by going through them.
const FEW: usize = 8;

impl Places {
    /// The place of a question among those that the variable is asked.
    pub(super) fn of(&self, question: &Question, questions: &[Question]) -> Option<usize> {
        if questions.len() <= FEW {
            return questions.iter().position(|asked| asked == question);
        }
        self.0.get(question).copied()
    }
}

impl Asked {
    /// The place of a question, which it has from now on.
    pub(super) fn place(&mut self, question: Question) -> usize {
        if let Some(at) = self.places.of(&question, &self.questions) {
            return at;
        }
        let next = self.questions.len();
        self.questions.push(question);
        if self.questions.len() > FEW {
            let asked = self.questions.iter().enumerate().skip(self.places.0.len());
            self.places.0.extend(asked.map(|(at, question)| (question.clone(), at)));
        }
        next
    }

    pub(super) fn into_parts(self) -> (Vec<Question>, Places) {
        (self.questions, self.places)
    }
}

/// The state of a list of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ListState {
    Absent,
    Empty,
    Filled,
}

/// One state of a variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sample {
    Absent,
    /// There, but of no use: no date, a sum too large.
    Fault,
    Number(Number),
    Text(Arc<str>),
    Date(Instant),
    Boolean(bool),
    Order(Ordering),
    List(ListState),
}

impl Question {
    /// The answer where the variable is in a state, by the definition.
    pub(crate) fn answer(&self, sample: &Sample, zone: &Zone) -> Truth {
        match (self, sample) {
            (Question::Absent, sample) => Truth::from(*sample == Sample::Absent),
            (Question::AbsentBeside(constant), sample) => {
                Truth::from(*sample == Sample::Absent && constant.resolve(zone).is_some())
            }
            (Question::Valid, sample) => Truth::from(matches!(sample, Sample::Date(_))),
            (Question::Holding(part), sample) => Truth::from(match sample {
                Sample::Text(text) => !text.is_empty() && text.contains(&**part),
                _ => false,
            }),
            (Question::Numbers(set), Sample::Number(number)) => Truth::from(set.contains(*number)),
            (Question::Negated(set), Sample::Number(number)) => Truth::from(set.contains(number.negate())),
            (Question::Interval(edges, set), Sample::Number(number)) => {
                Truth::from(set.contains(position(edges, *number)))
            }
            (Question::Selected(set), sample) => Truth::from(match sample {
                Sample::Text(text) => set.contains(text),
                _ => false,
            }),
            (Question::Texts(set), Sample::Text(text)) => Truth::from(set.contains(text)),
            (Question::DateIs(operator, constant), Sample::Date(date)) => {
                let constant = constant.resolve(zone);
                Truth::from(constant.map(|constant| operator.holds(date.cmp(&constant))))
            }
            (Question::Part(part, set), Sample::Date(date)) => {
                Truth::from(set.contains(Number::from(zone.local(*date).part(*part))))
            }
            (Question::Distance(distance, constant, set), Sample::Date(date)) => {
                let constant = constant.resolve(zone);
                let between = |constant| Number::from(distance.between(*date, constant, zone));
                Truth::from(constant.map(|constant| set.contains(between(constant))))
            }
            (Question::Holds, Sample::Boolean(value)) => Truth::from(*value),
            (Question::Holds, Sample::Number(count)) => Truth::from(*count > Number::ZERO),
            (Question::Order(operator), Sample::Order(order)) => Truth::from(operator.holds(*order)),
            _ => Truth::Unknown,
        }
    }
}

/// The position, from 1, of the first edge that is not below a number.
fn position(edges: &[Number], number: Number) -> Number {
    let below = edges.iter().filter(|edge| **edge < number).count();
    i64::try_from(below).map_or(Number::ZERO, |below| Number::from(below.wrapping_add(1)))
}

impl Key {
    /// How the two values that it compares may compare.
    pub(crate) fn orders(&self) -> &'static [Ordering] {
        const ALL: [Ordering; 3] = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let same = match self {
            Key::NumberOrder(left, right) => left == right,
            Key::DateOrder(left, right) => left == right,
            // Texts are equal or not: less stands for all that are not.
            Key::SameText(left, right) if left != right => return &[Ordering::Less, Ordering::Equal],
            Key::SameText(..) => true,
            _ => return &[],
        };
        if same { &[Ordering::Equal] } else { &ALL }
    }
}
