//! All that is made of a value, in its order.

use std::collections::HashMap;

use target_rules::Zone;
use target_rules::json::Kind;
use target_rules::transaction::{Conversion, Written};

use crate::file::{Case, Constant, Detailed, Others};

use super::dates::{self, DateForm};
use super::numbers::{self, NumberForm};

/// All that is made of a value, in the order in which it is done.
#[derive(Debug, Default)]
pub(crate) struct Converter {
    separator: Option<String>,
    absent: Vec<String>,
    values: HashMap<String, Option<Constant>>,
    others: Option<Others>,
    case: Option<Case>,
    numbers: NumberForm,
    dates: DateForm,
}

impl Converter {
    /// The conversions of a place; `None` where it has none.
    pub(crate) fn of(detailed: &Detailed) -> Option<Converter> {
        let converter = Converter {
            separator: detailed.split.clone(),
            absent: detailed.absent_when.clone(),
            values: detailed.values.clone().into_iter().collect(),
            others: detailed.other_values,
            case: detailed.case,
            numbers: NumberForm {
                thousands: detailed.thousands,
                decimal: detailed.decimal,
                minor_digits: detailed.minor_digits,
                unsigned: detailed.unsigned,
            },
            dates: DateForm {
                date: detailed.date.clone(),
                epoch: detailed.epoch,
                zone: detailed.zone.as_deref().and_then(|name| Zone::named(name).ok()),
            },
        };
        converter.does_something().then_some(converter)
    }

    fn does_something(&self) -> bool {
        self.separator.is_some()
            || !self.absent.is_empty()
            || !self.values.is_empty()
            || self.case.is_some()
            || self.changes_numbers()
            || self.changes_dates()
    }

    fn changes_numbers(&self) -> bool {
        self.numbers.thousands.is_some()
            || self.numbers.decimal.is_some()
            || self.numbers.minor_digits.is_some()
            || self.numbers.unsigned
    }

    fn changes_dates(&self) -> bool {
        self.dates.date.is_some() || self.dates.epoch.is_some() || self.dates.zone.is_some()
    }

    fn listed(&self, text: &str, into: &mut String) -> Option<Kind> {
        Some(match self.values.get(text)? {
            None => Kind::Null,
            Some(constant) => {
                into.push_str(constant.text());
                constant.kind()
            }
        })
    }
}

impl Conversion for Converter {
    fn convert(&self, value: Written<'_>, into: &mut String) -> Result<Kind, String> {
        let Written { kind, text } = value;
        if self.absent.iter().any(|absent| absent == text) {
            return Ok(Kind::Null);
        }
        if !self.values.is_empty() {
            if let Some(kind) = self.listed(text, into) {
                return Ok(kind);
            }
            match self.others {
                Some(Others::Absent) => return Ok(Kind::Null),
                Some(Others::Refuse) => {
                    return Err(format!(
                        "must be one of the values that the mapping lists, is `{}`",
                        target_rules::diagnostic::excerpt(text)
                    ));
                }
                Some(Others::Keep) | None => {}
            }
        }
        if self.changes_dates() {
            return dates::convert(&self.dates, value, into);
        }
        into.push_str(text);
        match self.case {
            Some(Case::Upper) => *into = into.to_uppercase(),
            Some(Case::Lower) => *into = into.to_lowercase(),
            None => {}
        }
        if self.changes_numbers() {
            return numbers::convert(&self.numbers, kind, text, into);
        }
        Ok(kind)
    }

    fn separator(&self) -> Option<&str> {
        self.separator.as_deref()
    }
}
