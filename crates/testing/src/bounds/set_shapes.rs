//! Shapes of sets of rules: many rules, and many documents.

use super::document_doors::{SET_BUILD, SET_CHANGE, SET_DECIDE, SET_REASONS};
use super::door::Shape;
use super::parts::{any, joined};
use super::rule_shapes::{bill, texts, values};

pub(super) static SHAPES: &[Shape] = &[
    Shape::two(&SET_BUILD, "rules about one number", 20_000, |n| (String::new(), numbers(n))),
    Shape::two(&SET_BUILD, "rules about one text", 20_000, |n| (String::new(), words(n))),
    Shape::two(&SET_BUILD, "rules about fields of their own", 20_000, |n| (String::new(), fields(n))),
    Shape::two(&SET_BUILD, "rules about brands of their own", 10_000, |n| (String::new(), brands(n))),
    Shape::two(&SET_BUILD, "one long rule", 16_000, |n| (String::new(), values(n))),
    Shape::two(&SET_BUILD, "`&&` in `||`", 4_900, |n| (String::new(), pairs(n))),
    Shape::two(&SET_BUILD, "texts found in another", 12_000, |n| (String::new(), texts(n))),
    Shape::two(&SET_CHANGE, "rules about one number", 20_000, |n| (String::new(), numbers(n))),
    Shape::two(&SET_CHANGE, "rules about fields of their own", 20_000, |n| (String::new(), fields(n))),
    Shape::two(&SET_DECIDE, "rules about one number", 20_000, |n| (DOCUMENT.to_owned(), numbers(n))),
    Shape::two(&SET_DECIDE, "rules about fields of their own", 20_000, |n| (DOCUMENT.to_owned(), fields(n))),
    Shape::two(&SET_DECIDE, "rules about brands of their own", 10_000, |n| (bill(100), brands(n))),
    Shape::two(&SET_DECIDE, "many items, one rule", 10_000, |n| (bill(n), brands(1))),
    Shape::two(&SET_DECIDE, "many documents, few rules", 20_000, |n| {
        (joined(n, "\n", |at| DOCUMENT.replace("730.5", &at.to_string())), numbers(20))
    }),
    Shape::two(&SET_REASONS, "rules about fields of their own", 20_000, |n| ("{}".to_owned(), fields(n))),
    Shape::two(&SET_REASONS, "rules about brands of their own", 10_000, |n| ("{}".to_owned(), brands(n))),
    Shape::two(&SET_REASONS, "many empty documents, few rules", 20_000, |n| {
        (joined(n, "\n", |_| "{}".to_owned()), fields(20))
    }),
    Shape::two(&SET_REASONS, "one long rule", 10_000, |n| {
        ("{}".to_owned(), any(n, |at| format!("currentEvent.zq{at}>1")))
    }),
];

const DOCUMENT: &str = r#"{"currentTxn":{"number":"n-1","value":730.5,"discount":3,"notes":"gift 7"}}"#;

fn numbers(rules: usize) -> String {
    joined(rules, "\n", |at| format!("currentTxn.value>{at}"))
}

fn words(rules: usize) -> String {
    joined(rules, "\n", |at| {
        format!("currentTxn.notes==\"gift {at}\"||currentTxn.notes.contains(\"g {at}\")")
    })
}

fn fields(rules: usize) -> String {
    joined(rules, "\n", |at| format!("currentEvent.zq{at}>1"))
}

fn brands(rules: usize) -> String {
    joined(rules, "\n", |at| format!("currentTxn.basketSum(\"brand\",\"B{at}\")>1"))
}

fn pairs(terms: usize) -> String {
    any(terms, |at| format!("(currentTxn.value=={at}&&currentTxn.discount>{at}&&currentTxn.points<{at})"))
}
