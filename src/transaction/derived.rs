//! What follows from the values of a document and is computed at most once
//! for a transaction.

use std::sync::Arc;

use crate::rule::{Node, NodeKind, Type, text_of};
use crate::schema::Function;
use crate::value::DateText;

/// A value that follows from others. Equal ones are one, however many rules
/// name them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Derived {
    /// Instant and local time of a date in a slot.
    Slot(usize),
    /// Instant and local time of a date that a rule writes.
    Constant(DateText),
    /// A computed attribute, an aggregate over items, or what comes of a test,
    /// by its canonical text.
    Named(Arc<str>),
}

impl Derived {
    pub(crate) fn named(node: &Node) -> Derived {
        Derived::Named(text_of(node).into())
    }

    /// What comes of a test that takes so long that rules had better share it:
    /// a look into a text or a list, or arithmetic. `None` for every other
    /// node, and where the item at hand is asked: it changes on the way.
    pub(crate) fn outcome(node: &Node) -> Option<Derived> {
        let costly = match &node.kind {
            NodeKind::Call(call) => matches!(
                call.function,
                Function::Contains
                    | Function::Matches
                    | Function::Exists
                    | Function::IsEmpty
                    | Function::CustomFieldIncludes
                    | Function::CustomFieldExcludes
                    | Function::SegmentIncludes
                    | Function::SegmentExcludes
            ),
            NodeKind::Binary { left, right, .. } => {
                node.of == Type::Boolean && [left, right].into_iter().any(|side| computes(side))
            }
            _ => false,
        };
        (costly && !asks_an_item(node)).then(|| Derived::named(node))
    }
}

fn computes(side: &Node) -> bool {
    matches!(side.kind, NodeKind::Binary { .. } | NodeKind::Prefix { .. })
}

fn asks_an_item(node: &Node) -> bool {
    let mut asks = false;
    node.visit(&mut |node| asks |= node.unrolls().is_some());
    asks
}
