//! What came of recorded activities of one customer.

use target_rules::Number;
use target_rules::value::Total;

use super::book::Summing;
use super::progress::Progress;
use super::targets::CompiledTargets;

/// What came of all activities of one customer: [`Replay::book`](super::Replay::book).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// By target, period and cycle.
    pub progress: Vec<Progress>,
    /// How many activities count, by the position of the target.
    pub counted: Vec<u64>,
    /// How many returns wait for their bill.
    pub waiting_returns: usize,
}

/// What came of all activities of one customer, without the numbers of these:
/// [`Replay::add_up`](super::Replay::add_up).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddedUp {
    /// By the position of the target, period and cycle.
    pub lines: Vec<AddedUpLine>,
    /// How many activities count, by the position of the target.
    pub counted: Vec<u64>,
    /// How many returns wait for their bill.
    pub waiting_returns: usize,
}

/// What was achieved of a target in one period or cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddedUpLine {
    /// The position of the target.
    pub target: usize,
    /// The period, where there is one.
    pub period_id: Option<i64>,
    /// The cycle, from 1, where there are cycles.
    pub cycle: Option<i64>,
    /// What is to be reached.
    pub defined: Number,
    /// What is achieved, exactly.
    pub achieved: Total,
    /// Whether it is reached: achieved is not below defined.
    pub reached: bool,
    /// Of how many activities it is unknown whether they count, or how much they add.
    pub unknown: usize,
}

impl AddedUp {
    /// The same as what was booked.
    pub(super) fn of(targets: &CompiledTargets, replayed: Replayed) -> AddedUp {
        let Replayed { progress, counted, waiting_returns } = replayed;
        let line = |line: Progress| {
            Some(AddedUpLine {
                target: targets.position(line.target_id)?,
                period_id: line.period_id,
                cycle: line.cycle,
                defined: line.defined,
                achieved: line.achieved,
                reached: line.reached,
                unknown: line.unknown.len(),
            })
        };
        let mut lines: Vec<AddedUpLine> = progress.into_iter().filter_map(line).collect();
        lines.sort_by_key(|line| (line.target, line.period_id, line.cycle));
        AddedUp { lines, counted, waiting_returns }
    }
}

/// Whether the order of bills can't matter to any of these targets, nor whom bills enrol.
pub(super) fn only_sum(targets: &CompiledTargets) -> bool {
    let sums = |at: usize| {
        let outline = targets.outline(at);
        outline.is_some_and(|outline| outline.fixed && outline.summing == Summing::All && !outline.enrols)
    };
    (0..targets.targets.len()).all(sums)
}
