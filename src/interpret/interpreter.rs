//! The interpreter: the definition of what a rule means. It folds nothing, and
//! keeps of a transaction only what it would be asked again (`memo.rs`); engines
//! that do more are tested against it.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::memmem;

use crate::schema::{Computed, ListName};
use crate::syntax::Operator;
use crate::transaction::{Amount, CurrentEntry, Entries, Entry, FieldValue, Transaction};
use crate::typed::{
    Arithmetic, Attribute, Call, CallKind, Container, DateArgument, Figure, Items, Node, NodeKind, Read,
    Receiver, Selection, Step, Type,
};
use crate::value::{DateDistance, DateText, Instant, LocalTime, Number, Truth, Value, Zone};

use super::decision::FaultCode;
use super::memo::Memo;
use super::outcome::{NoValue, Outcome};

#[derive(Clone, Copy)]
pub(super) struct Context<'t> {
    pub(super) transaction: &'t Transaction,
    pub(super) zone: &'t Zone,
    pub(super) item: CurrentEntry<'t>,
    pub(super) memo: &'t Memo,
}

impl<'t> Context<'t> {
    pub(super) fn truth(&self, node: &Node) -> Truth {
        match self.evaluate(node) {
            Ok(Value::Boolean(value)) => value.into(),
            _ => Truth::Unknown,
        }
    }

    pub(super) fn evaluate(&self, node: &Node) -> Outcome {
        self.memo.outcome(node, || self.compute(node))
    }

    fn compute(&self, node: &Node) -> Outcome {
        match &node.kind {
            NodeKind::Boolean(value) => Ok(Value::Boolean(*value)),
            NodeKind::Number(number, _) => Ok(Value::Number(*number)),
            NodeKind::Text(text) | NodeKind::Word(text) => Ok(Value::Text(text.clone())),
            NodeKind::Attribute(attribute) => self.attribute(attribute),
            NodeKind::Call(call) => answer(self, call),
            NodeKind::Prefix { operator, operand } => {
                let value = self.operand(operand)?;
                match (operator, value) {
                    (Operator::Not, Value::Boolean(value)) => Ok(Value::Boolean(!value)),
                    (_, Value::Number(number)) => Ok(Value::Number(number.negate())),
                    _ => Err(NoValue::Operand),
                }
            }
            NodeKind::Arithmetic(chain) => self.arithmetic(chain).0,
            NodeKind::Binary { operator: operator @ (Operator::Equal | Operator::NotEqual), left, right }
                if is_text(&left.of) && is_text(&right.of) =>
            {
                let equal = self.text(left)? == self.text(right)?;
                Ok(Value::Boolean(equal == (*operator == Operator::Equal)))
            }
            NodeKind::Binary { operator, left, right } => {
                let left = self.operand(left)?;
                let right = self.operand(right)?;
                Ok(Value::Boolean(compare(*operator, &left, &right)))
            }
            NodeKind::Chain { operator, operands } => {
                type Join = fn(Truth, Truth) -> Truth;
                let (mut truth, decisive, join) = match operator {
                    Operator::Or => (Truth::False, Truth::True, Truth::or as Join),
                    _ => (Truth::True, Truth::False, Truth::and as Join),
                };
                // Once it is decided, what is left says nothing more.
                let mut operands = operands.iter();
                while truth != decisive
                    && let Some(operand) = operands.next()
                {
                    truth = join(truth, self.truth(operand));
                }
                match truth {
                    Truth::True => Ok(Value::Boolean(true)),
                    Truth::False => Ok(Value::Boolean(false)),
                    Truth::Unknown => Err(NoValue::Operand),
                }
            }
        }
    }

    /// The value of an operand. Where it has none, neither has the node that
    /// needs it, and the reason becomes [`NoValue::Operand`].
    pub(super) fn operand(&self, node: &Node) -> Outcome {
        self.evaluate(node).map_err(|_| NoValue::Operand)
    }

