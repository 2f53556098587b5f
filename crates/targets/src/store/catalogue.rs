//! The catalogue of an organisation: the documents of its groups and targets.

use std::collections::BTreeMap;

use target_rules::diagnostic::FileDiagnostic;
use target_rules::{Limits, Schema, Zone};

use crate::eligibility::CheckedTarget;
use crate::ledger::Roster;
use crate::payload::{Payload, TargetReport};

/// What a document of a catalogue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A target group, without its targets.
    Group,
    /// A target.
    Target,
}

impl DocumentKind {
    /// The word that a store keeps.
    pub fn word(self) -> &'static str {
        match self {
            DocumentKind::Group => "group",
            DocumentKind::Target => "target",
        }
    }

    /// The kind of a word that a store has kept.
    pub fn of_word(word: &str) -> Option<DocumentKind> {
        [DocumentKind::Group, DocumentKind::Target].into_iter().find(|kind| kind.word() == word)
    }
}

/// A group or a target as it was given, byte for byte.
///
/// ```
/// use loyalty_targets::store::{Document, DocumentKind};
/// let text = r#"{"id": 50, "targetGroupId": 7, "expression": "true"}"#;
/// let target = Document::new(DocumentKind::Target, 50, text).of_group(7);
/// assert_eq!((target.text(), target.group(), target.version()), (text, Some(7), 0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    kind: DocumentKind,
    id: i64,
    group: Option<i64>,
    text: String,
    version: u64,
}

impl Document {
    /// A document to be put.
    pub fn new(kind: DocumentKind, id: i64, text: impl Into<String>) -> Document {
        Document { kind, id, group: None, text: text.into(), version: 0 }
    }

    /// That a target is of a group.
    pub fn of_group(mut self, group: i64) -> Document {
        self.group = Some(group);
        self
    }

    /// The same in a version: what a store reads.
    pub fn in_version(mut self, version: u64) -> Document {
        self.version = version;
        self
    }

    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Its id: of its kind, in its organisation.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The group of a target.
    pub fn group(&self) -> Option<i64> {
        self.group
    }

    /// The document.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The change number of the catalogue with which it was put last; 0 where it
    /// is not stored yet. For an `ETag`.
    pub fn version(&self) -> u64 {
        self.version
    }
}

/// All documents of an organisation, at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    zone: String,
    change: u64,
    documents: BTreeMap<(DocumentKind, i64), Document>,
}

/// Why a catalogue cannot be compiled.
#[derive(Debug)]
#[non_exhaustive]
pub enum CatalogueFault {
    /// The zone is none that is known.
    Zone {
        /// Its name.
        zone: String,
    },
    /// A document has faults.
    Document {
        /// What it is; where a target has them that is of a group, the group.
        kind: DocumentKind,
        /// Its id.
        id: i64,
        /// What was found in it. Places are those of the text that is checked: of
        /// a group, with its targets written into it.
        found: Vec<FileDiagnostic>,
    },
    /// A target counts something that is not known here.
    Target {
        /// The target, and why.
        why: crate::ledger::LedgerError,
    },
}

impl std::fmt::Display for CatalogueFault {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CatalogueFault::Zone { zone } => write!(to, "there is no time zone `{zone}`"),
            CatalogueFault::Document { kind, id, found } => {
                let fault = found.iter().find(|found| found.diagnostic.is_error());
                let fault = fault.map_or("it has no targets", |fault| fault.diagnostic.message.as_str());
                write!(to, "the {} {id}: {fault}", kind.word())
            }
            CatalogueFault::Target { why } => why.fmt(to),
        }
    }
}

impl std::error::Error for CatalogueFault {}

impl Catalogue {
    /// A catalogue as a store has read it: the organisation's zone, the change
    /// number and all documents of that time.
    pub fn new(zone: String, change: u64, documents: impl IntoIterator<Item = Document>) -> Catalogue {
        let keyed = documents.into_iter().map(|document| ((document.kind, document.id), document));
        Catalogue { zone, change, documents: keyed.collect() }
    }

    /// The zone of the organisation.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Its change number: each change has a higher one than the one before.
    pub fn change_number(&self) -> u64 {
        self.change
    }

    /// A target's document.
    pub fn target(&self, id: i64) -> Option<&Document> {
        self.documents.get(&(DocumentKind::Target, id))
    }

    /// A group's document.
    pub fn group(&self, id: i64) -> Option<&Document> {
        self.documents.get(&(DocumentKind::Group, id))
    }

    /// The groups, by id.
    pub fn groups(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|document| document.kind == DocumentKind::Group)
    }

    /// The targets, by id.
    pub fn targets(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|document| document.kind == DocumentKind::Target)
    }

    /// The targets of a group, by id; with `None`, those of no group.
    pub fn targets_of(&self, group: Option<i64>) -> impl Iterator<Item = &Document> {
        self.targets().filter(move |target| target.group == group)
    }

    /// The same with other documents put into it: to check a change before it is
    /// kept.
    pub fn with(&self, documents: impl IntoIterator<Item = Document>) -> Catalogue {
        let mut changed = self.clone();
        changed.documents.extend(documents.into_iter().map(|one| ((one.kind, one.id), one)));
        changed
    }

    /// Checks all documents and compiles them. Groups without a target are left
    /// out.
    ///
    /// Fails for the first document with an error; so a change is compiled
    /// before it is put. Cost is linear in the documents.
    pub fn roster(&self, schema: &Schema, limits: &Limits) -> Result<Roster, CatalogueFault> {
        let zone = Zone::named(&self.zone).map_err(|_| CatalogueFault::Zone { zone: self.zone.clone() })?;
        let mut of_group: BTreeMap<Option<i64>, Vec<&Document>> = BTreeMap::new();
        for target in self.targets() {
            of_group.entry(target.group).or_default().push(target);
        }
        let mut checked = Vec::new();
        for (group, targets) in of_group {
            match group.map(|id| (id, self.group(id))) {
                Some((id, Some(group))) => {
                    let text = with_targets(&group.text, &targets);
                    checked.extend(checked_in((DocumentKind::Group, id), text, schema, limits)?);
                }
                // What names a group that is not there stands alone.
                Some((_, None)) | None => {
                    for target in targets {
                        let text = format!("{{\"data\":[{}]}}", target.text);
                        let name = (DocumentKind::Target, target.id);
                        checked.extend(checked_in(name, text, schema, limits)?);
                    }
                }
            }
        }
        Roster::new(checked, zone).map_err(|why| CatalogueFault::Target { why })
    }
}

/// The document of a group with its targets, as the platform gives it.
fn with_targets(group: &str, targets: &[&Document]) -> String {
    let open = group.trim_end().strip_suffix('}').unwrap_or(group).trim_end();
    let comma = if open.ends_with('{') { "" } else { "," };
    let targets: Vec<&str> = targets.iter().map(|target| target.text.as_str()).collect();
    format!("{{\"data\":{open}{comma}\"targets\":[{}]}}}}", targets.join(","))
}

fn checked_in(
    (kind, id): (DocumentKind, i64),
    text: String,
    schema: &Schema,
    limits: &Limits,
) -> Result<Vec<CheckedTarget>, CatalogueFault> {
    let fault = |found| CatalogueFault::Document { kind, id, found };
    let payload = match Payload::read(text, limits) {
        Ok(payload) => payload,
        Err(faults) => return Err(fault(TargetReport::from(faults).diagnostics)),
    };
    let mut checked = Vec::new();
    for target in payload.targets() {
        let report = target.check(schema, limits);
        checked.push(report.target.ok_or_else(|| fault(report.diagnostics))?);
    }
    Ok(checked)
}
