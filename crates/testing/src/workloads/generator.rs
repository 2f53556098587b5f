//! Rules and transactions by the thousand, the same for the same seed: what
//! marketing people write, with a few of them true for any one transaction.

use serde_json::{Value, json};

use super::condition::{Condition, Field};

/// Xorshift with a multiplication: small, and good enough to draw from.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice((seed ^ 0x5851_F42D_4C95_7F2D).max(1));
        // The first draws of neighbouring seeds resemble each other.
        for _ in 0..16 {
            dice.draw();
        }
        dice
    }

    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    /// A number from the first to below the second.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + (self.draw() % (to - from).unsigned_abs()).cast_signed()
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[(self.draw() % all.len() as u64) as usize]
    }
}

pub const TIERS: [&str; 4] = ["Bronze", "Silver", "Gold", "Platinum"];
pub const STORES: i64 = 500;
const STORES_OF_A_RULE: usize = 60;
/// Nobody comes so often.
pub const VISITS: i64 = 60;

/// A rule by what it is for. Amounts are in cents; stores ascend.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Whoever of a tier spends so much in these stores.
    Spend { least: i64, tier: &'static str, stores: Vec<i64> },
    /// A tier on certain visits.
    Milestone { least: i64, first: i64, last: i64, tier: &'static str },
    /// Small bills of people who come often.
    Habit { below: i64, visits: i64, stores: Vec<i64> },
    /// One of two tiers on certain visits.
    Tiers { least: i64, tiers: [&'static str; 2], first: i64, last: i64, stores: Vec<i64> },
    /// The full price, paid by a tier or by a regular.
    FullPrice { least: i64, tier: &'static str, visits: i64, stores: Vec<i64> },
    /// A bill between two amounts.
    Band { least: i64, below: i64, stores: Vec<i64> },
    /// What counts as much depends on the tier.
    ByTier { each: [(&'static str, i64); 2], stores: Vec<i64> },
    /// Regulars of a tier.
    Regulars { tier: &'static str, visits: i64, stores: Vec<i64> },
}

impl Shape {
    /// The same as a condition.
    pub fn condition(&self) -> Condition {
        use Condition::{All, Any, AtLeast, AtMost, Below, Equals, Is, OneOf};
        use Field::{Discount, Store, Tier, Value, Visits};
        All(match self.clone() {
            Shape::Spend { least, tier, stores } => {
                vec![AtLeast(Value, least), Is(Tier, tier), OneOf(Store, stores)]
            }
            Shape::Milestone { least, first, last, tier } => {
                vec![AtLeast(Value, least), AtLeast(Visits, first), AtMost(Visits, last), Is(Tier, tier)]
            }
            Shape::Habit { below, visits, stores } => {
                vec![OneOf(Store, stores), AtLeast(Visits, visits), Below(Value, below)]
            }
            Shape::Tiers { least, tiers, first, last, stores } => vec![
                AtLeast(Value, least),
                Any(tiers.map(|tier| Is(Tier, tier)).into()),
                AtLeast(Visits, first),
                AtMost(Visits, last),
                OneOf(Store, stores),
            ],
            Shape::FullPrice { least, tier, visits, stores } => vec![
                AtLeast(Value, least),
                Equals(Discount, 0),
                Any(vec![Is(Tier, tier), AtLeast(Visits, visits)]),
                OneOf(Store, stores),
            ],
            Shape::Band { least, below, stores } => {
                vec![AtLeast(Value, least), Below(Value, below), OneOf(Store, stores)]
            }
            Shape::ByTier { each, stores } => {
                let enough = each.map(|(tier, least)| All(vec![Is(Tier, tier), AtLeast(Value, least)]));
                vec![Any(enough.into()), OneOf(Store, stores)]
            }
            Shape::Regulars { tier, visits, stores } => {
                vec![Is(Tier, tier), AtLeast(Visits, visits), OneOf(Store, stores)]
            }
        })
    }
}

/// So many different stores, ascending.
pub fn draw_stores(dice: &mut Dice, count: usize) -> Vec<i64> {
    let mut stores = std::collections::BTreeSet::new();
    while stores.len() < count {
        stores.insert(dice.between(1, STORES + 1));
    }
    stores.into_iter().collect()
}

/// So many rules. Every other one names one of 40 known groups of stores, the
/// others stores of their own; amounts go in steps of 5.00.
pub fn rules(count: usize, seed: u64) -> Vec<Shape> {
    let mut dice = Dice::new(seed);
    let groups: Vec<Vec<i64>> = (0..40).map(|_| draw_stores(&mut dice, STORES_OF_A_RULE)).collect();
    let amount = |dice: &mut Dice, from: i64, to: i64| dice.between(from / 5, to / 5) * 500;
    let rule = |_| {
        let stores = match dice.between(0, 2) {
            0 => groups[dice.between(0, 40) as usize].clone(),
            _ => draw_stores(&mut dice, STORES_OF_A_RULE),
        };
        let dice = &mut dice;
        let at = dice.between(0, 4) as usize;
        let tiers = [TIERS[at], TIERS[(at + dice.between(1, 4) as usize) % 4]];
        let tier = tiers[0];
        match dice.between(0, 8) {
            0 => Shape::Spend { least: amount(dice, 50, 400), tier, stores },
            1 => {
                let first = dice.between(0, 50);
                Shape::Milestone { least: amount(dice, 150, 600), first, last: first + 8, tier }
            }
            2 => Shape::Habit { below: amount(dice, 50, 200), visits: dice.between(30, 55), stores },
            3 => {
                let first = dice.between(0, 40);
                Shape::Tiers { least: amount(dice, 20, 200), tiers, first, last: first + 20, stores }
            }
            4 => {
                let visits = dice.between(40, 55);
                Shape::FullPrice { least: amount(dice, 50, 300), tier, visits, stores }
            }
            5 => {
                let least = amount(dice, 20, 500);
                Shape::Band { least, below: least + 5_000, stores }
            }
            6 => Shape::ByTier { each: tiers.map(|tier| (tier, amount(dice, 200, 500))), stores },
            _ => Shape::Regulars { tier, visits: dice.between(20, 50), stores },
        }
    };
    (0..count).map(rule).collect()
}

/// Cents as a JSON number with its digits.
fn money(cents: i64) -> Value {
    // INVARIANT: two digits after the point are the same in `f64` and back.
    json!(cents as f64 / 100.0)
}

/// So many transactions, each one line of JSON of about 1.5 KB: 12 line items
/// and the customer.
pub fn transactions(count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed ^ 0xB177);
    let dice = &mut dice;
    let transaction = |number: usize| {
        // Most bills are small.
        let value =
            dice.between(10, 101) * dice.between(10, 101) * dice.between(1, 11) + dice.between(0, 100);
        let discount = match dice.between(0, 5) {
            0 | 1 => 0,
            _ => dice.between(0, value),
        };
        let items: Vec<Value> = (0..12)
            .map(|_| {
                json!({"code": format!("{:06}", dice.between(0, 100_000)), "qty": dice.between(1, 5),
                       "amount": money(dice.between(100, 9_000)), "discount": 0, "returned": false,
                       "attributes": {"brand": dice.of(&["Puma", "Reed", "Otto", "Lark"])}})
            })
            .collect();
        let name = dice.of(&["John", "Joan", "Jonathan", "Maria", "Wei", "Asha", "Olu", "Jordan", "Kim"]);
        let host = dice.of(&["companyX.com", "companyX.com", "example.org", "mail.test"]);
        let store = match dice.between(0, 6) {
            0 => dice.between(1, 15),
            _ => dice.between(1, STORES + 1),
        };
        json!({
            "currentTxn": {
                "number": format!("b{number:08}"), "date": "2026-03-07T12:20:20.000+0530",
                "type": "REGULAR", "currency": "EUR", "value": money(value), "discount": money(discount),
                "basketAmountSumNonDiscounted": money(dice.between(0, 6_000)), "storeId": store,
                "lineItems": items
            },
            "currentCustomer": {
                "id": dice.between(900_000, 999_999), "name": name,
                "email": format!("{}.{}@{host}", name.to_lowercase(), dice.between(0, 10_000)),
                "slabName": dice.of(&["Bronze", "Bronze", "Bronze", "Silver", "Silver", "Gold", "Platinum"]),
                "numberOfVisits": dice.between(0, VISITS), "city": "Hanover", "country": "DE"
            }
        })
        .to_string()
    };
    (0..count).map(transaction).collect()
}
