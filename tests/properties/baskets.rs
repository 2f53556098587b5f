//! Aggregates over line items: many of them that select by the same attributes,
//! decided by one evaluation, so that what the first finds serves the others.

use proptest::prelude::*;
use proptest::sample::select;
use target_rules::{Evaluation, Layout, Limits, Program, Rule, Scratch};

use target_rules_testing::engines::columns;
use target_rules_testing::generate::{checked, tries, zone};

const ATTRIBUTES: [&str; 2] = ["brand", "category"];
const VALUES: [&str; 4] = ["Puma", "Reed", "shoes/low", "nobody"];
const PATTERNS: [&str; 4] = ["^P", "ee", "shoes/(low|high)", "."];

/// An aggregate compared with a number, or that is true or false itself.
fn rules() -> impl Strategy<Value = String> {
    let by_value = (
        select(&["basketSum", "basketSumGross", "basketQty", "basketCount"]),
        select(&ATTRIBUTES),
        select(&VALUES),
    );
    let by_pattern = (
        select(&["basketSumRegex", "basketSumRegexGross", "basketQtyRegex", "basketCountRegex"]),
        select(&ATTRIBUTES),
        select(&PATTERNS),
    );
    let by_figure = (
        select(&["basketSumIf", "basketCountIf", "basketQtyIf"]),
        select(&["AMOUNT", "DISCOUNT", "QUANTITY", "RATE", "VALUE"]),
        select(&["GREATER_THAN", "LESS_THAN_EQUALS_TO", "NOT_EQUALS_TO", "EQUALS_TO"]),
        select(&["0", "2", "10.5", "99999999999"]),
    );
    let whether = (
        select(&["basketIncludes", "basketExcludes", "basketIncludesRegex", "basketExcludesRegex"]),
        select(&ATTRIBUTES),
        0..VALUES.len(),
    );
    let number = prop_oneof![
        by_value.prop_map(|(method, attribute, value)| {
            format!(r#"currentTxn.{method}("{attribute}","{value}")"#)
        }),
        by_pattern.prop_map(|(method, attribute, value)| {
            format!(r#"currentTxn.{method}("{attribute}","{value}")"#)
        }),
        by_figure.prop_map(|(method, figure, operator, number)| {
            format!(r#"currentTxn.{method}("{figure}","{operator}","{number}")"#)
        }),
    ];
    let compared = (number, select(&[">", "<=", "==", "!="]), select(&["0", "1", "12.5", "30"]))
        .prop_map(|(number, operator, constant)| format!("{number}{operator}{constant}"));
    let included = whether.prop_map(|(method, attribute, at)| {
        let value = if method.ends_with("Regex") { PATTERNS[at] } else { VALUES[at] };
        format!(r#"currentTxn.{method}("{attribute}","{value}")"#)
    });
    prop_oneof![3 => compared, 1 => included]
}

/// A member of an item, or none: numbers that are plain, too long for a key, or
/// absent.
fn figure(name: &'static str) -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        8 => select(&["1", "2", "10.5", "12.345", "0", "-3"]).prop_map(move |number| {
            Some(format!(r#""{name}":{number}"#))
        }),
        1 => select(&["12345678901.5", "0.00000000000001", "99999999999", "5e20"]).prop_map(move |number| {
            Some(format!(r#""{name}":{number}"#))
        }),
    ]
}

fn item() -> impl Strategy<Value = String> {
    let attribute = |name: &'static str| {
        prop_oneof![
            1 => Just(None),
            6 => select(&VALUES[..3]).prop_map(move |value| Some(format!(r#""{name}":"{value}""#))),
            1 => Just(Some(format!(r#""{name}":"Prune""#))),
        ]
    };
    (
        figure("qty"),
        figure("rate"),
        figure("value"),
        figure("discount"),
        figure("amount"),
        attribute("brand"),
        attribute("category"),
    )
        .prop_map(|(qty, rate, value, discount, amount, brand, category)| {
            let members: Vec<String> =
                [qty, rate, value, discount, amount, brand, category].into_iter().flatten().collect();
            format!("{{{}}}", members.join(","))
        })
}

/// A transaction with items, which lack something one time in some.
fn documents() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::collection::vec(item(), 0..6)
            .prop_map(|items| format!(r#"{{"currentTxn":{{"lineItems":[{}]}}}}"#, items.join(","))),
        1 => Just(r#"{"currentTxn":{}}"#.to_owned()),
    ]
}

proptest! {
    #![proptest_config(tries(200))]

    #[test]
    fn engines_agree_on_baskets(
        texts in prop::collection::vec(rules(), 1..8),
        documents in prop::collection::vec(documents(), 1..3),
    ) {
        let rules: Vec<Rule> = texts.iter().map(|text| checked(text)).collect();
        let layout = Layout::of(&rules);
        let (zone, mut scratch) = (zone("UTC"), Scratch::default());
        for (name, optimisations) in columns() {
            let programs: Vec<Program> =
                rules.iter().map(|rule| layout.compile_with(rule, &optimisations).unwrap()).collect();
            for document in &documents {
                let transaction = layout.read(document, &Limits::default()).unwrap();
                let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
                // What was found stays found, so they are asked twice.
                for program in programs.iter().chain(&programs) {
                    let expected = program.rule().decide(&transaction, &zone);
                    let decision = program.decision(&mut evaluation);
                    prop_assert_eq!(&decision, &expected, "{}: {} of {}", name, program.rule().to_text(), document);
                }
            }
        }
    }
}
