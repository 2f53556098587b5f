//! Values taken out of a transaction by the slots of its layout, read for
//! rules or for the host alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use target_rules::transaction::{Figure, LayoutBuilder, ValueKind};
use target_rules::value::{DateText, NumberFault};
use target_rules::{Ast, Layout, Limits, Number, Reference, Rule, Schema, Slot, Transaction};

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

fn read(layout: &Layout, document: &str) -> Transaction {
    layout.read(document, &Limits::default()).unwrap_or_else(|refused| panic!("{refused}"))
}

fn attribute(profile: &str, name: &str) -> Reference {
    Reference::Attribute { profile: profile.to_owned(), name: name.to_owned() }
}

fn number(text: &str) -> Number {
    Number::from_json(text).unwrap()
}

/// What a host reads for itself, a value of every kind.
fn of_every_kind() -> (LayoutBuilder, Vec<Reference>) {
    let (profile, name) = (|| "currentCustomer".to_owned(), |name: &str| name.to_owned());
    let reads = [
        (attribute("currentTxn", "value"), ValueKind::Number),
        (attribute("currentTxn", "notes"), ValueKind::Text),
        (attribute("currentCustomer", "isLoyal"), ValueKind::Boolean),
        (attribute("currentTxn", "date"), ValueKind::Date),
        (attribute("currentStore", "zoneIds"), ValueKind::Numbers),
        (Reference::ExtendedField { profile: profile(), name: name("age") }, ValueKind::Number),
        (Reference::CustomField { profile: profile(), name: name("bank") }, ValueKind::Text),
        (Reference::Segment { profile: profile(), name: name("value") }, ValueKind::Text),
        (
            Reference::Answer {
                profile: profile(),
                method: name("currencyAwarded"),
                arguments: vec![name("Stars")],
            },
            ValueKind::Number,
        ),
    ];
    let builder =
        reads.iter().fold(Layout::builder(), |builder, (reference, kind)| builder.reading(reference, *kind));
    (builder, reads.into_iter().map(|(reference, _)| reference).collect())
}

const DOCUMENT: &str = r#"{
    "currentTxn": {"value": 730.50, "notes": "gift", "date": "2026-03-07T12:20:20Z"},
    "currentCustomer": {"isLoyal": true, "extendedFields": {"age": "41"}, "customFields": {"bank": ["SBI", "HDFC"]},
                        "clusters": {}, "currencyAwarded": {"Stars": 12}},
    "currentStore": {"zoneIds": [3, 4]}}"#;

#[test]
fn values_of_every_kind_come_out_as_they_stand_in_the_document() {
    let (builder, references) = of_every_kind();
    let layout = builder.build();
    let slots: Vec<Slot> = references.iter().map(|reference| layout.slot_of(reference).unwrap()).collect();
    let [value, notes, loyal, date, zones, age, bank, segment, stars] = slots[..] else {
        panic!("{} slots", slots.len())
    };
    let transaction = read(&layout, DOCUMENT);
    assert_eq!(transaction.get_number(value), Some(number("730.5")));
    assert_eq!(transaction.get_text(notes), Some("gift"));
    assert_eq!(transaction.get_boolean(loyal), Some(true));
    assert_eq!(transaction.get_date(date), Some(DateText::parse("2026-03-07T12:20:20Z")));
    assert_eq!(transaction.get_numbers(zones), Some(&[number("3"), number("4")][..]));
    assert_eq!(transaction.get_number(age), Some(number("41")));
    assert_eq!(transaction.get_texts(bank).unwrap().collect::<Vec<_>>(), ["SBI", "HDFC"]);
    // The segments are known, and it is not among them.
    assert_eq!(transaction.get_texts(segment).unwrap().count(), 0);
    assert_eq!(transaction.get_number(stars), Some(number("12")));

    let nothing = read(&layout, "{}");
    assert_eq!(nothing.get_number(value), None);
    assert_eq!(nothing.get_text(notes), None);
    assert_eq!(nothing.get_boolean(loyal), None);
    assert_eq!(nothing.get_date(date), None);
    assert_eq!(nothing.get_numbers(zones), None);
    assert!(nothing.get_texts(bank).is_none() && nothing.get_texts(segment).is_none());
}

