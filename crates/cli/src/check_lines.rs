//! `check --ndjson`: the rules of a file, a line each, checked on all cores.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use target_rules::batch::{End, Event, Runner};
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{
    self, Artifact, Diagnostic, FileDiagnostic, FilePlace, Form, Place, SarifLog, Source, Span, visible,
};
use target_rules::json::{Escapes, Located, PathSegment, Reader, find};
use target_rules::{Diagnostics, Number};

use super::choice::Format;
use super::count::Count;
use super::input::{self, Lines, READ_AT_ONCE};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Results};

/// One object of `check`.
#[derive(Serialize)]
pub(crate) struct Report<'r> {
    id: &'r RawValue,
    ok: bool,
    diagnostics: &'r Diagnostics,
}

impl<'r> Report<'r> {
    pub(crate) fn of(id: &'r RawValue, diagnostics: &'r Diagnostics) -> Report<'r> {
        Report { id, ok: !diagnostics.has_errors(), diagnostics }
    }
}

/// A line of `check --ndjson`.
#[derive(Deserialize)]
#[serde(expecting = "an object with `id`, and `dsl` or `tree` or both")]
struct Line {
    #[serde(default)]
    id: Option<Box<RawValue>>,
    #[serde(default)]
    dsl: Option<String>,
    #[serde(default)]
    tree: Option<String>,
}

/// What is wrong with a line, or with the rule in it.
struct CheckedLine {
    line: input::Line,
    source: Source,
    id: Box<RawValue>,
    diagnostics: Diagnostics,
    /// Whether there is a rule, which diagnostics point into; else they point
    /// into the line.
    has_rule: bool,
}

impl CheckedLine {
    fn of(invocation: &Invocation, line: input::Line, most: usize) -> CheckedLine {
        let source = match line.text(most) {
            Ok(source) => source,
            Err((source, diagnostics)) => {
                return CheckedLine { line, source, id: no_id(), diagnostics, has_rule: false };
            }
        };
        match serde_json::from_str::<Line>(source.text()) {
            Ok(Line { id, dsl, tree }) => {
                let (_, diagnostics) = check_forms_whole(
                    dsl.as_deref(),
                    tree.as_deref(),
                    &invocation.schema,
                    &invocation.limits,
                );
                let id = id.map_or_else(no_id, canonical);
                CheckedLine { line, source, id, diagnostics, has_rule: dsl.is_some() || tree.is_some() }
            }
            Err(error) => {
                let diagnostics = loyalty_targets::unreadable_line(source.text(), &error);
                CheckedLine { line, source, id: no_id(), diagnostics, has_rule: false }
            }
        }
    }

    /// What is wrong with its rule, at the places where that stands in the file.
    fn in_file(&self) -> Vec<FileDiagnostic> {
        let text = self.source.text();
        // INVARIANT: the line was read before, so that it is an object.
        let Ok(document) = Located::read(&mut Reader::new(text)) else { return Vec::new() };
        let columns = diagnostic::Lines::of(text);
        let written = |key: &str| {
            let (value, _) = find(text, document, &[PathSegment::Key(key.to_owned())]);
            (format!("/{key}"), Escapes::of(text, value))
        };
        let (dsl, tree) = (written("dsl"), written("tree"));
        let in_file = |diagnostic: &Diagnostic| {
            let (pointer, escapes) = if diagnostic.form == Form::Tree { &tree } else { &dsl };
            let line = self.line.number.in_memory();
            let place = |span| Place { line, ..columns.place(text, escapes.span(span)) };
            let labels = diagnostic.labels.iter().map(|label| place(label.span)).collect();
            let file = FilePlace::new(place(diagnostic.span), pointer.clone());
            FileDiagnostic::new(diagnostic.clone(), file, labels).suggest_in_string(|span| escapes.span(span))
        };
        self.diagnostics.iter().map(in_file).collect()
    }

    /// The name of the line for people.
    fn name(&self, number: Count) -> String {
        match serde_json::from_str(self.id.get()) {
            Ok(Value::Null) => format!("line {number}"),
            Ok(Value::String(id)) => id,
            _ => self.id.get().to_owned(),
        }
    }
}

/// The `id` of what has none.
pub(crate) fn no_id() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

/// An `id` as it is told: a number with all of its digits, in the form that every
/// number is printed in; anything else without white space.
fn canonical(id: Box<RawValue>) -> Box<RawValue> {
    if let Ok(number) = Number::from_json(id.get()) {
        return RawValue::from_string(number.to_string()).unwrap_or(id);
    }
    match serde_json::from_str::<Value>(id.get()) {
        // It may have more digits than are kept.
        Ok(Value::Number(_)) | Err(_) => id,
        Ok(other) => to_raw_value(&other).unwrap_or(id),
    }
}

