//! Joins the operands of a chain that are about one subject: equalities become
//! a set, comparisons a range.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::value::{Bounds, Fixed};

use super::origin::Origins;
use super::set::Numbers;
use super::{Clause, NumberExpression, NumberSet, Set, Subject, SubjectId, TextSet};

/// A test whether a subject is in a set, before it becomes a literal of the
/// condition.
pub(super) struct Membership {
    pub(super) subject: Arc<Subject>,
    pub(super) id: SubjectId,
    pub(super) set: Growing,
    pub(super) negated: bool,
    pub(super) origins: Origins,
}

/// A set that may still grow or shrink while operands are joined.
pub(super) enum Growing {
    /// The numbers between two ends; one number has the same end twice.
    Within(Bounds),
    /// Numbers in billionths, in any order.
    Points(Vec<i64>),
    /// One text. `Texts` are several, in any order.
    Text(Arc<str>),
    Texts(Vec<Arc<str>>),
    /// Any other set. It is never joined.
    Fixed(Set),
}

impl Growing {
    pub(super) fn settled(self) -> Set {
        match self {
            Growing::Within(bounds) => Set::Numbers(NumberSet::within(bounds)),
            Growing::Points(mut points) => {
                points.sort_unstable();
                points.dedup();
                Set::Numbers(match points.as_slice() {
                    [point] => NumberSet::within(Bounds::equal_to(Fixed::of_small(*point))),
                    _ => NumberSet(Numbers::Points(points.into())),
                })
            }
            Growing::Text(text) => Set::Texts(TextSet::Values([text].into())),
            Growing::Texts(mut texts) => {
                texts.sort_unstable();
                texts.dedup();
                Set::Texts(TextSet::Values(texts.into()))
            }
            Growing::Fixed(set) => set,
        }
    }

    /// The number in billionths, if it is a single one.
    fn point(&self) -> Option<i64> {
        match self {
            Growing::Within(bounds) => bounds.single().and_then(Fixed::small),
            _ => None,
        }
    }
}

/// A chain whose operands are being joined.
///
/// In an `||`, equalities are joined to a set. In an `&&`, negated equalities
/// are joined to a set, and comparisons to a range. All of them are unknown
/// exactly where the subject is, so joining does not change the result where it
/// is absent.
pub(super) struct Joined {
    pub(super) all: bool,
    /// Whether operands are joined at all.
    joins: bool,
    /// How many operands the chain has.
    expected: usize,
    pub(super) memberships: Vec<Membership>,
    /// The index of the membership that others are joined to, by subject and by
    /// kind; filled once there are too many for a linear search.
    places: HashMap<(SubjectId, Joins), usize>,
    pub(super) rest: Vec<Clause>,
}

/// The kinds of memberships that can be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Joins {
    Equalities,
    Range,
}

/// Up to so many memberships a linear search takes less than hashing; believed,
/// not measured.
const FEW: usize = 8;

impl Joined {
    pub(super) fn new(all: bool, joins: bool, expected: usize) -> Joined {
        let (memberships, rest) = (Vec::new(), Vec::new());
        Joined { all, joins, expected, memberships, places: HashMap::new(), rest }
    }

    pub(super) fn add(&mut self, membership: Membership) {
        let Some(how) = self.how(&membership) else {
            return self.memberships.push(membership);
        };
        let expected = self.expected;
        let place = self.place(&membership, how);
        if let Some(held) = place.and_then(|at| self.memberships.get_mut(at)) {
            held.join(membership, how, expected);
            return;
        }
        if self.memberships.len() >= FEW {
            self.places.insert((membership.id, how), self.memberships.len());
        }
        self.memberships.push(membership);
    }

    /// The kind as which a membership can be joined to others, if it can.
    fn how(&self, membership: &Membership) -> Option<Joins> {
        if !self.joins || !joins(&membership.subject) {
            return None;
        }
        // What can be joined is a negated equality in an `&&`, and a plain one
        // in an `||`.
        let is_equality = membership.negated == self.all;
        match &membership.set {
            Growing::Text(_) if is_equality => Some(Joins::Equalities),
            Growing::Within(_) if is_equality => membership.set.point().map(|_| Joins::Equalities),
            Growing::Within(_) if self.all => Some(Joins::Range),
            _ => None,
        }
    }

    /// The index of the membership that this one is joined to. A long chain
    /// asks about the same subject again and again, so the last one is tried
    /// first.
    fn place(&self, membership: &Membership, how: Joins) -> Option<usize> {
        let few = self.memberships.len().min(FEW);
        let first = self
            .memberships
            .iter()
            .take(few)
            .rposition(|held| held.id == membership.id && held.is(how, self.all));
        first.or_else(|| self.places.get(&(membership.id, how)).copied())
    }
}

impl Membership {
    /// Whether others of that kind can be joined to it.
    fn is(&self, how: Joins, all: bool) -> bool {
        let equality = self.negated == all;
        match (&self.set, how) {
            (Growing::Points(_) | Growing::Text(_) | Growing::Texts(_), Joins::Equalities) => equality,
            (Growing::Within(_), Joins::Equalities) => equality && self.set.point().is_some(),
            (Growing::Within(_), Joins::Range) => !equality,
            _ => false,
        }
    }

    /// Joins another membership of the same subject. `expected` more may
    /// follow, so that memory is reserved for them.
    fn join(&mut self, other: Membership, how: Joins, expected: usize) {
        let held = std::mem::replace(&mut self.set, Growing::Fixed(Set::True));
        self.set = match (held, other.set, how) {
            (Growing::Within(held), Growing::Within(other), Joins::Range) => Growing::Within(held.and(other)),
            (Growing::Text(held), Growing::Text(other), _) => Growing::Texts(vec![held, other]),
            (Growing::Texts(mut texts), Growing::Text(other), _) => {
                texts.push(other);
                Growing::Texts(texts)
            }
            (Growing::Points(mut points), other, _) => {
                points.extend(other.point());
                Growing::Points(points)
            }
            (held, other, _) => {
                let mut points = Vec::with_capacity(expected);
                points.extend(held.point());
                points.extend(other.point());
                self.origins.reserve(expected);
                Growing::Points(points)
            }
        };
        self.origins.append(other.origins);
    }
}

/// Whether sets of this subject are joined. Where the subject itself must be
/// computed, its predicates are kept apart, because other rules may share them.
fn joins(subject: &Subject) -> bool {
    match subject {
        Subject::Number(number) => {
            !number.is_computed()
                && !matches!(number, NumberExpression::Interval(..) | NumberExpression::Distance(..))
        }
        _ => true,
    }
}
