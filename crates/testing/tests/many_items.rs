//! What a rule asks of all line items is computed once for a bill, not once for
//! each item or each term: else these take minutes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::{Ast, Layout, Limits, Rule, Schema, Transaction, Truth, Zone};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    checked.into_rule().unwrap_or_else(|found| panic!("{found}"))
}

fn read(rule: &Rule, document: &str) -> Transaction {
    Layout::of([rule]).read(document, &Limits::default()).unwrap()
}

/// A bill with as many items as a document may have.
fn bill(notes: &str, item: impl Fn(usize) -> String) -> String {
    let items = (0..Limits::default().transaction_array).map(item).collect::<Vec<_>>().join(",");
    format!("{{\"currentTxn\":{{\"notes\":\"{notes}\",\"lineItems\":[{items}]}}}}")
}

fn joined(terms: usize, by: &str, term: impl Fn(usize) -> String) -> String {
    (0..terms).map(term).collect::<Vec<_>>().join(by)
}

/// Decides, explains, and asks all that is asked about a rule.
fn ask(rule: &Rule, document: &str, expected: Truth) {
    let (transaction, zone) = (read(rule, document), Zone::UTC);
    assert_eq!(rule.decide(&transaction, &zone).result, expected);
    assert_eq!(rule.explain(&transaction, &zone).decision.result, expected);
    assert_eq!(rule.refusing_clause(&transaction, &zone).is_some(), expected == Truth::False);
    rule.lacking_items(&transaction, &zone);
    rule.lacking_lists(&transaction, &zone);
}

#[test]
fn sums_in_an_unrolled_rule() {
    let sums = joined(10, "&&", |at| format!("currentTxn.basketSum(\"brand\",\"a\")>{at}"));
    let item = |at: usize| format!("{{\"qty\":{at},\"amount\":2,\"attributes\":{{\"brand\":\"a\"}}}}");
    let document = bill("", item);
    ask(&checked(&format!("{sums}&&currentLineItem.qty>1")), &document, Truth::True);
    ask(&checked(&format!("{sums}&&currentLineItem.qty<0")), &document, Truth::False);
    // One item lacks the amount, so every sum is unknown, for every item.
    let document =
        bill("", |at| item(at).replace("\"amount\":2", if at == 0 { "\"rate\":1" } else { "\"amount\":2" }));
    ask(&checked(&format!("{sums}&&currentLineItem.qty>1")), &document, Truth::Unknown);
}

/// Sums that select alike, or by values of one attribute, are found at once.
#[test]
fn many_sums_of_many_items() {
    let item =
        |at: usize| format!("{{\"qty\":1,\"amount\":2,\"attributes\":{{\"brand\":\"b{}\"}}}}", at % 4_000);
    let document = bill("", item);
    let rule = joined(4_000, "||", |at| format!("currentTxn.basketSum(\"brand\",\"b{at}\")>9"));
    ask(&checked(&rule), &document, Truth::False);
    let rule = joined(4_000, "||", |at| format!("currentTxn.basketQty(\"brand\",\"b1\")>{}", at + 9));
    ask(&checked(&rule), &document, Truth::False);
}

/// A text beside the items, as long as a document may be.
#[test]
fn a_long_text_beside_many_items() {
    let notes = "a".repeat(800_000);
    let document = bill(&notes, |_| "{}".to_owned());
    for asked in
        ["currentTxn.notes.contains(\"ab\")", "currentTxn.notes==\"ab\"", "currentTxn.notes.matches(\"ab\")"]
    {
        let rule = checked(&format!("{asked}||currentLineItem.qty>1"));
        let transaction = read(&rule, &document);
        assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::Unknown, "{asked}");
    }
}

/// A long text compared with many others is not copied for each.
#[test]
fn a_long_text_beside_many_terms() {
    let rule = checked(&joined(5_000, "||", |at| format!("currentTxn.notes==\"{at}\"")));
    let document = format!("{{\"currentTxn\":{{\"notes\":\"{}\"}}}}", "a".repeat(900_000));
    let transaction = read(&rule, &document);
    let taken = allocation_counter::measure(|| {
        assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
    });
    assert!(taken.bytes_total < 1_000_000, "{taken:?}");
}
