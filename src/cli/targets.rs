//! `check --targets`: every target of a payload, each fault at its place in
//! the file.

use std::io::Write;

use target_rules::{Diagnostics, FileDiagnostic, Form, Payload, Source, TargetReport, render_in_file};

use super::arguments::Format;
use super::{Failure, Outcome, Session, input, write_json};

/// Reads the document of a file; or its text and what is wrong with it.
pub(crate) fn payload(
    session: &Session,
    path: &str,
) -> Result<Result<Payload, (Source, Diagnostics)>, Failure> {
    let read = input::read(path, Form::Payload, session.limits.payload)?;
    Ok(read.and_then(|source| {
        Payload::read(source.text(), &session.limits).map_err(|diagnostics| (source, diagnostics))
    }))
}

pub(crate) fn check(session: &Session, path: &str) -> Outcome {
    let payload = match payload(session, path)? {
        Ok(payload) => payload,
        Err((source, diagnostics)) => {
            match session.format {
                Format::Json => write_json(&mut std::io::stdout(), &TargetReport::from(diagnostics))?,
                _ => session.show(&diagnostics, &[source], input::name(path)),
            }
            return Err(Failure::Faults);
        }
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut refused = false;
    for target in payload.targets() {
        let report = target.check(&session.schema, &session.limits);
        refused |= refuses(session, &report);
        match session.format {
            Format::Json => write_json(&mut out, &report)?,
            _ => {
                if !report.diagnostics.is_empty() {
                    out.flush()?;
                    show(session, &report.diagnostics, payload.text(), path);
                }
                let word = if report.ok { "ok" } else { "refused" };
                writeln!(out, "{}: {word}", name(&report))?;
            }
        }
    }
    out.flush()?;
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

/// Shows diagnostics at their places in the file.
pub(crate) fn show(session: &Session, found: &[FileDiagnostic], text: &str, path: &str) {
    let mut err = std::io::stderr().lock();
    for diagnostic in found {
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(err, "{}", render_in_file(diagnostic, text, input::name(path), session.colour));
    }
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
