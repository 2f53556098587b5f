//! What of a document may change, and which values a rule asks for there.

use std::collections::BTreeSet;
use std::sync::Arc;

use target_rules::condition::{
    Aggregate, BooleanExpression, Clause, Comparison, Condition, DateDistance, DateExpression, Figure, Leaf,
    ListName, Measure, NumberExpression, NumberSet, Predicate, Read, Set, Subject, TextExpression, TextSet,
};
use target_rules::value::DateText;
use target_rules::{Number, Schema};

use crate::model::{Question, SECTION_OF_ITEMS, ends};

/// Something that may change.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Of {
    /// A value that stands in the document.
    Attribute(Leaf),
    /// What follows from the line items.
    Items(Arc<Aggregate>),
}

/// What a rule asks of one value.
#[derive(Debug, Clone)]
pub(super) struct Lever {
    pub(super) of: Of,
    pub(super) kind: Kind,
    /// Digits after the point of its numbers, where that is known.
    pub(super) scale: Option<u32>,
    /// The numbers at which an answer changes.
    pub(super) edges: Vec<Number>,
    /// Whether it stands in arithmetic or beside another value, so that the
    /// edges depend on other values.
    pub(super) computed: bool,
    pub(super) texts: BTreeSet<Arc<str>>,
    pub(super) dates: Dates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Date,
    Boolean,
}

/// What a rule asks of a date.
#[derive(Debug, Clone, Default)]
pub(super) struct Dates {
    /// What it asks of the date and of constants.
    pub(super) questions: Vec<Question>,
    /// The other dates that it is compared with, and the distance that is asked.
    pub(super) beside: Vec<(Leaf, Option<(DateDistance, NumberSet)>)>,
    /// Whether more is asked than these say.
    pub(super) every: bool,
}

/// All that a rule asks.
pub(super) struct Levers<'s> {
    schema: &'s Schema,
    pub(super) found: Vec<Lever>,
    /// What the rule asks and a customer can't change, by name.
    pub(super) fixed: BTreeSet<String>,
    /// Whether the rule asks for more values than are kept.
    pub(super) left_out: bool,
}

/// More values than this are not changed.
const MOST_LEVERS: usize = 64;
/// The names of so many values that can't change are told.
const MOST_FIXED: usize = 16;

impl Lever {
    /// Whether more must be known than what the document states: what follows from its
    /// items, or how far sides of a comparison are apart.
    pub(super) fn needs_values(&self) -> bool {
        let follows = match &self.of {
            Of::Attribute(leaf) => leaf.is_computed(),
            Of::Items(_) => true,
        };
        follows || self.computed
    }
}

