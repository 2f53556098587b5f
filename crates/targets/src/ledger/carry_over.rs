//! The periods of a group may change after bills were counted. This says what becomes of
//! bills whose period is gone. Mostly the group had no periods before, and now has some.
//!
//! Such bills move to the new periods; the change isn't refused. A bill keeps the local day
//! on which it counts. In fixed windows only that day decides in which period it counts, so
//! the result is the same as if the new periods had been there from the start. A refusal
//! would be no help: a group may well take customers before its periods are known, and
//! could then get periods only with another id for each target. A bill whose day is in no
//! period stays where it was, and counts again once a period has its day. Until then only
//! the progress of customers whom a bill enrolled shows it.
//!
//! An enrolment or a withdrawal that names a period holds for that period only, and nobody
//! knows for which other one it would hold. So what was counted there stays there. A
//! service refuses to take such a period out: [`Roster::loses`](super::Roster::loses).

use crate::eligibility::CheckedTarget;

use super::account::{Account, BooksOfBill};
use super::book::{Book, BookKey};
use super::customer::Customer;
use super::participation::{Participation, Which};
use super::recorded::{RecordedEnrolment, RecordedEnrolments};
use super::roster::Roster;
use super::targets::CompiledTargets;

impl Customer {
    /// Moves bills whose period is gone to the periods that are there now, and gives the
    /// targets in which any moved. `enrolled` is sorted by the position of the target, and
    /// follows from what is recorded.
    ///
    /// It looks at each book; at each bill only in accounts with a book that moves.
    pub(super) fn carry_over(
        &mut self,
        targets: &CompiledTargets,
        enrolled: &[Participation],
        recorded: &RecordedEnrolments,
    ) -> Vec<i64> {
        let mut carried = Vec::new();
        for (id, account) in &mut self.accounts {
            let Some(at) = targets.position(*id) else { continue };
            let listed = enrolled.binary_search_by_key(&at, |one| one.target).ok();
            let listed = listed.and_then(|found| enrolled.get(found));
            let periods = Periods { targets, at, listed, id: *id, recorded };
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
    id: i64,
    recorded: &'t RecordedEnrolments,
}

/// Whether a target counts in a period; with `None`, whether it counts without periods.
fn has_period(target: &CheckedTarget, period: Option<i64>) -> bool {
    let group = target.group();
    let has_periods = group.is_some_and(|group| !group.periods.is_empty());
    match period {
        None => !has_periods,
        // Of a group that lists one period only, the others are not known.
        Some(period) => {
            group.is_some_and(|group| has_periods && (!group.complete || group.period_ids.contains(&period)))
        }
    }
}

/// Whether a target takes any period for one of its own.
fn takes_any_period(target: &CheckedTarget) -> bool {
    target.group().is_none_or(|group| group.periods.is_empty() || !group.complete)
}

/// Whether a customer who was enrolled in a period by its id takes part in it no more, or
/// takes part without the days that it had.
fn loses_period(before: &CheckedTarget, now: &CheckedTarget, period: i64) -> bool {
    let has_none = || now.group().is_none_or(|group| group.periods.is_empty());
    match (Which::of(before, Some(period)), Which::of(now, Some(period))) {
        (Some(_), None) => true,
        (Some(Which::Listed(_)), Some(Which::Open(_))) => has_none(),
        _ => false,
    }
}

impl Roster {
    /// The targets that had periods in the roster before that are gone in this one, in the
    /// order of the roster before. Ask [`Roster::loses`] for each of their customers.
    pub fn targets_with_periods_gone(&self, before: &Roster) -> Vec<i64> {
        let has_lost = |before: &&CheckedTarget| {
            let Some(now) = self.target(before.id()) else { return false };
            let listed = before.group().into_iter().flat_map(|group| &group.period_ids);
            let mut lost = listed.filter(|period| loses_period(before, now, **period));
            lost.next().is_some() || (takes_any_period(before) && !takes_any_period(now))
        };
        before.targets().iter().filter(has_lost).map(CheckedTarget::id).collect()
    }

    /// The periods that a customer would lose by a change of a target: periods that are
    /// gone, and in which she was enrolled by the period's id, or from which she has
    /// withdrawn. Ask before the change is kept. What a bill has enrolled her in moves to
    /// other periods; of an enrolment that names a period nobody knows for which other one
    /// it would hold.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use loyalty_targets::store::{RecordedEnrolments, Roster};
    /// use target_rules::{Limits, Schema, Zone};
    /// let roster = |period: i64| {
    ///     let text = format!(r#"{{"data": {{"id": 7,
    ///         "targets": [{{"id": 50, "expression": "true"}}],
    ///         "periods": [{{"id": {period},
    ///             "startDate": "2026-01-01", "endDate": "2026-03-31"}}]}}}}"#);
    ///     let (schema, limits) = (Schema::standard(), Limits::default());
    ///     let payload = Payload::read(text, &limits).ok()?;
    ///     let targets = payload.targets();
    ///     let targets = targets.filter_map(|one| one.check(&schema, &limits).target);
    ///     Roster::new(targets.collect(), Zone::UTC).ok()
    /// };
    /// let (before, now) = (roster(3).ok_or("it checks")?, roster(4).ok_or("it checks")?);
    /// let enrolments = RecordedEnrolments::read(r#"{"version": 1, "enrolments": [
    ///     {"targetId": 50, "periodId": 3, "value": "5000", "method": "IMPORT"}]}"#)?;
    /// assert_eq!(now.targets_with_periods_gone(&before), [50]);
    /// assert_eq!(now.loses(&before, &enrolments, 50), [3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn loses(&self, before: &Roster, enrolments: &RecordedEnrolments, target: i64) -> Vec<i64> {
        let (Some(was), Some(now)) = (before.target(target), self.target(target)) else { return Vec::new() };
        let named = enrolments.of_target(target).filter_map(|one| one.period_id);
        named.filter(|period| enrolments.states(target, *period) && loses_period(was, now, *period)).collect()
    }

    /// Whether a period is gone in which a bill has enrolled a customer. Then
    /// [`Roster::open`] finds out from what is booked in which periods she is enrolled now;
    /// otherwise what is recorded says it.
    pub fn carries_over(&self, enrolments: &RecordedEnrolments) -> bool {
        enrolments.all().iter().any(|one| self.is_by_bill_elsewhere(one))
    }

    /// Whether a bill has enrolled somebody in a period that is gone.
    pub(super) fn is_by_bill_elsewhere(&self, one: &RecordedEnrolment) -> bool {
        one.is_by_bill()
            && self.target(one.target_id).is_some_and(|target| !has_period(target, one.period_id))
    }
}

impl Periods<'_> {
    /// The account with its bills in the periods that are there now; `None` where none moves.
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

    /// Whether the period of a book is gone, so that no progress shows the book.
    fn is_gone(&self, key: BookKey) -> bool {
        let there = self.targets.get(self.at).is_some_and(|target| has_period(target, key.period));
        let stated = || key.period.is_some_and(|period| self.recorded.states(self.id, period));
        !there && !self.listed.is_some_and(|listed| listed.names_open(key.period)) && !stated()
    }

    /// The books of a bill: those of its day in the place of those that are gone.
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

    /// The books in which a bill of a day counts for a customer whose enrolment names no
    /// period.
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

    /// The account of a target with cycles, under the id of the period that there is now.
    /// The cycles stay as they are.
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
