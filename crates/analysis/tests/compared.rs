//! How pairs of rules of a hundred clauses differ, which benchmarks measure.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use target_rules::{Ast, Layout, Limits, Rule, Schema, Zone};
use target_rules_analysis::{Options, Verdict, diff};
use target_rules_testing::workloads::compared;

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// All of them are told apart in a tenth of the steps that a question may take.
#[test]
fn pairs_of_a_hundred_clauses_are_told_apart() {
    let options = Options { work: Options::default().work / 10, ..Options::default() };
    let pairs = compared::pairs();
    let told: Vec<(&str, Verdict)> = pairs
        .iter()
        .map(|pair| (pair.name, diff(&checked(&pair.old), &checked(&pair.new), &options).verdict))
        .collect();
    let expected = [
        ("100 fields", Verdict::Narrower),
        ("50 of either", Verdict::Narrower),
        ("50 of either, turned", Verdict::Equivalent),
        ("50 of either, turned and one edge moved", Verdict::Narrower),
        ("50 ranges of a number", Verdict::Narrower),
        ("25 of nested", Verdict::Narrower),
        ("25 of nested, turned", Verdict::Equivalent),
        ("25 of nested, turned and one edge moved", Verdict::Narrower),
    ];
    assert_eq!(told, expected);
}

/// Of rules that have many clauses in common, all is said that trying every document says.
#[test]
fn rules_with_many_clauses_in_common_are_told_apart_as_by_trying() {
    let mut seed = 11_u32;
    let mut draw = move |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % most
    };
    // Each edge, and numbers around it.
    let values = ["", "-1", "0", "0.5", "1", "1.5", "2", "3"];
    let all = (0..512).map(|at| [at / 64, at / 8 % 8, at % 8]);
    let documents: Vec<String> = all
        .map(|at| {
            let fields = ["a", "b", "c"].iter().zip(at).filter(|(_, at)| *at > 0);
            let fields: Vec<String> =
                fields.map(|(name, at)| format!(r#""{name}":{}"#, values[at])).collect();
            format!(r#"{{"currentTxn":{{"extendedFields":{{{}}}}}}}"#, fields.join(","))
        })
        .collect();
    let (options, limits) = (Options::default(), Limits::default());
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..120 {
        let all = round % 2 == 0;
        let (by, inner) = if all { (" && ", " || ") } else { (" || ", " && ") };
        // Clauses that say little leave the rest something to say.
        let mut clause = |parts: u32| {
            let part = |_| {
                let field = ["a", "b", "c"][draw(3) as usize];
                let edge = draw(3);
                match (draw(4) == 0) == all {
                    true => format!("currentTxn.extField_{field} > {edge}"),
                    false => format!("currentTxn.extField_{field} < {edge}"),
                }
            };
            format!("({})", (0..parts).map(part).collect::<Vec<_>>().join(inner))
        };
        let common: Vec<String> = (0..16).map(|_| clause(4)).collect();
        let mut rule = |turn: usize| {
            let mut clauses = common.clone();
            clauses.rotate_left(turn);
            clauses.insert(turn, clause(2));
            checked(&clauses.join(by))
        };
        let (old, new) = (rule(0), rule(5));
        let layout = Layout::of([&old, &new]);
        let truths = documents.iter().map(|document| {
            let transaction = layout.read(document, &limits).unwrap();
            (old.truth(&transaction, &Zone::UTC).is_true(), new.truth(&transaction, &Zone::UTC).is_true())
        });
        let truths: Vec<(bool, bool)> = truths.collect();
        let is = |pair| truths.contains(&pair);
        let expected = match (is((true, false)), is((false, true)), is((true, true))) {
            (false, false, _) => Verdict::Equivalent,
            (true, false, _) => Verdict::Narrower,
            (false, true, _) => Verdict::Wider,
            (true, true, true) => Verdict::Different,
            (true, true, false) => Verdict::Disjoint,
        };
        assert_eq!(diff(&old, &new, &options).verdict, expected, "{round}");
        *seen.entry(format!("{expected:?}")).or_insert(0) += 1;
    }
    assert!(seen.len() >= 3, "{seen:?}");
}
