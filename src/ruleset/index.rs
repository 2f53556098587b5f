//! Which rules of a block the values of a transaction can satisfy.
//!
//! Each subject takes away the rules that it makes false, and marks those that
//! it leaves unknown. Chains of `||` and `&&` below the rules have bits of
//! their own: subjects take those of an `||` that they make true, and those of an `&&` that
//! they make false. At the end each rule that is left asks its chains. So one pass gives
//! what is true and what is unknown, whatever the rules are.

use crate::program::Evaluation;
use crate::value::Truth;

use super::bits::{clear, drop_from, positions, set};
use super::date_group::DateGroup;
use super::flat::Flat;
use super::group::Group;
use super::item_group::ItemGroup;
use super::nodes::{Nodes, ReadFrom};
use super::pool::Subjects;
use super::space::{Lanes, NodeKind, WantedTruth, Work};
use super::subject::SubjectValue;
use super::table::Table;

#[derive(Debug)]
pub(super) struct Index {
    /// What is asked of the transaction.
    pub(super) of_transaction: Asks,
    /// What is asked of each entry of a list.
    pub(super) of_entry: Asks,
    /// The chains below the rules.
    pub(super) nodes: Nodes,
    /// The rules that must be asked, for the bits do not say all of them; empty
    /// where there is none.
    pub(super) asking: Box<[u64]>,
    /// The rules that are not false whatever comes.
    pub(super) possible: Box<[u64]>,
}

/// What is asked, in the order in which it is.
#[derive(Debug, Default)]
pub(super) struct Asks {
    /// First what stands there, for what must be computed may not be needed any
    /// more then.
    pub(super) stated: SubjectTables,
    pub(super) items: Box<[ItemGroup]>,
    pub(super) computed: SubjectTables,
    pub(super) groups: Box<[Group]>,
    pub(super) dates: Box<[DateGroup]>,
    /// Opaque tests.
    pub(super) outcomes: SubjectTables,
}

/// Subjects that cost alike.
#[derive(Debug, Default)]
pub(super) struct SubjectTables {
    pub(super) flat: Flat,
    pub(super) tables: Box<[AskedSubject]>,
}

/// A subject that many rules ask, or for several ranges of keys.
#[derive(Debug)]
pub(super) struct AskedSubject {
    pub(super) number: u32,
    pub(super) read: ReadFrom,
    pub(super) rules: Option<Table>,
    pub(super) any: Option<Table>,
    pub(super) all: Option<Table>,
}

impl Index {
    /// Leaves of the candidates those that what is asked does not make false.
    pub(super) fn narrow(
        &self,
        asks: &Asks,
        subjects: &Subjects,
        lanes: &mut Lanes,
        work: &mut Work,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        if work.buffer.len() < lanes.open.len() {
            work.buffer.resize(lanes.open.len(), 0);
        }
        self.ask(&asks.stated, subjects, lanes, work, wanted, evaluation);
        for group in &asks.items {
            group.narrow(&self.nodes, subjects, lanes, work, wanted, evaluation);
        }
        self.ask(&asks.computed, subjects, lanes, work, wanted, evaluation);
        for group in &asks.dates {
            group.narrow(lanes, evaluation);
        }
        for group in &asks.groups {
            group.narrow(lanes, work, evaluation);
        }
        self.ask(&asks.outcomes, subjects, lanes, work, wanted, evaluation);
    }

    #[inline]
    fn ask(
        &self,
        asked: &SubjectTables,
        subjects: &Subjects,
        lanes: &mut Lanes,
        work: &mut Work,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        asked.flat.ask(&self.nodes, subjects, lanes, &mut work.values, wanted, evaluation);
        for one in &asked.tables {
            let value = match one.read {
                ReadFrom::Slot(slot) => SubjectValue::of_slot(evaluation.transaction(), slot),
                ReadFrom::Entry(slot) => SubjectValue::of_entry(evaluation.current_entry(), slot),
                ReadFrom::Computed => {
                    let Some(subject) = subjects.get(one.number) else { continue };
                    if !self.concerns(one, lanes, wanted) {
                        continue;
                    }
                    work.values.of(one.number, subject, evaluation)
                }
            };
            self.take(one, value, lanes, &mut work.buffer);
        }
    }

