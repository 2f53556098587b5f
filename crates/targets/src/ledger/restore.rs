//! What a state holds, as it is booked. Each part is held against the others:
//! what this program never writes is refused at its place.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use hashbrown::HashMap;
use serde_json::value::RawValue;
use target_rules::Zone;
use target_rules::diagnostic::excerpt;
use target_rules::value::{DateText, Total};

use crate::eligibility::day_of;
use crate::json::Parsed;

use super::account::{Account, BookedBill};
use super::asked_items::{AskedItems, OpenItems};
use super::book::{Book, BookKey, Earlier, Summing};
use super::customer::Customer;
use super::cycles::Track;
use super::items::CountedItems;
use super::return_bill::figures;
use super::returns::{BookedReturn, ReturnIdentity, ReturnedBill, Returns};
use super::saved::{
    FirstAccount, FirstState, SavedAccount, SavedBill, SavedBook, SavedEarlier, SavedItems, SavedKey,
    SavedOpen, SavedReturn, SavedUnknown, SavedVersion,
};
use super::state::date_of;
use super::state_fault::StateFault;

pub(super) type Customers = HashMap<i64, Customer>;

/// How a target sums, by its id.
pub(super) type SummingOf<'t> = &'t dyn Fn(i64) -> Summing;

const TOO_LARGE: &str = "what is booked is more than can be summed";

/// The customers of a state of version 2, whose targets have these ids.
pub(super) fn customers(
    accounts: Vec<SavedAccount>,
    returns: Vec<SavedReturn>,
    targets: &HashSet<i64>,
    summing: SummingOf<'_>,
) -> Result<Customers, StateFault> {
    let mut customers = Customers::new();
    // By the position of the return in the state.
    let mut waiting = Vec::new();
    for (at, saved) in returns.into_iter().enumerate() {
        let (user, waits) = (saved.user_id, (saved.waits, saved.missed.clone()));
        let bill: Arc<str> = saved.bill.as_str().into();
        waiting.push((user, bill.clone(), waits));
        let fault = |fault: StateFault| fault.within("returns", at);
        let (identity, booked) = returned(saved).map_err(fault)?;
        let added = customers.entry(user).or_default().returns.add(bill.clone(), identity, booked);
        let twice = || format!("this return of `{}` of customer {user} stands twice", excerpt(&bill));
        added.ok_or_else(|| fault(StateFault::new(twice())))?;
    }
    for (at, saved) in accounts.into_iter().enumerate() {
        let (user, target) = (saved.user_id, saved.target_id);
        let fault = |fault: StateFault| fault.within("accounts", at);
        if !targets.contains(&target) {
            let unknown = format!("there is no target {target} among the `targets` of this state");
            return Err(fault(StateFault::new(unknown).at("targetId")));
        }
        let customer = customers.entry(user).or_default();
        let account = account(saved, summing(target), &customer.returns).map_err(fault)?;
        if customer.accounts.insert(target, Box::new(account)).is_some() {
            return Err(fault(two_accounts(user, target)));
        }
    }
    for (at, (user, bill, (waits, missed))) in waiting.into_iter().enumerate() {
        if let Some(customer) = customers.get(&user) {
            waits_rightly(customer, &bill, (waits, &missed)).map_err(|fault| fault.within("returns", at))?;
        }
    }
    Ok(customers)
}

/// Whether a return waits follows from whether its bill counts, and it has missed
/// no target that doesn't count it.
pub(super) fn waits_rightly(
    customer: &Customer,
    bill: &str,
    (waits, missed): (bool, &[i64]),
) -> Result<(), StateFault> {
    let counts = |id: &i64| customer.accounts.get(id).is_some_and(|account| account.counts(bill));
    if let Some(id) = missed.iter().find(|id| !counts(id)) {
        let what = format!("the target {id} does not count the bill `{}`", excerpt(bill));
        return Err(StateFault::new(what).at("missed"));
    }
    if waits != customer.accounts.values().any(|account| account.counts(bill)) {
        return Ok(());
    }
    let (bill, how) = (excerpt(bill), if waits { "is" } else { "is not" });
    let what = format!("whether this return waits does not follow: its bill `{bill}` {how} counted");
    Err(StateFault::new(what))
}

