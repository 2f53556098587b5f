//! Documents in, findings out.

use crate::diagnostic::{Code, Diagnostic, Form, Input, Severity, utf8_of};
use crate::json::{Entries, Located, PathSegment, Reader, find};
use crate::limits::Limits;
use crate::rule::{Reference, Rule};
use crate::schema::{EXTENDED, ListName, Schema};
use crate::transaction::{Figure, Layout, ValueKind};
use crate::typed::TRANSACTION;
use crate::value::Count;

use super::document::{Visit, line_below};
use super::finding::{Finding, FoundAt};
use super::model::{Audit, Occurrence};
use super::wanted::{RuleReads, kind_of};

impl Audit {
    /// An audit against a schema: everything that it lists counts as read.
    pub fn new(schema: &Schema, limits: &Limits) -> Audit {
        Audit {
            schema: schema.clone(),
            limits: limits.clone(),
            rules: Vec::new(),
            references: Vec::new(),
            wanted: RuleReads::default(),
            transaction: None,
            documents: Count::default(),
            found: std::collections::BTreeMap::new(),
            left_out: Count::default(),
        }
    }

    /// The same for what these rules read; of all else nothing is an error.
    pub fn rules<'r>(mut self, rules: impl IntoIterator<Item = &'r Rule>) -> Audit {
        for rule in rules {
            self.wanted.add_rule(rule);
            self.rules.push(rule.clone());
        }
        self.transaction = None;
        self
    }

    /// The same for an attribute that a host reads, such as the id of a store.
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
    pub fn reading(mut self, reference: &Reference, kind: ValueKind) -> Audit {
        self.wanted.add_reference(reference, kind);
        self.references.push((reference.clone(), kind));
        self.transaction = None;
        self
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
        for (section, figure) in &self.wanted.figures {
            builder = builder.item_figure(section, *figure);
        }
        for (reference, kind) in &self.references {
            builder = builder.reading(reference, *kind);
        }
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

impl Visit<'_, '_> {
    /// Line items that lack a figure which rules ask of items.
    fn items(&mut self, transaction: &crate::Transaction, whole: Located) {
        for (section, figure) in self.audit.wanted.figures.clone() {
            let Some(entries) = transaction.entries(&section, ListName::LineItems) else { continue };
            let key = |key: &str| PathSegment::Key(key.to_owned());
            let path = [key(&section), key(ListName::LineItems.key())];
            let (list, taken) = find(self.text, whole, &path);
            if taken < path.len() {
                continue;
            }
            // Side by side: to find each item by its position is quadratic.
            for (entry, item) in entries.zip(Entries::of(self.text, list)) {
                let lacks = entry.lacks(figure);
                let Some(field) = lacks.first() else { continue };
                let said = Occurrence {
                    code: Code::MissingFigure,
                    severity: Severity::Warning,
                    path: format!("{section}.lineItems[].{field}"),
                    read: true,
                    message: format!(
                        "a line item has no `{field}`: where a rule needs it, its answer is unknown"
                    ),
                    help: Some(figure_help(figure).to_owned()),
                };
                self.say(said, item.head());
            }
        }
    }
}

/// Where a figure of an item comes from.
fn figure_help(figure: Figure) -> &'static str {
    match figure {
        Figure::Amount => {
            "state `amount`, or `discount` beside `value` or `rate` and `qty`; no discount is `0`"
        }
        Figure::Value => "state `value`, or `rate` and `qty`, or `amount` and `discount`",
        Figure::Discount => "state `discount`; no discount is `0`",
        Figure::Quantity => "state `qty`",
        Figure::Rate => "state `rate`",
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
