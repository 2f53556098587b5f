//! Nodes, and calls of methods. They refer to each other: a node may be a call,
//! and a call has nodes.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::schema::ListName;
use crate::syntax::Operator;
use crate::value::{DateDistance, DatePart, DateText, Number, Pattern};

use super::answer::{Answer, Container};
use super::attribute::{Attribute, ProfileName};
use super::read::Figure;
use super::selection::{Items, Selection};
use super::types::Type;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) of: Type,
    /// The place of the node, without enclosing brackets.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Boolean(bool),
    /// The value, and the digits as they were written.
    Number(Number, String),
    Text(String),
    /// A constant of an enumeration written without quotes.
    Word(String),
    Attribute(Arc<Attribute>),
    Call(Box<Call>),
    Prefix {
        operator: Operator,
        operand: Box<Node>,
    },
    Arithmetic(Box<Arithmetic>),
    /// A comparison.
    Binary {
        operator: Operator,
        left: Box<Node>,
        right: Box<Node>,
    },
    Chain {
        operator: Operator,
        operands: Vec<Node>,
    },
}

/// A chain of `+` and `-`, or of `*`, `/` and `%`: computed from left to right,
/// each step a result of its own. INVARIANT: it has a step.
#[derive(Debug)]
pub(crate) struct Arithmetic {
    pub(crate) first: Node,
    pub(crate) steps: Vec<Step>,
}

/// An operation of a chain of arithmetic: what is done to all that is left of
/// it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) operator: Operator,
    pub(crate) operand: Node,
    /// From the beginning of the chain to the operand; in a tree, the operation.
    pub(crate) span: Span,
}

impl Arithmetic {
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.first).chain(self.steps.iter().map(|step| &step.operand))
    }

    /// How tightly its operators bind, all of them alike.
    pub(crate) fn precedence(&self) -> u8 {
        self.steps.first().map_or(0, |step| step.operator.precedence())
    }
}

impl Node {
    /// Calls `with` for this node and all nodes below it, parents first.
    pub(crate) fn visit<'n>(&'n self, with: &mut impl FnMut(&'n Node)) {
        with(self);
        match &self.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => {}
            NodeKind::Call(call) => call.operands().for_each(|operand| operand.visit(with)),
            NodeKind::Prefix { operand, .. } => operand.visit(with),
            NodeKind::Arithmetic(chain) => chain.operands().for_each(|operand| operand.visit(with)),
            NodeKind::Binary { left, right, .. } => {
                left.visit(with);
                right.visit(with);
            }
            NodeKind::Chain { operands, .. } => operands.iter().for_each(|operand| operand.visit(with)),
        }
    }

    /// The profile that this node itself names.
    pub(crate) fn profile(&self) -> Option<&Arc<ProfileName>> {
        match &self.kind {
            NodeKind::Attribute(attribute) => Some(&attribute.profile),
            NodeKind::Call(call) => match &call.receiver {
                Receiver::Profile(profile) => Some(profile),
                Receiver::Value(_) => None,
            },
            _ => None,
        }
    }

    /// The list whose current entry this node itself reads.
    pub(crate) fn unrolls(&self) -> Option<ListName> {
        self.profile().and_then(|profile| profile.list)
    }

    /// Whether it is a constant.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(
            self.kind,
            NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_)
        )
    }

    /// The operands of this node: its children that are evaluated.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        match &self.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => Box::new(std::iter::empty()),
            NodeKind::Call(call) => Box::new(call.operands()),
            NodeKind::Prefix { operand, .. } => Box::new(std::iter::once(&**operand)),
            NodeKind::Arithmetic(chain) => Box::new(chain.operands()),
            NodeKind::Binary { left, right, .. } => Box::new([&**left, &**right].into_iter()),
            NodeKind::Chain { operands, .. } => Box::new(operands.iter()),
        }
    }

    /// Whether this node or one below it reads the current entry.
    pub(crate) fn asks_an_item(&self) -> bool {
        let mut asks = false;
        self.visit(&mut |node| asks |= node.unrolls().is_some());
        asks
    }
}

/// A call as it is written, and what it means.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) receiver: Receiver,
    /// The method, by its name in the schema.
    pub(crate) method: String,
    pub(crate) arguments: Vec<Arc<Node>>,
    pub(crate) kind: CallKind,
}

