//! Reading, setting and deciding allocate nothing once they are warm.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::value::DateText;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Number, Program, Reference, Rule, RuleSet, Schema, Scratch, Truth, Zone,
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

/// Rules of a set, each as many times as `#` has values: thresholds, linear
/// figures, words, patterns, dates and their parts, null tests, aggregates with
/// and without patterns, items, tenders, segments, and what no index helps.
const RULES_OF_A_SET: &[&str] = &[
    "currentTxn.value >= #00",
    "currentTxn.value > #0 && currentTxn.discount == 0 || currentTxn.discount < -#",
    "currentTxn.discount <= (((currentTxn.value + currentTxn.discount) * #) / 100)",
    "currentTxn.value / 3 > currentTxn.discount * #",
    "(currentTxn.value % #) < 4",
    "!(currentCustomer.slabName == \"Tier #\") && currentTxn.value > #",
    "currentCustomer.slabName == \"Gold\" || currentCustomer.slabName == \"Tier #\"",
    "currentCustomer.email.contains(\"@companyX.com\") && currentCustomer.name.matches(\"^J[a-z]{1,#}n$\")",
    "currentCustomer.name.matches(\"[aeiou].?#|(J|j)oh\")",
    "currentCustomer.firstname.isNotNull() || currentTxn.value < #",
    "currentCustomer.isSubscribedToChannel(\"SMS\") && currentTxn.value != #",
    "currentTxn.date.year() == 2026 && currentTxn.date.dayOfMonth() <= #",
    "currentTxn.date.isHourBetween(#, 23) && currentTxn.date.isWeekday()",
    "currentTxn.date.isAfter(2026, 3, #, 9, 30, 0)",
    "currentTxn.date >= currentCustomer.joinDate && currentTxn.date.daysDiff(currentCustomer.joinDate) > #",
    "currentTxn.basketQty(\"brand\", \"Puma\") >= 3 && currentTxn.value > #",
    "currentTxn.basketSum(\"category\", \"Shoes\") > #",
    "currentTxn.basketCountRegex(\"brand\", \"^P[a-z]{1,#}\") >= 1",
    "currentTxn.basketSumIf(\"QUANTITY\", \"GREATER_THAN\", \"0\") > #",
    "currentTxn.basketIncludes(\"brand\", \"Brand #\") || currentTxn.basketSize == 2",
    "currentLineItem.value > # && currentLineItem.doesItemMatch(\"brand\", \"Puma\")",
    "currentLineItem.value > # || currentTxn.value > 5000",
    "tenderProfile.amount >= # && tenderProfile.code == \"CARD\"",
    "currentCustomer.customFieldValueIncludes(\"colour\", \"red\") && currentTxn.value > #",
    "currentCustomer.customFieldValueExcludes(\"colour\", \"shade #\")",
    "currentCustomer.extField_tier == \"caf\u{e9}\" && currentCustomer.extField_age > #",
    "currentCustomer.clusterValueIncludes(\"value\", \"part #\") || currentTxn.value > #",
];

/// How many values `#` has.
const VALUES: usize = 20;

const DOCUMENTS: [&str; 3] = [
    r#"{"currentTxn": {"value": 730.50, "discount": 0, "date": "2026-03-04T10:00:00Z", "till": [1, {"a": "\u00e9"}],
        "tenders": [{"code": "CASH", "amount": 5}, {"code": "CARD", "amount": 725.50}],
        "lineItems": [{"qty": 2, "amount": 12.5, "value": 15, "attributes": {"Brand": "Puma"}},
                      {"qty": 1, "amount": 30, "rate": 30, "category": "Shoes", "brand": "P\u0075ma", "note": null}]},
        "currentCustomer": {"slabName": "Gold", "email": "john@companyX.com", "name": "John", "joinDate": "2024-02-29", "clusters": {"value": ["part 7"]}, "firstname": "J\u00fc", "isSubscribedToChannel": ["EMAIL", "S\u004dS"],
        "customFields": {"colour": ["red", "blue"]}, "extendedFields": {"tier": "caf\u00e9", "age": 41}}}"#,
    r#"{"currentTxn": {"value": "12.123456789012345", "discount": 1e1, "date": 1772618400000, "lineItems": []},
        "currentCustomer": {"slabName": "None", "customFields": {"colour": null}}}"#,
    r#"{"currentTxn": {"v\u0061lue": 5, "date": "2026-02-30", "lineItems": [{}, {"BRAND": "Nike", "value": 3.25, "discount": 1}]},
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

