//! What a backtest says: the report, and the comparison of two versions.
//!
//! Everything here is finished: sorted, with days and names written out, and equal to
//! the byte however the transactions were cut into parts. Money has all of its digits.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// The version of the report's JSON, raised where a reader would go wrong.
pub const REPORT_VERSION: u32 = 1;

/// What some targets would have hit among recorded transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this form: [`REPORT_VERSION`].
    pub version: u32,
    /// What was read.
    pub input: InputReport,
    /// Each target, in the order of the payload.
    pub targets: Vec<TargetReport>,
    /// The targets in focus, in the order of the payload: with funnel, curves and examples.
    pub focus: Vec<FocusReport>,
    /// Each pair of targets in focus.
    pub overlap: Vec<OverlapReport>,
}

/// What two versions of rules or targets would have hit among the same transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The version of this form: [`REPORT_VERSION`].
    pub version: u32,
    /// What was read.
    pub input: InputReport,
    /// Each target of either version, by the order of the old one, then that of the new.
    pub changes: Vec<ChangeReport>,
}

/// What was read, and what wasn't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InputReport {
    /// Whether all that was asked for was read and decided. Documents that can't be
    /// read don't change that; they are counted in `unreadable`.
    pub whole: bool,
    /// Why it isn't whole; empty where it is.
    pub not_whole: Vec<NotWhole>,
    /// The files that were read, sorted.
    pub files: Vec<FileReport>,
    /// The time zone that decides to which day a transaction belongs.
    pub zone: String,
    /// The part of all documents that was looked at, in millionths; 1 000 000 is all.
    pub sample_millionths: u32,
    /// The first local day that was asked for, as `2026-03-01`.
    pub since: Option<String>,
    /// The last local day that was asked for.
    pub until: Option<String>,
    /// How many transactions were decided.
    pub transactions: u64,
    /// How many documents couldn't be read. They are in no other count.
    pub unreadable: u64,
    /// The first of these, by file and line.
    pub faults: Vec<LineFault>,
    /// How many documents were passed over because a mapping says that they are no
    /// transactions.
    pub skipped: u64,
    /// How many documents were left out because they aren't in the sample.
    pub not_sampled: u64,
    /// How many transactions were left out because of their day.
    pub other_days: u64,
    /// How many of the decided transactions say no date.
    pub without_date: u64,
    /// How many of the decided transactions say no customer.
    pub without_customer: u64,
    /// How many customers there are in the decided transactions.
    pub customers: u64,
    /// The sum of `currentTxn.value` of the decided transactions.
    pub amount: Amount,
    /// How many of the decided transactions say no `currentTxn.value`.
    pub without_amount: u64,
    /// The decided transactions of each local day, by day.
    pub days: Vec<DayCount>,
    /// How many of them are of days that `days` has no room for.
    pub days_left_out: u64,
    /// The decided transactions of each store, by name.
    pub stores: Vec<StoreCount>,
    /// How many of them are of stores that `stores` has no room for.
    pub stores_left_out: u64,
    /// How many of the decided transactions say no store.
    pub without_store: u64,
}

/// Why a report isn't about all that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "camelCase")]
#[non_exhaustive]
pub enum NotWhole {
    /// Somebody stopped the run.
    Interrupted {
        /// How many bytes of the input were read.
        bytes_read: u64,
        /// How many there are, where that is known.
        bytes: Option<u64>,
    },
    /// Only a sample was asked for.
    Sampled,
}

impl fmt::Display for NotWhole {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotWhole::Interrupted { bytes_read, bytes: Some(bytes) } => {
                write!(to, "it was interrupted after {bytes_read} of {bytes} bytes")
            }
            NotWhole::Interrupted { bytes_read, bytes: None } => {
                write!(to, "it was interrupted after {bytes_read} bytes")
            }
            NotWhole::Sampled => to.write_str("only a sample of the transactions was decided"),
        }
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Its path, as it was given or found.
    pub path: String,
    /// How many documents were read of it, those that can't be read included.
    pub documents: u64,
}

/// A document that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineFault {
    /// The file.
    pub file: String,
    /// The line of the file, from 1; in a JSON array the entry, from 1.
    pub line: u64,
    /// The stable name of what is wrong, such as `wrong-type`.
    pub code: String,
    /// What is wrong, in words.
    pub message: String,
}

