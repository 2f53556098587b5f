//! Whether an activity counts for a target of its customer, and why not.

use serde::{Deserialize, Serialize};
use target_rules::Truth;
use target_rules::diagnostic::Span;
use target_rules::interpret::Fault;

/// Whether an activity counts for a target, where, and why not. What is written
/// as JSON can be read back.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Reason, Standing};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "COUNT",
///                          "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let ledger = Ledger::new(targets.collect(), Enrolments::default(), Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let standings = ledger.standings(&ledger.read(bill, &limits)?);
/// assert_eq!(standings[0].reason, Some(Reason::NotEnrolled));
/// let json = serde_json::to_string(&standings)?;
/// assert_eq!(serde_json::from_str::<Vec<Standing>>(&json)?, standings);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Standing {
    /// The target.
    pub target_id: i64,
    /// The period that it counts in, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_id: Option<i64>,
    /// The cycle that it counts in, from 1, where there are cycles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<i64>,
    /// True where it counts.
    pub result: Truth,
    /// Why it does not count; `None` where it does, or may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What is absent and was needed, to decide or to count.
    pub absent: Vec<String>,
    /// Operations of the rule without a result.
    pub faults: Vec<Fault>,
}

/// Why an activity does not count for a target.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Reason};
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
/// let ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 12}}"#;
/// let standings = ledger.standings(&ledger.read(bill, &limits)?);
/// let reason = standings[0].reason.as_ref();
/// assert!(matches!(reason, Some(Reason::Rule { .. })));
/// let told = reason.map(Reason::to_string);
/// assert_eq!(told.as_deref(), Some("`currentTxn.value>500` is false"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Reason {
    /// The target is switched off.
    TargetInactive,
    /// The target's group is switched off.
    GroupInactive,
    /// The target counts another activity.
    Event {
        /// What it counts.
        expected: String,
        /// What this is.
        found: String,
    },
    /// A filter does not admit the store.
    Filter {
        /// Its position from 0 in `filters`.
        filter: usize,
        /// What it looks at, such as `currentStore.id`.
        field: String,
    },
    /// The rule is false.
    Rule {
        /// The part that makes it so, in canonical text.
        clause: String,
        /// Its place in the form that the rule was read from.
        span: Span,
    },
    /// The customer does not take part in the target.
    NotEnrolled,
    /// It is from before the customer took part.
    BeforeEnrolment,
    /// It is from after the customer withdrew.
    Withdrawn,
    /// No period that the customer takes part in contains its date.
    NoPeriod,
    /// The period is switched off.
    PeriodInactive {
        /// The period.
        period_id: i64,
    },
    /// It is from before the cycles began.
    BeforeFirstCycle,
    /// It is from after the last cycle.
    AfterLastCycle,
    /// Its cycle is over, and it came too late.
    TooLate {
        /// The cycle, from 1, where it is known.
        cycle: Option<i64>,
    },
    /// It was counted before.
    CountedBefore,
    /// What it adds is too large to be booked.
    TooLarge,
    /// A return whose bill was not booked; it waits for it.
    ReturnWaits {
        /// The number of the bill.
        bill: String,
    },
    /// A return lacks its figure for the target, so it takes nothing back.
    ReturnLacks {
        /// The number of the bill.
        bill: String,
        /// What is absent, by its names in rules.
        absent: Vec<String>,
    },
    /// A figure of a return came out below zero, and takes nothing back.
    ReturnBelowZero {
        /// The number of the bill.
        bill: String,
    },
    /// A return takes back no activity, no visit and no count.
    CountsStay,
    /// Figures of a return under `currentTxn`, where they add nothing.
    FiguresOfReturn {
        /// The number of the bill that is returned.
        bill: String,
    },
    /// The bill was booked before its figure was kept, so nothing is taken back.
    FigureNotKept {
        /// The number of the bill.
        bill: String,
    },
}

impl Reason {
    /// Whether it is told of a return whose bill may well count: it names the
    /// bill itself.
    pub fn is_of_return(&self) -> bool {
        matches!(
            self,
            Reason::ReturnLacks { .. }
                | Reason::ReturnBelowZero { .. }
                | Reason::CountsStay
                | Reason::FiguresOfReturn { .. }
                | Reason::FigureNotKept { .. }
        )
    }
}

