//! Reading by the shapes of earlier documents gives what plain reading gives, and
//! what is looked up in items is what the definition of the look-up says.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::schema::ListName;
use crate::{Ast, Layout, Limits, Rule, Schema, Transaction};

use super::field_value::FieldValue;
use super::shapes::MOST;

/// What rules read of every kind; look-ups by several spellings of one name, and
/// by aliases.
const RULES: &[&str] = &[
    "currentTxn.value > 500 && currentTxn.notes == \"a\" && currentTxn.date.year() == 2026",
    "currentTxn.basketSum(\"brand\", \"a\") > 1",
    "currentTxn.basketQty(\"BRAND\", \"b\") > 1",
    "currentTxn.basketIncludes(\"Brand\", \"a\")",
    "currentTxn.basketIncludes(\"code\", \"a\")",
    "currentTxn.basketIncludes(\"sku_code\", \"a\")",
    "currentTxn.basketIncludes(\"SKU Number\", \"b\")",
    "currentTxn.basketIncludesRegex(\"caf\u{c9}\", \"a\")",
    "currentLineItem.code == \"a\" && currentLineItem.extField_channel == \"b\"",
    "tenderProfile.amount > 5 && tenderProfile.code == \"CASH\"",
    "currentTxn.extField_channel == \"a\"",
    "currentTxn.customFieldValueIncludes(\"bank\", \"a\")",
    "currentCustomer.clusterValueIncludes(\"Style\", \"a\")",
    "currentEvent.targetAchieved(\"X\") > 3",
    "currentStore.code == \"a\"",
];

fn layout(rules: &[&str]) -> Layout {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rule = |text: &&str| Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule();
    let rules: Vec<Rule> = rules.iter().map(|text| rule(text).unwrap()).collect();
    Layout::of(&rules)
}

/// A value, and not where it is kept.
fn shown(value: FieldValue<'_>) -> String {
    match value {
        FieldValue::Texts(texts) => format!("{:?}", texts.iter().collect::<Vec<_>>()),
        other => format!("{other:?}"),
    }
}

/// Everything that a transaction holds, as text.
fn held(transaction: &Transaction) -> String {
    let plan = &transaction.layout.plan;
    let mut out = String::new();
    for (slot, key) in (0..plan.width()).zip(transaction.keys()) {
        writeln!(out, "{slot}: {key} {}", shown(transaction.view(transaction.cell(slot)))).unwrap();
    }
    for (number, list) in plan.list_plans.iter().enumerate() {
        let entries = transaction.entries_of(number).map(|entries| entries.iter().collect::<Vec<_>>());
        writeln!(out, "list {number}: {:?}", entries.as_ref().map(Vec::len)).unwrap();
        for entry in entries.iter().flatten() {
            for (slot, key) in (0..list.width()).zip(entry.keys()) {
                write!(out, "{slot}: {key} {}, ", shown(transaction.view(entry.cell(slot)))).unwrap();
            }
        }
    }
    out
}

/// Reads one document after the other into one transaction, and each into a new
/// one.
fn reads_the_same(layout: &Layout, documents: &[String]) {
    let limits = Limits::default();
    let mut reused = layout.blank();
    for document in documents {
        let plain = layout.read(document, &limits);
        let learned = layout.read_into(document, &limits, &mut reused);
        match (&plain, &learned) {
            (Ok(plain), Ok(())) => assert_eq!(held(plain), held(&reused), "{document}"),
            (Err(plain), Err(learned)) => assert_eq!(plain, learned, "{document}"),
            _ => panic!("{document}: {:?}, {learned:?}", plain.as_ref().map(drop)),
        }
    }
}

/// A key as it is written: plain, with an escape, or with space after it.
fn key(name: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(format!("\"{name}\":")),
        1 => Just(format!("\"\\u{:04x}{}\":", u32::from(name.chars().next().unwrap()), name.chars().skip(1).collect::<String>())),
        1 => Just(format!(" \"{name}\" : ")),
    ]
}

