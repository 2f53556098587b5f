//! What is counted once: subjects whose rules say the same have the same counts.

use hashbrown::HashMap;
use target_rules::Rule;

use super::subject::Subject;

/// Which subjects share their counts.
///
/// Catalogues say one rule many times, for each period or group anew, and both versions of a
/// comparison mostly say the same. Such a rule is decided and counted once.
#[derive(Debug)]
pub(crate) struct Tallies {
    /// By tally: the position of the first of its subjects.
    first: Vec<usize>,
    /// By the position of a subject: its tally.
    of: Vec<usize>,
}

impl Tallies {
    /// `is_plain` says of which subjects the rule alone decides; the others share nothing.
    pub(super) fn of(subjects: &[Subject], is_plain: impl Fn(&Subject) -> bool) -> Tallies {
        let (mut first, mut of) = (Vec::new(), Vec::new());
        let mut by_text: HashMap<String, Vec<(usize, &Rule)>> = HashMap::new();
        for (at, subject) in subjects.iter().enumerate() {
            let mut tally = first.len();
            if is_plain(subject) {
                let rule = subject.checked_rule();
                let alike = by_text.entry(rule.to_text()).or_default();
                // Of one text there may be two rules, since types of fields are inferred.
                match alike.iter().find(|(_, other)| *other == rule) {
                    Some((known, _)) => tally = *known,
                    None => alike.push((tally, rule)),
                }
            }
            if tally == first.len() {
                first.push(at);
            }
            of.push(tally);
        }
        Tallies { first, of }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.first.len()
    }

    /// The first subject of each, in order.
    pub(super) fn firsts(&self) -> impl Iterator<Item = usize> {
        self.first.iter().copied()
    }

    /// The position of the first subject of one.
    pub(crate) fn subject(&self, tally: usize) -> Option<usize> {
        self.first.get(tally).copied()
    }

    /// That of a subject, by its position.
    #[inline]
    pub(crate) fn tally(&self, subject: usize) -> Option<usize> {
        self.of.get(subject).copied()
    }
}
