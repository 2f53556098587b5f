//! A document of another shape reads to what the standard one reads to.

use std::sync::Arc;

use crate::json::{Kind, PathSegment};
use crate::{Ast, Layout, Limits, Reference, Schema, Transaction, Zone};

use super::{Container, Conversion, Form, Places, RowValue, Written};

const RULES: [&str; 9] = [
    "currentTxn.value > 500",
    r#"currentTxn.number == "n-1""#,
    r#"currentTxn.customFieldValueIncludes("till", "7")"#,
    r#"currentTxn.customFieldValueIncludes("gift", "yes")"#,
    r#"currentCustomer.extField_city == "Pune""#,
    r#"currentTxn.basketQty("brand", "Puma") >= 2"#,
    r#"currentLineItem.qty > 1 && currentLineItem.extField_gift == "yes""#,
    r#"tenderProfile.code == "CARD""#,
    "currentTxn.date.year() == 2026",
];

fn path(path: &str) -> Vec<PathSegment> {
    path.split('/')
        .skip(1)
        .map(|part| match part.parse() {
            Ok(index) => PathSegment::Index(index),
            Err(_) => PathSegment::Key(part.to_owned()),
        })
        .collect()
}

fn attribute(profile: &str, name: &str) -> Reference {
    Reference::Attribute { profile: profile.to_owned(), name: name.to_owned() }
}

fn list(name: &str) -> Reference {
    Reference::List { profile: "currentTxn".to_owned(), list: name.to_owned() }
}

fn field(list: &str, name: &str, extended: bool) -> Reference {
    let (profile, list, name) = ("currentTxn".to_owned(), list.to_owned(), name.to_owned());
    Reference::EntryField { profile, list, name, extended }
}

#[derive(Debug)]
struct Cents;

impl Conversion for Cents {
    fn convert(&self, value: Written<'_>, into: &mut String) -> Result<Kind, String> {
        let whole = value.text.len().checked_sub(2);
        let (whole, part) = whole.and_then(|at| value.text.split_at_checked(at)).ok_or("must be cents")?;
        into.push_str(whole);
        into.push('.');
        into.push_str(part);
        Ok(Kind::Number)
    }
}

fn places() -> Places {
    let mut places = Places::default();
    places.value(&path("/order/cents"), &attribute("currentTxn", "value"), Some(Arc::new(Cents)));
    places.value(&path("/order/id"), &attribute("currentTxn", "number"), None);
    places.value(&path("/moments/1"), &attribute("currentTxn", "date"), None);
    let profile = || "currentTxn".to_owned();
    let pairs = Form::Pairs { name: "key".to_owned(), value: "value".to_owned() };
    places.container(&path("/notes"), pairs, Container::CustomFields { profile: profile() });
    let profile = "currentCustomer".to_owned();
    places.container(&path("/buyer/more"), Form::Object, Container::ExtendedFields { profile });
    let mut items = Places::default();
    items.value(&path("/count"), &field("lineItems", "qty", false), None);
    items.value(&path("/extra/gift"), &field("lineItems", "gift", true), None);
    items.container(&path("/facts"), Form::Object, Container::ItemAttributes);
    places.list(&path("/order/lines"), &list("lineItems"), items);
    let mut tenders = Places::default();
    tenders.constant(&field("tenders", "code", false), Written { kind: Kind::String, text: "CARD" });
    places.list(&path("/order/paid"), &list("tenders"), tenders);
    places
}

