//! The interpreter: the definition of what a rule means. It folds nothing,
//! shares nothing and caches nothing; engines that do are tested against it.

use crate::schema::{Computed, ListName};
use crate::syntax::Operator;
use crate::transaction::{CurrentEntry, Entry, FieldValue, Transaction};
use crate::typed::{
    Arithmetic, Attribute, Call, CallKind, Container, DateArgument, Figure, Items, Node, NodeKind, Read,
    Receiver, Selection, Step,
};
use crate::value::{DateDistance, DateText, Instant, LocalTime, Number, Truth, Value, Zone};

use super::decision::FaultCode;

/// Why a node has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoValue {
    /// The node itself is absent.
    Absent,
    /// The node itself is at fault.
    Fault(FaultCode),
    /// An operand has no value.
    Operand,
}

pub(super) type Outcome = Result<Value, NoValue>;

#[derive(Clone, Copy)]
pub(super) struct Context<'t> {
    pub(super) transaction: &'t Transaction,
    pub(super) zone: &'t Zone,
    pub(super) item: CurrentEntry<'t>,
}

impl<'t> Context<'t> {
    pub(super) fn truth(&self, node: &Node) -> Truth {
        match self.evaluate(node) {
            Ok(Value::Boolean(value)) => value.into(),
            _ => Truth::Unknown,
        }
    }

    pub(super) fn evaluate(&self, node: &Node) -> Outcome {
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
            NodeKind::Binary { operator, left, right } => {
                let left = self.operand(left)?;
                let right = self.operand(right)?;
                Ok(Value::Boolean(compare(*operator, &left, &right)))
            }
            NodeKind::Chain { operator, operands } => {
                let truths = operands.iter().map(|operand| self.truth(operand));
                let truth = match operator {
                    Operator::Or => truths.fold(Truth::False, Truth::or),
                    _ => truths.fold(Truth::True, Truth::and),
                };
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
        let value = match (&attribute.read, self.item) {
            (Read::EntryField { field, kind, .. }, CurrentEntry::At(item)) => item.field(field, *kind),
            (Read::EntryField { .. }, CurrentEntry::None | CurrentEntry::Missing) => {
                return Err(NoValue::Absent);
            }
            (read, _) => self.transaction.value(read),
        };
        // A number that is stated under its other name counts for both.
        let value = match (value, &attribute.equal) {
            (FieldValue::Absent, Some(equal)) => self.transaction.value(equal),
            (value, _) => value,
        };
        match (value, attribute.computed) {
            (FieldValue::Absent, Some(computed)) => self.computed(&attribute.profile.section, computed),
            (value, _) => self.value(&value),
        }
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
    fn computed(&self, section: &str, computed: Computed) -> Outcome {
        let figure = match (computed, self.item) {
            (Computed::Value, CurrentEntry::At(item)) => item.figure(Figure::Value),
            (Computed::DiscountPercentage, CurrentEntry::At(item)) => item.discount_percentage(),
            (Computed::Value | Computed::DiscountPercentage, _) => return Err(NoValue::Absent),
            (of_all, _) => {
                let items = self.transaction.entries(section, ListName::LineItems).ok_or(NoValue::Absent)?;
                match of_all {
                    Computed::ItemQuantity => return sum(items, Figure::Quantity),
                    Computed::ItemValue => return sum(items, Figure::Value),
                    _ => Ok(Some(Number::from(items.len()))),
                }
            }
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
        CallKind::Sum { items, figure } => {
            let (selected, fault) = context.selected(items)?;
            let sum = sum(selected, *figure);
            // What the selected items lack wins over what is at fault.
            match (sum, fault) {
                (Err(NoValue::Absent), _) => Err(NoValue::Absent),
                (_, Some(fault)) => Err(fault),
                (sum, None) => sum,
            }
        }
        CallKind::Count(items) => Ok(Value::Number(Number::from(context.certain(items)?.len()))),
        CallKind::Includes { items, negated } => negated_if(*negated, !context.certain(items)?.is_empty()),
        CallKind::ItemMatches(selection) => context.item_matches(selection),
        CallKind::HasValue { container, value, negated } => {
            negated_if(*negated, context.has_value(container, value)?)
        }
        CallKind::HasAnyValue(container) => Ok(Value::Boolean(context.has_any_value(container))),
        CallKind::Contains { text, part } => {
            Ok(Value::Boolean(context.text(text)?.contains(&context.text(part)?)))
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
    fn text(&self, node: &Node) -> Result<String, NoValue> {
        match self.operand(node)? {
            Value::Text(text) => Ok(text),
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

    /// The selected items, and a fault of a figure that is compared. Such an
    /// item is not selected. The call itself is absent where the document has no
    /// list of items, and where an item lacks the figure that is compared.
    fn selected(&self, items: &Items) -> Result<(Vec<Entry<'t>>, Option<NoValue>), NoValue> {
        let section = items.profile.list_section();
        let entries = self.transaction.entries(&section, ListName::LineItems).ok_or(NoValue::Absent)?;
        let mut selected = Vec::new();
        let mut fault = None;
        for item in entries {
            match selects(&items.selection, item) {
                Ok(true) => selected.push(item),
                Ok(false) => {}
                Err(NoValue::Absent) => return Err(NoValue::Absent),
                Err(found) => fault = Some(found),
            }
        }
        Ok((selected, fault))
    }

    /// The selected items, where every item can be tested.
    fn certain(&self, items: &Items) -> Result<Vec<Entry<'t>>, NoValue> {
        let (selected, fault) = self.selected(items)?;
        fault.map_or(Ok(selected), Err)
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

/// The exact sum of a figure over items, rounded once. An item without the
/// figure makes the sum absent.
fn sum<'t>(items: impl IntoIterator<Item = Entry<'t>>, figure: Figure) -> Outcome {
    let mut numbers = Vec::new();
    let mut fault = None;
    for item in items {
        match item.figure(figure) {
            Ok(Some(number)) => numbers.push(number),
            Ok(None) => return Err(NoValue::Absent),
            Err(found) => fault = Some(found),
        }
    }
    let result = match fault {
        Some(fault) => Err(fault),
        None => Number::sum(numbers),
    };
    result.map(Value::Number).map_err(|fault| NoValue::Fault(fault.into()))
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
