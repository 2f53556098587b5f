//! Subjects that few rules ask, and for one range of keys each: what all of
//! them require stands side by side.
//!
//! Most subjects of rules that people write are such: to look each of them up in a
//! table of its own would take longer than to ask its literals.

use crate::program::Evaluation;
use crate::transaction::Key;

use super::bits::set;
use super::nodes::{Nodes, ReadFrom};
use super::pool::Subjects;
use super::space::{Lanes, NodeKind, Values, Wanted};
use super::subject::SubjectValue;

#[derive(Debug, Default)]
pub(super) struct Flat {
    subjects: Box<[FlatSubject]>,
    literals: Box<[FlatLiteral]>,
}

#[derive(Debug)]
struct FlatSubject {
    number: u32,
    read: ReadFrom,
    /// Where its literals end.
    end: usize,
}

/// What a rule or a chain requires.
#[derive(Debug, Clone, Copy)]
pub(super) struct FlatLiteral {
    pub(super) low: Key,
    pub(super) high: Key,
    pub(super) node: u16,
    pub(super) of: NodeKind,
    /// Whether the keys outside suit.
    pub(super) negated: bool,
}

impl FlatLiteral {
    #[inline]
    pub(super) fn suits(&self, key: Key) -> bool {
        (self.low <= key && key <= self.high) != self.negated
    }
}

/// Puts literals side by side.
#[derive(Default)]
pub(super) struct FlatBuilder {
    subjects: Vec<FlatSubject>,
    literals: Vec<FlatLiteral>,
}

impl FlatBuilder {
    pub(super) fn add(&mut self, number: u32, read: ReadFrom, mut literals: Vec<FlatLiteral>) {
        self.literals.append(&mut literals);
        self.subjects.push(FlatSubject { number, read, end: self.literals.len() });
    }

    pub(super) fn finished(self) -> Flat {
        Flat { subjects: self.subjects.into(), literals: self.literals.into() }
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
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) {
        let mut rest = &*self.literals;
        let mut start = 0_usize;
        for asked in &self.subjects {
            let count = asked.end.wrapping_sub(start);
            start = asked.end;
            let (literals, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = after;
            let value = match asked.read {
                ReadFrom::Slot(slot) => SubjectValue::of_slot(evaluation.transaction(), slot),
                ReadFrom::Entry(slot) => SubjectValue::of_entry(evaluation.current_entry(), slot),
                ReadFrom::Computed => {
                    let Some(subject) = subjects.get(asked.number) else { continue };
                    if !literals.iter().any(|literal| nodes.needs(literal.of, literal.node, lanes, wanted)) {
                        continue;
                    }
                    values.of(asked.number, subject, evaluation)
                }
            };
            lanes.take_all(literals, nodes, value);
        }
    }
}

impl Lanes {
    /// Takes what a subject comes to for some literals.
    #[inline]
    pub(super) fn take_all(&mut self, literals: &[FlatLiteral], nodes: &Nodes, value: SubjectValue) {
        match value {
            SubjectValue::Key(key) => {
                for literal in literals {
                    self.take(literal.of, literal.node, literal.suits(key));
                }
            }
            SubjectValue::Missing(_) => {
                literals.iter().for_each(|literal| self.leave_unknown(literal.of, literal.node));
            }
            SubjectValue::Number(_) | SubjectValue::Unkeyed => doubt(literals, nodes, self),
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
            set(&mut lanes.met, usize::from(literal.node));
        }
    }
}
