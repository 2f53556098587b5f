//! A bill as it follows from its line alone: who buys what, when and where.
//!
//! So a return can be of any earlier bill without that bill being kept.

use crate::calendar::{Calendar, Moment};
use crate::dice::{Dice, Topic};
use crate::options::SampleOptions;
use crate::shop::{Article, Articles, Person, Store, Stores};

/// An item of a bill.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) article: &'static Article,
    pub(crate) qty: u32,
    /// Hundredths off its value.
    pub(crate) discount: i64,
}

impl Item {
    pub(crate) fn value(&self) -> i64 {
        self.article.rate * i64::from(self.qty)
    }

    pub(crate) fn amount(&self) -> i64 {
        self.value() - self.discount
    }
}

/// What several items come to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) value: i64,
    pub(crate) discount: i64,
    pub(crate) qty: u32,
    pub(crate) items: u32,
}

impl Sums {
    pub(crate) fn of(items: &[Item]) -> Sums {
        items.iter().fold(Sums::default(), |sums, item| Sums {
            value: sums.value + item.value(),
            discount: sums.discount + item.discount,
            qty: sums.qty + item.qty,
            items: sums.items + 1,
        })
    }

    pub(crate) fn amount(&self) -> i64 {
        self.value - self.discount
    }
}

/// A customer with her number.
pub(crate) type Customer = (u32, Person);

/// A bill.
#[derive(Debug)]
pub(crate) struct Bill {
    pub(crate) line: u64,
    pub(crate) moment: Moment,
    /// Of some bills nobody knows whose they are.
    pub(crate) customer: Option<Customer>,
    pub(crate) store: &'static Store,
    pub(crate) items: Vec<Item>,
    /// Whether the customer brings something back instead, if she has something.
    pub(crate) is_return: bool,
    pub(crate) till: Till,
}

/// What else is known at the till.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Till {
    pub(crate) cashier: u32,
    pub(crate) tender: &'static str,
    /// Whether a part was paid in cash, too.
    pub(crate) is_split: bool,
    /// Whether points are used where there are enough.
    pub(crate) uses_points: bool,
    pub(crate) is_gift: bool,
    pub(crate) swiped: bool,
    pub(crate) notes: Option<&'static str>,
}

const NOTES: [&str; 4] =
    ["Special discount", "Delayed delivery", "Alteration free of charge", "FTCR exchange"];

/// What all bills follow from.
pub(crate) struct Shop {
    pub(crate) seed: u64,
    pub(crate) customers: u32,
    pub(crate) calendar: Calendar,
}

impl Shop {
    pub(crate) fn new(options: &SampleOptions, customers: u32) -> Shop {
        let calendar = Calendar::new(options.days, options.count);
        Shop { seed: options.seed, customers, calendar }
    }

    /// The bill of a line; its items go where those of another one were.
    pub(crate) fn bill(&self, line: u64, mut items: Vec<Item>) -> Bill {
        let mut dice = Dice::new(self.seed, Topic::Line, line);
        let moment = self.calendar.moment(line, dice.bits());
        let number = self.customer(&mut dice);
        // Some do not show their card; orders always have their customer.
        let is_unknown = dice.percent(4);
        let is_return = dice.percent(5);
        let person = Person::new(self.seed, number);
        let store = Stores::at(moment.hour(), person.home, &mut dice);
        let customer = (!is_unknown || store.is_online()).then_some((number, person));
        let till = Till::new(store, &mut dice);
        items.clear();
        self.fill(moment, person.taste, &mut dice, &mut items);
        Bill { line, moment, customer, store, items, is_return, till }
    }

    /// Who buys: a fifth of the customers make three of five bills, and three of
    /// ten hardly any.
    fn customer(&self, dice: &mut Dice) -> u32 {
        let (heavy, light) = (self.customers.div_ceil(5), self.customers * 3 / 10);
        let usual = self.customers - heavy - light;
        let rank = match dice.below(100) {
            60..93 if usual > 0 => heavy + dice.below(usual),
            93.. if light > 0 => heavy + usual + dice.below(light),
            _ => dice.below(heavy).min(dice.below(heavy)),
        };
        // Ranks are scattered over the numbers: the prime has no factor in common
        // with how many there are.
        let number = u64::from(rank) * 2_147_483_647 % u64::from(self.customers);
        u32::try_from(number).unwrap_or_default()
    }

    fn fill(&self, moment: Moment, taste: u32, dice: &mut Dice, items: &mut Vec<Item>) {
        let month = self.calendar.date(moment.day).month();
        let most = if self.calendar.is_weekend(moment.day) { 9 } else { 7 };
        let count = dice.between(1, most).min(dice.between(1, most)).min(dice.between(1, 12));
        let is_sale = matches!(month, 1 | 7);
        for _ in 0..count {
            let article = Articles::draw(month, taste, dice);
            // The same article twice is one item of two pieces.
            if items.iter().any(|item| std::ptr::eq(item.article, article)) {
                continue;
            }
            let qty = match dice.below(100) {
                0..80 => 1,
                80..94 => article.most.min(2),
                _ => dice.between(1, article.most),
            };
            let percent = match (article.reduced, is_sale) {
                (true, true) if dice.percent(60) => dice.between(2, 10) * 5,
                (true, false) if dice.percent(22) => dice.between(1, 4) * 5,
                _ => 0,
            };
            let value = article.rate * i64::from(qty);
            items.push(Item { article, qty, discount: value * i64::from(percent) / 100 });
        }
    }
}

impl Till {
    fn new(store: &Store, dice: &mut Dice) -> Till {
        let tender = match (dice.below(100), store.is_online()) {
            (0..24, false) => "CASH",
            (0..55, _) => "CARD",
            (55..90, _) => "UPI",
            _ => "WALLET",
        };
        Till {
            cashier: dice.between(1, 9),
            tender,
            is_split: !store.is_online() && dice.percent(7),
            uses_points: dice.percent(12),
            is_gift: dice.percent(9),
            swiped: !store.is_online() && dice.percent(61),
            notes: dice.percent(4).then(|| dice.of(&NOTES)),
        }
    }
}
