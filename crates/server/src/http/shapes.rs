//! What the library tells and reads, as the description of the service says it.
//! Nothing of this is ever made: a test holds answers to it, key by key.
#![allow(dead_code, reason = "a description: what is answered is written by the library")]

use serde::Deserialize;
use utoipa::ToSchema;

/// True, false, or unknown for what a transaction lacks.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
}

/// What a customer has achieved of a target, in a period or a cycle of it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = Progress)]
pub(crate) struct ProgressShape {
    /// The customer
    user_id: i64,
    /// The target
    target_id: i64,
    /// The period; `null` where there is none
    #[schema(required = true)]
    period_id: Option<i64>,
    /// The cycle, from 1, where there are cycles
    #[schema(nullable = false)]
    cycle: Option<i64>,
    /// What is to be reached
    defined: f64,
    /// What is achieved, with all its digits
    achieved: f64,
    /// What is defined less what is achieved; below 0 where more is
    gap: f64,
    /// Whether it is reached
    reached: bool,
    /// Transactions for which it is unknown whether they count, or how much they add
    #[schema(nullable = false)]
    unknown: Option<Vec<String>>,
}

/// What a customer has achieved of the targets of a group together.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = UnifiedProgress)]
pub(crate) struct UnifiedProgressShape {
    /// The customer
    user_id: i64,
    /// The group
    #[schema(required = true)]
    target_group_id: Option<i64>,
    /// The period; `null` where there is none
    #[schema(required = true)]
    period_id: Option<i64>,
    /// What the values of the targets together must reach
    #[schema(nullable = false)]
    defined: Option<f64>,
    /// Their value together, where they are made one
    #[schema(nullable = false)]
    achieved: Option<f64>,
    /// Whether it is reached; `null` where that is unknown
    #[schema(required = true)]
    reached: Option<bool>,
}

/// A place in a text, in bytes from 0.
#[derive(ToSchema)]
pub(crate) struct Span {
    start: u64,
    end: u64,
}

/// Why a transaction doesn't count. `why` says which of the others there are.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = Reason)]
pub(crate) struct ReasonShape {
    /// Such as `rule`, `not-enrolled`, `no-period`, `counted-before`, `target-inactive`
    why: String,
    /// `rule`: the part that makes the rule false
    #[schema(nullable = false)]
    clause: Option<String>,
    /// `rule`: its place in the rule
    #[schema(nullable = false)]
    span: Option<Span>,
    /// `event`: what the target counts
    #[schema(nullable = false)]
    expected: Option<String>,
    /// `event`: what came
    #[schema(nullable = false)]
    found: Option<String>,
    /// `filter`: its position from 0
    #[schema(nullable = false)]
    filter: Option<u64>,
    /// `filter`: what it looks at
    #[schema(nullable = false)]
    field: Option<String>,
    /// `period-inactive`: the period
    #[schema(nullable = false)]
    period_id: Option<i64>,
    /// `too-late`: the cycle that is over
    cycle: Option<i64>,
    /// Of a return: the number of its bill
    #[schema(nullable = false)]
    bill: Option<String>,
}

/// An operation of a rule without a result.
#[derive(ToSchema)]
pub(crate) struct RuleFault {
    /// Such as `division-by-zero`
    code: String,
    /// The form of the rule that the span is in
    form: String,
    span: Span,
}

/// How a transaction stands with a target.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = Standing)]
pub(crate) struct StandingShape {
    /// The target
    target_id: i64,
    /// The period that it counts in, where there is one
    #[schema(nullable = false)]
    period_id: Option<i64>,
    /// The cycle that it counts in, from 1, where there are cycles
    #[schema(nullable = false)]
    cycle: Option<i64>,
    /// Whether it counts
    result: Truth,
    /// Why it does not
    #[schema(nullable = false)]
    reason: Option<ReasonShape>,
    /// What the transaction lacks, by its names in rules
    absent: Vec<String>,
    /// Operations of the rule without a result
    faults: Vec<RuleFault>,
}

