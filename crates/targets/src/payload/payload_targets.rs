//! A document of targets and where everything in it stands: what is broken in
//! one part of it does not hide the others.

use std::sync::{Arc, OnceLock};

use target_rules::Limits;
use target_rules::diagnostic::{Diagnostic, Diagnostics, FilePlace, Form, Input, Lines, Source, Span};
use target_rules::json::Kind;

use crate::eligibility::CheckedGroup;
use crate::json::{Inner, Node, Parsed, text_within};
use crate::model::EntryKind;

use super::findings::{GroupFinding, second_key, shape};
use super::group_check::{Ids, check_group, id_of};
use super::no_targets::without_targets;

/// A document that holds targets: its `data` is a target, a target group or an
/// array of either. A document may also be one of these itself.
///
/// ```
/// use loyalty_targets::Payload;
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.valu>5"},
///                         {"id": 51, "expression": true}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let check = |target: loyalty_targets::PayloadTarget| target.check(&schema, &limits);
/// let reports: Vec<_> = payload.targets().map(check).collect();
/// assert!(reports[1].ok);
/// let fault = &reports[0].diagnostics[0];
/// assert_eq!(fault.file.pointer, "/data/0/expression");
/// assert_eq!(&text[fault.file.span.range()], "valu");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Payload {
    document: Parsed,
    /// Whether what holds the targets stands under the key `data`.
    in_data: bool,
    /// The limit `periods-at-once`.
    periods_at_once: usize,
    lines: OnceLock<Lines>,
}

/// A target of a payload and its place.
///
/// ```
/// use loyalty_targets::Payload;
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let target = payload.targets().next().ok_or("no target")?;
/// assert_eq!((target.id(), target.pointer()), (Some(50), "/data/0"));
/// assert_eq!(target.text(), r#"{"id": 50, "expression": "true"}"#);
/// assert!(target.check(&Schema::standard(), &limits).ok);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PayloadTarget<'p> {
    pub(super) payload: &'p Payload,
    pub(super) pointer: String,
    pub(super) value: Node<'p>,
    /// Whether this part of the document cannot be a target.
    pub(super) broken: bool,
    /// Whether it is a group that lists no targets.
    of_group: bool,
    /// Why not, and what is wrong with its id and its group.
    pub(super) found: Vec<GroupFinding>,
    /// The group that lists it.
    pub(super) group: Option<Arc<CheckedGroup>>,
}

impl Payload {
    /// Reads a document that holds targets, from text or bytes.
    ///
    /// Fails where it is too large, where it is not JSON, and where it holds
    /// no targets; the diagnostic then says what it is. Whatever is wrong in
    /// a target is found when that target is checked. The document is parsed
    /// here, once; cost is linear in it, and nesting costs no stack. Beside a copy
    /// of the text it holds 16 bytes for each value in it: less than the text of
    /// any real document, and at most eight times it.
    pub fn read(document: impl Input, limits: &Limits) -> Result<Payload, Diagnostics> {
        let text: Arc<str> = Arc::from(text_within(&document, "the payload has", limits)?);
        let read = Payload::of(text.clone(), limits).and_then(|payload| match payload.has_targets() {
            true => Ok(payload),
            false => Err(without_targets(payload.document.root(), payload.holder().0)),
        });
        read.map_err(|fault| gathered(text, fault, limits))
    }

