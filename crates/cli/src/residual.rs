//! `residual`: what is left of a rule when part of the transaction is known.

use serde::Serialize;
use target_rules_analysis::residual as left_of;

use super::choice::Format;
use super::form::FileForm;
use super::input::{self, Line};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::rules::{self, Decided};
use super::screen;

/// What is left, as JSON.
#[derive(Serialize)]
struct Left {
    rule: String,
}

pub(crate) fn residual(invocation: &Invocation, argument: &str, txn: &str) -> Outcome {
    let most = invocation.limits.transaction;
    let line = || Line::of_transaction(txn, most, FileForm::One(None), &invocation.shape);
    let Decided { rule, document, line, .. } = rules::rule_and_transaction(invocation, argument, txn, line)?;
    let options = invocation.analysis_options();
    let left = match left_of(&rule, document.text(), &invocation.schema, &options) {
        Ok(left) => left.to_text(),
        Err(diagnostics) => {
            let place = (&document, line);
            invocation.show_line(&mut screen::messages(), &diagnostics, place, input::name(txn));
            return Err(Failure::Faults);
        }
    };
    let mut out = screen::results();
    match invocation.format {
        Format::Json => out.json(&Left { rule: left })?,
        _ => out.exact(&format!("{left}\n"))?,
    }
    Ok(out.flush()?)
}
