//! Writes the state of a ledger, so that the next batch goes on from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;
use target_rules::value::Total;
use target_rules::{Instant, Zone};

use crate::eligibility::{CheckedTarget, Counting, DAY, Window};

use super::account::Account;
use super::asked_items::OpenItems;
use super::book::{Book, BookKey, Earlier};
use super::items::CountedItems;
use super::memory::Ledger;
use super::outline::window_of;
use super::returns::{BookedReturn, ReturnIdentity};
use super::saved::{
    SavedAccount, SavedBill, SavedBook, SavedEarlier, SavedItems, SavedKey, SavedOpen, SavedReturn,
    SavedTarget, SavedUnknown, SavedVersion, State, VERSION,
};

impl Ledger {
    /// Writes everything that is booked, also of customers who no longer take
    /// part, with the zone and the targets that it was booked by.
    /// [`Ledger::resume`] reads it back.
    ///
    /// Cost is linear in what is booked.
    pub fn state(&self) -> String {
        let mut ids: Vec<i64> = self.customers.keys().copied().collect();
        ids.sort_unstable();
        let customers = || ids.iter().filter_map(|id| Some((*id, self.customers.get(id)?)));
        let accounts = customers().flat_map(|(user, customer)| {
            customer.accounts.iter().map(move |(target, account)| saved_account(user, *target, account))
        });
        let accounts: Vec<SavedAccount> = accounts.collect();
        let returns = customers().flat_map(|(user, customer)| {
            customer.returns.all().map(move |(bill, identity, one)| saved_return(user, bill, identity, one))
        });
        let state = State {
            version: VERSION,
            zone: self.targets.zone.name().to_owned(),
            targets: self.saved_targets(&accounts),
            accounts,
            returns: returns.collect(),
        };
        // INVARIANT: everything in a state is written as JSON.
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// The targets that something is booked for, by id.
    fn saved_targets(&self, accounts: &[SavedAccount]) -> Vec<SavedTarget> {
        let mut ids: Vec<i64> = accounts.iter().map(|account| account.target_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let booked: BTreeSet<(i64, i64)> = accounts
            .iter()
            .flat_map(|account| {
                let of_bills = account.bills.iter().flat_map(|bill| &bill.books);
                of_bills.filter_map(|book| Some((account.target_id, book.period_id?)))
            })
            .collect();
        let gone: BTreeMap<i64, &SavedTarget> = self.gone.iter().map(|gone| (gone.id, gone)).collect();
        let saved = |id: i64| {
            let Some(target) = self.targets.position(id).and_then(|at| self.targets.get(at)) else {
                // What it was stays known: it may come again.
                return gone.get(&id).map_or_else(|| SavedTarget::unknown(id), |gone| (*gone).clone());
            };
            SavedTarget {
                id,
                counts: Some(counts(target.counting(), window_of(target))),
                rule: Some(target.rule().to_text()),
                event: Some(event_name(target.counting()).to_owned()),
                filters: Some(target.filters_text()),
                periods: periods(target, &self.targets.zone)
                    .filter(|(period, _)| booked.contains(&(id, *period)))
                    .collect(),
            }
        };
        ids.into_iter().map(saved).collect()
    }
}

/// The event that a target counts; empty where it names none.
pub(super) fn event_name(counting: &Counting) -> &str {
    counting.event.as_deref().unwrap_or_default()
}

/// The days of each period of a target, in words that a state is compared by.
pub(super) fn periods(target: &CheckedTarget, zone: &Zone) -> impl Iterator<Item = (i64, String)> {
    let periods = target.group().into_iter().flat_map(|group| &group.periods);
    periods.map(move |period| {
        let (first, last) = period.days(zone);
        (period.id, format!("{} to {}", date_of(first), date_of(last)))
    })
}

/// What a target counts, in words that a state is compared by.
pub(super) fn counts(counting: &Counting, window: &Window) -> String {
    let measure = match &counting.measure {
        Ok(measure) => format!("{measure:?}"),
        Err(_) => "nothing".to_owned(),
    };
    let extreme = counting.extreme.map(|extreme| format!(" {extreme:?} a day")).unwrap_or_default();
    let window = match window {
        Window::Fixed => "periods".to_owned(),
        Window::Cyclic { length, .. } => {
            format!("cycles of {} days", length.checked_div(DAY).unwrap_or_default())
        }
        Window::Agnostic { .. } => "cycles until reached".to_owned(),
        Window::Unknown(_) => "no window".to_owned(),
    };
    format!("{measure} of {:?}{extreme}, in {window}", counting.entity)
}

pub(super) fn saved_key(key: &BookKey) -> SavedKey {
    SavedKey { period_id: key.period, cycle: key.cycle }
}

fn saved_account(user_id: i64, target_id: i64, account: &Account) -> SavedAccount {
    let books = account.books().filter_map(|(key, book)| saved_book(key, book));
    let mut bills: Vec<_> = account.bills.iter().collect();
    bills.sort_unstable_by_key(|(number, _)| *number);
    let bills = bills.into_iter().map(|(number, bill)| SavedBill {
        number: number.to_string(),
        day: date_of(bill.day),
        adds: digits(bill.figure),
        taken_back: (bill.taken != Total::ZERO).then(|| digits(bill.taken)),
        books: bill.books.iter().map(saved_key).collect(),
        items: bill.items.as_deref().map(saved_items),
    });
    SavedAccount {
        user_id,
        target_id,
        first: account.track.first,
        latest: account.track.latest,
        books: books.collect(),
        bills: bills.collect(),
        unknown: account.unknown.iter().map(|(number, keys)| saved_unknown(number, keys)).collect(),
    }
}

/// What of a book does not follow from its bills; `None` where all of it does.
pub(super) fn saved_book(key: BookKey, book: &Book) -> Option<SavedBook> {
    let says = book.ended.is_some() || book.earlier().is_some();
    says.then(|| SavedBook {
        period_id: key.period,
        cycle: key.cycle,
        ended: book.ended,
        earlier: book.earlier().map(saved_earlier),
    })
}

pub(super) fn saved_items(items: &CountedItems) -> SavedItems {
    SavedItems {
        codes: items.codes.iter().map(|code| code.as_deref().map(str::to_owned)).collect(),
        counted: items.counted.as_deref().map(<[usize]>::to_vec),
    }
}

pub(super) fn saved_unknown(number: &str, keys: &BTreeSet<BookKey>) -> SavedUnknown {
    SavedUnknown { number: number.to_owned(), books: keys.iter().map(saved_key).collect() }
}

fn saved_earlier(earlier: &Earlier) -> SavedEarlier {
    SavedEarlier {
        total: digits(earlier.total),
        days: earlier.days.iter().map(|(day, figure)| (date_of(*day), digits(*figure))).collect(),
        counted: earlier.bills.iter().map(|number| number.to_string()).collect(),
        counted_returns: earlier.returns.iter().map(|number| number.to_string()).collect(),
    }
}

pub(super) fn saved_return(
    user_id: i64,
    bill: &str,
    identity: &ReturnIdentity,
    one: &BookedReturn,
) -> SavedReturn {
    let (number, figures) = match identity {
        ReturnIdentity::Number(number) => (Some(number.to_string()), None),
        ReturnIdentity::Figures { figures, .. } => (None, Some(json(figures))),
    };
    let versions = one.versions.iter().map(|version| SavedVersion {
        return_bill: json(&version.json),
        holds: version.asked.holds.iter().cloned().collect(),
        open: version.asked.open.iter().map(|(id, open)| (*id, saved_open(open))).collect(),
    });
    SavedReturn {
        user_id,
        bill: bill.to_owned(),
        number,
        figures,
        date: one.date,
        waits: one.waits,
        missed: one.missed.clone(),
        versions: versions.collect(),
    }
}

fn saved_open(open: &OpenItems) -> SavedOpen {
    SavedOpen { items: open.positions.clone(), absent: open.absent.clone() }
}

/// JSON that was read before.
fn json(text: &str) -> Box<RawValue> {
    // INVARIANT: it is a value of a document that was read.
    RawValue::from_string(text.to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn digits(total: Total) -> Box<RawValue> {
    // INVARIANT: a total prints as a JSON number.
    json(&total.to_string())
}

/// A local day as people write it.
pub(super) fn date_of(day: i64) -> String {
    let instant = day.checked_mul(DAY).and_then(|at| Instant::from_milliseconds(at).ok());
    instant.map_or_else(String::new, |instant| {
        let (year, month, day) = Zone::UTC.local(instant).date();
        format!("{year:04}-{month:02}-{day:02}")
    })
}
