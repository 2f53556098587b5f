//! The ledger of `progress` and of `explain`: targets, who takes part, and what
//! was booked.

use std::path::Path;

use loyalty_targets::{CheckedTarget, Enrolments, Ledger};

use super::input::{self, Decoded};
use super::invocation::Invocation;
use super::outcome::Failure;
use super::screen;

/// The ledger of these targets. Without a file of enrolments nobody takes part.
pub(crate) fn open(
    invocation: &Invocation,
    targets: Vec<CheckedTarget>,
    enrolments: Option<&str>,
    state: Option<&str>,
) -> Result<Ledger, Failure> {
    let enrolments = match enrolments {
        Some(path) => read_enrolments(invocation, &targets, path)?,
        None => Enrolments::default(),
    };
    let mut ledger = Ledger::new(targets, enrolments, invocation.zone.clone()).map_err(|error| {
        let _ = writeln!(screen::messages(), "error: {error}");
        Failure::Faults
    })?;
    let Some(path) = state else { return Ok(ledger) };
    let there = Path::new(path).try_exists();
    if !there.map_err(|error| Failure::Usage(format!("{path}: {error}")))? {
        return Ok(ledger);
    }
    // It grows with every batch, and this program wrote it.
    let mut limits = invocation.limits.clone();
    limits.payload = usize::MAX;
    let text = input::document(path, usize::MAX)?;
    let resumed = text.and_then(|source| match ledger.resume(source.text(), &limits) {
        Ok(warnings) => Ok((source, warnings)),
        Err(diagnostics) => Err((source, diagnostics)),
    });
    match resumed {
        Ok((source, warnings)) => {
            invocation.show(&warnings, &[source], path);
            if invocation.refuses(&warnings) { Err(Failure::Faults) } else { Ok(ledger) }
        }
        Err((source, diagnostics)) => {
            invocation.show(&diagnostics, &[source], path);
            Err(Failure::Faults)
        }
    }
}

fn read_enrolments(
    invocation: &Invocation,
    targets: &[CheckedTarget],
    path: &str,
) -> Result<Enrolments, Failure> {
    enrolments_of(invocation, targets, input::document(path, invocation.limits.payload)?, path)
}

/// The enrolments of a text; `path` is where its faults are told.
pub(crate) fn enrolments_of(
    invocation: &Invocation,
    targets: &[CheckedTarget],
    text: Decoded,
    path: &str,
) -> Result<Enrolments, Failure> {
    let enrolments =
        text.and_then(|source| match Enrolments::read(source.text(), targets, &invocation.limits) {
            Ok(enrolments) => Ok((source, enrolments)),
            Err(diagnostics) => Err((source, diagnostics)),
        });
    let (source, enrolments) = enrolments.map_err(|(source, diagnostics)| {
        invocation.show(&diagnostics, &[source], input::name(path));
        Failure::Faults
    })?;
    let warnings = enrolments.warnings();
    if !warnings.is_empty() {
        invocation.show(warnings, &[source], input::name(path));
        if invocation.deny_warnings {
            return Err(Failure::Faults);
        }
    }
    Ok(enrolments)
}
