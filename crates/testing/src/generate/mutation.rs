//! Rules with a fault of their types, and texts that may be no rules any more.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::expression::{Expression, Receiver};
use super::rule;

/// A rule that reads and must be refused by the check.
pub fn ill_typed() -> BoxedStrategy<Expression> {
    (rule::rules(), any::<Index>(), 0..7_u8)
        .prop_map(|(rule, at, fault)| {
            let mut count = 0;
            rule.visit(&mut |_| count += 1);
            let at = at.index(count);
            let mut seen = 0;
            let broken = rule.clone().map(&mut |part| {
                seen += 1;
                if seen - 1 == at { faulty(part, fault) } else { part }
            });
            // A part that every type may take the place of does no harm.
            if broken == rule {
                Expression::binary("&&", rule, Expression::Number("1".to_owned()))
            } else {
                broken
            }
        })
        .boxed()
}

/// The same part with a fault that no place of it allows.
fn faulty(part: Expression, fault: u8) -> Expression {
    match (part, fault) {
        (Expression::Attribute { profile, kind, .. }, _) => {
            // Nobody has an attribute of this name, not even a custom event.
            Expression::Attribute { profile, name: "isNull".to_owned(), kind }
        }
        (Expression::Call { receiver, method, mut arguments, kind }, 0..=2) => {
            arguments.extend((0..7).map(|_| Expression::Text("one too many".to_owned())));
            Expression::Call { receiver, method, arguments, kind }
        }
        (Expression::Call { arguments, kind, .. }, _) => Expression::Call {
            receiver: Receiver::Profile("currentTxn".to_owned()),
            method: "methodOfNobody".to_owned(),
            arguments,
            kind,
        },
        (Expression::Binary(_, left, right), 0..=3) => {
            Expression::Binary("+", Box::new(left.negated()), right)
        }
        (Expression::Binary(_, left, right), _) => Expression::chain("&&", vec![*left, *right, digits()]),
        (Expression::Chain(operator, operands), _) => {
            Expression::chain(operator, [operands, vec![digits()]].concat())
        }
        (Expression::Prefix('!', operand), _) => Expression::Prefix('-', operand),
        (Expression::Prefix(_, operand), _) => Expression::Prefix('!', operand),
        // A literal by itself is wrong in no place of its type.
        (leaf, _) => leaf,
    }
}

fn digits() -> Expression {
    Expression::Number("7".to_owned())
}

/// Pieces that people paste, mistype or forget.
const PIECES: &[&str] = &[
    "(",
    ")",
    "\"",
    "\\",
    "\\\"",
    ",",
    ".",
    "-",
    "!",
    "&",
    "&&",
    "|",
    "||",
    "=",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "<>",
    "+",
    "*",
    "/",
    "%",
    " ",
    "\u{a0}",
    "\t",
    "\n",
    "and",
    "or",
    "not(",
    "AND ",
    "true",
    "false",
    "7",
    "0.5",
    ".5",
    "1.",
    "1e5",
    "x",
    "_x1",
    "currentTxn",
    ".value",
    "'",
    "\u{201c}",
    "&lt;",
    "¤t",
    "[Value]",
    "{",
    "é",
    "😀",
    "\u{0}",
    ";",
    ":",
    "()",
    "( )",
    "--",
    "- 5",
    "!!",
    "\"\"",
    "\u{2003}",
];

/// The text of a rule with a few pieces put in, taken out or exchanged.
pub fn mutated_text() -> BoxedStrategy<String> {
    let edit = (any::<Index>(), 0..4_u8, select(PIECES), 0..4_usize);
    (rule::rules(), prop::collection::vec(any::<u8>(), 0..24), prop::collection::vec(edit, 1..4))
        .prop_map(|(rule, spaces, edits)| {
            let mut text = rule.untidy(&spaces);
            for (at, what, piece, length) in edits {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let at = at.index(places.len());
                let end = places[(at + length).min(places.len() - 1)];
                match what {
                    0 => text.insert_str(places[at], piece),
                    1 => text.replace_range(places[at]..end, ""),
                    2 => text.replace_range(places[at]..end, piece),
                    _ => text.truncate(end),
                }
            }
            text
        })
        .boxed()
}

/// Tokens in no order at all.
pub fn token_salad() -> BoxedStrategy<String> {
    prop::collection::vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat()).boxed()
}
