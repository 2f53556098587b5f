//! Adds what a condition reads, compares and computes to a plan.

use std::sync::Arc;

use crate::condition::{
    Aggregate, Answer, Condition, Container, DateExpression, Leaf, Predicate, Reading, Reads, Set, Subject,
    TextExpression, TextSet, Visitor,
};
use crate::typed::{ProfileName, Read, Selection, TRANSACTION};
use crate::value::DateText;

use super::derived::{Derived, is_expensive};
use super::plan::Plan;

impl Plan {
    pub(super) fn add_condition(&mut self, condition: &Condition) {
        condition.visit_once(&mut Planner { plan: self, attribute: None, profile: None });
        // Texts that rules compare with get symbols.
        for predicate in condition.predicates() {
            if let Predicate::In(subject, Set::Texts(TextSet::Values(values))) = &**predicate
                && let Subject::Text(TextExpression::Attribute(leaf)) = &**subject
            {
                values.iter().for_each(|value| self.intern(value));
                self.mark_compared(leaf.read());
            }
        }
    }

    /// Memoises the results of expensive predicates that more than one rule
    /// has, from the second rule on: to store a result costs about as much as a
    /// cheap test. What reads the current item differs from item to item and is
    /// never memoised.
    pub(super) fn add_outcomes(&mut self, condition: &Condition) {
        for predicate in condition.predicates() {
            if !is_expensive(predicate) || (condition.list().is_some() && predicate.asks_an_item()) {
                continue;
            }
            let outcome = Derived::Outcome(predicate.clone());
            if !self.derived.contains_key(&outcome) && !self.asked_once.insert(predicate.clone()) {
                self.asked_once.remove(predicate);
                self.derive(outcome);
            }
        }
    }

    fn add_selection(&mut self, section: &Arc<str>, selection: &Selection) {
        if let Selection::Equals { attribute, value } | Selection::EqualsAndMatches { attribute, value, .. } =
            selection
        {
            self.intern(value);
            self.mark_compared(&Read::ItemAttribute { section: section.clone(), name: attribute.clone() });
        }
    }
}

/// Walks a condition and adds what it finds.
struct Planner<'p> {
    plan: &'p mut Plan,
    /// The attribute that was added last, as a memo: rules often use the same
    /// one several times in a row.
    attribute: Option<Leaf>,
    profile: Option<Arc<str>>,
}

impl Reading for Planner<'_> {
    fn profile(&mut self, profile: &ProfileName) {
        if self.profile.as_ref().is_some_and(|last| Arc::ptr_eq(last, &profile.section)) {
            return;
        }
        let section = self.plan.section(&profile.section);
        for key in &profile.keys {
            if let Some(held) = self.plan.keys.entry(key, || section) {
                *held = section;
            }
        }
        self.profile = Some(profile.section.clone());
    }

    fn read(&mut self, read: &Read) {
        self.plan.add(read);
    }
}

impl Visitor for Planner<'_> {
    fn attribute(&mut self, leaf: &Leaf) {
        if self.attribute.as_ref().is_some_and(|last| last.is(leaf)) {
            return;
        }
        Reads(self).attribute(leaf);
        if let Some(aggregate) = leaf.aggregate() {
            self.plan.derive_aggregate(&Arc::new(aggregate));
        }
        self.attribute = Some(leaf.clone());
    }

    fn date(&mut self, date: &DateExpression) {
        let read = match date {
            DateExpression::Attribute(leaf) => {
                if self.attribute.as_ref().is_some_and(|last| last.is(leaf)) {
                    return;
                }
                self.attribute(leaf);
                leaf.read()
            }
            DateExpression::Answer(answer) => {
                self.answer(answer);
                answer.read()
            }
            _ => return,
        };
        if let Some(slot) = self.plan.slot(read) {
            self.plan.derive(Derived::Slot(slot));
        }
    }

    fn date_constant(&mut self, date: DateText) {
        self.plan.derive(Derived::Constant(date));
    }

    fn answer(&mut self, answer: &Answer) {
        Reads(self).answer(answer);
    }

    fn container(&mut self, container: &Container) {
        Reads(self).container(container);
    }

    fn aggregate(&mut self, aggregate: &Arc<Aggregate>) {
        Reads(self).aggregate(aggregate);
        if let Some(selection) = &aggregate.selection {
            self.plan.add_selection(&aggregate.section, selection);
        }
        self.plan.derive_aggregate(aggregate);
    }

    fn item(&mut self, selection: &Selection) {
        let section = TRANSACTION.into();
        Reads(self).selection(&section, selection);
        self.plan.add_selection(&section, selection);
    }
}
