//! One activity of one customer, read for the targets of a ledger.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source};
use crate::json::{Kind, Located, Members, Reader};
use crate::limits::Limits;
use crate::schema::Each;
use crate::target::{CheckedTarget, Counting, Measure, PointsKind, TargetEntity};
use crate::transaction::{FieldValue, Layout, Transaction};
use crate::typed::{Field, Figure, Read, TRANSACTION, ValueKind};
use crate::value::{DateText, Instant, Number, Zone};

pub(super) const RETURN: &str = "returnBill";
pub(super) const EVENT: &str = "currentEvent";
const CUSTOMER: &str = "currentCustomer";

/// Names of one figure of a bill, the one that counts first.
pub(super) const GROSS: [&str; 2] = ["grossAmount", "basketAmountSumNonDiscounted"];
pub(super) const NET: &str = "value";
pub(super) const DISCOUNT: &str = "discount";
pub(super) const CURRENCY: &str = "currencyAwarded";

/// The field of the activity that holds points of a kind.
pub(super) fn points_field(kind: PointsKind) -> &'static str {
    match kind {
        PointsKind::Regular => "points",
        PointsKind::Promotional => "promotionalPoints",
        PointsKind::All => "allPoints",
    }
}

/// What an activity is called where it must not be counted twice. A return may
/// carry the number of the bill that it takes back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ActivityNumber {
    pub(super) returned: bool,
    pub(super) text: Arc<str>,
}

/// A document of one activity, read for the targets of a [`Ledger`](super::Ledger).
#[derive(Debug, Clone)]
pub struct Activity {
    pub(super) transaction: Transaction,
    pub(super) number: ActivityNumber,
    pub(super) customer: i64,
    pub(super) date: Instant,
    /// The event that it is of, where that can be told.
    pub(super) event: Option<Arc<str>>,
}

impl Activity {
    /// The transaction that is decided.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The number that it is remembered by.
    pub fn number(&self) -> &str {
        &self.number.text
    }

    /// Whether it takes back a bill: the document has a `returnBill`.
    pub fn is_return(&self) -> bool {
        self.number.returned
    }

    /// The customer whose activity it is.
    pub fn customer(&self) -> i64 {
        self.customer
    }

    /// The profile that holds the bill.
    pub(super) fn bill(&self) -> &'static str {
        if self.number.returned { RETURN } else { TRANSACTION }
    }

    /// Reads a document. Beside what the rules read there must be a customer,
    /// a number to remember the activity by, and a date.
    ///
    /// A bill has number and date in `currentTxn`. A return without one there
    /// has it in `returnBill`, another event in `currentEvent`: the platform
    /// does not say where, and without them nothing could be counted once.
    pub(super) fn read(
        layout: &Layout,
        document: &str,
        zone: &Zone,
        limits: &Limits,
    ) -> Result<Activity, Diagnostics> {
        let transaction = layout.read(document, limits)?;
        let mut json = Reader::new(document);
        let (mut bill, mut returned) = (false, false);
        if let Ok(root) = Located::read(&mut json) {
            for (key, value) in Members::of(document, root) {
                bill |= key.text == TRANSACTION && value.kind == Kind::Object;
                returned |= key.text == RETURN && value.kind == Kind::Object;
            }
        }
        let missing = |what: &str, help: &str| {
            let source = Source::new(Form::Payload, document);
            let fault = Diagnostic::new(Code::PayloadShape, Located::head_of(document), what.to_owned());
            Diagnostics::gather(&source, vec![fault.help(help)], limits.errors)
        };
        let customer = match transaction.value(&number_field(CUSTOMER, "id")) {
            FieldValue::Number(id) => id.as_integer(),
            _ => None,
        };
        let customer = customer.ok_or_else(|| {
            missing(
                "this activity does not say whose it is",
                "give the customer's id in `currentCustomer.id`",
            )
        })?;
        let text = |section| match transaction.value(&field(section, "number", ValueKind::Text)) {
            FieldValue::Text(text) if !text.is_empty() => Some(Arc::<str>::from(text)),
            _ => None,
        };
        let number = text(TRANSACTION)
            .or_else(|| text(RETURN).filter(|_| returned))
            .or_else(|| text(EVENT))
            .ok_or_else(|| {
                missing(
                    "this activity has no number, so that it could be counted twice",
                    "give it a number of its own in `currentTxn.number`, of an event in `currentEvent.number`",
                )
            })?;
        let date = |section| match transaction.value(&field(section, "date", ValueKind::Date)) {
            FieldValue::Date(date) => DateText::resolve(&date, zone),
            _ => None,
        };
        let date = date(TRANSACTION)
            .or_else(|| date(RETURN).filter(|_| returned))
            .or_else(|| date(EVENT))
            .ok_or_else(|| {
                missing(
                    "this activity has no date, so that nobody knows in which period it counts",
                    "give its date in `currentTxn.date`, of an event in `currentEvent.date`",
                )
            })?;
        let event = match transaction.value(&field(EVENT, "eventType", ValueKind::Text)) {
            FieldValue::Text(name) => Some(Arc::from(name)),
            _ if returned => Some("ReturnTransaction".into()),
            _ if bill => Some("TransactionAdd".into()),
            _ => None,
        };
        let number = ActivityNumber { returned, text: number };
        Ok(Activity { transaction, number, customer, date, event })
    }

    /// A number of a profile.
    pub(super) fn figure(&self, section: &str, name: &str) -> Option<Number> {
        self.number_at(&number_field(section, name))
    }

    pub(super) fn number_at(&self, read: &Read) -> Option<Number> {
        match self.transaction.value(read) {
            FieldValue::Number(number) => Some(number),
            _ => None,
        }
    }
}