/// A transaction that doesn't count for a target.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = NotCounted)]
pub(crate) struct NotCountedShape {
    /// The transaction's number
    number: String,
    /// The customer
    user_id: i64,
    /// The target, where it matters which
    #[schema(nullable = false)]
    target_id: Option<i64>,
    /// Why not; without it, it is unknown whether it counts
    #[schema(nullable = false)]
    reason: Option<ReasonShape>,
    /// What the transaction lacks, by its names in rules
    #[schema(nullable = false)]
    absent: Option<Vec<String>>,
    /// Operations of the rule without a result
    #[schema(nullable = false)]
    faults: Option<Vec<RuleFault>>,
    /// Where the first line item or tender lacks something, as a JSON pointer
    #[schema(nullable = false)]
    missing_at: Option<String>,
}

/// That a customer is to be enrolled.
// That there are no others is said by what serde derives.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EnrolmentBody)]
pub(crate) struct EnrolmentBodyShape {
    /// The customer; only where many are enrolled
    user_id: Option<i64>,
    /// The target
    target_id: i64,
    /// Its group; it is held against the target's
    target_group_id: Option<i64>,
    /// The period; every period of the target where it is left out
    period_id: Option<i64>,
    /// What is to be reached; what the target says where it is left out
    value: Option<f64>,
    /// From when activities count, as a date or an instant
    enrolled_on: Option<String>,
    /// IMPORT or AUDIENCE_FILTER; IMPORT where it is left out
    enrolment_method: Option<String>,
}

/// What a customer is enrolled in.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = Enrolment)]
pub(crate) struct EnrolmentShape {
    /// The target
    target_id: i64,
    /// The period; without one, every period of the target's group
    #[schema(nullable = false)]
    period_id: Option<i64>,
    /// What is to be reached, as digits in a text; without it, what the target says
    #[schema(nullable = false)]
    value: Option<String>,
    /// How she came to it: TRANSACTION, IMPORT or AUDIENCE_FILTER
    method: String,
    /// From when transactions count, in epoch milliseconds; without it, all do
    #[schema(nullable = false)]
    enrolled_on: Option<i64>,
    /// From when transactions count no more, in epoch milliseconds
    #[schema(nullable = false)]
    withdrawn_on: Option<i64>,
}

/// What checks found: an error or a warning.
#[derive(ToSchema)]
#[schema(as = Diagnostic)]
pub(crate) struct DiagnosticShape {
    /// Such as `unknown-name`; `docs` has a page of each
    code: String,
    /// `error` or `warning`
    severity: String,
    /// What is wrong
    message: String,
    /// The repair, in words
    help: Option<String>,
    /// What the places are in, such as `dsl`, `tree`, `transaction`
    form: Option<String>,
    /// The place in the rule or the document
    span: Option<Span>,
    /// The line of the place, from 1
    line: Option<u64>,
    /// The column of the place, from 1
    column: Option<u64>,
    /// The JSON pointer of the place
    pointer: Option<String>,
    /// Notes at further places
    #[schema(value_type = Option<Vec<Object>>)]
    labels: Option<Vec<()>>,
    /// Repairs as edits
    #[schema(value_type = Option<Vec<Object>>)]
    suggestions: Option<Vec<()>>,
    /// Of a rule in a body: the place of it there, with the edits for there
    #[schema(value_type = Option<Object>)]
    file: Option<()>,
}

/// Why a transaction counts for a target or doesn't.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = Why)]
pub(crate) struct WhyShape {
    /// The target
    target_id: i64,
    /// Its name
    #[schema(nullable = false)]
    name: Option<String>,
    /// The transaction's number
    #[schema(required = true)]
    transaction: Option<String>,
    /// Whether it counts, by all parts
    counts: Truth,
    /// Whether the target is active, the filters admit and the rule is true
    eligible: Truth,
    /// What is missing, in one sentence; none where it counts
    #[schema(nullable = false)]
    missing: Option<String>,
    /// What is asked, in the order in which it is asked
    parts: Vec<PartShape>,
    /// The rule, node by node with values; `docs` says how to read it
    #[schema(value_type = Object)]
    rule: (),
}

/// One thing that is asked of a transaction.
#[derive(ToSchema)]
#[schema(as = Part)]
pub(crate) struct PartShape {
    /// Such as `active`, `period`, `enrolment`, `filter`, `rule`
    part: String,
    outcome: Truth,
    /// In words
    note: String,
}
