//! Sets of rules that are hard to decide at once, and documents for them on
//! which things are absent.

use serde_json::{Value, json};

use super::cases;
use super::condition::OURS;
use super::generator::{self, Dice, STORES, TIERS};

const BRANDS: [&str; 4] = ["Puma", "Reed", "Otto", "Lark"];
const LETTERS: [&str; 8] = ["a", "e", "h", "i", "j", "m", "n", "o"];

/// Rules of one kind.
pub struct Kind {
    pub name: &'static str,
    /// So many rules for a seed.
    pub rules: fn(usize, u64) -> Vec<String>,
    /// So many transactions for a seed.
    pub documents: fn(usize, u64) -> Vec<String>,
}

/// A kind whose rules are drawn one by one.
macro_rules! kind {
    ($name:literal, $rule:expr) => {
        Kind { name: $name, rules: |count, seed| each(count, seed, $rule), documents }
    };
}

/// Every kind.
pub const KINDS: [Kind; 16] = [
    kind!("all alike: W2", |_| cases::TIERS.to_owned()),
    kind!("all alike and true", |_| "currentTxn.number != \"\"".to_owned()),
    kind!("a threshold of its own each", threshold),
    kind!("one attribute against another", arithmetic),
    kind!("part of a text", part_of_text),
    kind!("patterns", pattern),
    kind!("one `\\|\\|` of 30 mixed tests each", one_of_many),
    Kind { name: "W4, every other rule in an `\\|\\|`", rules: in_an_or, documents },
    Kind { name: "W4, no customer known", rules: w4, documents: without_customer },
    kind!("negations", negation),
    kind!("null tests", null_test),
    kind!("dates", date),
    kind!("aggregates of the basket", basket),
    kind!("line items", line_item),
    kind!("`interval`", interval),
    Kind { name: "of everything", rules: of_everything, documents },
];

fn each(count: usize, seed: u64, rule: fn(&mut Dice) -> String) -> Vec<String> {
    let mut dice = Dice::new(seed);
    (0..count).map(|_| rule(&mut dice)).collect()
}

fn w4(count: usize, seed: u64) -> Vec<String> {
    let shapes = generator::rules(count, seed);
    shapes.iter().map(|shape| OURS.of(&shape.condition()).unwrap()).collect()
}

/// The transactions of the generator at many hours of many days, with
/// something absent from most.
fn documents(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    altered(count, seed, |document| {
        let (day, hour, minute) = (dice.between(1, 29), dice.between(0, 24), dice.between(0, 60));
        document["currentTxn"]["date"] = json!(format!("2026-03-{day:02}T{hour:02}:{minute:02}:20.000+0530"));
        for (profile, attribute) in [
            ("currentTxn", "value"),
            ("currentTxn", "discount"),
            ("currentTxn", "lineItems"),
            ("currentCustomer", "slabName"),
            ("currentCustomer", "email"),
            ("currentCustomer", "numberOfVisits"),
        ] {
            if dice.between(0, 8) == 0 {
                document[profile][attribute] = Value::Null;
            }
        }
    })
}

fn without_customer(count: usize, seed: u64) -> Vec<String> {
    altered(count, seed, |document| document["currentCustomer"] = json!({}))
}

fn altered(count: usize, seed: u64, mut alter: impl FnMut(&mut Value)) -> Vec<String> {
    let altered = |line: String| {
        let mut document = serde_json::from_str(&line).unwrap();
        alter(&mut document);
        document.to_string()
    };
    generator::transactions(count, seed).into_iter().map(altered).collect()
}

fn amount(dice: &mut Dice, most: i64) -> String {
    format!("{}.{:02}", dice.between(0, most), dice.between(0, 100))
}

fn threshold(dice: &mut Dice) -> String {
    format!("currentTxn.value >= {}{}", amount(dice, 1_000), dice.between(0, 100))
}

fn arithmetic(dice: &mut Dice) -> String {
    let (factor, more) = (amount(dice, 5), amount(dice, 500));
    format!("currentTxn.value > currentTxn.discount * {factor} + {more}")
}

