//! `check --ndjson`: the rules of a file, a line each, checked on all cores.

use std::io::{BufWriter, StdoutLock, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use target_rules::Diagnostics;
use target_rules::batch::{End, Event, Runner};
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Artifact, Form, SarifLog, Source, Span};

use super::arguments::Format;
use super::count::Count;
use super::input::{self, Lines, READ_AT_ONCE};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome, write_json};

/// One object of `check`.
#[derive(Serialize)]
pub(crate) struct Report<'r> {
    id: &'r Value,
    ok: bool,
    diagnostics: &'r Diagnostics,
}

impl<'r> Report<'r> {
    pub(crate) fn of(id: &'r Value, diagnostics: &'r Diagnostics) -> Report<'r> {
        Report { id, ok: !diagnostics.has_errors(), diagnostics }
    }
}

/// A line of `check --ndjson`.
#[derive(Deserialize)]
#[serde(expecting = "an object with `id`, and `dsl` or `tree` or both")]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    dsl: Option<String>,
    #[serde(default)]
    tree: Option<String>,
}

/// What is wrong with the rule of a line, and the texts that its diagnostics
/// point into.
struct CheckedLine {
    line: input::Line,
    source: Source,
    id: Value,
    diagnostics: Diagnostics,
    sources: Vec<Source>,
}

impl CheckedLine {
    fn of(invocation: &Invocation, line: input::Line, most: usize) -> CheckedLine {
        let source = match line.text(most) {
            Ok(source) => source,
            Err((source, diagnostics)) => {
                let sources = vec![source.clone()];
                return CheckedLine { line, source, id: Value::Null, diagnostics, sources };
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
                let texts = [(Form::Dsl, dsl), (Form::Tree, tree)];
                let sources =
                    texts.into_iter().filter_map(|(form, text)| Some(Source::new(form, text?))).collect();
                CheckedLine { line, source, id, diagnostics, sources }
            }
            Err(error) => {
                let diagnostics = loyalty_targets::unreadable_line(source.text(), &error);
                let sources = vec![source.clone()];
                CheckedLine { line, source, id: Value::Null, diagnostics, sources }
            }
        }
    }

    /// The name of the line for people.
    fn name(&self, number: Count) -> String {
        match &self.id {
            Value::Null => format!("line {number}"),
            Value::String(id) => id.clone(),
            other => other.to_string(),
        }
    }
}

/// What is told of the lines, in their order.
struct Reports<'i> {
    invocation: &'i Invocation,
    path: &'i str,
    out: BufWriter<StdoutLock<'static>>,
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
    let out = BufWriter::new(std::io::stdout().lock());
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
            Format::Json => write_json(out, &Report::of(&checked.id, &checked.diagnostics))?,
            Format::Sarif => {
                let name = if *path == "-" { "standard-input" } else { path };
                let artifact =
                    Artifact::part(name, source, line.number.in_memory(), line.first_byte.in_memory());
                // The line as a whole: its diagnostics count in decoded text.
                let whole = Span::new(0, source.text().len());
                let rule = checked.name(line.number);
                for diagnostic in &checked.diagnostics {
                    log.add(&artifact, diagnostic, |_| whole, Some(&rule));
                }
            }
            Format::Human | Format::Html | Format::Junit => {
                let name = checked.name(line.number);
                let origin = match checked.id {
                    Value::Null => name.clone(),
                    _ => format!("line {}, {name}", line.number),
                };
                if checked.sources.iter().all(|source| source.form() == Form::Payload) {
                    let line = (source, line.number.in_memory());
                    let err = &mut std::io::stderr().lock();
                    invocation.show_line(err, &checked.diagnostics, line, input::name(path));
                } else {
                    invocation.show(&checked.diagnostics, &checked.sources, &origin);
                }
                if *words {
                    let word = if refuses { "refused" } else { "ok" };
                    writeln!(out, "{name}: {word}")?;
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
            write_json(&mut self.out, &self.log)?;
        }
        self.put()?;
        if self.refused { Err(Failure::Faults) } else { Ok(()) }
    }
}
