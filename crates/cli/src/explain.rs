//! `explain`: every node of a rule with its value for a transaction.

use std::io::Write;

use super::arguments::Format;
use super::invocation::Invocation;
use super::outcome::{Outcome, write_json};
use super::rules;

pub(crate) fn explain(invocation: &Invocation, argument: &str, txn: &str) -> Outcome {
    let (rule, _, transaction) = rules::rule_and_transaction(invocation, argument, txn)?;
    let explanation = rule.explain(&transaction, &invocation.zone);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match invocation.format {
        Format::Json => write_json(&mut out, &explanation)?,
        Format::Html => write!(out, "{}", explanation.to_html())?,
        Format::Human | Format::Sarif => {
            write!(out, "{}", explanation.to_text(invocation.colour_of_results))?;
        }
    }
    out.flush()?;
    Ok(())
}