#[derive(Debug)]
pub(crate) enum Receiver {
    Profile(Arc<ProfileName>),
    Value(Arc<Node>),
}

/// What a call means. `negated` is for methods that come in pairs, such as
/// `isNull` and `isNotNull`.
#[derive(Debug)]
pub(crate) enum CallKind {
    /// The answer is read from the document.
    Answer(Answer),
    /// The sum of a figure of the selected line items.
    Sum { items: Items, figure: Figure },
    /// How many line items are selected.
    Count(Items),
    /// Whether any line item is selected.
    Includes { items: Items, negated: bool },
    /// Whether the current line item is selected.
    ItemMatches(Selection),
    /// Whether a custom field or segment has a value.
    HasValue { container: Container, value: Arc<str>, negated: bool },
    /// Whether a custom field has any value that is not empty.
    HasAnyValue(Container),
    /// Whether a text contains another.
    Contains { text: Arc<Node>, part: Arc<Node> },
    /// Whether a pattern is found in a text.
    Matches { text: Arc<Node>, pattern: Pattern },
    /// Whether a text is present and not empty, and contains the part if one is
    /// given.
    Exists { text: Arc<Node>, part: Option<String>, negated: bool },
    /// Whether a value is absent.
    IsNull { value: Arc<Node>, negated: bool },
    /// Whether a date is present and valid; a string may be one.
    IsValid(Arc<Node>),
    /// A part of a date.
    Part { date: Arc<Node>, part: DatePart },
    /// How far two dates are apart.
    Distance { distance: DateDistance, from: Arc<Node>, to: DateArgument },
    /// Whether a date lies before or after another.
    Compare { operator: Operator, date: Arc<Node>, other: DateArgument },
    /// Whether a date is on Saturday or Sunday.
    IsWeekend { date: Arc<Node>, negated: bool },
    /// Whether the time of day is at or after the first minute of the day and
    /// before the second. If the first is the later one, the interval runs past
    /// midnight.
    IsBetween { date: Arc<Node>, from: i64, to: i64 },
    /// The position, from 1, of the first edge that is not below a number.
    Interval { number: Arc<Node>, edges: Arc<[Number]> },
}

/// The second date of a call that compares two.
#[derive(Debug)]
pub(crate) enum DateArgument {
    Constant(DateText),
    Date(Arc<Node>),
    /// A string that is parsed as a date.
    Text(Arc<Node>),
}

impl DateArgument {
    /// The node that is evaluated; `None` for a constant.
    pub(crate) fn node(&self) -> Option<&Arc<Node>> {
        match self {
            DateArgument::Constant(_) => None,
            DateArgument::Date(node) | DateArgument::Text(node) => Some(node),
        }
    }
}

impl Call {
    /// The operands of the call: its receiver, then its arguments that are not
    /// constants.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Node> {
        let (first, second) = match &self.kind {
            CallKind::Answer(_)
            | CallKind::Sum { .. }
            | CallKind::Count(_)
            | CallKind::Includes { .. }
            | CallKind::ItemMatches(_)
            | CallKind::HasValue { .. }
            | CallKind::HasAnyValue(_) => (None, None),
            CallKind::Contains { text, part } => (Some(text), Some(part).filter(|part| !part.is_constant())),
            CallKind::Distance { from: date, to: other, .. } | CallKind::Compare { date, other, .. } => {
                (Some(date), other.node())
            }
            CallKind::Matches { text: value, .. }
            | CallKind::Exists { text: value, .. }
            | CallKind::IsNull { value, .. }
            | CallKind::IsValid(value)
            | CallKind::Part { date: value, .. }
            | CallKind::IsWeekend { date: value, .. }
            | CallKind::IsBetween { date: value, .. }
            | CallKind::Interval { number: value, .. } => (Some(value), None),
        };
        first.into_iter().chain(second).map(|node| &**node)
    }

    /// The line items that an aggregate is computed over.
    pub(crate) fn items(&self) -> Option<&Items> {
        match &self.kind {
            CallKind::Sum { items, .. } | CallKind::Count(items) | CallKind::Includes { items, .. } => {
                Some(items)
            }
            _ => None,
        }
    }

    /// The selection of line items: of an aggregate, or of a test of the
    /// current item.
    pub(crate) fn selection(&self) -> Option<&Selection> {
        match &self.kind {
            CallKind::ItemMatches(selection) => Some(selection),
            _ => self.items().map(|items| &items.selection),
        }
    }
}
