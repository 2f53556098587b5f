//! A transaction of set values decides as the one read from its document.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::transaction::{EntrySetter, EntrySlot, SetError};
use target_rules::value::DateText;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Number, Reference, Rule, RuleSet, Schema, Scratch, Slot, Transaction,
    Truth, Zone,
};

type Object = BTreeMap<String, Box<RawValue>>;

/// A member that is there and not `null`.
fn member(raw: &RawValue, key: &str) -> Option<Box<RawValue>> {
    let mut object: Object = serde_json::from_str(raw.get()).ok()?;
    object.remove(key).filter(|value| value.get() != "null")
}

fn array(raw: &RawValue) -> Option<Vec<Box<RawValue>>> {
    serde_json::from_str(raw.get()).ok()
}

/// A scalar as text, digits as they are written.
fn text(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first()? {
        b'"' => serde_json::from_str(raw.get()).ok(),
        b'{' | b'[' => None,
        _ => Some(raw.get().to_owned()),
    }
}

/// Tries what the host could have until the type is the rules'.
fn set(transaction: &mut Transaction, slot: Slot, raw: &RawValue) -> Option<()> {
    if let Some(values) = array(raw) {
        let texts: Vec<String> =
            values.iter().filter(|value| value.get() != "null").filter_map(|value| text(value)).collect();
        return match transaction.set_texts(slot, texts.iter().map(String::as_str)) {
            Ok(()) => Some(()),
            Err(_) => {
                let numbers: Option<Vec<Number>> =
                    texts.iter().map(|text| Number::from_json(text).ok()).collect();
                transaction.set_numbers(slot, &numbers?).ok()
            }
        };
    }
    let text = text(raw)?;
    if let Ok(value) = raw.get().parse()
        && transaction.set_boolean(slot, value).is_ok()
    {
        return Some(());
    }
    if let Ok(number) = Number::from_json(&text)
        && transaction.set_number(slot, number).is_ok()
    {
        return Some(());
    }
    let date =
        match raw.get().parse().ok().and_then(|count| target_rules::Instant::from_milliseconds(count).ok()) {
            Some(instant) => DateText::Instant(instant),
            None => DateText::parse(&text),
        };
    transaction
        .set_date(slot, date)
        .or_else(|_| transaction.set_text(slot, &text))
        .or_else(|_| transaction.set_texts(slot, [text.as_str()]))
        .ok()
}

/// A value of an entry, likewise.
fn set_in_entry(entry: &mut EntrySetter<'_>, slot: EntrySlot, raw: &RawValue) -> Option<()> {
    let text = text(raw)?;
    if let Ok(value) = raw.get().parse()
        && entry.boolean(slot, value).is_ok()
    {
        return Some(());
    }
    if let Ok(number) = Number::from_json(&text)
        && entry.number(slot, number).is_ok()
    {
        return Some(());
    }
    if entry.date(slot, DateText::parse(&text)).is_ok() {
        return Some(());
    }
    entry.text(slot, &text).map(drop).ok()
}

fn member_of(document: &RawValue, steps: &[&str]) -> Option<Box<RawValue>> {
    let mut found = document.to_owned();
    for step in steps {
        found = member(&found, step)?;
    }
    Some(found)
}

/// An item's attribute under any of its names, as a host would know it.
fn looked_up(item: &RawValue, name: &str) -> Option<Box<RawValue>> {
    let alias = match name.to_lowercase().as_str() {
        "sku_code" | "sku number" => Some("code"),
        "product name" | "short description" => Some("description"),
        _ => None,
    };
    let rooms = [member(item, "attributes"), Some(item.to_owned()), member(item, "extendedFields")];
    [Some(name), alias].into_iter().flatten().find_map(|name| {
        let exact = rooms.iter().flatten().find_map(|room| member(room, name));
        exact.or_else(|| {
            rooms.iter().flatten().find_map(|room| {
                let object: Object = serde_json::from_str(room.get()).ok()?;
                let lower = name.to_lowercase();
                let similar = |key: &String| key != name && key.to_lowercase() == lower;
                let mut found = object.into_iter().filter(|(key, raw)| similar(key) && raw.get() != "null");
                found.next().map(|(_, raw)| raw)
            })
        })
    })
}

