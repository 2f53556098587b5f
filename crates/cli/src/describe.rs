//! `describe`: what rules ask and what targets count, in plain English.

use serde::Serialize;
use target_rules::diagnostic::visible;

use super::arguments::RuleOrTargets;
use super::choice::Format;
use super::invocation::Invocation;
use super::outcome::Outcome;
use super::{rules, screen, targets};

/// A rule as JSON.
#[derive(Serialize)]
struct Described {
    description: String,
}

pub(crate) fn describe(invocation: &Invocation, of: &RuleOrTargets) -> Outcome {
    match &of.targets {
        Some(path) => of_targets(invocation, path),
        None => {
            let (rule, _) = rules::rule_of(invocation, of.rule())?;
            let description = rule.describe().to_string();
            let mut out = screen::results();
            match invocation.format {
                Format::Json => out.json(&Described { description })?,
                _ => writeln!(out, "{description}")?,
            }
            out.flush()?;
            Ok(())
        }
    }
}

fn of_targets(invocation: &Invocation, path: &str) -> Outcome {
    let targets = targets::checked(invocation, path)?;
    let mut out = screen::results();
    for (at, target) in targets.iter().enumerate() {
        let described = target.describe(&invocation.zone);
        if invocation.format == Format::Json {
            out.json(&described)?;
            continue;
        }
        if at > 0 {
            writeln!(out)?;
        }
        match described.name.as_deref().map(visible) {
            Some(name) => writeln!(out, "target {}: {name}", described.id)?,
            None => writeln!(out, "target {}", described.id)?,
        }
        for line in described.to_string().lines() {
            writeln!(out, "  {line}")?;
        }
    }
    out.flush()?;
    Ok(())
}
