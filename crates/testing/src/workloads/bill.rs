//! A transaction as a person would hold it in Rust who writes rules by hand:
//! a struct of exact decimals and strings, read by serde.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

pub struct Bill {
    pub value: Decimal,
    pub discount: Decimal,
    pub non_discounted: Decimal,
    pub store: i64,
    pub date: Timestamp,
    pub items: Vec<Item>,
    pub name: String,
    pub email: String,
    pub tier: String,
    pub visits: i64,
}

pub struct Item {
    pub code: String,
    pub value: Decimal,
    pub amount: Decimal,
    pub brand: String,
}

#[derive(Deserialize)]
struct Document<'d, I> {
    #[serde(rename = "currentTxn", borrow, bound(deserialize = "I: Deserialize<'de>"))]
    transaction: Transaction<'d, I>,
    #[serde(rename = "currentCustomer", borrow)]
    customer: Customer<'d>,
}

/// Numbers are taken as their digits: `f64` would not be exact.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transaction<'d, I> {
    #[serde(borrow)]
    value: &'d RawValue,
    discount: &'d RawValue,
    basket_amount_sum_non_discounted: &'d RawValue,
    store_id: i64,
    date: Cow<'d, str>,
    line_items: I,
}

#[derive(Deserialize)]
struct LineItem<'d> {
    #[serde(borrow)]
    code: Cow<'d, str>,
    value: &'d RawValue,
    amount: &'d RawValue,
    attributes: Attributes<'d>,
}

#[derive(Deserialize)]
struct Attributes<'d> {
    #[serde(borrow)]
    brand: Cow<'d, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer<'d> {
    #[serde(borrow)]
    name: Cow<'d, str>,
    email: Cow<'d, str>,
    slab_name: Cow<'d, str>,
    number_of_visits: i64,
}

fn exact(digits: &RawValue) -> Decimal {
    Decimal::from_str_exact(digits.get()).unwrap()
}

impl Bill {
    /// Everything of a document that some rule written by hand asks for.
    pub fn read(document: &str) -> Bill {
        let document: Document<'_, Vec<LineItem<'_>>> = serde_json::from_str(document).unwrap();
        let item = |item: &LineItem<'_>| Item {
            code: item.code.clone().into_owned(),
            value: exact(item.value),
            amount: exact(item.amount),
            brand: item.attributes.brand.clone().into_owned(),
        };
        let items = document.transaction.line_items.iter().map(item).collect();
        let date = document.transaction.date.parse().unwrap();
        Bill { items, date, ..Bill::of(document) }
    }

    /// What the generated rules ask for: neither the date nor the line items.
    pub fn read_plain(document: &str) -> Bill {
        let document: Document<'_, IgnoredAny> = serde_json::from_str(document).unwrap();
        Bill::of(document)
    }

    fn of<I>(Document { transaction, customer }: Document<'_, I>) -> Bill {
        Bill {
            value: exact(transaction.value),
            discount: exact(transaction.discount),
            non_discounted: exact(transaction.basket_amount_sum_non_discounted),
            store: transaction.store_id,
            date: Timestamp::UNIX_EPOCH,
            items: Vec::new(),
            name: customer.name.into_owned(),
            email: customer.email.into_owned(),
            tier: customer.slab_name.into_owned(),
            visits: customer.number_of_visits,
        }
    }
}
