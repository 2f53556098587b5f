//! Explanations as people read them: a sentence on top, and counts from 1.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::diagnostic::Colour;
use target_rules::{Ast, Explanation, Layout, Limits, Schema, Zone};

fn explained(text: &str, document: &str) -> Explanation {
    let limits = Limits::default();
    let rule =
        Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap();
    let transaction = Layout::of([&rule]).read(document, &limits).unwrap();
    rule.explain(&transaction, &Zone::UTC)
}

/// What is not met is said in the words of the description, and of a clause that
/// no sentence holds how much it is.
#[test]
fn clauses_are_said_as_they_are_described() {
    let rule = "currentTxn.value>500&&currentCustomer.slabName==\"Gold\"";
    let unmet = explained(rule, r#"{"currentTxn":{"value":455}}"#);
    let words = unmet.unmet.as_ref().unwrap().clauses[0].words.clone();
    assert!(unmet.description.as_str().starts_with(&words), "{words}");
    let clauses: Vec<String> =
        (0..40).map(|at| format!("currentTxn.value*{at}>currentTxn.discount")).collect();
    let many = explained(&clauses.join("&&"), r#"{"currentTxn":{"value":1,"discount":900}}"#);
    let sentence = many.missing().unwrap();
    assert!(sentence.ends_with(", and 37 more.") && !sentence.contains('\n'), "{sentence}");
    let either = format!("currentTxn.value>0&&!({})", clauses.join("&&").replace('>', "<"));
    let sentence = explained(&either, r#"{"currentTxn":{"value":1,"discount":900}}"#).missing().unwrap();
    assert_eq!(sentence, "Not met: a condition with many parts holds.");
}

/// A rule, a document, and the sentence.
const CASES: &[(&str, &str, Option<&str>)] = &[
    ("currentTxn.value>500", r#"{"currentTxn":{"value":600}}"#, None),
    (
        "currentTxn.value>500",
        r#"{"currentTxn":{"value":455}}"#,
        Some("Not met: the transaction value is more than 500 (short by 45, must exceed 500)."),
    ),
    (
        "currentTxn.value>500||currentTxn.discount>5",
        r#"{"currentTxn":{"value":455,"discount":1}}"#,
        Some(
            "Not met: the transaction value is more than 500 (short by 45, must exceed 500), or the \
                 transaction discount is more than 5 (short by 4, must exceed 5).",
        ),
    ),
    (
        "currentTxn.value>500&&currentTxn.discount>5&&currentTxn.notes==\"a\"",
        r#"{"currentTxn":{"notes":"b"}}"#,
        Some("Not met: the cashier's note is \"a\"."),
    ),
    (
        "currentTxn.value>500&&currentTxn.discount>5",
        "{}",
        Some("Not known: the transaction does not say `currentTxn.discount` and `currentTxn.value`."),
    ),
    (
        "currentTxn.date.isWeekend()",
        r#"{"currentTxn":{"date":"29.07.2024"}}"#,
        Some("Not known: `currentTxn.date` has no result."),
    ),
    (
        "currentLineItem.qty>5",
        r#"{"currentTxn":{"lineItems":[{"qty":1},{"qty":2}]}}"#,
        Some(
            "Not met: the transaction has an item whose quantity is more than 5 (none of its 2 line \
                 items is such).",
        ),
    ),
    (
        "currentLineItem.qty>5&&currentTxn.value>500",
        r#"{"currentTxn":{"value":455,"lineItems":[{"qty":1},{"qty":7}]}}"#,
        Some("Not met: the transaction value is more than 500 (short by 45, must exceed 500)."),
    ),
    (
        "currentLineItem.qty>5&&currentLineItem.rate>9",
        r#"{"currentTxn":{"lineItems":[{"qty":1,"rate":10},{"qty":7,"rate":2}]}}"#,
        Some(
            "Not met: the transaction has an item whose quantity is more than 5 and whose unit price \
                 is more than 9 (none of its 2 line items is such).",
        ),
    ),
    // Numbers are written as in descriptions; how far a weekday is off says nothing.
    (
        "currentTxn.value>12500.5",
        r#"{"currentTxn":{"value":600}}"#,
        Some(
            "Not met: the transaction value is more than 12 500.5 (short by 11 900.5, must exceed 12 500.5).",
        ),
    ),
    (
        "currentTxn.date.day()==7",
        r#"{"currentTxn":{"date":"2026-03-08"}}"#,
        Some("Not met: the transaction took place on a Saturday."),
    ),
    (
        "currentCustomer.slabName==\"Gold\"||currentCustomer.slabName==\"Silver\"",
        r#"{"currentCustomer":{"slabName":"Bronze"}}"#,
        Some("Not met: the customer's tier is \"Gold\" or \"Silver\"."),
    ),
    (
        "!(currentTxn.value>500||currentTxn.discount>5)",
        r#"{"currentTxn":{"value":600,"discount":1}}"#,
        Some("Not met: the transaction value is at most 500 and the transaction discount is at most 5."),
    ),
    (
        "currentLineItem.qty>5",
        r#"{"currentTxn":{"lineItems":[]}}"#,
        Some("Not met: the transaction has no line items."),
    ),
];

/// What is missing stands on top, in one sentence, and people count from 1.
#[test]
fn one_sentence_on_top_says_what_is_missing() {
    for (text, document, sentence) in CASES.iter().copied() {
        let explanation = explained(text, document);
        assert_eq!(explanation.missing().as_deref(), sentence, "{text}");
        let shown = explanation.to_text(Colour::Off);
        assert_eq!(
            sentence.is_some_and(|sentence| shown.starts_with(sentence)),
            sentence.is_some(),
            "{shown}"
        );
        assert!(!shown.contains("line item 0"), "{shown}");
    }
}
