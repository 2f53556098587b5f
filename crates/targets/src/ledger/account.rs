//! The account of one customer in one target: the core of the ledger.
//!
//! Nothing here knows of documents, rules, stores or other customers. A bill is
//! first decided, which says what it would change and changes nothing; then the
//! change is applied. What a return takes back is applied likewise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use smallvec::SmallVec;
use target_rules::Number;
use target_rules::value::Total;

use crate::eligibility::Window;

use super::book::{Book, BookKey, Summing};
use super::books::Books;
use super::cycles::{Track, agnostic, cyclic};
use super::items::CountedItems;
use super::lacking::Lacking;
use super::participation::Enrolled;
use super::standing::Reason;

/// How a target is booked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method<'t> {
    pub(super) summing: Summing,
    pub(super) window: &'t Window,
}

/// A bill, an event or any other activity that may add something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bill<'b> {
    pub(super) number: &'b Arc<str>,
    /// In epoch milliseconds.
    pub(super) date: i64,
    /// Its local day.
    pub(super) day: i64,
    pub(super) adds: &'b Contribution,
}

/// What a bill adds to a target that it counts for, or may count for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contribution {
    Known {
        figure: Total,
        /// The line items that it comes from, where a return asks for them.
        items: Option<Box<CountedItems>>,
    },
    /// It is unknown whether it counts, or how much it adds.
    Unknown(Arc<Lacking>),
}

/// What a bill changes in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The books that it stands in, each once.
    places: Places,
    counted: bool,
}

impl Change {
    /// In how many books the bill stands.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }
}

/// The books of one bill: nearly always one.
pub(super) type Places = SmallVec<[Place; 1]>;

/// A book, and what is to be reached there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: BookKey,
    value: Number,
}

/// What is booked of a customer in a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Account {
    /// Where windows are not fixed.
    pub(super) track: Track,
    books: Books,
    /// The bills that were counted, by number.
    pub(super) bills: HashMap<Arc<str>, BookedBill>,
    /// Those for which it is unknown whether they count, or how much they add,
    /// and where they would.
    pub(super) unknown: BTreeMap<Arc<str>, BTreeSet<BookKey>>,
}

/// A bill that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookedBill {
    /// What it adds of its own.
    pub(super) figure: Total,
    /// What its returns take back, together.
    pub(super) taken: Total,
    pub(super) day: i64,
    pub(super) books: BooksOfBill,
    pub(super) items: Option<Box<CountedItems>>,
}

/// The books that a bill stands in.
pub(super) type BooksOfBill = SmallVec<[BookKey; 1]>;

impl BookedBill {
    /// Whether a return can take anything back: a bill that added nothing, or
    /// less, gives nothing back.
    pub(super) fn gives_back(&self) -> bool {
        self.figure > Total::ZERO
    }

    /// What it adds still: its own figure less those of its returns, not below
    /// zero.
    fn adds(&self) -> Total {
        if !self.gives_back() {
            return self.figure;
        }
        self.figure.minus(self.taken).unwrap_or(Total::ZERO).max(Total::ZERO)
    }
}

impl Account {
    /// All books, by period, then by cycle.
    pub(super) fn books(&self) -> impl Iterator<Item = (BookKey, &Book)> {
        self.books.iter()
    }

    pub(super) fn book(&self, key: BookKey) -> Option<&Book> {
        self.books.get(key)
    }

    /// Puts a book that was booked before in the place of a key.
    pub(super) fn put_book(&mut self, key: BookKey, book: Book) {
        self.books.put(key, book);
    }

    /// Whether a bill of this number was counted, in whichever period or cycle.
    pub(super) fn counts(&self, number: &str) -> bool {
        self.bills.contains_key(number) || self.counted_earlier(number)
    }

    /// Whether all that another account counts is counted here.
    pub(super) fn includes(&self, other: &Account) -> bool {
        let earlier = other.books.iter().filter_map(|(_, book)| book.earlier());
        let mut earlier = earlier.flat_map(|earlier| &earlier.bills);
        other.bills.keys().all(|number| self.counts(number)) && earlier.all(|number| self.counts(number))
    }

    /// Whether any bill was.
    pub(super) fn counts_any(&self) -> bool {
        let earlier = || self.books.iter().filter_map(|(_, book)| book.earlier());
        !self.bills.is_empty() || earlier().any(|earlier| !earlier.bills.is_empty())
    }

    /// Whether it was, before the figures of bills were kept.
    pub(super) fn counted_earlier(&self, number: &str) -> bool {
        self.books.earlier().any(|book| book.counted_earlier(number))
    }

    /// Whether a return of this number was, or of this bill.
    pub(super) fn returned_earlier(&self, number: &str) -> bool {
        self.books.earlier().filter_map(Book::earlier).any(|earlier| earlier.returns.contains(number))
    }

    /// Notes that the customer was active.
    pub(super) fn touch(&mut self, date: i64) {
        self.track.first = self.track.first.or(Some(date));
        // One that was kept without its latest activity has had none before the first.
        self.track.latest = self.track.latest.max(self.track.first).max(Some(date));
    }

    /// What a bill changes; or why it is not counted. `enrolled` are the
    /// periods of its date that the customer takes part in.
    pub(super) fn decide(
        &self,
        method: &Method<'_>,
        enrolled: &[Enrolled],
        bill: &Bill<'_>,
    ) -> Result<Change, Reason> {
        if self.counts(bill.number) {
            return Err(Reason::CountedBefore);
        }
        let places = self.place(method, enrolled, bill.date)?;
        let Contribution::Known { figure, .. } = bill.adds else {
            return Ok(Change { places, counted: false });
        };
        let empty = Book::default();
        let fits = |place: &Place| {
            self.book(place.key).unwrap_or(&empty).with(method.summing, bill.day, *figure).is_some()
        };
        if places.iter().all(fits) { Ok(Change { places, counted: true }) } else { Err(Reason::TooLarge) }
    }

