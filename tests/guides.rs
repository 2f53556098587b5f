//! The guides tell what is so: their examples are decided, checked and refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema, Truth, Zone};

const DOCUMENTS: &str = include_str!("../docs/documents.md");
const RULES: &str = include_str!("../docs/rules.md");

/// The fenced blocks of a page in order, each with its kind.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fences = page.split("```").skip(1).step_by(2);
    fences.map(|block| block.split_once('\n').unwrap()).map(|(kind, body)| (kind, body.trim_end())).collect()
}

fn checked(text: &str) -> Result<Rule, Diagnostics> {
    let limits = Limits::default();
    Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
}

/// What comes of a document, as the guide writes it.
fn told(rule: &Rule, document: &str) -> String {
    let transaction = match Layout::of([rule]).read(document, &Limits::default()) {
        Ok(transaction) => transaction,
        Err(refused) => {
            let fault = refused.iter().next().unwrap();
            return format!("refused: {} at {}", fault.code, fault.pointer.as_deref().unwrap());
        }
    };
    let decision = rule.decide(&transaction, &Zone::UTC);
    if decision.result != Truth::Unknown {
        return decision.result.to_string();
    }
    // The guide names each kind of fault once, wherever it is met.
    let mut faults: Vec<String> = decision.faults.iter().map(|fault| fault.code.to_string()).collect();
    faults.dedup();
    format!("unknown: {}", decision.absent.iter().cloned().chain(faults).collect::<Vec<_>>().join(", "))
}

#[test]
fn what_the_guide_to_documents_says_is_decided() {
    let (mut rule, mut document, mut results) = (None, None, 0);
    for (kind, body) in blocks(DOCUMENTS) {
        match kind {
            "rule" => rule = Some(checked(body).unwrap_or_else(|refused| panic!("{body}: {refused}"))),
            "transaction" => assert!(document.replace(body).is_none(), "no result before: {body}"),
            "result" => {
                let document = document.take().unwrap();
                assert_eq!(told(rule.as_ref().unwrap(), document), body, "{document}");
                results += 1;
            }
            other => panic!("a block of unknown kind `{other}`"),
        }
    }
    assert!(document.is_none() && results > 15, "{results} results");
}

#[test]
fn what_the_guide_to_rules_shows_checks_or_is_refused() {
    let (mut accepted, mut refused) = (0, 0);
    for (kind, body) in blocks(RULES) {
        for rule in body.lines() {
            match (kind, checked(rule)) {
                ("rule", Ok(_)) => accepted += 1,
                ("refused", Err(faults)) => {
                    let help = faults.iter().any(|fault| fault.help.is_some());
                    assert!(help, "no repair of `{rule}`: {faults}");
                    refused += 1;
                }
                (_, Ok(_)) => panic!("`{rule}` is accepted"),
                (_, Err(faults)) => panic!("`{rule}` is refused: {faults}"),
            }
        }
    }
    assert!(accepted > 25 && refused > 5, "{accepted} accepted, {refused} refused");
}