    /// A chain of arithmetic, which nests to the left: each step is a result of
    /// its own. Beside it the step that is at fault, if one is; there is at most
    /// one, because nothing after it has a left side.
    pub(super) fn arithmetic<'n>(&self, chain: &'n Arithmetic) -> (Outcome, Option<(&'n Step, FaultCode)>) {
        let mut left = self.operand(&chain.first);
        let mut at_fault = None;
        for step in &chain.steps {
            left = self.step(left, step);
            if let Err(NoValue::Fault(code)) = left {
                at_fault = Some((step, code));
            }
        }
        (left, at_fault)
    }

    /// One step of a chain of arithmetic, after all that is left of it.
    pub(super) fn step(&self, left: Outcome, step: &Step) -> Outcome {
        match (left, self.operand(&step.operand), step.operator.arithmetic()) {
            (Ok(Value::Number(left)), Ok(Value::Number(right)), Some(apply)) => {
                apply(left, right).map(Value::Number).map_err(|fault| NoValue::Fault(fault.into()))
            }
            _ => Err(NoValue::Operand),
        }
    }

    fn attribute(&self, attribute: &Attribute) -> Outcome {
        match (self.stated(attribute)?, attribute.computed) {
            (FieldValue::Absent, Some(computed)) => self.computed(&attribute.profile.section, computed),
            (value, _) => self.value(&value),
        }
    }

    /// What the document states of an attribute.
    fn stated(&self, attribute: &Attribute) -> Result<FieldValue<'t>, NoValue> {
        let value = match (&attribute.read, self.item) {
            (Read::EntryField { field, kind, .. }, CurrentEntry::At(item)) => item.field(field, *kind),
            (Read::EntryField { .. }, CurrentEntry::None | CurrentEntry::Missing) => {
                return Err(NoValue::Absent);
            }
            (read, _) => self.transaction.value(read),
        };
        // A number that is stated under its other name counts for both.
        Ok(match (value, &attribute.equal) {
            (FieldValue::Absent, Some(equal)) => self.transaction.value(equal),
            (value, _) => value,
        })
    }

    /// A value of the document as a value of the language.
    pub(super) fn value(&self, value: &FieldValue<'_>) -> Outcome {
        match value {
            FieldValue::Boolean(value) => Ok(Value::Boolean(*value)),
            FieldValue::Number(number) => Ok(Value::Number(*number)),
            FieldValue::Text(text) => Ok(Value::Text((*text).to_owned())),
            FieldValue::Date(date) => {
                date.resolve(self.zone).map(Value::Date).ok_or(NoValue::Fault(FaultCode::InvalidDate))
            }
            FieldValue::Absent | FieldValue::Numbers(_) | FieldValue::Texts(_) | FieldValue::NoEntry => {
                Err(NoValue::Absent)
            }
        }
    }

    /// The value of an attribute that is computed from line items, where the
    /// document does not state it.
    fn computed(&self, section: &Arc<str>, computed: Computed) -> Outcome {
        let figure = match (computed, self.item) {
            (Computed::Value, CurrentEntry::At(item)) => item.figure(Figure::Value),
            (Computed::DiscountPercentage, CurrentEntry::At(item)) => item.discount_percentage(),
            (Computed::Value | Computed::DiscountPercentage, _) => return Err(NoValue::Absent),
            (Computed::ItemQuantity, _) => return self.aggregate(section, None, Some(Figure::Quantity)),
            (Computed::ItemValue, _) => return self.aggregate(section, None, Some(Figure::Value)),
            (_, _) => return self.aggregate(section, None, None),
        };
        match figure {
            Ok(Some(number)) => Ok(Value::Number(number)),
            Ok(None) => Err(NoValue::Absent),
            Err(fault) => Err(NoValue::Fault(fault.into())),
        }
    }

    /// Whether a call reads the current item while the document has no list of
    /// items. Such a call is unknown, even if it is a null test.
    pub(super) fn lacks_item(&self, call: &Call) -> bool {
        let on_item = match &call.receiver {
            Receiver::Profile(profile) => profile.list.is_some(),
            Receiver::Value(node) => node.asks_an_item(),
        };
        on_item && matches!(self.item, CurrentEntry::Missing)
    }
}

fn compare(operator: Operator, left: &Value, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        _ => None,
    };
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        _ => order.is_some_and(|order| operator.holds(order)),
    }
}

