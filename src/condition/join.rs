//! The operands of a chain, those about one subject joined: equalities to a
//! set, comparisons to a range.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::{Bounds, Fixed};

use super::set::Numbers;
use super::{Clause, NumberExpression, NumberSet, Origin, Set, Subject, SubjectId, TextSet};

/// A set that a subject is to be in, before it is a literal of the condition.
pub(super) struct Membership {
    pub(super) subject: Arc<Subject>,
    pub(super) id: SubjectId,
    pub(super) set: Set,
    pub(super) negated: bool,
    pub(super) origins: Vec<Origin>,
}

/// The memberships in one subject that can be joined.
struct Gathered {
    subject: Arc<Subject>,
    texts: Vec<Arc<str>>,
    numbers: Vec<i64>,
    points_from: Vec<Origin>,
    range: Option<Bounds>,
    range_from: Vec<Origin>,
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
    // Boxed, or the map would take more memory at once than allocators are
    // quick to give.
    subjects: BTreeMap<SubjectId, Box<Gathered>>,
    pub(super) memberships: Vec<Membership>,
    pub(super) rest: Vec<Clause>,
}

impl Joined {
    pub(super) fn new(all: bool, joins: bool, expected: usize) -> Joined {
        let (memberships, rest) = (Vec::new(), Vec::new());
        Joined { all, joins, expected, subjects: BTreeMap::new(), memberships, rest }
    }

    pub(super) fn add(&mut self, membership: Membership) {
        // An equality is to fail in an `&&`, and to hold in an `||`.
        let is_equality = membership.negated == self.all;
        if !self.joins || !joins(&membership.subject) {
            return self.memberships.push(membership);
        }
        match &membership.set {
            Set::Texts(TextSet::Values(values)) if is_equality => {
                let values = values.clone();
                let gathered = self.gathered(&membership);
                gathered.texts.extend(values);
                gathered.points_from.extend(membership.origins);
            }
            Set::Numbers(NumberSet(Numbers::Within(bounds))) => {
                let (bounds, expected) = (*bounds, self.expected);
                match bounds.single().and_then(Fixed::small) {
                    Some(point) if is_equality => {
                        let gathered = self.gathered(&membership);
                        if gathered.numbers.is_empty() {
                            gathered.numbers.reserve(expected);
                            gathered.points_from.reserve(expected);
                        }
                        gathered.numbers.push(point);
                        gathered.points_from.extend(membership.origins);
                    }
                    _ if self.all && !membership.negated => {
                        let gathered = self.gathered(&membership);
                        gathered.range = Some(gathered.range.map_or(bounds, |range| range.and(bounds)));
                        gathered.range_from.extend(membership.origins);
                    }
                    _ => self.memberships.push(membership),
                }
            }
            _ => self.memberships.push(membership),
        }
    }

    fn gathered(&mut self, membership: &Membership) -> &mut Gathered {
        self.subjects.entry(membership.id).or_insert_with(|| {
            Box::new(Gathered {
                subject: membership.subject.clone(),
                texts: Vec::new(),
                numbers: Vec::new(),
                points_from: Vec::new(),
                range: None,
                range_from: Vec::new(),
            })
        })
    }

    /// Ends the gathering: what is left are memberships and other clauses.
    pub(super) fn settle(&mut self) {
        let negated = self.all;
        for (id, gathered) in std::mem::take(&mut self.subjects) {
            let Gathered { subject, mut texts, mut numbers, points_from, range, range_from } = *gathered;
            let membership = |set, negated, origins| {
                let subject = subject.clone();
                Membership { subject, id, set, negated, origins }
            };
            if let Some(range) = range {
                let set = Set::Numbers(NumberSet::within(range));
                self.memberships.push(membership(set, false, range_from));
            }
            if !texts.is_empty() {
                texts.sort_unstable();
                texts.dedup();
                let set = Set::Texts(TextSet::Values(texts.into()));
                self.memberships.push(membership(set, negated, points_from));
                continue;
            }
            numbers.sort_unstable();
            numbers.dedup();
            let set = match numbers.as_slice() {
                [] => continue,
                [number] => NumberSet::within(Bounds::equal_to(Fixed::of_small(*number))),
                _ => NumberSet(Numbers::Points(numbers.into())),
            };
            self.memberships.push(membership(Set::Numbers(set), negated, points_from));
        }
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
