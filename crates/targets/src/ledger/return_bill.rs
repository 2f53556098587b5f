//! What makes a document a return: its bill, by what it is known, and that what
//! it takes back is not below zero.

use std::sync::Arc;

use target_rules::Number;
use target_rules::diagnostic::{Code, Diagnostic};
use target_rules::json::Kind;

use crate::eligibility::{BILL, ITEMS, RETURN};
use crate::json::{Node, Parsed};

use super::returns::ReturnIdentity;

/// What a document says of the bill that it takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnDocument {
    pub(super) bill: Arc<str>,
    pub(super) identity: ReturnIdentity,
    /// The value of `returnBill`, as JSON.
    pub(super) json: Arc<str>,
    /// Whether there are figures under `currentTxn` too, which add nothing.
    pub(super) figures_beside: bool,
    /// The document with the returned line items in the place of those of the
    /// bill, for rules that ask each of them; `None` where there are none.
    pub(super) with_items: Option<Arc<str>>,
}

/// The figures of a return that it is known by, and those of its items.
const FIGURES: [&str; 3] = ["value", "grossAmount", "points"];
const ITEM_FIGURES: [&str; 6] = ["code", "qty", "rate", "value", "discount", "amount"];
/// Those that say what is taken back, so that one below zero would add.
const SIGNED: [&str; 3] = ["value", "amount", "qty"];
/// What is a figure of a bill where a return has it beside.
const OF_BILL: [&str; 8] = [
    "value",
    "grossAmount",
    "basketAmountSumNonDiscounted",
    "points",
    "promotionalPoints",
    "allPoints",
    "currencyAwarded",
    ITEMS,
];

/// The value of `returnBill`, where the document is a return: where it is
/// neither `null` nor an object without members.
pub(super) fn returned(document: &Parsed) -> Option<Node<'_>> {
    let value = document.root().member(RETURN)?;
    let empty =
        value.kind() == Kind::Null || (value.kind() == Kind::Object && value.members().next().is_none());
    (!empty).then_some(value)
}

/// What is taken back and is below zero: it would add.
pub(super) fn negative_figures(returned: Node<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut ask = |object: Node<'_>, path: &str| {
        for member in object.members() {
            let key = member.key();
            if SIGNED.contains(&key.as_ref()) && number(member).is_some_and(Number::is_negative) {
                let message = format!(
                    "`{path}.{key}` of a return is what is taken back; with the sign `-` it would add"
                );
                let fault = Diagnostic::new(Code::PayloadShape, member.head(), message);
                found.push(fault.note("below zero").help("write what is taken back without a sign"));
            }
        }
    };
    ask(returned, RETURN);
    let items = returned.member(ITEMS);
    for (at, item) in items.into_iter().flat_map(Node::entries).enumerate() {
        ask(item, &format!("{RETURN}.{ITEMS}.{at}"));
    }
    found
}

impl ReturnDocument {
    /// A return of a bill; `own` is the number of `currentTxn`.
    pub(super) fn of(
        document: &Parsed,
        returned: Node<'_>,
        bill: Arc<str>,
        own: Option<&str>,
        date: i64,
    ) -> ReturnDocument {
        let identity = match own.filter(|own| **own != *bill) {
            Some(own) => ReturnIdentity::Number(own.into()),
            None => ReturnIdentity::Figures { date, figures: figures(returned).into() },
        };
        let beside = document.root().member(BILL);
        let told = |member: Node<'_>| {
            let nothing = match member.kind() {
                Kind::Null => true,
                Kind::Array | Kind::Object => member.inner().next().is_none(),
                _ => false,
            };
            OF_BILL.contains(&member.key().as_ref()) && !nothing
        };
        ReturnDocument {
            bill,
            identity,
            json: returned.text().into(),
            figures_beside: beside.into_iter().flat_map(Node::members).any(told),
            with_items: with_items(document, returned).map(Arc::from),
        }
    }
}

/// The figures in one spelling: numbers by their value, items in any order.
pub(super) fn figures(returned: Node<'_>) -> String {
    let mut written = of_object(returned, &FIGURES);
    let items = returned.member(ITEMS).filter(|items| items.kind() == Kind::Array);
    let mut items: Vec<String> =
        items.into_iter().flat_map(Node::entries).map(|item| of_object(item, &ITEM_FIGURES)).collect();
    if !items.is_empty() {
        items.sort_unstable();
        // INVARIANT: an object ends with its bracket.
        written.pop();
        let comma = if written.len() > 1 { "," } else { "" };
        written.push_str(&format!("{comma}\"{ITEMS}\":[{}]}}", items.join(",")));
    }
    written
}

