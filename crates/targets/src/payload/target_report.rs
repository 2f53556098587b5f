//! Checks one target of a document; every fault has its place in the file.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Diagnostic, Diagnostics, FileDiagnostic, Form, Severity, Span, excerpt};
use target_rules::json::{Escapes, Kind, PathSegment};
use target_rules::{Limits, Rule, Schema};

use crate::eligibility::CheckedTarget;
use crate::json::{Inner, Mismatch, Node, ReadJson};
use crate::model::{TARGET_KEYS, Target, unknown_keys};

use super::findings::{an_id, findings, placed_at, rule_findings, second_key, shape};
use super::payload_targets::PayloadTarget;

/// What a check says of one target of a document. Its JSON is one object of
/// `check --targets`.
///
/// ```
/// use loyalty_targets::{Payload, TargetReport};
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": "x", "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let target = payload.targets().next().ok_or("no target")?;
/// let report: TargetReport = target.check(&Schema::standard(), &limits);
/// assert!(!report.ok && report.target.is_none());
/// let fault = &report.diagnostics[0];
/// assert_eq!(
///     fault.diagnostic.message,
///     "`id`: a whole number belongs here, not the text \"x\""
/// );
/// assert_eq!((fault.file.pointer.as_str(), fault.file.column), ("/data/0/id", 18));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct TargetReport {
    /// The target's id; `None` where it has none that can be read.
    pub id: Option<i64>,
    /// JSON pointer of the target in the document.
    pub pointer: String,
    /// Whether there is no error.
    pub ok: bool,
    /// What was found, in the order of the document.
    pub diagnostics: Vec<FileDiagnostic>,
    /// The target, ready to decide; `None` where there is an error.
    #[serde(skip)]
    pub target: Option<CheckedTarget>,
}

impl From<Diagnostics> for TargetReport {
    /// Why a document holds no targets, as the report of the whole of it.
    fn from(diagnostics: Diagnostics) -> TargetReport {
        TargetReport {
            id: None,
            pointer: String::new(),
            ok: !diagnostics.has_errors(),
            diagnostics: diagnostics.into_iter().map(FileDiagnostic::from).collect(),
            target: None,
        }
    }
}

/// A form of the rule as it stands in the target.
struct WrittenForm<'d> {
    key: &'static str,
    value: Node<'d>,
    decoded: String,
}

