//! `check --txns`: documents held against the schema, and against what targets
//! read.

use loyalty_targets::CheckedTarget;
use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::Severity;

use super::choice::Format;
use super::input::{self, Documents};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::{screen, targets};

pub(crate) fn check(invocation: &Invocation, path: &str, of: Option<&str>) -> Outcome {
    if invocation.format == Format::Sarif {
        return Err(Failure::Usage("`--format sarif` does not go with `--txns`".to_owned()));
    }
    input::one_standard_input([path].into_iter().chain(of))?;
    let (schema, limits) = (&invocation.schema, &invocation.limits);
    let mut audit = match of {
        Some(targets) => CheckedTarget::audit(&targets::checked(invocation, targets)?, schema, limits),
        None => Audit::new(schema, limits),
    };
    for line in Documents::open(path, limits.transaction, &invocation.shape)? {
        let line = line?;
        audit.add(line.bytes.as_slice(), line.number.in_memory());
    }
    show(invocation, &audit, path)
}

fn show(invocation: &Invocation, audit: &Audit, path: &str) -> Outcome {
    let findings = audit.findings();
    let errors = findings.iter().filter(|found| found.severity == Severity::Error).count();
    let mut out = screen::results();
    if invocation.format == Format::Json {
        findings.iter().try_for_each(|found| out.json(found))?;
        if audit.left_out() > 0 {
            let _ = writeln!(screen::messages(), "and {} more", audit.left_out());
        }
    } else {
        for found in &findings {
            out.show(&found.to_text(input::name(path), invocation.colour_of_results))?;
            writeln!(out)?;
        }
        if audit.left_out() > 0 {
            writeln!(out, "and {} more\n", audit.left_out())?;
        }
        writeln!(out, "{}", summary(audit, &findings, errors))?;
    }
    out.flush()?;
    let refused = errors > 0 || (invocation.deny_warnings && !findings.is_empty());
    if refused { Err(Failure::Faults) } else { Ok(()) }
}

fn summary(audit: &Audit, findings: &[Finding], errors: usize) -> String {
    let counted = |count: usize, word: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {word}{plural}")
    };
    let documents = counted(audit.documents(), "document");
    let warnings = findings.iter().filter(|found| found.severity == Severity::Warning).count();
    match (errors, warnings) {
        (0, 0) => format!("{documents}: ok"),
        _ => format!("{documents}: {}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}
