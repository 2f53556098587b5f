//! What is booked of one customer, as a store keeps it.
//!
//! It holds what the state of a ledger holds of her, and is held against itself
//! as that is, but takes a fifth of the room: a bill that several targets count
//! stands there once, and its days are numbers. A row is read and written with
//! each of her activities.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use target_rules::value::Total;

use super::account::{Account, BookedBill, BooksOfBill};
use super::book::{BookKey, Summing};
use super::customer::Customer;
use super::restore::{
    SummingOf, add_bill, book, counted_items, keys, returned, track, unknown, waits_rightly,
};
use super::saved::{SavedBook, SavedItems, SavedKey, SavedReturn, SavedUnknown};
use super::state::{saved_book, saved_items, saved_key, saved_return, saved_unknown};
use super::state_fault::StateFault;

/// The version that is written.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "what is booked, an object")]
struct Stored<'s> {
    version: u32,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    bills: Vec<StoredBill<'s>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<StoredAccount<'s>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    returns: Vec<SavedReturn>,
}

/// The number of a bill, and its local day, by the days since 1970.
#[derive(Serialize, Deserialize)]
struct StoredBill<'s>(#[serde(borrow)] Cow<'s, str>, i64);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an account, an object")]
struct StoredAccount<'s> {
    target: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latest: Option<i64>,
    /// What of the books does not follow from the bills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ended: Vec<SavedBook>,
    /// By book: the bills that stand in it alone, whole, and say no items.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    plain: Vec<PlainBills<'s>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<OtherBill>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<SavedUnknown>,
}

#[derive(Serialize, Deserialize)]
struct PlainBills<'s> {
    book: SavedKey,
    /// Of each the position, and what it adds: `0 730.5 1 615.65`. One text is read
    /// several times faster than a list of lists.
    #[serde(borrow)]
    bills: Cow<'s, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a bill, an object")]
struct OtherBill {
    bill: usize,
    adds: Total,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_back: Option<Total>,
    books: Vec<SavedKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items: Option<SavedItems>,
}

/// What is booked of a customer, as text.
pub(super) fn written(user: i64, customer: &Customer) -> String {
    let mut bills = Bills::default();
    let accounts =
        customer.accounts.iter().map(|(target, account)| stored_account(*target, account, &mut bills));
    let accounts = accounts.collect();
    let returns = customer.returns.all();
    let stored = Stored {
        version: VERSION,
        accounts,
        bills: bills.all,
        returns: returns.map(|(bill, identity, one)| saved_return(user, bill, identity, one)).collect(),
    };
    // INVARIANT: everything in it is written as JSON.
    serde_json::to_string(&stored).unwrap_or_default()
}

/// The bills that were written, each once.
#[derive(Default)]
struct Bills<'c> {
    all: Vec<StoredBill<'c>>,
    places: HashMap<(&'c str, i64), usize>,
}

impl<'c> Bills<'c> {
    fn place(&mut self, number: &'c str, day: i64) -> usize {
        *self.places.entry((number, day)).or_insert_with(|| {
            self.all.push(StoredBill(Cow::Borrowed(number), day));
            self.all.len().saturating_sub(1)
        })
    }
}

fn stored_account<'c>(target: i64, account: &'c Account, bills: &mut Bills<'c>) -> StoredAccount<'c> {
    let mut sorted: Vec<(&Arc<str>, &BookedBill)> = account.bills.iter().collect();
    sorted.sort_unstable_by_key(|(number, bill)| (bill.day, *number));
    let mut plain: Vec<(BookKey, String)> = Vec::new();
    let mut others = Vec::new();
    for (number, bill) in sorted {
        let place = bills.place(number, bill.day);
        let whole = bill.taken == Total::ZERO && bill.items.is_none();
        match bill.books.as_slice() {
            [key] if whole => {
                // INVARIANT: a string takes whatever is written.
                let _ = match plain.iter_mut().find(|(of_book, _)| of_book == key) {
                    Some((_, of_book)) => write!(of_book, " {place} {}", bill.figure),
                    None => {
                        plain.push((*key, format!("{place} {}", bill.figure)));
                        Ok(())
                    }
                };
            }
            books => others.push(OtherBill {
                bill: place,
                adds: bill.figure,
                taken_back: Some(bill.taken).filter(|taken| *taken != Total::ZERO),
                books: books.iter().map(saved_key).collect(),
                items: bill.items.as_deref().map(saved_items),
            }),
        }
    }
    StoredAccount {
        target,
        first: account.track.first,
        latest: account.track.latest,
        ended: account.books().filter_map(|(key, book)| saved_book(key, book)).collect(),
        plain: plain.into_iter().map(plain_bills).collect(),
        others,
        unknown: account.unknown.iter().map(|(number, keys)| saved_unknown(number, keys)).collect(),
    }
}

