//! What is said of generated rules over the whole language is held to
//! transactions that are generated for them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use crate::plain::is_plain;
use proptest::prelude::*;
use target_rules::{Layout, Limits, Rule, Zone};
use target_rules_analysis::{Difference, FindingKind, Options, Verdict, diff, lint};
use target_rules_testing::generate::{self, SetCase};

/// What a difference denies of a transaction for which the rules come to this.
fn denies(difference: &Difference, old: bool, new: bool) -> bool {
    match difference.verdict {
        Verdict::Equivalent => old != new,
        Verdict::Narrower => new && !old,
        Verdict::Wider => old && !new,
        Verdict::Disjoint => old && new,
        _ => false,
    }
}

fn hold(old: &Rule, new: &Rule, case: &SetCase, zone: &Zone) {
    let options = Options { zone: zone.clone(), work: 50_000, solutions: 2, ..Options::default() };
    let difference = diff(old, new, &options);
    let document = case.transaction.to_string();
    let told = || format!("{difference:?}\n{}\n{}\n{document}", old.to_text(), new.to_text());
    let transaction = generate::read(&[old, new], &case.transaction);
    let of = |rule: &Rule| rule.decide(&transaction, zone).result;
    // What is taken for granted of numbers need not hold of this transaction.
    if difference.assumes.is_empty() || is_plain(&document) {
        assert!(!denies(&difference, of(old).is_true(), of(new).is_true()), "{}", told());
    }
    for witness in &difference.witnesses {
        let layout = Layout::of([old, new]);
        let shown = layout.read(&witness.transaction, &Limits::default()).unwrap();
        let of = |rule: &Rule| rule.decide(&shown, zone).result;
        assert_eq!((of(old), of(new)), (witness.old, witness.new), "{}", told());
        assert_ne!(witness.old.is_true(), witness.new.is_true(), "{}", told());
    }
}

/// What is found of a rule as a whole holds of the transaction.
fn found(rule: &Rule, case: &SetCase, zone: &Zone) {
    let options = Options { zone: zone.clone(), work: 50_000, ..Options::default() };
    let result = rule.decide(&generate::read(&[rule], &case.transaction), zone).result;
    for finding in lint(rule, &options) {
        let holds = match finding.kind {
            FindingKind::NeverTrue => !result.is_true(),
            FindingKind::AlwaysTrue => result.is_true(),
            FindingKind::NeverDecided => result.is_unknown(),
            _ => true,
        };
        assert!(holds, "{finding:?}\n{}\n{}", rule.to_text(), case.transaction);
    }
}

proptest! {
    #![proptest_config(generate::tries(150))]

    #[test]
    fn nothing_is_denied_that_a_transaction_shows(case in generate::sets(2)) {
        let zone = generate::zone(case.zone);
        let texts: Vec<String> = case.rules.iter().map(generate::Expression::text).collect();
        let (first, last) = (&texts[0], &texts[texts.len() - 1]);
        let checked = |text: &str| {
            let limits = Limits::default();
            let ast = target_rules::Ast::from_text(text, &limits).ok()?;
            ast.check(&target_rules::Schema::standard(), &limits).into_rule().ok()
        };
        let (Some(old), Some(new)) = (checked(first), checked(last)) else { return Ok(()) };
        hold(&old, &new, &case, &zone);
        found(&old, &case, &zone);
        // Related ones, of which more is said.
        for related in [format!("({first}) && ({last})"), format!("!({first}) || ({last})")] {
            if let Some(related) = checked(&related) {
                hold(&old, &related, &case, &zone);
                hold(&related, &new, &case, &zone);
                found(&related, &case, &zone);
            }
        }
    }
}
