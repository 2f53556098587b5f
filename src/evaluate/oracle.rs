//! The plain walker: the definition of what a rule means. It folds nothing,
//! shares nothing and caches nothing, and judges every engine that does.

use crate::rule::Rule;
use crate::schema::{Computed, Each};
use crate::syntax::Operator;
use crate::transaction::{Entry, FieldValue, Transaction};
use crate::typed::{Attribute, Call, Figure, Node, NodeKind, Read, Receiver, TRANSACTION};
use crate::value::{Number, Truth, Value, Zone};

use super::reasons::Reasons;
use super::{Decision, FaultCode, methods};

/// Why a node has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// This very leaf is absent.
    Absent,
    /// This very node has a fault.
    Fault(FaultCode),
    /// An operand is unknown.
    Operand,
}

pub(super) type Outcome = Result<Value, Unknown>;

/// The line item or tender that a rule is decided for.
#[derive(Clone, Copy)]
pub(super) enum Item<'t> {
    /// The rule names none.
    None,
    /// The one at hand.
    At(Entry<'t>),
    /// The document has no list of them.
    Missing,
}

#[derive(Clone, Copy)]
pub(super) struct Context<'t> {
    pub(super) transaction: &'t Transaction,
    pub(super) zone: &'t Zone,
    pub(super) item: Item<'t>,
}

pub(super) fn decide(rule: &Rule, transaction: &Transaction, zone: &Zone) -> Decision {
    let context = |item| Context { transaction, zone, item };
    let Some(each) = rule.each() else {
        let context = context(Item::None);
        let result = context.truth(rule.root());
        let mut reasons = Reasons::default();
        if result == Truth::Unknown {
            reasons.gather(&context, rule.root());
        }
        return reasons.decision(result, Vec::new(), rule.form());
    };
    let Some(items) = transaction.entries(TRANSACTION, each) else {
        let context = context(Item::Missing);
        let result = context.truth(rule.root());
        let mut reasons = Reasons::default();
        if result == Truth::False {
            return reasons.decision(Truth::False, Vec::new(), rule.form());
        }
        if result == Truth::Unknown {
            reasons.gather(&context, rule.root());
        }
        if reasons.is_empty() {
            reasons.every_item_leaf(rule.root());
        }
        return reasons.decision(Truth::Unknown, Vec::new(), rule.form());
    };
    // Any true: true; else any unknown: unknown; else false, also of no items.
    let mut result = Truth::False;
    let mut holds = Vec::new();
    let mut reasons = Reasons::default();
    for (position, item) in items.enumerate() {
        let context = context(Item::At(item));
        let of_item = context.truth(rule.root());
        match of_item {
            Truth::True => holds.push(position),
            Truth::Unknown => reasons.gather(&context, rule.root()),
            Truth::False => {}
        }
        result = result.or(of_item);
    }
    reasons.decision(result, holds, rule.form())
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
            NodeKind::Call(call) => methods::call(self, call),
            NodeKind::Prefix { operator, operand } => {
                let value = self.operand(operand)?;
                match (operator, value) {
                    (Operator::Not, Value::Boolean(value)) => Ok(Value::Boolean(!value)),
                    (_, Value::Number(number)) => Ok(Value::Number(number.negate())),
                    _ => Err(Unknown::Operand),
                }
            }
            NodeKind::Binary { operator, left, right } => {
                let left = self.operand(left)?;
                let right = self.operand(right)?;
                binary(*operator, &left, &right)
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
                    Truth::Unknown => Err(Unknown::Operand),
                }
            }
        }
    }

    /// The value of an operand; without one its node is unknown for its sake.
    pub(super) fn operand(&self, node: &Node) -> Outcome {
        self.evaluate(node).map_err(|_| Unknown::Operand)
    }

    fn attribute(&self, attribute: &Attribute) -> Outcome {
        let value = match (&attribute.read, self.item) {
            (Read::EntryField { field, kind, .. }, Item::At(item)) => item.field(field, *kind),
            (Read::EntryField { .. }, Item::None | Item::Missing) => return Err(Unknown::Absent),
            (read, _) => self.transaction.value(read),
        };
        match (value, attribute.computed) {
            (FieldValue::Absent, Some(computed)) => self.computed(&attribute.profile.section, computed),
            (value, _) => self.value(&value),
        }
    }

    /// A value of the document as the language has it.
    pub(super) fn value(&self, value: &FieldValue<'_>) -> Outcome {
        match value {
            FieldValue::Boolean(value) => Ok(Value::Boolean(*value)),
            FieldValue::Number(number) => Ok(Value::Number(*number)),
            FieldValue::Text(text) => Ok(Value::Text((*text).to_owned())),
            FieldValue::Date(date) => {
                date.resolve(self.zone).map(Value::Date).ok_or(Unknown::Fault(FaultCode::InvalidDate))
            }
            FieldValue::Absent | FieldValue::Numbers(_) | FieldValue::Texts(_) | FieldValue::NoEntry => {
                Err(Unknown::Absent)
            }
        }
    }

    /// What follows from the line items where the document does not state it.
    fn computed(&self, section: &str, computed: Computed) -> Outcome {
        let figure = match (computed, self.item) {
            (Computed::Value, Item::At(item)) => item.figure(Figure::Value),
            (Computed::DiscountPercentage, Item::At(item)) => item.discount_percentage(),
            (Computed::Value | Computed::DiscountPercentage, _) => return Err(Unknown::Absent),
            (of_all, _) => {
                let items = self.transaction.entries(section, Each::LineItems).ok_or(Unknown::Absent)?;
                match of_all {
                    Computed::ItemQuantity => return methods::sum(items, Figure::Quantity),
                    Computed::ItemValue => return methods::sum(items, Figure::Value),
                    _ => Ok(Some(Number::from_count(items.len()))),
                }
            }
        };
        match figure {
            Ok(Some(number)) => Ok(Value::Number(number)),
            Ok(None) => Err(Unknown::Absent),
            Err(fault) => Err(Unknown::Fault(fault.into())),
        }
    }

    /// Whether a call asks the item at hand something while there is no list
    /// of items: then it is unknown, null tests too.
    pub(super) fn lacks_item(&self, call: &Call) -> bool {
        let on_item = match &call.receiver {
            Receiver::Profile(profile) => profile.each.is_some(),
            Receiver::Value(node) => node.asks_an_item(),
        };
        on_item && matches!(self.item, Item::Missing)
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Outcome {
    if let (Value::Number(left), Value::Number(right), Some(apply)) = (left, right, operator.arithmetic()) {
        return apply(*left, *right).map(Value::Number).map_err(|fault| Unknown::Fault(fault.into()));
    }
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        _ => None,
    };
    let holds = match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        _ => order.is_some_and(|order| operator.holds(order)),
    };
    Ok(Value::Boolean(holds))
}
