//! A set takes memory in proportion to its rules, whatever their shape, and
//! decides rules of any shape as the interpreter does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::ruleset::Verdict;
use target_rules::{Ast, Evaluation, Limits, Rule, RuleSet, Schema, Scratch, Truth, Zone};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    checked.into_rule().unwrap_or_else(|found| panic!("{found}"))
}

fn joined(parts: usize, by: &str, part: impl Fn(usize) -> String) -> String {
    (0..parts).map(part).collect::<Vec<_>>().join(by)
}

/// The text of a rule of some size.
type Shape = fn(usize) -> String;

/// Rules that would blow up where `||` of `&&` is written out, where each key of
/// a set is taken for each of them, or where each pair of ranges is compared.
const SHAPES: [(&str, Shape); 6] = [
    ("`&&` in `||`", |size| {
        joined(size, "||", |at| {
            format!("(currentTxn.value=={at}&&currentTxn.discount>{at}&&currentTxn.points<{at})")
        })
    }),
    ("`||` in `&&` in `||`", |size| {
        joined(size, "||", |at| {
            format!(
                "(currentTxn.value>{at}&&(currentTxn.discount=={at}||currentTxn.points=={at})\
                 &&(currentTxn.discount<{at}||currentCustomer.numberOfVisits!={at}))"
            )
        })
    }),
    ("ranges of one attribute", |size| {
        joined(size, "||", |at| format!("(currentTxn.value>{}&&currentTxn.value<{})", at * 10, at * 10 + 5))
    }),
    ("sets in an `||`", |size| {
        let set = |attribute: &str| joined(size, "||", |at| format!("currentTxn.{attribute}=={at}"));
        format!("({})&&currentTxn.points>1||({})&&currentTxn.points>2", set("value"), set("discount"))
    }),
    ("a chain of everything", |size| {
        joined(size, "&&", |at| {
            format!(
                "(currentTxn.value>{at}||currentTxn.notes.contains(\"{at}\")||currentTxn.date.day()=={})",
                at % 7
            )
        })
    }),
    ("line items", |size| {
        joined(size, "||", |at| format!("(currentLineItem.qty=={at}&&currentTxn.value>{at})"))
    }),
];

const DOCUMENTS: [&str; 3] = [
    "{}",
    r#"{"currentTxn": {"value": 7, "discount": 8, "points": 3, "notes": "17", "date": "2026-03-04T10:00:00Z",
        "lineItems": [{"qty": 3}, {}]}, "currentCustomer": {"numberOfVisits": 5}}"#,
    r#"{"currentTxn": {"value": 12.00000000000001, "discount": 90000000000, "points": 2, "lineItems": [{"qty": 3}]}}"#,
];

#[test]
fn rules_of_any_shape_decide_as_they_do_one_by_one() {
    let rules: Vec<(&str, Rule)> = SHAPES.iter().map(|(name, shape)| (*name, checked(&shape(40)))).collect();
    let set = RuleSet::new(rules.iter().cloned()).unwrap();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    for document in DOCUMENTS {
        let transaction = set.layout().read(document, &Limits::default()).unwrap();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        let mut told = Vec::new();
        set.verdicts(&mut evaluation, |name, verdict| {
            told.push((*name, if verdict == Verdict::Unknown { Truth::Unknown } else { Truth::True }));
        })
        .unwrap();
        let decided = rules.iter().map(|(name, rule)| (*name, rule.decide(&transaction, &zone).result));
        let expected: Vec<_> = decided.filter(|(_, result)| *result != Truth::False).collect();
        assert_eq!(told, expected, "{document}");
    }
}

/// Bytes that a set takes at most for each byte of its rules, while it is made
/// and gives those back that it was made of: measured up to 6.
const BYTES_A_BYTE: u64 = 20;

#[test]
fn memory_grows_with_the_rules() {
    for (name, shape) in SHAPES {
        for size in [500, 1_000] {
            let rules: Vec<(usize, Rule)> = (0..4).map(|id| (id, checked(&shape(size)))).collect();
            let bytes = u64::try_from(shape(size).len() * rules.len()).unwrap();
            let taken = allocation_counter::measure(|| drop(RuleSet::new(rules).unwrap()));
            println!("{name}, {size}: {} bytes a byte", taken.bytes_max / bytes);
            assert!(taken.bytes_max < bytes * BYTES_A_BYTE, "{name}, {size}: {taken:?} for {bytes} bytes");
        }
    }
}

/// More chains than a block can number make more blocks.
#[test]
fn more_chains_than_a_block_numbers_are_decided() {
    let rules: Vec<(usize, Rule)> = (0..20)
        .map(|id| {
            let pairs = |at| format!("(currentTxn.value=={}&&currentTxn.discount=={at})", at + id);
            (id, checked(&joined(4_000, "||", pairs)))
        })
        .collect();
    let set = RuleSet::new(rules).unwrap();
    let document = r#"{"currentTxn": {"value": 112, "discount": 100}}"#;
    let transaction = set.layout().read(document, &Limits::default()).unwrap();
    let (mut scratch, zone, mut matching) = (Scratch::default(), Zone::UTC, Vec::new());
    set.decide(&mut Evaluation::new(&transaction, &zone, &mut scratch), |id, _| matching.push(*id)).unwrap();
    assert_eq!(matching, [12]);
}
