//! `explain --targets`: why a target counts a transaction or doesn't.

use target_rules::Layout;
use target_rules::diagnostic::{Form, Source, visible};

use super::choice::Format;
use super::input::{self, chosen};
use super::invocation::Invocation;
use super::ledger;
use super::notes::Notes;
use super::outcome::{Failure, Outcome};
use super::{screen, targets};

/// The files of the command, and which document is meant.
pub(crate) struct Files {
    pub(crate) targets: String,
    pub(crate) txn: String,
    pub(crate) number: Option<String>,
    pub(crate) enrolments: Option<String>,
    pub(crate) state: Option<String>,
}

pub(crate) fn explain(invocation: &Invocation, files: &Files, id: i64) -> Outcome {
    let from_input = [Some(&files.targets), Some(&files.txn), files.enrolments.as_ref()];
    input::one_standard_input(from_input.into_iter().flatten())?;
    let targets = targets::checked(invocation, &files.targets)?;
    let rule = targets::with_id(&targets, id, &files.targets)?.rule().clone();
    let enrolments = files.enrolments.as_deref();
    let ledger = ledger::open(invocation, targets, enrolments, files.state.as_deref())?;
    let line = chosen(&files.txn, files.number.as_deref(), &invocation.limits, &invocation.shape)?;
    let text = Source::text_of(Form::Payload, &line.bytes, invocation.limits.transaction);
    let explained = text.and_then(|text| {
        let explained = ledger.explain_target(id, text, enrolments.is_some(), &invocation.limits);
        explained.map_err(|diagnostics| (Source::new(Form::Payload, text), diagnostics))
    });
    let explained = match explained {
        Ok(Some(explained)) => explained,
        Ok(None) => return Err(Failure::Usage(format!("there is no target {id}"))),
        Err((source, diagnostics)) => {
            let err = &mut screen::messages();
            let line = (&source, line.number.in_memory());
            invocation.show_line(err, &diagnostics, line, input::name(&files.txn));
            return Err(Failure::Faults);
        }
    };
    let mut out = screen::results();
    match invocation.format {
        Format::Json => out.json(&explained)?,
        Format::Html => out.exact(&explained.to_html())?,
        Format::Human | Format::Sarif | Format::Junit => {
            out.show(&explained.to_text(invocation.colour_of_results))?;
            let document = Source::text_of(Form::Payload, &line.bytes, invocation.limits.transaction);
            // INVARIANT: the document was read for all targets just before.
            if let Ok(document) = document
                && let Ok(transaction) = Layout::of([&rule]).read(document, &invocation.limits)
            {
                let decision = &explained.rule.decision;
                let notes = Notes::of(invocation, &rule, (document, &transaction), decision);
                for why in &notes.why {
                    writeln!(out, "note: {}", visible(why))?;
                }
                out.flush()?;
                notes.warn(invocation, input::name(&files.txn), line.number.in_memory())?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