/// A value for a key; now and then one of a type that may be refused there.
fn value(key: &str) -> impl Strategy<Value = String> + use<> {
    let plain: &'static [&'static str] = match key {
        "value" | "qty" | "amount" | "X" => &["12", "\"7\"", "730.50", "-0.25", "1e3", "null"],
        "date" => &["\"2026-03-04\"", "1723193084000", "\"never\"", "null"],
        _ => &["\"a\"", "\"b\"", "\"\\u0061\"", "12", "true", "\"longer than eight\"", "null"],
    };
    let any: &'static [&'static str] = &["null", "true", "{}", "[1]", "\"a\"", "[\"a\", null]"];
    prop_oneof![60 => prop::sample::select(plain), 1 => prop::sample::select(any)].prop_map(str::to_owned)
}

/// An object of some of the keys, in any order; now and then one comes twice.
fn object(keys: &'static [&'static str]) -> impl Strategy<Value = String> {
    let some = prop::sample::subsequence(keys, 0..=keys.len().min(6)).prop_shuffle();
    let all = (some, prop::bool::weighted(0.02)).prop_flat_map(|(mut keys, twice)| {
        keys.extend(keys.first().copied().filter(|_| twice));
        keys.into_iter().map(|name| (key(name), value(name))).collect::<Vec<_>>()
    });
    all.prop_map(|members| {
        let members: Vec<String> = members.into_iter().map(|(key, value)| key + &value).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// An object without its braces.
fn members_of(object: &str) -> String {
    object.strip_prefix('{').and_then(|object| object.strip_suffix('}')).unwrap().to_owned()
}

const ATTRIBUTES: &[&str] =
    &["brand", "Brand", "BRAND", "bRand", "code", "Code", "SKU number", "sku_code", "café", "CAFÉ", "other"];

fn item() -> impl Strategy<Value = String> {
    let attributes = object(ATTRIBUTES).prop_map(|attributes| format!("\"attributes\":{attributes}"));
    let extended = object(&["channel", "brand", "x"]).prop_map(|held| format!("\"extendedFields\":{held}"));
    let own = object(&["code", "qty", "amount", "brand", "other", "CODE"]);
    (own, prop::option::of(attributes), prop::option::of(extended)).prop_map(|(own, attributes, extended)| {
        let inner = members_of(&own);
        let parts = [Some(inner).filter(|inner| !inner.is_empty()), attributes, extended];
        format!("{{{}}}", parts.into_iter().flatten().collect::<Vec<_>>().join(","))
    })
}

fn document() -> impl Strategy<Value = String> {
    let items = prop::collection::vec(item(), 0..4).prop_map(|items| format!("[{}]", items.join(",")));
    let tenders = prop::collection::vec(object(&["code", "amount", "x"]), 0..3)
        .prop_map(|tenders| format!("[{}]", tenders.join(",")));
    let fields = object(&["channel", "x"]);
    let custom = object(&["bank", "colour"]);
    let transaction = object(&["value", "notes", "date", "number", "x"]);
    let with = (transaction, items, tenders, fields, custom).prop_map(
        |(transaction, items, tenders, fields, custom)| {
            let inner = members_of(&transaction);
            let comma = if inner.is_empty() { "" } else { "," };
            format!(
                r#"{{{inner}{comma}"lineItems":{items},"tenders":{tenders},"extendedFields":{fields},"customFields":{custom}}}"#
            )
        },
    );
    let customer = object(&["Style", "x"]).prop_map(|held| format!("{{\"clusters\":{held}}}"));
    let event = object(&["X", "Y"]).prop_map(|held| format!("{{\"targetAchieved\":{held}}}"));
    (with, customer, event, any::<bool>()).prop_map(|(transaction, customer, event, first)| {
        let mut parts = [
            format!("\"currentCustomer\":{customer}"),
            format!("\"currentTxn\":{transaction}"),
            format!("\"currentEvent\":{event}"),
        ];
        if first {
            parts.reverse();
        }
        format!("{{{}}}", parts.join(","))
    })
}

proptest! {
    #[test]
    fn documents_of_changing_shapes_are_read_as_alone(documents in prop::collection::vec(document(), 1..12)) {
        reads_the_same(&layout(RULES), &documents);
    }

    /// By the law: in the attributes, the item itself, its extended fields; as
    /// written in all three, then in any case in all three, then by the alias.
    #[test]
    fn attributes_are_looked_up_as_they_are_defined(items in prop::collection::vec(parts(), 1..4)) {
        let names = ["brand", "BRAND", "code", "Code", "sku_code", "SKU Number", "caf\u{c9}"];
        let rules = names.map(|name| format!("currentTxn.basketIncludes(\"{name}\", \"v1\")"));
        let layout = layout(&rules.each_ref().map(String::as_str));
        let document = format!(r#"{{"currentTxn":{{"lineItems":[{}]}}}}"#, written(&items));
        let mut reused = layout.blank();
        for _ in 0..2 {
            let read = layout.read_into(&document, &Limits::default(), &mut reused);
            let expected: Result<Vec<_>, ()> = items
                .iter()
                .flat_map(|parts| names.map(|name| defined(parts, name)))
                .collect();
            prop_assert_eq!(read.is_ok(), expected.is_ok(), "{}", document);
            let Ok(expected) = expected else { continue };
            let entries = reused.entries("currentTxn", ListName::LineItems).unwrap();
            let found: Vec<Option<String>> = entries
                .flat_map(|entry| names.map(|name| entry.attribute(name).map(str::to_owned)))
                .collect();
            prop_assert_eq!(&found, &expected, "{}", &document);
        }
    }
}

/// Else the property above would compare refusals alone.
#[test]
fn most_documents_of_changing_shapes_are_read() {
    let mut runner = TestRunner::deterministic();
    let layout = layout(RULES);
    let read = (0..200).filter(|_| {
        let document = document().new_tree(&mut runner).unwrap().current();
        layout.read(&document, &Limits::default()).is_ok()
    });
    let count = read.count();
    assert!((100..200).contains(&count), "{count}");
}

/// The attributes, the fields of the item itself and its extended fields: keys,
/// each with a value or null.
type Parts = [Vec<(&'static str, Option<u8>)>; 3];

fn parts() -> impl Strategy<Value = Parts> {
    let part = || {
        let member = (prop::sample::select(ATTRIBUTES), prop::option::weighted(0.8, 0_u8..9));
        prop::collection::vec(member, 0..4)
    };
    [part(), part(), part()]
}

fn written(items: &[Parts]) -> String {
    let members = |part: &Vec<(&str, Option<u8>)>| {
        let member = |(key, value): &(&str, Option<u8>)| {
            format!("\"{key}\":{}", value.map_or("null".to_owned(), |value| format!("\"v{value}\"")))
        };
        part.iter().map(member).collect::<Vec<_>>()
    };
    let item = |[attributes, own, extended]: &Parts| {
        let mut all = members(own);
        all.push(format!("\"attributes\":{{{}}}", members(attributes).join(",")));
        all.push(format!("\"extendedFields\":{{{}}}", members(extended).join(",")));
        format!("{{{}}}", all.join(","))
    };
    items.iter().map(item).collect::<Vec<_>>().join(",")
}

/// The definition of the look-up, step by step.
fn defined(parts: &Parts, name: &str) -> Result<Option<String>, ()> {
    let lower = name.to_lowercase();
    let alias = match lower.as_str() {
        "sku_code" | "sku number" => Some("code"),
        _ => None,
    };
    for spelling in [Some(name), alias].into_iter().flatten() {
        for exact in [true, false] {
            for part in parts {
                let wanted = |key: &str| match exact {
                    true => key == spelling,
                    false => key != spelling && key.to_lowercase() == spelling.to_lowercase(),
                };
                let found: Vec<_> = part.iter().filter(|(key, _)| wanted(key)).collect();
                let again =
                    |(key, next): (&str, usize)| found.iter().skip(next).any(|(other, _)| *other == key);
                let twice = found.iter().map(|(key, _)| *key).zip(1..).any(again);
                let values: Vec<u8> = found.iter().filter_map(|(_, value)| *value).collect();
                if twice || values.len() > 1 {
                    return Err(());
                }
                if let [value] = values.as_slice() {
                    return Ok(Some(format!("v{value}")));
                }
            }
        }
    }
    Ok(None)
}

#[test]
fn ever_new_keys_are_read_without_memory_of_them() {
    let layout = layout(RULES);
    let limits = Limits::default();
    let mut reused = layout.blank();
    let mut last = 0;
    for round in 0..4 {
        let keys: Vec<String> = (0..20_000).map(|number| format!("\"k{round}x{number}\":1")).collect();
        let document = format!(
            r#"{{{0},"currentTxn":{{{0},"value":{round},"lineItems":[{{{0},"brand":"a"}}]}}}}"#,
            keys.join(",")
        );
        layout.read_into(&document, &limits, &mut reused).unwrap();
        assert_eq!(held(&reused), held(&layout.read(&document, &limits).unwrap()));
        last = reused.buffers.shapes.count();
        assert!(last <= MOST);
    }
    // What comes again is learned after that.
    for _ in 0..2 {
        let bill = r#"{"currentTxn":{"value":1,"lineItems":[{"brand":"a"}]}}"#;
        layout.read_into(bill, &limits, &mut reused).unwrap();
    }
    assert!((1..10).contains(&reused.buffers.shapes.count()), "{last} before");
}

/// Documents that are as bad as can be for what is remembered, each read alone
/// and among others.
#[test]
fn hostile_documents_are_read_as_alone() {
    let in_each_case = |name: &str, count: usize| -> Vec<String> {
        let case = |number: usize| {
            let letter = |(at, letter): (usize, char)| match number >> at & 1 {
                1 => letter.to_ascii_uppercase(),
                _ => letter,
            };
            name.chars().enumerate().map(letter).collect::<String>()
        };
        (0..count).map(case).collect()
    };
    let bill = |item: String| format!(r#"{{"currentTxn":{{"lineItems":[{item}]}}}}"#);
    let object = |keys: &[String], value: &str| {
        let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    };
    // All spellings of one name, of which each is a rival of each.
    let spellings = in_each_case("brand", 32);
    // A thousand names that no rule looks up, and that differ in case only.
    let unread = in_each_case("unreadable", 1_000);
    let shapes = (0..10_000).map(|number| format!(r#"{{"brand":"b{number}","k{number}":{number}}}"#));
    let documents = [
        bill(object(&spellings, "null")),
        bill(object(&spellings, "\"a\"")),
        bill(object(&unread, "[{}]")),
        bill(shapes.collect::<Vec<_>>().join(",")),
        bill(format!(
            r#"{{"attributes":{},"extendedFields":{}}}"#,
            object(&spellings, "null"),
            object(&unread, "1")
        )),
        bill(object(&["a".repeat(1 << 19), "\\u00e9".repeat(1 << 15)], "1")),
    ];
    reads_the_same(&layout(RULES), &[documents.as_slice(), documents.as_slice()].concat());
}

#[test]
fn a_host_that_never_clears_does_not_grow_a_transaction() {
    let layout = layout(RULES);
    let value = layout.slot("currentTxn.value").unwrap();
    let mut transaction = layout.blank();
    for _ in 0..1_000 {
        transaction.set_number(value, 1).unwrap();
        transaction.clear_value(value).unwrap();
    }
    transaction.set_number(value, 1).unwrap();
    transaction.clear();
    assert_eq!(held(&transaction), held(&layout.blank()));
}

/// What an item is said to lack is just what it lacks: with it the figure is
/// there, and nothing is said of an item that has the figure.
#[test]
fn an_item_lacks_what_would_give_the_figure() {
    use crate::transaction::Figure;
    const FIELDS: [&str; 5] = ["amount", "value", "rate", "qty", "discount"];
    let limits = Limits::default();
    let layout = Layout::builder().item_figure("currentTxn", Figure::Amount).build();
    for figure in [Figure::Amount, Figure::Discount, Figure::Quantity, Figure::Rate, Figure::Value] {
        for there in 0..32_u32 {
            let read = |more: &[&str]| {
                let stated = |(at, name): (usize, &&str)| {
                    (there >> at & 1 == 1 || more.contains(name)).then(|| format!("\"{name}\":2"))
                };
                let item: Vec<String> = FIELDS.iter().enumerate().filter_map(stated).collect();
                let text = format!("{{\"currentTxn\":{{\"lineItems\":[{{{}}}]}}}}", item.join(","));
                layout.read(text.as_str(), &limits).unwrap()
            };
            let transaction = read(&[]);
            let mut items = transaction.entries("currentTxn", ListName::LineItems).unwrap();
            let item = items.next().unwrap();
            let lacks = item.lacks(figure);
            assert_eq!(lacks.is_empty(), item.figure(figure) != Ok(None), "{figure:?} {there:05b}");
            let mended = read(lacks);
            let mut items = mended.entries("currentTxn", ListName::LineItems).unwrap();
            assert!(matches!(items.next().unwrap().figure(figure), Ok(Some(_))), "{figure:?} {there:05b}");
        }
    }
}