/// What one target would have hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TargetReport {
    /// The target's id; of a rule its name, or its number from 1.
    pub id: String,
    /// The target's name.
    pub name: Option<String>,
    /// Its rule in canonical text.
    pub rule: String,
    /// How many transactions it counts. These are its hits.
    pub eligible: u64,
    /// How many it doesn't count.
    pub not_eligible: u64,
    /// Of how many that isn't known, because something is absent.
    pub unknown: u64,
    /// What was absent where it is unknown.
    pub absent: AbsentReport,
    /// How many customers it hits.
    pub customers: u64,
    /// How many hits these have: each band with its number of customers, by hits.
    pub hits_by_customer: Vec<HitsBand>,
    /// How many hits are of transactions that say no customer.
    pub hits_without_customer: u64,
    /// The sum of `currentTxn.value` of its hits.
    pub amount: Amount,
    /// How many of its hits say no `currentTxn.value`.
    pub without_amount: u64,
    /// Its hits of each local day on which there are some, by day.
    pub days: Vec<DayCount>,
    /// Its hits in each store in which there are some, by the store's name.
    pub stores: Vec<StoreCount>,
}

/// What was absent where a target is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AbsentReport {
    /// Of how many unknown transactions it was asked what is absent: of all where there are
    /// few targets or transactions, and else of a fixed part of them.
    pub asked: u64,
    /// Each name with the number of those transactions that lack it, the most frequent
    /// first. A transaction may lack several.
    pub names: Vec<AbsentName>,
    /// How many of them have a fault, such as a division by zero.
    pub faults: u64,
}

/// A name that was absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AbsentName {
    /// As rules write it.
    pub name: String,
    /// How many transactions lack it.
    pub transactions: u64,
}

/// Customers with so many hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HitsBand {
    /// The fewest hits of the band.
    pub from: u64,
    /// The most hits of the band; `None` where there is no end.
    pub to: Option<u64>,
    /// How many customers have so many.
    pub customers: u64,
}

/// Transactions of a local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DayCount {
    /// The local day, as `2026-03-01`.
    pub day: String,
    /// How many.
    pub transactions: u64,
}

/// Transactions of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StoreCount {
    /// `currentStore.code`, else `currentStore.id`.
    pub store: String,
    /// How many.
    pub transactions: u64,
}

/// More of a target that is in focus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FocusReport {
    /// The target: its [`TargetReport::id`].
    pub id: String,
    /// The funnel: the clauses that all have to be true, in the order in which they are asked.
    pub clauses: Vec<ClauseReport>,
    /// For thresholds among the clauses, how many transactions others would hit.
    pub curves: Vec<CurveReport>,
    /// Some transactions, to be looked at.
    pub examples: Vec<ExampleReport>,
    /// What customers would have achieved; `None` for rules, which count nothing.
    pub ledger: Option<LedgerReport>,
    /// Why there is no ledger, where the target can't be accounted for.
    pub no_ledger: Option<String>,
}

/// One clause of a funnel: transactions that pass all clauses are the hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClauseReport {
    /// What it is.
    pub kind: ClauseKind,
    /// The clause: its text in the rule, else words.
    pub text: String,
    /// For how many transactions it is true, taken by itself.
    pub passes: u64,
    /// For how many it is false or unknown, taken by itself.
    pub rejects: u64,
    /// For how many of these it is unknown.
    pub unknown: u64,
    /// How many it rejects first: all clauses before it are true.
    pub rejects_first: u64,
    /// How many would be hits without it: all others are true, and it isn't.
    pub admitted_if_dropped: u64,
}

/// What a clause of a funnel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ClauseKind {
    /// Whether the target, its group and its promotion are active.
    Active,
    /// Whether the filters of stores, zones and concepts admit the store.
    Filters,
    /// An operand of the rule's outermost `&&`.
    Rule,
}

/// How many transactions a target would hit with another threshold in one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurveReport {
    /// The clause: its position in [`FocusReport::clauses`], from 0.
    pub clause: usize,
    /// The text of the clause with `…` in the place of the threshold.
    pub text: String,
    /// The threshold as the rule writes it.
    pub threshold: Amount,
    /// Thresholds around it, itself among them, rising, each with the hits that the
    /// whole target would have.
    pub points: Vec<CurvePoint>,
}

/// One point of a curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// The threshold.
    pub threshold: Amount,
    /// How many transactions the target would hit with it.
    pub eligible: u64,
}