/// What is told of the lines, in their order.
struct Reports<'i> {
    invocation: &'i Invocation,
    path: &'i str,
    out: Results,
    log: SarifLog,
    refused: bool,
    /// Whether each line gets a word, ok or refused.
    words: bool,
}

/// Whether a line is an object as it should be.
pub(crate) fn is_readable(line: &str) -> bool {
    serde_json::from_str::<Line>(line).is_ok()
}

pub(crate) fn check(invocation: &Invocation, path: &str) -> Outcome {
    report(invocation, Lines::open(path, invocation.limits.payload)?, path, true)
}

/// Tells what is wrong with each line; of each by a word, where these are wanted.
pub(crate) fn report(invocation: &Invocation, lines: Lines, path: &str, words: bool) -> Outcome {
    let out = screen::results();
    let mut reports = Reports { invocation, path, out, log: SarifLog::new(), refused: false, words };
    // A line holds a rule in both forms, each perhaps full of escapes, and
    // keys that are ignored: the bound of a payload is wide enough for all.
    let most = invocation.limits.payload;
    // As many threads as there are cores, or as the environment says.
    let runner = Runner::new(0).map_err(|error| Failure::Usage(error.to_string()))?;
    let runner = runner.max_bytes(READ_AT_ONCE << 1);
    let checked = |(): &mut (), line: Result<input::Line, Failure>| {
        line.map(|line| CheckedLine::of(invocation, line, most))
    };
    // Detached: where nobody reads the answers any more, the command ends,
    // though whoever writes the lines may be silent for long.
    let end = runner.run_detached(
        lines,
        || (),
        checked,
        |event| {
            let outcome = match event {
                Event::Answer(Ok(line)) => reports.add(&line),
                // What was answered before is put out all the same.
                Event::Answer(Err(failure)) => reports.put().and(Err(failure)),
                Event::Progress(_) => reports.put(),
                _ => Ok(()),
            };
            outcome.map_or_else(ControlFlow::Break, ControlFlow::Continue)
        },
    );
    match end.map_err(|error| Failure::Usage(error.to_string()))? {
        // Nobody cancels.
        End::Finished | End::Cancelled => reports.finish(),
        End::Stopped(failure) => Err(failure),
    }
}

impl Reports<'_> {
    fn add(&mut self, checked: &CheckedLine) -> Outcome {
        let Reports { invocation, path, out, log, refused, words } = self;
        let refuses = invocation.refuses(&checked.diagnostics);
        *refused |= refuses;
        let CheckedLine { line, source, .. } = checked;
        match invocation.format {
            Format::Json => out.json(&Report::of(&checked.id, &checked.diagnostics))?,
            Format::Sarif => {
                let name = if *path == "-" { "standard-input" } else { path };
                let artifact =
                    Artifact::part(name, source, line.number.in_memory(), line.first_byte.in_memory());
                let name = checked.name(line.number);
                if checked.has_rule {
                    for found in &checked.in_file() {
                        log.add_in_file(&artifact, found, Some(&name));
                    }
                } else {
                    // A line without a rule is wrong as a whole.
                    let whole = Span::new(0, source.text().len());
                    for diagnostic in &checked.diagnostics {
                        let place = |span| if diagnostic.form == Form::Payload { span } else { whole };
                        log.add(&artifact, diagnostic, place, Some(&name));
                    }
                }
            }
            Format::Human | Format::Html | Format::Junit => {
                let err = &mut screen::messages();
                if checked.has_rule {
                    let found = checked.in_file();
                    let shown = found.iter().filter(|found| invocation.shows(&found.diagnostic));
                    invocation.show_in_file(err, shown, source.text(), path);
                    invocation.show_left_out(err, &checked.diagnostics);
                } else {
                    let line = (source, line.number.in_memory());
                    invocation.show_line(err, &checked.diagnostics, line, input::name(path));
                }
                if *words {
                    let word = if refuses { "refused" } else { "ok" };
                    writeln!(out, "{}: {word}", visible(&checked.name(line.number)))?;
                }
            }
        }
        Ok(())
    }

    /// Whoever writes line after line waits for this.
    fn put(&mut self) -> Outcome {
        Ok(self.out.flush()?)
    }

    fn finish(mut self) -> Outcome {
        if self.invocation.format == Format::Sarif {
            self.out.json(&self.log)?;
        }
        self.put()?;
        if self.refused { Err(Failure::Faults) } else { Ok(()) }
    }
}
