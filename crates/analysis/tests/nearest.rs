//! The smallest change that makes a rule true: by cases, and against every value
//! near the one that a document has.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use target_rules::{Ast, Instant, Layout, Limits, Number, Rule, Schema, Truth, Zone};
use target_rules_analysis::{ChangedValue, Nearest, Options, nearest};
use target_rules_testing::generate::{self, tries};

#[derive(Deserialize)]
struct Case {
    name: String,
    rule: String,
    document: Box<RawValue>,
    schema: Option<Box<RawValue>>,
    nudges: Value,
    #[serde(default)]
    why: String,
}

fn rule(text: &str, schema: &Schema) -> Rule {
    Ast::from_text(text, &Limits::default()).unwrap().check(schema, &Limits::default()).into_rule().unwrap()
}

fn is_true(rule: &Rule, document: &str) -> bool {
    let transaction = Layout::of([rule]).read(document, &Limits::default()).unwrap();
    rule.decide(&transaction, &Zone::UTC).result.is_true()
}

fn confirmed(rule: &Rule, nearest: &Nearest) {
    for nudge in &nearest.nudges {
        assert!(is_true(rule, &nudge.transaction), "{nudge:?}");
    }
}

#[test]
fn the_cases_come_out() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("nearest/cases.json")).unwrap();
    for case in cases {
        let limits = Limits::default();
        let schema = match &case.schema {
            Some(file) => Schema::standard().with(file.get(), &limits).unwrap(),
            None => Schema::standard(),
        };
        let rule = rule(&case.rule, &schema);
        let found = nearest(&rule, case.document.get(), &schema, &Options::default()).unwrap();
        confirmed(&rule, &found);
        let changes: Vec<&[_]> = found.nudges.iter().map(|nudge| nudge.changes.as_slice()).collect();
        let told = serde_json::to_string(&changes).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told, case.nudges, "{}: {:?}", case.name, found.why);
        let why = found.why.join("; ");
        assert!(why.contains(&case.why) && why.is_empty() == case.why.is_empty(), "{}: {why}", case.name);
    }
}

/// What stands in a document beside what changes keeps its digits.
#[test]
fn the_changed_document_is_the_document_with_the_change() {
    let schema = Schema::standard();
    let rule = rule("currentTxn.value>500", &schema);
    let document = r#"{"currentTxn": {"value": 1, "discount": 1.50}, "other": [1.0]}"#;
    let found = nearest(&rule, document, &schema, &Options::default()).unwrap();
    assert_eq!(
        found.nudges[0].transaction,
        r#"{"currentTxn":{"discount":1.50,"value":500.01},"other":[1.0]}"#
    );
}

#[test]
fn no_document_is_an_error() {
    let schema = Schema::standard();
    let rule = rule("currentTxn.value>500", &schema);
    for document in ["", "[]", "7", r#"{"currentTxn": 3}"#, r#"{"currentTxn": {"value": "x"}}"#] {
        assert!(nearest(&rule, document, &schema, &Options::default()).is_err(), "{document}");
    }
}

/// One comparison of the amount, in tenths near 5.
fn comparison() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![">", ">=", "<", "<=", "==", "!="]);
    (operator, 0..100_u32).prop_map(|(operator, cents)| format!("currentTxn.value{operator}0.{cents:02}"))
}

fn condition() -> impl Strategy<Value = String> {
    comparison().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("&&"))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("||"))),
            inner.prop_map(|part| format!("!({part})")),
        ]
    })
}

/// One question about the date of the bill.
fn date_question() -> impl Strategy<Value = String> {
    let asked = prop_oneof![
        (2025..2028_i64, 1..=12_i64, 1..=28_i64)
            .prop_flat_map(|(year, month, day)| {
                prop::sample::select(vec!["isAfter", "isBefore"])
                    .prop_map(move |method| format!("{method}({year},{month},{day})"))
            })
            .boxed(),
        Just("isWeekend()".to_owned()).boxed(),
        (0..23_i64).prop_map(|hour| format!("isHourBetween({hour},{})", hour + 1)).boxed(),
        (1..=7_i64).prop_map(|day| format!("day()=={day}")).boxed(),
        (1..=31_i64).prop_map(|day| format!("dayOfMonth()=={day}")).boxed(),
        (1..=12_i64).prop_map(|month| format!("month()!={month}")).boxed(),
        (2025..2029_i64).prop_map(|year| format!("year()=={year}")).boxed(),
        (0..400_i64).prop_map(|days| format!("dateDiff(\"2026-03-05\")>={days}")).boxed(),
    ];
    asked.prop_map(|asked| format!("currentTxn.date.{asked}"))
}