fn set() -> RuleSet<(usize, usize)> {
    let limits = Limits::default();
    let of_kind = |(kind, text): (usize, &&str)| {
        let text = text.to_string();
        (1..=VALUES).map(move |value| ((kind, value), text.replace('#', &value.to_string())))
    };
    let rules = RULES_OF_A_SET.iter().enumerate().flat_map(of_kind);
    let rules = rules
        .map(|(id, text)| (id, checked(&text, &limits).unwrap_or_else(|| panic!("`{text}` is refused"))));
    RuleSet::new(rules).unwrap()
}

#[test]
fn a_set_decides_without_allocating_once_warm() {
    let (set, limits, zone) = (set(), Limits::default(), Zone::named("Asia/Kolkata").unwrap());
    assert_eq!(set.len(), RULES_OF_A_SET.len() * VALUES);
    let transactions = DOCUMENTS.map(|document| set.layout().read(document, &limits).unwrap());
    let mut scratch = Scratch::default();
    let mut kinds = std::collections::BTreeMap::new();
    for warm in [false, true, true] {
        for (transaction, document) in transactions.iter().zip(DOCUMENTS) {
            let (mut matching, mut items_of) = ([0_usize; RULES_OF_A_SET.len()], 0);
            let count = allocations(|| {
                let mut evaluation = Evaluation::new(transaction, &zone, &mut scratch);
                let decided = set.decide(&mut evaluation, |(kind, _), items| {
                    if let Some(matching) = matching.get_mut(*kind) {
                        *matching += 1;
                    }
                    items_of += items.len();
                });
                decided.unwrap();
            });
            assert!(count == 0 || !warm, "{count} allocations to decide the set on {document}");
            for (kind, matching) in matching.into_iter().enumerate() {
                *kinds.entry(kind).or_insert(0) += matching;
            }
            assert!(items_of > 0 || document != DOCUMENTS[0], "no line item is told");
        }
    }
    // A set that decides nothing would hold as well.
    for (kind, matching) in kinds {
        let text = RULES_OF_A_SET.get(kind).unwrap();
        assert!(matching > 0 && matching < VALUES * DOCUMENTS.len() * 3, "{text} is true {matching} times");
    }
}

/// Whatever is asked of a set: what is true, what is unknown, how many rules
/// are, and why.
#[test]
fn every_choice_of_what_is_told_allocates_nothing_once_warm() {
    let (set, limits, zone) = (set(), Limits::default(), Zone::named("Asia/Kolkata").unwrap());
    let documents = ["{}", r#"{"currentTxn": {"value": 730.50}}"#, DOCUMENTS[0]];
    let transactions = documents.map(|document| set.layout().read(document, &limits).unwrap());
    let mut scratch = Scratch::default();
    for warm in [false, true, true] {
        for (transaction, document) in transactions.iter().zip(documents) {
            let (mut told, mut names, mut unknown) = (0_usize, 0_usize, 0_usize);
            let mut evaluation = Evaluation::new(transaction, &zone, &mut scratch);
            let counts = [
                allocations(|| set.decide(&mut evaluation, |_, items| told += items.len()).unwrap()),
                allocations(|| set.verdicts(&mut evaluation, |_, _| told += 1).unwrap()),
                allocations(|| unknown = set.decide_and_count(&mut evaluation, |_, _| told += 1).unwrap()),
                allocations(|| {
                    let why = set.undecided(&mut evaluation, |one| names += one.absent.iter().len());
                    why.unwrap();
                }),
            ];
            assert!(counts == [0; 4] || !warm, "{counts:?} allocations on {document}");
            assert!(
                names >= unknown && (unknown > 100 || document == DOCUMENTS[0]),
                "{unknown} on {document}"
            );
        }
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
