//! What a return takes back from a bill that an account counts.

use std::cell::OnceCell;
use std::sync::Arc;

use target_rules::{Evaluation, Scratch, Transaction};

use crate::eligibility::{CheckedTarget, RETURN};
use crate::model::TargetEntity;

use super::account::{Account, BookedBill};
use super::asked_items::ItemAnswers;
use super::contribution::{MissingFigure, Taken, absent, taken};
use super::items::OfCode;
use super::kept_document::read_kept;
use super::return_bill::items_as_of_bill;
use super::returns::{ReturnIdentity, ReturnedBill, ReturnsOfBill};
use super::standing::Reason;
use super::targets::CompiledTargets;

/// A return, read for the targets: as it came first, and as it came again.
pub(super) struct ReadReturn<'r> {
    versions: Vec<ReadVersion<'r>>,
}

struct ReadVersion<'r> {
    transaction: Transaction,
    kept: &'r ReturnedBill,
    /// Its line items as those of a bill, for rules that were not asked when it came.
    with_items: OnceCell<Transaction>,
}

impl<'r> ReadVersion<'r> {
    fn of(targets: &CompiledTargets, kept: &'r ReturnedBill) -> ReadVersion<'r> {
        // What is of another type for new targets is absent for them.
        let transaction = read_kept(&targets.layout, &format!("{{\"{RETURN}\":{}}}", kept.json));
        ReadVersion { transaction, kept, with_items: OnceCell::new() }
    }

    /// What the rule of a target says of its line items; what is absent where that
    /// is not known any more.
    fn answers(&self, targets: &CompiledTargets, at: usize) -> Result<ItemAnswers<'_>, Vec<String>> {
        let id = targets.get(at).map(CheckedTarget::id);
        if let Some(answers) = id.and_then(|id| self.kept.asked.of(id)) {
            return Ok(answers);
        }
        // The target was not there when the return came, and the rest of its
        // document is gone.
        if let Some(beyond) = targets.asking_beyond.get(&at) {
            return Err(beyond.clone());
        }
        let with_items = self.with_items.get_or_init(|| {
            let items = items_as_of_bill(&self.kept.json);
            read_kept(&targets.layout, &items)
        });
        let mut scratch = Scratch::default();
        Ok(targets.ask(at, &mut Evaluation::new(with_items, &targets.zone, &mut scratch)))
    }
}

/// The returns that came before a bill, read once for all of its targets, and only
/// where one gives something back.
#[derive(Default)]
pub(super) struct ReturnsBefore<'r> {
    of_bill: Option<&'r ReturnsOfBill>,
    read: OnceCell<Vec<(&'r ReturnIdentity, i64, ReadReturn<'r>)>>,
}

impl<'r> ReturnsBefore<'r> {
    pub(super) fn of(of_bill: Option<&'r ReturnsOfBill>) -> ReturnsBefore<'r> {
        ReturnsBefore { of_bill, read: OnceCell::new() }
    }

    /// Each with its identity and date.
    pub(super) fn read(&self, targets: &CompiledTargets) -> &[(&'r ReturnIdentity, i64, ReadReturn<'r>)] {
        self.read.get_or_init(|| {
            let all = self.of_bill.into_iter().flatten();
            all.map(|(identity, one)| (identity, one.date, ReadReturn::of(targets, &one.versions))).collect()
        })
    }
}

impl<'r> ReadReturn<'r> {
    pub(super) fn of(targets: &CompiledTargets, versions: &'r [ReturnedBill]) -> ReadReturn<'r> {
        ReadReturn { versions: versions.iter().map(|kept| ReadVersion::of(targets, kept)).collect() }
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
        for version in &self.versions {
            let transaction = &version.transaction;
            let found = if target.counting().entity == TargetEntity::LineItem {
                let items = returned_items(targets, at, bill, version);
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
/// for which the rule holds. What is absent where that is unknown of one of them.
fn returned_items(
    targets: &CompiledTargets,
    at: usize,
    bill: &BookedBill,
    version: &ReadVersion<'_>,
) -> Result<Vec<usize>, MissingFigure> {
    let slots = targets.slots.bill(true);
    let entries = slots.items.and_then(|items| version.transaction.get_entries(items));
    let entries = entries.ok_or_else(|| absent([format!("{RETURN}.lineItems")]))?;
    let by_code = bill.items.as_ref().map(|items| items.by_code()).unwrap_or_default();
    // A rule that does not ask each item lets every one qualify.
    let asks = targets.asking_items.binary_search(&at).is_ok();
    let mut answers = None;
    let mut counted = Vec::new();
    for (position, entry) in entries.enumerate() {
        let code = slots.code.and_then(|slot| entry.text(slot)).filter(|code| !code.is_empty());
        let counts = match code.map(|code| by_code.get(code).copied().unwrap_or(OfCode::None)) {
            Some(OfCode::All) => true,
            Some(OfCode::None) => false,
            Some(OfCode::Some) | None if !asks => true,
            Some(OfCode::Some) | None => {
                let answers = answers.get_or_insert_with(|| version.answers(targets, at));
                let holds = answers.as_ref().map_err(Clone::clone).and_then(|one| one.holds(position));
                holds.map_err(absent)?
            }
        };
        if counts {
            counted.push(position);
        }
    }
    Ok(counted)
}
