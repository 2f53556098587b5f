//! Weighing: what an activity would add to the targets of its customer. It
//! changes nothing, so that activities are weighed side by side.

use std::borrow::Cow;
use std::sync::Arc;

use target_rules::value::Total;
use target_rules::{Evaluation, Scratch, Transaction, Truth};

use super::account::Contribution;
use super::activity::{Activity, Head};
use super::adds::Adds;
use super::contribution::{KnownFigures, contribution};
use super::items::CountedItems;
use super::kept_document::read_kept;
use super::lacking::{Lacking, SeenLacking};
use super::participation::Participation;
use super::return_bill::ReturnDocument;
use super::returns::{ReturnIdentity, ReturnedBill};
use super::slots::Slots;
use super::targets::CompiledTargets;
use crate::eligibility::{CheckedTarget, local_day};

/// What an activity adds to the targets of its customer; to be booked.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Weighed};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES",
///                          "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let weighed: Option<Weighed> = ledger.weigh(&ledger.read(bill, &limits)?);
/// assert!(weighed.is_some(), "the customer takes part in a target");
/// let achieved = |ledger: &Ledger| {
///     let progress = ledger.progress().next();
///     serde_json::to_value(progress).map(|progress| progress["achieved"].to_string())
/// };
/// assert_eq!(achieved(&ledger)?, "0"); // weighing books nothing
/// ledger.book(weighed);
/// assert_eq!(achieved(&ledger)?, "730.5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub(super) user: i64,
    /// In epoch milliseconds.
    pub(super) date: i64,
    pub(super) number: Arc<str>,
    pub(super) what: WeighedActivity,
}

/// INVARIANT: bills stand before returns, so that they are booked before the
/// returns of the same instant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WeighedActivity {
    Bill {
        /// The local day.
        day: i64,
        adds: Adds,
    },
    Return(Box<WeighedReturn>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WeighedReturn {
    pub(super) bill: Arc<str>,
    pub(super) identity: ReturnIdentity,
    pub(super) returned: ReturnedBill,
    pub(super) figures_beside: bool,
}

impl CompiledTargets {
    /// The slots of a transaction: those of these targets, unless it was read
    /// for others.
    pub(super) fn slots_for(&self, transaction: &Transaction) -> Cow<'_, Slots> {
        if *transaction.layout() == self.layout {
            Cow::Borrowed(&self.slots)
        } else {
            Cow::Owned(Slots::of(transaction.layout(), &self.targets))
        }
    }

    /// What an activity that was read adds to the targets of its customer.
    pub(super) fn weigh_activity(
        &self,
        activity: &Activity,
        enrolled: &[Participation],
        with: (&mut Scratch, &mut SeenLacking),
    ) -> Option<Weighed> {
        let Activity { transaction, head } = activity;
        self.weigh(&self.slots_for(transaction), head, transaction, enrolled, with)
    }

    /// What an activity adds to the targets that its customer takes part in, or
    /// may take part in because of it. `slots` are those of its layout.
    pub(super) fn weigh(
        &self,
        slots: &Slots,
        head: &Head,
        transaction: &Transaction,
        enrolled: &[Participation],
        with: (&mut Scratch, &mut SeenLacking),
    ) -> Option<Weighed> {
        self.weigh_decided(slots, (head, transaction), enrolled, with, &[])
    }

    /// The same where some rules have been decided, by the positions of their targets.
    pub(super) fn weigh_decided(
        &self,
        slots: &Slots,
        (head, transaction): (&Head, &Transaction),
        enrolled: &[Participation],
        (scratch, seen): (&mut Scratch, &mut SeenLacking),
        decided: &[Option<Truth>],
    ) -> Option<Weighed> {
        let date = head.date.milliseconds();
        let what = match &head.returned {
            Some(returned) => WeighedActivity::Return(Box::new(self.weigh_return(returned, scratch))),
            None if enrolled.is_empty() && self.enrolling.is_empty() => return None,
            None => {
                let mut bill = BillWeigher {
                    targets: self,
                    slots,
                    head,
                    decided,
                    evaluation: Evaluation::new(transaction, &self.zone, scratch),
                    seen,
                    untold: MOST_TOLD,
                    codes: None,
                    figures: KnownFigures::default(),
                    known: Vec::new(),
                    unknown: Vec::new(),
                };
                let mut enrolling = self.enrolling.iter().copied().peekable();
                for at in enrolled.iter().map(|one| one.target) {
                    while let Some(before) = enrolling.next_if(|enrolling| *enrolling < at) {
                        bill.weigh(before, false);
                    }
                    enrolling.next_if_eq(&at);
                    bill.weigh(at, true);
                }
                enrolling.for_each(|at| bill.weigh(at, false));
                let adds = Adds::new(bill.known, bill.seen.share_all(bill.unknown));
                WeighedActivity::Bill { day: local_day(head.date, &self.zone), adds }
            }
        };
        Some(Weighed { user: head.customer, date, number: head.number.clone(), what })
    }

    fn weigh_return(&self, document: &ReturnDocument, scratch: &mut Scratch) -> WeighedReturn {
        let items = document.with_items.as_ref().filter(|_| !self.asking_items.is_empty());
        let asked = items.map(|text| self.ask_all(&read_kept(&self.layout, text), scratch));
        WeighedReturn {
            bill: document.bill.clone(),
            identity: document.identity.clone(),
            returned: ReturnedBill { json: document.json.clone(), asked: asked.unwrap_or_default() },
            figures_beside: document.figures_beside,
        }
    }
}

