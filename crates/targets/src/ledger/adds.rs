//! What a bill adds to the targets of its customer, held so that a batch of bills
//! which add nothing takes no more memory than their lines.

use std::cmp::Ordering;
use std::sync::Arc;

use super::account::Contribution;
use super::lacking::{Lacking, UnknownTargets};

/// What a bill adds, by the position of the target; what adds nothing is not there.
///
/// INVARIANT: both lists are sorted, and no position is in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adds {
    known: Box<[(usize, Contribution)]>,
    /// Where it is unknown whether it counts, or how much it adds: with thousands
    /// of targets often the same of one bill after the other.
    unknown: UnknownTargets,
}

/// What a bill adds to one target.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Added<'a> {
    Known(&'a Contribution),
    Unknown(&'a Arc<Lacking>),
}

impl Adds {
    pub(super) fn new(known: Vec<(usize, Contribution)>, unknown: UnknownTargets) -> Adds {
        Adds { known: known.into(), unknown }
    }

    /// To how many targets it adds something, or may.
    pub(super) fn len(&self) -> usize {
        self.known.len().saturating_add(self.unknown.len())
    }

    /// By the position of the target.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Added<'_>)> {
        let known = self.known.iter().map(|(at, contribution)| (*at, Added::Known(contribution)));
        let unknown = self.unknown.iter().map(|(at, lacking)| (*at, Added::Unknown(lacking)));
        let (mut known, mut unknown) = (known.peekable(), unknown.peekable());
        std::iter::from_fn(move || match (known.peek(), unknown.peek()) {
            (Some((known_at, _)), Some((unknown_at, _))) if known_at > unknown_at => unknown.next(),
            (Some(_), _) => known.next(),
            (None, _) => unknown.next(),
        })
    }

    /// Whether it adds something to the target at a position, or may.
    pub(super) fn contains(&self, at: usize) -> bool {
        self.known.binary_search_by_key(&at, |(at, _)| *at).is_ok()
            || self.unknown.binary_search_by_key(&at, |(at, _)| *at).is_ok()
    }
}

impl PartialOrd for Adds {
    fn partial_cmp(&self, other: &Adds) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Target by target.
impl Ord for Adds {
    fn cmp(&self, other: &Adds) -> Ordering {
        self.iter().cmp(other.iter())
    }
}
