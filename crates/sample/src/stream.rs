//! The sample: line after line, with what each customer has so far.

use std::fmt;

use crate::bill::{Bill, Customer, Item, Shop, Sums};
use crate::dice::{Dice, Topic};
use crate::document::{self, Known, Paid, Shared, Together};
use crate::history::{Bought, History};
use crate::json::Json;
use crate::options::{SampleError, SampleOptions};
use crate::shop::{Person, household};

/// Transactions that look real, one after the other.
///
/// The same options give the same bytes, on every machine and from version to version:
/// a change of the stream is a breaking change of this crate. Memory is that of the customers, whatever the count is.
///
/// ```
/// use target_rules_sample::{Sample, SampleOptions};
///
/// let mut sample = Sample::new(&SampleOptions::of(1_000))?;
/// let mut lines = 0;
/// while let Some(line) = sample.next_line() {
///     assert!(line.starts_with("{\"currentTxn\":{\"number\":\"") && line.ends_with("}\n"));
///     lines += 1;
/// }
/// assert_eq!(lines, 1_000);
/// # Ok::<(), target_rules_sample::SampleError>(())
/// ```
pub struct Sample {
    shop: Shop,
    /// By the number of the customer.
    histories: Vec<History>,
    json: Json,
    line: u64,
    count: u64,
    /// Where the items of a bill go, and those of an earlier one that is returned.
    room: (Vec<Item>, Vec<Item>),
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample").field("line", &self.line).field("count", &self.count).finish_non_exhaustive()
    }
}

impl Sample {
    /// A sample, at its first line. Takes 80 bytes for each customer.
    ///
    /// # Errors
    ///
    /// A number is out of its bounds.
    pub fn new(options: &SampleOptions) -> Result<Sample, SampleError> {
        let customers = options.checked()?;
        Ok(Sample {
            shop: Shop::new(options, customers),
            histories: vec![History::default(); customers as usize],
            json: Json::new(options.seed, options.absent),
            line: 0,
            count: options.count,
            room: (Vec::new(), Vec::new()),
        })
    }

    /// The next transaction, a JSON document with a line feed at its end; `None`
    /// after the last. Lines come in the order of their dates. About 3 microseconds.
    pub fn next_line(&mut self) -> Option<&str> {
        if self.line == self.count {
            return None;
        }
        self.json.begin(self.line);
        let bill = self.shop.bill(self.line, std::mem::take(&mut self.room.0));
        let returned = bill.customer.filter(|_| bill.is_return).and_then(|customer| {
            let (line, points) = self.history(customer.0).returnable()?;
            Some((customer, line, points))
        });
        match returned {
            Some((customer, line, points)) => self.give_back(&bill, customer, line, points),
            None => self.buy(&bill),
        }
        self.json.end();
        self.line += 1;
        self.room.0 = bill.items;
        Some(self.json.text())
    }

    fn history(&self, number: u32) -> History {
        self.histories.get(number as usize).copied().unwrap_or_default()
    }

    /// Writes a bill, and keeps what its customer has then.
    fn buy(&mut self, bill: &Bill) {
        let sums = Sums::of(&bill.items);
        let Some((number, person)) = bill.customer else {
            let paid = Paid { points: 0, promised: 0, tenders: tenders(bill, sums.amount(), 0) };
            document::bill(&self.shop, bill, &paid, None, &mut self.json);
            return;
        };
        let before = self.history(number);
        let points = before.tier.points(sums.amount());
        // Those of orders are promised until they can't be sent back any more.
        let (points, promised) = if bill.store.is_online() { (0, points) } else { (points, 0) };
        let redeemed = match bill.till.uses_points && before.current_points() >= 200 {
            true => before.current_points().min(sums.amount() / 200),
            false => 0,
        };
        let bought = Bought {
            line: bill.line,
            day: bill.moment.day,
            amount: sums.amount(),
            points,
            promised,
            redeemed,
            line_items: sums.items,
        };
        let known = self.change((number, person), before, bill.moment.day, |history| history.buy(&bought));
        let paid = Paid { points, promised, tenders: tenders(bill, sums.amount(), redeemed) };
        document::bill(&self.shop, bill, &paid, Some(&known), &mut self.json);
    }

