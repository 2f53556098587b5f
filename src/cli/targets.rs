//! `check --targets`: every target of a payload, each fault at its place in
//! the file.

use std::io::Write;
use std::sync::Arc;

use serde_json::json;
use target_rules::{
    Diagnostics, FileDiagnostic, Form, Payload, Schema, Source, TargetReport, render_in_file,
};

use super::arguments::Format;
use super::{Failure, Outcome, Session, input};

pub(crate) fn check(session: &Session, path: &str) -> Outcome {
    let text: Arc<str> = input::read(path)?.into();
    let payload = match Payload::read(Arc::clone(&text), &session.limits) {
        Ok(payload) => payload,
        Err(diagnostics) => return without_targets(session, diagnostics, text, path),
    };
    let schema = Schema::standard();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut refused = false;
    for target in payload.targets() {
        let report = target.check(&schema, &session.limits);
        refused |= refuses(session, &report);
        match session.format {
            Format::Json => {
                serde_json::to_writer(&mut out, &report).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
            Format::Human => {
                if !report.diagnostics.is_empty() {
                    out.flush()?;
                    show(session, &report.diagnostics, payload.text(), path)?;
                }
                let word = if report.ok { "ok" } else { "refused" };
                writeln!(out, "{}: {word}", name(&report))?;
            }
        }
    }
    out.flush()?;
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

/// Shows why a file is no payload of targets; it is refused.
fn without_targets(session: &Session, diagnostics: Diagnostics, text: Arc<str>, path: &str) -> Outcome {
    match session.format {
        Format::Json => {
            let found: Vec<FileDiagnostic> = diagnostics.into_iter().map(FileDiagnostic::from).collect();
            let whole = json!({"id": null, "pointer": "", "ok": false, "diagnostics": found});
            writeln!(std::io::stdout(), "{whole}")?;
        }
        Format::Human => session.show(&diagnostics, &[Source::new(Form::Payload, text)], path)?,
    }
    Err(Failure::Faults)
}

/// Shows diagnostics at their places in the file.
pub(crate) fn show(session: &Session, found: &[FileDiagnostic], text: &str, path: &str) -> Outcome {
    let mut err = std::io::stderr().lock();
    for diagnostic in found {
        writeln!(err, "{}", render_in_file(diagnostic, text, path, session.colour))?;
    }
    Ok(())
}

/// Whether this target makes the command fail.
pub(crate) fn refuses(session: &Session, report: &TargetReport) -> bool {
    !report.ok || (session.deny_warnings && !report.diagnostics.is_empty())
}

/// What people call the target.
fn name(report: &TargetReport) -> String {
    match report.id {
        Some(id) => format!("target {id}"),
        None => format!("target at {}", report.pointer),
    }
}
