//! The stream is the same forever, and what its transactions say hangs together.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "amounts and counts of a few thousand transactions"
)]

use std::collections::{BTreeMap, BTreeSet};

use blake2::{Blake2b512, Digest};
use serde_json::Value;
use target_rules_sample::{Sample, SampleOptions, Share};

fn lines(options: &SampleOptions) -> Vec<String> {
    let mut sample = Sample::new(options).unwrap();
    let mut lines = Vec::new();
    while let Some(line) = sample.next_line() {
        lines.push(line.to_owned());
    }
    lines
}

fn documents(options: &SampleOptions) -> Vec<Value> {
    lines(options).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn hash(lines: &[String]) -> String {
    let mut hash = Blake2b512::new();
    lines.iter().for_each(|line| hash.update(line));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A change of these is a breaking change: files that were made before would be others.
#[test]
fn the_first_lines_are_the_same_forever() {
    let plain = SampleOptions::of(1_000);
    let gaps = SampleOptions { absent: Share::of_million(50_000), ..plain };
    let other = SampleOptions { seed: 2, customers: Some(7), days: 30, ..plain };
    let hashes = [plain, gaps, other].map(|options| hash(&lines(&options)));
    assert_eq!(hashes, ["b889121c64836058", "d245f627d0279f73", "c2456491d3553f9f"]);
}

/// Hundredths of a number as it is written.
fn hundredths(value: &Value) -> i64 {
    let text = value.to_string();
    (text.parse::<f64>().unwrap() * 100.0).round() as i64
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn sum(list: &Value, key: &str) -> i64 {
    list.as_array().unwrap().iter().map(|entry| hundredths(&entry[key])).sum()
}

/// What a customer's transactions come to, kept by the test.
#[derive(Default)]
struct Seen {
    purchase: i64,
    bills: i64,
    days: BTreeSet<String>,
    points: i64,
    redeemed: i64,
    returned: BTreeSet<String>,
}

const TIERS: [(&str, i64); 5] = [
    ("Normal", 0),
    ("Silver", 2_500_000),
    ("Gold", 10_000_000),
    ("Platinum", 30_000_000),
    ("Diamond", 80_000_000),
];

fn tier(name: &Value) -> usize {
    TIERS.iter().position(|(tier, _)| name == tier).unwrap()
}

/// What the items of a bill or return say is what it says.
fn items_come_to(bill: &Value, value: &str) {
    let items = &bill["lineItems"];
    for item in items.as_array().unwrap() {
        assert_eq!(hundredths(&item["value"]), hundredths(&item["rate"]) * whole(&item["qty"]), "{item}");
        assert_eq!(
            hundredths(&item["amount"]),
            hundredths(&item["value"]) - hundredths(&item["discount"]),
            "{item}"
        );
    }
    assert_eq!(hundredths(&bill[value]), sum(items, "amount"), "{bill}");
    assert_eq!(hundredths(&bill["grossAmount"]), sum(items, "value"), "{bill}");
    assert_eq!(hundredths(&bill["discount"]), sum(items, "discount"), "{bill}");
    assert_eq!(whole(&bill["totalQty"]) * 100, sum(items, "qty"), "{bill}");
    assert_eq!(whole(&bill["basketSize"]), items.as_array().unwrap().len() as i64, "{bill}");
}

/// Each article has one price, brand and category.
fn one_price(bills: &[&Value]) {
    let mut articles = BTreeMap::new();
    for item in bills.iter().flat_map(|bill| bill["lineItems"].as_array().unwrap()) {
        let says = (&item["rate"], &item["description"], &item["attributes"]);
        assert_eq!(*articles.entry(item["code"].as_str().unwrap()).or_insert(says), says);
    }
    assert!(articles.len() > 400);
}

#[test]
fn bills_hang_together_and_come_in_order() {
    let all = documents(&SampleOptions::of(8_000));
    let dates: Vec<&str> =
        all.iter().map(|document| document["currentTxn"]["date"].as_str().unwrap()).collect();
    assert!(dates.is_sorted());
    assert!(dates[0].starts_with("2025-01-01") && dates[7_999].starts_with("2025-12-31"));
    let numbers: BTreeSet<&str> =
        all.iter().map(|document| document["currentTxn"]["number"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), all.len());
    let bills: Vec<&Value> = all
        .iter()
        .filter(|document| document["returnBill"].is_null())
        .map(|one| &one["currentTxn"])
        .collect();
    for bill in &bills {
        items_come_to(bill, "value");
        assert_eq!(hundredths(&bill["value"]), sum(&bill["tenders"], "amount"), "{bill}");
    }
    one_price(&bills);
    let unknown = all.iter().filter(|document| document["currentCustomer"].is_null()).count();
    assert!((150..350).contains(&unknown), "{unknown} bills without customer");
    let returns = all.len() - bills.len();
    assert!((250..450).contains(&returns), "{returns} returns");
}

/// Tier, visits, points and purchases are those of the bills before.
#[test]
fn customers_have_the_history_of_their_bills() {
    let mut customers: BTreeMap<i64, Seen> = BTreeMap::new();
    let mut bills: BTreeMap<String, Value> = BTreeMap::new();
    for document in documents(&SampleOptions::of(8_000)) {
        let (bill, customer, returned) =
            (&document["currentTxn"], &document["currentCustomer"], &document["returnBill"]);
        let number = bill["number"].as_str().unwrap();
        bills.insert(number.to_owned(), document.clone());
        if customer.is_null() {
            assert!(returned.is_null(), "nobody brings {number} back");
            continue;
        }
        let seen = customers.entry(whole(&customer["id"])).or_default();
        assert_eq!(hundredths(&customer["initialLifetimePurchase"]), seen.purchase, "{number}");
        assert_eq!(whole(&customer["initialLifetimePoints"]), seen.points, "{number}");
        if returned.is_null() {
            seen.purchase += hundredths(&bill["value"]);
            seen.bills += 1;
            seen.days.insert(bill["date"].as_str().unwrap().get(..10).unwrap().to_owned());
            seen.points += whole(&bill["points"]);
            let by_points =
                bill["tenders"].as_array().unwrap().iter().filter(|tender| tender["code"] == "POINTS");
            seen.redeemed += by_points.map(|tender| hundredths(&tender["amount"]) / 100).sum::<i64>();
        } else {
            items_come_to(returned, "value");
            let of = returned["number"].as_str().unwrap();
            let earlier = &bills[of];
            assert_eq!(earlier["currentCustomer"]["id"], customer["id"], "{of} is hers");
            assert!(seen.returned.insert(of.to_owned()), "{of} comes back twice");
            assert_eq!(earlier["currentTxn"]["date"], returned["date"]);
            for item in returned["lineItems"].as_array().unwrap() {
                let items = earlier["currentTxn"]["lineItems"].as_array().unwrap();
                let bought = items.iter().find(|bought| bought["code"] == item["code"]).unwrap();
                assert!(whole(&bought["qty"]) >= whole(&item["qty"]));
            }
            seen.purchase -= hundredths(&returned["value"]);
            // Those of an order are promised.
            if whole(&earlier["currentTxn"]["promisedPoints"]) == 0 {
                seen.points -= whole(&returned["points"]);
            }
        }
        assert_eq!(hundredths(&customer["lifetimePurchase"]), seen.purchase, "{number}");
        assert_eq!(whole(&customer["lifetimePoints"]), seen.points, "{number}");
        assert_eq!(whole(&customer["currentPoints"]), (seen.points - seen.redeemed).max(0), "{number}");
        assert_eq!(whole(&customer["numberOfTxns"]), seen.bills, "{number}");
        assert_eq!(whole(&customer["numberOfVisits"]), seen.days.len() as i64, "{number}");
        let reached = TIERS.iter().rposition(|(_, from)| *from <= seen.purchase).unwrap();
        assert!(tier(&customer["slabName"]) >= reached, "{number}");
        assert_eq!(whole(&customer["slabNumber"]), tier(&customer["slabName"]) as i64 + 1);
        assert!(tier(&customer["initialSlabName"]) <= tier(&customer["slabName"]));
    }
    // Some buy much, some little.
    let mut bought: Vec<i64> = customers.values().map(|seen| seen.bills).collect();
    bought.sort_unstable();
    let (all, fifth) = (bought.iter().sum::<i64>(), bought.len() / 5);
    let heavy: i64 = bought.iter().rev().take(fifth).sum();
    assert!((50..75).contains(&(heavy * 100 / all)), "{heavy} of {all}");
}

/// Gaps change nothing else, and come as often as they should.
#[test]
fn a_transaction_with_gaps_is_the_same_but_for_them() {
    let plain = SampleOptions::of(500);
    let gaps = SampleOptions { absent: Share::of_million(100_000), ..plain };
    let (mut there, mut missing) = (0, 0);
    for (whole, part) in documents(&plain).iter().zip(documents(&gaps)) {
        count(whole, &part, &mut there, &mut missing);
    }
    let percent = missing * 100 / (there + missing);
    assert!((8..=10).contains(&percent), "{missing} of {} are missing", there + missing);
}

fn count(whole: &Value, part: &Value, there: &mut u32, missing: &mut u32) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            assert!(part.keys().all(|key| whole.contains_key(key)));
            whole
                .iter()
                .for_each(|(key, value)| count(value, part.get(key).unwrap_or(&Value::Null), there, missing));
        }
        (Value::Array(whole), Value::Array(part)) if whole.len() == part.len() => {
            whole.iter().zip(part).for_each(|(whole, part)| count(whole, part, there, missing));
        }
        (_, Value::Null) => *missing += 1,
        _ => {
            assert_eq!(whole, part);
            *there += 1;
        }
    }
}
