//! One activity of one customer, read for the targets of a ledger.

use std::borrow::Cow;
use std::sync::Arc;

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use target_rules::json::{Kind, Located, Members};
use target_rules::transaction::Slot;
use target_rules::value::DateText;
use target_rules::{Instant, Limits, Number, Transaction, Zone};

use crate::eligibility::{BILL, RETURN};
use crate::json::Parsed;

use super::return_bill::{ReturnDocument, negative_figures, returned};
use super::slots::Slots;

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
    pub(super) head: Head,
}

/// What an activity says beside what rules and targets read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// By which it is counted once; of a return its own number, else its bill's.
    pub(super) number: Arc<str>,
    pub(super) customer: i64,
    pub(super) date: Instant,
    /// The name of its event, where the document says it or implies it.
    pub(super) event: Option<Cow<'static, str>>,
    /// Whether it is a bill, which has a `currentTxn`.
    pub(super) bill: bool,
    pub(super) returned: Option<Box<ReturnDocument>>,
}

impl Activity {
    /// The transaction that is decided.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The number by which it is counted only once: of a return its own, or
    /// else that of its bill.
    pub fn number(&self) -> &str {
        &self.head.number
    }

    /// Whether it takes back a bill: the document has a `returnBill` that is
    /// neither `null` nor empty.
    pub fn is_return(&self) -> bool {
        self.head.returned.is_some()
    }

    /// The customer whose activity it is.
    pub fn customer(&self) -> i64 {
        self.head.customer
    }
}

impl Head {
    /// What a document says that was read as a transaction: a customer, a
    /// number to remember the activity by, and a date.
    ///
    /// A bill has number and date in `currentTxn`. A return without one there
    /// has it in `returnBill`, another event in `currentEvent`: the platform
    /// does not say where, and without them nothing could be counted once.
    pub(super) fn of(
        slots: &Slots,
        document: &str,
        transaction: &Transaction,
        zone: &Zone,
        limits: &Limits,
    ) -> Result<Head, Diagnostics> {
        let reader = HeadReader { slots, document, transaction, zone, limits };
        let customer = slots.customer.and_then(|slot| transaction.get_number(slot));
        let customer = customer.and_then(Number::as_integer).ok_or_else(|| reader.missing(CUSTOMER))?;
        match reader.parsed_return()? {
            Some(parsed) => reader.of_return(customer, &parsed),
            None => reader.of_bill(customer),
        }
    }
}

impl Head {
    /// What a transaction says that was filled by setters.
    pub(super) fn of_filled(
        slots: &Slots,
        transaction: &Transaction,
        zone: &Zone,
    ) -> Result<Head, Diagnostics> {
        let limits = Limits::default();
        // INVARIANT: nothing is looked up in the document, since it has no keys.
        let reader = HeadReader { slots, document: "{}", transaction, zone, limits: &limits };
        let of_return = slots.bill(true).head;
        if reader.text(of_return.number).is_some() || reader.date(of_return.date).is_some() {
            return Err(reader.missing(AS_DOCUMENT));
        }
        let customer = slots.customer.and_then(|slot| transaction.get_number(slot));
        let customer = customer.and_then(Number::as_integer).ok_or_else(|| reader.missing(CUSTOMER))?;
        reader.of_bill(customer)
    }
}

/// What is missing, and where it belongs.
const CUSTOMER: [&str; 2] =
    ["this activity does not say whose it is", "give the customer's id in `currentCustomer.id`"];
const AS_DOCUMENT: [&str; 2] = [
    "a return is kept as it was written, and a filled transaction was not written",
    "give a return as a document",
];
const NUMBER: [&str; 2] = [
    "this activity has no number, so that it could be counted twice",
    "give it a number of its own in `currentTxn.number`, of an event in `currentEvent.number`",
];
const DATE: [&str; 2] = [
    "this activity has no date, so that nobody knows in which period it counts",
    "give its date in `currentTxn.date`, of an event in `currentEvent.date`",
];