impl Reason {
    /// How many bytes its texts take in memory.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Reason::Event { expected, found } => expected.len().saturating_add(found.len()),
            Reason::Filter { field: text, .. } | Reason::Rule { clause: text, .. } => text.len(),
            Reason::ReturnWaits { bill }
            | Reason::ReturnBelowZero { bill }
            | Reason::FiguresOfReturn { bill }
            | Reason::FigureNotKept { bill } => bill.len(),
            Reason::ReturnLacks { bill, absent } => {
                let names = absent.iter().map(|one| one.len().saturating_add(size_of::<String>()));
                names.fold(bill.len(), usize::saturating_add)
            }
            Reason::TargetInactive
            | Reason::GroupInactive
            | Reason::NotEnrolled
            | Reason::BeforeEnrolment
            | Reason::Withdrawn
            | Reason::NoPeriod
            | Reason::PeriodInactive { .. }
            | Reason::BeforeFirstCycle
            | Reason::AfterLastCycle
            | Reason::TooLate { .. }
            | Reason::CountedBefore
            | Reason::TooLarge
            | Reason::CountsStay => 0,
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::TargetInactive => formatter.write_str("the target is switched off"),
            Reason::GroupInactive => formatter.write_str("the target's group is switched off"),
            Reason::Event { expected, found } => {
                write!(formatter, "the target counts `{expected}`, and this is `{found}`")
            }
            Reason::Filter { filter, field } => {
                // People count from 1.
                let nth = filter.checked_add(1).unwrap_or(*filter);
                write!(formatter, "filter {nth} of the target does not admit `{field}`")
            }
            Reason::Rule { clause, .. } => write!(formatter, "`{clause}` is false"),
            Reason::NotEnrolled => formatter.write_str("the customer does not take part in the target"),
            Reason::BeforeEnrolment => formatter.write_str("it is from before the customer took part"),
            Reason::Withdrawn => formatter.write_str("it is from after the customer withdrew"),
            Reason::NoPeriod => {
                formatter.write_str("no period that the customer takes part in contains its date")
            }
            Reason::PeriodInactive { period_id } => {
                write!(formatter, "the period {period_id} is switched off")
            }
            Reason::BeforeFirstCycle => formatter.write_str("it is from before the first cycle"),
            Reason::AfterLastCycle => formatter.write_str("it is from after the last cycle"),
            Reason::TooLate { cycle: Some(cycle) } => {
                write!(formatter, "cycle {cycle} is over, and it came too late for it")
            }
            Reason::TooLate { cycle: None } => formatter.write_str("its cycle is over, and it came too late"),
            Reason::CountedBefore => formatter.write_str("it was counted before"),
            Reason::TooLarge => formatter.write_str("what it adds is too large to be booked"),
            Reason::ReturnWaits { bill } => {
                write!(formatter, "it is the return of `{bill}`, which was not booked")
            }
            Reason::ReturnLacks { bill, absent } if absent.is_empty() => {
                write!(formatter, "the return of `{bill}` is not taken off: its figures are too large")
            }
            Reason::ReturnLacks { bill, absent } => {
                let one = absent.len() == 1 && !absent.iter().any(|name| name.ends_with("lineItems"));
                let own = |name: &String| name.strip_prefix("returnBill.").unwrap_or(name).to_owned();
                let (absent, is) =
                    (absent.iter().map(own).collect::<Vec<_>>(), if one { "is" } else { "are" });
                let absent = absent.join("`, `");
                write!(formatter, "the return of `{bill}` is not taken off: its `{absent}` {is} absent")
            }
            Reason::ReturnBelowZero { bill } => {
                write!(formatter, "a figure of the return of `{bill}` is below zero, and is not taken off")
            }
            Reason::CountsStay => formatter.write_str("a return takes no activity, visit or count back"),
            Reason::FiguresOfReturn { bill } => {
                write!(formatter, "the `currentTxn` of the return of `{bill}` adds nothing")
            }
            Reason::FigureNotKept { bill } => {
                write!(
                    formatter,
                    "the return of `{bill}` is not taken off: the state did not keep what the bill added"
                )
            }
        }
    }
}