/// The bill of the moment that a date is moved from.
const FROM: &str = "2026-02-27T12:20:20Z";

proptest! {
    #![proptest_config(tries(60))]

    /// On no earlier day of three years the rule is true at a full hour or at the
    /// time of the bill.
    #[test]
    fn no_earlier_day_is_enough(
        questions in prop::collection::vec(date_question(), 1..4),
        any in any::<bool>(),
    ) {
        let schema = Schema::standard();
        let rule = rule(&questions.join(if any && questions.len() > 2 { "||" } else { "&&" }), &schema);
        let document = format!(r#"{{"currentTxn":{{"date":"{FROM}"}}}}"#);
        let found = nearest(&rule, &document, &schema, &Options::default()).unwrap();
        confirmed(&rule, &found);
        let layout = Layout::of([&rule]);
        let mut moved = layout.read(&document, &Limits::default()).unwrap();
        let slot = layout.slot("currentTxn.date").unwrap();
        let (from, hour) = (FROM.parse::<Instant>().unwrap().milliseconds(), 3_600_000);
        let first = from - from.rem_euclid(hour) + hour;
        let hours = (0..3 * 366 * 24_i64).flat_map(|at| {
            let full = first + at * hour;
            [Some(full), (at % 24 == 23).then(|| full + from.rem_euclid(hour))]
        });
        let nearest_day = hours.flatten().find(|at| {
            moved.set_date(slot, Instant::from_milliseconds(*at).unwrap()).unwrap();
            rule.decide(&moved, &Zone::UTC).result.is_true()
        });
        let day = |at: i64| at.div_euclid(24 * hour);
        if found.result == Truth::True {
            return Ok(());
        }
        let told = found.nudges.first().map(|nudge| match nudge.changes[0].to {
            ChangedValue::Date(to) => to.milliseconds(),
            _ => panic!(),
        });
        if let Some(nearest_day) = nearest_day {
            prop_assert!(told.is_some_and(|told| day(told) <= day(nearest_day)), "{}: {:?}", rule.to_text(), found);
        }
    }
}

/// Questions about two values that may change and some that may not, also whether they
/// are there.
fn question() -> impl Strategy<Value = String> {
    let amount = || prop::sample::select(vec!["currentTxn.value", "currentTxn.discount"]);
    let operator = prop::sample::select(vec![">", ">=", "<", "<=", "==", "!="]);
    let fixed = [r#"currentCustomer.slabName=="Gold""#, "currentCustomer.slabName.isNull()", "true"];
    prop_oneof![
        5 => (amount(), operator, 0..8_u32).prop_map(|(of, operator, to)| format!("{of}{operator}{to}")),
        1 => amount().prop_map(|of| format!("{of}.isNull()")),
        3 => prop::sample::select(fixed.to_vec()).prop_map(str::to_owned),
    ]
}

/// A bill with these values, as far as they are there.
fn bill(amounts: [Option<Number>; 2], slab: Option<&str>) -> String {
    let amounts = ["value", "discount"].into_iter().zip(amounts);
    let amounts: Vec<String> =
        amounts.filter_map(|(name, amount)| Some(format!(r#""{name}":{}"#, amount?))).collect();
    let slab = slab.map_or(String::new(), |slab| format!(r#""slabName":"{slab}""#));
    format!(r#"{{"currentTxn":{{{}}},"currentCustomer":{{{slab}}}}}"#, amounts.join(","))
}

proptest! {
    #![proptest_config(tries(300))]

    /// Where another amount is enough, one is told, and where no one is but two are, two
    /// are: whatever else the rule asks.
    #[test]
    fn what_is_enough_is_found(
        text in question().prop_recursive(3, 16, 4, |inner| prop_oneof![
            prop::collection::vec(inner.clone(), 2..5).prop_map(|parts| format!("({})", parts.join("&&"))),
            prop::collection::vec(inner.clone(), 2..5).prop_map(|parts| format!("({})", parts.join("||"))),
            inner.prop_map(|part| format!("!({part})")),
        ]),
        held in prop::array::uniform2(prop::option::of(0..8_i64)),
        slab in prop::option::of(prop::sample::select(vec!["Gold", "Silver"])),
    ) {
        let schema = Schema::standard();
        let rule = rule(&text, &schema);
        let held = held.map(|amount| amount.map(Number::from));
        let document = bill(held, slab);
        let found = nearest(&rule, &document, &schema, &Options::default()).unwrap();
        confirmed(&rule, &found);
        // Which value is given to what only has to be there is not known.
        if text.contains(".isNull") && held.contains(&None) {
            return Ok(());
        }
        // On each edge, and between them.
        let amounts = || (0..18_i64).map(|halves| Number::from_parts((halves * 5).into(), 1).unwrap());
        let holds = |amounts: [Option<Number>; 2]| is_true(&rule, &bill(amounts, slab));
        let one = amounts().any(|to| holds([Some(to), held[1]]) || holds([held[0], Some(to)]));
        let two = || amounts().any(|to| amounts().any(|other| holds([Some(to), Some(other)])));
        let expected = match found.result {
            Truth::True => None,
            _ if one => Some(1),
            _ => two().then_some(2),
        };
        prop_assert_eq!(found.nudges.first().map(|nudge| nudge.changes.len()), expected, "{}\n{}", text, document);
    }
}

proptest! {
    #![proptest_config(tries(200))]

    /// Of all amounts in cents none that is nearer makes the rule true, and where
    /// none is told there is none.
    #[test]
    fn no_smaller_change_is_enough(text in condition(), cents in 0..150_i64) {
        let schema = Schema::standard();
        let rule = rule(&text, &schema);
        let amount = |cents: i64| Number::from_parts(cents.into(), 2).unwrap();
        let holds = |cents: i64| is_true(&rule, &format!(r#"{{"currentTxn":{{"value":{}}}}}"#, amount(cents)));
        let document = format!(r#"{{"currentTxn":{{"value":{}}}}}"#, amount(cents));
        let found = nearest(&rule, &document, &schema, &Options::default()).unwrap();
        confirmed(&rule, &found);
        let nearest = (0..=200_i64).filter(|other| holds(*other)).map(|other| (other - cents).abs()).min();
        match found.nudges.first() {
            None if found.result == Truth::True => prop_assert_eq!(nearest, Some(0)),
            None => prop_assert_eq!(nearest, None, "{}", text),
            Some(nudge) => {
                let ChangedValue::Number(to) = nudge.changes[0].to else { panic!() };
                let by = to.minus(amount(cents)).unwrap().abs();
                prop_assert_eq!(Some(by), nearest.map(amount), "{}", text);
            }
        }
    }

    /// Over the whole language: what is told changes something, is of one or two
    /// values, and makes the rule true, the smallest number of changes first.
    #[test]
    fn what_is_told_makes_generated_rules_true(case in generate::cases()) {
        let (schema, limits, zone) = (Schema::standard(), Limits::default(), generate::zone(case.zone));
        let Ok(rule) = Ast::from_text(&case.rule.text(), &limits).and_then(|ast| ast.check(&schema, &limits).into_rule())
        else {
            return Ok(());
        };
        let options = Options { zone: zone.clone(), ..Options::default() };
        let document = case.transaction.to_string();
        let found = nearest(&rule, &document, &schema, &options).unwrap();
        prop_assert!(found.result != Truth::True || found.nudges.is_empty());
        prop_assert!(found.result == Truth::True || !found.nudges.is_empty() || !found.why.is_empty());
        for nudge in &found.nudges {
            let layout = Layout::of([&rule]);
            let changed = layout.read(&nudge.transaction, &limits).unwrap();
            prop_assert!(rule.decide(&changed, &zone).result.is_true(), "{}\n{:?}", rule.to_text(), nudge);
            prop_assert!((1..=2).contains(&nudge.changes.len()));
            prop_assert!(nudge.changes.iter().all(|change| change.from.as_ref() != Some(&change.to)));
            for change in nudge.changes.iter().filter(|change| change.item.is_none()) {
                let ChangedValue::Number(to) = change.to else { continue };
                let told = format!("{}=={to}", change.attribute);
                let Ok(told) = Ast::from_text(&told, &limits).and_then(|ast| ast.check(&schema, &limits).into_rule()) else { continue };
                let changed = Layout::of([&told]).read(&nudge.transaction, &limits).unwrap();
                prop_assert!(told.decide(&changed, &zone).result.is_true(), "{:?}\n{}", nudge, told.to_text());
            }
        }
    }
}
