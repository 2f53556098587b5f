//! A document for engines that are told one field after the other.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use target_rules_testing::workloads::condition::Field;

/// The fields that the rules of the workloads name, amounts in cents.
pub(crate) struct Plain<'l> {
    pub(crate) value: i64,
    pub(crate) discount: i64,
    pub(crate) non_discounted: i64,
    pub(crate) store: i64,
    pub(crate) visits: i64,
    pub(crate) tier: Cow<'l, str>,
    pub(crate) name: Cow<'l, str>,
    pub(crate) email: Cow<'l, str>,
}

#[derive(Deserialize)]
struct Document<'l> {
    #[serde(rename = "currentTxn")]
    transaction: Transaction,
    #[serde(rename = "currentCustomer", borrow)]
    customer: Customer<'l>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    #[serde(deserialize_with = "cents")]
    value: i64,
    #[serde(deserialize_with = "cents")]
    discount: i64,
    #[serde(deserialize_with = "cents")]
    basket_amount_sum_non_discounted: i64,
    store_id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer<'l> {
    #[serde(borrow)]
    slab_name: Cow<'l, str>,
    name: Cow<'l, str>,
    email: Cow<'l, str>,
    number_of_visits: i64,
}

fn cents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok((f64::deserialize(deserializer)? * 100.0).round() as i64)
}

impl<'l> Plain<'l> {
    pub(crate) fn read(line: &'l str) -> Plain<'l> {
        let Document { transaction, customer } = serde_json::from_str(line).unwrap();
        Plain {
            value: transaction.value,
            discount: transaction.discount,
            non_discounted: transaction.basket_amount_sum_non_discounted,
            store: transaction.store_id,
            visits: customer.number_of_visits,
            tier: customer.slab_name,
            name: customer.name,
            email: customer.email,
        }
    }

    /// A count, or an amount in cents.
    pub(crate) fn number(&self, field: Field) -> i64 {
        match field {
            Field::Value => self.value,
            Field::Discount => self.discount,
            Field::NonDiscounted => self.non_discounted,
            Field::Store => self.store,
            Field::Visits => self.visits,
            Field::Tier | Field::Name | Field::Email => unreachable!("{field:?} is a text"),
        }
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        match field {
            Field::Tier => &self.tier,
            Field::Name => &self.name,
            Field::Email => &self.email,
            _ => unreachable!("{field:?} is a number"),
        }
    }
}

/// Amounts are floating point in a document's values however they are written.
pub(crate) fn is_amount(key: &str) -> bool {
    matches!(key, "value" | "discount" | "basketAmountSumNonDiscounted" | "amount")
}

/// The name of a field for languages without a dot.
pub(crate) fn flat(field: Field) -> String {
    field.names().1.to_owned()
}
