//! When two typed trees mean the same.

use std::sync::Arc;

use super::{Node, NodeKind, Receiver};

/// Structural equality of two nodes: numbers are compared by value, a bare word
/// equals the same string, the names of one profile are equal, attributes must
/// have one type, and spans are ignored.
pub(crate) fn equal(left: &Node, right: &Node) -> bool {
    match (&left.kind, &right.kind) {
        (NodeKind::Boolean(left), NodeKind::Boolean(right)) => left == right,
        (NodeKind::Number(left, _), NodeKind::Number(right, _)) => left == right,
        (NodeKind::Text(left) | NodeKind::Word(left), NodeKind::Text(right) | NodeKind::Word(right)) => {
            left == right
        }
        (NodeKind::Attribute(a), NodeKind::Attribute(b)) => {
            // A field that no schema lists is a number in one rule, and a text in another.
            left.of == right.of
                && (Arc::ptr_eq(a, b) || (a.profile.section == b.profile.section && a.name == b.name))
        }
        (NodeKind::Call(left), NodeKind::Call(right)) => {
            let receivers = match (&left.receiver, &right.receiver) {
                (Receiver::Profile(left), Receiver::Profile(right)) => left.section == right.section,
                (Receiver::Value(left), Receiver::Value(right)) => equal(left, right),
                _ => false,
            };
            let arguments = || left.arguments.iter().zip(&right.arguments);
            receivers
                && left.method == right.method
                && left.arguments.len() == right.arguments.len()
                && arguments().all(|(left, right)| equal(left, right))
        }
        (
            NodeKind::Prefix { operator: left_operator, operand: left },
            NodeKind::Prefix { operator: right_operator, operand: right },
        ) => left_operator == right_operator && equal(left, right),
        (NodeKind::Arithmetic(left), NodeKind::Arithmetic(right)) => {
            let steps = || left.steps.iter().zip(&right.steps);
            left.steps.len() == right.steps.len()
                && equal(&left.first, &right.first)
                && steps().all(|(left, right)| {
                    left.operator == right.operator && equal(&left.operand, &right.operand)
                })
        }
        (
            NodeKind::Binary { operator: left_operator, left: a, right: b },
            NodeKind::Binary { operator: right_operator, left: c, right: d },
        ) => left_operator == right_operator && equal(a, c) && equal(b, d),
        (
            NodeKind::Chain { operator: left_operator, operands: left },
            NodeKind::Chain { operator: right_operator, operands: right },
        ) => left_operator == right_operator && all_equal(left, right),
        _ => false,
    }
}

fn all_equal(left: &[Node], right: &[Node]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
}
