//! What is told beside the answer of a rule: why something is absent or at
//! fault, in words of the document.

use std::io::Write;

use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::Code;
use target_rules::interpret::{Decision, LackingItem};
use target_rules::schema::ListName;
use target_rules::{Rule, Transaction, Truth};

use super::count::Count;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};

/// The most line items of which is told what they lack.
const MOST_ITEMS: usize = 5;

/// What was found in a document about what a rule reads.
pub(crate) struct Notes {
    /// What explains an answer that is not known.
    pub(crate) why: Vec<String>,
    /// What is dubious whatever the answer.
    pub(crate) warnings: Vec<Finding>,
}

impl Notes {
    pub(crate) fn of(
        invocation: &Invocation,
        rule: &Rule,
        (document, transaction): (&str, &Transaction),
        decision: &Decision,
    ) -> Notes {
        let mut audit = Audit::new(&invocation.schema, &invocation.limits).rules([rule]);
        audit.add(document, 1);
        let read = audit.findings().into_iter().filter(|found| found.read);
        let (warnings, found): (Vec<Finding>, Vec<Finding>) =
            read.partition(|found| found.code == Code::DateUnit);
        let mut why = Vec::new();
        if decision.result == Truth::Unknown {
            let lacking = rule.lacking_items(transaction, &invocation.zone);
            let lacking: Vec<&LackingItem> =
                lacking.iter().filter(|item| decision.absent.contains(&item.part)).collect();
            // What no entry has is told of each entry.
            let of_entries = |found: &&Finding| {
                let field = found.path.split_once("[].").map(|(_, field)| field);
                let lacks =
                    |item: &&LackingItem| item.fields.iter().any(|lacks| Some(lacks.as_str()) == field);
                lacking.iter().any(lacks)
            };
            let told = found.iter().filter(|found| is_about(found, decision) && !of_entries(found));
            why.extend(told.map(sentence));
            why.extend(lacking.into_iter().take(MOST_ITEMS).map(lack));
        }
        Notes { why, warnings }
    }
}

impl Notes {
    /// Shows what is dubious whatever the answer is, on standard error. The
    /// document begins in a line of its file, from 1.
    ///
    /// Fails where warnings fail the command.
    pub(crate) fn warn(&self, invocation: &Invocation, origin: &str, line: usize) -> Outcome {
        let refused = invocation.deny_warnings && !self.warnings.is_empty();
        let shown = if refused || !invocation.quiet { &*self.warnings } else { &[] };
        let mut err = std::io::stderr().lock();
        for found in shown {
            let mut found = found.clone();
            for place in &mut found.places {
                place.line =
                    line.checked_sub(1).and_then(|above| above.checked_add(place.line)).unwrap_or(line);
            }
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(err, "{}", found.to_text(origin, invocation.colour));
        }
        if refused { Err(Failure::Faults) } else { Ok(()) }
    }
}

fn sentence(found: &Finding) -> String {
    match &found.help {
        Some(help) => format!("{}; {help}", found.message),
        None => found.message.clone(),
    }
}

/// Whether a finding explains what is absent or at fault.
fn is_about(found: &Finding, decision: &Decision) -> bool {
    let absent = &decision.absent;
    match found.code {
        Code::InvalidDate => !decision.faults.is_empty(),
        Code::UnknownProfile | Code::UnknownKey => !absent.is_empty(),
        // What is absent is told by its name; of a call, what it reads is told.
        Code::NeverThere => {
            let of_lists = ["currentLineItem.", "tenderProfile."];
            let of_list = |name: &String| of_lists.iter().any(|profile| name.starts_with(profile));
            let calls = absent.iter().any(|name| name.contains('(') || of_list(name));
            let list = [".lineItems", ".tenders"].iter().any(|list| found.path.contains(list));
            let named = absent.iter().any(|name| *name == rule_name(&found.path));
            let section = absent
                .iter()
                .any(|name| name.strip_prefix(found.path.as_str()).is_some_and(|rest| rest.starts_with('.')));
            named || section || (calls && list)
        }
        _ => false,
    }
}

/// What rules call a path.
fn rule_name(path: &str) -> String {
    path.replace(".extendedFields.", ".extField_")
}

fn lack(item: &LackingItem) -> String {
    let fields = item.fields.join("` and no `");
    // People count from 1; the pointer is the document's.
    let position = Count::position(item.position);
    let one = if item.list == ListName::Tenders { "tender" } else { "item" };
    format!("{one} {position} has no `{fields}`; looked for at {}", item.pointer())
}
