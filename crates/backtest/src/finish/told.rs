//! All that was counted, and what is told of it.

use crate::count::Part;
use crate::customers::{Activities, Hits, Waiting};
use crate::error::Error;
use crate::input::Files;
use crate::plan::Plan;
use crate::report::{Comparison, Report};

use super::customers::CustomerCounts;
use super::ledger::Ledgers;
use super::places::Places;

/// What a backtest says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished {
    /// Of all rules or targets; in a comparison the old ones first.
    pub report: Report,
    /// Of a comparison.
    pub comparison: Option<Comparison>,
}

/// All that was counted.
pub(crate) struct Counted<'c> {
    pub(crate) plan: &'c Plan,
    pub(crate) files: &'c Files,
    pub(crate) part: Part,
    pub(crate) hits: &'c Hits,
    pub(crate) activities: &'c Activities,
    pub(crate) waiting: Vec<Waiting>,
    /// How many bytes were read of how many, where somebody stopped the run.
    pub(crate) interrupted: Option<(u64, Option<u64>)>,
}

impl Counted<'_> {
    pub(crate) fn finish(self, threads: usize) -> Result<Finished, Error> {
        let customers = CustomerCounts::counted(self.plan, self.hits, threads)?;
        let ledgers = Ledgers::booked(self.plan, self.activities, &self.waiting, threads)?;
        let mut places = Places::of(self.files, &self.part);
        let report = self.report(&mut places, &customers, &ledgers)?;
        let comparison = match self.plan.pairs.is_empty() {
            true => None,
            false => Some(self.comparison(&mut places, &customers, &ledgers)?),
        };
        Ok(Finished { report, comparison })
    }
}
