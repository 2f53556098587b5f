//! `explain`: every node of a rule with its value for a transaction.

use std::io::Write;

use target_rules::diagnostic::visible;

use super::arguments::Format;
use super::input;
use super::invocation::Invocation;
use super::notes::Notes;
use super::outcome::{Outcome, write_json};
use super::rules::{self, Decided};

pub(crate) fn explain(invocation: &Invocation, argument: &str, txn: &str, number: Option<&str>) -> Outcome {
    let line = || input::chosen(txn, number, &invocation.limits);
    let decided = rules::rule_and_transaction(invocation, argument, txn, line)?;
    let Decided { rule, document, transaction, .. } = &decided;
    let explanation = rule.explain(transaction, &invocation.zone);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match invocation.format {
        Format::Json => write_json(&mut out, &explanation)?,
        Format::Html => write!(out, "{}", explanation.to_html())?,
        Format::Human | Format::Sarif | Format::Junit => {
            write!(out, "{}", explanation.to_text(invocation.colour_of_results))?;
            let document = (document.text(), transaction);
            let notes = Notes::of(invocation, rule, document, &explanation.decision);
            for why in &notes.why {
                writeln!(out, "note: {}", visible(why))?;
            }
            out.flush()?;
            notes.warn(invocation, input::name(txn), decided.line)?;
        }
    }
    out.flush()?;
    Ok(())
}
