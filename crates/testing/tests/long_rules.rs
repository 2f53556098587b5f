//! Long rules full of one oddity: what is found costs time in proportion to the
//! text. Looking back or round anew for each oddity would take minutes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::check::fix;
use target_rules::{Ast, Diagnostics, Limits, Schema};

fn said(text: &str) -> Diagnostics {
    let limits = Limits::default();
    assert!(text.len() <= limits.rule_text);
    match Ast::from_text(text, &limits) {
        Ok(ast) => ast.check(&Schema::standard(), &limits).diagnostics().clone(),
        Err(found) => found,
    }
}

fn told(found: &Diagnostics) -> Vec<(&'static str, &str)> {
    found.iter().map(|found| (found.code.name(), found.message.as_str())).collect()
}

fn compared_with(text: &str) -> Diagnostics {
    said(&format!("currentTxn.notes==\"{text}\""))
}

#[test]
fn letters_of_another_alphabet() {
    let letters = "\u{430}".repeat(200_000);
    // A word of that alphabet alone.
    assert_eq!(told(&compared_with(&letters)), []);
    let looks = [("odd-character", "`\u{430}` (U+0430) only looks like the letter `a`")];
    for word in [format!("{letters}b"), format!("b{letters}"), format!("{letters} b{letters}")] {
        let word: String = word.chars().take(200_000).chain("b".chars()).collect();
        assert_eq!(told(&compared_with(&word)), looks);
    }
    // Each of several words is asked by itself.
    let found = compared_with("\u{430}\u{430} p\u{430}p \u{430}\u{430}");
    let instead = found.iter().next().unwrap().suggestions.first().unwrap().as_one_edit();
    assert_eq!(instead.with, "\"\u{430}\u{430} pap \u{430}\u{430}\"");
}

#[test]
fn joiners_and_marks_of_direction() {
    let joiners = "\u{200d}".repeat(160_000);
    let hidden = [("odd-character", "this text holds an invisible character (U+200D)")];
    assert_eq!(told(&compared_with(&format!("{joiners}b"))), hidden);
    // A script that needs them, at the far end.
    assert_eq!(told(&compared_with(&format!("{joiners}\u{915}"))), []);
    let marks = "\u{200f}".repeat(160_000);
    assert_eq!(told(&compared_with(&format!("{marks}\u{5d0}"))), []);
}

#[test]
fn percent_signs() {
    let most = Limits::default().errors;
    let unknown = ("syntax", "numbers have no percent sign");
    let text = format!("currentTxn.value>{}1", "5%+".repeat(100_000));
    let found = said(&text);
    assert_eq!(told(&found), vec![unknown; most]);
    assert_eq!(found.iter().next().unwrap().note, "of what?");
    // What is divided far to the left counts up to the next `&&`.
    let notes = |text: &str| -> Vec<String> { said(text).iter().map(|found| found.note.clone()).collect() };
    let quotient = "currentTxn.discount/currentTxn.value>5%";
    let (part, of_what) = ("a part of something", "of what?");
    assert_eq!(notes(&format!("{quotient}+6%")), [part, part]);
    assert_eq!(notes(&format!("{quotient}&&currentTxn.value>6%")), [part, of_what]);
    assert_eq!(notes(&format!("currentTxn.value>6%&&{quotient}")), [of_what, part]);
    assert_eq!(notes(&format!("{quotient}*100+6%")), [part, of_what]);
}

#[test]
fn suggestions_that_were_not_tried_are_not_offered() {
    let rule = "currentTxn.value=5";
    let offered = |text: &str| said(text).iter().map(|found| found.suggestions.len()).sum::<usize>();
    assert_eq!(offered(rule), 1);
    let long = format!("{rule}{}", " ".repeat(300 * 1024));
    assert_eq!(said(&long).iter().count(), 1);
    assert_eq!(offered(&long), 0);
    assert_eq!(fix(&long, &Schema::standard(), &Limits::default()).applied, 0);
}