    /// Reads a document that holds targets, or groups which have none yet: what is
    /// wrong with such a group is found with it in the place of its first target.
    ///
    /// Fails as [`Payload::read`] does, but where there are groups. Cost is the same.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"{"id": 7, "targetEvaluationType": "CYCLIC", "periods": []}"#;
    /// assert!(Payload::read(text, &limits).is_err(), "it has no targets");
    /// let group = Payload::read_group(text, &limits)?;
    /// let report = group.targets().next().ok_or("it is dubious")?;
    /// let report = report.check(&Schema::standard(), &limits);
    /// assert!(report.ok);
    /// assert_eq!(
    ///     report.diagnostics[0].diagnostic.message,
    ///     "`CYCLIC` is no known evaluation type, so progress cannot account for the target"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_group(document: impl Input, limits: &Limits) -> Result<Payload, Diagnostics> {
        let text: Arc<str> = Arc::from(text_within(&document, "the payload has", limits)?);
        let read = Payload::of(text.clone(), limits).and_then(|payload| match payload.holds_any() {
            true => Ok(payload),
            false => Err(without_targets(payload.document.root(), payload.holder().0)),
        });
        read.map_err(|fault| gathered(text, fault, limits))
    }

    fn of(text: Arc<str>, limits: &Limits) -> Result<Payload, Diagnostic> {
        // Editors of Windows put a byte order mark in front of what they save.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let document = Parsed::parse(text, start, limits.payload_depth)?;
        let root = document.root();
        let mut places = root.members().filter(|member| member.key() == "data");
        let in_data = match (places.next(), places.next()) {
            (Some(first), Some(second)) => {
                return Err(second_key("data", second.key_span(), first.key_span()));
            }
            (Some(data), None) => data.kind() != Kind::Null,
            _ => false,
        };
        Ok(Payload { document, in_data, periods_at_once: limits.periods_at_once, lines: OnceLock::new() })
    }

    /// Whether it holds targets or groups.
    fn holds_any(&self) -> bool {
        let (holder, _) = self.holder();
        let known = |entry| matches!(EntryKind::of(entry), EntryKind::Target | EntryKind::Group);
        known(holder) || holder.entries().any(known)
    }

    fn has_targets(&self) -> bool {
        self.holds_any() && !self.parts().all(|part| part.of_group)
    }

    /// The value that is a target or a group or holds them, and its pointer.
    fn holder(&self) -> (Node<'_>, &'static str) {
        let root = self.document.root();
        let data = if self.in_data { root.member("data") } else { None };
        data.map_or((root, ""), |data| (data, "/data"))
    }

    fn parts(&self) -> Targets<'_> {
        let (holder, pointer) = self.holder();
        Targets::of(holder, pointer, self.periods_at_once)
    }

    /// The text of the document.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The targets in the order of the document; parts that should be targets
    /// and cannot be are among them, and say so when they are checked. What is
    /// wrong with a group beside its targets is found with the first of them;
    /// of a group that lists none, with the group itself in its place.
    pub fn targets(&self) -> impl Iterator<Item = PayloadTarget<'_>> {
        self.parts().map(|part| PayloadTarget {
            payload: self,
            pointer: part.pointer,
            value: part.value,
            broken: part.broken,
            of_group: part.of_group,
            found: part.found,
            group: part.group,
        })
    }

    /// Line and column of a span of the document.
    pub(super) fn place(&self, span: Span, pointer: String) -> FilePlace {
        FilePlace::new(self.lines().place(self.text(), span), pointer)
    }

    pub(super) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self.text()))
    }
}

fn gathered(text: Arc<str>, fault: Diagnostic, limits: &Limits) -> Diagnostics {
    Diagnostics::gather(&Source::new(Form::Payload, text), vec![fault], limits.errors)
}

impl PayloadTarget<'_> {
    /// JSON pointer of the target in the document, such as `/data/0`.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The target's part of the document.
    pub fn text(&self) -> &str {
        self.value.text()
    }

    /// The target's id, where it has one.
    pub fn id(&self) -> Option<i64> {
        if self.of_group { None } else { id_of(self.value) }
    }
}

/// A part of a document that is a target, or should be one.
struct Part<'d> {
    pointer: String,
    value: Node<'d>,
    broken: bool,
    /// Whether it is a group that lists no targets.
    of_group: bool,
    found: Vec<GroupFinding>,
    group: Option<Arc<CheckedGroup>>,
}

/// The parts of a document, one after the other.
struct Targets<'d> {
    /// What `data` is, until it was looked at.
    holder: Option<(Node<'d>, String)>,
    /// The entries of `data`, and those of the `targets` of a group.
    outer: Option<List<'d>>,
    inner: Option<List<'d>>,
    /// Parts of the current group that cannot be read as its targets.
    faults: std::vec::IntoIter<Part<'d>>,
    /// The current group and its place.
    group: Option<(Arc<CheckedGroup>, Node<'d>, String)>,
    /// What was found in the group and goes with the next part.
    pending: Vec<GroupFinding>,
    ids: Ids,
    /// The limit `periods-at-once`.
    periods_at_once: usize,
}

/// What is left of a list, and the list's pointer.
struct List<'d> {
    entries: std::iter::Enumerate<Inner<'d>>,
    pointer: String,
}