impl<'s> Levers<'s> {
    pub(super) fn of(condition: &Condition, schema: &'s Schema) -> Levers<'s> {
        let mut levers = Levers { schema, found: Vec::new(), fixed: BTreeSet::new(), left_out: false };
        for predicate in condition.predicates() {
            levers.predicate(predicate);
        }
        levers
    }

    fn clause(&mut self, clause: &Clause) {
        let mut open = vec![clause];
        while let Some(clause) = open.pop() {
            match clause {
                Clause::Literal(literal) => self.predicate(&literal.predicate),
                Clause::All(parts) | Clause::Any(parts) => open.extend(parts),
                _ => {}
            }
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::In(subject, set) => match (&**subject, set) {
                (Subject::Number(number), Set::Numbers(set)) => self.number(number, Some(set), false),
                (Subject::Text(text), Set::Texts(texts)) => self.text(text, texts),
                (Subject::Date(date), Set::Dates(operator, constant)) => {
                    if let Some(lever) = self.date(date) {
                        lever.dates.questions.push(Question::DateIs(*operator, *constant));
                    }
                }
                (Subject::Boolean(BooleanExpression::Attribute(leaf)), Set::True) => {
                    self.attribute(leaf, Kind::Boolean);
                }
                (Subject::Boolean(BooleanExpression::Includes(aggregate)), Set::True) => {
                    self.items(aggregate);
                }
                (Subject::Container(_), _) => {
                    self.fix("custom fields and segments".to_owned());
                }
                _ => {}
            },
            Predicate::Compares(comparison) => match &**comparison {
                Comparison::Numbers { left, right, .. } => {
                    self.number(left, None, true);
                    self.number(right, None, true);
                }
                Comparison::Dates { operator, left, right } => {
                    self.dates(left, right, |constant| Question::DateIs(*operator, constant), None);
                }
                Comparison::Booleans(left, right) => {
                    self.clause(left);
                    self.clause(right);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// A number that must be in a set, or that is part of what is compared.
    fn number(&mut self, number: &NumberExpression, set: Option<&NumberSet>, computed: bool) {
        let asked = |set: Option<&NumberSet>| -> Vec<Number> { set.into_iter().flat_map(ends).collect() };
        match number {
            NumberExpression::Attribute(leaf) => {
                if let Some(lever) = self.attribute(leaf, Kind::Number) {
                    lever.edges.extend(asked(set));
                    lever.computed |= computed;
                }
            }
            NumberExpression::Aggregate(aggregate) => {
                if let Some(lever) = self.items(aggregate) {
                    lever.edges.extend(asked(set));
                    lever.computed |= computed;
                }
            }
            NumberExpression::Answer(answer) => {
                if let Read::Answer { section, method, .. } = answer.read() {
                    self.fix(format!("{section}.{method}"));
                }
            }
            NumberExpression::Interval(inner, ends) => {
                self.number(inner, None, false);
                if let Some(lever) = self.lever_of(inner) {
                    lever.edges.extend(ends.iter().copied());
                }
            }
            NumberExpression::Negate(inner) => {
                self.number(inner, None, false);
                if let Some(lever) = self.lever_of(inner) {
                    lever.edges.extend(asked(set).into_iter().map(Number::negate));
                }
            }
            NumberExpression::Part(part, date) => {
                if let Some(lever) = self.date(date) {
                    match set {
                        Some(set) => lever.dates.questions.push(Question::Part(*part, set.clone())),
                        None => lever.dates.every = true,
                    }
                }
            }
            NumberExpression::Distance(distance, dates) => match set {
                Some(set) => {
                    let question = |constant| Question::Distance(*distance, constant, set.clone());
                    self.dates(&dates.0, &dates.1, question, Some((*distance, set)));
                }
                None => {
                    for date in [&dates.0, &dates.1] {
                        if let Some(lever) = self.date(date) {
                            lever.dates.every = true;
                        }
                    }
                }
            },
            NumberExpression::Arithmetic(chain) => {
                self.number(&chain.first, None, true);
                for (_, operand) in &chain.steps {
                    self.number(operand, None, true);
                }
            }
            _ => {}
        }
    }

    /// Two dates that are compared. Which side one stands on doesn't matter: only
    /// where the answer changes.
    fn dates(
        &mut self,
        left: &DateExpression,
        right: &DateExpression,
        question: impl Fn(DateText) -> Question,
        distance: Option<(DateDistance, &NumberSet)>,
    ) {
        for (date, other) in [(left, right), (right, left)] {
            let Some(lever) = self.date(date) else { continue };
            match other {
                DateExpression::Constant(constant) => lever.dates.questions.push(question(*constant)),
                other => match leaf_of(other) {
                    Some(leaf) => {
                        let distance = distance.map(|(distance, set)| (distance, set.clone()));
                        lever.dates.beside.push((leaf.clone(), distance));
                    }
                    None => lever.dates.every = true,
                },
            }
        }
    }

    fn fix(&mut self, name: String) {
        if self.fixed.len() < MOST_FIXED {
            self.fixed.insert(name);
        }
    }

    fn lever_of(&mut self, number: &NumberExpression) -> Option<&mut Lever> {
        let of = match number {
            NumberExpression::Attribute(leaf) => Of::Attribute(leaf.clone()),
            NumberExpression::Aggregate(aggregate) => Of::Items(aggregate.clone()),
            _ => return None,
        };
        self.found.iter_mut().find(|lever| lever.of == of)
    }

    fn text(&mut self, text: &TextExpression, texts: &TextSet) {
        let TextExpression::Attribute(leaf) = text else { return };
        if let Some(lever) = self.attribute(leaf, Kind::Text)
            && let TextSet::Values(values) = texts
        {
            lever.texts.extend(values.iter().cloned());
        }
    }

    fn date(&mut self, date: &DateExpression) -> Option<&mut Lever> {
        self.attribute(leaf_of(date)?, Kind::Date)
    }

    fn attribute(&mut self, leaf: &Leaf, kind: Kind) -> Option<&mut Lever> {
        let name = leaf.name();
        let (profile, own) = name.split_once('.')?;
        let profile = self.schema.profile(profile).ok()?;
        let attribute = profile.attribute(own).ok()?;
        if !profile.can_change(&attribute) {
            self.fix(name);
            return None;
        }
        let texts: Vec<Arc<str>> = attribute.values().map(Arc::from).collect();
        let scale = attribute.scale();
        let lever = self.lever(Of::Attribute(leaf.clone()), kind, scale)?;
        lever.texts.extend(texts);
        Some(lever)
    }

    /// What follows from the items of the bill; those of a return can't change.
    fn items(&mut self, aggregate: &Arc<Aggregate>) -> Option<&mut Lever> {
        if &*aggregate.section != SECTION_OF_ITEMS {
            self.fix(format!("{}.{}", aggregate.section, ListName::LineItems.key()));
            return None;
        }
        let mut scale = Some(0);
        if let Measure::Sum(figure) = aggregate.measure {
            // What is summed is what the items have. Amounts and values follow
            // from each other, and a schema may list one of them only.
            let list = Some(ListName::LineItems.key());
            let item = self.schema.profiles().find(|profile| profile.unrolls_over() == list)?;
            let listed = item.attribute(figure.key());
            let attribute = listed.or_else(|_| item.attribute(Figure::Value.key())).ok()?;
            if !item.can_change(&attribute) {
                self.fix(format!("{}.{}", item.name(), attribute.name()));
                return None;
            }
            scale = attribute.scale();
        }
        let kind = if aggregate.measure == Measure::Any { Kind::Boolean } else { Kind::Number };
        self.lever(Of::Items(aggregate.clone()), kind, scale)
    }

    /// What is known of a value, made where nothing is known yet.
    fn lever(&mut self, of: Of, kind: Kind, scale: Option<u32>) -> Option<&mut Lever> {
        if !self.found.iter().any(|lever| lever.of == of && lever.kind == kind) {
            if self.found.len() >= MOST_LEVERS {
                self.left_out = true;
                return None;
            }
            self.found.push(Lever {
                of: of.clone(),
                kind,
                scale,
                edges: Vec::new(),
                computed: false,
                texts: BTreeSet::new(),
                dates: Dates::default(),
            });
        }
        self.found.iter_mut().find(|lever| lever.of == of && lever.kind == kind)
    }
}

/// The attribute that a date is.
fn leaf_of(date: &DateExpression) -> Option<&Leaf> {
    match date {
        DateExpression::Attribute(leaf) | DateExpression::Text(TextExpression::Attribute(leaf)) => Some(leaf),
        _ => None,
    }
}