impl PayloadTarget<'_> {
    /// Checks the target: both forms of its rule and that they agree, its
    /// filters, and the words from fixed lists that it holds.
    ///
    /// A part that is broken does not keep the others from being checked.
    ///
    /// Cost is linear in the target, and once in its group.
    pub fn check(&self, schema: &Schema, limits: &Limits) -> TargetReport {
        let mut beside = Beside { target: self, found: Vec::new(), errors: limits.errors };
        for (pointer, fault) in &self.found {
            beside.add_at(fault.clone(), pointer.clone());
        }
        if self.broken {
            beside.found.sort_by_key(order);
            return self.report(beside.found, None);
        }
        beside.keys();
        for (pointer, warning) in unknown_keys(self.value, &TARGET_KEYS, limits.errors) {
            beside.add(warning, pointer);
        }
        let [text, tree] = beside.forms();
        let model = beside.model();
        let mut found = std::mem::take(&mut beside.found);
        let rule = match (&text, &tree) {
            (Err(()), Err(()) | Ok(None)) | (Ok(None), Err(())) => None,
            _ => {
                let text = text.ok().flatten();
                let tree = tree.ok().flatten();
                self.rule(text.as_ref(), tree.as_ref(), schema, limits, &mut found)
            }
        };
        beside.found = found;
        if let (Some(model), Some(rule)) = (&model, &rule)
            && let Some(finding) = rule_findings(model, rule)
        {
            beside.at(&finding.path, finding.diagnostic);
        }
        let mut found = beside.found;
        found.sort_by_key(order);
        let refused = found.iter().any(|found| found.diagnostic.is_error());
        let target = match (model, rule) {
            (Some(model), Some(rule)) if !refused => {
                Some(CheckedTarget::new(&model, rule, self.group.clone()))
            }
            _ => None,
        };
        self.report(found, target)
    }

    fn rule(
        &self,
        text: Option<&WrittenForm<'_>>,
        tree: Option<&WrittenForm<'_>>,
        schema: &Schema,
        limits: &Limits,
        found: &mut Vec<FileDiagnostic>,
    ) -> Option<Rule> {
        let (rule, diagnostics) = check_forms_whole(
            text.map(|form| form.decoded.as_str()),
            tree.map(|form| form.decoded.as_str()),
            schema,
            limits,
        );
        if diagnostics.is_empty() {
            return rule;
        }
        found.extend(self.in_forms(diagnostics, [text, tree]));
        rule
    }

    /// Takes diagnostics of the rule, whose places count in one of its forms, to the
    /// document. `check` does so with its own; this is for what a host finds in the
    /// checked rule.
    ///
    /// Cost is linear in the target.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::diagnostic::{Code, Diagnostic, Span};
    /// use target_rules::{Limits, Schema};
    /// let text = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &Limits::default())?;
    /// let target = payload.targets().next().ok_or("no target")?;
    /// let found = Diagnostic::new(Code::AlwaysTrue, Span::new(0, 4), "everything counts");
    /// let [found] = target.placed([found]).try_into().map_err(|_| "one")?;
    /// assert_eq!(found.file.pointer, "/data/0/expression");
    /// assert_eq!(&text[found.file.span.range()], "true");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn placed(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Vec<FileDiagnostic> {
        let mut beside = Beside { target: self, found: Vec::new(), errors: 1 };
        let forms = beside.forms().map(|form| form.ok().flatten());
        let [text, tree] = &forms;
        self.in_forms(diagnostics, [text.as_ref(), tree.as_ref()])
    }

    /// The text or the tree of its rule, decoded; `None` where it has none.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::Limits;
    /// use target_rules::diagnostic::Form;
    /// let text = r#"{"id": 50, "expression": "currentStore.name==\"A\""}"#;
    /// let payload = Payload::read(text, &Limits::default())?;
    /// let target = payload.targets().next().ok_or("no target")?;
    /// assert_eq!(target.form(Form::Dsl).as_deref(), Some(r#"currentStore.name=="A""#));
    /// assert_eq!(target.form(Form::Tree), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn form(&self, form: Form) -> Option<String> {
        let mut beside = Beside { target: self, found: Vec::new(), errors: 1 };
        let [text, tree] = beside.forms().map(|written| written.ok().flatten());
        let written = match form {
            Form::Dsl => text,
            Form::Tree => tree,
            Form::Payload => None,
        };
        written.map(|written| written.decoded)
    }

    /// Takes a diagnostic of the target as a whole to the document.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::diagnostic::{Code, Diagnostic, Span};
    /// use target_rules::{Limits, Schema};
    /// let text = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &Limits::default())?;
    /// let target = payload.targets().next().ok_or("no target")?;
    /// let why = "another one counts the same";
    /// let found = Diagnostic::new(Code::Duplicate, Span::default(), why);
    /// assert_eq!(target.placed_whole(found).file.pointer, "/data/0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn placed_whole(&self, diagnostic: Diagnostic) -> FileDiagnostic {
        let head = self.value.head();
        self.in_document(placed_at(head, diagnostic), self.pointer.clone())
    }

    fn in_forms(
        &self,
        diagnostics: impl IntoIterator<Item = Diagnostic>,
        [text, tree]: [Option<&WrittenForm<'_>>; 2],
    ) -> Vec<FileDiagnostic> {
        let mapped = |form: Option<&WrittenForm<'_>>| {
            form.map(|form| (form.key, Escapes::of(self.payload.text(), form.value.located())))
        };
        let (text, tree) = (mapped(text), mapped(tree));
        let in_file = |diagnostic: Diagnostic| {
            let form = if diagnostic.form == Form::Tree { &tree } else { &text };
            match form {
                Some((key, escapes)) => {
                    let pointer = format!("{}/{key}", self.pointer);
                    let place = |span| escapes.span(span);
                    self.in_file(diagnostic, pointer, place).suggest_in_string(place)
                }
                // The target has no rule at all.
                None => {
                    let head = self.value.head();
                    self.in_file(diagnostic, self.pointer.clone(), |_| head)
                }
            }
        };
        diagnostics.into_iter().map(in_file).collect()
    }

    fn report(&self, diagnostics: Vec<FileDiagnostic>, target: Option<CheckedTarget>) -> TargetReport {
        TargetReport {
            id: self.id(),
            pointer: self.pointer.clone(),
            ok: diagnostics.iter().all(|found| found.diagnostic.severity != Severity::Error),
            diagnostics,
            target,
        }
    }

    /// A diagnostic whose spans count in the document itself.
    fn in_document(&self, diagnostic: Diagnostic, pointer: String) -> FileDiagnostic {
        let mut found = self.in_file(diagnostic, pointer, |span| span);
        found.diagnostic.form = Form::Payload;
        found.diagnostic.span = found.file.span;
        found.diagnostic.line = found.file.line;
        found.diagnostic.column = found.file.column;
        found.diagnostic.pointer = Some(found.file.pointer.clone());
        found
    }

    fn in_file(
        &self,
        diagnostic: Diagnostic,
        pointer: String,
        place: impl Fn(Span) -> Span,
    ) -> FileDiagnostic {
        let file = self.payload.place(place(diagnostic.span), pointer);
        let (lines, text) = (self.payload.lines(), self.payload.text());
        let labels = diagnostic.labels.iter().map(|label| lines.place(text, place(label.span))).collect();
        FileDiagnostic::new(diagnostic, file, labels)
    }
}

