//! `check --targets`: every target of a payload, each fault at its place in
//! the file.

use std::io::Write;
use std::sync::Arc;

use target_rules::{FileDiagnostic, Form, Payload, Schema, Source, TargetReport, render_in_file};

use super::arguments::Format;
use super::{Failure, Outcome, Session, input};

pub(crate) fn check(session: &Session, path: &str) -> Outcome {
    let text: Arc<str> = input::read(path)?.into();
    let payload = match Payload::read(Arc::clone(&text), &session.limits) {
        Ok(payload) => payload,
        Err(diagnostics) => {
            match session.format {
                Format::Json => write(&mut std::io::stdout(), &TargetReport::from(diagnostics))?,
                Format::Human => session.show(&diagnostics, &[Source::new(Form::Payload, text)], path)?,
            }
            return Err(Failure::Faults);
        }
    };
    let schema = Schema::standard();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut refused = false;
    for target in payload.targets() {
        let report = target.check(&schema, &session.limits);
        refused |= refuses(session, &report);
        match session.format {
            Format::Json => write(&mut out, &report)?,
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

/// Writes a report as one line of JSON.
fn write(out: &mut impl Write, report: &TargetReport) -> Outcome {
    serde_json::to_writer(&mut *out, report).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
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
