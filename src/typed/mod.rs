//! The typed tree of a rule: every name resolved, every node typed, every call
//! with the fields that it needs.
//!
//! Only the checker makes one. It owns what it needs, so it outlives the
//! schema, and everything after the checker works on it alone.
#![deny(clippy::arithmetic_side_effects)]

mod agree;
mod call;
mod read;
mod text;

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::schema::{Computed, Each};
use crate::syntax::Operator;
use crate::value::Number;

pub(crate) use agree::equal;
pub use call::{Answer, Container, Selection};
pub(crate) use call::{Call, CallKind, DateArgument, Items, Receiver};
pub(crate) use read::{EXTENDED, figure_reads, figures_of};
pub use read::{Field, Figure, Read, ValueKind};
pub(crate) use text::text_of;

/// The profile that line items and tenders belong to.
pub(crate) const TRANSACTION: &str = "currentTxn";

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
    Attribute(Arc<Attribute>),
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
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProfileName {
    pub(crate) name: String,
    /// Its type in a tree.
    pub(crate) tag: String,
    /// The profile that its values are read from: itself, or the one of which
    /// it is another name.
    pub(crate) section: Arc<str>,
    /// Every key that they stand under in a document.
    pub(crate) keys: Vec<Arc<str>>,
    /// The list whose entries it stands for, one by one.
    pub(crate) each: Option<Each>,
}

impl ProfileName {
    /// The section whose line items are meant by what is asked of it.
    pub(crate) fn list_section(&self) -> Arc<str> {
        if self.each.is_some() { TRANSACTION.into() } else { self.section.clone() }
    }
}

/// An attribute as a rule names it. A rule has it once, however often it
/// names it: chains of many stores do nothing else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) name: String,
    pub(crate) computed: Option<Computed>,
    pub(crate) read: Read,
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

    /// The profile that this very node names.
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

    /// The list whose entry at hand this very node reads.
    pub(crate) fn unrolls(&self) -> Option<Each> {
        self.profile().and_then(|profile| profile.each)
    }

    /// Whether it is a constant.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(
            self.kind,
            NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_)
        )
    }

    /// The nodes right below this one that are evaluated.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        match &self.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => Box::new(std::iter::empty()),
            NodeKind::Call(call) => Box::new(call.operands()),
            NodeKind::Prefix { operand, .. } => Box::new(std::iter::once(&**operand)),
            NodeKind::Binary { left, right, .. } => Box::new([&**left, &**right].into_iter()),
            NodeKind::Chain { operands, .. } => Box::new(operands.iter()),
        }
    }

    /// Whether this node or one below it reads the entry at hand.
    pub(crate) fn asks_an_item(&self) -> bool {
        let mut asks = false;
        self.visit(&mut |node| asks |= node.unrolls().is_some());
        asks
    }
}