    #[inline]
    fn take(&self, one: &AskedSubject, value: SubjectValue, lanes: &mut Lanes, buffer: &mut [u64]) {
        match value {
            SubjectValue::Key(key) => {
                if let Some(table) = &one.rules {
                    table.narrow(key, lanes.open_of(NodeKind::Rule), buffer);
                }
                if let Some(table) = &one.any {
                    table.settle(key, lanes.open_of(NodeKind::Any), buffer);
                }
                if let Some(table) = &one.all {
                    table.narrow(key, lanes.open_of(NodeKind::All), buffer);
                }
            }
            SubjectValue::Missing(_) => {
                if let Some(table) = &one.rules {
                    table.join(lanes.unknown_of(NodeKind::Rule));
                }
                if let Some(table) = &one.any {
                    table.join(lanes.unknown_of(NodeKind::Any));
                }
                if let Some(table) = &one.all {
                    table.join(lanes.unknown_of(NodeKind::All));
                }
            }
            SubjectValue::Number(_) | SubjectValue::Unkeyed => self.doubt(one, lanes, buffer),
        }
    }

    /// The rules that ask the subject must be asked themselves. What their
    /// chains come to is more than they do, so none is taken away.
    #[cold]
    fn doubt(&self, one: &AskedSubject, lanes: &mut Lanes, buffer: &mut [u64]) {
        if let Some(table) = &one.rules {
            table.join(lanes.unsure_mut());
        }
        let of_chains =
            [(NodeKind::Any, &one.any, &self.nodes.any), (NodeKind::All, &one.all, &self.nodes.all)];
        for (of, table, chains) in of_chains {
            let Some(table) = table else { continue };
            let asking = buffer.get_mut(..lanes.open_of(of).len()).unwrap_or_default();
            asking.fill(0);
            table.join(asking);
            for rule in positions(asking).filter_map(|chain| chains.rule_of.get(chain)) {
                set(lanes.unsure_mut(), usize::from(*rule));
            }
            if of == NodeKind::Any {
                drop_from(lanes.open_of(of), asking);
            }
        }
    }

    /// Whether some rule needs a subject.
    fn concerns(&self, one: &AskedSubject, lanes: &Lanes, wanted: WantedTruth) -> bool {
        let by_rules = one.rules.as_ref().is_some_and(|table| match wanted {
            WantedTruth::NotFalse => table.meets(lanes.candidates(), &[]),
            WantedTruth::True => table.meets(lanes.candidates(), lanes.unknown_rules()),
        });
        let by_chains = |of: NodeKind, table: Option<&Table>| {
            let first = self.nodes.widths.first(of);
            // INVARIANT: 32 bits number the nodes of a block.
            let bit = |chain: usize| u32::try_from(first.wrapping_add(chain)).unwrap_or(u32::MAX);
            table.is_some_and(|table| table.any(|chain| self.nodes.need(bit(chain), lanes, wanted)))
        };
        by_rules || by_chains(NodeKind::Any, one.any.as_ref()) || by_chains(NodeKind::All, one.all.as_ref())
    }

    /// Calls with every candidate that must be asked, and marks what it comes to.
    pub(super) fn settle_asked(
        &self,
        lanes: &mut Lanes,
        wanted: WantedTruth,
        mut ask: impl FnMut(usize) -> Truth,
    ) {
        // Mostly there are none.
        for word in 0..self.asking.len().max(lanes.unsure.len()) {
            let bits = |bits: &[u64]| bits.get(word).copied().unwrap_or(0);
            let mut left = bits(&lanes.open) & (bits(&self.asking) | bits(&lanes.unsure));
            if wanted == WantedTruth::True {
                // What is unknown already cannot become true.
                left &= !bits(&lanes.unknown);
            }
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                let rule = word.wrapping_mul(64).wrapping_add(at);
                match ask(rule) {
                    Truth::True => {}
                    Truth::Unknown => set(&mut lanes.unknown, rule),
                    Truth::False => clear(&mut lanes.open, rule),
                }
            }
        }
    }
}