/// The customers of a state of version 1: its sums, as what was booked earlier.
pub(super) fn first_customers(state: FirstState) -> Result<Customers, StateFault> {
    let mut customers = Customers::new();
    let mut unknown = Vec::new();
    for (at, mut saved) in state.accounts.into_iter().enumerate() {
        let (user, target) = (saved.user_id, saved.target_id);
        let fault = |fault: StateFault| fault.within("accounts", at);
        let key = book_key(saved.period_id, saved.cycle).map_err(fault)?;
        if let Some(number) = saved.unknown.intersection(&saved.counted).next() {
            return Err(fault(both(number).at("unknown")));
        }
        unknown.push((user, target, key, std::mem::take(&mut saved.unknown)));
        let account = customers.entry(user).or_default().accounts.entry(target).or_default();
        if account.book(key).is_some() {
            return Err(fault(two_accounts(user, target)));
        }
        account.put_book(key, first_book(saved).map_err(fault)?);
    }
    for (user, target, key, numbers) in unknown {
        let Some(account) = customers.get_mut(&user).and_then(|one| one.accounts.get_mut(&target)) else {
            continue;
        };
        for number in numbers {
            // In version 1 a bill could be unknown in one cycle and count in a
            // later one; then it is known.
            if !account.counts(&number) {
                account.unknown.entry(number.into()).or_default().insert(key);
            }
        }
    }
    let mut tracks = HashSet::new();
    for (at, saved) in state.tracks.into_iter().enumerate() {
        let (user, target) = (saved.user_id, saved.target_id);
        let fault = |fault: StateFault| fault.within("tracks", at);
        if !tracks.insert((user, target)) {
            let twice = format!("the activity of customer {user} in target {target} stands twice");
            return Err(fault(StateFault::new(twice)));
        }
        let track = track(saved.first, saved.latest).map_err(fault)?;
        let account = customers.entry(user).or_default().accounts.entry(target).or_default();
        account.track = track;
        if account.books().any(|(_, book)| !ends_in(track, book.ended)) {
            return Err(fault(ended_late().at("latest")));
        }
    }
    Ok(customers)
}

fn first_book(saved: FirstAccount) -> Result<Book, StateFault> {
    let ended = saved.ended;
    let earlier = earlier(SavedEarlier {
        total: saved.total,
        days: saved.days,
        counted: saved.counted,
        counted_returns: saved.counted_returns,
    })?;
    let mut book = Book::from_earlier(earlier).ok_or_else(|| StateFault::new(TOO_LARGE).at("total"))?;
    book.ended = ended;
    Ok(book)
}

fn two_accounts(user: i64, target: i64) -> StateFault {
    StateFault::new(format!("there are two accounts of customer {user} in target {target}"))
}

fn both(number: &str) -> StateFault {
    StateFault::new(format!("the bill `{}` is both counted and unknown", excerpt(number)))
}

fn twice(number: &str) -> StateFault {
    StateFault::new(format!("the bill `{}` stands twice", excerpt(number)))
}

pub(super) fn track(first: Option<i64>, latest: Option<i64>) -> Result<Track, StateFault> {
    if latest.is_some_and(|latest| first.is_none_or(|first| latest < first)) {
        let fault = StateFault::new("the latest activity does not follow: it is before the first");
        return Err(fault.at("latest"));
    }
    Ok(Track { first, latest })
}

/// Whether a cycle ended by an activity that the track knows of.
fn ends_in(track: Track, ended: Option<i64>) -> bool {
    match (ended, track.latest) {
        (Some(ended), Some(latest)) => ended <= latest,
        _ => true,
    }
}

fn ended_late() -> StateFault {
    StateFault::new("a cycle ended after the latest activity, which no cycle does")
}

fn account(saved: SavedAccount, summing: Summing, returns: &Returns) -> Result<Account, StateFault> {
    let mut account = Account::default();
    account.track = track(saved.first, saved.latest)?;
    for (at, saved) in saved.books.into_iter().enumerate() {
        book(&mut account, saved).map_err(|fault| fault.within("books", at))?;
    }
    for (at, saved) in saved.bills.into_iter().enumerate() {
        bill(&mut account, saved, summing, returns).map_err(|fault| fault.within("bills", at))?;
    }
    for (at, saved) in saved.unknown.into_iter().enumerate() {
        unknown(&mut account, saved).map_err(|fault| fault.within("unknown", at))?;
    }
    Ok(account)
}

