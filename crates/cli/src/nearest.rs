//! `nearest`: the smallest change that makes a rule true, or a target count a
//! transaction.

use loyalty_targets::CheckedTarget;
use target_rules::diagnostic::{Source, visible};
use target_rules::{Diagnostics, Rule};
use target_rules_analysis::{Nearest, nearest};

use super::choice::Format;
use super::form::FileForm;
use super::input::{self, Line};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::rules::{self, Decided};
use super::{screen, targets};

pub(crate) fn of_rule(invocation: &Invocation, argument: &str, txn: &str) -> Outcome {
    let most = invocation.limits.transaction;
    let line = || Line::of_transaction(txn, most, FileForm::One(None), &invocation.shape);
    let Decided { rule, document, line, .. } = rules::rule_and_transaction(invocation, argument, txn, line)?;
    match found(invocation, &rule, document.text()) {
        Ok(nearest) => tell(invocation, &nearest),
        Err(diagnostics) => refuse(invocation, &diagnostics, (&document, line), txn),
    }
}

pub(crate) fn of_target(invocation: &Invocation, path: &str, id: i64, txn: &str) -> Outcome {
    input::one_standard_input([path, txn])?;
    let targets = targets::checked(invocation, path)?;
    let target = targets::with_id(&targets, id, path)?;
    let most = invocation.limits.transaction;
    let line = Line::of_transaction(txn, most, FileForm::One(None), &invocation.shape)?;
    let number = line.number.in_memory();
    let read = line.text(invocation.limits.transaction).and_then(|document| {
        match counted(invocation, target, document.text()) {
            Ok(nearest) => Ok(nearest),
            Err(diagnostics) => Err((document, diagnostics)),
        }
    });
    match read {
        Ok(nearest) => tell(invocation, &nearest),
        Err((document, diagnostics)) => refuse(invocation, &diagnostics, (&document, number), txn),
    }
}

fn found(invocation: &Invocation, rule: &Rule, document: &str) -> Result<Nearest, Diagnostics> {
    nearest(rule, document, &invocation.schema, &invocation.analysis_options())
}

/// The same of a target: a change counts where the target counts the changed
/// document, which its filters and its switch may refuse.
fn counted(invocation: &Invocation, target: &CheckedTarget, document: &str) -> Result<Nearest, Diagnostics> {
    let mut nearest = found(invocation, target.rule(), document)?;
    let layout = CheckedTarget::layout([target]);
    let eligibility = |document: &str| -> Result<_, Diagnostics> {
        let transaction = layout.read(document, &invocation.limits)?;
        Ok(target.decide(&transaction, &invocation.zone).result)
    };
    let by_rule = nearest.result;
    nearest.result = eligibility(document)?;
    let told = nearest.nudges.len();
    nearest.nudges.retain(|nudge| eligibility(&nudge.transaction).is_ok_and(|result| result.is_true()));
    if !nearest.result.is_true() && (by_rule.is_true() || nearest.nudges.len() < told) {
        nearest.why.push("the target is switched off, or its filters don't admit the store".to_owned());
    }
    Ok(nearest)
}

fn refuse(invocation: &Invocation, diagnostics: &Diagnostics, line: (&Source, usize), txn: &str) -> Outcome {
    invocation.show_line(&mut screen::messages(), diagnostics, line, input::name(txn));
    Err(Failure::Faults)
}

fn tell(invocation: &Invocation, nearest: &Nearest) -> Outcome {
    let mut out = screen::results();
    if invocation.format == Format::Json {
        out.json(nearest)?;
        return Ok(out.flush()?);
    }
    if nearest.result.is_true() {
        writeln!(out, "true already")?;
    }
    for nudge in &nearest.nudges {
        let words = nudge.changes.iter().map(|change| change.in_words(&invocation.zone));
        let words: Vec<String> = words.map(|words| visible(&words).to_string()).collect();
        writeln!(out, "{}", words.join("; and "))?;
    }
    if nearest.nudges.is_empty() && !nearest.result.is_true() {
        writeln!(out, "no change is known")?;
    }
    for why in &nearest.why {
        writeln!(out, "  note: {}", visible(why))?;
    }
    Ok(out.flush()?)
}