impl<'d> List<'d> {
    fn of(array: Node<'d>, pointer: String) -> List<'d> {
        List { entries: array.entries().enumerate(), pointer }
    }

    fn next(&mut self) -> Option<(Node<'d>, String)> {
        let (index, value) = self.entries.next()?;
        Some((value, format!("{}/{index}", self.pointer)))
    }
}

impl<'d> Targets<'d> {
    fn of(holder: Node<'d>, pointer: &str, periods_at_once: usize) -> Targets<'d> {
        let pointer = pointer.to_owned();
        let (holder, outer) = match holder.kind() {
            Kind::Array => (None, Some(List::of(holder, pointer))),
            _ => (Some((holder, pointer)), None),
        };
        Targets {
            holder,
            outer,
            inner: None,
            faults: Vec::new().into_iter(),
            group: None,
            pending: Vec::new(),
            ids: Ids::default(),
            periods_at_once,
        }
    }

    /// Turns to the targets of a group.
    fn enter(&mut self, group: Node<'d>, pointer: &str) {
        let (checked, found) = check_group(group, pointer, self.periods_at_once);
        self.pending.extend(found);
        self.pending.extend(self.ids.group(group, pointer));
        self.group = Some((Arc::new(checked), group, pointer.to_owned()));
        let pointer = format!("{pointer}/targets");
        let mut faults = Vec::new();
        let mut first = None;
        for value in group.members().filter(|member| member.key() == "targets") {
            let fault = match (first, value.kind()) {
                (Some(first), _) => Some(second_key("targets", value.key_span(), first)),
                (None, Kind::Array | Kind::Null) => None,
                (None, kind) => Some(
                    shape(value, format!("the `targets` of a group are a list, not {}", kind.name()))
                        .help("put the target into a list: `[...]`"),
                ),
            };
            if first.is_none() {
                first = Some(value.key_span());
                self.inner = Some(List::of(value, pointer.clone()));
            }
            faults.extend(fault.map(|fault| Part {
                pointer: pointer.clone(),
                value,
                broken: true,
                of_group: false,
                found: vec![(pointer.clone(), fault)],
                group: None,
            }));
        }
        self.faults = faults.into_iter();
    }

    fn part(&mut self, value: Node<'d>, pointer: String) -> Part<'d> {
        let fault = match value.kind() {
            Kind::Object if EntryKind::of(value) == EntryKind::Promotion => {
                Some(shape(value, "this is a promotion, not a target").note("a promotion"))
            }
            Kind::Object => None,
            kind => Some(
                shape(value, format!("a target is an object, not {}", kind.name()))
                    .note("not a target")
                    .help("a target looks like `{\"id\": 50, \"expression\": \"currentTxn.value>500\"}`"),
            ),
        };
        let mut found = std::mem::take(&mut self.pending);
        let broken = fault.is_some();
        found.extend(fault.map(|fault| (pointer.clone(), fault)));
        if !broken {
            found.extend(self.ids.target(value, &pointer));
        }
        let group = self.group.as_ref().map(|(group, ..)| group.clone());
        Part { pointer, value, broken, of_group: false, found, group }
    }
}

impl<'d> Iterator for Targets<'d> {
    type Item = Part<'d>;

    fn next(&mut self) -> Option<Part<'d>> {
        loop {
            if let Some((value, pointer)) = self.inner.as_mut().and_then(List::next) {
                return Some(self.part(value, pointer));
            }
            self.inner = None;
            if let Some(part) = self.faults.next() {
                return Some(part);
            }
            if let Some((group, value, pointer)) = self.group.take()
                && !self.pending.is_empty()
            {
                let found = std::mem::take(&mut self.pending);
                return Some(Part {
                    pointer,
                    value,
                    broken: true,
                    of_group: true,
                    found,
                    group: Some(group),
                });
            }
            let next = self.holder.take().or_else(|| self.outer.as_mut().and_then(List::next));
            let (value, pointer) = next?;
            if EntryKind::of(value) == EntryKind::Group {
                self.enter(value, &pointer);
            } else {
                return Some(self.part(value, pointer));
            }
        }
    }
}
