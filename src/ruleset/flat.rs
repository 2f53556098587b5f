//! Subjects that few rules ask, and for one range of keys each: what all of
//! them require stands side by side.
//!
//! Most subjects of rules that people write are such: to look each of them up in a
//! table of its own would take longer than to ask its literals.

use crate::program::Evaluation;
use crate::transaction::{CurrentEntry, Key, NO_KEY};

use super::bits::{join, set};
use super::nodes::{Nodes, ReadFrom};
use super::pool::Subjects;
use super::space::{Lanes, NodeKind, Values, WantedTruth, Widths};
use super::subject::SubjectValue;
use super::switches::Switches;

/// Subjects by where their values come from.
#[derive(Debug, Default)]
pub(super) struct Flat {
    slots: Box<[OfProfile]>,
    slots_of_entry: FlatSubjects,
    computed: Box<[OfProfile]>,
}

/// The subjects that have no value without one profile, or those of no profile.
#[derive(Debug)]
struct OfProfile {
    /// The number of the profile and the nodes that ask for it, as bits, where that
    /// costs less than to ask subject by subject.
    whole: Option<(u32, Box<[u64]>)>,
    subjects: FlatSubjects,
}

/// What it costs to leave literals unknown one by one, and to join a bitmap, in
/// instructions: counted by callgrind.
const OF_A_SUBJECT: usize = 15;
const OF_A_LITERAL: usize = 7;
const OF_A_WORD: usize = 2;
const OF_A_JOIN: usize = 30;

/// Subjects, each by its slot or its number, and how many literals it has.
#[derive(Debug, Default)]
struct FlatSubjects {
    subjects: Box<[(u32, u32)]>,
    literals: FlatLiterals,
}

/// What nodes require, each of one subject. What is unknown asks the nodes only,
/// so they stand by themselves besides.
#[derive(Debug, Default)]
pub(super) struct FlatLiterals {
    literals: Box<[FlatLiteral]>,
    nodes: Box<[u32]>,
}

/// Some of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiteralsOfSubject<'f> {
    literals: &'f [FlatLiteral],
    nodes: &'f [u32],
}

/// The keys at which the bit of a node stays.
#[derive(Debug, Clone, Copy)]
struct KeySpan {
    /// The first key, and how many follow it; past the last key comes the first.
    low: Key,
    more: u64,
}

/// What a node requires.
#[derive(Debug, Clone, Copy)]
pub(super) struct FlatLiteral {
    span: KeySpan,
    node: u32,
}

impl KeySpan {
    /// INVARIANT: no value has this key.
    const NONE: KeySpan = KeySpan { low: NO_KEY, more: 0 };

    fn of(low: Key, high: Key) -> KeySpan {
        if low > high {
            return KeySpan::NONE;
        }
        KeySpan { low, more: high.wrapping_sub(low).cast_unsigned() }
    }

    /// The other keys.
    fn others(self) -> KeySpan {
        let after = self.low.wrapping_add_unsigned(self.more).wrapping_add(1);
        match u64::MAX.checked_sub(self.more).and_then(|others| others.checked_sub(1)) {
            Some(more) => KeySpan { low: after, more },
            None => KeySpan::NONE,
        }
    }

    #[inline]
    fn has(self, key: Key) -> bool {
        // One comparison: a key below the first comes out above every number.
        key.wrapping_sub(self.low).cast_unsigned() <= self.more
    }
}

impl FlatLiteral {
    /// What a node requires: a key from the one to the other, or no such key.
    pub(super) fn new(
        of: NodeKind,
        node: u16,
        widths: Widths,
        (low, high, negated): (Key, Key, bool),
    ) -> FlatLiteral {
        let span = KeySpan::of(low, high);
        // The bit of an `||` stays where the literal does not hold.
        let is_inverted = negated != (of == NodeKind::Any);
        let span = if is_inverted { span.others() } else { span };
        FlatLiteral { span, node: widths.bit(of, node) }
    }

    /// Its node.
    pub(super) fn node(&self) -> u32 {
        self.node
    }

    /// Whether a key takes away the bit of its node.
    pub(super) fn takes(&self, key: Key) -> bool {
        !self.span.has(key)
    }
}

impl FlatLiterals {
    pub(super) fn of(literals: &[FlatLiteral]) -> FlatLiterals {
        FlatLiterals {
            literals: literals.into(),
            nodes: literals.iter().map(|literal| literal.node).collect(),
        }
    }