/// Decides a call.
fn answer(context: &Context<'_>, call: &Call) -> Outcome {
    if context.lacks_item(call) {
        return match call.receiver {
            Receiver::Profile(_) => Err(NoValue::Absent),
            Receiver::Value(_) => Err(NoValue::Operand),
        };
    }
    let negated_if = |negated: bool, truth: bool| Ok(Value::Boolean(truth != negated));
    match &call.kind {
        CallKind::Answer(answer) => context.value(&context.transaction.value(&answer.read)),
        CallKind::Sum { items, figure } => context.of_items(items, Some(*figure)),
        CallKind::Count(items) => context.of_items(items, None),
        CallKind::Includes { items, negated } => {
            negated_if(*negated, context.of_items(items, None)? != integer(0))
        }
        CallKind::ItemMatches(selection) => context.item_matches(selection),
        CallKind::HasValue { container, value, negated } => {
            negated_if(*negated, context.has_value(container, value)?)
        }
        CallKind::HasAnyValue(container) => Ok(Value::Boolean(context.has_any_value(container))),
        CallKind::Contains { text, part } => {
            let (text, part) = (context.text(text)?, context.text(part)?);
            Ok(Value::Boolean(memmem::find(text.as_bytes(), part.as_bytes()).is_some()))
        }
        CallKind::Matches { text, pattern } => Ok(Value::Boolean(pattern.is_match(&context.text(text)?))),
        CallKind::Exists { text, part, negated } => {
            let text = context.text(text).unwrap_or_default();
            let part = part.as_deref().unwrap_or_default();
            negated_if(*negated, !text.is_empty() && text.contains(part))
        }
        CallKind::IsNull { value, negated } => negated_if(*negated, context.is_null(value)),
        CallKind::IsValid(value) => Ok(Value::Boolean(context.date(value).is_ok())),
        CallKind::Part { date, part } => Ok(integer(context.local_time(date)?.part(*part))),
        CallKind::Distance { distance, from, to } => context.date_distance(*distance, from, to),
        CallKind::Compare { operator, date, other } => {
            let order = context.date(date)?.cmp(&context.date_argument(other)?);
            Ok(Value::Boolean(operator.holds(order)))
        }
        CallKind::IsWeekend { date, negated } => {
            negated_if(*negated, !(2..=6).contains(&context.local_time(date)?.weekday()))
        }
        CallKind::IsBetween { date, from, to } => {
            Ok(Value::Boolean(context.local_time(date)?.is_between(*from, *to)))
        }
        CallKind::Interval { number, edges } => context.interval(number, edges),
    }
}