fn plain_bills<'s>((key, bills): (BookKey, String)) -> PlainBills<'s> {
    PlainBills { book: saved_key(&key), bills: Cow::Owned(bills) }
}

/// What a store has kept of a customer; each part is held against the others.
pub(super) fn read(text: &str, summing: SummingOf<'_>) -> Result<Customer, StateFault> {
    let stored: Stored<'_> =
        serde_json::from_str(text).map_err(|error| StateFault::new(error.to_string()))?;
    if stored.version != VERSION {
        let what = format!("it is of version {}; version {VERSION} can be read", stored.version);
        return Err(StateFault::new(what).at("version"));
    }
    let mut customer = Customer::default();
    let mut waiting = Vec::new();
    for (at, saved) in stored.returns.into_iter().enumerate() {
        let fault = |fault: StateFault| fault.within("returns", at);
        let bill: Arc<str> = saved.bill.as_str().into();
        let waits = (saved.waits, saved.missed.clone());
        let (identity, booked) = returned(saved).map_err(fault)?;
        waiting.push((bill.clone(), waits));
        let added = customer.returns.add(bill, identity, booked);
        added.ok_or_else(|| fault(StateFault::new("this return stands twice")))?;
    }
    let bills: Vec<(Arc<str>, i64)> =
        stored.bills.into_iter().map(|StoredBill(number, day)| (number.as_ref().into(), day)).collect();
    for (at, stored) in stored.accounts.into_iter().enumerate() {
        let fault = |fault: StateFault| fault.within("accounts", at);
        let target = stored.target;
        let reader = AccountReader { bills: &bills, summing: summing(target), customer: &customer };
        let account = reader.account(stored).map_err(fault)?;
        if customer.accounts.insert(target, Box::new(account)).is_some() {
            return Err(fault(StateFault::new(format!("there are two accounts in target {target}"))));
        }
    }
    for (at, (bill, (waits, missed))) in waiting.into_iter().enumerate() {
        waits_rightly(&customer, &bill, (waits, &missed)).map_err(|fault| fault.within("returns", at))?;
    }
    Ok(customer)
}

struct AccountReader<'c> {
    bills: &'c [(Arc<str>, i64)],
    summing: Summing,
    customer: &'c Customer,
}

impl AccountReader<'_> {
    fn account(&self, stored: StoredAccount<'_>) -> Result<Account, StateFault> {
        let mut account = Account::default();
        account.track = track(stored.first, stored.latest)?;
        for (at, saved) in stored.ended.into_iter().enumerate() {
            book(&mut account, saved).map_err(|fault| fault.within("ended", at))?;
        }
        account.bills.reserve(self.bills.len());
        for (at, of_book) in stored.plain.into_iter().enumerate() {
            self.plain(&mut account, &of_book).map_err(|fault| fault.within("plain", at))?;
        }
        for (at, one) in stored.others.into_iter().enumerate() {
            let fault = |fault: StateFault| fault.within("others", at);
            let books = keys(&one.books).map_err(fault)?.into_iter().collect();
            self.add(&mut account, one.bill, (one.adds, one.taken_back), &books, one.items).map_err(fault)?;
        }
        for (at, saved) in stored.unknown.into_iter().enumerate() {
            unknown(&mut account, saved).map_err(|fault| fault.within("unknown", at))?;
        }
        Ok(account)
    }

    fn plain(
        &self,
        account: &mut Account,
        PlainBills { book, bills }: &PlainBills<'_>,
    ) -> Result<(), StateFault> {
        let books: BooksOfBill = keys(std::slice::from_ref(book))?.into_iter().collect();
        let mut words = bills.split(' ');
        while let (Some(place), figure) = (words.next(), words.next()) {
            let figure = figure.and_then(|figure| figure.parse().ok());
            let read = place.parse().ok().zip(figure);
            let (place, figure) =
                read.ok_or_else(|| StateFault::new("these are no positions and figures").at("bills"))?;
            self.add(account, place, (figure, None), &books, None)?;
        }
        Ok(())
    }

    fn add(
        &self,
        account: &mut Account,
        bill: usize,
        (figure, taken): (Total, Option<Total>),
        books: &BooksOfBill,
        items: Option<SavedItems>,
    ) -> Result<(), StateFault> {
        let nowhere = || StateFault::new(format!("there is no bill at position {bill}"));
        let (number, day) = self.bills.get(bill).ok_or_else(nowhere)?;
        let items = items.map(counted_items).transpose()?.map(Box::new);
        let taken = taken.unwrap_or(Total::ZERO);
        let booked = BookedBill { figure, taken, day: *day, books: books.clone(), items };
        add_bill(account, number.clone(), booked, self.summing, &self.customer.returns)
    }
}
