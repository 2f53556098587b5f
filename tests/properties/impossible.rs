//! What is warned of as always or never true is so, of every value; and what is
//! so, and is no bound that somebody wrote with care, is warned of.

use target_rules::diagnostic::Code;
use target_rules::{Ast, Layout, Limits, Rule, Schema, Truth, Zone};

const OPERATORS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

/// The rule, and whether it is warned of.
fn checked(text: &str) -> (Rule, bool) {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    let warned = checked.diagnostics().iter().any(|found| found.code == Code::ImpossibleComparison);
    (checked.into_rule().unwrap(), warned)
}

/// Whether the rule is true of all documents, of none, or of some.
fn constant(rule: &Rule, documents: &[String]) -> Option<bool> {
    let layout = Layout::of([rule]);
    let mut truths = documents.iter().map(|document| {
        let transaction = layout.read(document.as_str(), &Limits::default()).unwrap();
        rule.decide(&transaction, &Zone::UTC).result == Truth::True
    });
    let first = truths.next()?;
    truths.all(|truth| truth == first).then_some(first)
}

#[test]
fn a_weekday_is_compared_with_what_it_can_be() {
    let week: Vec<String> =
        (1..=7).map(|day| format!("{{\"currentTxn\":{{\"date\":\"2025-06-0{day}\"}}}}")).collect();
    for number in -3..=11 {
        for operator in OPERATORS {
            let text = format!("currentTxn.date.day(){operator}{number}");
            let (rule, warned) = checked(&text);
            // The bounds themselves, written with care.
            let care = ["<=7", "<8", ">=1", ">0"].contains(&&*format!("{operator}{number}"));
            assert_eq!(warned, constant(&rule, &week).is_some() && !care, "{text}");
        }
    }
}

#[test]
fn two_comparisons_of_one_value_exclude_each_other() {
    // Below, between, at and above all that is compared with.
    let values: Vec<String> =
        (6..=14).map(|half| format!("{{\"currentTxn\":{{\"value\":{}}}}}", f64::from(half) / 2.0)).collect();
    let (mut warned_of, mut fixes) = (0, 0);
    for (joined, fixing) in [("&&", "=="), ("||", "!=")] {
        for one in OPERATORS {
            for other in OPERATORS {
                for number in [4, 5, 6] {
                    let text = format!("currentTxn.value{one}5{joined}{number}{other}currentTxn.value");
                    let (rule, warned) = checked(&text);
                    let always = constant(&rule, &values) == Some(joined == "||");
                    assert!(always || !warned, "{text}");
                    if one == fixing || other == fixing {
                        assert_eq!(warned, always, "{text}");
                        fixes += 1;
                    }
                    warned_of += usize::from(warned);
                }
            }
        }
    }
    assert!(warned_of > 20 && fixes > 60, "{warned_of} {fixes}");
}
