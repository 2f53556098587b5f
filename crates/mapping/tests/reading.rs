//! What is read by a mapping is what the standard document says: of random
//! documents, of bills as they are measured, and of orders as public systems write
//! them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use loyalty_targets::store::Roster;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use target_rules::transaction::RowValue;
use target_rules::{Ast, Layout, Limits, Rule, Schema, Transaction, Zone};
use target_rules_mapping::{Mapped, MappedReader, Mapping, Rewritten, infer};
use target_rules_testing::workloads::documented::{self, KINDS, Origin};
use target_rules_testing::workloads::{documented_bills, other_shape};

fn mapping(file: &str) -> Mapping {
    Mapping::read(file, &Schema::standard(), &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn rules(texts: &[&str]) -> Vec<Rule> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let rule = |text: &&str| {
        let checked = Ast::from_text(*text, &limits).unwrap().check(&schema, &limits);
        checked.into_rule().unwrap_or_else(|faults| panic!("{faults}"))
    };
    texts.iter().map(rule).collect()
}

fn decided(rules: &[Rule], transaction: &Transaction) -> Vec<String> {
    rules.iter().map(|rule| format!("{:?}", rule.decide(transaction, &Zone::UTC))).collect()
}

/// Rules about all that the mapping below has a place for.
const RULES: [&str; 16] = [
    "currentTxn.value > 500 && currentTxn.discount == 0",
    r#"currentTxn.number == "n-1""#,
    "currentTxn.date.isWeekend() && currentTxn.date.isHourBetween(12, 20)",
    "currentTxn.grossAmount > 100",
    r#"currentTxn.customFieldValueIncludes("till", "a")"#,
    r#"currentTxn.customFieldValueIncludes("other", "b")"#,
    r#"currentTxn.extField_channel == "app""#,
    r#"currentCustomer.slabName == "Gold""#,
    "currentCustomer.isLoyal == true",
    r#"currentCustomer.customFieldValueIncludes("hobby", "a")"#,
    r#"currentTxn.basketQty("brand", "Puma") >= 2"#,
    r#"currentTxn.basketSum("Category", "a") > 10"#,
    r#"currentTxn.basketIncludes("code", "a")"#,
    r#"currentLineItem.qty > 1 && currentLineItem.extField_gift == "a""#,
    r#"tenderProfile.code == "CARD" && tenderProfile.amount > 5"#,
    r#"currentStore.code == "a""#,
];

const MAPPING: &str = r#"{
  "document": {
    "currentTxn": {
      "number": "/head/no",
      "value": {"at": "/head/cents", "minorDigits": 2},
      "discount": {"at": "/head/less", "decimal": ",", "thousands": "."},
      "date": {"at": "/at", "epoch": "milliseconds"},
      "grossAmount": "/head/gross/0",
      "customFields": {"*": {"at": "/notes", "name": "k", "value": "v"}},
      "extendedFields": {"*": "/more"},
      "lineItems": {
        "at": "/lines", "code": "/sku", "qty": "/n", "rate": "/each", "discount": "/less",
        "attributes": {"brand": "/maker/name", "*": "/facts"}, "extendedFields": {"gift": "/gift"}
      },
      "tenders": {"at": "/paid", "code": {"at": "/by", "case": "upper"}, "amount": "/sum"}
    },
    "currentCustomer": {
      "slabName": {"at": "/who/tier", "values": {"G": "Gold", "S": "Silver"}},
      "isLoyal": "/who/loyal",
      "customFields": {"hobby": {"at": "/who/hobbies", "split": ";"}}
    },
    "currentStore": {"code": {"at": "/where", "absentWhen": ["", "none"]}}
  },
  "skip": [{"at": "/state", "equals": "void"}, {"at": "/test", "there": true}]
}"#;