/// Diagnostics come sorted by place, then code.
fn order(found: &FileDiagnostic) -> (Span, &'static str) {
    (found.file.span, found.diagnostic.code.name())
}

/// Gathers what is found in a target beside its rule.
struct Beside<'t> {
    target: &'t PayloadTarget<'t>,
    found: Vec<FileDiagnostic>,
    /// How many errors are reported.
    errors: usize,
}

impl<'t> Beside<'t> {
    fn add(&mut self, diagnostic: Diagnostic, pointer: String) {
        self.add_at(diagnostic, format!("{}{pointer}", self.target.pointer));
    }

    /// Adds a diagnostic of any place of the document.
    fn add_at(&mut self, diagnostic: Diagnostic, pointer: String) {
        let errors = self.found.iter().filter(|found| found.diagnostic.is_error()).count();
        if !diagnostic.is_error() || errors < self.errors {
            self.found.push(self.target.in_document(diagnostic, pointer));
        }
    }

    /// Finds keys that stand twice.
    fn keys(&mut self) {
        let mut open = vec![Open::of(self.target.value)];
        let mut faults = Vec::new();
        while let Some(innermost) = open.last_mut() {
            let Some(value) = innermost.next() else {
                open.pop();
                continue;
            };
            if let Some(first) = innermost.first_of(value)
                && faults.len() < self.errors
            {
                let fault = second_key(&excerpt(&value.key()), value.key_span(), first);
                faults.push((fault, pointer_of(open.split_last().map_or(&[], |(_, outer)| outer))));
            }
            if matches!(value.kind(), Kind::Object | Kind::Array) {
                open.push(Open::of(value));
            }
        }
        for (fault, pointer) in faults {
            self.add(fault, pointer);
        }
    }

    /// The text and the tree of the rule; `Err` for one of another shape.
    fn forms(&mut self) -> [Result<Option<WrittenForm<'t>>, ()>; 2] {
        ["expression", "expressionJson"].map(|key| self.form(key, self.target.value.member(key)))
    }