    pub(super) fn within(&self, start: usize, end: usize) -> LiteralsOfSubject<'_> {
        LiteralsOfSubject {
            literals: self.literals.get(start..end).unwrap_or_default(),
            nodes: self.nodes.get(start..end).unwrap_or_default(),
        }
    }

    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes
    }
}

/// Puts literals side by side.
#[derive(Default)]
pub(super) struct FlatBuilder {
    slots: Vec<FlatSubject>,
    slots_of_entry: Vec<FlatSubject>,
    computed: Vec<FlatSubject>,
}

/// A subject by its slot or its number, the profile without which it has no value,
/// and its literals.
struct FlatSubject {
    number: u32,
    profile: Option<u32>,
    literals: Vec<FlatLiteral>,
}

impl FlatBuilder {
    pub(super) fn add(
        &mut self,
        number: u32,
        read: ReadFrom,
        profile: Option<u32>,
        literals: Vec<FlatLiteral>,
    ) {
        let (subjects, number) = match read {
            ReadFrom::Slot(slot) => (&mut self.slots, slot),
            ReadFrom::Entry(slot) => (&mut self.slots_of_entry, slot),
            ReadFrom::Computed => (&mut self.computed, number),
        };
        subjects.push(FlatSubject { number, profile, literals });
    }

    pub(super) fn finished(self, widths: Widths, switches: Switches) -> Flat {
        Flat {
            slots: OfProfile::each(self.slots, widths, switches),
            slots_of_entry: FlatSubjects::of(&self.slots_of_entry),
            computed: OfProfile::each(self.computed, widths, switches),
        }
    }
}

impl OfProfile {
    /// Subjects put together by their profile, those of no profile last; beyond that
    /// they stay in their order, which is that of their costs.
    fn each(mut subjects: Vec<FlatSubject>, widths: Widths, switches: Switches) -> Box<[OfProfile]> {
        subjects.sort_by_key(|subject| (subject.profile.is_none(), subject.profile));
        let of_one = subjects.chunk_by(|one, other| one.profile == other.profile);
        of_one.map(|subjects| OfProfile::of(subjects, widths, switches)).collect()
    }

    fn of(subjects: &[FlatSubject], widths: Widths, switches: Switches) -> OfProfile {
        let nodes = || subjects.iter().flat_map(|subject| &subject.literals).map(FlatLiteral::node);
        let of_literals = nodes().count().wrapping_mul(OF_A_LITERAL);
        let one_by_one = subjects.len().wrapping_mul(OF_A_SUBJECT).wrapping_add(of_literals);
        let at_once = widths.total().wrapping_mul(OF_A_WORD).wrapping_add(OF_A_JOIN);
        let profile = subjects.first().and_then(|subject| subject.profile);
        let whole = profile.filter(|_| switches.profiles && at_once < one_by_one).map(|profile| {
            let mut bits = vec![0; widths.total()];
            nodes().for_each(|node| set(&mut bits, node as usize));
            (profile, bits.into())
        });
        OfProfile { whole, subjects: FlatSubjects::of(subjects) }
    }

    /// Where the profile is not there, leaves unknown all that asks for it.
    #[inline]
    fn is_absent(&self, values: &Values, lanes: &mut Lanes) -> bool {
        match &self.whole {
            Some((profile, asking)) if values.lacks_profile(*profile) => {
                join(&mut lanes.unknown, asking);
                true
            }
            _ => false,
        }
    }
}

impl FlatSubjects {
    fn of(subjects: &[FlatSubject]) -> FlatSubjects {
        let literals: Vec<FlatLiteral> =
            subjects.iter().flat_map(|subject| &subject.literals).copied().collect();
        // INVARIANT: a subject of which more is required has tables.
        let counted = |subject: &FlatSubject| u32::try_from(subject.literals.len()).unwrap_or(0);
        FlatSubjects {
            subjects: subjects.iter().map(|subject| (subject.number, counted(subject))).collect(),
            literals: FlatLiterals::of(&literals),
        }
    }

