//! `explain`: every node of a rule with its value for a transaction.

use std::io::Write;

use super::arguments::Format;
use super::{Outcome, Session, rules, write_json};

pub(crate) fn explain(session: &Session, argument: &str, txn: &str) -> Outcome {
    let (rule, _, transaction) = rules::rule_and_transaction(session, argument, txn)?;
    let explanation = rule.explain(&transaction, &session.zone);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match session.format {
        Format::Json => write_json(&mut out, &explanation)?,
        Format::Html => write!(out, "{}", explanation.to_html())?,
        Format::Human | Format::Sarif => {
            write!(out, "{}", explanation.to_text(session.colour_of_results))?;
        }
    }
    out.flush()?;
    Ok(())
}