    fn form(&mut self, key: &'static str, value: Option<Node<'t>>) -> Result<Option<WrittenForm<'t>>, ()> {
        let Some(value) = value else { return Ok(None) };
        let decoded = match value.kind() {
            Kind::Null => return Ok(None),
            Kind::String => value.string(),
            Kind::Boolean(constant) if key == "expression" => Ok(constant.to_string()),
            kind if key == "expression" => {
                Err(shape(value, format!("`expression` is the text of a rule, not {}", kind.name()))
                    .note("not a text")
                    .help("write the rule in quotes, such as `\"currentTxn.value>500\"`"))
            }
            kind => Err(shape(
                value,
                format!("`expressionJson` is a string that holds the tree, not {}", kind.name()),
            )
            .note("not a string")
            .help("write the tree as text: in quotes, and with a backslash before each quote inside")),
        };
        match decoded {
            Ok(decoded) => Ok(Some(WrittenForm { key, value, decoded })),
            Err(fault) => {
                self.add(fault, format!("/{key}"));
                Err(())
            }
        }
    }

    /// The target as a whole, where its shape allows, and what it says beside
    /// its rule.
    fn model(&mut self) -> Option<Target> {
        match Target::read(self.target.value) {
            Ok(target) => {
                self.say(&target);
                Some(target)
            }
            Err(fault) => {
                // Both are found above, with better places.
                let twice = matches!(fault.mismatch, Mismatch::Duplicate(_));
                let form =
                    matches!(fault.path.as_slice(), [PathSegment::Key(key)] if key.starts_with("expression"));
                if !twice && !form {
                    let diagnostic = fault.diagnostic(Some("this target"));
                    self.at(&fault.path, diagnostic.note("of another shape"));
                }
                // Who creates a target has no id for it yet, and wants to know the rest.
                if fault.mismatch == Mismatch::Missing("id") {
                    let members = self.target.value.members().chain(an_id());
                    let target = Target::of_members(self.target.value, members, &mut Err);
                    target.iter().for_each(|target| self.say(target));
                }
                None
            }
        }
    }

    /// Adds what the target says beside its rule.
    fn say(&mut self, target: &Target) {
        let written = (target, Some(self.target.value));
        for finding in findings(written, self.target.group.as_deref(), self.errors) {
            self.at(&finding.path, finding.diagnostic);
        }
    }

    /// Adds a diagnostic of the value at the end of a path.
    fn at(&mut self, path: &[PathSegment], diagnostic: Diagnostic) {
        let (value, taken) = self.target.value.follow(path);
        let pointer = path.iter().take(taken).map(PathSegment::pointer).collect();
        self.add(placed_at(value.head(), diagnostic), pointer);
    }
}

/// An object or array whose values are looked at one by one.
struct Open<'d> {
    array: bool,
    rest: std::iter::Enumerate<Inner<'d>>,
    /// The step to the value that is looked at.
    step: Option<(usize, Node<'d>)>,
    /// Where each key stands first.
    keys: HashMap<Cow<'d, str>, Span>,
}

impl<'d> Open<'d> {
    fn of(value: Node<'d>) -> Open<'d> {
        let array = value.kind() == Kind::Array;
        Open { array, rest: value.inner().enumerate(), step: None, keys: HashMap::new() }
    }

    fn next(&mut self) -> Option<Node<'d>> {
        self.step = self.rest.next();
        self.step.map(|(_, value)| value)
    }

    /// The place of the first key that is the same as that of a value.
    fn first_of(&mut self, value: Node<'d>) -> Option<Span> {
        if self.array {
            return None;
        }
        let key = value.key();
        let first = self.keys.get(&key).copied();
        if first.is_none() {
            self.keys.insert(key, value.key_span());
        }
        first
    }
}

/// The pointer within the target of what is looked at in the innermost.
fn pointer_of(open: &[Open<'_>]) -> String {
    let step = |open: &Open<'_>| {
        open.step.map(|(index, value)| match open.array {
            true => PathSegment::Index(index).pointer(),
            false => PathSegment::Key(value.key().into_owned()).pointer(),
        })
    };
    open.iter().filter_map(step).collect()
}