#[test]
fn what_is_set_is_what_is_got() {
    let (builder, references) = of_every_kind();
    let layout = builder.build();
    let slot = |index: usize| layout.slot_of(references.get(index).unwrap()).unwrap();
    let mut transaction = layout.blank();
    // More digits than a machine word of billionths holds.
    for digits in ["12", "0.1234567890123", "9999999999999999999999999999"] {
        transaction.set_number(slot(0), number(digits)).unwrap();
        assert_eq!(transaction.get_number(slot(0)), Some(number(digits)));
    }
    transaction.set_texts(slot(6), ["a", ""]).unwrap();
    assert_eq!(transaction.get_texts(slot(6)).unwrap().collect::<Vec<_>>(), ["a", ""]);
    transaction.set_no_entry(slot(6)).unwrap();
    assert_eq!(transaction.get_texts(slot(6)).unwrap().count(), 0);
    transaction.clear_value(slot(6)).unwrap();
    assert!(transaction.get_texts(slot(6)).is_none());
}

#[test]
fn another_type_or_another_layout_gives_nothing() {
    let value_and_items = |builder: LayoutBuilder| builder.item_figure("currentTxn", Figure::Amount).build();
    let rules = [rule("currentTxn.value > 5")];
    let layout = value_and_items(Layout::builder().rules(&rules));
    let other = value_and_items(Layout::builder().rules(&rules));
    let document = r#"{"currentTxn": {"value": 6, "lineItems": [{"amount": 1}]}}"#;
    let transaction = read(&layout, document);
    let (slot, strange) = (layout.slot("currentTxn.value").unwrap(), other.slot("currentTxn.value").unwrap());
    assert_eq!(transaction.get_number(slot), Some(number("6")));
    assert_eq!(transaction.get_number(strange), None);
    assert_eq!(transaction.get_text(slot), None);
    let items = layout.list("currentTxn.lineItems").unwrap();
    let strange = other.list("currentTxn.lineItems").unwrap();
    assert!(transaction.get_entries(strange).is_none());
    let amount = other.entry_slot(strange, "amount").unwrap();
    assert_eq!(transaction.get_entries(items).unwrap().next().unwrap().number(amount), None);
}

#[test]
fn a_value_that_is_read_as_two_types_comes_out_as_both() {
    let layout = Layout::builder()
        .reading(&attribute("currentTxn", "code"), ValueKind::Number)
        .reading(&attribute("currentTxn", "code"), ValueKind::Text)
        .build();
    let slot = layout.slot("currentTxn.code").unwrap();
    let transaction = read(&layout, r#"{"currentTxn": {"code": "12"}}"#);
    assert_eq!((transaction.get_number(slot), transaction.get_text(slot)), (Some(number("12")), Some("12")));
}

#[test]
fn entries_have_their_values_and_the_figures_that_follow() {
    let rules = [rule(
        "currentLineItem.description == \"x\" && currentTxn.basketIncludes(\"brand\", \"Puma\") && currentLineItem.extField_gift == 1",
    )];
    let layout = Layout::builder().rules(&rules).item_figure("currentTxn", Figure::Value).build();
    let items = layout.list("currentTxn.lineItems").unwrap();
    let text = layout.entry_slot(items, "description").unwrap();
    let gift = layout.entry_slot(items, "extField_gift").unwrap();
    let brand = layout.item_attribute(items, "brand").unwrap();
    let document = r#"{"currentTxn": {"lineItems": [
        {"description": "x", "qty": 2, "rate": 5.5, "discount": 1, "attributes": {"brand": "Puma"}},
        {"qty": 9999999999999999, "rate": 9999999999999999, "extendedFields": {"gift": 1}}, {}]}}"#;
    let transaction = read(&layout, document);
    let entries: Vec<_> = transaction.get_entries(items).unwrap().collect();
    let [first, second, third] = entries[..] else { panic!("{} entries", entries.len()) };
    assert_eq!((first.text(text), first.text(brand), first.number(gift)), (Some("x"), Some("Puma"), None));
    assert_eq!(second.number(gift), Some(number("1")));
    assert_eq!(first.figure(Figure::Value), Ok(Some(number("11"))));
    assert_eq!(first.figure(Figure::Amount), Ok(Some(number("10"))));
    assert_eq!(first.figure(Figure::Quantity), Ok(Some(number("2"))));
    assert_eq!(second.figure(Figure::Value), Err(NumberFault::Overflow));
    assert_eq!((third.figure(Figure::Value), third.text(text)), (Ok(None), None));
    // No list at all is another thing than a list without entries.
    assert!(read(&layout, r#"{"currentTxn": {}}"#).get_entries(items).is_none());
    let empty = read(&layout, r#"{"currentTxn": {"lineItems": []}}"#);
    assert_eq!(empty.get_entries(items).unwrap().count(), 0);
}

/// A list that documents don't have is never read.
#[test]
fn an_unknown_list_is_not_read() {
    let list = Reference::List { profile: "currentTxn".to_owned(), list: "payments".to_owned() };
    let layout = Layout::builder().reading(&list, ValueKind::Number).build();
    assert!(layout.list("currentTxn.payments").is_none() && layout.slot_of(&list).is_none());
}
