//! Reading, setting and deciding allocate nothing once they are warm.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::{
    Ast, DateText, Evaluation, Layout, Limits, Number, Program, Reference, Rule, Schema, Scratch, Truth, Zone,
};

/// Rules of every kind: numbers, texts, expressions, dates, baskets, items,
/// custom fields, segments, answers of the host and texts with escapes.
const RULES: &[&str] = &[
    "currentTxn.value >= 100 && currentTxn.discount == 0",
    "currentTxn.discount <= (((currentTxn.value + currentTxn.discount) * 40) / 100)",
    "currentTxn.value / 3 > currentTxn.discount * currentTxn.value",
    "currentCustomer.slabName == \"Gold\" || currentCustomer.slabName == \"Platinum\"",
    "currentCustomer.email.contains(\"@companyX.com\") && currentCustomer.name.matches(\"^Jo.*n$\")",
    "currentCustomer.firstname.contains(\"ü\")",
    "currentCustomer.isSubscribedToChannel(\"SMS\")",
    "currentTxn.date.year() == 2026 && currentTxn.date.dayOfMonth() == 4",
    "currentTxn.basketQty(\"brand\", \"Puma\") >= 3",
    "currentTxn.basketSum(\"category\", \"Shoes\") > 20",
    "currentLineItem.value > 3 && currentLineItem.doesItemMatch(\"brand\", \"Puma\")",
    "currentCustomer.customFieldValueIncludes(\"colour\", \"red\")",
    "currentCustomer.extField_tier == \"caf\u{e9}\"",
];

const DOCUMENTS: [&str; 3] = [
    r#"{"currentTxn": {"value": 730.50, "discount": 0, "date": "2026-03-04T10:00:00Z", "till": [1, {"a": "\u00e9"}],
        "lineItems": [{"qty": 2, "amount": 12.5, "value": 15, "attributes": {"Brand": "Puma"}},
                      {"qty": 1, "amount": 30, "rate": 30, "category": "Shoes", "brand": "P\u0075ma", "note": null}]},
        "currentCustomer": {"slabName": "Gold", "email": "john@companyX.com", "name": "John", "firstname": "J\u00fc", "isSubscribedToChannel": ["EMAIL", "S\u004dS"],
        "customFields": {"colour": ["red", "blue"]}, "extendedFields": {"tier": "caf\u00e9", "age": 41}}}"#,
    r#"{"currentTxn": {"value": "12.123456789012345", "discount": 1e1, "date": 1772618400000, "lineItems": []},
        "currentCustomer": {"slabName": "None", "customFields": {"colour": null}}}"#,
    r#"{"currentTxn": {"v\u0061lue": 5, "lineItems": [{}, {"BRAND": "Nike", "value": 3.25, "discount": 1}]},
        "currentCustomer": null, "unread": [[[{"key": "value"}]], -1.5e3, true, false]}"#,
];

fn checked(text: &str, limits: &Limits) -> Option<Rule> {
    Ast::from_text(text, limits).ok()?.check(&Schema::standard(), limits).into_rule().ok()
}

/// How often `work` allocates on this thread.
fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

struct Loaded {
    layout: Layout,
    programs: Vec<Program>,
    limits: Limits,
}

fn loaded() -> Loaded {
    let limits = Limits::default();
    let rule = |text: &&str| checked(text, &limits).unwrap_or_else(|| panic!("`{text}` is refused"));
    let rules: Vec<Rule> = RULES.iter().map(rule).collect();
    let layout = Layout::of(&rules);
    let programs = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    Loaded { layout, programs, limits }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(7)))), 1);
}

#[test]
fn reading_and_deciding_allocate_nothing_once_warm() {
    let Loaded { layout, programs, limits } = loaded();
    let (mut transaction, mut scratch, zone) = (layout.blank(), Scratch::default(), Zone::UTC);
    for warm in [false, true, true] {
        for document in DOCUMENTS {
            let count = allocations(|| layout.read_into(document, &limits, &mut transaction).unwrap());
            assert!(count == 0 || !warm, "{count} allocations to read {document}");
            for (text, program) in RULES.iter().zip(&programs) {
                let count = allocations(|| {
                    let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
                    std::hint::black_box(program.decide(&mut evaluation));
                });
                assert!(count == 0 || !warm, "{count} allocations to decide {text} on {document}");
            }
        }
    }
}

/// A test that decides nothing would hold as well.
#[test]
fn the_rules_are_true_of_some_document() {
    let Loaded { layout, programs, limits } = loaded();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    for (text, program) in RULES.iter().zip(&programs) {
        let mut truths = DOCUMENTS.iter().map(|document| {
            let transaction = layout.read(document, &limits).unwrap();
            program.decide(&mut Evaluation::new(&transaction, &zone, &mut scratch))
        });
        assert!(truths.any(|truth| truth == Truth::True), "{text}");
    }
}

#[test]
fn setting_values_allocates_nothing_once_warm() {
    let Loaded { layout, programs, .. } = loaded();
    let slot = |name: &str| layout.slot(name).unwrap_or_else(|| panic!("no slot is named {name}"));
    let (value, tier, date) =
        (slot("currentTxn.value"), slot("currentCustomer.slabName"), slot("currentTxn.date"));
    let colour = Reference::CustomField { profile: "currentCustomer".into(), name: "colour".into() };
    let colour = layout.slot_of(&colour).unwrap();
    let items = layout.list("currentTxn.lineItems").unwrap();
    let quantity = layout.entry_slot(items, "qty").unwrap();
    let brand = layout.item_attribute(items, "brand").unwrap();
    let (mut transaction, mut scratch, zone) = (layout.blank(), Scratch::default(), Zone::UTC);
    for warm in [false, true, true] {
        let count = allocations(|| {
            transaction.clear();
            transaction.set_number(value, Number::from_integer(730)).unwrap();
            transaction.set_text(tier, "Gold").unwrap();
            transaction.set_date(date, DateText::parse("2026-03-04")).unwrap();
            transaction.set_texts(colour, ["red", "blue"]).unwrap();
            for bought in [2, 1] {
                let mut entry = transaction.add_entry(items).unwrap();
                entry.number(quantity, Number::from_integer(bought)).unwrap().text(brand, "Puma").unwrap();
            }
            for program in &programs {
                let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
                std::hint::black_box(program.decide(&mut evaluation));
            }
        });
        assert!(count == 0 || !warm, "{count} allocations to set values");
    }
}
