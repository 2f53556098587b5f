//! What is reported, as a host passes it on: written with serde, read back by
//! whoever takes it, printed on one line.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use target_rules::diagnostic::{Code, Colour, FileDiagnostic, Severity};
use target_rules::interpret::Fault;
use target_rules::{
    Ast, Decision, Diagnostic, Evaluation, Layout, Limits, Reference, Rule, RuleSet, Schema, Scratch,
    Transaction, Zone,
};

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

fn read(rule: &Rule, document: &str) -> Transaction {
    Layout::of([rule]).read(document, &Limits::default()).unwrap()
}

/// What is read of what was written.
fn reread<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    assert_eq!(reread(value), *value);
}

const FAULTY: &str = "currentTxn.value/currentTxn.discount>1 && currentCustomer.email==\"a@b.c\"";

#[test]
fn decisions_come_back() {
    let rule = rule(FAULTY);
    let transaction = read(&rule, r#"{"currentTxn": {"value": 5, "discount": 0}}"#);
    let decision = rule.decide(&transaction, &Zone::UTC);
    assert_eq!((decision.absent.len(), decision.faults.len()), (1, 1));
    comes_back(&decision);
    let fault: Fault = decision.faults[0];
    assert_eq!(fault.to_string(), "division-by-zero in bytes 0 to 36 of the rule");
    let fault: &dyn std::error::Error = &fault;
    assert!(fault.source().is_none());
    // Beside what else an explanation says.
    let explanation = rule.explain(&transaction, &Zone::UTC);
    let read: Decision = serde_json::from_str(&serde_json::to_string(&explanation).unwrap()).unwrap();
    assert_eq!(read, decision);
    assert_eq!(explanation.to_string(), *explanation.to_text(Colour::Off));
}

#[test]
fn distances_are_written_as_digits() {
    let rule = rule("currentTxn.value>500");
    let explanation = rule.explain(&read(&rule, r#"{"currentTxn": {"value": 455.50}}"#), &Zone::UTC);
    let written = serde_json::to_value(&explanation.trees[0].root.distance).unwrap();
    assert_eq!(written, json!({"value": "455.5", "must": "exceed", "bound": "500", "by": "44.5"}));
}

#[test]
fn undecided_rules_are_written_with_their_reasons() {
    let set = RuleSet::new([("gold", rule(FAULTY))]).unwrap();
    let document = r#"{"currentTxn": {"value": 5, "discount": 0}}"#;
    let transaction = set.layout().read(document, &Limits::default()).unwrap();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    let mut written = Vec::new();
    set.undecided(&mut evaluation, |one| written.push(serde_json::to_value(one).unwrap())).unwrap();
    let span = json!({"start": 0, "end": 36});
    let fault = json!({"code": "division-by-zero", "form": "dsl", "span": span});
    let expected = json!([{"id": "gold", "absent": ["currentCustomer.email"], "faults": [fault]}]);
    assert_eq!(serde_json::Value::from(written), expected);
}

#[test]
fn references_come_back() {
    let rule = rule(
        "currentTxn.value>5 && currentCustomer.extField_a==\"b\" && currentTxn.basketQty(\"brand\",\"Puma\")>1",
    );
    let references = rule.references();
    assert!(references.iter().any(|reference| matches!(reference, Reference::EntryField { .. })));
    comes_back(&references);
}

#[test]
fn diagnostics_come_back_but_for_what_only_drawing_needs() {
    let refused = Ast::from_tree(r#"{"arity": "literal"}"#, &Limits::default()).unwrap_err();
    let text = Ast::from_text("currentTxn.value=1", &Limits::default()).unwrap_err();
    let mut pointers = 0;
    for mut diagnostic in refused.into_iter().chain(text) {
        assert_eq!(diagnostic.to_string(), format!("{}: {}", diagnostic.code, diagnostic.message));
        assert!(
            FileDiagnostic::from(diagnostic.clone()).file
                == reread(&FileDiagnostic::from(diagnostic.clone())).file
        );
        let read: Diagnostic = reread(&diagnostic);
        diagnostic.note.clear();
        assert_eq!(read, diagnostic);
        pointers += usize::from(read.pointer.is_some());
    }
    assert_eq!(pointers, 1);
    for code in Code::ALL {
        comes_back(code);
    }
    assert!(serde_json::from_str::<Code>("\"no-such-code\"").is_err());
    comes_back(&[Severity::Error, Severity::Warning]);
}