    /// Calls with each subject and its literals.
    #[inline]
    fn each(&self, mut with: impl FnMut(u32, LiteralsOfSubject<'_>)) {
        let (mut literals, mut nodes) = (&*self.literals.literals, &*self.literals.nodes);
        for (number, count) in &self.subjects {
            let parts = (literals.split_at_checked(*count as usize), nodes.split_at_checked(*count as usize));
            let (Some((own, more)), Some((own_nodes, more_nodes))) = parts else { break };
            (literals, nodes) = (more, more_nodes);
            with(*number, LiteralsOfSubject { literals: own, nodes: own_nodes });
        }
    }

    /// Takes what slots come to: their keys, and where one has none its value.
    #[inline]
    fn take(&self, keys: &[Key], value: impl Fn(u32) -> SubjectValue, nodes: &Nodes, lanes: &mut Lanes) {
        self.each(|slot, literals| match keys.get(slot as usize) {
            Some(key) if *key != NO_KEY => lanes.take_key(literals, *key),
            _ => lanes.take_all(literals, nodes, value(slot)),
        });
    }
}

impl Flat {
    /// Takes what each subject comes to.
    pub(super) fn ask(
        &self,
        nodes: &Nodes,
        subjects: &Subjects,
        lanes: &mut Lanes,
        values: &mut Values,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        let transaction = evaluation.transaction();
        let value = |slot| SubjectValue::of_slot(transaction, slot);
        for part in &self.slots {
            if part.is_absent(values, lanes) {
                continue;
            }
            part.subjects.take(transaction.keys(), value, nodes, lanes);
        }
        if !self.slots_of_entry.subjects.is_empty() {
            let entry = evaluation.current_entry();
            let keys = if let CurrentEntry::At(entry) = entry { entry.keys() } else { &[] };
            self.slots_of_entry.take(keys, |slot| SubjectValue::of_entry(entry, slot), nodes, lanes);
        }
        for part in &self.computed {
            if part.is_absent(values, lanes) {
                continue;
            }
            part.subjects.each(|number, literals| {
                if nodes.need_any(literals, lanes, wanted)
                    && let Some(subject) = subjects.get(number)
                {
                    lanes.take_all(literals, nodes, values.of(number, subject, evaluation));
                }
            });
        }
    }
}

impl Nodes {
    /// Whether it matters what any of some literals comes to.
    #[inline]
    pub(super) fn need_any(
        &self,
        literals: LiteralsOfSubject<'_>,
        lanes: &Lanes,
        wanted: WantedTruth,
    ) -> bool {
        literals.nodes.iter().any(|node| self.need(*node, lanes, wanted))
    }
}

impl Lanes {
    /// Takes what a subject comes to for some literals.
    #[inline]
    pub(super) fn take_all(&mut self, literals: LiteralsOfSubject<'_>, nodes: &Nodes, value: SubjectValue) {
        match value {
            SubjectValue::Key(key) => self.take_key(literals, key),
            SubjectValue::Missing(_) => literals.nodes.iter().for_each(|node| self.leave_unknown(*node)),
            SubjectValue::Number(_) | SubjectValue::Unkeyed => doubt(literals, nodes, self),
        }
    }

    #[inline]
    fn take_key(&mut self, literals: LiteralsOfSubject<'_>, key: Key) {
        for literal in literals.literals {
            self.take(literal.node, literal.span.has(key));
        }
    }
}

/// The rules of some literals must be asked themselves. What their chains come to
/// is more than they do, so that none is taken away.
#[cold]
fn doubt(literals: LiteralsOfSubject<'_>, nodes: &Nodes, lanes: &mut Lanes) {
    let any = nodes.widths.first(NodeKind::Any)..nodes.widths.first(NodeKind::All);
    for node in literals.nodes {
        if let Some(rule) = nodes.rule_of(*node) {
            set(lanes.unsure_mut(), rule);
        }
        if any.contains(&(*node as usize)) {
            lanes.take(*node, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KeySpan, NO_KEY};

    #[test]
    fn a_span_has_its_keys_and_no_others() {
        let keys = [NO_KEY + 1, -7, -1, 0, 1, 6, 7, i64::MAX - 1, i64::MAX];
        let ends =
            [(0, 6), (7, 7), (1, 0), (NO_KEY, 0), (NO_KEY, i64::MAX), (-7, i64::MAX), (NO_KEY + 1, i64::MAX)];
        for (low, high) in ends {
            let span = KeySpan::of(low, high);
            for key in keys {
                let expected = low <= key && key <= high;
                assert_eq!(span.has(key), expected, "{key} in {low} to {high}");
                assert_eq!(span.others().has(key), !expected, "{key} outside of {low} to {high}");
                assert_eq!(span.others().others().has(key), expected, "{key} in {low} to {high}, twice");
            }
        }
    }
}
