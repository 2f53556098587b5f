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

/// What is missing stands on top, in one sentence, and people count from 1.
#[test]
fn one_sentence_on_top_says_what_is_missing() {
    let cases = [
        ("currentTxn.value>500", r#"{"currentTxn":{"value":600}}"#, None),
        (
            "currentTxn.value>500",
            r#"{"currentTxn":{"value":455}}"#,
            Some("Not met: `currentTxn.value>500` (short by 45, must exceed 500)."),
        ),
        (
            "currentTxn.value>500||currentTxn.discount>5",
            r#"{"currentTxn":{"value":455,"discount":1}}"#,
            Some(
                "Not met: `currentTxn.value>500` (short by 45, must exceed 500) or `currentTxn.discount>5` \
                 (short by 4, must exceed 5).",
            ),
        ),
        (
            "currentTxn.value>500&&currentTxn.discount>5&&currentTxn.notes==\"a\"",
            r#"{"currentTxn":{"notes":"b"}}"#,
            Some("Not met: `currentTxn.notes==\"a\"`."),
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
            Some("Not met: none of the 2 line items is such as the rule asks for."),
        ),
        (
            "currentLineItem.qty>5",
            r#"{"currentTxn":{"lineItems":[]}}"#,
            Some("Not met: the transaction has no line items."),
        ),
    ];
    for (text, document, sentence) in cases {
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