/// A standard document in the shape of the mapping: its inverse, written out.
fn inverse(standard: &Value) -> Value {
    let mut other = Map::new();
    let mut head = Map::new();
    let bill = &standard["currentTxn"];
    let take =
        |from: &Value, key: &str, to: &mut Map<String, Value>, name: &str, make: &dyn Fn(&Value) -> Value| {
            match from.get(key) {
                None => {}
                Some(Value::Null) => drop(to.insert(name.to_owned(), Value::Null)),
                Some(value) => drop(to.insert(name.to_owned(), make(value))),
            }
        };
    let same = |value: &Value| value.clone();
    take(bill, "number", &mut head, "no", &same);
    take(bill, "value", &mut head, "cents", &|value| {
        let written = format!("{:.2}", value.as_f64().unwrap()).replace('.', "");
        json!(written.parse::<i64>().unwrap())
    });
    take(bill, "discount", &mut head, "less", &|value| {
        json!(format!("{:.2}", value.as_f64().unwrap()).replace('.', ","))
    });
    take(bill, "grossAmount", &mut head, "gross", &|value| json!([value, "other"]));
    take(bill, "date", &mut other, "at", &same);
    take(bill, "customFields", &mut other, "notes", &|fields| {
        let pair = |(key, value): (&String, &Value)| json!({"v": value, "id": 1, "k": key});
        Value::Array(fields.as_object().unwrap().iter().map(pair).collect())
    });
    take(bill, "extendedFields", &mut other, "more", &same);
    take(bill, "lineItems", &mut other, "lines", &|items| {
        let line = |item: &Value| {
            let mut line = Map::new();
            for (from, to) in [("code", "sku"), ("qty", "n"), ("rate", "each"), ("discount", "less")] {
                if let Some(value) = item.get(from) {
                    line.insert(to.to_owned(), value.clone());
                }
            }
            if let Some(attributes) = item.get("attributes").and_then(Value::as_object) {
                let mut facts = attributes.clone();
                if let Some(brand) = facts.remove("brand") {
                    line.insert("maker".to_owned(), json!({"name": brand}));
                }
                line.insert("facts".to_owned(), Value::Object(facts));
            }
            if let Some(gift) = item.get("extendedFields").and_then(|fields| fields.get("gift")) {
                line.insert("gift".to_owned(), gift.clone());
            }
            Value::Object(line)
        };
        Value::Array(items.as_array().unwrap().iter().map(line).collect())
    });
    take(bill, "tenders", &mut other, "paid", &|tenders| {
        let paid = |tender: &Value| json!({"by": tender["code"].as_str().unwrap().to_lowercase(), "sum": tender["amount"], "other": [1]});
        Value::Array(tenders.as_array().unwrap().iter().map(paid).collect())
    });
    let who = &standard["currentCustomer"];
    let mut buyer = Map::new();
    take(who, "slabName", &mut buyer, "tier", &|tier| match tier.as_str() {
        Some("Gold") => json!("G"),
        Some("Silver") => json!("S"),
        _ => tier.clone(),
    });
    take(who, "isLoyal", &mut buyer, "loyal", &same);
    if let Some(hobbies) = who.get("customFields").and_then(|fields| fields.get("hobby")) {
        let texts: Vec<&str> = hobbies.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        buyer.insert("hobbies".to_owned(), json!(texts.join(" ; ")));
    }
    other.insert("who".to_owned(), Value::Object(buyer));
    let store = standard["currentStore"].get("code").cloned();
    other.insert("where".to_owned(), store.unwrap_or_else(|| json!("none")));
    other.insert("head".to_owned(), Value::Object(head));
    other.insert("unread".to_owned(), json!({"deep": [[{"no": 1}]]}));
    Value::Object(other)
}

fn word() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["a", "b", "Puma", "app", "Gold", "G\u{f6}ld \"x\""]).prop_map(Value::from)
}

fn cents() -> impl Strategy<Value = Value> {
    (0..100_000_i32).prop_map(|cents| json!(f64::from(cents) / 100.0))
}

fn object(members: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let member = |(key, value): (&'static str, BoxedStrategy<Value>)| {
        prop::option::weighted(0.8, value).prop_map(move |value| value.map(|value| (key.to_owned(), value)))
    };
    let members: Vec<_> = members.into_iter().map(member).collect();
    members.prop_map(|found| Value::Object(found.into_iter().flatten().collect())).boxed()
}