/// A transaction that shows something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExampleReport {
    /// What it shows.
    pub kind: ExampleKind,
    /// The file that it stands in.
    pub file: String,
    /// The line there, from 1; in a JSON array the entry, from 1.
    pub line: u64,
    /// `currentTxn.number`, where the transaction says one.
    pub number: Option<String>,
    /// The only clause that isn't true, by its position, where the example is of that kind.
    pub clause: Option<usize>,
}

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ExampleKind {
    /// A hit.
    Eligible,
    /// Only one clause rejects it.
    NearMiss,
    /// It is unknown.
    Unknown,
    /// Of a comparison: a hit of the new version alone.
    Gained,
    /// Of a comparison: a hit of the old version alone.
    Lost,
}

/// What customers would have achieved of a target, as the ledger books it: by the
/// target's type, in its periods or cycles, less what was returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LedgerReport {
    /// Who takes part.
    pub enrolled: EnrolledReport,
    /// How many customers have achieved something.
    pub customers: u64,
    /// How many customers have reached the target in at least one period or cycle; `None`
    /// where nothing says what is to be reached.
    pub reached: Option<u64>,
    /// The sum of what all have achieved.
    pub achieved: Amount,
    /// How many activities count.
    pub contributions: u64,
    /// Of how many activities it is unknown whether they count, or how much they add.
    pub unknown: u64,
    /// How many returns wait for a bill that isn't among the transactions.
    pub waiting_returns: u64,
    /// How many activities of customers can't be booked, as they say no number or no date.
    pub not_booked: u64,
    /// Each period and cycle.
    pub periods: Vec<PeriodReport>,
}

/// Who takes part in a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum EnrolledReport {
    /// Those of the enrolments that were given.
    Listed,
    /// Every customer of the transactions.
    Everybody,
}

/// What was achieved in one period or cycle of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PeriodReport {
    /// The period's id; `None` where the target has no periods.
    pub period_id: Option<i64>,
    /// The cycle, from 1; `None` where windows are fixed.
    pub cycle: Option<i64>,
    /// How many customers have achieved something there.
    pub customers: u64,
    /// How many have reached what they were to reach; `None` where nothing says it.
    pub reached: Option<u64>,
    /// The sum of what they have achieved.
    pub achieved: Amount,
}

/// How many transactions two targets count both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OverlapReport {
    /// The first target: its [`TargetReport::id`].
    pub first: String,
    /// The second.
    pub second: String,
    /// How many transactions both count.
    pub both: u64,
    /// How many the first counts.
    pub of_first: u64,
    /// How many the second counts.
    pub of_second: u64,
}

/// What becomes of one target from the old version to the new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeReport {
    /// The target's id; of a rule its name, or its number from 1.
    pub id: String,
    /// The name of the new version, else of the old one.
    pub name: Option<String>,
    /// The old rule in canonical text; `None` where the target is new.
    pub old_rule: Option<String>,
    /// The new rule; `None` where the target is gone.
    pub new_rule: Option<String>,
    /// The hits of the old version.
    pub old_eligible: u64,
    /// The hits of the new version.
    pub new_eligible: u64,
    /// Hits of both.
    pub unchanged: u64,
    /// Hits of neither.
    pub neither: u64,
    /// Of how many transactions it was unknown in the old version.
    pub old_unknown: u64,
    /// Of how many it is unknown in the new version.
    pub new_unknown: u64,
    /// The sum of `currentTxn.value` of the hits of the old version.
    pub old_amount: Amount,
    /// The same of the new version.
    pub new_amount: Amount,
    /// How many customers the old version hits.
    pub old_customers: u64,
    /// How many the new version hits.
    pub new_customers: u64,
    /// Hits of the new version alone.
    pub gained: SideReport,
    /// Hits of the old version alone.
    pub lost: SideReport,
    /// What customers would have achieved by the old version, where it can be accounted for.
    pub old_ledger: Option<LedgerReport>,
    /// The same by the new version.
    pub new_ledger: Option<LedgerReport>,
}

/// Hits of one version that aren't hits of the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SideReport {
    /// How many.
    pub transactions: u64,
    /// How many customers are hit by this version alone.
    pub customers: u64,
    /// The sum of `currentTxn.value`.
    pub amount: Amount,
    /// How many of them say no `currentTxn.value`.
    pub without_amount: u64,
    /// By which clause of the version that doesn't count them: the first of its clauses
    /// that isn't true. In the order of the clauses; those that decide none are left out.
    pub decided_by: Vec<DecidedBy>,
    /// Those of each local day, by day.
    pub days: Vec<DayCount>,
    /// Some of them.
    pub examples: Vec<ExampleReport>,
}

/// A clause that makes a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DecidedBy {
    /// What it is.
    pub kind: ClauseKind,
    /// The clause: its text in the rule, else words.
    pub text: String,
    /// How many transactions it decides.
    pub transactions: u64,
}
