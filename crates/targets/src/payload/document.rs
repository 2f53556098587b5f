//! A document of targets, read with the place of everything in it, so that
//! what is broken in one part of it does not hide the others.

use std::sync::{Arc, OnceLock};

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, FilePlace, Form, Lines, Source, Span};
use target_rules::json::{Entries, Kind, Located, Members, Reader};

use crate::eligibility::CheckedGroup;
use crate::model::sort::Sort;

use super::findings::{Found, second_key, shape};
use super::group::{Ids, check_group, id_of};
use super::no_targets::without_targets;

/// A document that holds targets: its `data` is a target, a target group or an
/// array of either. A document may also be one of these itself.
///
/// ```
/// use loyalty_targets::Payload;
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.valu>5"}, {"id": 51, "expression": true}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let reports: Vec<_> = payload.targets().map(|target| target.check(&schema, &limits)).collect();
/// assert!(reports[1].ok);
/// let fault = &reports[0].diagnostics[0];
/// assert_eq!(fault.file.pointer, "/data/0/expression");
/// assert_eq!(&text[fault.file.span.range()], "valu");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Payload {
    text: Arc<str>,
    /// The value that is a target or a group or holds them, and its pointer.
    holder: Located,
    pointer: &'static str,
    lines: OnceLock<Lines>,
}

/// A target of a payload and its place.
#[derive(Debug)]
pub struct PayloadTarget<'p> {
    pub(super) payload: &'p Payload,
    pub(super) pointer: String,
    pub(super) value: Located,
    /// Whether this part of the document cannot be a target.
    pub(super) broken: bool,
    /// Whether it is a group that lists no targets.
    of_group: bool,
    /// Why not, and what is wrong with its id and its group.
    pub(super) found: Vec<Found>,
    /// The group that lists it.
    pub(super) group: Option<Arc<CheckedGroup>>,
}

impl Payload {
    /// Reads a document that holds targets.
    ///
    /// Fails where it is too large, where it is not JSON, and where it holds
    /// no targets; the diagnostic then says what it is. Whatever is wrong in
    /// a target is found when that target is checked. Cost is linear in the
    /// document, and nesting costs no stack.
    pub fn read(text: impl Into<Arc<str>>, limits: &Limits) -> Result<Payload, Diagnostics> {
        let text: Arc<str> = text.into();
        match Payload::locate(&text, limits) {
            Ok((holder, pointer)) => Ok(Payload { text, holder, pointer, lines: OnceLock::new() }),
            Err(fault) => {
                let source = Source::new(Form::Payload, text);
                Err(Diagnostics::gather(&source, vec![fault], limits.errors))
            }
        }
    }

    fn locate(text: &str, limits: &Limits) -> Result<(Located, &'static str), Diagnostic> {
        let most = limits.payload.min(Limits::HARDEST_TEXT);
        if text.len() > most {
            let message = format!("the payload has {} bytes; at most {most} are read", text.len());
            return Err(Diagnostic::new(Code::Limit, Span::new(most, text.len()), message));
        }
        // Editors of Windows put a byte order mark in front of what they save.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut json = Reader::within(text, Span::new(start, text.len()));
        let root = Located::read(&mut json)?;
        json.finish()?;
        let mut places = Members::of(text, root).filter(|(key, _)| key.text == "data");
        let (holder, pointer) = match (places.next(), places.next()) {
            (Some((first, _)), Some((second, _))) => {
                return Err(second_key("data", second.span, first.span));
            }
            (Some((_, data)), None) if data.kind != Kind::Null => (data, "/data"),
            _ => (root, ""),
        };
        let known = |value| matches!(Sort::of(text, value), Sort::Target | Sort::Group);
        let holds = known(holder) || Entries::of(text, holder).any(known);
        if !holds || Targets::of(text, holder, pointer).all(|part| part.of_group) {
            return Err(without_targets(text, root, holder));
        }
        Ok((holder, pointer))
    }

    /// The text of the document.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The targets in the order of the document; parts that should be targets
    /// and cannot be are among them, and say so when they are checked. What is
    /// wrong with a group beside its targets is found with the first of them;
    /// of a group that lists none, with the group itself in its place.
    pub fn targets(&self) -> impl Iterator<Item = PayloadTarget<'_>> {
        Targets::of(&self.text, self.holder, self.pointer).map(|part| PayloadTarget {
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
        FilePlace::new(self.lines().place(&self.text, span), pointer)
    }

    pub(super) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }
}

