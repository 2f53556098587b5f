//! What a part of a rule requires in conjunctive normal form: disjunctions that
//! must all hold, each of them by one of its literals.
//!
//! Kleene's logic is a distributive lattice with De Morgan's laws, and chains
//! have their negations at the literals; so a rule is true where each of its
//! disjunctions has a literal that is true, and not false where each has one that
//! is not false.

use super::code::{Branch, Branches, LiteralRef};

pub(super) type Disjunction<'c> = Vec<LiteralRef<'c>>;

/// Disjunctions that must all hold.
#[derive(Debug, Default)]
pub(super) struct Conjunction<'c> {
    pub(super) all: Vec<Disjunction<'c>>,
    /// Whether nothing else is required: what would take too many disjunctions
    /// to say is left out, and the rule must be asked.
    pub(super) exact: bool,
}

/// What an `||` of `&&` may come to: `(a && b) || (c && d)` comes to four. Each of
/// them takes its literals once more, so that a rule takes no more than so many
/// times the memory and the time of its text.
const MOST_OF_ANY: usize = 16;

impl<'c> Conjunction<'c> {
    pub(super) fn of(branch: Branch<'c>) -> Conjunction<'c> {
        match branch {
            Branch::Leaf(literal) => Conjunction::one(vec![literal]),
            Branch::All(branches) => Conjunction::all(branches),
            Branch::Any(branches) => Conjunction::any(branches),
        }
    }

    fn one(disjunction: Disjunction<'c>) -> Conjunction<'c> {
        Conjunction { all: vec![disjunction], exact: true }
    }

    /// INVARIANT: no disjunction at all is always true.
    fn all(branches: Branches<'c>) -> Conjunction<'c> {
        let mut found = Conjunction { all: Vec::new(), exact: true };
        for branch in branches {
            let Conjunction { mut all, exact } = Conjunction::of(branch);
            found.exact &= exact;
            found.all.append(&mut all);
        }
        found
    }

    /// Every way to take one disjunction of each branch.
    fn any(branches: Branches<'c>) -> Conjunction<'c> {
        let mut found = Conjunction::one(Vec::new());
        for branch in branches {
            let mut of_branch = Conjunction::of(branch);
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
