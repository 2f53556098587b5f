//! Subjects that few rules ask, and for one range of keys each: what all of
//! them require stands side by side.
//!
//! Most subjects of rules that people write are such: to look each of them up in a
//! table of its own would take longer than to ask its literals.

use crate::program::Evaluation;
use crate::transaction::{CurrentEntry, Key, NO_KEY};

use super::bits::set;
use super::nodes::{Nodes, ReadFrom};
use super::pool::Subjects;
use super::space::{Lanes, NodeKind, Values, WantedTruth};
use super::subject::SubjectValue;

/// Subjects by where their values come from.
#[derive(Debug, Default)]
pub(super) struct Flat {
    slots: FlatSubjects,
    slots_of_entry: FlatSubjects,
    computed: FlatSubjects,
}

/// Subjects, each by its slot or its number, and how many literals it has.
#[derive(Debug, Default)]
struct FlatSubjects {
    subjects: Box<[(u32, u32)]>,
    literals: Box<[FlatLiteral]>,
}

/// What a rule or a chain requires.
#[derive(Debug, Clone, Copy)]
pub(super) struct FlatLiteral {
    /// The first key of the range, and how many follow it.
    low: Key,
    span: u64,
    pub(super) node: u16,
    pub(super) of: NodeKind,
    /// Whether the keys outside suit.
    negated: bool,
}

impl FlatLiteral {
    /// What a node requires: a key from the one to the other, or no such key.
    pub(super) fn new(of: NodeKind, node: u16, (low, high, negated): (Key, Key, bool)) -> FlatLiteral {
        if low > high {
            return FlatLiteral { low: Key::MIN, span: u64::MAX, node, of, negated: !negated };
        }
        FlatLiteral { low, span: high.wrapping_sub(low).cast_unsigned(), node, of, negated }
    }

    #[inline]
    pub(super) fn suits(&self, key: Key) -> bool {
        // One comparison: a key below the range comes out above every span.
        (key.wrapping_sub(self.low).cast_unsigned() <= self.span) != self.negated
    }
}

/// Puts literals side by side.
#[derive(Default)]
pub(super) struct FlatBuilder {
    slots: FlatSubjectsBuilder,
    slots_of_entry: FlatSubjectsBuilder,
    computed: FlatSubjectsBuilder,
}

#[derive(Default)]
struct FlatSubjectsBuilder {
    subjects: Vec<(u32, u32)>,
    literals: Vec<FlatLiteral>,
}

impl FlatBuilder {
    pub(super) fn add(&mut self, number: u32, read: ReadFrom, mut literals: Vec<FlatLiteral>) {
        let (builder, number) = match read {
            ReadFrom::Slot(slot) => (&mut self.slots, slot),
            ReadFrom::Entry(slot) => (&mut self.slots_of_entry, slot),
            ReadFrom::Computed => (&mut self.computed, number),
        };
        // INVARIANT: a subject of which more is required has tables.
        builder.subjects.push((number, u32::try_from(literals.len()).unwrap_or(0)));
        builder.literals.append(&mut literals);
    }

    pub(super) fn finished(self) -> Flat {
        let finished = |builder: FlatSubjectsBuilder| FlatSubjects {
            subjects: builder.subjects.into(),
            literals: builder.literals.into(),
        };
        Flat {
            slots: finished(self.slots),
            slots_of_entry: finished(self.slots_of_entry),
            computed: finished(self.computed),
        }
    }
}

impl FlatSubjects {
    /// Calls with each subject and its literals.
    #[inline]
    fn each(&self, mut with: impl FnMut(u32, &[FlatLiteral])) {
        let mut rest = &*self.literals;
        for (number, count) in &self.subjects {
            let Some((literals, after)) = rest.split_at_checked(*count as usize) else { break };
            rest = after;
            with(*number, literals);
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
        self.slots.take(transaction.keys(), value, nodes, lanes);
        if !self.slots_of_entry.subjects.is_empty() {
            let entry = evaluation.current_entry();
            let keys = if let CurrentEntry::At(entry) = entry { entry.keys() } else { &[] };
            self.slots_of_entry.take(keys, |slot| SubjectValue::of_entry(entry, slot), nodes, lanes);
        }
        self.computed.each(|number, literals| {
            if nodes.need_any(literals, lanes, wanted)
                && let Some(subject) = subjects.get(number)
            {
                lanes.take_all(literals, nodes, values.of(number, subject, evaluation));
            }
        });
    }
}

impl Nodes {
    /// Whether it matters what any of some literals comes to.
    #[inline]
    pub(super) fn need_any(&self, literals: &[FlatLiteral], lanes: &Lanes, wanted: WantedTruth) -> bool {
        literals.iter().any(|literal| match literal.of {
            NodeKind::Rule => lanes.needs_rule(usize::from(literal.node), wanted),
            of => self.needs_chain(of, literal.node, lanes, wanted),
        })
    }
}

impl Lanes {
    /// Takes what a subject comes to for some literals.
    #[inline]
    pub(super) fn take_all(&mut self, literals: &[FlatLiteral], nodes: &Nodes, value: SubjectValue) {
        match value {
            SubjectValue::Key(key) => self.take_key(literals, key),
            SubjectValue::Missing(_) => {
                for literal in literals {
                    match literal.of {
                        NodeKind::Rule => set(&mut self.unknown, usize::from(literal.node)),
                        of => self.leave_unknown(of, literal.node),
                    }
                }
            }
            SubjectValue::Number(_) | SubjectValue::Unkeyed => doubt(literals, nodes, self),
        }
    }

    #[inline]
    fn take_key(&mut self, literals: &[FlatLiteral], key: Key) {
        for literal in literals {
            let holds = literal.suits(key);
            match literal.of {
                // Without a branch on what it comes to, which nobody can foresee.
                NodeKind::Rule => {
                    let node = usize::from(literal.node);
                    if let Some(word) = self.candidates.get_mut(node / 64) {
                        *word &= !(u64::from(!holds) << (node % 64));
                    }
                }
                of => self.take(of, literal.node, holds),
            }
        }
    }
}

/// The rules of some literals must be asked themselves.
#[cold]
fn doubt(literals: &[FlatLiteral], nodes: &Nodes, lanes: &mut Lanes) {
    for literal in literals {
        if let Some(rule) = nodes.rule_of(literal.of, literal.node) {
            set(lanes.unsure_mut(), rule);
        }
        if literal.of == NodeKind::Any {
            set(&mut lanes.any_true, usize::from(literal.node));
        }
    }
}
