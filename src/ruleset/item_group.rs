//! Aggregates that select line items by the value of one attribute, asked
//! together.
//!
//! Rules name many brands, and a bill has few of them. What an aggregate of no
//! item requires of rules and chains is known beforehand, so that it is put
//! down without computing anything; only those of a value that is in the bill
//! are computed.

use hashbrown::HashMap;

use crate::program::Evaluation;
use crate::transaction::Symbol;

use super::flat::{FlatLiteral, FlatLiterals};
use super::nodes::Nodes;
use super::pool::Subjects;
use super::space::{Lanes, WantedTruth, Work};
use super::subject::ItemAttribute;

/// Fewer aggregates than that are computed one by one.
pub(super) const LEAST_AGGREGATES: usize = 4;

/// An aggregate as a subject, and what is required of it.
pub(super) struct OfItems {
    pub(super) symbol: Symbol,
    pub(super) subject: u32,
    pub(super) literals: Vec<FlatLiteral>,
}

#[derive(Debug)]
pub(super) struct ItemGroup {
    /// The list's number in the layout, and the slot of the attribute.
    list: usize,
    slot: u32,
    /// By the symbol of a value: the number of its part.
    by_symbol: HashMap<u32, u32>,
    parts: Box<[Part]>,
    /// The numbers of subjects, each with the end of its literals, part by part.
    subjects: Box<[(u32, usize)]>,
    literals: FlatLiterals,
    /// The nodes whose bit goes where no item has the value of a part, part by part.
    without: Box<[u32]>,
}

/// The aggregates that select by one value: where they begin and end.
#[derive(Debug, Default)]
struct Part {
    subjects: (usize, usize),
    literals_from: usize,
    without: (usize, usize),
}

impl ItemGroup {
    pub(super) fn of((list, slot): ItemAttribute, mut aggregates: Vec<OfItems>) -> ItemGroup {
        aggregates.sort_unstable_by_key(|aggregate| (aggregate.symbol.0, aggregate.subject));
        let mut by_symbol = HashMap::new();
        let mut parts: Vec<Part> = Vec::new();
        let (mut subjects, mut literals, mut without) = (Vec::new(), Vec::new(), Vec::new());
        for aggregate in aggregates {
            let next = u32::try_from(parts.len()).unwrap_or(u32::MAX);
            if *by_symbol.entry(aggregate.symbol.0).or_insert(next) == next {
                parts.push(Part {
                    subjects: (subjects.len(), 0),
                    literals_from: literals.len(),
                    without: (without.len(), 0),
                });
            }
            // The key of a sum or a count of nothing, and of no.
            let changed = aggregate.literals.iter().filter(|literal| literal.takes(0));
            without.extend(changed.map(FlatLiteral::node));
            literals.extend(aggregate.literals);
            subjects.push((aggregate.subject, literals.len()));
            if let Some(part) = parts.last_mut() {
                part.subjects.1 = subjects.len();
                part.without.1 = without.len();
            }
        }
        ItemGroup {
            list,
            slot,
            by_symbol,
            parts: parts.into(),
            subjects: subjects.into(),
            literals: FlatLiterals::of(&literals),
            without: without.into(),
        }
    }

    /// Takes what each aggregate comes to.
    pub(super) fn narrow(
        &self,
        nodes: &Nodes,
        subjects: &Subjects,
        lanes: &mut Lanes,
        work: &mut Work,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        let Some(entries) = evaluation.transaction().entries_of(self.list) else {
            self.literals.nodes().iter().for_each(|node| lanes.leave_unknown(*node));
            return;
        };
        let found = &mut work.group.found;
        found.clear();
        let symbols = entries.column(self.slot).filter_map(|key| u32::try_from(key).ok());
        found.extend(symbols.filter_map(|symbol| self.by_symbol.get(&symbol)));
        found.sort_unstable();
        found.dedup();
        let mut from = 0_usize;
        for number in &*found {
            let Some(part) = self.parts.get(*number as usize) else { continue };
            self.leave_out(from, part.without.0, lanes);
            from = part.without.1;
        }
        self.leave_out(from, self.without.len(), lanes);
        for number in &*found {
            let Some(part) = self.parts.get(*number as usize) else { continue };
            let mut start = part.literals_from;
            for (number, end) in self.subjects.get(part.subjects.0..part.subjects.1).unwrap_or_default() {
                let literals = self.literals.within(start, *end);
                start = *end;
                let Some(subject) = subjects.get(*number) else { continue };
                if !nodes.need_any(literals, lanes, wanted) {
                    continue;
                }
                lanes.take_all(literals, nodes, work.values.of(*number, subject, evaluation));
            }
        }
    }

    /// Puts down that the values of some parts are not there.
    #[inline]
    fn leave_out(&self, from: usize, to: usize, lanes: &mut Lanes) {
        for node in self.without.get(from..to).unwrap_or_default() {
            lanes.take(*node, false);
        }
    }
}