fn layout() -> (Vec<crate::Rule>, Layout) {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let rule =
        |text: &&str| Ast::from_text(*text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
    let rules: Vec<_> = RULES.iter().map(rule).collect();
    let layout = Layout::of(&rules);
    (rules, layout)
}

fn decided(rules: &[crate::Rule], transaction: &Transaction) -> Vec<String> {
    rules.iter().map(|rule| format!("{:?}", rule.decide(transaction, &Zone::UTC))).collect()
}

const PAIRS: [(&str, &str); 4] = [
    (
        r#"{"order": {"id": "n-1", "cents": "73050", "lines": [
              {"count": 2, "facts": {"Brand": "Puma"}, "extra": {"gift": "yes"}}, {"facts": {"brand": "Nike"}}],
            "paid": [{}]}, "moments": [1, "2026-03-07"],
            "notes": [{"value": 7, "key": "till"}, {"key": "other", "value": {}}],
            "buyer": {"more": {"city": "Pune"}}}"#,
        r#"{"currentTxn": {"number": "n-1", "value": 730.50, "date": "2026-03-07",
              "customFields": {"till": 7}, "tenders": [{"code": "CARD"}],
              "lineItems": [{"qty": 2, "attributes": {"Brand": "Puma"}, "extendedFields": {"gift": "yes"}},
                            {"attributes": {"brand": "Nike"}}]},
            "currentCustomer": {"extendedFields": {"city": "Pune"}}}"#,
    ),
    (
        r#"{"notes": [{"key": "till", "value": 1}, {"key": "till", "value": [7, 8]}], "moments": [],
            "order": {"lines": []}}"#,
        r#"{"currentTxn": {"customFields": {"till": [7, 8]}, "lineItems": []}}"#,
    ),
    (r#"{"notes": null, "buyer": null, "order": {"cents": null}}"#, "{}"),
    (r#"{"notes": []}"#, r#"{"currentTxn": {"customFields": {}}}"#),
];

#[test]
fn another_shape_reads_to_the_same() {
    let (rules, layout) = layout();
    let (placed, limits) = (layout.placed(&places()), Limits::default());
    let mut reused = layout.blank();
    for (foreign, standard) in PAIRS.iter().chain(&PAIRS) {
        let plain = layout.read(*standard, &limits).unwrap();
        let read = placed.read(*foreign, &limits).unwrap();
        assert_eq!(decided(&rules, &read), decided(&rules, &plain), "{foreign}");
        // What was learned of one shape leads nowhere in the other.
        placed.read_into(*foreign, &limits, &mut reused).unwrap();
        assert_eq!(decided(&rules, &reused), decided(&rules, &plain), "{foreign}");
        layout.read_into(*standard, &limits, &mut reused).unwrap();
        assert_eq!(decided(&rules, &reused), decided(&rules, &plain), "{standard}");
    }
}

#[test]
fn faults_stand_where_the_document_has_them() {
    let (_, layout) = layout();
    let placed = layout.placed(&places());
    for (document, pointer, said) in [
        (r#"{"order": {"cents": "x"}}"#, "/order/cents", "must be cents"),
        (r#"{"order": 12}"#, "/order", "`order` must be an object, is a number"),
        (r#"{"order": {"lines": [{"count": "two"}]}}"#, "/order/lines/0/count", "must be a number"),
        (r#"{"order": {"lines": {}}}"#, "/order/lines", "must be an array"),
        (r#"{"order": {}, "order": {}}"#, "", "stands twice"),
        (r#"{"moments": [0, true]}"#, "/moments/1", "must be a date"),
        (r#"{"notes": [{"key": "till", "value": {}}]}"#, "/notes/0/value", "must be a string"),
        ("[]", "", "must be an object, is an array"),
    ] {
        let refused = placed.read(document, &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert!(fault.message.contains(said), "{}", fault.message);
        assert_eq!(fault.pointer.as_deref(), Some(pointer), "{document}");
    }
}

#[test]
fn a_row_reads_as_a_document_with_its_columns_as_keys() {
    let (rules, layout) = layout();
    let mut places = Places::default();
    places.value(&path("/Total"), &attribute("currentTxn", "value"), Some(Arc::new(Cents)));
    places.value(&path("/No"), &attribute("currentTxn", "number"), None);
    let mut items = Places::default();
    items.value(&path("/count"), &field("lineItems", "qty", false), None);
    places.list(&path("/Items"), &list("lineItems"), items);
    let failed = places.watch(&path("/State"), Arc::new(|value| value.text == "failed")).unwrap();
    let placed = layout.placed(&places);
    let columns = placed.columns(["No", "Unread", "Total", "State", "Items"]);
    let (limits, mut read) = (Limits::default(), layout.blank());
    let values = ["n-1", "?", "73050", "failed"].map(RowValue::Text);
    let values = values.into_iter().chain([RowValue::Json(r#"[{"count": 2}]"#)]);
    let marks = placed.read_row(&columns, values, &limits, &mut read).unwrap();
    assert!(marks.holds(failed));
    let document = r#"{"currentTxn": {"number": "n-1", "value": 730.5, "lineItems": [{"qty": 2}]}}"#;
    assert_eq!(decided(&rules, &read), decided(&rules, &layout.read(document, &limits).unwrap()));

    let values = [RowValue::Null, RowValue::Null, RowValue::Text("x\"")];
    let refused = placed.read_row(&columns, values, &limits, &mut read).unwrap_err();
    let fault = refused.iter().next().unwrap();
    assert_eq!(fault.pointer.as_deref(), Some("/Total"));
    assert!(layout.placed(&places).read_row(&columns, [], &limits, &mut read).is_err(), "of another layout");
}
