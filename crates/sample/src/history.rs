//! What a customer's earlier transactions come to.

use std::num::NonZeroU64;

/// The tiers, each with what must have been bought for it, in hundredths, and the
/// points for a hundred rupees, in hundredths.
const TIERS: [(&str, i64, i64); 5] = [
    ("Normal", 0, 100),
    ("Silver", 2_500_000, 110),
    ("Gold", 10_000_000, 125),
    ("Platinum", 30_000_000, 150),
    ("Diamond", 80_000_000, 200),
];

/// A tier by its number, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tier(u8);

impl Default for Tier {
    fn default() -> Tier {
        Tier(1)
    }
}

impl Tier {
    /// The tier for which so much was bought.
    pub(crate) fn of(purchase: i64) -> Tier {
        let reached = TIERS.iter().filter(|(_, from, _)| *from <= purchase).count();
        Tier(u8::try_from(reached.max(1)).unwrap_or(1))
    }

    fn entry(self) -> &'static (&'static str, i64, i64) {
        let [first, ..] = &TIERS;
        TIERS.get(usize::from(self.0.saturating_sub(1))).unwrap_or(first)
    }

    pub(crate) fn name(self) -> &'static str {
        self.entry().0
    }

    pub(crate) fn number(self) -> i64 {
        self.0.into()
    }

    /// Points for an amount in hundredths.
    pub(crate) fn points(self, amount: i64) -> i64 {
        amount / 10_000 * self.entry().2 / 100
    }
}

/// What is known of a customer after some of her transactions.
///
/// INVARIANT: everything in it follows from the transactions that were written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct History {
    /// What she has paid for what she kept, in hundredths.
    pub(crate) purchase: i64,
    /// Points of bills in stores, less those of what was returned.
    pub(crate) earned: i64,
    /// Points that are promised for orders, likewise.
    pub(crate) promised: i64,
    pub(crate) redeemed: i64,
    pub(crate) bills: u32,
    /// Days with a bill.
    pub(crate) visits: u32,
    /// Bills on the day of the last one.
    pub(crate) today: u32,
    pub(crate) line_items: u32,
    pub(crate) first_day: u32,
    pub(crate) last_day: u32,
    /// The day of the last change of the tier.
    pub(crate) tier_day: u32,
    pub(crate) tier: Tier,
    /// The line of a bill of which nothing was returned, and one: the last.
    last: Option<NonZeroU64>,
    /// The points of that bill.
    last_points: u32,
}

/// What a bill adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bought {
    pub(crate) line: u64,
    pub(crate) day: u32,
    pub(crate) amount: i64,
    pub(crate) points: i64,
    pub(crate) promised: i64,
    pub(crate) redeemed: i64,
    pub(crate) line_items: u32,
}

impl History {
    pub(crate) fn current_points(&self) -> i64 {
        (self.earned - self.redeemed).max(0)
    }

    /// Bills on a day that is not before the last one.
    pub(crate) fn bills_on(&self, day: u32) -> u32 {
        if self.bills > 0 && self.last_day == day { self.today } else { 0 }
    }

    /// The line of the bill that can be returned, and its points.
    pub(crate) fn returnable(&self) -> Option<(u64, i64)> {
        self.last.map(|line| (line.get() - 1, self.last_points.into()))
    }

    pub(crate) fn buy(&mut self, bought: &Bought) {
        self.today = self.bills_on(bought.day) + 1;
        if self.bills == 0 {
            self.first_day = bought.day;
        }
        if self.today == 1 {
            self.visits += 1;
        }
        self.bills += 1;
        self.last_day = bought.day;
        self.line_items += bought.line_items;
        self.purchase += bought.amount;
        self.earned += bought.points;
        self.promised += bought.promised;
        self.redeemed += bought.redeemed;
        self.last = NonZeroU64::new(bought.line + 1);
        self.last_points = u32::try_from(bought.points + bought.promised).unwrap_or(u32::MAX);
        let tier = Tier::of(self.purchase);
        // A tier that was reached stays for the year.
        if tier > self.tier {
            (self.tier, self.tier_day) = (tier, bought.day);
        }
    }

    pub(crate) fn give_back(&mut self, amount: i64, points: i64, promised: i64) {
        self.purchase -= amount;
        self.earned -= points;
        self.promised -= promised;
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_days_and_tiers_stay() {
        let bought = |line, day, amount| Bought {
            line,
            day,
            amount,
            points: Tier::default().points(amount),
            promised: 0,
            redeemed: 0,
            line_items: 2,
        };
        let mut history = History::default();
        history.buy(&bought(0, 3, 2_000_000));
        history.buy(&bought(4, 3, 600_000));
        history.buy(&bought(9, 8, 150));
        assert_eq!((history.bills, history.visits, history.today, history.line_items), (3, 2, 1, 6));
        assert_eq!((history.tier.name(), history.tier_day, history.earned), ("Silver", 3, 260));
        assert_eq!(history.returnable(), Some((9, 0)));
        history.give_back(600_000, 60, 0);
        assert_eq!(
            (history.purchase, history.tier.name(), history.returnable()),
            (2_000_150, "Silver", None)
        );
        assert!(size_of::<History>() <= 80);
    }
}