struct HeadReader<'a> {
    slots: &'a Slots,
    document: &'a str,
    transaction: &'a Transaction,
    zone: &'a Zone,
    limits: &'a Limits,
}

impl HeadReader<'_> {
    fn of_bill(&self, customer: i64) -> Result<Head, Diagnostics> {
        let (bill, event) = (self.slots.bill(false).head, self.slots.event);
        let of_bill = (self.text(bill.number), self.date(bill.date));
        let number = of_bill.0.or_else(|| self.text(event.number)).ok_or_else(|| self.missing(NUMBER))?;
        let date = of_bill.1.or_else(|| self.date(event.date)).ok_or_else(|| self.missing(DATE))?;
        let bill = of_bill != (None, None) || self.has_object(BILL);
        let event = self.event_type().or_else(|| bill.then_some(Cow::Borrowed("TransactionAdd")));
        Ok(Head { number: number.into(), customer, date, event, bill, returned: None })
    }

    fn of_return(&self, customer: i64, parsed: &Parsed) -> Result<Head, Diagnostics> {
        // INVARIANT: it was found there before.
        let value = returned(parsed).unwrap_or_else(|| parsed.root());
        let negative = negative_figures(value);
        if !negative.is_empty() {
            return Err(self.refusal(negative));
        }
        let (head, of_return) = (self.slots.bill(false).head, self.slots.bill(true).head);
        let own = self.text(head.number);
        let bill = self.text(of_return.number).or(own).ok_or_else(|| self.missing(NUMBER))?;
        let date = self.date(head.date).or_else(|| self.date(of_return.date));
        let date = date.ok_or_else(|| self.missing(DATE))?;
        let event = self.event_type().unwrap_or(Cow::Borrowed("ReturnTransaction"));
        let returned = ReturnDocument::of(parsed, value, bill.into(), own, date.milliseconds());
        Ok(Head {
            number: own.unwrap_or(bill).into(),
            customer,
            date,
            event: Some(event),
            bill: false,
            returned: Some(Box::new(returned)),
        })
    }

    /// The document where it is a return.
    fn parsed_return(&self) -> Result<Option<Parsed>, Diagnostics> {
        // A key may be written with escapes; nearly no document has any.
        if !self.document.contains(RETURN) && !self.document.contains('\\') {
            return Ok(None);
        }
        let parsed =
            Parsed::parse(self.document.into(), 0, usize::MAX).map_err(|fault| self.refusal(vec![fault]))?;
        Ok(if returned(&parsed).is_some() { Some(parsed) } else { None })
    }

    fn has_object(&self, profile: &str) -> bool {
        // INVARIANT: what was read as a transaction is one object. A layout
        // does not say which profiles a document has, so its keys are looked at.
        let root = Located { kind: Kind::Object, span: Span::new(0, self.document.len()) };
        Members::of(self.document, root).any(|(key, value)| key.text == profile && value.kind == Kind::Object)
    }

    fn event_type(&self) -> Option<Cow<'static, str>> {
        let text = self.slots.event_type.and_then(|slot| self.transaction.get_text(slot));
        text.map(|text| Cow::Owned(text.to_owned()))
    }

    fn text(&self, slot: Option<Slot>) -> Option<&str> {
        self.transaction.get_text(slot?).filter(|text| !text.is_empty())
    }

    fn date(&self, slot: Option<Slot>) -> Option<Instant> {
        DateText::resolve(&self.transaction.get_date(slot?)?, self.zone)
    }

    fn missing(&self, [what, help]: [&str; 2]) -> Diagnostics {
        let head = Located::head_of(self.document);
        self.refusal(vec![Diagnostic::new(Code::PayloadShape, head, what).help(help)])
    }

    fn refusal(&self, found: Vec<Diagnostic>) -> Diagnostics {
        Diagnostics::gather(&Source::new(Form::Payload, self.document), found, self.limits.errors)
    }
}
