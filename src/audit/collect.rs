//! Documents in, findings out.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Form, Input, utf8_of};
use crate::json::{Located, Reader};
use crate::limits::Limits;
use crate::rule::{Reference, Rule};
use crate::schema::{EXTENDED, Schema};
use crate::transaction::{Figure, Layout, ValueKind};
use crate::typed::TRANSACTION;
use crate::value::Count;

use super::document::{Visit, line_below};
use super::finding::{Finding, FoundAt};
use super::known::Known;
use super::model::{Audit, Occurrence};
use super::needed::Needed;
use super::wanted::{RuleReads, kind_of};

impl Audit {
    /// An audit against a schema: everything that it lists counts as read.
    ///
    /// Cost is linear in the schema.
    pub fn new(schema: &Schema, limits: &Limits) -> Audit {
        Audit {
            schema: schema.clone(),
            known: Arc::new(Known::of(schema)),
            limits: limits.clone(),
            rules: Vec::new(),
            needed: Vec::new(),
            wanted: RuleReads::default(),
            transaction: None,
            documents: Count::default(),
            found: std::collections::BTreeMap::new(),
            left_out: Count::default(),
        }
    }

    /// The same for what these rules read; of all else nothing is an error.
    ///
    /// Cost is linear in the rules.
    pub fn rules<'r>(mut self, rules: impl IntoIterator<Item = &'r Rule>) -> Audit {
        for rule in rules {
            self.wanted.add_rule(rule);
            self.rules.push(rule.clone());
        }
        self.transaction = None;
        self
    }

    /// The same for a value that a host reads, such as the id of a store.
    ///
    /// ```
    /// use target_rules::audit::Audit;
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Limits, Reference, Schema};
    /// let profile = "currentStore".to_owned();
    /// let id = Reference::Attribute { profile, name: "id".to_owned() };
    /// let audit = Audit::new(&Schema::standard(), &Limits::default());
    /// let mut audit = audit.reading(&id, ValueKind::Number);
    /// audit.add(r#"{"currentStore": {"Id": 12}}"#, 1);
    /// let help: Vec<_> = audit.findings().into_iter().filter_map(|one| one.help).collect();
    /// assert!(help.contains(&"did you mean `id`?".to_owned()), "{help:?}");
    /// ```
    pub fn reading(self, reference: &Reference, kind: ValueKind) -> Audit {
        self.needing(&[Needed::Value(reference.clone(), kind)])
    }

    /// The same for what a host needs where any one of these will do, such as
    /// the amount of a bill, which is stated or follows from its line items.
    /// What is missing is told by the name of the first.
    ///
    /// ```
    /// use target_rules::audit::{Audit, Needed};
    /// use target_rules::transaction::{Figure, ValueKind};
    /// use target_rules::{Limits, Reference, Schema};
    /// let profile = "currentTxn".to_owned();
    /// let value = Reference::Attribute { profile: profile.clone(), name: "value".to_owned() };
    /// let value = Needed::Value(value, ValueKind::Number);
    /// let amounts = Needed::ItemFigure { profile, figure: Figure::Amount };
    /// let audit = Audit::new(&Schema::standard(), &Limits::default());
    /// let mut audit = audit.needing(&[value, amounts]);
    /// audit.add(r#"{"currentTxn": {"value": 9, "lineItems": [{"qty": 2}]}}"#, 1);
    /// assert!(audit.findings().is_empty()); // the value is stated
    /// audit.add(r#"{"currentTxn": {"lineItems": [{"qty": 2, "rate": 5}]}}"#, 2);
    /// assert_eq!(audit.findings()[0].path, "currentTxn.lineItems[].discount");
    /// ```
    pub fn needing(mut self, one_of: &[Needed]) -> Audit {
        self.need(one_of, None);
        self
    }

    /// The same for what is needed only of documents that have a profile, as
    /// the figures of a return are.
    pub fn needing_with(mut self, profile: &str, one_of: &[Needed]) -> Audit {
        self.need(one_of, Some(profile));
        self
    }

    fn need(&mut self, one_of: &[Needed], with: Option<&str>) {
        self.wanted.add_needed(one_of, with);
        self.needed.extend_from_slice(one_of);
        self.transaction = None;
    }

    /// Holds a document against what is known. `line` is the line of its file
    /// that it begins in, from 1.
    ///
    /// One that is no document is a finding too, so that this never fails. Cost
    /// is linear in the document.
    pub fn add(&mut self, document: &(impl Input + ?Sized), line: usize) {
        self.documents.add_one();
        let text = match utf8_of(document, Form::Payload, self.limits.transaction()) {
            Ok(text) => text,
            Err(faults) => {
                for fault in faults {
                    let place = FoundAt { line: line_below(line, fault.line), column: fault.column };
                    self.note(said_of(fault), || place);
                }
                return;
            }
        };
        let limits = self.limits.clone();
        let mut transaction = self.transaction.take().unwrap_or_else(|| self.layout().blank());
        let layout = transaction.layout().clone();
        let refused = layout.read_into(text, &limits, &mut transaction).err();
        let mut json = Reader::new(text);
        let whole = Located::read(&mut json).and_then(|whole| json.finish().map(|()| whole));
        let mut visit = Visit { audit: self, text, line, lines: None, errors: Vec::new() };
        if let Ok(whole) = whole
            && !refused.as_ref().is_some_and(|faults| faults.iter().any(|fault| fault.code == Code::Limit))
        {
            visit.document(whole);
            if refused.is_none() {
                visit.items(&transaction, whole);
            }
        }
        // What the reader refuses and was not found yet: broken JSON, a key that
        // stands twice.
        for fault in refused.into_iter().flatten() {
            if !visit.errors.iter().any(|span| span.start() == fault.span.start()) {
                let span = fault.span;
                visit.say(said_of(fault), span);
            }
        }
        self.transaction = Some(transaction);
    }

    /// How many documents were held against what is known.
    pub fn documents(&self) -> usize {
        self.documents.get()
    }

    /// How many findings are left out, since there are more than
    /// [`Limits::findings`] different ones.
    pub fn left_out(&self) -> usize {
        self.left_out.get()
    }

    /// What was found: errors first, then by path.
    ///
    /// Cost is linear in the findings and what rules read.
    pub fn findings(&self) -> Vec<Finding> {
        let counted = |(found, count): &(Finding, Count)| Finding { count: count.get(), ..found.clone() };
        let mut found: Vec<Finding> = self.found.values().map(counted).collect();
        found.extend(self.never_there());
        found.sort_by(|a, b| {
            let key = |one: &Finding| (one.severity, one.path.clone(), one.code.name());
            key(a).cmp(&key(b))
        });
        found
    }

    /// What documents are read by: what rules and hosts read or, without
    /// either, all that the schema lists.
    fn layout(&self) -> Layout {
        let mut builder = Layout::builder();
        builder = self.needed.iter().fold(builder, |builder, needed| needed.add_to(builder));
        builder = builder.rules(&self.rules);
        if self.has_readers() {
            return builder.build();
        }
        for profile in self.schema.profiles() {
            for attribute in profile.attributes() {
                let Some(kind) = kind_of(attribute.value_type()) else { continue };
                let name = attribute.name();
                let reference = match (profile.unrolls_over(), name.strip_prefix(EXTENDED)) {
                    (Some(list), field) => Reference::EntryField {
                        profile: TRANSACTION.to_owned(),
                        list: list.to_owned(),
                        name: field.unwrap_or(name).to_owned(),
                        extended: field.is_some(),
                    },
                    (None, Some(field)) => Reference::ExtendedField {
                        profile: profile.name().to_owned(),
                        name: field.to_owned(),
                    },
                    (None, None) => {
                        Reference::Attribute { profile: profile.name().to_owned(), name: name.to_owned() }
                    }
                };
                builder = builder.reading(&reference, kind);
            }
        }
        builder.item_figure(TRANSACTION, Figure::Amount).build()
    }
}

fn said_of(fault: Diagnostic) -> Occurrence {
    let path = fault.pointer.as_deref().map(path_of).unwrap_or_default();
    let Diagnostic { code, severity, message, help, .. } = fault;
    Occurrence { code, severity, path, read: true, message, help }
}

/// A pointer as the path of a finding: `/currentTxn/lineItems/0/qty` is
/// `currentTxn.lineItems[].qty`.
fn path_of(pointer: &str) -> String {
    let mut path = String::new();
    for segment in pointer.split('/').skip(1) {
        if !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str("[]");
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        let segment = segment.replace("~1", "/").replace("~0", "~");
        path.push_str(&crate::diagnostic::shortened(&segment));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_path_names_no_position() {
        assert_eq!(path_of("/currentTxn/lineItems/0/qty"), "currentTxn.lineItems[].qty");
        assert_eq!(path_of("/a~1b/7/0"), "a/b[][]");
        assert_eq!(path_of(""), "");
    }
}
