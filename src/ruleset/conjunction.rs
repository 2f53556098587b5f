//! What a rule requires in conjunctive normal form: disjunctions that must all
//! hold, each of them by one of its literals.
//!
//! Kleene's logic is a distributive lattice with De Morgan's laws, and chains
//! have their negations at the literals; so a rule is true where each of its
//! disjunctions has a literal that is true, and not false where each has one that
//! is not false.

use std::sync::Arc;

use crate::transaction::Key;

use super::key_predicate::{KeyPredicate, Keys};
use super::predicate_tree::{Branch, Branches, PredicateTree};

/// A predicate, or that it is false.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiteralRef<'t> {
    pub(super) predicate: &'t Arc<KeyPredicate>,
    pub(super) negated: bool,
}

pub(super) type Disjunction<'t> = Vec<LiteralRef<'t>>;

/// Disjunctions that must all hold.
#[derive(Debug, Default)]
pub(super) struct Conjunction<'t> {
    pub(super) all: Vec<Disjunction<'t>>,
    /// Whether nothing else is required: tests that are no predicates are left
    /// out, and so is what would take too many disjunctions to say.
    pub(super) exact: bool,
}

/// What an `||` of `&&` may come to; `(a && b) || (c && d)` has four.
const MOST_OF_ANY: usize = 8;
/// Of a rule. Beyond, the others are asked of the few that pass these.
const MOST: usize = 16;

impl<'t> Conjunction<'t> {
    pub(super) fn of(tree: &'t PredicateTree) -> Conjunction<'t> {
        Conjunction::all(tree.branches())
    }

    fn one(disjunction: Disjunction<'t>) -> Conjunction<'t> {
        Conjunction { all: vec![disjunction], exact: true }
    }

    /// INVARIANT: no disjunction at all is always true.
    fn nothing(exact: bool) -> Conjunction<'t> {
        Conjunction { all: Vec::new(), exact }
    }

    fn of_branch(branch: Branch<'t>) -> Conjunction<'t> {
        match branch {
            Branch::Leaf { predicate, negated } => Conjunction::one(vec![LiteralRef { predicate, negated }]),
            Branch::All(branches) => Conjunction::all(branches),
            Branch::Any(branches) => Conjunction::any(branches),
            Branch::Opaque => Conjunction::nothing(false),
        }
    }

    fn all(branches: Branches<'t>) -> Conjunction<'t> {
        let mut found = Conjunction::nothing(true);
        for branch in branches {
            let Conjunction { mut all, exact } = Conjunction::of_branch(branch);
            found.exact &= exact;
            found.all.append(&mut all);
        }
        if found.all.len() > MOST {
            found.all.truncate(MOST);
            found.exact = false;
        }
        found
    }

    /// Every way to take one disjunction of each branch.
    fn any(branches: Branches<'t>) -> Conjunction<'t> {
        let mut found = Conjunction::one(Vec::new());
        for branch in branches {
            let mut of_branch = Conjunction::of_branch(branch);
            if of_branch.all.is_empty() {
                // Whatever else there is, this branch may hold.
                return Conjunction::nothing(false);
            }
            let ways = found.all.len().checked_mul(of_branch.all.len());
            if ways.is_none_or(|ways| ways > MOST_OF_ANY) {
                found.narrow();
                of_branch.narrow();
            }
            found.exact &= of_branch.exact;
            if let [one] = &*of_branch.all {
                // As in a long chain, which stays linear so.
                found.all.iter_mut().for_each(|disjunction| disjunction.extend(one));
                continue;
            }
            found.all = found
                .all
                .iter()
                .flat_map(|disjunction| {
                    of_branch.all.iter().map(move |other| [&**disjunction, &**other].concat())
                })
                .collect();
        }
        found
    }

    /// Keeps the disjunction of the fewest literals.
    fn narrow(&mut self) {
        if self.all.len() > 1 {
            self.exact = false;
            let least = std::mem::take(&mut self.all).into_iter().min_by_key(Vec::len);
            self.all.extend(least);
        }
    }
}

impl LiteralRef<'_> {
    /// How many ranges its keys are.
    pub(super) fn size(&self) -> usize {
        match &self.predicate.keys {
            Keys::Range { .. } => 1,
            Keys::Set(keys) => keys.len(),
        }
    }

    /// Calls with each range of the predicate's keys; where the literal is
    /// negated, it is true for the others.
    pub(super) fn each_range(&self, mut with: impl FnMut((Key, Key))) {
        match &self.predicate.keys {
            Keys::Range { low, high, .. } if low <= high => with((*low, *high)),
            Keys::Range { .. } => {}
            Keys::Set(keys) => keys.iter().for_each(|key| with((key, key))),
        }
    }

    /// The keys for which it is true.
    pub(super) fn ranges(&self) -> Ranges {
        let mut ranges = Ranges(Vec::with_capacity(self.size()));
        self.each_range(|range| ranges.0.push(range));
        if self.negated { ranges.others() } else { ranges }
    }
}

/// Keys from a first to a last one, ascending, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Ranges(Vec<(Key, Key)>);

impl Ranges {
    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, Key)> {
        self.0.iter().copied()
    }

    /// The keys that are not in these.
    fn others(&self) -> Ranges {
        let mut others = Vec::with_capacity(self.0.len());
        let mut next = Some(Key::MIN);
        for (low, high) in self.iter() {
            if let Some(first) = next.filter(|first| *first < low) {
                others.extend(low.checked_sub(1).map(|last| (first, last)));
            }
            next = high.checked_add(1);
        }
        others.extend(next.map(|first| (first, Key::MAX)));
        Ranges(others)
    }

    /// The keys that are in either.
    pub(super) fn or(self, other: Ranges) -> Ranges {
        let mut all = self.0;
        all.extend(other.0);
        all.sort_unstable();
        let mut joined: Vec<(Key, Key)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match joined.last_mut() {
                Some((_, last)) if low.checked_sub(1).is_none_or(|before| *last >= before) => {
                    *last = (*last).max(high);
                }
                _ => joined.push((low, high)),
            }
        }
        Ranges(joined)
    }

    /// The keys that are in both.
    pub(super) fn and(self, other: Ranges) -> Ranges {
        self.others().or(other.others()).others()
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn ranges_are_sets_of_keys() {
        let (min, max) = (i64::MIN, i64::MAX);
        let ranges = |ranges: &[(i64, i64)]| Ranges(ranges.to_vec());
        let shown = |ranges: Ranges| ranges.0;
        assert_eq!(shown(ranges(&[(1, 3), (5, 5)]).others()), [(min, 0), (4, 4), (6, max)]);
        assert_eq!(shown(ranges(&[(min, 3), (9, max)]).others()), [(4, 8)]);
        assert_eq!(shown(ranges(&[]).others()), [(min, max)]);
        assert_eq!(shown(ranges(&[(min, max)]).others()), []);
        assert_eq!(shown(ranges(&[(1, 3), (8, 9)]).or(ranges(&[(4, 5), (9, 12)]))), [(1, 5), (8, 12)]);
        assert_eq!(shown(ranges(&[(1, 5), (8, max)]).and(ranges(&[(4, 9)]))), [(4, 5), (8, 9)]);
        assert_eq!(shown(ranges(&[(1, 5)]).and(ranges(&[(7, 9)]))), []);
    }
}
