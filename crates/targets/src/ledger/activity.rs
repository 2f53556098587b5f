//! One activity of one customer, read for the targets of a ledger.

use std::sync::Arc;

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span, utf8_of};
use target_rules::json::{Kind, Located, Members};
use target_rules::transaction::{Layout, Slot};
use target_rules::value::DateText;
use target_rules::{Instant, Limits, Number, Transaction, Zone};

use super::slots::{BILL, RETURN, Slots};

/// What an activity is recognised by, so that it is counted once. A return may
/// carry the number of the bill that it takes back, so both are needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ActivityNumber {
    pub(super) returned: bool,
    pub(super) text: Arc<str>,
}

/// A document of one activity, read for the targets of a [`Ledger`](super::Ledger).
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger};
/// use target_rules::{Limits, Zone};
/// let ledger = Ledger::new(Vec::new(), Enrolments::default(), Zone::UTC)?;
/// let bill = br#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07"}}"#;
/// let activity = ledger.read(bill, &Limits::default())?;
/// assert_eq!((activity.customer(), activity.number()), (19721, "n-1"));
/// assert!(!activity.is_return());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Activity {
    pub(super) transaction: Transaction,
    pub(super) number: ActivityNumber,
    pub(super) customer: i64,
    pub(super) date: Instant,
    /// The name of its event, where the document says it or implies it.
    pub(super) event: Option<Arc<str>>,
}

impl Activity {
    /// The transaction that is decided.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The number by which it is counted only once.
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

    /// Reads a document. Beside what the rules read there must be a customer,
    /// a number to remember the activity by, and a date.
    ///
    /// A bill has number and date in `currentTxn`. A return without one there
    /// has it in `returnBill`, another event in `currentEvent`: the platform
    /// does not say where, and without them nothing could be counted once.
    pub(super) fn read(
        layout: &Layout,
        slots: &Slots,
        document: &(impl Input + ?Sized),
        zone: &Zone,
        limits: &Limits,
    ) -> Result<Activity, Diagnostics> {
        let document = utf8_of(document, Form::Payload, limits.transaction.min(Limits::HARDEST_TEXT))?;
        let transaction = layout.read(document, limits)?;
        let (mut bill, mut returned) = (false, false);
        // INVARIANT: what was read as a transaction is one object. A layout
        // does not say which profiles a document has, so its keys are looked at.
        let root = Located { kind: Kind::Object, span: Span::new(0, document.len()) };
        for (key, value) in Members::of(document, root) {
            bill |= key.text == BILL && value.kind == Kind::Object;
            returned |= key.text == RETURN && value.kind == Kind::Object;
        }
        let missing = |what: &str, help: &str| {
            let source = Source::new(Form::Payload, document);
            let fault = Diagnostic::new(Code::PayloadShape, Located::head_of(document), what.to_owned());
            Diagnostics::gather(&source, vec![fault.help(help)], limits.errors)
        };
        let customer = slots.customer.and_then(|slot| transaction.get_number(slot));
        let customer = customer.and_then(Number::as_integer);
        let customer = customer.ok_or_else(|| {
            missing(
                "this activity does not say whose it is",
                "give the customer's id in `currentCustomer.id`",
            )
        })?;
        let (of_bill, of_return) = (slots.bill(false).head, slots.bill(true).head);
        let text = |slot: Option<Slot>| transaction.get_text(slot?).filter(|text| !text.is_empty());
        let number = text(of_bill.number)
            .or_else(|| text(of_return.number).filter(|_| returned))
            .or_else(|| text(slots.event.number))
            .map(Arc::<str>::from)
            .ok_or_else(|| {
                missing(
                    "this activity has no number, so that it could be counted twice",
                    "give it a number of its own in `currentTxn.number`, of an event in `currentEvent.number`",
                )
            })?;
        let date = |slot: Option<Slot>| DateText::resolve(&transaction.get_date(slot?)?, zone);
        let date = date(of_bill.date)
            .or_else(|| date(of_return.date).filter(|_| returned))
            .or_else(|| date(slots.event.date))
            .ok_or_else(|| {
                missing(
                    "this activity has no date, so that nobody knows in which period it counts",
                    "give its date in `currentTxn.date`, of an event in `currentEvent.date`",
                )
            })?;
        let event = match slots.event_type.and_then(|slot| transaction.get_text(slot)) {
            Some(name) => Some(Arc::from(name)),
            None if returned => Some("ReturnTransaction".into()),
            None if bill => Some("TransactionAdd".into()),
            None => None,
        };
        let number = ActivityNumber { returned, text: number };
        Ok(Activity { transaction, number, customer, date, event })
    }

    /// A number.
    pub(super) fn number_in(&self, slot: Option<Slot>) -> Option<Number> {
        self.transaction.get_number(slot?)
    }
}
