//! The edits of findings, in both forms: applied as every other repair is, and
//! what comes of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use target_rules::diagnostic::{Fixed, Suggestion};
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{LintedClause, Options, Verdict, diff_three_valued, lint_written};
use target_rules_testing::workloads::documented::{self, KINDS, Origin};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    let ast =
        if text.starts_with('{') { Ast::from_tree(text, &limits) } else { Ast::from_text(text, &limits) };
    ast.unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

fn found(text: &str) -> Vec<LintedClause> {
    lint_written(&checked(text), text, &Schema::standard(), &Options::default())
}

fn fixed(text: &str) -> Fixed {
    Fixed::of(text, |text| found(text).into_iter().flat_map(|found| found.diagnostic.suggestions).collect())
}

/// Each text, and what is left of it.
const EDITS: &[(&str, &str)] = &[
    ("currentTxn.value > 500 && currentTxn.value != 20", "currentTxn.value > 500"),
    ("currentTxn.value != 20 && currentTxn.value > 500", "currentTxn.value > 500"),
    (
        "currentTxn.value>500&&(currentTxn.value!=20)&&currentTxn.value<900",
        "currentTxn.value>500&&currentTxn.value<900",
    ),
    (
        "currentTxn.value > 500 && (currentTxn.value > 300 || currentTxn.value < 100)",
        "currentTxn.value > 500",
    ),
    ("currentTxn.value>100&&currentTxn.value>200&&currentTxn.value>300", "currentTxn.value>300"),
    (
        "currentCustomer.isLoyal && !(currentTxn.value <= 5) && currentTxn.value > 5",
        "currentCustomer.isLoyal && !(currentTxn.value <= 5)",
    ),
    (
        r#"currentCustomer.slabName.contains("Go") || currentCustomer.slabName == "Gold""#,
        r#"currentCustomer.slabName.contains("Go")"#,
    ),
    // A bracket that holds one clause is one all the same.
    (
        "(currentTxn.value>9||currentTxn.value>9)&&currentCustomer.isLoyal",
        "(currentTxn.value>9)&&currentCustomer.isLoyal",
    ),
];

#[test]
fn an_edit_leaves_out_what_says_nothing() {
    for (text, expected) in EDITS {
        let fixed = fixed(text);
        assert_eq!(fixed.text, *expected, "{text}");
        assert!(fixed.applied > 0);
    }
}

#[test]
fn the_same_edits_are_found_in_a_tree() {
    for (text, expected) in EDITS {
        let tree = checked(text).to_tree(TreeStyle::Compact, 1 << 20).unwrap();
        let fixed = fixed(&tree);
        let (left, wanted) = (checked(&fixed.text), checked(expected));
        assert!(left == wanted, "{text}\n{}", left.to_text());
        // Bytes that nothing replaces are as they were.
        assert_eq!(left.to_tree(TreeStyle::Compact, 1 << 20).unwrap(), fixed.text);
    }
}

/// Where the rest reads less, documents count that were errors: a person decides.
#[test]
fn an_edit_after_which_less_is_read_is_not_made_by_itself() {
    for text in [
        "currentTxn.value > 500 || (currentTxn.value > 500 && currentTxn.discount > 3)",
        "currentTxn.value > 500 && (currentTxn.value > 300 || currentCustomer.isLoyal)",
    ] {
        let found = found(text);
        let [edit] = found[0].diagnostic.suggestions.as_slice() else { panic!("{text}") };
        assert!(!edit.is_safe(), "{text}");
        let edited = checked(&Suggestion::apply_all(text, [edit]));
        assert_eq!(edited.to_text(), "currentTxn.value>500");
        let help = found[0].diagnostic.help.as_deref().unwrap();
        assert!(help.contains("less is read"), "{help}");
        assert_eq!(fixed(text).text, text);
    }
}

/// What holds of true transactions only is told and not edited.
#[test]
fn no_edit_changes_a_result() {
    for text in [
        // Without a date the first is unknown, and the rest alone false.
        "currentCustomer.isLoyal || currentTxn.date.month() == 13",
        "currentCustomer.isLoyal || (currentTxn.value > 500 && currentTxn.value < 100)",
    ] {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].diagnostic.suggestions.is_empty(), "{text}");
    }
}

/// Of rules as people write them, with clauses that were added to be in vain.
#[test]
fn every_edit_of_documented_rules_keeps_every_result() {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rules = documented::rules(Origin::best(), &KINDS[0], 200, 3, &schema, &limits);
    let options = Options::default();
    let mut edits = 0;
    for pair in rules.windows(2) {
        let [(first, _), (second, _)] = pair else { continue };
        for text in [
            format!("({first}) && (({second}) || ({first}))"),
            format!("({first}) || (({first}) && ({second}))"),
        ] {
            let ast = Ast::from_text(&text, &limits);
            let Ok(Ok(rule)) = ast.map(|ast| ast.check(&schema, &limits).into_rule()) else { continue };
            let found = lint_written(&rule, &text, &schema, &options);
            let all = found.iter().flat_map(|found| &found.diagnostic.suggestions);
            let (safe, doubted): (Vec<&Suggestion>, Vec<&Suggestion>) = all.partition(|edit| edit.is_safe());
            edits += safe.len() + doubted.len();
            let together = [safe].into_iter().filter(|safe| !safe.is_empty());
            for edits in together.chain(doubted.into_iter().map(|edit| vec![edit])) {
                let edited = checked(&Suggestion::apply_all(&text, edits));
                assert_eq!(
                    diff_three_valued(&rule, &edited, &options).verdict,
                    Verdict::Equivalent,
                    "{text}"
                );
            }
        }
    }
    println!("{edits} edits");
    assert!(edits > 100, "{edits}");
}