fn standard() -> impl Strategy<Value = Value> {
    let item = object(vec![
        ("code", word().boxed()),
        ("qty", (0..5_i32).prop_map(Value::from).boxed()),
        ("rate", cents().boxed()),
        ("discount", cents().boxed()),
        (
            "attributes",
            object(vec![
                ("brand", word().boxed()),
                ("category", word().boxed()),
                ("CATEGORY", Just(Value::Null).boxed()),
            ]),
        ),
        ("extendedFields", object(vec![("gift", word().boxed())])),
    ]);
    let tender = (prop::sample::select(vec!["CARD", "CASH"]), cents())
        .prop_map(|(code, amount)| json!({"code": code, "amount": amount}));
    let several = || prop::collection::vec(word(), 0..3).prop_map(Value::from).boxed();
    let bill = object(vec![
        ("number", prop_oneof![Just(json!("n-1")), Just(json!(17)), Just(Value::Null)].boxed()),
        ("value", prop_oneof![4 => cents(), 1 => Just(Value::Null)].boxed()),
        ("discount", cents().boxed()),
        ("grossAmount", cents().boxed()),
        ("date", (0..4_000_000_000_i64).prop_map(|seconds| json!(seconds * 1000)).boxed()),
        (
            "customFields",
            object(vec![("till", several()), ("other", word().boxed()), ("third", word().boxed())]),
        ),
        ("extendedFields", object(vec![("channel", word().boxed())])),
        ("lineItems", prop::collection::vec(item, 0..4).prop_map(Value::from).boxed()),
        ("tenders", prop::collection::vec(tender, 0..3).prop_map(Value::from).boxed()),
    ]);
    let hobby = prop::collection::vec(word(), 1..3).prop_map(|hobbies| json!({"hobby": hobbies}));
    let customer = object(vec![
        ("slabName", word().boxed()),
        ("isLoyal", any::<bool>().prop_map(Value::from).boxed()),
        ("customFields", hobby.boxed()),
    ]);
    let store = object(vec![("code", word().boxed())]);
    (bill, customer, store).prop_map(|(bill, customer, store)| {
        json!({"currentTxn": bill, "currentCustomer": customer, "currentStore": store})
    })
}

/// The mapping, the rules and what they read, made once for all cases.
static READ: LazyLock<(Mapping, Vec<Rule>, Layout)> = LazyLock::new(|| {
    let rules = rules(&RULES);
    let layout = Layout::of(&rules);
    (mapping(MAPPING), rules, layout)
});

proptest! {
    #[test]
    fn the_inverse_of_a_mapping_reads_to_the_same(documents in prop::collection::vec(standard(), 1..6)) {
        let (mapping, rules, layout) = &*READ;
        let (reader, limits) = (MappedReader::new(mapping, layout), Limits::default());
        let mut read = layout.blank();
        for document in documents {
            let other = inverse(&document).to_string();
            let plain = layout.read(document.to_string().as_str(), &limits).unwrap();
            let expected = decided(rules, &plain);
            prop_assert_eq!(reader.read_into(other.as_str(), &limits, &mut read).unwrap(), Mapped::Bill);
            prop_assert_eq!(&decided(rules, &read), &expected, "{} of {}", other, document);
            // What is written as a standard document says the same.
            let Ok(Rewritten::Bill(written)) = mapping.rewrite(other.as_str(), &limits) else { panic!("{other}") };
            let again = layout.read(written.as_str(), &limits).unwrap();
            prop_assert_eq!(&decided(rules, &again), &expected, "{} of {}", written, other);
        }
    }
}

#[test]
fn bills_in_another_shape_decide_as_they_do() {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let rules: Vec<Rule> = documented::rules(Origin::best(), &KINDS[0], 300, 0, &schema, &limits)
        .into_iter()
        .map(|(_, rule)| rule)
        .collect();
    let layout = Layout::of(&rules);
    let reader = MappedReader::new(&mapping(other_shape::MAPPING), &layout);
    let mut read = layout.blank();
    for bill in documented_bills::bills(30, 7) {
        let other = other_shape::of(&bill);
        assert!(!other.contains("currentTxn") && other.len().abs_diff(bill.len()) < 120, "{other}");
        let plain = layout.read(bill.as_str(), &limits).unwrap();
        reader.read_into(other.as_str(), &limits, &mut read).unwrap();
        assert_eq!(decided(&rules, &read), decided(&rules, &plain), "{other}");
    }
}