/// Some members of an object, as JSON.
fn of_object(object: Node<'_>, keys: &[&str]) -> String {
    let members = keys.iter().filter_map(|key| {
        let value = object.member(key).filter(|value| value.kind() != Kind::Null)?;
        let value = match (*key, number(value)) {
            ("code", _) => text(value),
            (_, Some(number)) => number.to_string(),
            (_, None) => value.text().to_owned(),
        };
        Some(format!("\"{key}\":{value}"))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// A scalar as text, as rules see a text.
fn text(value: Node<'_>) -> String {
    let plain = match value.kind() {
        Kind::String => value.string().unwrap_or_else(|_| value.text().to_owned()),
        _ => value.text().to_owned(),
    };
    serde_json::Value::from(plain).to_string()
}

/// A number, or the same in quotes.
fn number(value: Node<'_>) -> Option<Number> {
    let digits = match value.kind() {
        Kind::Number => value.text().to_owned(),
        Kind::String => value.string().ok()?,
        _ => return None,
    };
    Number::from_json(&digits).ok()
}

/// Returned line items as those of a bill that says nothing else; `json` is the
/// value of `returnBill`.
pub(super) fn items_as_of_bill(json: &Arc<str>) -> String {
    // INVARIANT: it is JSON that was read before.
    let parsed = Parsed::parse(json.clone(), 0, usize::MAX).ok();
    let items = parsed.as_ref().and_then(|parsed| parsed.root().member(ITEMS));
    let items = items.map_or("[]", Node::text);
    format!("{{\"{BILL}\":{{\"{ITEMS}\":{items}}}}}")
}

/// The document with the returned line items as those of `currentTxn`.
fn with_items(document: &Parsed, returned: Node<'_>) -> Option<String> {
    let items = returned.member(ITEMS).filter(|items| items.entries().next().is_some())?;
    let member = |member: Node<'_>| {
        let key = document.text().get(member.key_span().range()).unwrap_or("\"\"");
        format!("{key}:{}", member.text())
    };
    let root = document.root();
    let others = root.members().filter(|member| ![BILL, RETURN].contains(&member.key().as_ref())).map(member);
    let bill = root.member(BILL).into_iter().flat_map(Node::members);
    let bill = bill.filter(|member| member.key() != ITEMS).map(member);
    let bill: Vec<String> = bill.chain([format!("\"{ITEMS}\":{}", items.text())]).collect();
    let bill = format!("\"{BILL}\":{{{}}}", bill.join(","));
    Some(format!("{{{}}}", others.chain([bill]).collect::<Vec<_>>().join(",")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Parsed {
        Parsed::parse(text.into(), 0, usize::MAX).unwrap()
    }

    fn spelled(bill: &str) -> String {
        let document = parsed(&format!(r#"{{"returnBill": {bill}}}"#));
        figures(returned(&document).unwrap())
    }

    #[test]
    fn figures_have_one_spelling() {
        let one =
            r#"{"value": 50, "lineItems": [{"code": "a", "qty": 1.0}, {"code": 12, "amount": "3.50"}]}"#;
        let other = r#"{"lineItems": [{"amount": 3.5, "code": "12", "colour": "red"}, {"qty": "1", "code": "\u0061", "rate": null}],
               "date": "2026-01-01", "value": "50.00"}"#;
        assert_eq!(spelled(one), spelled(other));
        assert_eq!(
            spelled(one),
            r#"{"value":50,"lineItems":[{"code":"12","amount":3.5},{"code":"a","qty":1}]}"#
        );
        for different in [
            r#"{"value": 51, "lineItems": [{"code": "a", "qty": 1}, {"code": "12", "amount": 3.5}]}"#,
            r#"{"value": 50, "lineItems": [{"code": "a", "qty": 1}]}"#,
            r#"{"value": 50, "points": 1, "lineItems": [{"code": "a", "qty": 1}, {"code": "12", "amount": 3.5}]}"#,
        ] {
            assert_ne!(spelled(one), spelled(different));
        }
    }

    #[test]
    fn nothing_is_no_return() {
        for nothing in ["{}", "null"] {
            assert!(returned(&parsed(&format!(r#"{{"returnBill": {nothing}}}"#))).is_none());
        }
        assert!(returned(&parsed("{}")).is_none());
        assert!(returned(&parsed(r#"{"returnBill": {"x": null}}"#)).is_some());
    }

    #[test]
    fn returned_items_stand_in_the_place_of_those_of_the_bill() {
        let document = parsed(
            r#"{"currentStore": {"id": 2}, "currentTxn": {"value": 3, "lineItems": []}, "returnBill": {"lineItems": [{"qty": 1}]}}"#,
        );
        assert_eq!(
            with_items(&document, returned(&document).unwrap()).unwrap(),
            r#"{"currentStore":{"id": 2},"currentTxn":{"value":3,"lineItems":[{"qty": 1}]}}"#
        );
    }
}
