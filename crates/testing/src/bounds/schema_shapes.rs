//! Shapes of rules beside a schema file that is large as well: of the names of
//! the one and those of the other none may be a product. Where a near name is looked
//! for, a few hundred names are all near enough to be looked at, so that it shows only
//! from some thousands on.

use super::door::Shape;
use super::parts::{any, array, members};
use super::rule_doors::CHECK_NAMES;

pub(super) static SHAPES: &[Shape] = &[
    Shape::two(&CHECK_NAMES, "values that are known", 80_000, |n| (tiers(n / 8, "v"), known_tiers(n))),
    Shape::two(&CHECK_NAMES, "values that are not known", 80_000, |n| (tiers(n / 8, "w"), known_tiers(n)))
        .from(8_000),
    Shape::two(&CHECK_NAMES, "attributes that are listed", 20_000, |n| {
        (fields(n / 2, "extField_a"), attributes(n))
    }),
    Shape::two(&CHECK_NAMES, "attributes in another case", 20_000, |n| {
        (fields(n / 2, "EXTFIELD_A"), attributes(n))
    }),
    Shape::two(&CHECK_NAMES, "extended fields that are not listed", 20_000, |n| {
        (fields(n / 2, "extField_zq"), attributes(n))
    }),
    Shape::two(&CHECK_NAMES, "attributes that are none", 20_000, |n| (fields(n / 2, "zq"), attributes(n)))
        .from(2_000),
    Shape::two(&CHECK_NAMES, "extended fields without their prefix", 20_000, |n| {
        (fields(n / 2, "a"), attributes(n))
    }),
    Shape::two(&CHECK_NAMES, "methods that are asked of an attribute", 20_000, |n| {
        (any(n / 2, |_| "currentTxn.isWeekend()".to_owned()), attributes(n))
    }),
    Shape::two(&CHECK_NAMES, "fields of events that are listed", 30_000, |n| {
        (event_fields(n / 3, "a"), events(n))
    }),
    Shape::two(&CHECK_NAMES, "fields of events that are not listed", 30_000, |n| {
        (event_fields(n / 3, "zq"), events(n))
    }),
    Shape::two(&CHECK_NAMES, "variants of an attribute", 60_000, |n| {
        let variants = array(n, |at| format!("\"zq{at}\""));
        let attribute = format!(r#""extField_a":{{"type":"number","variants":{variants}}}"#);
        (fields(n / 6, "zq"), format!(r#"{{"profiles":{{"currentTxn":{{"attributes":{{{attribute}}}}}}}}}"#))
    }),
    Shape::two(&CHECK_NAMES, "attributes of items", 27_000, |n| (baskets(n / 4, "a"), inventory(n))),
    Shape::two(&CHECK_NAMES, "attributes of items that are not known", 27_000, |n| {
        (baskets(n / 4, "zq"), inventory(n))
    })
    .from(4_000),
    Shape::two(&CHECK_NAMES, "values of an attribute of items", 80_000, |n| {
        let values = array(n, |at| format!("\"v{at}\""));
        let rule = any(n / 10, |at| format!("currentTxn.basketSum(\"brand\",\"w{at}\")>1"));
        (rule, format!(r#"{{"inventory":{{"brand":{{"values":{values},"open":true}}}}}}"#))
    })
    .from(8_000),
];

fn tiers(terms: usize, value: &str) -> String {
    any(terms, |at| format!("currentCustomer.slabName==\"{value}{at}\""))
}

fn known_tiers(values: usize) -> String {
    let values = array(values, |at| format!("\"v{at}\""));
    let tier = format!(r#""slabName":{{"type":"string","values":{values},"open":true}}"#);
    format!(r#"{{"profiles":{{"currentCustomer":{{"attributes":{{{tier}}}}}}}}}"#)
}

fn fields(terms: usize, name: &str) -> String {
    any(terms, |at| format!("currentTxn.{name}{at}>1"))
}

fn attributes(count: usize) -> String {
    let attributes = members(count, |at| format!(r#""extField_a{at}":{{"type":"number"}}"#));
    format!(r#"{{"profiles":{{"currentTxn":{{"attributes":{{{attributes}}}}}}}}}"#)
}

fn event_fields(terms: usize, name: &str) -> String {
    any(terms, |at| format!("currentEvent.{name}{at}>1"))
}

fn events(fields: usize) -> String {
    let fields = members(fields, |at| format!(r#""a{at}":{{"type":"number"}}"#));
    format!(r#"{{"events":{{"spin":{{{fields}}}}}}}"#)
}

fn baskets(terms: usize, name: &str) -> String {
    any(terms, |at| format!("currentTxn.basketSum(\"{name}{at}\",\"x\")>1"))
}

fn inventory(attributes: usize) -> String {
    let attributes = members(attributes, |at| format!(r#""a{at}":{{"values":["x"],"open":true}}"#));
    format!(r#"{{"inventory":{{{attributes}}}}}"#)
}
