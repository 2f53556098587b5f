//! The generated rules as a person would sort them who knows their eight
//! shapes beforehand: for each store, tier and number of visits one bit for
//! every rule that may hold there. The rules in all three are asked with the
//! closures of `by_hand`, so that numbers are exact decimals here too.

use super::bill::Bill;
use super::by_hand::{ByHand, by_hand};
use super::generator::{STORES, Shape, TIERS, VISITS};

/// For each value of an attribute, one bit a rule.
type Candidates = Vec<Vec<u64>>;

pub struct IndexByHand {
    rules: Vec<ByHand>,
    stores: Candidates,
    tiers: Candidates,
    visits: Candidates,
}

fn may_hold_in_store(shape: &Shape, store: i64) -> bool {
    match shape {
        Shape::Spend { stores, .. }
        | Shape::Habit { stores, .. }
        | Shape::Tiers { stores, .. }
        | Shape::FullPrice { stores, .. }
        | Shape::Band { stores, .. }
        | Shape::ByTier { stores, .. }
        | Shape::Regulars { stores, .. } => stores.binary_search(&store).is_ok(),
        Shape::Milestone { .. } => true,
    }
}

fn may_hold_in_tier(shape: &Shape, wanted: &str) -> bool {
    match shape {
        Shape::Spend { tier, .. } | Shape::Milestone { tier, .. } | Shape::Regulars { tier, .. } => {
            *tier == wanted
        }
        Shape::Tiers { tiers, .. } => tiers.contains(&wanted),
        Shape::ByTier { each, .. } => each.iter().any(|(tier, _)| *tier == wanted),
        // The tier of a full price is one of two ways to it.
        Shape::Habit { .. } | Shape::FullPrice { .. } | Shape::Band { .. } => true,
    }
}

fn may_hold_on_visit(shape: &Shape, visit: i64) -> bool {
    match shape {
        Shape::Milestone { first, last, .. } | Shape::Tiers { first, last, .. } => {
            (*first..=*last).contains(&visit)
        }
        Shape::Habit { visits, .. } | Shape::Regulars { visits, .. } => visit >= *visits,
        Shape::Spend { .. } | Shape::FullPrice { .. } | Shape::Band { .. } | Shape::ByTier { .. } => true,
    }
}

impl IndexByHand {
    pub fn of(shapes: &[Shape]) -> IndexByHand {
        let row = |may_hold: &dyn Fn(&Shape) -> bool| {
            let mut bits = vec![0_u64; shapes.len().div_ceil(64)];
            for (at, _) in shapes.iter().enumerate().filter(|(_, shape)| may_hold(shape)) {
                bits[at / 64] |= 1 << (at % 64);
            }
            bits
        };
        IndexByHand {
            rules: shapes.iter().map(by_hand).collect(),
            stores: (0..=STORES).map(|store| row(&|shape| may_hold_in_store(shape, store))).collect(),
            tiers: TIERS.iter().map(|tier| row(&|shape| may_hold_in_tier(shape, tier))).collect(),
            visits: (0..VISITS).map(|visit| row(&|shape| may_hold_on_visit(shape, visit))).collect(),
        }
    }

    /// Adds the positions of the rules that hold, ascending.
    pub fn decide(&self, bill: &Bill, hold: &mut Vec<usize>) {
        let tier = TIERS.iter().position(|tier| *tier == bill.tier).unwrap();
        let of_three = self.stores[bill.store as usize]
            .iter()
            .zip(&self.tiers[tier])
            .zip(&self.visits[bill.visits as usize]);
        for (word, ((store, tier), visits)) in of_three.enumerate() {
            let mut left = store & tier & visits;
            while left != 0 {
                let at = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                if self.rules[at](bill) {
                    hold.push(at);
                }
            }
        }
    }
}