pub(super) fn field(section: &str, name: &str, kind: ValueKind) -> Read {
    Read::Field { section: section.into(), field: Field::own(name), kind }
}

pub(super) fn number_field(section: &str, name: &str) -> Read {
    field(section, name, ValueKind::Number)
}

pub(super) fn extended(section: &str, name: &Arc<str>) -> Read {
    let field = Field { extended: true, name: name.clone() };
    Read::Field { section: section.into(), field, kind: ValueKind::Number }
}

/// What a host says was awarded of a currency.
pub(super) fn awarded(section: &str, name: &str) -> Read {
    Read::Answer {
        section: section.into(),
        method: CURRENCY.into(),
        arguments: vec![name.to_owned()],
        kind: ValueKind::Number,
    }
}

/// What must be read to account for these targets, beside what their rules
/// read. Nothing is read that no target counts, for a value of the wrong type
/// is an error of the whole document.
pub(super) fn reads<'t>(targets: impl Iterator<Item = &'t CheckedTarget>) -> Vec<Read> {
    let mut reads = BTreeSet::new();
    reads.insert(number_field(CUSTOMER, "id"));
    reads.insert(field(EVENT, "eventType", ValueKind::Text));
    for section in [TRANSACTION, RETURN, EVENT] {
        reads.insert(field(section, "number", ValueKind::Text));
        reads.insert(field(section, "date", ValueKind::Date));
    }
    for target in targets {
        for section in [TRANSACTION, RETURN] {
            measured(target.counting(), section, &mut reads);
        }
    }
    reads.into_iter().collect()
}

fn measured(counting: &Counting, section: &'static str, reads: &mut BTreeSet<Read>) {
    let of_items = counting.entity == TargetEntity::LineItem;
    let list = Read::List { section: section.into(), each: Each::LineItems };
    let Ok(measure) = &counting.measure else { return };
    match measure {
        Measure::Net => {
            if !of_items {
                reads.insert(number_field(section, NET));
            }
            figures(section, Figure::Amount, reads);
        }
        Measure::Gross => {
            if !of_items {
                for name in GROSS.into_iter().chain([NET, DISCOUNT]) {
                    reads.insert(number_field(section, name));
                }
            }
            figures(section, Figure::Value, reads);
        }
        Measure::Quantity => figures(section, Figure::Quantity, reads),
        Measure::FieldCount(name) | Measure::FieldSum(name) if of_items => {
            reads.insert(list);
            reads.insert(item_field(section, name));
        }
        Measure::FieldCount(name) | Measure::FieldSum(name) => {
            reads.insert(extended(section, name));
        }
        Measure::Attribute(name) | Measure::AttributeCount(name) => {
            reads.insert(number_field(EVENT, name));
        }
        Measure::Points(kind) => points(section, *kind, reads),
        Measure::Currency(kind, name) => {
            if let Some(name) = name {
                reads.insert(awarded(section, name));
            }
            points(section, *kind, reads);
        }
        Measure::One | Measure::Days => {}
    }
}

fn points(section: &'static str, kind: PointsKind, reads: &mut BTreeSet<Read>) {
    reads.insert(number_field(section, points_field(kind)));
    if kind == PointsKind::All {
        reads.insert(number_field(section, points_field(PointsKind::Regular)));
        reads.insert(number_field(section, points_field(PointsKind::Promotional)));
    }
}

fn figures(section: &'static str, figure: Figure, reads: &mut BTreeSet<Read>) {
    reads.insert(Read::List { section: section.into(), each: Each::LineItems });
    reads.extend(figure.reads(section));
}

pub(super) fn item_field(section: &str, name: &Arc<str>) -> Read {
    Read::EntryField {
        section: section.into(),
        each: Each::LineItems,
        field: Field { extended: true, name: name.clone() },
        kind: ValueKind::Number,
    }
}