pub(super) fn book(account: &mut Account, saved: SavedBook) -> Result<(), StateFault> {
    let key = book_key(saved.period_id, saved.cycle)?;
    if account.book(key).is_some() {
        return Err(StateFault::new("this period or cycle stands twice"));
    }
    if !ends_in(account.track, saved.ended) {
        return Err(ended_late().at("ended"));
    }
    let too_large = || StateFault::new(TOO_LARGE).at("earlier");
    let mut book = match saved.earlier {
        Some(saved) => {
            let earlier = earlier(saved).map_err(|fault| fault.at("earlier"))?;
            Book::from_earlier(earlier).ok_or_else(too_large)?
        }
        None => Book::default(),
    };
    book.ended = saved.ended;
    account.put_book(key, book);
    Ok(())
}

pub(super) fn unknown(account: &mut Account, saved: SavedUnknown) -> Result<(), StateFault> {
    let keys = keys(&saved.books)?.into_iter().collect();
    if account.counts(&saved.number) {
        return Err(both(&saved.number));
    }
    let number: Arc<str> = saved.number.into();
    match account.unknown.insert(number.clone(), keys) {
        None => Ok(()),
        Some(_) => Err(twice(&number)),
    }
}

fn book_key(period: Option<i64>, cycle: i64) -> Result<BookKey, StateFault> {
    if cycle < 0 {
        return Err(StateFault::new(format!("there is no cycle {cycle}")).at("cycle"));
    }
    Ok(BookKey { period, cycle })
}

/// The books that a bill stands in: at least one, and each once.
pub(super) fn keys(saved: &[SavedKey]) -> Result<BTreeSet<BookKey>, StateFault> {
    let mut keys = BTreeSet::new();
    for (at, saved) in saved.iter().enumerate() {
        let fault = |fault: StateFault| fault.within("books", at);
        let key = book_key(saved.period_id, saved.cycle).map_err(fault)?;
        if !keys.insert(key) {
            return Err(fault(StateFault::new("this period or cycle stands twice")));
        }
    }
    if keys.is_empty() { Err(StateFault::new("this bill stands nowhere").at("books")) } else { Ok(keys) }
}

fn bill(
    account: &mut Account,
    saved: SavedBill,
    summing: Summing,
    returns: &Returns,
) -> Result<(), StateFault> {
    let SavedBill { number, day, adds, taken_back, books, items } = saved;
    let figure = total(&adds).map_err(|fault| fault.at("adds"))?;
    let taken = match &taken_back {
        Some(taken) => total(taken).map_err(|fault| fault.at("takenBack"))?,
        None => Total::ZERO,
    };
    let day = local_day(&day).map_err(|fault| fault.at("day"))?;
    let books = keys(&books)?.into_iter().collect();
    let items = items.map(counted_items).transpose().map_err(|fault| fault.at("counted").at("items"))?;
    let bill = BookedBill { figure, taken, day, books, items: items.map(Box::new) };
    add_bill(account, number.into(), bill, summing, returns)
}

/// Puts a bill back into its account, where it fits what else is there.
pub(super) fn add_bill(
    account: &mut Account,
    number: Arc<str>,
    bill: BookedBill,
    summing: Summing,
    returns: &Returns,
) -> Result<(), StateFault> {
    if bill.taken < Total::ZERO {
        return Err(StateFault::new("less than nothing is taken back").at("takenBack"));
    }
    if bill.taken > Total::ZERO {
        let mut of_bill = returns.of(&number).into_iter().flat_map(|of_bill| of_bill.values());
        if bill.figure <= Total::ZERO || of_bill.all(|one| one.waits) {
            let what = "what is taken back does not follow: no return in this state takes it back";
            return Err(StateFault::new(what).at("takenBack"));
        }
    }
    if account.counts(&number) {
        return Err(twice(&number));
    }
    account.restore(summing, number, bill).ok_or_else(|| StateFault::new(TOO_LARGE).at("adds"))
}

pub(super) fn counted_items(saved: SavedItems) -> Result<CountedItems, StateFault> {
    let items = saved.codes.len();
    if saved.counted.as_ref().is_some_and(|counted| !ascend(counted) || counted.last() >= Some(&items)) {
        return Err(StateFault::new(format!("these are no positions, in their order, of {items} items")));
    }
    Ok(CountedItems {
        codes: saved.codes.into_iter().map(|code| code.map(Arc::from)).collect(),
        counted: saved.counted.map(Vec::into_boxed_slice),
    })
}