    /// The books of a date; or why there is none.
    pub(super) fn place(
        &self,
        method: &Method<'_>,
        enrolled: &[Enrolled],
        date: i64,
    ) -> Result<Places, Reason> {
        let mut places = Places::new();
        let mut reason = Reason::NoPeriod;
        for enrolled in enrolled {
            match self.cycle(method, enrolled.period, date) {
                Ok(cycle) => {
                    let key = BookKey { period: enrolled.period, cycle };
                    places.push(Place { key, value: enrolled.value });
                }
                Err(why) => reason = why,
            }
        }
        if places.is_empty() { Err(reason) } else { Ok(places) }
    }

    /// The cycle, from 1, that a date belongs to; 0 where windows are fixed.
    fn cycle(&self, method: &Method<'_>, period: Option<i64>, date: i64) -> Result<i64, Reason> {
        match *method.window {
            Window::Cyclic { length, cycles, offset_days } => {
                cyclic(self.track, date, length.max(1), cycles, offset_days)
            }
            Window::Agnostic { cycles, offset_days } => {
                let ended = |cycle| self.book(BookKey { period, cycle }).and_then(|book| book.ended);
                agnostic(self.track, date, cycles, offset_days, ended)
            }
            Window::Fixed | Window::Unknown(_) => Ok(0),
        }
    }

    /// Applies a change that was decided for this bill just before.
    pub(super) fn apply(&mut self, method: &Method<'_>, bill: &Bill<'_>, change: &Change) {
        let Contribution::Known { figure, items } = bill.adds else {
            let places = change.places.iter().map(|place| place.key);
            self.unknown.entry(bill.number.clone()).or_default().extend(places);
            return;
        };
        self.forget_unknown(bill.number);
        for place in &change.places {
            if let Some(book) = self.books.get_mut(place.key) {
                book.add(method.summing, bill.day, bill.number, *figure);
            }
        }
        let booked = BookedBill {
            figure: *figure,
            taken: Total::ZERO,
            day: bill.day,
            books: change.places.iter().map(|place| place.key).collect(),
            items: items.clone(),
        };
        self.bills.insert(bill.number.clone(), booked);
    }

    /// The same with nothing that is counted.
    pub(super) fn without_bills(&self) -> Account {
        Account {
            books: Books::default(),
            bills: HashMap::new(),
            track: self.track,
            unknown: self.unknown.clone(),
        }
    }

    /// The same with all that is booked in another period.
    pub(super) fn under(&self, period: Option<i64>) -> Account {
        let there = |key: &BookKey| BookKey { period, ..*key };
        let mut account = Account { books: Books::default(), ..self.clone() };
        self.books.iter().for_each(|(key, book)| account.books.put(there(&key), book.clone()));
        for bill in account.bills.values_mut() {
            bill.books = bill.books.iter().map(there).collect();
        }
        for keys in account.unknown.values_mut() {
            *keys = keys.iter().map(there).collect();
        }
        account
    }

    pub(super) fn is_unknown(&self, number: &str) -> bool {
        self.unknown.contains_key(number)
    }

    /// Forgets that a bill was unknown: it is decided now.
    pub(super) fn forget_unknown(&mut self, number: &str) {
        self.unknown.remove(number);
    }

    /// The unknown bills by the books that they would stand in, sorted.
    pub(super) fn unknown_by_book(&self) -> HashMap<BookKey, Vec<&str>> {
        let mut by_book: HashMap<BookKey, Vec<&str>> = HashMap::new();
        for (number, keys) in &self.unknown {
            for key in keys {
                by_book.entry(*key).or_default().push(number);
            }
        }
        by_book
    }

    /// Takes back a part of a bill that was counted.
    pub(super) fn take_back(&mut self, summing: Summing, number: &Arc<str>, amount: Total) {
        let Some(bill) = self.bills.get_mut(number) else { return };
        let before = bill.adds();
        // What is more than can be summed is more than the bill.
        bill.taken = bill.taken.plus(amount).unwrap_or(bill.figure);
        let (after, day) = (bill.adds(), bill.day);
        let books = bill.books.clone();
        if before == after {
            return;
        }
        for key in &books {
            if let Some(book) = self.books.get_mut(*key) {
                book.lower(summing, day, number, before, after);
            }
        }
    }

    /// Ends the cycles in which the value is reached with this bill. Only a
    /// bill ends a cycle.
    pub(super) fn end_cycles(&mut self, method: &Method<'_>, change: &Change, date: i64) {
        if !change.counted || !matches!(method.window, Window::Agnostic { .. }) {
            return;
        }
        for place in &change.places {
            if let Some(book) = self.books.get_mut(place.key)
                && book.ended.is_none()
                && book.achieved() >= place.value.into()
            {
                book.ended = Some(date);
            }
        }
    }

    /// Puts a bill back that was booked before the state was written; `None`
    /// where it does not fit.
    pub(super) fn restore(&mut self, summing: Summing, number: Arc<str>, bill: BookedBill) -> Option<()> {
        if self.counts(&number) {
            return None;
        }
        for key in &bill.books {
            let book = self.books.get_mut(*key)?;
            book.with(summing, bill.day, bill.figure)?;
            book.add(summing, bill.day, &number, bill.figure);
            if bill.adds() != bill.figure {
                book.lower(summing, bill.day, &number, bill.figure, bill.adds());
            }
        }
        self.bills.insert(number, bill);
        Some(())
    }
}
