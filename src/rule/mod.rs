//! The checked rule: every name resolved, every node typed.
//!
//! Only the checker makes one. It owns what it needs, so it outlives the
//! schema, and everything after the checker works on it alone.

mod agree;
mod text;
mod tree;

use std::sync::Arc;

use crate::diagnostic::{Form, Span};
use crate::schema::{Computed, Function};
use crate::syntax::Operator;
use crate::value::{DateText, Number, Pattern};

pub(crate) use text::text_of;
pub use tree::{TreeStyle, TreeTooLarge};

/// The profile that line items belong to.
pub(crate) const TRANSACTION: &str = "currentTxn";
/// The name of the profile whose rules are decided once per line item.
pub(crate) const LINE_ITEM: &str = "currentLineItem";

/// A rule that checks.
///
/// Cheap to clone. Two rules are equal where they mean the same by the same
/// structure: numbers by value, a bare word equal to the same string, places
/// left out.
#[derive(Debug, Clone)]
pub struct Rule {
    root: Arc<Node>,
    form: Form,
    unrolls: bool,
}

impl Rule {
    pub(crate) fn new(root: Node, form: Form) -> Rule {
        let mut unrolls = false;
        root.visit(&mut |node| unrolls |= node.names_line_item());
        Rule { root: Arc::new(root), form, unrolls }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The form that the rule was read from; spans of faults are in it.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether the rule names `currentLineItem` and so is decided once per item.
    pub fn unrolls(&self) -> bool {
        self.unrolls
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        agree::equal(&self.root, &other.root)
    }
}

/// The type of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Boolean,
    Number,
    Text,
    Date,
    /// A closed set of constants.
    Enum(Arc<[String]>),
}

impl Type {
    /// The type as people call it, with its article.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Type::Boolean => "a boolean",
            Type::Number => "a number",
            Type::Text => "a string",
            Type::Date => "a date",
            Type::Enum(_) => "an enumeration",
        }
    }

    /// Whether values of both types can be equal.
    pub(crate) fn same_kind(&self, other: &Type) -> bool {
        let is_text = |of: &Type| matches!(of, Type::Text | Type::Enum(_));
        self == other || (is_text(self) && is_text(other))
    }
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) of: Type,
    /// Without enclosing brackets.
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
    Attribute(Attribute),
    Call(Box<Call>),
    Prefix {
        operator: Operator,
        operand: Box<Node>,
    },
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

/// A profile as a rule names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProfileName {
    pub(crate) name: String,
    /// Its type in a tree.
    pub(crate) tag: String,
}

impl ProfileName {
    pub(crate) fn is_line_item(&self) -> bool {
        self.name == LINE_ITEM
    }
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) profile: ProfileName,
    pub(crate) name: String,
    pub(crate) computed: Option<Computed>,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) receiver: Receiver,
    pub(crate) method: String,
    pub(crate) function: Function,
    /// As written, for the printers and for operands that are evaluated.
    pub(crate) arguments: Vec<Node>,
    /// The same, ready for the function: one entry a parameter.
    pub(crate) prepared: Vec<Argument>,
}

#[derive(Debug)]
pub(crate) enum Receiver {
    Profile(ProfileName),
    Value(Node),
}

/// An argument, ready for use.
#[derive(Debug)]
pub(crate) enum Argument {
    Text(String),
    /// The name of an attribute of line items.
    ItemAttribute(String),
    /// A value of that attribute.
    ItemValue(String),
    Number(Number),
    Pattern(Pattern),
    Date(DateText),
    /// A node to evaluate: its index among the call's arguments.
    Node(usize),
}

impl Node {
    /// Calls with this node and all below it, outer before inner.
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
            NodeKind::Binary { left, right, .. } => {
                left.visit(with);
                right.visit(with);
            }
            NodeKind::Chain { operands, .. } => operands.iter().for_each(|operand| operand.visit(with)),
        }
    }

    /// Whether this very node reads the line item at hand.
    pub(crate) fn names_line_item(&self) -> bool {
        match &self.kind {
            NodeKind::Attribute(attribute) => attribute.profile.is_line_item(),
            NodeKind::Call(call) => {
                matches!(&call.receiver, Receiver::Profile(profile) if profile.is_line_item())
            }
            _ => false,
        }
    }
}

impl Call {
    /// The receiver's value and the arguments that are evaluated.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Node> {
        let receiver = match &self.receiver {
            Receiver::Value(node) => Some(node),
            Receiver::Profile(_) => None,
        };
        let arguments = self.prepared.iter().filter_map(|argument| match argument {
            Argument::Node(index) => self.arguments.get(*index),
            _ => None,
        });
        receiver.into_iter().chain(arguments)
    }
}