fn part_of_text(dice: &mut Dice) -> String {
    format!(r#"currentCustomer.email.contains("{}")"#, dice.between(10, 1_000))
}

fn pattern(dice: &mut Dice) -> String {
    let (first, last) = (dice.of(&LETTERS), dice.of(&LETTERS));
    let (from, to) = (dice.between(0, 5), dice.between(5, 10));
    let most = dice.between(1, 7);
    format!(r#"currentCustomer.email.matches("{first}[a-z]*{last}[.][{from}-{to}]{{1,{most}}}@.*[.]com")"#)
}

fn negation(dice: &mut Dice) -> String {
    let (tier, other) = (dice.of(&TIERS), dice.of(&TIERS));
    let (least, store, visits) = (amount(dice, 500), dice.between(1, STORES), dice.between(0, 60));
    format!(
        r#"!(currentTxn.value < {least} || currentTxn.storeId == {store}) && !(currentCustomer.slabName == "{tier}" && currentCustomer.numberOfVisits > {visits}) && currentCustomer.slabName != "{other}""#
    )
}

fn null_test(dice: &mut Dice) -> String {
    let (least, tier) = (amount(dice, 3_000), dice.of(&TIERS));
    match dice.between(0, 4) {
        0 => format!("currentCustomer.slabName.isNull() && currentTxn.value > {least}"),
        1 => format!(
            r#"currentTxn.discount.isNotNull() && currentCustomer.slabName == "{tier}" && currentTxn.value > {least}"#
        ),
        2 => format!("currentCustomer.email.isEmpty() || currentTxn.value > {least}"),
        _ => format!(
            "currentCustomer.name.exists() && (currentTxn.discount.isNull() || currentTxn.discount > {least})"
        ),
    }
}

fn date(dice: &mut Dice) -> String {
    let (from, until) = (dice.between(0, 12), dice.between(12, 25));
    let (weekday, day) = (dice.between(1, 8), dice.between(1, 29));
    let date = "currentTxn.date";
    match dice.between(0, 4) {
        0 => format!("{date}.isHourBetween({from}, {until}) && {date}.day() == {weekday}"),
        1 => format!(
            "{date}.isWeekend() && {date}.isHourBetween({from}, {until}) && {date}.dayOfMonth() > {day}"
        ),
        2 => format!("{date}.isAfter(2026, 3, {day}) && {date}.isWeekday()"),
        _ => format!(
            "{date}.dayOfMonth() == {day} || ({date}.month() == 3 && {date}.isTimeBetween({from}, 30, {until}, 45))",
            until = until.min(23)
        ),
    }
}

fn basket(dice: &mut Dice) -> String {
    let (brand, least, count) = (dice.of(&BRANDS), amount(dice, 500), dice.between(1, 8));
    match dice.between(0, 4) {
        0 => format!(r#"currentTxn.basketSum("brand","{brand}") > {least}"#),
        1 => format!(r#"currentTxn.basketCount("brand","{brand}") >= {count} && currentTxn.value > {least}"#),
        2 => format!(r#"currentTxn.basketQty("brand","{brand}") >= {count}"#),
        _ => format!(r#"currentTxn.basketSumIf("AMOUNT","GREATER_THAN","{count}0") > {least}"#),
    }
}

fn line_item(dice: &mut Dice) -> String {
    let (brand, least, code) = (dice.of(&BRANDS), amount(dice, 90), dice.between(0, 1_000));
    match dice.between(0, 3) {
        0 => format!(r#"currentLineItem.value > {least} && currentLineItem.code.contains("{code}")"#),
        1 => {
            format!(r#"currentLineItem.doesItemMatch("brand","{brand}") && currentLineItem.value > {least}"#)
        }
        _ => format!(r#"currentTxn.value > {least}{code:03} && currentLineItem.qty >= 3"#),
    }
}

fn interval(dice: &mut Dice) -> String {
    let (attribute, most) = match dice.between(0, 3) {
        0 => ("currentCustomer.numberOfVisits", 10),
        1 => ("currentTxn.basketAmountSumNonDiscounted", 10),
        _ => ("currentTxn.value", 200),
    };
    let mut edge = 0;
    let edges: Vec<String> = (0..dice.between(2, 6))
        .map(|_| {
            edge += dice.between(1, most);
            edge.to_string()
        })
        .collect();
    format!(r#"{attribute}.interval("{}") == {}"#, edges.join(","), dice.between(1, edges.len() as i64 + 2))
}

/// Many tests of many attributes, few of which hold.
fn one_of_many(dice: &mut Dice) -> String {
    let term = |_| match dice.between(0, 8) {
        0 => format!("currentTxn.value > 9{:02}.50", dice.between(80, 100)),
        1 => format!("currentTxn.discount == {}", amount(dice, 500)),
        2 | 3 => format!("currentTxn.storeId == {}", dice.between(15, STORES)),
        4 => {
            let (tier, visits) = (dice.of(&TIERS), dice.between(0, 60));
            format!(
                r#"(currentCustomer.slabName == "{tier}" && currentCustomer.numberOfVisits == {visits} && currentTxn.value > 200)"#
            )
        }
        5 => format!(r#"currentCustomer.email.contains(".{}@")"#, dice.between(0, 10_000)),
        6 => format!("currentTxn.basketAmountSumNonDiscounted > 59.{:02}", dice.between(80, 100)),
        _ => format!("currentCustomer.numberOfVisits > {} && currentTxn.value < 1.5", dice.between(40, 60)),
    };
    (0..30).map(term).collect::<Vec<_>>().join(" || ")
}

/// Rules whose outermost operator is no longer `&&`.
fn in_an_or(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let rule = |rule: String| match dice.between(0, 2) {
        0 => rule,
        _ => format!("({rule}) || currentTxn.basketAmountSumNonDiscounted > 59.{}", dice.between(80, 100)),
    };
    w4(count, seed).into_iter().map(rule).collect()
}

/// Half of them of W4, half of the other kinds.
fn of_everything(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let others = [
        threshold,
        arithmetic,
        part_of_text,
        pattern,
        one_of_many,
        negation,
        null_test,
        date,
        basket,
        line_item,
    ];
    let rule = |rule: String| match dice.between(0, 2) {
        0 => rule,
        _ => dice.of(&others)(&mut dice),
    };
    w4(count, seed).into_iter().map(rule).collect()
}
