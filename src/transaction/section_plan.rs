//! What is read of one profile of a document.

use std::collections::BTreeSet;

use crate::schema::{CUSTOM_FIELDS, EXTENDED_FIELDS, SEGMENTS};

use super::destination::Destination;
use super::names::Names;

/// What is read of one profile.
#[derive(Debug, Clone, Default)]
pub(super) struct SectionPlan {
    pub(super) keys: Names<MemberPlan>,
    pub(super) extended: Names<Vec<Destination>>,
    pub(super) custom_fields: Names<usize>,
    pub(super) segments: Names<usize>,
    /// The slot of the label, where nothing else of the profile is read.
    pub(super) label: Option<usize>,
}

/// What is read from the value of one key.
#[derive(Debug, Clone, Default)]
pub(super) struct MemberPlan {
    pub(super) values: Vec<Destination>,
    pub(super) structure: Option<Structure>,
    /// The slot of the label, where nothing else reads the value: whatever is
    /// no label is no error then.
    pub(super) label: Option<usize>,
}

/// A value that is an object or array with parts to read.
#[derive(Debug, Clone)]
pub(super) enum Structure {
    Extended,
    CustomFields,
    Segments,
    Answers(AnswerPlan),
    List(usize),
}

/// The answers of a method: one level for each argument, from first to last.
#[derive(Debug, Clone, Default)]
pub(super) struct AnswerPlan {
    pub(super) answers: Vec<Destination>,
    pub(super) arguments: Names<AnswerPlan>,
}

impl SectionPlan {
    /// Reads an attribute.
    pub(super) fn add_own(&mut self, name: &str, destination: Destination) {
        self.key(name, |key| key.values.push(destination));
    }

    pub(super) fn add_extended(&mut self, name: &str, destination: Destination) {
        self.extended.push(name, destination);
        self.add_structure(EXTENDED_FIELDS, Structure::Extended);
    }

    pub(super) fn add_custom_field(&mut self, name: &str, slot: usize) {
        self.custom_fields.entry(name, || slot);
        self.add_structure(CUSTOM_FIELDS, Structure::CustomFields);
    }

    pub(super) fn add_segment(&mut self, name: &str, slot: usize) {
        self.segments.entry(name, || slot);
        self.add_structure(SEGMENTS, Structure::Segments);
    }

    pub(super) fn add_answer(&mut self, method: &str, arguments: &[String], destination: Destination) {
        self.key(method, |key| {
            if arguments.is_empty() {
                key.values.push(destination);
                return;
            }
            let structure = key.structure.get_or_insert_with(|| Structure::Answers(AnswerPlan::default()));
            if let Structure::Answers(plan) = structure {
                plan.add(arguments, destination);
            }
        });
    }

    pub(super) fn add_structure(&mut self, key: &str, structure: Structure) {
        self.key(key, |key| {
            key.structure.get_or_insert(structure);
        });
    }

    fn key(&mut self, name: &str, change: impl FnOnce(&mut MemberPlan)) {
        self.keys.entry(name, MemberPlan::default).map(change);
    }

    /// Notes that only the label reads a key, or that more does.
    pub(super) fn set_label(&mut self, name: &str, slot: usize, only: bool) {
        self.key(name, |key| key.label = (only && key.values.len() == 1).then_some(slot));
        let labels = self.keys.entries().any(|key| key.label.is_some());
        self.label = (labels && self.keys.len() == 1).then_some(slot);
    }

    /// Marks the destinations whose text is compared.
    pub(super) fn mark(&mut self, compared: &BTreeSet<usize>) {
        for key in self.keys.entries_mut() {
            Destination::mark(&mut key.values, compared);
            if let Some(Structure::Answers(answers)) = &mut key.structure {
                answers.mark(compared);
            }
        }
        self.extended.mark(compared);
    }
}

impl AnswerPlan {
    fn add(&mut self, arguments: &[String], destination: Destination) {
        let mut plan = self;
        for argument in arguments {
            let Some(inner) = plan.arguments.entry(argument, AnswerPlan::default) else { return };
            plan = inner;
        }
        plan.answers.push(destination);
    }

    /// Recurses once per argument of the method.
    fn mark(&mut self, compared: &BTreeSet<usize>) {
        Destination::mark(&mut self.answers, compared);
        self.arguments.entries_mut().for_each(|plan| plan.mark(compared));
    }
}
