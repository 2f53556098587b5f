//! What becomes of what was counted when the periods of a group change, so that the
//! period it was counted in is there no more: mostly since a group that had none comes
//! to have some.
//!
//! It is carried over and the change isn't refused. A bill keeps the local day on which
//! it counts, and in fixed windows nothing else decides in which period that is, so it
//! comes out as if the periods had been there before. To refuse would be no help: who
//! makes a group may well let customers in before its periods are known, and then could
//! give it none without another id for each target. What falls in no period stays where
//! it was, which is told of who came by a bill alone; it counts again once there is one for its day.

use super::account::{Account, BooksOfBill};
use super::book::{Book, BookKey};
use super::customer::Customer;
use super::participation::Participation;
use super::targets::CompiledTargets;

impl Customer {
    /// Carries over what nobody could be told of any more; the targets of which
    /// something was. `enrolled` is by the position of the target.
    ///
    /// Cost is that of looking at each book, and at each bill where a book is carried.
    pub(super) fn carry_over(&mut self, targets: &CompiledTargets, enrolled: &[Participation]) -> Vec<i64> {
        let mut carried = Vec::new();
        for (id, account) in &mut self.accounts {
            let Some(at) = targets.position(*id) else { continue };
            let listed = enrolled.binary_search_by_key(&at, |one| one.target).ok();
            let periods = Periods { targets, at, listed: listed.and_then(|found| enrolled.get(found)) };
            if let Some(moved) = periods.carry(account) {
                **account = moved;
                carried.push(*id);
            }
        }
        carried
    }
}

/// The periods of a target, as one customer takes part in them.
struct Periods<'t> {
    targets: &'t CompiledTargets,
    at: usize,
    listed: Option<&'t Participation>,
}

impl Periods<'_> {
    /// The account with its bills where they count now; `None` where none moves.
    fn carry(&self, account: &Account) -> Option<Account> {
        let outline = self.targets.outline(self.at)?;
        // A sum without its parts can't be divided.
        let gone = |(key, book): (BookKey, &Book)| self.is_gone(key) && book.earlier().is_none();
        if !account.books().any(gone) {
            return None;
        }
        if !outline.fixed {
            return self.renamed(account);
        }
        let mut moved = account.without_bills();
        for (key, book) in account.books() {
            if let Some(earlier) = book.earlier() {
                moved.put_book(key, Book::from_earlier(earlier.clone())?);
            }
        }
        let mut any = false;
        for (number, bill) in &account.bills {
            let mut bill = bill.clone();
            let books = self.books_of(&bill.books, bill.day);
            any |= books != bill.books;
            bill.books = books;
            // Where two sums become one it may be too large; then all stays as it is.
            moved.restore(outline.summing, number.clone(), bill)?;
        }
        any.then_some(moved)
    }

    /// Whether nobody is told of a book: its period is not there.
    fn is_gone(&self, key: BookKey) -> bool {
        let group = self.targets.get(self.at).and_then(|target| target.group());
        let has_periods = group.is_some_and(|group| !group.periods.is_empty());
        let there = match key.period {
            None => !has_periods,
            // Of a group that lists one period only, the others are not known.
            Some(period) => group
                .is_some_and(|group| has_periods && (!group.complete || group.period_ids.contains(&period))),
        };
        !there && !self.listed.is_some_and(|listed| listed.names_open(key.period))
    }

    /// The books of a bill, those that are gone by those of its day.
    fn books_of(&self, before: &BooksOfBill, day: i64) -> BooksOfBill {
        let mut books = BooksOfBill::new();
        for key in before {
            let now = if self.is_gone(*key) { self.on(day) } else { BooksOfBill::new() };
            let now = if now.is_empty() { BooksOfBill::from_slice(&[*key]) } else { now };
            now.into_iter().for_each(|key| {
                if !books.contains(&key) {
                    books.push(key);
                }
            });
        }
        books
    }

    /// The books in which a bill of a day counts, for who takes part without naming
    /// a period.
    fn on(&self, day: i64) -> BooksOfBill {
        let (Some(target), Some(calendar), Some(outline)) =
            (self.targets.get(self.at), self.targets.calendar(self.at), self.targets.outline(self.at))
        else {
            return BooksOfBill::new();
        };
        let reaches = |period| target.counting().default_in(period).is_some();
        let takes_part = |period: i64| match self.listed {
            // Where a list names the period, its own terms have decided.
            Some(listed) if listed.names_listed(period) => false,
            Some(listed) => match &listed.all {
                Some(terms) => terms.value().is_some() || reaches(Some(period)),
                None => outline.enrols && reaches(Some(period)),
            },
            None => outline.enrols && reaches(Some(period)),
        };
        if calendar.is_empty() {
            let open = self.listed.is_some_and(|listed| listed.names_open(None));
            let counts = open || (outline.enrols && reaches(None));
            return counts.then_some(BookKey { period: None, cycle: 0 }).into_iter().collect();
        }
        let on = calendar.on(day).filter(|period| period.active && takes_part(period.id));
        on.map(|period| BookKey { period: Some(period.id), cycle: 0 }).collect()
    }

    /// The account of a target with cycles under the period that it is booked for
    /// now: the cycles stay as they are.
    fn renamed(&self, account: &Account) -> Option<Account> {
        let first = self.targets.calendar(self.at)?.ids().first().copied();
        let by_bill = self.targets.outline(self.at)?.enrols && self.listed.is_none();
        let here = by_bill || self.listed.is_some_and(|listed| listed.names_open(first));
        let mut periods: Vec<Option<i64>> = account.books().map(|(key, _)| key.period).collect();
        periods.extend(account.unknown.values().flatten().map(|key| key.period));
        periods.dedup();
        // Of several periods nobody knows which has become which.
        let [before] = periods.as_slice() else { return None };
        (here && *before != first).then(|| account.under(first))
    }
}
