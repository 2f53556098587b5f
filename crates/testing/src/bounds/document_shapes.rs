//! Shapes of transactions, of what audits find in them, and of schema files.

use super::document_doors::{AUDIT, READ, READ_WIDE, REFUSE};
use super::door::Shape;
use super::parts::{again, all, any, array, joined, members};
use super::rule_doors::SCHEMA;
use super::rule_shapes::bill;

pub(super) static SHAPES: &[Shape] = &[
    Shape::two(&READ, "line items", 10_000, |n| (bill(n), RULE.to_owned())),
    Shape::two(&READ, "an item with many attributes", 40_000, |n| {
        let attributes = members(n, |at| format!("\"attribute{at}\":\"v\""));
        (
            format!(r#"{{"currentTxn":{{"lineItems":[{{"qty":1,"attributes":{{{attributes}}}}}]}}}}"#),
            RULE.to_owned(),
        )
    }),
    Shape::two(&READ, "items whose keys are in another case", 10_000, |n| {
        let item =
            |at: usize| format!(r#"{{"QTY":2,"RATE":{at},"Attributes":{{"BRAND":"b1"}},"BRAND":"x"}}"#);
        (format!(r#"{{"currentTxn":{{"lineItems":{}}}}}"#, array(n, item)), RULE.to_owned())
    }),
    Shape::two(&READ, "items of which each has other keys", 10_000, |n| {
        let item =
            |at: usize| format!(r#"{{"qty":2,"attributes":{{"brand{at}":"b1","k{at}":1,"brand":"b"}}}}"#);
        (format!(r#"{{"currentTxn":{{"lineItems":{}}}}}"#, array(n, item)), RULE.to_owned())
    }),
    Shape::two(&READ_WIDE, "items and rules about many attributes", 1_900, |n| {
        let item = |at: usize| format!(r#"{{"qty":2,"attributes":{{"a{at}":"b1"}}}}"#);
        let rule = any(n / 4, |at| format!("currentTxn.basketQty(\"a{at}\",\"b1\")>1"));
        (format!(r#"{{"currentTxn":{{"lineItems":{}}}}}"#, array(n, item)), rule)
    }),
    Shape::two(&READ, "payments", 10_000, |n| {
        let tenders = array(n, |at| format!(r#"{{"code":"CARD","amount":{at}}}"#));
        (format!(r#"{{"currentTxn":{{"tenders":{tenders}}}}}"#), "tenderProfile.amount>5".to_owned())
    }),
    Shape::two(&READ, "values of a custom field", 10_000, |n| {
        let values = array(n, |at| format!("\"value {at}\""));
        (format!(r#"{{"currentTxn":{{"customFields":{{"f1":{values}}}}}}}"#), CUSTOM.to_owned())
    }),
    Shape::two(&READ, "custom fields", 40_000, |n| {
        let fields = members(n, |at| format!("\"f{at}\":[\"a\",\"b\"]"));
        (format!(r#"{{"currentTxn":{{"customFields":{{{fields}}}}}}}"#), CUSTOM.to_owned())
    }),
    Shape::two(&READ, "many fields, all of them read", 10_000, |n| {
        let fields = members(n, |at| format!("\"zq{at}\":{at}"));
        (format!(r#"{{"currentEvent":{{{fields}}}}}"#), all(n, |at| format!("currentEvent.zq{at}>1")))
    }),
    Shape::two(&READ, "many fields, none of them read", 33_000, |n| {
        let fields = members(n, |at| format!("\"zq{at}\":{at}"));
        (format!(r#"{{"currentTxn":{{{fields}}},{fields}}}"#), RULE.to_owned())
    }),
    Shape::two(&READ, "answers of a host", 30_000, |n| {
        let answers = members(n, |at| format!("\"t{at}\":{at}"));
        let rule = "currentEvent.targetAchieved(\"t5\")>5".to_owned();
        (format!(r#"{{"currentEvent":{{"targetAchieved":{{{answers}}}}}}}"#), rule)
    }),
    Shape::two(&READ, "escapes in keys", 20_000, |n| {
        let fields = members(n, |at| format!("\"\\u0076\\u0061lu{at}\":{at}"));
        (format!(r#"{{"currentTxn":{{{fields}}}}}"#), RULE.to_owned())
    }),
    Shape::two(&READ, "escapes in a text", 170_000, |n| {
        let text = again("\\u00e9", n);
        (format!(r#"{{"currentTxn":{{"notes":"{text}"}}}}"#), "currentTxn.notes==\"a\"".to_owned())
    }),
    Shape::two(&READ, "a long text", 1_000_000, |n| {
        let text = again("a", n);
        (format!(r#"{{"currentTxn":{{"notes":"{text}"}}}}"#), "currentTxn.notes==\"a\"".to_owned())
    }),
    Shape::two(&READ, "a list that is skipped", 500_000, |n| {
        (format!(r#"{{"other":{}}}"#, array(n, |_| "1".to_owned())), RULE.to_owned())
    }),
    Shape::two(&READ, "nesting that is skipped", 15_000, |n| {
        let nested = array(n, |_| format!("{}{}", again("[", 28), again("]", 28)));
        (format!(r#"{{"other":{nested}}}"#), RULE.to_owned())
    }),
    Shape::two(&REFUSE, "one key again and again", 60_000, |n| {
        (
            format!(r#"{{"currentTxn":{{{}}}}}"#, members(n, |at| format!("\"value\":{at}"))),
            "currentTxn.value>1".to_owned(),
        )
    }),
    Shape::two(&REFUSE, "wrong types of items", 10_000, |n| {
        (
            format!(r#"{{"currentTxn":{{"lineItems":{}}}}}"#, array(n, |_| r#"{"qty":true}"#.to_owned())),
            RULE.to_owned(),
        )
    }),
    Shape::two(&REFUSE, "a number of many digits", 1_000_000, |n| {
        (format!(r#"{{"currentTxn":{{"value":{}}}}}"#, again("9", n)), "currentTxn.value>1".to_owned())
    }),
    Shape::two(&REFUSE, "open brackets", 1_000_000, |n| (again("[", n), RULE.to_owned())),
    Shape::two(&REFUSE, "an object that is not closed", 60_000, |n| {
        (format!("{{{}", members(n, |at| format!("\"zq{at}\":{at}"))), RULE.to_owned())
    }),
    Shape::two(&AUDIT, "keys that are near none", 60_000, |n| {
        (
            format!(r#"{{"currentTxn":{{{}}}}}"#, members(n, |at| format!("\"zqxw{at}\":{at}"))),
            RULE.to_owned(),
        )
    }),
    Shape::two(&AUDIT, "keys that are nearly known", 60_000, |n| {
        (
            format!(r#"{{"currentTxn":{{{}}}}}"#, members(n, |at| format!("\"valu{at}\":{at}"))),
            RULE.to_owned(),
        )
    }),
    Shape::two(&AUDIT, "keys near what rules read", 10_000, |n| {
        let keys = members(n, |at| format!("\"field{at}\":{at}"));
        let rule = all(n / 4, |at| format!("currentEvent.fiel{at}>1"));
        (format!(r#"{{"currentEvent":{{{keys}}}}}"#), rule)
    }),
    Shape::two(&AUDIT, "profiles that are none", 40_000, |n| {
        (format!("{{{}}}", members(n, |at| format!("\"currentTx{at}\":{{\"value\":1}}"))), RULE.to_owned())
    }),
    Shape::two(&AUDIT, "items that lack a figure", 10_000, |n| {
        let items = array(n, |_| r#"{"qty":1,"attributes":{"brand":"b1"}}"#.to_owned());
        (format!(r#"{{"currentTxn":{{"lineItems":{items}}}}}"#), RULE.to_owned())
    }),
    Shape::two(&AUDIT, "items with many attributes", 8_000, |n| {
        let item = |at: usize| format!(r#"{{"qty":1,"attributes":{{"bran{at}":"b1","Brnd":"b"}}}}"#);
        (format!(r#"{{"currentTxn":{{"lineItems":{}}}}}"#, array(n, item)), RULE.to_owned())
    }),
    Shape::two(&AUDIT, "documents with a slip of their own", 20_000, |n| {
        (
            joined(n, "\n", |at| format!(r#"{{"currentTxn":{{"valu{at}":1,"date":1722255620}}}}"#)),
            RULE.to_owned(),
        )
    }),
    Shape::two(&AUDIT, "documents on many lines", 20_000, |n| {
        (
            joined(n, "\n", |at| format!(r#"{{"currentTxn":{{"value":"{at} INR","Value":1}}}}"#)),
            RULE.to_owned(),
        )
    }),
    Shape::two(&AUDIT, "rules about many fields, none of them there", 10_000, |n| {
        ("{}".to_owned(), all(n, |at| format!("currentEvent.zq{at}>1")))
    }),
    Shape::two(&AUDIT, "rules about many custom fields", 7_000, |n| {
        ("{}".to_owned(), any(n, |at| format!("currentTxn.customFieldValueIncludes(\"f{at}\",\"v\")")))
    }),
    Shape::two(&AUDIT, "answers of a host, rules about others", 4_000, |n| {
        let answers = members(n, |at| format!("\"t{at}\":{at}"));
        let rule = all(n, |at| format!("currentEvent.targetAchieved(\"u{at}\")>1"));
        (format!(r#"{{"currentEvent":{{"targetAchieved":{{{answers}}}}}}}"#), rule)
    }),
    Shape::one(&SCHEMA, "attributes", 20_000, |n| {
        let attributes = members(n, |at| format!(r#""extField_a{at}":{{"type":"string"}}"#));
        format!(r#"{{"profiles":{{"currentTxn":{{"attributes":{{{attributes}}}}}}}}}"#)
    }),
    Shape::one(&SCHEMA, "values of an attribute", 90_000, |n| {
        let values = array(n, |at| format!("\"v{at}\""));
        format!(
            r#"{{"profiles":{{"currentCustomer":{{"attributes":{{"slabName":{{"type":"string","values":{values},"open":true}}}}}}}}}}"#
        )
    }),
    Shape::one(&SCHEMA, "values of an item attribute", 90_000, |n| {
        format!(
            r#"{{"inventory":{{"brand":{{"values":{},"open":true}}}}}}"#,
            array(n, |at| format!("\"v{at}\""))
        )
    }),
    Shape::one(&SCHEMA, "variants of an attribute", 105_000, |n| {
        let variants = array(n, |at| format!("\"v{at}\""));
        attribute(&format!(r#""tills":{{"type":"number","variants":{variants}}}"#))
    }),
    Shape::one(&SCHEMA, "attributes of one variant", 20_000, |n| {
        attribute(&members(n, |at| format!(r#""till{at}":{{"type":"number","variants":["v"]}}"#)))
    }),
    Shape::one(&SCHEMA, "events of one field", 21_000, |n| {
        let event = |at| format!(r#""e{at}":{{"f":{{"type":"enum","values":["{at}"]}}}}"#);
        format!(r#"{{"events":{{{}}}}}"#, members(n, event))
    }),
    Shape::one(&SCHEMA, "fields of an event", 40_000, |n| {
        let fields = members(n, |at| format!(r#""a{at}":{{"type":"date"}}"#));
        format!(r#"{{"events":{{"spin":{{{fields}}}}}}}"#)
    }),
    Shape::one(&SCHEMA, "profiles", 14_000, |n| {
        let profile = |at| format!(r#""p{at}":{{"meaning":"x","attributes":{{"a":{{"type":"number"}}}}}}"#);
        format!(r#"{{"profiles":{{{}}}}}"#, members(n, profile))
    }),
    Shape::one(&SCHEMA, "unknown keys", 55_000, |n| {
        format!(r#"{{"profiles":{{"currentTxn":{{{}}}}}}}"#, members(n, |at| format!("\"atributes{at}\":1")))
    }),
    Shape::one(&SCHEMA, "types that are none", 20_000, |n| {
        let attributes = members(n, |at| format!(r#""extField_a{at}":{{"type":"strng"}}"#));
        format!(r#"{{"profiles":{{"currentTxn":{{"attributes":{{{attributes}}}}}}}}}"#)
    }),
];

const RULE: &str = "currentTxn.value>5&&currentTxn.basketSum(\"brand\",\"b1\")>1";
const CUSTOM: &str = "currentTxn.customFieldValueIncludes(\"f1\",\"value 7\")";

/// A schema file with attributes of the transaction.
fn attribute(members: &str) -> String {
    format!(r#"{{"profiles":{{"currentTxn":{{"attributes":{{{members}}}}}}}}}"#)
}
