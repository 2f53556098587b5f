//! What a return takes back from a bill that an account counts.

use std::sync::Arc;

use target_rules::Transaction;

use crate::eligibility::{CheckedTarget, RETURN};
use crate::model::TargetEntity;

use super::account::{Account, BookedBill};
use super::contribution::{MissingFigure, Taken, absent, taken};
use super::items::OfCode;
use super::returns::ReturnedBill;
use super::standing::Reason;
use super::targets::CompiledTargets;
use super::weigh::unlimited;

/// A return, read for the targets: as it came first, and as it came again.
pub(super) struct ReadReturn<'r> {
    versions: Vec<(Transaction, &'r ReturnedBill)>,
}

impl<'r> ReadReturn<'r> {
    pub(super) fn of(targets: &CompiledTargets, versions: &'r [ReturnedBill]) -> ReadReturn<'r> {
        let limits = unlimited();
        let read = versions.iter().map(|version| {
            let document = format!("{{\"{RETURN}\":{}}}", version.json);
            // What is of another type for new targets is absent for them.
            let read = targets.layout.read(&document, &limits);
            (read.unwrap_or_else(|_| targets.layout.blank()), version)
        });
        ReadReturn { versions: read.collect() }
    }

    /// Takes it back from the account of a target that counts the bill, and
    /// says what is to be told.
    pub(super) fn take_from(
        &self,
        targets: &CompiledTargets,
        at: usize,
        account: &mut Account,
        number: &Arc<str>,
    ) -> Option<Reason> {
        let summing = targets.outline(at).filter(|outline| outline.gives_back)?.summing;
        let target = targets.get(at)?;
        let Some(bill) = account.bills.get(number) else {
            let bill = number.to_string();
            return account.counted_earlier(number).then_some(Reason::FigureNotKept { bill });
        };
        if !bill.gives_back() {
            return None;
        }
        let of = number.to_string();
        match self.taken(targets, (at, target), bill) {
            Ok(Taken { amount, below_zero }) => {
                account.take_back(summing, number, amount);
                below_zero.then_some(Reason::ReturnBelowZero { bill: of })
            }
            Err(MissingFigure::Absent { names, .. }) => Some(Reason::ReturnLacks { bill: of, absent: names }),
            Err(MissingFigure::Overflow) => Some(Reason::ReturnLacks { bill: of, absent: Vec::new() }),
        }
    }

    /// Whether it lacks its figure for a target that counts the bill; `None`
    /// where nothing can be taken back.
    pub(super) fn lacks(
        &self,
        targets: &CompiledTargets,
        at: usize,
        account: &Account,
        number: &str,
    ) -> Option<bool> {
        let target = targets.get(at).filter(|target| target.counting().gives_back())?;
        let bill = account.bills.get(number).filter(|bill| bill.gives_back())?;
        Some(self.taken(targets, (at, target), bill).is_err())
    }

    /// What the first version takes back that has the figure.
    fn taken(
        &self,
        targets: &CompiledTargets,
        (at, target): (usize, &CheckedTarget),
        bill: &BookedBill,
    ) -> Result<Taken, MissingFigure> {
        let mut first = None;
        for (transaction, version) in &self.versions {
            let found = if target.counting().entity == TargetEntity::LineItem {
                let items = returned_items(targets, (at, target), bill, transaction, version);
                items.and_then(|items| taken(&targets.slots, (at, target), transaction, Some(&items)))
            } else {
                taken(&targets.slots, (at, target), transaction, None)
            };
            match found {
                Ok(taken) => return Ok(taken),
                Err(missing) => drop(first.get_or_insert(missing)),
            }
        }
        Err(first.unwrap_or_else(|| absent([])))
    }
}

/// The positions of the returned items that the bill counted: where it counted
/// every item of their code; where it counted some, or they have no code, those
/// for which the rule holds.
fn returned_items(
    targets: &CompiledTargets,
    (at, target): (usize, &CheckedTarget),
    bill: &BookedBill,
    transaction: &Transaction,
    version: &ReturnedBill,
) -> Result<Vec<usize>, MissingFigure> {
    let slots = targets.slots.bill(true);
    let entries = slots.items.and_then(|items| transaction.get_entries(items));
    let entries = entries.ok_or_else(|| absent([format!("{RETURN}.lineItems")]))?;
    let by_code = bill.items.as_ref().map(|items| items.by_code()).unwrap_or_default();
    // A rule that does not ask each item lets every one qualify.
    let asks = targets.asking_items.binary_search(&at).is_ok();
    let holding = version.holding(target.id());
    let counted = entries.enumerate().filter(|(position, entry)| {
        let code = slots.code.and_then(|slot| entry.text(slot)).filter(|code| !code.is_empty());
        match code.map(|code| by_code.get(code).copied().unwrap_or(OfCode::None)) {
            Some(OfCode::All) => true,
            Some(OfCode::None) => false,
            Some(OfCode::Some) | None => !asks || holding.binary_search(position).is_ok(),
        }
    });
    Ok(counted.map(|(position, _)| position).collect())
}
