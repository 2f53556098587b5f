//! The returns of one customer: those that took something back, and those
//! whose bill was not booked yet.
//!
//! A return is kept as it was written, without the rest of its document: which
//! targets count its bill, and what they count, may change later.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::asked_items::AskedItems;

/// The returns of a customer, by the number of their bill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Returns {
    of_bill: BTreeMap<Arc<str>, ReturnsOfBill>,
}

/// The returns of one bill.
pub(super) type ReturnsOfBill = BTreeMap<ReturnIdentity, BookedReturn>;

/// By what a return is known, beside its customer and bill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReturnIdentity {
    /// A number of its own.
    Number(Arc<str>),
    /// Its instant, in epoch milliseconds, and its figures in one spelling.
    Figures { date: i64, figures: Arc<str> },
}

impl ReturnIdentity {
    /// The number of its own.
    pub(super) fn number(&self) -> Option<&Arc<str>> {
        match self {
            ReturnIdentity::Number(number) => Some(number),
            ReturnIdentity::Figures { .. } => None,
        }
    }
}

/// What a return says of what is taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReturnedBill {
    /// The value of `returnBill`, as JSON.
    pub(super) json: Arc<str>,
    /// What the rules of targets say of its line items.
    pub(super) asked: AskedItems,
}

/// A return that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookedReturn {
    /// In epoch milliseconds.
    pub(super) date: i64,
    /// As it came first; then as it came again with a number of its own, for a
    /// figure that it lacked.
    pub(super) versions: Vec<ReturnedBill>,
    /// Whether its bill counts nowhere yet.
    pub(super) waits: bool,
    /// The targets that count its bill and were not there to say what is taken
    /// back: it takes back from them once they are there again. In order.
    pub(super) missed: Vec<i64>,
}

/// How often a return may come again with other figures that are kept. A shop
/// mends a return once or twice.
const MOST_VERSIONS: usize = 8;

impl BookedReturn {
    /// Keeps what the same return says when it comes again.
    pub(super) fn again(&mut self, returned: &ReturnedBill) {
        if self.versions.len() < MOST_VERSIONS && !self.versions.contains(returned) {
            self.versions.push(returned.clone());
        }
    }
}

impl Returns {
    /// Those that have not taken back from every target that counts their bill.
    pub(super) fn missed(&mut self) -> impl Iterator<Item = (&Arc<str>, &mut BookedReturn)> {
        let all = self.of_bill.iter_mut();
        let all = all.flat_map(|(bill, of_bill)| of_bill.values_mut().map(move |one| (bill, one)));
        all.filter(|(_, one)| !one.missed.is_empty())
    }

    pub(super) fn of(&self, bill: &str) -> Option<&ReturnsOfBill> {
        self.of_bill.get(bill)
    }

    pub(super) fn of_mut(&mut self, bill: &str) -> Option<&mut ReturnsOfBill> {
        self.of_bill.get_mut(bill)
    }

    /// Takes the returns of a bill out, to be put back.
    pub(super) fn take(&mut self, bill: &str) -> Option<ReturnsOfBill> {
        self.of_bill.remove(bill)
    }

    pub(super) fn put_back(&mut self, bill: Arc<str>, of_bill: ReturnsOfBill) {
        self.of_bill.insert(bill, of_bill);
    }

    /// Keeps a return; `None` where one of this identity is there.
    pub(super) fn add(
        &mut self,
        bill: Arc<str>,
        identity: ReturnIdentity,
        booked: BookedReturn,
    ) -> Option<()> {
        match self.of_bill.entry(bill).or_default().entry(identity) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => {
                place.insert(booked);
                Some(())
            }
        }
    }

    /// All of them, by bill and identity.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Arc<str>, &ReturnIdentity, &BookedReturn)> {
        let all = self.of_bill.iter();
        all.flat_map(|(bill, of_bill)| of_bill.iter().map(move |(identity, one)| (bill, identity, one)))
    }
}