/// Of so many targets that nobody has enrolled the customer in, and of which it
/// is unknown whether they count a bill, it is said what the bill lacks. Who
/// says it is the interpreter, which costs more than the decision.
const MOST_TOLD: usize = 8;

/// A bill that is weighed for one target after the other.
struct BillWeigher<'a, 't> {
    targets: &'a CompiledTargets,
    slots: &'a Slots,
    head: &'a Head,
    /// What the rules of targets say, by their positions, where that is known.
    decided: &'a [Option<Truth>],
    evaluation: Evaluation<'t>,
    seen: &'a mut SeenLacking,
    /// For how many targets more it is said what the bill lacks.
    untold: usize,
    /// The codes of its line items, once they are asked for.
    codes: Option<Arc<[Option<Arc<str>>]>>,
    figures: KnownFigures,
    known: Vec<(usize, Contribution)>,
    unknown: Vec<(usize, Arc<Lacking>)>,
}

impl BillWeigher<'_, '_> {
    /// Weighs the bill for a target; `listed` where the customer is enrolled in
    /// it by a list.
    fn weigh(&mut self, at: usize, listed: bool) {
        let (Some(outline), Some(target)) = (self.targets.outline(at), self.targets.get(at)) else { return };
        if !outline.running || !outline.takes(self.head) {
            return;
        }
        let decided = self.decided.get(at).copied().flatten();
        if decided == Some(Truth::False) {
            return;
        }
        let transaction = self.evaluation.transaction();
        let admitted =
            if outline.has_filters { target.admits(transaction, &self.slots.store) } else { Truth::True };
        if admitted == Truth::False {
            return;
        }
        // For which line items a rule is true is not among what has been decided.
        let decided = decided.filter(|decided| *decided != Truth::True || !outline.chooses_items);
        let rule = decided.unwrap_or_else(|| self.targets.decide(at, &mut self.evaluation));
        let lacking = match admitted.and(rule) {
            Truth::False => return,
            Truth::Unknown => self.undecided(target, listed),
            Truth::True => {
                let chosen = outline.chooses_items.then(|| self.evaluation.items());
                match contribution(self.slots, (at, target), transaction, chosen, &mut self.figures) {
                    Ok(figure) => {
                        let items = self.items(at, figure);
                        self.known.push((at, Contribution::Known { figure, items }));
                        return;
                    }
                    Err(missing) => self.seen.share(Lacking::of_figure(missing)),
                }
            }
        };
        self.unknown.push((at, lacking));
    }

    /// What the bill lacks, where it is unknown whether the target counts it.
    fn undecided(&mut self, target: &CheckedTarget, listed: bool) -> Arc<Lacking> {
        if self.seen.is_untold() {
            return self.seen.nothing();
        }
        if !listed {
            let Some(left) = self.untold.checked_sub(1) else { return self.seen.nothing() };
            self.untold = left;
        }
        let (transaction, zone) = (self.evaluation.transaction(), &self.targets.zone);
        let eligibility = target.decide(transaction, zone);
        self.seen.share(Lacking::of_rule(target.rule(), eligibility, transaction, zone))
    }

    /// Which line items a target has counted, where a return may ask for them.
    fn items(&mut self, at: usize, figure: Total) -> Option<Box<CountedItems>> {
        let outline = self.targets.outline(at)?;
        if !outline.of_items || !outline.gives_back || figure <= Total::ZERO {
            return None;
        }
        if self.codes.is_none() {
            let bill = self.slots.bill(false);
            let entries = bill.items.and_then(|items| self.evaluation.transaction().get_entries(items));
            let code =
                |entry: target_rules::transaction::EntryGetter<'_>| entry.text(bill.code?).map(Arc::from);
            self.codes = Some(entries.into_iter().flatten().map(code).collect());
        }
        let counted = outline.chooses_items.then(|| self.evaluation.items().into());
        Some(Box::new(CountedItems { codes: self.codes.clone()?, counted }))
    }
}
