//! What a check says of one target of a document, each fault at its place.

use std::collections::HashMap;

use serde::Serialize;

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, FileDiagnostic, Form, Severity, Span};
use target_rules::json::{
    Escapes, Event, Kind, Located, Members, PathSegment, Reader, Walk, find, pointer_at, too_deep,
};
use target_rules::{Limits, Rule, Schema, check_forms_whole};

use crate::eligibility::CheckedTarget;
use crate::model::Target;
use crate::model::shape::{for_people, shortened, steps_of};

use super::document::PayloadTarget;
use super::findings::{findings, placed_at, rule_findings, second_key, shape};

/// What a check says of one target of a document. Its JSON is one object of
/// `check --targets`.
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

/// How deep objects and arrays may nest in a target. Real ones nest five deep;
/// serde's readers recurse, and stop at 128 with an error that has no place.
const DEEPEST: usize = 100;

/// A form of the rule as it stands in the target.
struct WrittenForm {
    key: &'static str,
    value: Located,
    decoded: String,
}

impl PayloadTarget<'_> {
    /// Checks the target: both forms of its rule and that they agree, its
    /// filters, and the words from fixed lists that it holds.
    ///
    /// A part that is broken does not keep the others from being checked.
    pub fn check(&self, schema: &Schema, limits: &Limits) -> TargetReport {
        let mut beside = Beside { target: self, found: Vec::new(), errors: limits.errors };
        for (pointer, fault) in &self.found {
            beside.add_at(fault.clone(), pointer.clone());
        }
        if self.broken {
            beside.found.sort_by_key(order);
            return self.report(beside.found, None);
        }
        let deep = beside.keys_and_depth();
        let [text, tree] = beside.forms();
        let model = if deep { None } else { beside.model() };
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
        text: Option<&WrittenForm>,
        tree: Option<&WrittenForm>,
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
        let document = self.payload.text();
        let mapped =
            |form: Option<&WrittenForm>| form.map(|form| (form.key, Escapes::of(document, form.value)));
        let (text, tree) = (mapped(text), mapped(tree));
        for diagnostic in diagnostics {
            let form = if diagnostic.form == Form::Tree { &tree } else { &text };
            found.push(match form {
                Some((key, escapes)) => {
                    let pointer = format!("{}/{key}", self.pointer);
                    let place = |span| escapes.span(span);
                    self.in_file(diagnostic, pointer, place).suggest_in_string(place)
                }
                // There is no rule to point into.
                None => {
                    let head = self.value.head();
                    self.in_file(diagnostic, self.pointer.clone(), |_| head)
                }
            });
        }
        rule
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

/// What is found in a target beside its rule.
struct Beside<'t> {
    target: &'t PayloadTarget<'t>,
    found: Vec<FileDiagnostic>,
    /// How many errors are reported.
    errors: usize,
}

impl Beside<'_> {
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

    /// Finds keys that stand twice, and nesting that nobody reads. True where
    /// it nests too deep.
    fn keys_and_depth(&mut self) -> bool {
        let mut json = Reader::within(self.target.payload.text(), self.target.value.span);
        let mut walk = Walk::new(&mut json);
        let mut keys: Vec<HashMap<String, Span>> = Vec::new();
        let mut faults = Vec::new();
        let mut deep = false;
        while let Ok(Some(event)) = walk.next_event() {
            match event {
                Event::Open { start, .. } => {
                    if walk.depth() > DEEPEST {
                        faults.push(too_deep(Span::byte(start), DEEPEST));
                        deep = true;
                        break;
                    }
                    keys.push(HashMap::new());
                }
                Event::Key(key) => {
                    let seen = keys.last().and_then(|keys| keys.get(&key.text)).copied();
                    match seen {
                        Some(first) if faults.len() < self.errors => {
                            faults.push(second_key(&shortened(&key.text), key.span, first));
                        }
                        Some(_) => {}
                        None => {
                            if let Some(keys) = keys.last_mut() {
                                keys.insert(key.text, key.span);
                            }
                        }
                    }
                }
                Event::Close { .. } => drop(keys.pop()),
                Event::Entry | Event::Leaf { .. } => {}
            }
        }
        for fault in faults {
            let pointer = self.pointer_of(fault.span);
            self.add(fault, pointer);
        }
        deep
    }

    /// The pointer within the target of the object that holds a place.
    fn pointer_of(&self, span: Span) -> String {
        let start = self.target.value.span.start();
        let within = Span::new(span.start().max(start) - start, span.end().max(start) - start);
        pointer_at(self.target.text(), within)
    }

    /// The text and the tree of the rule; `Err` for one of another shape.
    fn forms(&mut self) -> [Result<Option<WrittenForm>, ()>; 2] {
        let text = self.target.payload.text();
        let (mut expression, mut tree) = (None, None);
        for (key, value) in Members::of(text, self.target.value) {
            match key.text.as_str() {
                "expression" => expression = expression.or(Some(value)),
                "expressionJson" => tree = tree.or(Some(value)),
                _ => {}
            }
        }
        [self.form("expression", expression), self.form("expressionJson", tree)]
    }

    fn form(&mut self, key: &'static str, value: Option<Located>) -> Result<Option<WrittenForm>, ()> {
        let Some(value) = value else { return Ok(None) };
        let decoded = match value.kind {
            Kind::Null => return Ok(None),
            Kind::String => Reader::within(self.target.payload.text(), value.span).string(),
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
        let text = self.target.text();
        let mut json = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, Target>(&mut json) {
            Ok(target) => {
                for finding in findings(&target, self.errors) {
                    self.at(&finding.path, finding.diagnostic);
                }
                Some(target)
            }
            Err(error) => {
                let path = steps_of(error.path());
                let message = for_people(error.inner());
                // Both are found above, with better places.
                let twice = message.starts_with("duplicate field");
                let form =
                    matches!(path.as_slice(), [PathSegment::Key(key)] if key.starts_with("expression"));
                if !twice && !form {
                    let place = match path.as_slice() {
                        [] => "this target".to_owned(),
                        _ => format!("`{}`", shortened(&error.path().to_string())),
                    };
                    let fault =
                        Diagnostic::new(Code::PayloadShape, Span::default(), format!("{place}: {message}"));
                    self.at(&path, fault.note("of another shape"));
                }
                None
            }
        }
    }

    /// Adds a diagnostic of the value at the end of a path.
    fn at(&mut self, path: &[PathSegment], diagnostic: Diagnostic) {
        let (value, taken) = find(self.target.payload.text(), self.target.value, path);
        let pointer = path.iter().take(taken).map(PathSegment::pointer).collect();
        self.add(placed_at(value.head(), diagnostic), pointer);
    }
}
