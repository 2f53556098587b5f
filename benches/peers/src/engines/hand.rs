//! Rules written by hand in Rust: on exact decimals and strings, which is what
//! every other row is divided by, and on cents with everything prepared.

use regex::Regex;

use crate::engine::{Engine, Made, Ruled, one_by_one};
use target_rules_testing::workloads::bill::Bill;
use target_rules_testing::workloads::by_hand::{ByHand, by_hand};
use target_rules_testing::workloads::cases;
use target_rules_testing::workloads::generator::{STORES, Shape, TIERS};

pub(crate) struct OnDecimals;

impl OnDecimals {
    #[inline]
    fn one(&mut self, rule: &ByHand, bill: &mut Bill) -> bool {
        rule(bill)
    }
}

impl Engine for OnDecimals {
    type Rules = Vec<ByHand>;
    type Transaction = Bill;

    const NAME: &'static str = "by hand, `Decimal`";
    const NUMBERS: &'static str = "exact";
    const PREPARES: bool = false;

    fn new() -> OnDecimals {
        OnDecimals
    }

    fn write(&self, _: &Ruled) -> Option<String> {
        Some(String::new())
    }

    fn load(&self, _: &[String], rules: &[Ruled]) -> Vec<ByHand> {
        let written = |rule: &Ruled| {
            let [threshold, tiers, campaign] = cases::workloads();
            match &rule.made {
                Made::Threshold => threshold.by_hand,
                Made::Tiers => tiers.by_hand,
                Made::Campaign => campaign.by_hand,
                Made::Generated(shape) => by_hand(shape),
            }
        };
        rules.iter().map(written).collect()
    }

    fn read(&self, _: &Vec<ByHand>, line: &str) -> Bill {
        Bill::read_plain(line)
    }

    one_by_one!();
}

/// Amounts in cents, the tier as its number.
pub(crate) struct InCents {
    value: i64,
    discount: i64,
    non_discounted: i64,
    store: usize,
    tier: usize,
    visits: i64,
    name: String,
    email: String,
}

type Closure = Box<dyn Fn(&InCents) -> bool>;

/// One bit a store.
#[derive(Clone)]
struct Stores([u64; STORES as usize / 64 + 1]);

impl Stores {
    fn of(stores: &[i64]) -> Stores {
        let mut bits = [0; STORES as usize / 64 + 1];
        for store in stores {
            bits[*store as usize / 64] |= 1 << (store % 64);
        }
        Stores(bits)
    }

    #[inline]
    fn has(&self, store: usize) -> bool {
        self.0.get(store / 64).is_some_and(|word| word >> (store % 64) & 1 == 1)
    }
}

fn number_of(tier: &str) -> usize {
    TIERS.iter().position(|known| *known == tier).unwrap()
}

pub(crate) struct OnCents;

impl OnCents {
    #[inline]
    fn one(&mut self, rule: &Closure, bill: &mut InCents) -> bool {
        rule(bill)
    }
}

fn closure(shape: &Shape) -> Closure {
    match shape.clone() {
        Shape::Spend { least, tier, stores } => {
            let (tier, stores) = (number_of(tier), Stores::of(&stores));
            Box::new(move |bill| bill.value >= least && bill.tier == tier && stores.has(bill.store))
        }
        Shape::Milestone { least, first, last, tier } => {
            let (tier, visits) = (number_of(tier), first..=last);
            Box::new(move |bill| bill.value >= least && visits.contains(&bill.visits) && bill.tier == tier)
        }
        Shape::Habit { below, visits, stores } => {
            let stores = Stores::of(&stores);
            Box::new(move |bill| stores.has(bill.store) && bill.visits >= visits && bill.value < below)
        }
        Shape::Tiers { least, tiers, first, last, stores } => {
            let ([one, other], visits, stores) = (tiers.map(number_of), first..=last, Stores::of(&stores));
            Box::new(move |bill| {
                bill.value >= least
                    && (bill.tier == one || bill.tier == other)
                    && visits.contains(&bill.visits)
                    && stores.has(bill.store)
            })
        }
        Shape::FullPrice { least, tier, visits, stores } => {
            let (tier, stores) = (number_of(tier), Stores::of(&stores));
            Box::new(move |bill| {
                bill.value >= least
                    && bill.discount == 0
                    && (bill.tier == tier || bill.visits >= visits)
                    && stores.has(bill.store)
            })
        }
        Shape::Band { least, below, stores } => {
            let (band, stores) = (least..below, Stores::of(&stores));
            Box::new(move |bill| band.contains(&bill.value) && stores.has(bill.store))
        }
        Shape::ByTier { each, stores } => {
            let [one, other] = each.map(|(tier, least)| (number_of(tier), least));
            let stores = Stores::of(&stores);
            let enough =
                |bill: &InCents, (tier, least): (usize, i64)| bill.tier == tier && bill.value >= least;
            Box::new(move |bill| (enough(bill, one) || enough(bill, other)) && stores.has(bill.store))
        }
        Shape::Regulars { tier, visits, stores } => {
            let (tier, stores) = (number_of(tier), Stores::of(&stores));
            Box::new(move |bill| bill.tier == tier && bill.visits >= visits && stores.has(bill.store))
        }
    }
}

impl Engine for OnCents {
    type Rules = Vec<Closure>;
    type Transaction = InCents;

    const NAME: &'static str = "by hand, `i64` cents";
    const NUMBERS: &'static str = "two fixed digits";
    const PREPARES: bool = false;

    fn new() -> OnCents {
        OnCents
    }

    fn write(&self, _: &Ruled) -> Option<String> {
        Some(String::new())
    }

    fn load(&self, _: &[String], rules: &[Ruled]) -> Vec<Closure> {
        let written = |rule: &Ruled| -> Closure {
            match &rule.made {
                Made::Threshold => Box::new(|bill| bill.non_discounted > 2_500),
                Made::Tiers => Box::new(|bill| {
                    bill.value >= 10_000
                        && bill.discount == 0
                        && matches!(bill.tier, 2 | 3)
                        && bill.visits >= 5
                }),
                Made::Campaign => {
                    let names = Regex::new("^Jo.*n$").unwrap();
                    Box::new(move |bill| {
                        bill.discount * 100 <= (bill.value + bill.discount) * 40
                            && bill.email.contains("@companyX.com")
                            && names.is_match(&bill.name)
                            && (1..=12).contains(&bill.store)
                    })
                }
                Made::Generated(shape) => closure(shape),
            }
        };
        rules.iter().map(written).collect()
    }

    fn read(&self, _: &Vec<Closure>, line: &str) -> InCents {
        let bill = crate::plain::Plain::read(line);
        InCents {
            value: bill.value,
            discount: bill.discount,
            non_discounted: bill.non_discounted,
            store: bill.store as usize,
            tier: number_of(&bill.tier),
            visits: bill.visits,
            name: bill.name.into_owned(),
            email: bill.email.into_owned(),
        }
    }

    one_by_one!();
}
