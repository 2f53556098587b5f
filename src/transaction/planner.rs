//! What a condition reads, compares and computes, added to a plan.

use std::sync::Arc;

use crate::condition::{
    Aggregate, Answer, Condition, Container, DateExpression, Leaf, Literal, Predicate, Reading, Reads, Set,
    Subject, TextExpression, TextSet, Visitor,
};
use crate::typed::{ProfileName, Read, Selection, TRANSACTION};
use crate::value::DateText;

use super::derived::{Derived, is_expensive};
use super::layout::Plan;

impl Plan {
    pub(super) fn add_condition(&mut self, condition: &Condition) {
        condition.visit(&mut Planner(self));
    }

    /// Keeps the outcomes of expensive predicates that more than one rule asks,
    /// from the second of them on: to keep one costs about as much as to ask a
    /// cheap one. What asks the item at hand changes on the way, and is not kept.
    pub(super) fn add_outcomes(&mut self, condition: &Condition) {
        for predicate in condition.predicates() {
            if !is_expensive(predicate) || (condition.each().is_some() && predicate.asks_an_item()) {
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

/// Walks a condition, and adds what it meets.
struct Planner<'p>(&'p mut Plan);

impl Reading for Plan {
    fn profile(&mut self, profile: &ProfileName) {
        let section = self.section(&profile.section);
        for key in &profile.keys {
            if let Some(held) = self.keys.entry(key, || section) {
                *held = section;
            }
        }
    }

    fn read(&mut self, read: &Read) {
        self.add(read);
    }
}

impl Visitor for Planner<'_> {
    /// Texts that are compared with constants have symbols.
    fn literal(&mut self, literal: &Literal) {
        if let Predicate::In(subject, Set::Texts(TextSet::Values(values))) = &*literal.predicate
            && let Subject::Text(TextExpression::Attribute(leaf)) = &**subject
        {
            values.iter().for_each(|value| self.0.intern(value));
            self.0.mark_compared(leaf.read());
        }
    }

    fn attribute(&mut self, leaf: &Leaf) {
        Reads(&mut *self.0).attribute(leaf);
        if let Some(aggregate) = leaf.aggregate() {
            self.0.derive(Derived::Aggregate(Arc::new(aggregate)));
        }
    }

    fn date(&mut self, date: &DateExpression) {
        let read = match date {
            DateExpression::Attribute(leaf) => leaf.read(),
            DateExpression::Answer(answer) => answer.read(),
            _ => return,
        };
        // It is read when it is visited itself; to read it twice changes nothing.
        self.0.add(read);
        if let Some(slot) = self.0.slot(read) {
            self.0.derive(Derived::Slot(slot));
        }
    }

    fn date_constant(&mut self, date: DateText) {
        self.0.derive(Derived::Constant(date));
    }

    fn answer(&mut self, answer: &Answer) {
        Reads(&mut *self.0).answer(answer);
    }

    fn container(&mut self, container: &Container) {
        Reads(&mut *self.0).container(container);
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        Reads(&mut *self.0).aggregate(aggregate);
        if let Some(selection) = &aggregate.selection {
            self.0.add_selection(&aggregate.section, selection);
        }
        self.0.derive(Derived::Aggregate(Arc::new(aggregate.clone())));
    }

    fn item(&mut self, selection: &Selection) {
        let section = TRANSACTION.into();
        Reads(&mut *self.0).selection(&section, selection);
        self.0.add_selection(&section, selection);
    }
}
