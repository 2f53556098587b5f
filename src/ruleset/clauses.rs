//! What a rule requires, as clauses: each must have a literal that is true.
//!
//! Kleene's logic is a distributive lattice with De Morgan's laws, and chains
//! have their negations at the literals; so a rule is true where each of its
//! clauses has a literal that is true, and not false where each has one that
//! is not false.

use std::sync::Arc;

use crate::transaction::Quick;

use super::predicate::{Predicate, Words};
use super::tree::{Branch, Branches, Tree};

/// A predicate, or that it is false.
#[derive(Debug, Clone, Copy)]
pub(super) struct Literal<'t> {
    pub(super) predicate: &'t Arc<Predicate>,
    pub(super) negated: bool,
}

pub(super) type Clause<'t> = Vec<Literal<'t>>;

/// Clauses that are all to hold.
#[derive(Debug, Default)]
pub(super) struct Clauses<'t> {
    pub(super) all: Vec<Clause<'t>>,
    /// Whether nothing else is required: tests that are no predicates are left
    /// out, and so is what would take too many clauses to say.
    pub(super) exact: bool,
}

/// What an `||` of `&&` may come to; `(a && b) || (c && d)` has four.
const MOST_OF_ANY: usize = 8;
/// Of a rule. Beyond, the others are asked of the few that pass these.
const MOST: usize = 16;

impl<'t> Clauses<'t> {
    pub(super) fn of(tree: &'t Tree) -> Clauses<'t> {
        Clauses::all(tree.branches())
    }

    fn one(clause: Clause<'t>) -> Clauses<'t> {
        Clauses { all: vec![clause], exact: true }
    }

    /// INVARIANT: no clause at all is always true.
    fn nothing(exact: bool) -> Clauses<'t> {
        Clauses { all: Vec::new(), exact }
    }

    fn of_branch(branch: Branch<'t>) -> Clauses<'t> {
        match branch {
            Branch::Leaf { predicate, negated } => Clauses::one(vec![Literal { predicate, negated }]),
            Branch::All(branches) => Clauses::all(branches),
            Branch::Any(branches) => Clauses::any(branches),
            Branch::Opaque => Clauses::nothing(false),
        }
    }

    fn all(branches: Branches<'t>) -> Clauses<'t> {
        let mut found = Clauses::nothing(true);
        for branch in branches {
            let Clauses { mut all, exact } = Clauses::of_branch(branch);
            found.exact &= exact;
            found.all.append(&mut all);
        }
        if found.all.len() > MOST {
            found.all.truncate(MOST);
            found.exact = false;
        }
        found
    }

    /// Every way to take one clause of each branch.
    fn any(branches: Branches<'t>) -> Clauses<'t> {
        let mut found = Clauses::one(Vec::new());
        for branch in branches {
            let mut of_branch = Clauses::of_branch(branch);
            if of_branch.all.is_empty() {
                // Whatever else there is, this branch may hold.
                return Clauses::nothing(false);
            }
            if found.all.len().saturating_mul(of_branch.all.len()) > MOST_OF_ANY {
                found.narrow();
                of_branch.narrow();
            }
            found.exact &= of_branch.exact;
            if let [one] = &*of_branch.all {
                // As in a long chain, which stays linear so.
                found.all.iter_mut().for_each(|clause| clause.extend(one));
                continue;
            }
            found.all = found
                .all
                .iter()
                .flat_map(|clause| of_branch.all.iter().map(move |other| [&**clause, &**other].concat()))
                .collect();
        }
        found
    }

    /// Keeps the clause of the fewest literals.
    fn narrow(&mut self) {
        if self.all.len() > 1 {
            self.exact = false;
            let least = std::mem::take(&mut self.all).into_iter().min_by_key(Vec::len);
            self.all.extend(least);
        }
    }
}

impl Literal<'_> {
    /// How many ranges its words are.
    pub(super) fn size(&self) -> usize {
        match &self.predicate.words {
            Words::Range { .. } => 1,
            Words::Set(words) => words.len(),
        }
    }

    /// Calls with each range of the predicate's words; where the literal is
    /// negated, it is true for the others.
    pub(super) fn each_range(&self, mut with: impl FnMut((Quick, Quick))) {
        match &self.predicate.words {
            Words::Range { low, high, .. } if low <= high => with((*low, *high)),
            Words::Range { .. } => {}
            Words::Set(words) => words.iter().for_each(|word| with((word, word))),
        }
    }

    /// The words for which it is true.
    pub(super) fn ranges(&self) -> Ranges {
        let mut ranges = Ranges(Vec::with_capacity(self.size()));
        self.each_range(|range| ranges.0.push(range));
        if self.negated { ranges.others() } else { ranges }
    }
}

/// Words from a first to a last one, ascending, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Ranges(Vec<(Quick, Quick)>);

impl Ranges {
    pub(super) fn iter(&self) -> impl Iterator<Item = (Quick, Quick)> {
        self.0.iter().copied()
    }

    /// The words that are not in these.
    fn others(&self) -> Ranges {
        let mut others = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut next = Some(Quick::MIN);
        for (low, high) in self.iter() {
            if let Some(first) = next.filter(|first| *first < low) {
                others.push((first, low.saturating_sub(1)));
            }
            next = high.checked_add(1);
        }
        others.extend(next.map(|first| (first, Quick::MAX)));
        Ranges(others)
    }

    /// The words that are in either.
    pub(super) fn or(self, other: Ranges) -> Ranges {
        let mut all = self.0;
        all.extend(other.0);
        all.sort_unstable();
        let mut joined: Vec<(Quick, Quick)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match joined.last_mut() {
                Some((_, last)) if *last >= low.saturating_sub(1) => *last = (*last).max(high),
                _ => joined.push((low, high)),
            }
        }
        Ranges(joined)
    }

    /// The words that are in both.
    pub(super) fn and(self, other: Ranges) -> Ranges {
        self.others().or(other.others()).others()
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn ranges_are_sets_of_words() {
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
