//! A line item and the figures that follow from those it states.

use std::collections::BTreeMap;

use crate::value::{Number, NumberFault};

use super::FieldValue;

/// One line of a bill.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineItem {
    pub(super) fields: BTreeMap<String, FieldValue>,
    /// Item attributes by the name that rules use, as text.
    pub(super) attributes: BTreeMap<String, String>,
}

/// A figure of an item: absent, or not computable.
pub(crate) type Figure = Result<Option<Number>, NumberFault>;

impl LineItem {
    /// A field of the item's own; `None` where it is absent.
    pub(crate) fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.get(name)
    }

    /// An attribute that basket methods select by; `None` where the item lacks it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn number(&self, name: &str) -> Option<Number> {
        match self.field(name) {
            Some(FieldValue::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn quantity(&self) -> Figure {
        Ok(self.number("qty"))
    }

    /// Gross value: as stated, else rate x quantity, else amount + discount.
    pub(crate) fn value(&self) -> Figure {
        if let Some(value) = self.number("value") {
            return Ok(Some(value));
        }
        if let (Some(rate), Some(quantity)) = (self.number("rate"), self.number("qty")) {
            return rate.times(quantity).map(Some);
        }
        match (self.number("amount"), self.number("discount")) {
            (Some(amount), Some(discount)) => amount.plus(discount).map(Some),
            _ => Ok(None),
        }
    }

    /// Net amount: as stated, else value - discount.
    pub(crate) fn amount(&self) -> Figure {
        if let Some(amount) = self.number("amount") {
            return Ok(Some(amount));
        }
        match (self.value()?, self.number("discount")) {
            (Some(value), Some(discount)) => value.minus(discount).map(Some),
            _ => Ok(None),
        }
    }

    /// Discount in percent of the value: as stated, else discount / value x 100.
    pub(crate) fn discount_percentage(&self) -> Figure {
        if let Some(percentage) = self.number("discountPercentage") {
            return Ok(Some(percentage));
        }
        match (self.number("discount"), self.value()?) {
            (Some(discount), Some(value)) => discount.divided_by(value)?.times(Number::HUNDRED).map(Some),
            _ => Ok(None),
        }
    }
}
