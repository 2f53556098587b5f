//! `describe`: what rules ask, in plain English.

use std::io::Write;

use loyalty_targets::CheckedTarget;
use serde::Serialize;
use target_rules::Rule;
use target_rules::diagnostic::visible;

use super::arguments::{Format, RuleOrTargets};
use super::invocation::Invocation;
use super::outcome::{Outcome, write_json};
use super::{rules, targets};

/// One rule, or that of one target, as JSON.
#[derive(Serialize)]
struct Described<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'t str>,
    description: String,
}

pub(crate) fn describe(invocation: &Invocation, of: &RuleOrTargets) -> Outcome {
    match &of.targets {
        Some(path) => {
            let targets = targets::checked(invocation, path)?;
            write(invocation, targets.iter().map(|target| (Some(target), target.rule())))
        }
        None => {
            let (rule, _) = rules::rule_of(invocation, of.rule())?;
            write(invocation, [(None, &rule)].into_iter())
        }
    }
}

fn write<'t>(
    invocation: &Invocation,
    rules: impl Iterator<Item = (Option<&'t CheckedTarget>, &'t Rule)>,
) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (at, (target, rule)) in rules.enumerate() {
        let description = rule.describe().to_string();
        let (id, name) = (target.map(CheckedTarget::id), target.and_then(CheckedTarget::name));
        if invocation.format == Format::Json {
            write_json(&mut out, &Described { id, name, description })?;
            continue;
        }
        let Some(id) = id else {
            writeln!(out, "{description}")?;
            continue;
        };
        if at > 0 {
            writeln!(out)?;
        }
        match name.map(visible) {
            Some(name) => writeln!(out, "target {id}: {name}")?,
            None => writeln!(out, "target {id}")?,
        }
        for line in description.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    out.flush()?;
    Ok(())
}
