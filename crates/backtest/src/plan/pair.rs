//! An old and a new version that are compared.

use hashbrown::HashMap;

use super::subject::Subject;
use super::tallies::Tallies;

/// What becomes of one target: positions of subjects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) old: Option<usize>,
    pub(crate) new: Option<usize>,
    /// Whether both count alike, so that nothing is to be compared.
    pub(crate) alike: bool,
    /// The positions among those in focus.
    pub(crate) old_focus: Option<usize>,
    pub(crate) new_focus: Option<usize>,
}

/// The pairs of two versions, matched by id; `new` stand after `old` among the subjects.
/// Two single rules are matched whatever they are called.
pub(super) fn pairs(old: &[Subject], new: &[Subject]) -> Vec<Pair> {
    let of_new: HashMap<&str, usize> = new.iter().enumerate().map(|(at, one)| (one.id(), at)).collect();
    let pair = |old_at: Option<usize>, new_at: Option<usize>| {
        let both = old_at.and_then(|at| old.get(at)).zip(new_at.and_then(|at| new.get(at)));
        Pair {
            old: old_at,
            new: new_at.map(|at| at + old.len()),
            alike: both.is_some_and(|(old, new)| old.counts_as(new)),
            old_focus: None,
            new_focus: None,
        }
    };
    if let ([one], [other]) = (old, new)
        && one.target().is_none()
        && other.target().is_none()
    {
        return vec![pair(Some(0), Some(0))];
    }
    let mut taken = vec![false; new.len()];
    let mut pairs = Vec::new();
    for (at, one) in old.iter().enumerate() {
        let found = of_new.get(one.id()).copied();
        if let Some(taken) = found.and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
        pairs.push(pair(Some(at), found));
    }
    pairs.extend((0..new.len()).filter(|at| taken.get(*at) == Some(&false)).map(|at| pair(None, Some(at))));
    pairs
}

/// By tally: the pairs in which it is counted for a version, and whether for the new one.
pub(super) fn pairs_of(pairs: &[Pair], tallies: &Tallies) -> Vec<Vec<(usize, bool)>> {
    let mut of = vec![Vec::new(); tallies.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let tally = |subject: Option<usize>| tallies.tally(subject?);
        for (version, is_new) in [(pair.old, false), (pair.new, true)] {
            // One that both share is counted for the old one.
            if let Some(of) = tally(version).and_then(|tally| of.get_mut(tally))
                && of.last() != Some(&(at, false))
            {
                of.push((at, is_new));
            }
        }
    }
    of
}
