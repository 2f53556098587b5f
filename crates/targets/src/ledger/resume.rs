//! Reads the state of a ledger. Nothing of it is trusted: a file that something
//! has happened to is refused, with what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Severity, Source, Span};
use target_rules::json::{Located, Reader};
use target_rules::value::{DateText, Total};
use target_rules::{Limits, Zone};

use crate::eligibility::day_of;
use crate::json::text_within;

use super::account::{Account, BookedBill};
use super::book::{Book, BookKey, Earlier, Summing};
use super::customer::Customer;
use super::items::CountedItems;
use super::memory::Ledger;
use super::returns::{BookedReturn, ReturnIdentity, ReturnedBill};
use super::saved::{
    AnyState, FirstAccount, FirstState, SavedAccount, SavedBill, SavedEarlier, SavedKey, SavedReturn,
    SavedTarget, State, VERSION,
};
use super::state::{counts, date_of, periods};
use super::targets::window_of;

type Customers = HashMap<i64, Customer>;

impl Ledger {
    /// Reads what [`Ledger::state`] has written, from text or bytes, in place of
    /// all that is booked; gives what is dubious of it.
    ///
    /// A state of version 1 is read too. It has sums without their parts, so
    /// that nothing is taken back of the bills in it.
    ///
    /// Fails where it is no state, where it was booked in another zone, and where
    /// a target has counted something else; then nothing is changed. That the
    /// rule of a target, its filters or the days of a period with bills have
    /// changed is a warning.
    ///
    /// Cost is linear in the state.
    pub fn resume(
        &mut self,
        state: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Diagnostics, Diagnostics> {
        let text = text_within(state, "the payload has", limits)?;
        let source = Source::new(Form::Payload, text);
        let gathered = |found: Vec<Diagnostic>| Diagnostics::gather(&source, found, limits.errors);
        let read = read_state(text).and_then(|read| match read {
            ReadState::First(state) => {
                let warning = "this state is of version 1, which names neither zone nor targets; it is taken as booked in this zone and by these targets";
                Ok((self.first_customers(state).map_err(fault)?, vec![warn(warning.to_owned())]))
            }
            ReadState::Second(state) => {
                let warnings = self.compared(&state.zone, &state.targets)?;
                Ok((self.customers_of(state).map_err(fault)?, warnings))
            }
        });
        let (customers, warnings) = read.map_err(|fault| gathered(vec![fault]))?;
        self.customers = customers;
        Ok(gathered(warnings))
    }

    /// Whether the state was booked as this ledger books; the rules that have
    /// changed.
    fn compared(&self, zone: &str, targets: &[SavedTarget]) -> Result<Vec<Diagnostic>, Diagnostic> {
        if zone != self.targets.zone.name() {
            let message =
                format!("this state was booked in the zone `{zone}`, not in `{}`", self.targets.zone.name());
            return Err(
                fault(message).help(format!("go on with `--timezone {zone}`, or book all bills anew"))
            );
        }
        let mut warnings = Vec::new();
        for saved in targets {
            let target = self.targets.position(saved.id).and_then(|at| self.targets.get(at));
            let Some(target) = target else { continue };
            let now = counts(target.counting(), window_of(target));
            if now != saved.counts {
                let message =
                    format!("target {} has counted {}, and now counts {now}", saved.id, saved.counts);
                return Err(fault(message).help("give the target another id, or book all bills anew"));
            }
            let mut changed = |what: &str| {
                warnings.push(warn(format!("{what} changed since bills were booked; what is booked stays")));
            };
            if target.rule().to_text() != saved.rule {
                changed(&format!("the rule of target {} has", saved.id));
            }
            if saved.filters.as_ref().is_some_and(|filters| *filters != target.filters_text()) {
                changed(&format!("the filters of target {} have", saved.id));
            }
            for (period, days) in periods(target, &self.targets.zone) {
                if let Some(before) = saved.periods.get(&period).filter(|before| **before != days) {
                    let id = saved.id;
                    changed(&format!(
                        "the days of period {period} of target {id} ({before}, now {days}) have"
                    ));
                }
            }
        }
        Ok(warnings)
    }

    /// How a target sums; a target that is not here any more books nothing.
    fn summing(&self, target: i64) -> Summing {
        let outline = self.targets.position(target).and_then(|at| self.targets.outline(at));
        outline.map_or(Summing::All, |outline| outline.summing)
    }

    fn customers_of(&self, state: State) -> Result<Customers, String> {
        let mut customers = Customers::new();
        for saved in state.accounts {
            let (user, target) = (saved.user_id, saved.target_id);
            let account = account(saved, self.summing(target))
                .map_err(|what| format!("account of customer {user} in target {target}: {what}"))?;
            let accounts = &mut customers.entry(user).or_default().accounts;
            if accounts.insert(target, Box::new(account)).is_some() {
                return Err(two_accounts(user, target));
            }
        }
        for saved in state.returns {
            let user = saved.user_id;
            let (bill, identity, booked) = returned(saved)?;
            let what = format!("this state has a return of `{bill}` of customer {user} twice");
            customers.entry(user).or_default().returns.add(bill, identity, booked).ok_or(what)?;
        }
        Ok(customers)
    }

    /// A state of version 1: its sums, as what was booked earlier.
    fn first_customers(&self, state: FirstState) -> Result<Customers, String> {
        let mut customers = Customers::new();
        for saved in state.accounts {
            let FirstAccount { user_id, target_id, period_id, cycle, ended, unknown, .. } = &saved;
            let (user, target) = (*user_id, *target_id);
            let key = BookKey { period: *period_id, cycle: *cycle };
            let account = customers.entry(user).or_default().accounts.entry(target).or_default();
            if account.book(key).is_some() {
                return Err(two_accounts(user, target));
            }
            for number in unknown {
                account.unknown.entry(number.as_str().into()).or_default().insert(key);
            }
            let ended = *ended;
            let book = account.book_mut(key).ok_or_else(|| two_accounts(user, target))?;
            let earlier = earlier(SavedEarlier {
                total: saved.total,
                days: saved.days,
                counted: saved.counted,
                counted_returns: saved.counted_returns,
            })?;
            *book = Book::from_earlier(earlier).ok_or(TOO_LARGE)?;
            book.ended = ended;
        }
        for track in state.tracks {
            let customer = customers.entry(track.user_id).or_default();
            let account = customer.accounts.entry(track.target_id).or_default();
            (account.track.first, account.track.latest) = (track.first, track.latest);
        }
        Ok(customers)
    }
}

const TOO_LARGE: &str = "what is booked is more than can be summed";

fn two_accounts(user: i64, target: i64) -> String {
    format!("this state has two accounts of customer {user} in target {target}")
}

enum ReadState {
    First(FirstState),
    Second(State),
}

fn fault(message: String) -> Diagnostic {
    Diagnostic::new(Code::PayloadShape, Span::new(0, 1), message)
}

fn warn(message: String) -> Diagnostic {
    let mut warning = fault(message);
    warning.severity = Severity::Warning;
    warning
}

fn read_state(text: &str) -> Result<ReadState, Diagnostic> {
    let any: AnyState = parsed(text)?;
    match any.version {
        1 => parsed(text).map(ReadState::First),
        VERSION => parsed(text).map(ReadState::Second),
        other => {
            Err(fault(format!("this state is of version {other}; versions 1 and {VERSION} can be read")))
        }
    }
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Diagnostic> {
    serde_json::from_str(text).map_err(|error| {
        let syntax = if error.is_data() { None } else { json_fault(text) };
        // The names of fields that nobody writes by hand help nobody.
        syntax.unwrap_or_else(|| fault("this file is not a state that progress writes".to_owned()))
    })
}

/// Why a text is no JSON, in the words of all other documents.
fn json_fault(text: &str) -> Option<Diagnostic> {
    let mut json = Reader::new(text);
    Located::read(&mut json).and_then(|_| json.finish()).err()
}

fn account(saved: SavedAccount, summing: Summing) -> Result<Account, String> {
    let mut account = Account::default();
    (account.track.first, account.track.latest) = (saved.first, saved.latest);
    for saved in saved.books {
        let key = BookKey { period: saved.period_id, cycle: saved.cycle };
        if account.book(key).is_some() {
            return Err("a period or cycle stands twice".to_owned());
        }
        let book = match saved.earlier {
            Some(saved) => Book::from_earlier(earlier(saved)?).ok_or(TOO_LARGE)?,
            None => Book::default(),
        };
        let place = account.book_mut(key).ok_or(TOO_LARGE)?;
        *place = book;
        place.ended = saved.ended;
    }
    for saved in saved.bills {
        let number: Arc<str> = saved.number.as_str().into();
        let bill = bill(saved)?;
        let what = format!("the bill `{number}` does not fit what else is booked");
        account.restore(summing, number, bill).ok_or(what)?;
    }
    for saved in saved.unknown {
        let keys: BTreeSet<BookKey> = saved.books.iter().map(key).collect();
        let number: Arc<str> = saved.number.into();
        if account.counts(&number) || account.unknown.insert(number.clone(), keys).is_some() {
            return Err(format!("the bill `{number}` is both counted and unknown, or stands twice"));
        }
    }
    Ok(account)
}

fn key(saved: &SavedKey) -> BookKey {
    BookKey { period: saved.period_id, cycle: saved.cycle }
}

fn bill(saved: SavedBill) -> Result<BookedBill, String> {
    let taken = saved.taken_back.as_deref().map(total).transpose()?.unwrap_or(Total::ZERO);
    let mut books: Vec<BookKey> = saved.books.iter().map(key).collect();
    books.sort_unstable();
    books.dedup();
    if taken < Total::ZERO || books.is_empty() || books.len() != saved.books.len() {
        return Err(format!("the bill `{}` takes back less than nothing, or stands nowhere", saved.number));
    }
    let items = saved.items.map(|items| {
        Box::new(CountedItems {
            codes: items.codes.into_iter().map(|code| code.map(Arc::from)).collect(),
            counted: items.counted.map(|mut counted| {
                counted.sort_unstable();
                counted.into()
            }),
        })
    });
    let (figure, day) = (total(&saved.adds)?, day(&saved.day)?);
    Ok(BookedBill { figure, taken, day, books: books.into(), items })
}

fn earlier(saved: SavedEarlier) -> Result<Earlier, String> {
    let mut days = BTreeMap::new();
    for (date, raw) in &saved.days {
        days.insert(day(date)?, total(raw)?);
    }
    let numbers = |of: BTreeSet<String>| of.into_iter().map(Arc::from).collect();
    let (bills, returns) = (numbers(saved.counted), numbers(saved.counted_returns));
    Ok(Earlier { total: total(&saved.total)?, days, bills, returns })
}

fn returned(saved: SavedReturn) -> Result<(Arc<str>, ReturnIdentity, BookedReturn), String> {
    let identity = match (saved.number, saved.figures) {
        (Some(number), None) => ReturnIdentity::Number(number.into()),
        (None, Some(figures)) => ReturnIdentity::Figures { date: saved.date, figures: figures.get().into() },
        _ => return Err(format!("a return of `{}` is known by nothing", saved.bill)),
    };
    let versions = saved.versions.into_iter().map(|version| ReturnedBill {
        json: version.return_bill.get().into(),
        holds: version.holds.into_iter().collect(),
    });
    let (date, waits, versions) = (saved.date, saved.waits, versions.collect());
    Ok((saved.bill.into(), identity, BookedReturn { date, versions, waits }))
}

fn total(raw: &RawValue) -> Result<Total, String> {
    let read = raw.get().parse::<Total>().ok().filter(|total| total.to_string() == raw.get());
    read.ok_or_else(|| format!("`{}` is no number that progress writes", raw.get()))
}

fn day(written: &str) -> Result<i64, String> {
    let day = day_of(DateText::parse(written), &Zone::UTC).filter(|day| date_of(*day) == written);
    day.ok_or_else(|| format!("`{written}` is no day that progress writes"))
}
