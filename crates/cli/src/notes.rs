//! What is told beside the answer of a rule: why something is absent or at
//! fault, in words of the document.

use std::collections::BTreeSet;

use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::{Code, Shown};
use target_rules::interpret::{Decision, LackingItem};
use target_rules::schema::ListName;
use target_rules::{Rule, Transaction, Truth, Zone};

use super::count::Count;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Tell};

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
            let lacking = Lacking::of(rule, transaction, &invocation.zone, decision);
            let told = found.iter().filter(|found| lacking.explained_by(found, &audit, decision));
            why.extend(told.map(sentence));
            why.extend(lacking.items.iter().take(MOST_ITEMS).map(lack));
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
        let mut err = screen::messages();
        for found in shown {
            let mut found = found.clone();
            for place in &mut found.places {
                place.line =
                    line.checked_sub(1).and_then(|above| above.checked_add(place.line)).unwrap_or(line);
            }
            err.tell(&found.to_text(origin, invocation.colour));
            err.tell(&Shown::lines("\n"));
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

/// What a document lacks of what a rule reads, by its names in rules and in
/// lists.
struct Lacking {
    names: BTreeSet<String>,
    items: Vec<LackingItem>,
    /// The paths of what these items lack: told of each of them.
    of_items: BTreeSet<String>,
}

impl Lacking {
    fn of(rule: &Rule, transaction: &Transaction, zone: &Zone, decision: &Decision) -> Lacking {
        let mut names: BTreeSet<String> = decision.absent.iter().cloned().collect();
        let mut items = rule.lacking_items(transaction, zone);
        items.retain(|item| names.contains(&item.part));
        let mut lists = rule.lacking_lists(transaction, zone);
        lists.retain(|list| names.contains(&list.part));
        let mut of_items = BTreeSet::new();
        for LackingItem { profile, list, fields, .. } in &items {
            of_items.extend(fields.iter().map(|field| format!("{profile}.{}[].{field}", list.key())));
        }
        names.extend(lists.iter().map(|lacking| format!("{}.{}", lacking.profile, lacking.list.key())));
        Lacking { names, items, of_items }
    }

    /// Whether a finding explains what is absent or at fault.
    fn explained_by(&self, found: &Finding, audit: &Audit, decision: &Decision) -> bool {
        match found.code {
            Code::InvalidDate => !decision.faults.is_empty(),
            Code::UnknownProfile | Code::UnknownKey => !decision.absent.is_empty(),
            Code::NeverThere if self.of_items.contains(&found.path) => false,
            Code::NeverThere => audit.names(found).iter().any(|name| self.names.contains(*name)),
            _ => false,
        }
    }
}

fn lack(item: &LackingItem) -> String {
    let fields = item.fields.join("` and no `");
    // People count from 1; the pointer is the document's.
    let position = Count::position(item.position);
    let one = if item.list == ListName::Tenders { "tender" } else { "item" };
    format!("{one} {position} has no `{fields}`; looked for at {}", item.pointer())
}