impl PayloadTarget<'_> {
    /// JSON pointer of the target in the document, such as `/data/0`.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The target's part of the document.
    pub fn text(&self) -> &str {
        self.payload.text.get(self.value.span.range()).unwrap_or("")
    }

    /// The target's id, where it has one.
    pub fn id(&self) -> Option<i64> {
        if self.of_group { None } else { id_of(&self.payload.text, self.value) }
    }
}

/// A part of a document that is a target, or should be one.
struct Part {
    pointer: String,
    value: Located,
    broken: bool,
    /// Whether it is a group that lists no targets.
    of_group: bool,
    found: Vec<Found>,
    group: Option<Arc<CheckedGroup>>,
}

/// Walks over the parts of a document without keeping them.
struct Targets<'a> {
    text: &'a str,
    /// What `data` is, until it was looked at.
    holder: Option<(Located, String)>,
    /// The entries of `data`, and those of the `targets` of a group.
    outer: Option<Level<'a>>,
    inner: Option<Level<'a>>,
    /// Parts of the group at hand that cannot be read as its targets.
    faults: std::vec::IntoIter<Part>,
    /// The group at hand and its place.
    group: Option<(Arc<CheckedGroup>, Located, String)>,
    /// What was found in the group and is not yet told.
    pending: Vec<Found>,
    ids: Ids,
}

struct Level<'a> {
    entries: std::iter::Enumerate<Entries<'a>>,
    pointer: String,
}

impl<'a> Level<'a> {
    fn of(text: &'a str, array: Located, pointer: String) -> Level<'a> {
        Level { entries: Entries::of(text, array).enumerate(), pointer }
    }

    fn next(&mut self) -> Option<(Located, String)> {
        let (index, value) = self.entries.next()?;
        Some((value, format!("{}/{index}", self.pointer)))
    }
}

impl<'a> Targets<'a> {
    fn of(text: &'a str, holder: Located, pointer: &str) -> Targets<'a> {
        let pointer = pointer.to_owned();
        let (holder, outer) = match holder.kind {
            Kind::Array => (None, Some(Level::of(text, holder, pointer))),
            _ => (Some((holder, pointer)), None),
        };
        Targets {
            text,
            holder,
            outer,
            inner: None,
            faults: Vec::new().into_iter(),
            group: None,
            pending: Vec::new(),
            ids: Ids::default(),
        }
    }

    /// Turns to the targets of a group.
    fn enter(&mut self, group: Located, pointer: &str) {
        let (checked, found) = check_group(self.text, group, pointer);
        self.pending.extend(found);
        self.pending.extend(self.ids.group(self.text, group, pointer));
        self.group = Some((Arc::new(checked), group, pointer.to_owned()));
        let pointer = format!("{pointer}/targets");
        let mut faults = Vec::new();
        let mut first = None;
        for (key, value) in Members::of(self.text, group).filter(|(key, _)| key.text == "targets") {
            let fault = match (first, value.kind) {
                (Some(first), _) => Some(second_key("targets", key.span, first)),
                (None, Kind::Array | Kind::Null) => None,
                (None, kind) => Some(
                    shape(value, format!("the `targets` of a group are a list, not {}", kind.name()))
                        .help("put the target into a list: `[...]`"),
                ),
            };
            if first.is_none() {
                first = Some(key.span);
                self.inner = Some(Level::of(self.text, value, pointer.clone()));
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

    fn part(&mut self, value: Located, pointer: String) -> Part {
        let fault = match value.kind {
            Kind::Object if Sort::of(self.text, value) == Sort::Promotion => {
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
            found.extend(self.ids.target(self.text, value, &pointer));
        }
        let group = self.group.as_ref().map(|(group, ..)| group.clone());
        Part { pointer, value, broken, of_group: false, found, group }
    }
}

impl Iterator for Targets<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        loop {
            if let Some((value, pointer)) = self.inner.as_mut().and_then(Level::next) {
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
            let next = self.holder.take().or_else(|| self.outer.as_mut().and_then(Level::next));
            let (value, pointer) = next?;
            if Sort::of(self.text, value) == Sort::Group {
                self.enter(value, &pointer);
            } else {
                return Some(self.part(value, pointer));
            }
        }
    }
}
