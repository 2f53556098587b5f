//! The rules of targets, asked of each line item of a return.

use std::borrow::Cow;

use target_rules::diagnostic::{Diagnostic, Diagnostics, Form, Source, Span};
use target_rules::{Evaluation, Limits, Reference, Rule, Scratch, Transaction, Truth};

use crate::eligibility::{BILL, ITEMS, RETURN};
use crate::json::{Node, Parsed};

use super::activity::Head;
use super::kept_document::unlimited;
use super::targets::CompiledTargets;

/// What the rules of targets say of the line items of a return, by the id of the
/// target.
///
/// Of a target that is in neither list, its rule held for no item, or it was not
/// there to be asked: a rule about line items alone is asked again, for they are
/// kept. One that asks for more is in a list whenever it was asked.
///
/// INVARIANT: both lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AskedItems {
    /// The positions in `returnBill.lineItems` for which the rule holds.
    pub(super) holds: Vec<(i64, Vec<usize>)>,
    /// The items of which it is unknown whether it does.
    pub(super) open: Vec<(i64, OpenItems)>,
}

/// Items of which it is unknown whether a rule holds for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OpenItems {
    /// INVARIANT: sorted.
    pub(super) positions: Vec<usize>,
    /// What is absent, by its names in the rule.
    pub(super) absent: Vec<String>,
}

/// What the rule of one target says of the items.
#[derive(Debug, Default)]
pub(super) struct ItemAnswers<'a> {
    holds: Cow<'a, [usize]>,
    open: Cow<'a, OpenItems>,
}

impl ItemAnswers<'_> {
    /// Whether the rule holds for the item at a position; what is absent where that
    /// is unknown.
    pub(super) fn holds(&self, position: usize) -> Result<bool, Vec<String>> {
        if self.open.positions.binary_search(&position).is_ok() {
            return Err(self.open.absent.clone());
        }
        Ok(self.holds.binary_search(&position).is_ok())
    }
}

impl AskedItems {
    /// What was answered for a target; `None` where its rule is to be asked again.
    pub(super) fn of(&self, target: i64) -> Option<ItemAnswers<'_>> {
        let holds = self.holds.binary_search_by_key(&target, |(id, _)| *id).ok();
        let holds = holds.and_then(|at| self.holds.get(at)).map(|(_, positions)| positions.as_slice());
        let open = self.open.binary_search_by_key(&target, |(id, _)| *id).ok();
        let open = open.and_then(|at| self.open.get(at)).map(|(_, open)| open);
        (holds.is_some() || open.is_some()).then(|| ItemAnswers {
            holds: Cow::Borrowed(holds.unwrap_or_default()),
            open: open.map_or_else(Cow::default, Cow::Borrowed),
        })
    }
}

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

/// What a rule reads beside the line items of the bill, by its names.
pub(super) fn beyond_items(rule: &Rule) -> Vec<String> {
    let beyond = |reference: Reference| match reference {
        Reference::List { profile, list } | Reference::EntryField { profile, list, .. } => {
            (profile != BILL || list != ITEMS).then(|| format!("{profile}.{list}"))
        }
        Reference::ItemAttribute { profile, .. } => (profile != BILL).then(|| format!("{profile}.{ITEMS}")),
        Reference::Attribute { profile, name } => Some(format!("{profile}.{name}")),
        Reference::ExtendedField { profile, name } => Some(format!("{profile}.extField_{name}")),
        Reference::CustomField { profile, name } => Some(format!("{profile}.customFields.{name}")),
        Reference::Segment { profile, name } => Some(format!("{profile}.clusters.{name}")),
        Reference::Answer { profile, method, .. } => Some(format!("{profile}.{method}")),
        // A newer kind is beyond what is known of items.
        other => Some(format!("{other:?}")),
    };
    let mut names: Vec<String> = rule.references().into_iter().filter_map(beyond).collect();
    names.dedup();
    names
}