fn ascend(positions: &[usize]) -> bool {
    positions.is_sorted_by(|one, next| one < next)
}

fn earlier(saved: SavedEarlier) -> Result<Earlier, StateFault> {
    let mut days = BTreeMap::new();
    for (date, raw) in &saved.days {
        let fault = |fault: StateFault| fault.at(date).at("days");
        days.insert(local_day(date).map_err(fault)?, total(raw).map_err(fault)?);
    }
    let total = total(&saved.total).map_err(|fault| fault.at("total"))?;
    // Each day has the figure of a bill, and a sum is that of something.
    let of_nothing = saved.counted.is_empty() && saved.counted_returns.is_empty() && total != Total::ZERO;
    if of_nothing || days.len() > saved.counted.len() {
        let (what, at) = if of_nothing { ("this sum", "total") } else { ("these days", "days") };
        let what = format!("{what} cannot follow from the bills that are counted");
        return Err(StateFault::new(what).at(at));
    }
    let numbers = |of: BTreeSet<String>| of.into_iter().map(Arc::from).collect();
    let (bills, returns) = (numbers(saved.counted), numbers(saved.counted_returns));
    Ok(Earlier { total, days, bills, returns })
}

pub(super) fn returned(saved: SavedReturn) -> Result<(ReturnIdentity, BookedReturn), StateFault> {
    let mut versions = Vec::new();
    for (at, saved) in saved.versions.into_iter().enumerate() {
        versions.push(version(saved).map_err(|fault| fault.within("versions", at))?);
    }
    let Some(first) = versions.first() else {
        return Err(StateFault::new("this return says nothing").at("versions"));
    };
    let identity = match (saved.number, saved.figures) {
        (Some(number), None) => ReturnIdentity::Number(number.into()),
        (None, Some(known)) => {
            let parsed = Parsed::parse(first.json.clone(), 0, usize::MAX).ok();
            if parsed.is_none_or(|parsed| figures(parsed.root()) != known.get()) {
                let what = "the figures that this return is known by do not follow from what it says";
                return Err(StateFault::new(what).at("figures"));
            }
            ReturnIdentity::Figures { date: saved.date, figures: known.get().into() }
        }
        (Some(_), Some(_)) => {
            let what = "this return is known by a number and by figures; only one can be";
            return Err(StateFault::new(what).at("figures"));
        }
        (None, None) => return Err(StateFault::new("this return is known by nothing")),
    };
    if !saved.missed.is_sorted_by(|one, next| one < next) {
        return Err(StateFault::new("these are no targets in their order").at("missed"));
    }
    Ok((identity, BookedReturn { date: saved.date, versions, waits: saved.waits, missed: saved.missed }))
}

fn version(saved: SavedVersion) -> Result<ReturnedBill, StateFault> {
    let what = || StateFault::new("these are no positions of items in their order");
    if let Some((target, _)) = saved.holds.iter().find(|(_, positions)| !ascend(positions)) {
        return Err(what().at(&target.to_string()).at("holds"));
    }
    let unsorted = |open: &SavedOpen| open.items.is_empty() || !ascend(&open.items);
    if let Some((target, _)) = saved.open.iter().find(|(_, open)| unsorted(open)) {
        return Err(what().at("items").at(&target.to_string()).at("open"));
    }
    let open = |open: SavedOpen| OpenItems { positions: open.items, absent: open.absent };
    let asked = AskedItems {
        holds: saved.holds.into_iter().collect(),
        open: saved.open.into_iter().map(|(id, one)| (id, open(one))).collect(),
    };
    Ok(ReturnedBill { json: saved.return_bill.get().into(), asked })
}

fn total(raw: &RawValue) -> Result<Total, StateFault> {
    let read = raw.get().parse::<Total>().ok().filter(|total| total.to_string() == raw.get());
    let no_number = || format!("`{}` is no number that progress writes", excerpt(raw.get()));
    read.ok_or_else(|| StateFault::new(no_number()))
}

fn local_day(written: &str) -> Result<i64, StateFault> {
    let day = day_of(DateText::parse(written), &Zone::UTC).filter(|day| date_of(*day) == written);
    day.ok_or_else(|| StateFault::new(format!("`{}` is no day that progress writes", excerpt(written))))
}
