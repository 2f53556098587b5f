//! Which parts of a rule are known for every completion of a document.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use target_rules::condition::{Container, Predicate, Read, Set, Subject, Values};
use target_rules::interpret::{ExplainedKind, ExplainedNode, ExplainedState};
use target_rules::schema::{CUSTOM_FIELDS, SEGMENTS};
use target_rules::{Ast, Limits, Schema};

/// What a document says that is still to be completed.
pub(super) struct Known<'a> {
    document: &'a str,
    schema: &'a Schema,
    limits: &'a Limits,
    /// The profiles of items, as rules write them.
    of_items: Vec<String>,
}

type Keys<'d> = BTreeMap<String, &'d RawValue>;

impl<'a> Known<'a> {
    pub(super) fn new(document: &'a str, schema: &'a Schema, limits: &'a Limits) -> Known<'a> {
        let of_items = schema.profiles().filter(|profile| profile.unrolls_over().is_some());
        let of_items = of_items.map(|profile| format!("{}.", profile.name())).collect();
        Known { document, schema, limits, of_items }
    }

    /// Whether a text names the item at hand. One that quotes such a name counts
    /// too, which only leaves more as it is.
    pub(super) fn names_an_item(&self, text: &str) -> bool {
        self.of_items.iter().any(|profile| text.contains(profile))
    }

    /// Whether a node has the value that it has for every completion.
    pub(super) fn is_settled(&self, node: &ExplainedNode) -> bool {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if node.state != ExplainedState::Known {
                return false;
            }
            if node.kind == ExplainedKind::Attribute && self.may_be_stated(&node.text) {
                return false;
            }
            if node.kind == ExplainedKind::Call
                && let Some(container) = self.asked_for(&node.text)
                && !self.has(&container)
            {
                return false;
            }
            open.extend(&node.children);
        }
        true
    }

    /// Whether a number follows from line items now and a completion may state
    /// another one. Entries of lists are whole, and so are their figures.
    fn may_be_stated(&self, name: &str) -> bool {
        let Some((profile, own)) = name.split_once('.') else { return false };
        let Ok(profile) = self.schema.profile(profile) else { return false };
        let is_computed = profile.attribute(own).is_ok_and(|attribute| attribute.is_computed());
        let section = profile.alias_of().unwrap_or(profile.name());
        is_computed && profile.unrolls_over().is_none() && !self.states(section, own)
    }

    /// The container of a call that is false where the container is absent.
    fn asked_for(&self, call: &str) -> Option<Container> {
        // Only a call without a chain asks for a container.
        let rule =
            Ast::from_text(call, self.limits).ok()?.check(self.schema, self.limits).into_rule().ok()?;
        let predicate = rule.condition().predicates().first()?.clone();
        match &*predicate {
            Predicate::In(subject, Set::Values(Values::Any)) => match &**subject {
                Subject::Container(container) => Some(container.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn has(&self, container: &Container) -> bool {
        let (section, key) = match container.read() {
            Read::CustomField { section, .. } => (section, CUSTOM_FIELDS),
            Read::Segment { section, .. } => (section, SEGMENTS),
            _ => return false,
        };
        self.states(section, key)
    }

    /// Whether the document has a value under a key of a section.
    fn states(&self, section: &str, key: &str) -> bool {
        let keys = |text: &'a str| serde_json::from_str::<Keys<'a>>(text).ok();
        let found = keys(self.document).and_then(|document| {
            let section = keys(document.get(section)?.get())?;
            section.get(key).map(|value| value.get() != "null")
        });
        found.unwrap_or(false)
    }
}