/// Sets what the rule refers to from its document; `None` where the document
/// has a form that no setter takes, such as a number as text.
fn flattened(rule: &Rule, layout: &Layout, document: &RawValue) -> Option<Transaction> {
    let mut transaction = layout.blank();
    let references = rule.references();
    for reference in &references {
        let (path, contained): (Vec<&str>, bool) = match reference {
            Reference::Attribute { profile, name } => (vec![profile, name], false),
            Reference::ExtendedField { profile, name } => (vec![profile, "extendedFields", name], false),
            Reference::CustomField { profile, name } => (vec![profile, "customFields", name], true),
            Reference::Segment { profile, name } => (vec![profile, "clusters", name], true),
            Reference::Answer { profile, method, arguments } => {
                let mut path = vec![profile.as_str(), method.as_str()];
                path.extend(arguments.iter().map(String::as_str));
                if let Some((last, list)) = path.split_last()
                    && let Some(holding) = member_of(document, list).as_deref().and_then(array)
                {
                    let holds = holding.iter().filter_map(|raw| text(raw)).any(|text| text == **last);
                    transaction.set_boolean(layout.slot_of(reference)?, holds).unwrap();
                    continue;
                }
                (path, false)
            }
            _ => continue,
        };
        let slot = layout.slot_of(reference).unwrap();
        match member_of(document, &path) {
            Some(raw) => set(&mut transaction, slot, &raw)?,
            None if contained && member_of(document, path.split_last()?.1).is_some() => {
                transaction.set_no_entry(slot).unwrap();
            }
            None => {}
        }
    }
    for reference in &references {
        let Reference::List { profile, list } = reference else { continue };
        let Some(entries) = member_of(document, &[profile, list]).as_deref().and_then(array) else {
            continue;
        };
        let held = layout.list(&format!("{profile}.{list}")).unwrap();
        transaction.set_no_entries(held).unwrap();
        for document in entries {
            let mut entry = transaction.add_entry(held).unwrap();
            for reference in &references {
                match reference {
                    Reference::EntryField { list: of, name, extended, .. } if of == list => {
                        let (field, room) = match extended {
                            true => (format!("extField_{name}"), vec!["extendedFields", name]),
                            false => (name.clone(), vec![name.as_str()]),
                        };
                        if let Some(raw) = member_of(&document, &room) {
                            set_in_entry(&mut entry, layout.entry_slot(held, &field).unwrap(), &raw)?;
                        }
                    }
                    Reference::ItemAttribute { name, .. } if list == "lineItems" => {
                        if let Some(raw) = looked_up(&document, name) {
                            entry.text(layout.item_attribute(held, name).unwrap(), &text(&raw)?).unwrap();
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    Some(transaction)
}

#[derive(Deserialize)]
struct Case {
    id: String,
    dsl: Option<Box<RawValue>>,
    transaction: Option<Box<RawValue>>,
    zone: Option<String>,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[test]
fn set_values_decide_as_their_document() {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let (mut compared, mut differing) = (0, Vec::new());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: File = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in file.cases {
            let (Some(dsl), Some(raw)) = (case.dsl, case.transaction) else { continue };
            let Ok(dsl) = serde_json::from_str::<String>(dsl.get()) else { continue };
            let document = text(&raw).unwrap_or_else(|| raw.get().to_owned());
            // Rules refer to this profile by the first of its two names.
            let known = document.replace("\"currentTracker\":", "\"currentTrackerCondition\":");
            let Ok(raw) = serde_json::from_str::<Box<RawValue>>(&known) else { continue };
            let checked = Ast::from_text(&dsl, &limits).map(|ast| ast.check(&schema, &limits).into_rule());
            let Ok(Ok(rule)) = checked else { continue };
            let layout = Layout::of([&rule]);
            let Ok(read) = layout.read(&document, &limits) else { continue };
            let Some(set) = flattened(&rule, &layout, &raw) else { continue };
            let zone = case.zone.as_deref().map_or(Zone::UTC, |name| Zone::named(name).unwrap());
            let program = layout.compile(&rule).unwrap();
            let mut scratch = Scratch::default();
            let mut decided = |transaction: &Transaction| {
                let mut evaluation = Evaluation::new(transaction, &zone, &mut scratch);
                let truth = program.decide(&mut evaluation);
                (truth, evaluation.items().to_vec(), rule.decide(transaction, &zone))
            };
            compared += 1;
            if decided(&read) != decided(&set) {
                differing.push(format!("{}: {dsl} on {document}", case.id));
            }
        }
    }
    assert!(compared > 1_000, "only {compared} cases were compared");
    assert!(differing.is_empty(), "{} of {compared} differ:\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn a_value_of_another_type_is_refused() {
    let limits = Limits::default();
    let rule = |text: &str| {
        Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
    };
    let rules = [rule("currentTxn.value > 5"), rule("currentTxn.basketQty(\"brand\", \"Puma\") > 1")];
    let layout = Layout::of(&rules);
    let value = layout.slot("currentTxn.value").unwrap();
    let items = layout.list("currentTxn.lineItems").unwrap();
    let quantity = layout.entry_slot(items, "qty").unwrap();
    let mut transaction = layout.blank();
    let refused = transaction.set_text(value, "12").unwrap_err();
    assert_eq!(refused.to_string(), "`currentTxn.value` must be a number, is a string");
    let refused = transaction.set_texts(value, ["12"]).unwrap_err();
    assert_eq!(refused.to_string(), "`currentTxn.value` must be a number, is a list of strings");
    let refused = transaction.add_entry(items).unwrap().boolean(quantity, true).map(drop).unwrap_err();
    assert_eq!(refused.to_string(), "`currentTxn.lineItems.qty` must be a number, is a boolean");
    let other = Layout::of(&rules);
    assert_eq!(
        transaction.set_number(other.slot("currentTxn.value").unwrap(), Number::ZERO),
        Err(SetError::OtherLayout)
    );
    assert!(layout.slot("currentTxn.discount").is_none());
    assert!(layout.slot("value").is_none());
    assert!(layout.entry_slot(items, "colour").is_none());
}

#[test]
fn a_value_can_be_set_again_and_cleared() {
    let limits = Limits::default();
    let ast = Ast::from_text("currentTxn.value > 5", &limits).unwrap();
    let rule = ast.check(&Schema::standard(), &limits).into_rule().unwrap();
    let layout = Layout::of([&rule]);
    let (program, value) = (layout.compile(&rule).unwrap(), layout.slot("currentTxn.value").unwrap());
    let (mut transaction, mut scratch, zone) = (layout.blank(), Scratch::default(), Zone::UTC);
    let mut decided =
        |transaction: &Transaction| program.decide(&mut Evaluation::new(transaction, &zone, &mut scratch));
    for (number, expected) in [(6, Truth::True), (5, Truth::False)] {
        transaction.set_number(value, Number::from_integer(number)).unwrap();
        assert_eq!(decided(&transaction), expected);
    }
    transaction.clear_value(value).unwrap();
    assert_eq!(decided(&transaction), Truth::Unknown);
}

#[test]
fn slots_stay_valid_as_a_layout_grows_and_are_not_mistaken_between_branches() {
    let limits = Limits::default();
    let rule = |text: &str| {
        let ast = Ast::from_text(text, &limits).unwrap();
        ast.check(&Schema::standard(), &limits).into_rule().unwrap()
    };
    let items = "currentTxn.basketQty(\"brand\",\"Puma\")>1";
    let set = RuleSet::new([("value", rule("currentTxn.value>500")), ("items", rule(items))]).unwrap();
    let value = set.layout().slot("currentTxn.value").unwrap();
    let list = set.layout().list("currentTxn.lineItems").unwrap();
    let quantity = set.layout().entry_slot(list, "qty").unwrap();
    // Two sets grow from one: each has another value in its next slot.
    let points =
        set.with("more", &rule("currentTxn.points>5&&currentTxn.basketSum(\"code\",\"x\")>1")).unwrap();
    let discount = set.with("more", &rule("currentTxn.discount>5")).unwrap();
    let of_points = points.layout().slot("currentTxn.points").unwrap();
    let of_discount = discount.layout().slot("currentTxn.discount").unwrap();
    for grown in [&points, &discount] {
        let mut transaction = grown.layout().blank();
        transaction.set_number(value, 730).unwrap();
        transaction.add_entry(list).unwrap().number(quantity, 2).unwrap();
        assert_eq!(transaction.get_number(value), Some(Number::from(730)));
        assert_eq!(grown.layout().slot("currentTxn.value"), Some(value));
        let entry = transaction.get_entries(list).unwrap().next().unwrap();
        assert_eq!(entry.number(quantity), Some(Number::from(2)));
    }
    let mut transaction = discount.layout().blank();
    assert_eq!(transaction.set_number(of_points, 7), Err(SetError::OtherLayout));
    assert_eq!(transaction.get_number(of_points), None);
    transaction.set_number(of_discount, 7).unwrap();
    assert_eq!(points.layout().blank().set_number(of_discount, 7), Err(SetError::OtherLayout));
    // What nobody read has its slot in the set that grew, and all rules may come
    // anew: a set that reads what a layout reads grows from it.
    assert_eq!(set.layout().slot("currentTxn.discount"), None);
    let anew = [("discount", rule("currentTxn.discount>7"))];
    let anew = RuleSet::reading(discount.layout().clone(), anew).unwrap();
    let mut transaction = anew.layout().blank();
    transaction.set_number(value, 730).unwrap();
    transaction.set_number(of_discount, 8).unwrap();
    transaction.add_entry(list).unwrap().number(quantity, 2).unwrap();
    let (mut scratch, zone, mut matching) = (Scratch::default(), Zone::UTC, Vec::new());
    anew.decide(&mut Evaluation::new(&transaction, &zone, &mut scratch), |id, _| matching.push(*id)).unwrap();
    assert_eq!(matching, ["discount"]);
    assert_eq!(transaction.set_number(of_points, 7), Err(SetError::OtherLayout));
    // A set made anew of the same rules alone has slots of its own.
    let anew = RuleSet::new([("value", rule("currentTxn.value>500"))]).unwrap();
    assert_eq!(anew.layout().blank().set_number(value, 7), Err(SetError::OtherLayout));
}

#[test]
fn a_slip_in_a_name_is_told_from_a_value_that_no_rule_reads() {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let text = r#"currentTxn.value>5&&currentTxn.basketQty("brand","Puma")>1&&tenderProfile.amount>2"#;
    let rule = Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
    let layout = Layout::of([&rule]);
    let items = layout.list_in(&schema, "currentTxn.lineItems").unwrap().unwrap();
    let tenders = layout.list_in(&schema, "currenttxn.tenders").unwrap().unwrap();
    let single = |name: &str| layout.slot_in(&schema, name).map(|slot| slot.is_some());
    let list = |name: &str| layout.list_in(&schema, name).map(|list| list.is_some());
    let of_items = |name: &str| layout.entry_slot_in(&schema, items, name).map(|slot| slot.is_some());
    let of_tenders = |name: &str| layout.entry_slot_in(&schema, tenders, name).map(|slot| slot.is_some());
    let attribute = |name: &str| layout.item_attribute_in(&schema, items, name).map(|slot| slot.is_some());
    for (answer, expected) in [
        (single("currentTxn.value"), Ok(true)),
        (single("CurrentTxn.Value"), Ok(true)),
        (single("currentTxn.extField_channel"), Ok(false)),
        (single("currentTxn.discount"), Ok(false)),
        (single("currentTxn.vlaue"), Err(Some("value"))),
        (single("currentTnx.value"), Err(Some("currentTxn"))),
        (single("currentTxn"), Err(None)),
        (list("currentTxn.lineItems"), Ok(true)),
        (list("returnBill.lineItems"), Ok(false)),
        (list("currentTxn.lineItem"), Err(Some("lineItems"))),
        (list("currentTxn.value"), Err(None)),
        (list("currentTnx.lineItems"), Err(Some("currentTxn"))),
        (of_items("qty"), Ok(true)),
        (of_items("Qty"), Ok(true)),
        (of_items("rate"), Ok(false)),
        (of_items("amount"), Ok(false)),
        (of_items("extField_gift"), Ok(false)),
        (of_items("quty"), Err(Some("qty"))),
        (of_items("amuont"), Err(Some("amount"))),
        (of_tenders("amount"), Ok(true)),
        (of_tenders("code"), Ok(false)),
        (of_tenders("qty"), Err(None)),
        (of_tenders("amuont"), Err(Some("amount"))),
        (attribute("brand"), Ok(true)),
        (attribute("category"), Ok(false)),
        (attribute("colour"), Ok(false)),
        (attribute("categroy"), Err(Some("category"))),
    ] {
        let answer = answer.map_err(|slip| slip.closest().map(str::to_owned));
        assert_eq!(answer, expected.map_err(|close: Option<&str>| close.map(str::to_owned)));
    }
    // A list of another layout has no slots here, whatever their names.
    assert_eq!(Layout::of([]).entry_slot_in(&schema, items, "quty"), Ok(None));
    // What the rules read is no slip, however close to a known name.
    let text = r#"currentTxn.basketQty("categroy","Shoes")>1"#;
    let rule = Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
    let layout = Layout::of([&rule]);
    let items = layout.list("currentTxn.lineItems").unwrap();
    assert!(layout.item_attribute_in(&schema, items, "categroy").unwrap().is_some());
}
