//! Payloads of targets: `check --targets`, each fault at its place in the file,
//! and the checked targets that other commands work with.

use loyalty_targets::{CheckedTarget, Payload, TargetReport};
use target_rules::Diagnostics;
use target_rules::diagnostic::{Artifact, FileDiagnostic, Form, SarifLog, Source, visible};

use super::choice::Format;
use super::count::Count;
use super::input;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen;

/// Reads the document of a file; or its text and what is wrong with it.
pub(crate) fn payload(
    invocation: &Invocation,
    path: &str,
) -> Result<Result<Payload, (Source, Diagnostics)>, Failure> {
    let read = input::read(path, Form::Payload, invocation.limits.payload)?;
    Ok(read.and_then(|source| payload_of(invocation, source.text())))
}

/// The document of a text.
pub(crate) fn payload_of(invocation: &Invocation, text: &str) -> Result<Payload, (Source, Diagnostics)> {
    let source = || Source::new(Form::Payload, text);
    Payload::read(text, &invocation.limits).map_err(|diagnostics| (source(), diagnostics))
}

pub(crate) fn check(invocation: &Invocation, path: &str) -> Outcome {
    report(invocation, payload(invocation, path)?, path, true)
}

/// Tells what is wrong with each target; of each by a word, where these are
/// wanted.
pub(crate) fn report(
    invocation: &Invocation,
    read: Result<Payload, (Source, Diagnostics)>,
    path: &str,
    words: bool,
) -> Outcome {
    let payload = match read {
        Ok(payload) => payload,
        Err((source, diagnostics)) => {
            match invocation.format {
                Format::Json => {
                    let mut out = screen::results();
                    out.json(&TargetReport::from(diagnostics))?;
                    out.flush()?;
                }
                Format::Sarif => {
                    let mut log = SarifLog::new();
                    for diagnostic in &diagnostics {
                        log.add(&Artifact::new(file_name(path), &source), diagnostic, |span| span, None);
                    }
                    let mut out = screen::results();
                    out.json(&log)?;
                    out.flush()?;
                }
                _ => invocation.show(&diagnostics, &[source], input::name(path)),
            }
            return Err(Failure::Faults);
        }
    };
    let mut out = screen::results();
    let mut refused = false;
    let source = Source::new(Form::Payload, payload.text());
    let (artifact, mut log) = (Artifact::new(file_name(path), &source), SarifLog::new());
    for target in payload.targets() {
        let report = target.check(&invocation.schema, &invocation.limits);
        refused |= refuses(invocation, &report);
        match invocation.format {
            Format::Json => out.json(&report)?,
            Format::Sarif => {
                let name = name(&report);
                report.diagnostics.iter().for_each(|found| log.add_in_file(&artifact, found, Some(&name)));
            }
            _ => {
                if !report.diagnostics.is_empty() {
                    out.flush()?;
                    let shown = report.diagnostics.iter().filter(|found| invocation.shows(&found.diagnostic));
                    invocation.show_in_file(&mut screen::messages(), shown, payload.text(), path);
                }
                if words {
                    let word = if report.ok { "ok" } else { "refused" };
                    writeln!(out, "{}: {word}", visible(&name(&report)))?;
                }
            }
        }
    }
    if invocation.format == Format::Sarif {
        out.json(&log)?;
    }
    out.flush()?;
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

/// A file as programs call it.
fn file_name(path: &str) -> &str {
    if path == "-" { "standard-input" } else { path }
}

/// Reads the payload and checks every target; all that do not check are named.
pub(crate) fn checked(invocation: &Invocation, path: &str) -> Result<Vec<CheckedTarget>, Failure> {
    checked_of(invocation, payload(invocation, path)?, (path, ""))
}

/// The same of a document that was read: a file, or what stands at a pointer
/// in one.
pub(crate) fn checked_of(
    invocation: &Invocation,
    read: Result<Payload, (Source, Diagnostics)>,
    (path, pointer): (&str, &str),
) -> Result<Vec<CheckedTarget>, Failure> {
    let payload = match read {
        Ok(payload) => payload,
        Err((source, diagnostics)) => {
            invocation.show(&diagnostics, &[source], input::name(path));
            return Err(Failure::Faults);
        }
    };
    checked_in(invocation, &payload, (path, pointer))
}

/// The same of a payload that was read: its targets in its order.
pub(crate) fn checked_in(
    invocation: &Invocation,
    payload: &Payload,
    (path, pointer): (&str, &str),
) -> Result<Vec<CheckedTarget>, Failure> {
    let mut checked = Vec::new();
    let mut refused = false;
    let (mut warnings, mut warned) = (Count::default(), Count::default());
    for target in payload.targets() {
        let report = target.check(&invocation.schema, &invocation.limits);
        if refuses(invocation, &report) {
            refused = true;
            let failing = report.diagnostics.iter().filter(|found| invocation.fails(&found.diagnostic));
            let failing: Vec<FileDiagnostic> = failing
                .cloned()
                .map(|mut found| {
                    found.file.pointer.insert_str(0, pointer);
                    found
                })
                .collect();
            let err = &mut screen::messages();
            invocation.show_in_file(err, failing.iter(), payload.text(), path);
        } else if !report.diagnostics.is_empty() {
            warnings.add(report.diagnostics.len());
            warned.increase();
        }
        checked.extend(report.target);
    }
    if refused {
        return Err(Failure::Faults);
    }
    let of = match checked.len() {
        1 => "the target".to_owned(),
        targets => format!("{warned} of {targets} targets"),
    };
    invocation.count_warnings(warnings, &of, &format!("check --targets {}", visible(path)));
    Ok(checked)
}

/// Reads a payload, and shows why it is none.
pub(crate) fn shown_payload(invocation: &Invocation, path: &str) -> Result<Payload, Failure> {
    payload(invocation, path)?.map_err(|(source, diagnostics)| {
        invocation.show(&diagnostics, &[source], input::name(path));
        Failure::Faults
    })
}

/// The target of an id, or which ids there are.
pub(crate) fn with_id<'t>(
    targets: &'t [CheckedTarget],
    id: i64,
    path: &str,
) -> Result<&'t CheckedTarget, Failure> {
    if let Some(target) = targets.iter().find(|target| target.id() == id) {
        return Ok(target);
    }
    let ids: Vec<String> = targets.iter().map(|target| target.id().to_string()).take(20).collect();
    let more = if targets.len() > ids.len() { " and others" } else { "" };
    let there = format!("there is no target {id} in {}; there are ", input::name(path));
    Err(Failure::Usage(format!("{there}{}{more}", ids.join(", "))))
}

/// Whether this target makes the command fail.
pub(crate) fn refuses(invocation: &Invocation, report: &TargetReport) -> bool {
    !report.ok || (invocation.deny_warnings && !report.diagnostics.is_empty())
}

/// What people call the target.
fn name(report: &TargetReport) -> String {
    match report.id {
        Some(id) => format!("target {id}"),
        None => format!("target at {}", report.pointer),
    }
}