#[test]
fn what_is_skipped_is_skipped_whatever_else_it_has() {
    let rules = rules(&RULES);
    let layout = Layout::of(&rules);
    let reader = MappedReader::new(&mapping(MAPPING), &layout);
    let (limits, mut read) = (Limits::default(), layout.blank());
    for document in [
        r#"{"state": "void", "head": {"cents": 5}}"#,
        r#"{"head": {"cents": "no number"}, "state": "void"}"#,
        r#"{"test": {"of": "something"}}"#,
    ] {
        assert_eq!(reader.read_into(document, &limits, &mut read), Ok(Mapped::Skipped), "{document}");
    }
    assert_eq!(reader.read_into(r#"{"test": null}"#, &limits, &mut read), Ok(Mapped::Bill));
    let refused = reader.read_into(r#"{"head": {"cents": "no number"}}"#, &limits, &mut read).unwrap_err();
    let fault = refused.iter().next().unwrap();
    assert_eq!((fault.pointer.as_deref(), fault.code.name()), (Some("/head/cents"), "wrong-type"));
    assert_eq!(fault.message, "`cents` must be a number, is `no number`");
}

#[test]
fn rows_of_columns_are_read_by_the_same_mapping() {
    let file = r#"{"document": {
        "currentTxn": {"number": "Bill no.", "value": {"at": "Total", "decimal": ",", "thousands": "."},
                       "date": {"at": "/Day", "date": "%d.%m.%Y"}, "customFields": {"till": "Till"}},
        "currentCustomer": {"id": "Customer", "isLoyal": "Loyal"}},
        "skip": [{"at": "State", "oneOf": ["void"]}], "returns": [{"at": "State", "equals": "back"}]}"#;
    let rules = rules(&[
        "currentTxn.value > 500",
        "currentTxn.date.dayOfMonth() == 7",
        r#"currentTxn.customFieldValueIncludes("till", "7")"#,
        "currentCustomer.isLoyal == true",
        "returnBill.date.dayOfMonth() == 7",
    ]);
    let layout = Layout::of(&rules);
    let reader = MappedReader::new(&mapping(file), &layout);
    let names = ["Customer", "Bill no.", "Day", "Total", "Till", "Loyal", "State"];
    let columns = reader.columns(names);
    let (limits, mut read) = (Limits::default(), layout.blank());
    let mut row = ["19721", "n-1", "07.03.2026", "1.730,50", "7", "true", "paid"].map(RowValue::Text);
    assert_eq!(reader.read_row(&columns, &row, &limits, &mut read), Ok(Mapped::Bill));
    let results = |read: &Transaction| -> Vec<String> {
        rules.iter().map(|rule| rule.decide(read, &Zone::UTC).result.to_string()).collect()
    };
    assert_eq!(results(&read), ["true", "true", "true", "true", "unknown"]);
    assert_eq!(read.number(), Some("n-1"));
    row[6] = RowValue::Text("back");
    let Ok(Mapped::Return(standard)) = reader.read_row(&columns, &row, &limits, &mut read) else { panic!() };
    assert!(standard.contains(r#""returnBill":{"#) && !standard.contains("currentTxn"), "{standard}");
    assert_eq!(results(&read)[4], "true");
    row[6] = RowValue::Text("void");
    assert_eq!(reader.read_row(&columns, &row, &limits, &mut read), Ok(Mapped::Skipped));
    row[6] = RowValue::Null;
    row[3] = RowValue::Text("much");
    let refused = reader.read_row(&columns, &row, &limits, &mut read).unwrap_err();
    let fault = refused.iter().next().unwrap();
    assert_eq!(fault.pointer.as_deref(), Some("/Total"));
    assert_eq!(fault.message, "`Total` must be a number such as `1.234,50`, is `much`");
}

/// Orders as public systems write them, each with what rules say of it.
type Order = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
const ORDERS: [Order; 3] = [
    (
        "shopify-order",
        include_str!("orders/shopify.json"),
        &[
            (r##"currentTxn.number == "#1001""##, "true"),
            ("currentTxn.value == 409.94 && currentTxn.discount == 10", "true"),
            ("currentTxn.date.isHourBetween(16, 17)", "true"),
            (r#"currentTxn.basketQty("brand", "Apple") == 2"#, "true"),
            (r#"currentTxn.basketIncludes("code", "IPOD2008GREEN")"#, "true"),
            (r#"currentTxn.basketIncludes("Custom Engraving Front", "Happy Birthday")"#, "true"),
            (r#"currentTxn.customFieldValueIncludes("colour", "red")"#, "true"),
            (r#"currentTxn.customFieldValueIncludes("tags", "imported")"#, "true"),
            (r#"currentCustomer.email == "bob.norman@mail.example.com""#, "true"),
            (r#"currentTxn.extField_source_name == "web""#, "true"),
            ("currentCustomer.slabNumber > 1", "unknown"),
        ],
    ),
    (
        "woocommerce-order",
        include_str!("orders/woocommerce.json"),
        &[
            (r#"currentTxn.number == "727""#, "true"),
            ("currentTxn.value == 29.35", "true"),
            ("currentTxn.date.isHourBetween(16, 17)", "true"),
            ("currentLineItem.qty == 2", "true"),
            (r#"currentTxn.basketIncludes("pa_color", "black")"#, "true"),
            (r#"currentTxn.customFieldValueIncludes("_gift", "yes")"#, "true"),
            (r#"currentCustomer.email == "john.doe@example.com""#, "true"),
            (r#"currentTxn.extField_payment_method == "bacs""#, "true"),
        ],
    ),
    (
        "bulk-bill",
        include_str!("orders/bulk-bill.json"),
        &[
            (r#"currentTxn.number == "b-0087""#, "true"),
            ("currentTxn.value == 6000 && currentTxn.grossAmount == 6500", "true"),
            ("currentTxn.discount > 0", "unknown"),
            ("currentTxn.date.isHourBetween(5, 6)", "true"),
            (r#"currentCustomer.mobile == "919999988886""#, "true"),
            (r#"currentCustomer.email.contains("9")"#, "unknown"),
            (r#"currentLineItem.code == "model_id_001" && currentLineItem.qty == 4"#, "true"),
            (r#"currentLineItem.extField_GrossWeight == "10.50""#, "true"),
            (r#"currentTxn.basketIncludes("city", "Bangalore")"#, "true"),
            (r#"tenderProfile.code == "CardPayment" && tenderProfile.amount == 6000"#, "true"),
            (r#"currentTxn.customFieldValueIncludes("channel", "app")"#, "true"),
            (r#"currentTxn.extField_trip == "one-way""#, "true"),
        ],
    ),
];

#[test]
fn ready_made_mappings_read_orders_of_their_shape() {
    let limits = Limits::default();
    for (name, order, expected) in ORDERS {
        let texts: Vec<&str> = expected.iter().map(|(text, _)| *text).collect();
        let rules = rules(&texts);
        let layout = Layout::of(&rules);
        let mapping = Mapping::ready_made(name).unwrap();
        let mut read = layout.blank();
        let reader = MappedReader::new(&mapping, &layout);
        let done = reader.read_into(order, &limits, &mut read);
        assert_eq!(done.unwrap_or_else(|faults| panic!("{name}: {faults}")), Mapped::Bill);
        let Ok(Rewritten::Bill(written)) = mapping.rewrite(order, &limits) else { panic!("{name}") };
        let again =
            layout.read(written.as_str(), &limits).unwrap_or_else(|faults| panic!("{written}: {faults}"));
        for (rule, (text, result)) in rules.iter().zip(expected) {
            let decision = rule.decide(&read, &Zone::UTC);
            assert_eq!(decision.result.to_string(), *result, "{name}: {text}: {decision:?}");
            assert_eq!(rule.decide(&again, &Zone::UTC), decision, "{name}: {text}, rewritten");
        }
    }
}

#[test]
fn a_return_of_a_bulk_upload_takes_back() {
    let order = include_str!("orders/bulk-bill.json").replace(r#""REGULAR""#, r#""RETURN""#);
    let rules = rules(&[r#"returnBill.number == "b-0087""#, "currentTxn.value > 0"]);
    let layout = Layout::of(&rules);
    let reader = MappedReader::new(&Mapping::ready_made("bulk-bill").unwrap(), &layout);
    let mut read = layout.blank();
    let done = reader.read_into(order.as_str(), &Limits::default(), &mut read).unwrap();
    assert!(matches!(done, Mapped::Return(_)));
    let results: Vec<String> =
        rules.iter().map(|rule| rule.decide(&read, &Zone::UTC).result.to_string()).collect();
    assert_eq!(results, ["true", "unknown"]);
}

/// A ledger takes mapped bills as they were read, and returns by their documents.
#[test]
fn mapped_documents_are_activities_of_a_ledger() {
    let roster = Roster::new(Vec::new(), Zone::UTC).unwrap();
    let reader = MappedReader::new(&Mapping::ready_made("bulk-bill").unwrap(), roster.layout());
    let (limits, mut read) = (Limits::default(), roster.layout().blank());
    let bill = r#"{"identifierType": "id", "identifierValue": "19721", "type": "REGULAR", "billNumber": "n-1",
        "billingDate": "2026-03-07T11:00:00+05:30", "billAmount": "730.50"}"#;
    assert_eq!(reader.read_into(bill, &limits, &mut read), Ok(Mapped::Bill));
    let activity = roster.activity(read.clone()).unwrap();
    assert_eq!((activity.customer(), activity.number(), activity.is_return()), (19721, "n-1", false));
    let back = bill.replace("REGULAR", "RETURN");
    let Ok(Mapped::Return(standard)) = reader.read_into(back.as_str(), &limits, &mut read) else { panic!() };
    let activity = roster.read(standard.as_str(), &limits).unwrap();
    assert_eq!((activity.customer(), activity.number(), activity.is_return()), (19721, "n-1", true));
}

#[test]
fn a_draft_is_a_mapping_and_reads_its_sample() {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let csv = "Bestellnummer;Datum;Summe;Kundennummer;Filiale;Stornostatus\n\
        n-1;07.03.2026 12:20;1.730,50;19721;Mitte;paid\nn-2;17.03.2026 09:01;12,00;19722;Nord;paid\n";
    let orders: Vec<&str> = ORDERS.iter().map(|(_, order, _)| *order).chain([csv, r#"{"x": [1]}"#]).collect();
    for sample in orders {
        let draft = infer(sample, &schema, &limits).unwrap_or_else(|faults| panic!("{faults}"));
        let written = serde_json::to_string_pretty(&draft.mapping).unwrap();
        let read = Mapping::read(written.as_str(), &schema, &limits);
        assert_eq!(read.unwrap_or_else(|faults| panic!("{written}: {faults}")), draft.mapping);
        if sample.starts_with('{') {
            draft.mapping.rewrite(sample, &limits).unwrap_or_else(|faults| panic!("{written}: {faults}"));
        }
    }
    let draft = infer(csv, &schema, &limits).unwrap();
    let written = serde_json::to_value(&draft.mapping).unwrap();
    let bill = &written["document"]["currentTxn"];
    assert_eq!(bill["number"], "Bestellnummer");
    assert_eq!(bill["value"], json!({"at": "Summe", "thousands": ".", "decimal": ","}));
    assert_eq!(bill["date"], json!({"at": "Datum", "date": "%d.%m.%Y %H:%M"}));
    assert_eq!(written["document"]["currentCustomer"]["id"], "Kundennummer");
    assert!(
        draft.mapping.notes.iter().any(|note| note.contains("`/Stornostatus`")),
        "{:?}",
        draft.mapping.notes
    );
    let lines = "{\"order_id\": \"a\", \"total_cents\": 73050, \"ts\": 1}\n{\"order_id\": \"b\", \"total_cents\": 5}\n{\"ord";
    let draft = infer(lines, &schema, &limits).unwrap();
    let written = serde_json::to_value(&draft.mapping).unwrap();
    assert_eq!(draft.documents, 2);
    assert_eq!(written["document"]["currentTxn"]["value"], json!({"at": "/total_cents", "minorDigits": 2}));
    for none in ["", "[]", "\n"] {
        assert!(infer(none, &schema, &limits).is_err(), "{none:?}");
    }
}

#[test]
fn hostile_input_is_refused_by_its_limits() {
    let (schema, mut limits) = (Schema::standard(), Limits::default());
    limits.mapping = 10;
    let faults = Mapping::read(MAPPING, &schema, &limits).unwrap_err();
    assert_eq!(faults.iter().next().unwrap().code.name(), "limit");
    limits = Limits::default();
    let deep = format!(r#"{{"document": {{"currentTxn": {{"value": "{}"}}}}}}"#, "/a".repeat(61));
    let faults = Mapping::read(deep.as_str(), &schema, &limits).unwrap_err();
    assert_eq!(faults.iter().next().unwrap().code.name(), "limit");
    let mapping = mapping(MAPPING);
    let layout = Layout::of(&rules(&RULES));
    let reader = MappedReader::new(&mapping, &layout);
    let mut read = layout.blank();
    let nested = format!(r#"{{"more": {}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for document in [
        nested.as_str(),
        r#"{"head": {"cents": 1e999999999}}"#,
        &format!(r#"{{"head": {{"cents": {}}}}}"#, "9".repeat(5_000)),
        &format!(r#"{{"at": "{}"}}"#, "9".repeat(5_000)),
        r#"{"at": -9223372036854775808999}"#,
        "{",
        "",
        "\u{0}",
        r#"{"head": "#,
    ] {
        let refused = reader.read_into(document, &limits, &mut read);
        assert!(refused.is_err(), "{}", document.get(..40).unwrap_or(document));
        assert!(mapping.rewrite(document, &limits).is_err() || document.contains("at"));
    }
    limits.transaction = 5;
    let refused = reader.read_into("{\"state\": 1}", &limits, &mut read).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code.name(), "limit");
}
