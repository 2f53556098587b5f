//! What the interpreter keeps of one transaction, so that a rule that is decided
//! for each line item asks about all of them once.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::transaction::{Amount, Entries};
use crate::typed::{Figure, Node, Selection};
use crate::value::Value;

use super::outcome::Outcome;

/// The memo of one rule and one transaction. Every answer is the interpreter's;
/// it is kept where it would be asked for again.
#[derive(Default)]
pub(super) struct Memo {
    /// The nodes that don't read the current entry: their outcome is the same
    /// for every one.
    same: HashSet<*const Node>,
    outcomes: RefCell<HashMap<*const Node, Outcome>>,
    aggregates: RefCell<HashMap<Aggregate, Outcome>>,
    texts: RefCell<HashMap<SectionAttribute, Rc<Places>>>,
    figures: RefCell<HashMap<SectionFigure, Rc<[Amount]>>>,
}

/// An aggregate by what it means: of which section, which items, and the figure
/// that is added up; without one they are counted.
pub(super) type Aggregate = (Arc<str>, Option<Selection>, Option<Figure>);

/// An attribute of the line items of a section, and a figure of them.
type SectionAttribute = (Arc<str>, Arc<str>);
type SectionFigure = (Arc<str>, Figure);

/// The positions of the line items that have a text, by the text, ascending.
pub(super) type Places = HashMap<Box<str>, Vec<usize>>;

impl Memo {
    /// A memo that also keeps the outcome of every node that is the same for all
    /// entries: worth it where nodes are asked more than once.
    pub(super) fn of(root: &Node) -> Memo {
        let mut memo = Memo::default();
        memo.add(root);
        memo
    }

    /// Adds the nodes that are the same for all entries; whether this one is.
    ///
    /// Recursion is bounded by the depth of rules.
    fn add(&mut self, node: &Node) -> bool {
        let mut is_same = node.unrolls().is_none();
        for child in node.children() {
            is_same &= self.add(child);
        }
        if is_same && !node.is_constant() {
            self.same.insert(std::ptr::from_ref(node));
        }
        is_same
    }

    /// Whether the outcome of a node is the same for all entries and kept.
    pub(super) fn keeps(&self, node: &Node) -> bool {
        self.same.contains(&std::ptr::from_ref(node))
    }

    /// The outcome of a node, computed at most once; texts, which may be long,
    /// are looked up again.
    pub(super) fn outcome(&self, node: &Node, compute: impl FnOnce() -> Outcome) -> Outcome {
        if !self.keeps(node) {
            return compute();
        }
        let node = std::ptr::from_ref(node);
        if let Some(outcome) = self.outcomes.borrow().get(&node) {
            return outcome.clone();
        }
        let outcome = compute();
        if !matches!(outcome, Ok(Value::Text(_))) {
            self.outcomes.borrow_mut().insert(node, outcome.clone());
        }
        outcome
    }

    /// The outcome of an aggregate, computed once.
    pub(super) fn aggregate(&self, aggregate: Aggregate, compute: impl FnOnce() -> Outcome) -> Outcome {
        if let Some(outcome) = self.aggregates.borrow().get(&aggregate) {
            return outcome.clone();
        }
        let outcome = compute();
        self.aggregates.borrow_mut().insert(aggregate, outcome.clone());
        outcome
    }

    /// Where each text of an attribute stands among the line items of a section.
    pub(super) fn places(&self, section: &Arc<str>, attribute: &Arc<str>, items: Entries<'_>) -> Rc<Places> {
        let of_all = || {
            let mut places = Places::new();
            for (position, item) in items.iter().enumerate() {
                if let Some(text) = item.attribute(attribute) {
                    places.entry_ref(text).or_default().push(position);
                }
            }
            Rc::new(places)
        };
        let key = (Arc::clone(section), Arc::clone(attribute));
        Rc::clone(self.texts.borrow_mut().entry(key).or_insert_with(of_all))
    }

    /// A figure of each line item of a section.
    pub(super) fn figures(&self, section: &Arc<str>, figure: Figure, items: Entries<'_>) -> Rc<[Amount]> {
        let of_all = || items.iter().map(|item| item.figure(figure)).collect();
        let key = (Arc::clone(section), figure);
        Rc::clone(self.figures.borrow_mut().entry(key).or_insert_with(of_all))
    }
}