    /// Writes a return of some of an earlier bill.
    fn give_back(&mut self, bill: &Bill, customer: Customer, line: u64, points: i64) {
        let mut earlier = self.shop.bill(line, std::mem::take(&mut self.room.1));
        let whole = Sums::of(&earlier.items).amount();
        let mut dice = Dice::new(self.shop.seed, Topic::Return, bill.line);
        let items = brought_back(&earlier.items, &mut dice);
        let amount = Sums::of(&items).amount();
        let points = points * amount / whole.max(1);
        let (earned, promised) = if earlier.store.is_online() { (0, points) } else { (points, 0) };
        let before = self.history(customer.0);
        let known = self.change(customer, before, bill.moment.day, |history| {
            history.give_back(amount, earned, promised);
        });
        document::give_back(&self.shop, bill, (&earlier, &items, points), &known, &mut self.json);
        self.room.1 = std::mem::take(&mut earlier.items);
    }

    /// Changes what a customer has, and tells all of her.
    fn change(
        &mut self,
        (number, person): Customer,
        before: History,
        day: u32,
        change: impl FnOnce(&mut History),
    ) -> Known {
        let household = household(self.shop.seed, number, self.shop.customers);
        let shared = |histories: &[History]| {
            let household = household?;
            let (first, members) = (household.first as usize, household.members as usize);
            let members = histories.iter().skip(first).take(members);
            Some(members.fold(Shared::default(), |shared, history| shared.with(history, day)))
        };
        let together_before = shared(&self.histories);
        let mut after = before;
        change(&mut after);
        if let Some(history) = self.histories.get_mut(number as usize) {
            *history = after;
        }
        let together = household.zip(together_before.zip(shared(&self.histories)));
        let household = together.map(|(household, (shared_before, shared_after))| Together {
            household,
            before: shared_before,
            after: shared_after,
            primary: Person::new(self.shop.seed, household.first),
            of_primary: self.history(household.first),
            of_primary_before: if household.first == number { before } else { self.history(household.first) },
        });
        // Who registered with the code of a customer: those with the next numbers.
        let referred = person.was_referred.then(|| {
            let others = self.histories.iter().skip(number as usize).take(4);
            others.map(|history| history.bills).sum()
        });
        Known { number, person, before, after, household, referred }
    }
}

/// How a bill is paid: the amounts come to the whole.
fn tenders(bill: &Bill, amount: i64, redeemed: i64) -> Vec<document::Tender> {
    let by_points = redeemed * 100;
    let left = amount - by_points;
    // A part in cash is a number of hundreds of rupees.
    let in_cash = match bill.till.is_split && bill.till.tender != "CASH" {
        true => left / 30_000 * 10_000,
        false => 0,
    };
    let all = [("POINTS", by_points), ("CASH", in_cash), (bill.till.tender, left - in_cash)];
    all.into_iter().filter(|(_, amount)| *amount > 0).collect()
}

/// Which items of a bill somebody brings back: all, or some pieces of some.
fn brought_back(items: &[Item], dice: &mut Dice) -> Vec<Item> {
    if dice.percent(40) {
        return items.to_vec();
    }
    let kept = dice.below(u32::try_from(items.len()).unwrap_or_default()) as usize;
    let several = items.len() > 1;
    let brought = items.iter().enumerate().filter(|(at, _)| !several || *at != kept).map(|(_, item)| {
        let qty = if dice.percent(50) { 1 } else { item.qty };
        Item { qty, discount: item.discount * i64::from(qty) / i64::from(item.qty), ..*item }
    });
    brought.collect()
}
