//! Asks the rules of targets of each line item of a return.

use std::borrow::Cow;

use target_rules::diagnostic::{Diagnostic, Diagnostics, Form, Source, Span};
use target_rules::{Evaluation, Limits, Scratch, Transaction, Truth};

use crate::eligibility::{BILL, ITEMS, RETURN};
use crate::json::{Node, Parsed};

use super::activity::Head;
use super::asked_items::{AskedItems, ItemAnswers, OpenItems};
use super::kept_document::unlimited;
use super::targets::CompiledTargets;

impl CompiledTargets {
    /// What the rules of all targets that ask each line item say of those of a
    /// transaction.
    pub(super) fn ask_all(&self, transaction: &Transaction, scratch: &mut Scratch) -> AskedItems {
        let mut asked = AskedItems::default();
        let mut evaluation = Evaluation::new(transaction, &self.zone, scratch);
        for at in &self.asking_items {
            let Some(target) = self.get(*at) else { continue };
            let ItemAnswers { holds, open } = self.ask(*at, &mut evaluation);
            let (holds, open) = (holds.into_owned(), open.into_owned());
            if !open.positions.is_empty() {
                asked.open.push((target.id(), open));
            }
            if !holds.is_empty() || self.asking_beyond.contains_key(at) {
                asked.holds.push((target.id(), holds));
            }
        }
        asked.holds.sort_unstable();
        asked.open.sort_unstable();
        asked
    }

    /// Refuses a return whose items the rules cannot read, as a bill of them is.
    pub(super) fn refuse_items(
        &self,
        head: &Head,
        document: &str,
        limits: &Limits,
    ) -> Result<(), Diagnostics> {
        let with_items = head.returned.as_ref().and_then(|returned| returned.with_items.as_ref());
        let Some(with_items) = with_items.filter(|_| !self.asking_items.is_empty()) else { return Ok(()) };
        let Err(faults) = self.layout.read(with_items.as_ref(), &unlimited()) else { return Ok(()) };
        let parsed = Parsed::parse(document.into(), 0, usize::MAX).ok();
        let root = parsed.as_ref().map(Parsed::root);
        let moved = faults.iter().map(|fault| {
            let pointer = fault.pointer.as_deref().unwrap_or_default();
            let pointer = pointer.replacen(&format!("/{BILL}/{ITEMS}"), &format!("/{RETURN}/{ITEMS}"), 1);
            let place =
                root.and_then(|root| root.at_pointer(&pointer)).map_or_else(Span::default, Node::head);
            let moved = Diagnostic::new(fault.code, place, fault.message.clone()).note(fault.note.clone());
            match &fault.help {
                Some(help) => moved.help(help.clone()),
                None => moved,
            }
        });
        let source = Source::new(Form::Payload, document);
        Err(Diagnostics::gather(&source, moved.collect(), limits.errors))
    }

    /// What the rule of a target says of the line items of a transaction.
    pub(super) fn ask(&self, at: usize, evaluation: &mut Evaluation<'_>) -> ItemAnswers<'static> {
        let result = self.decide(at, evaluation);
        let holds = evaluation.items().to_vec();
        let transaction = evaluation.transaction();
        let items = self.slots.bill(false).items.and_then(|items| transaction.get_entries(items));
        // The rule is asked again for each item only where one may be unknown.
        let all = items.is_none_or(|items| items.len() == holds.len());
        let mut open = OpenItems::default();
        if let Some(target) = self.get(at).filter(|_| result != Truth::False && !all) {
            let undecided = target.rule().undecided_items(transaction, &self.zone);
            open = OpenItems { positions: undecided.positions, absent: undecided.absent };
        }
        ItemAnswers { holds: Cow::Owned(holds), open: Cow::Owned(open) }
    }
}
