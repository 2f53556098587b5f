//! The operands of a chain, those about one subject joined: equalities to a
//! set, comparisons to a range.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::value::{Bounds, Fixed};

use super::origin::Origins;
use super::set::Numbers;
use super::{Clause, NumberExpression, NumberSet, Set, Subject, SubjectId, TextSet};

/// A set that a subject is to be in, before it is a literal of the condition.
pub(super) struct Membership {
    pub(super) subject: Arc<Subject>,
    pub(super) id: SubjectId,
    pub(super) set: Growing,
    pub(super) negated: bool,
    pub(super) origins: Origins,
}

/// A set that may still grow or shrink.
pub(super) enum Growing {
    /// Numbers between two ends, or one number.
    Within(Bounds),
    /// Billionths of numbers, in any order.
    Points(Vec<i64>),
    /// One text, or several in any order.
    Text(Arc<str>),
    Texts(Vec<Arc<str>>),
    /// Any other set, which stays as it is.
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

    /// The one number that it is, in billionths.
    fn point(&self) -> Option<i64> {
        match self {
            Growing::Within(bounds) => bounds.single().and_then(Fixed::small),
            _ => None,
        }
    }
}

/// A chain in the making.
///
/// In an `||` equalities are membership in a set; in an `&&` so are those that
/// are to fail, and comparisons that are to hold are one range. All are unknown
/// exactly where the subject is, so nothing changes where it is absent.
pub(super) struct Joined {
    pub(super) all: bool,
    /// Whether anything is joined.
    joins: bool,
    /// How many operands there will be.
    expected: usize,
    pub(super) memberships: Vec<Membership>,
    /// Where the membership that others can be joined to stands, by subject and
    /// by what is joined; filled once there are too many to look through.
    places: HashMap<(SubjectId, Joins), usize>,
    pub(super) rest: Vec<Clause>,
}

/// What a membership can be joined as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Joins {
    Equalities,
    Range,
}

/// To look through so few takes less than to hash; believed, not measured.
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

    /// How a membership can be joined to others, if it can.
    fn how(&self, membership: &Membership) -> Option<Joins> {
        if !self.joins || !joins(&membership.subject) {
            return None;
        }
        // An equality is to fail in an `&&`, and to hold in an `||`.
        let is_equality = membership.negated == self.all;
        match &membership.set {
            Growing::Text(_) if is_equality => Some(Joins::Equalities),
            Growing::Within(_) if is_equality => membership.set.point().map(|_| Joins::Equalities),
            Growing::Within(_) if self.all => Some(Joins::Range),
            _ => None,
        }
    }

    /// Where what a membership is joined to stands. A long chain asks one
    /// subject again and again, so the last one is looked at first.
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
    /// Whether others can be joined to it so.
    fn is(&self, how: Joins, all: bool) -> bool {
        let equality = self.negated == all;
        match (&self.set, how) {
            (Growing::Points(_) | Growing::Text(_) | Growing::Texts(_), Joins::Equalities) => equality,
            (Growing::Within(_), Joins::Equalities) => equality && self.set.point().is_some(),
            (Growing::Within(_), Joins::Range) => !equality,
            _ => false,
        }
    }

    /// Joins another membership of the same subject; there may be so many more.
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

/// Whether sets of a subject are joined. What is computed anew for every
/// question is rather kept question by question, for other rules ask the same.
fn joins(subject: &Subject) -> bool {
    match subject {
        Subject::Number(number) => {
            !number.is_computed()
                && !matches!(number, NumberExpression::Interval(..) | NumberExpression::Distance(..))
        }
        _ => true,
    }
}