impl<'t> Context<'t> {
    /// A text; one of the document or the rule is not copied, for it may be long.
    fn text<'n>(&self, node: &'n Node) -> Result<Cow<'n, str>, NoValue>
    where
        't: 'n,
    {
        let stated = match &node.kind {
            NodeKind::Text(text) | NodeKind::Word(text) => Some(text.as_str()),
            NodeKind::Attribute(attribute) => match self.stated(attribute) {
                Ok(FieldValue::Text(text)) => Some(text),
                _ => None,
            },
            _ => None,
        };
        if let Some(text) = stated {
            return Ok(Cow::Borrowed(text));
        }
        match self.operand(node)? {
            Value::Text(text) => Ok(Cow::Owned(text)),
            _ => Err(NoValue::Operand),
        }
    }

    /// The instant of a date, or of a text that is a valid date.
    fn date(&self, node: &Node) -> Result<Instant, NoValue> {
        match self.operand(node)? {
            Value::Date(instant) => Ok(instant),
            Value::Text(text) => DateText::parse(&text).resolve(self.zone).ok_or(NoValue::Operand),
            _ => Err(NoValue::Operand),
        }
    }

    fn date_argument(&self, argument: &DateArgument) -> Result<Instant, NoValue> {
        match argument {
            DateArgument::Constant(date) => date.resolve(self.zone).ok_or(NoValue::Operand),
            DateArgument::Date(node) | DateArgument::Text(node) => self.date(node),
        }
    }

    fn local_time(&self, node: &Node) -> Result<LocalTime, NoValue> {
        Ok(self.zone.local(self.date(node)?))
    }

    fn date_distance(&self, distance: DateDistance, from: &Node, to: &DateArgument) -> Outcome {
        Ok(integer(distance.between(self.date(from)?, self.date_argument(to)?, self.zone)))
    }

    /// Whether a value is absent; never unknown. A value at fault is not absent.
    fn is_null(&self, node: &Node) -> bool {
        match self.evaluate(node) {
            Ok(_) | Err(NoValue::Fault(_)) => false,
            Err(NoValue::Absent) => true,
            Err(NoValue::Operand) => !self.needs_what_is_at_fault(node),
        }
    }

    /// Whether a fault is among the reasons why a node has no value.
    fn needs_what_is_at_fault(&self, node: &Node) -> bool {
        match self.evaluate(node) {
            Ok(_) | Err(NoValue::Absent) => false,
            Err(NoValue::Fault(_)) => true,
            Err(NoValue::Operand) => {
                node.children().any(|child| self.needs_what_is_at_fault(child))
                    || match &node.kind {
                        NodeKind::Call(call) => {
                            no_date(self, call).is_some() || has_unheld_constant(self, call)
                        }
                        NodeKind::Arithmetic(chain) => self.arithmetic(chain).1.is_some(),
                        _ => false,
                    }
            }
        }
    }

    /// Index, from 1, of the first edge that is not below the value.
    fn interval(&self, node: &Node, edges: &[Number]) -> Outcome {
        match self.operand(node)? {
            Value::Number(value) => {
                let below = edges.iter().filter(|edge| **edge < value).count();
                Ok(Value::Number(Number::from_index(below)))
            }
            _ => Err(NoValue::Operand),
        }
    }

    /// An aggregate over the line items that a call selects.
    fn of_items(&self, items: &Items, figure: Option<Figure>) -> Outcome {
        self.aggregate(&items.profile.list_section(), Some(&items.selection), figure)
    }

    /// The sum of a figure over the selected line items, or how many they are.
    fn aggregate(
        &self,
        section: &Arc<str>,
        selection: Option<&Selection>,
        figure: Option<Figure>,
    ) -> Outcome {
        self.memo.aggregate((Arc::clone(section), selection.cloned(), figure), || {
            let list = self.transaction.list(section, ListName::LineItems).ok_or(NoValue::Absent)?;
            let (selected, fault) = match selection {
                Some(selection) => self.selected(section, selection, list)?,
                None => ((0..list.count()).collect(), None),
            };
            let Some(figure) = figure else {
                // Every item must be one that can be tested.
                return fault.map_or_else(|| Ok(Value::Number(Number::from(selected.len()))), Err);
            };
            let figures = self.memo.figures(section, figure, list);
            let sum = sum(selected.iter().filter_map(|position| figures.get(*position)));
            // What the selected items lack wins over what is at fault.
            match (sum, fault) {
                (Err(NoValue::Absent), _) => Err(NoValue::Absent),
                (_, Some(fault)) => Err(fault),
                (sum, None) => sum,
            }
        })
    }

    /// The positions of the selected items, and a fault of a figure that is
    /// compared. Such an item is not selected. The call itself is absent where an
    /// item lacks the figure that is compared.
    fn selected(
        &self,
        section: &Arc<str>,
        selection: &Selection,
        items: Entries<'_>,
    ) -> Result<(Vec<usize>, Option<NoValue>), NoValue> {
        let places = |attribute: &Arc<str>| self.memo.places(section, attribute, items);
        let with = |attribute: &Arc<str>, value: &Arc<str>| {
            places(attribute).get(&**value).cloned().unwrap_or_default()
        };
        match selection {
            Selection::Equals { attribute, value } => Ok((with(attribute, value), None)),
            Selection::EqualsAndMatches { attribute, value, pattern } => {
                let selected = if pattern.is_match(value) { with(attribute, value) } else { Vec::new() };
                Ok((selected, None))
            }
            Selection::Matches { attribute, pattern } => {
                let places = places(attribute);
                let found = places.iter().filter(|(text, _)| pattern.is_match(text));
                let mut selected: Vec<usize> = found.flat_map(|(_, places)| places).copied().collect();
                selected.sort_unstable();
                Ok((selected, None))
            }
            Selection::Compares { figure, operator, number } => {
                let mut selected = Vec::new();
                let mut at_fault = None;
                for (position, figure) in self.memo.figures(section, *figure, items).iter().enumerate() {
                    match figure {
                        Ok(Some(figure)) if operator.holds(figure.cmp(number)) => selected.push(position),
                        Ok(Some(_)) => {}
                        Ok(None) => return Err(NoValue::Absent),
                        Err(fault) => at_fault = Some(NoValue::Fault((*fault).into())),
                    }
                }
                Ok((selected, at_fault))
            }
        }
    }

    fn item_matches(&self, selection: &Selection) -> Outcome {
        let CurrentEntry::At(item) = self.item else { return Err(NoValue::Absent) };
        selects(selection, item).map(Value::Boolean)
    }

    /// Whether a custom field or segment has the value. Where the profile has
    /// no custom fields or segments at all, the call itself is absent.
    fn has_value(&self, container: &Container, wanted: &str) -> Result<bool, NoValue> {
        match self.transaction.value(&container.read) {
            FieldValue::Absent => Err(NoValue::Absent),
            FieldValue::Texts(values) => Ok(values.iter().any(|value| value == wanted)),
            _ => Ok(false),
        }
    }

    /// Whether a custom field has a value that is not empty. Never unknown: an
    /// absent one has no value.
    fn has_any_value(&self, container: &Container) -> bool {
        match self.transaction.value(&container.read) {
            FieldValue::Texts(values) => values.iter().any(|value| !value.is_empty()),
            _ => false,
        }
    }
}

