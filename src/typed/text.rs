//! The canonical text of a typed tree.

use crate::syntax::{Operator, OperatorKind, write_quoted};

use super::{Arithmetic, Node, NodeKind, Receiver};

/// The canonical text of one node.
pub(crate) fn text_of(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

/// The canonical text of the first steps of a chain of arithmetic.
pub(crate) fn text_of_steps(chain: &Arithmetic, count: usize) -> String {
    let mut out = String::new();
    write_steps(chain, count, &mut out);
    out
}

fn write_steps(chain: &Arithmetic, count: usize, out: &mut String) {
    let outer = chain.precedence();
    write_bracketed(&chain.first, precedence(&chain.first).is_some_and(|inner| inner < outer), out);
    for step in chain.steps.iter().take(count) {
        out.push_str(step.operator.spelling());
        let operand = &step.operand;
        // It groups to the left, so an operand that binds as tightly needs
        // brackets.
        write_bracketed(operand, precedence(operand).is_some_and(|inner| inner <= outer), out);
    }
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        NodeKind::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        NodeKind::Number(_, digits) => out.push_str(digits),
        NodeKind::Text(text) => write_quoted(text, out),
        NodeKind::Word(word) => out.push_str(word),
        NodeKind::Attribute(attribute) => {
            out.push_str(&attribute.profile.name);
            out.push('.');
            out.push_str(&attribute.name);
        }
        NodeKind::Call(call) => {
            match &call.receiver {
                Receiver::Profile(profile) => out.push_str(&profile.name),
                Receiver::Value(node) => write(node, out),
            }
            out.push('.');
            out.push_str(&call.method);
            out.push('(');
            for (index, argument) in call.arguments.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(argument, out);
            }
            out.push(')');
        }
        NodeKind::Prefix { operator, operand } => {
            out.push_str(operator.spelling());
            // Without brackets, `-5` would be read as one literal.
            let literal = *operator == Operator::Negate
                && matches!(&operand.kind, NodeKind::Number(_, digits) if !digits.starts_with('-'));
            let binds_looser = precedence(operand).is_some_and(|inner| inner < operator.precedence());
            write_bracketed(operand, literal || binds_looser, out);
        }
        NodeKind::Arithmetic(chain) => write_steps(chain, chain.steps.len(), out),
        NodeKind::Binary { operator, left, right } => {
            let outer = operator.precedence();
            write_bracketed(left, precedence(left).is_some_and(|inner| inner < outer), out);
            out.push_str(operator.spelling());
            // All operators group to the left, so a right operand of equal
            // precedence needs brackets.
            write_bracketed(right, precedence(right).is_some_and(|inner| inner <= outer), out);
        }
        NodeKind::Chain { operator, operands } => {
            for (index, operand) in operands.iter().enumerate() {
                if index > 0 {
                    out.push_str(operator.spelling());
                }
                let mixes = matches!(operand.kind, NodeKind::Chain { .. });
                write_bracketed(operand, mixes, out);
            }
        }
    }
}

fn write_bracketed(node: &Node, brackets: bool, out: &mut String) {
    if brackets {
        out.push('(');
    }
    write(node, out);
    if brackets {
        out.push(')');
    }
}

/// The precedence of a node's operator; `None` for a node that never needs
/// brackets.
fn precedence(node: &Node) -> Option<u8> {
    match &node.kind {
        NodeKind::Binary { operator, .. } | NodeKind::Chain { operator, .. } => Some(operator.precedence()),
        NodeKind::Arithmetic(chain) => Some(chain.precedence()),
        NodeKind::Prefix { operator, .. } if operator.kind() == OperatorKind::Prefix => {
            Some(operator.precedence())
        }
        _ => None,
    }
}
