//! The comparison of two versions, of a part.

use crate::count::SideCounts;
use crate::error::Error;
use crate::plan::{Focus, Pair, Subject};
use crate::report::{ChangeReport, Comparison, DecidedBy, LedgerReport, REPORT_VERSION, SideReport};

use super::customers::CustomerCounts;
use super::ledger::Ledgers;
use super::places::Places;
use super::report::days;
use super::told::Counted;

impl Counted<'_> {
    pub(super) fn comparison(
        &self,
        places: &mut Places<'_>,
        customers: &CustomerCounts,
        ledgers: &Ledgers,
    ) -> Result<Comparison, Error> {
        let changes = (0..self.plan.pairs.len()).map(|at| self.change(at, places, customers, ledgers));
        let changes = changes.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        Ok(Comparison { version: REPORT_VERSION, input: self.input(places, customers)?, changes })
    }

    fn change(
        &self,
        at: usize,
        places: &mut Places<'_>,
        customers: &CustomerCounts,
        ledgers: &Ledgers,
    ) -> Result<Option<ChangeReport>, Error> {
        let (plan, part) = (self.plan, &self.part);
        let (Some(pair), Some(counts)) = (plan.pairs.get(at), part.pairs.get(at)) else { return Ok(None) };
        let Pair { old, new, .. } = *pair;
        let subject = |at: Option<usize>| at.and_then(|at| plan.subjects.get(at));
        let tally = |at: Option<usize>| plan.tallies.tally(at?);
        let of = |counts: &[u64], at: Option<usize>| {
            tally(at).and_then(|tally| counts.get(tally)).copied().unwrap_or_default()
        };
        let (old_eligible, new_eligible) = (of(&part.eligible, old), of(&part.eligible, new));
        let [gained_customers, lost_customers] = customers.pairs.get(at).copied().unwrap_or_default();
        let focus = |place: Option<usize>| place.and_then(|place| plan.focus.get(place));
        let ledger =
            |place: Option<usize>| -> Option<LedgerReport> { ledgers.report(plan, place?, part.not_booked) };
        let hit = |at: Option<usize>| tally(at).map_or(0, |tally| customers.hit(tally));
        let amount = |at: Option<usize>| tally(at).map(|tally| part.amounts.total(tally)).unwrap_or_default();
        let text = |at: Option<usize>| subject(at).map(|subject| subject.checked_rule().to_text());
        let named = subject(new).or(subject(old));
        Ok(Some(ChangeReport {
            id: named.map(|subject| subject.id().to_owned()).unwrap_or_default(),
            name: subject(new)
                .and_then(Subject::name)
                .or(subject(old).and_then(Subject::name))
                .map(str::to_owned),
            old_rule: text(old),
            new_rule: text(new),
            old_eligible,
            new_eligible,
            unchanged: counts.both,
            neither: part
                .transactions
                .saturating_sub(counts.both)
                .saturating_sub(counts.gained.transactions)
                .saturating_sub(counts.lost.transactions),
            old_unknown: of(&part.unknown, old),
            new_unknown: of(&part.unknown, new),
            old_amount: amount(old),
            new_amount: amount(new),
            old_customers: hit(old),
            new_customers: hit(new),
            gained: side(&counts.gained, gained_customers, focus(pair.old_focus), places)?,
            lost: side(&counts.lost, lost_customers, focus(pair.new_focus), places)?,
            old_ledger: ledger(pair.old_focus),
            new_ledger: ledger(pair.new_focus),
        }))
    }
}

/// Hits of one version alone; `other` is the one that decides against them.
fn side(
    counts: &SideCounts,
    customers: u64,
    other: Option<&Focus>,
    places: &mut Places<'_>,
) -> Result<SideReport, Error> {
    let clauses = other.into_iter().flat_map(|focus| &focus.clauses).zip(&counts.decided_by);
    let decided_by = clauses.filter(|(_, transactions)| **transactions > 0).map(|(clause, transactions)| {
        DecidedBy { kind: clause.kind, text: clause.text.clone(), transactions: *transactions }
    });
    Ok(SideReport {
        transactions: counts.transactions,
        customers,
        amount: counts.amount.total(0),
        without_amount: counts.without_amount,
        decided_by: decided_by.collect(),
        days: days(&counts.days, 0),
        examples: places.examples(counts.examples.kind, counts.examples.held.iter())?,
    })
}