/// Whether an item is selected. An item without the attribute is not; an item
/// without the figure makes the answer absent.
pub(super) fn selects(selection: &Selection, item: Entry<'_>) -> Result<bool, NoValue> {
    let found_in = |attribute: &str, pattern: &crate::value::Pattern| {
        item.attribute(attribute).is_some_and(|text| pattern.is_match(text))
    };
    match selection {
        Selection::Equals { attribute, value } => Ok(item.attribute(attribute) == Some(&**value)),
        Selection::Matches { attribute, pattern } => Ok(found_in(attribute, pattern)),
        Selection::EqualsAndMatches { attribute, value, pattern } => {
            Ok(item.attribute(attribute) == Some(&**value) && found_in(attribute, pattern))
        }
        Selection::Compares { figure, operator, number } => match item.figure(*figure) {
            Ok(Some(figure)) => Ok(operator.holds(figure.cmp(number))),
            Ok(None) => Err(NoValue::Absent),
            Err(fault) => Err(NoValue::Fault(fault.into())),
        },
    }
}

/// The exact sum of figures, rounded once. An item without the figure makes the
/// sum absent.
fn sum<'f>(figures: impl Iterator<Item = &'f Amount>) -> Outcome {
    let mut numbers = Vec::new();
    let mut at_fault = None;
    for figure in figures {
        match figure {
            Ok(Some(number)) => numbers.push(*number),
            Ok(None) => return Err(NoValue::Absent),
            Err(fault) => at_fault = Some(*fault),
        }
    }
    let result = match at_fault {
        Some(fault) => Err(fault),
        None => Number::sum(numbers),
    };
    result.map(Value::Number).map_err(|fault| NoValue::Fault(fault.into()))
}

fn is_text(of: &Type) -> bool {
    matches!(of, Type::Text | Type::Enum(_))
}

fn integer(value: i64) -> Value {
    Value::Number(Number::from_integer(value))
}

/// The second date of a call that compares two.
fn other_date(call: &Call) -> Option<&DateArgument> {
    match &call.kind {
        CallKind::Distance { to: other, .. } | CallKind::Compare { other, .. } => Some(other),
        _ => None,
    }
}

/// The date argument of a call, where it is a known string that is not a valid
/// date. The fault is at the node that gives the string, as it is for a date
/// attribute.
pub(super) fn no_date<'c>(context: &Context<'_>, call: &'c Call) -> Option<&'c Node> {
    if let Some(DateArgument::Text(node)) = other_date(call)
        && let Ok(Value::Text(text)) = context.evaluate(node)
        && DateText::parse(&text).resolve(context.zone).is_none()
    {
        return Some(node);
    }
    None
}

/// Whether a date constant of a call is no instant in this zone: converted to
/// UTC, it may lie outside the years that are supported.
pub(super) fn has_unheld_constant(context: &Context<'_>, call: &Call) -> bool {
    matches!(other_date(call), Some(DateArgument::Constant(date)) if date.resolve(context.zone).is_none())
}
