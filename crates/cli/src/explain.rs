//! `explain`: every node of a rule with its value for a transaction.

use target_rules::diagnostic::visible;

use super::choice::Format;
use super::input;
use super::invocation::Invocation;
use super::notes::Notes;
use super::outcome::Outcome;
use super::rules::{self, Decided};
use super::screen;

pub(crate) fn explain(invocation: &Invocation, argument: &str, txn: &str, number: Option<&str>) -> Outcome {
    let line = || input::chosen(txn, number, &invocation.limits, &invocation.shape);
    let decided = rules::rule_and_transaction(invocation, argument, txn, line)?;
    let Decided { rule, document, transaction, .. } = &decided;
    let explanation = rule.explain(transaction, &invocation.zone);
    let mut out = screen::results();
    match invocation.format {
        Format::Json => out.json(&explanation)?,
        Format::Html => out.exact(&explanation.to_html())?,
        Format::Human | Format::Sarif | Format::Junit => {
            out.show(&explanation.to_text(invocation.colour_of_results))?;
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
