//! The generated rules as a person would write them in Rust, one boxed closure
//! a rule: exact decimals, strings, and a sorted list of stores.

use rust_decimal::Decimal;

use super::bill::Bill;
use super::generator::Shape;

/// A rule written by hand.
pub type ByHand = Box<dyn Fn(&Bill) -> bool>;

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// The closure for a rule of the generator.
pub fn by_hand(shape: &Shape) -> ByHand {
    let among = |stores: &[i64], bill: &Bill| stores.binary_search(&bill.store).is_ok();
    match shape.clone() {
        Shape::Spend { least, tier, stores } => {
            let least = cents(least);
            Box::new(move |bill| bill.value >= least && bill.tier == tier && among(&stores, bill))
        }
        Shape::Milestone { least, first, last, tier } => {
            let least = cents(least);
            Box::new(move |bill| {
                bill.value >= least && bill.visits >= first && bill.visits <= last && bill.tier == tier
            })
        }
        Shape::Habit { below, visits, stores } => {
            let below = cents(below);
            Box::new(move |bill| among(&stores, bill) && bill.visits >= visits && bill.value < below)
        }
        Shape::Tiers { least, tiers: [one, other], first, last, stores } => {
            let least = cents(least);
            Box::new(move |bill| {
                bill.value >= least
                    && (bill.tier == one || bill.tier == other)
                    && bill.visits >= first
                    && bill.visits <= last
                    && among(&stores, bill)
            })
        }
        Shape::FullPrice { least, tier, visits, stores } => {
            let least = cents(least);
            Box::new(move |bill| {
                bill.value >= least
                    && bill.discount == Decimal::ZERO
                    && (bill.tier == tier || bill.visits >= visits)
                    && among(&stores, bill)
            })
        }
        Shape::Band { least, below, stores } => {
            let (least, below) = (cents(least), cents(below));
            Box::new(move |bill| bill.value >= least && bill.value < below && among(&stores, bill))
        }
        Shape::ByTier { each: [(one, least), (other, least_of_other)], stores } => {
            let (least, least_of_other) = (cents(least), cents(least_of_other));
            Box::new(move |bill| {
                ((bill.tier == one && bill.value >= least)
                    || (bill.tier == other && bill.value >= least_of_other))
                    && among(&stores, bill)
            })
        }
        Shape::Regulars { tier, visits, stores } => {
            Box::new(move |bill| bill.tier == tier && bill.visits >= visits && among(&stores, bill))
        }
    }
}
