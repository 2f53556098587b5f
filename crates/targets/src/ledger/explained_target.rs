//! Why an activity counts for a target or doesn't, part by part, for people.

use serde::Serialize;
use target_rules::diagnostic::{Colour, Shown};
use target_rules::explain::{Preface, PrefaceRow};
use target_rules::{Explanation, Truth};

use super::standing::Reason;

/// Why an activity counts for a target or doesn't: each thing that is asked,
/// with its outcome and how far off it is.
///
/// [`Ledger::explain_target`](super::Ledger::explain_target) makes it. Serde
/// writes it, but doesn't read it back.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload};
/// use target_rules::diagnostic::Colour;
/// use target_rules::{Limits, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "name": "Shoes",
///     "expression": "currentTxn.value>500",
///     "filters": [{"entityType": "STORE", "entityIds": [1, 2, 3]}]}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let ledger = Ledger::new(targets.collect(), Enrolments::default(), Zone::UTC)?;
/// let bill = r#"{"currentTxn": {"value": 730.50}, "currentStore": {"id": 12}}"#;
/// let explained = ledger.explain_target(50, bill, false, &limits)?.ok_or("it is there")?;
/// assert_eq!(explained.eligible, Truth::False);
/// let told = explained.to_text(Colour::Off);
/// assert!(told.contains("store 12 is not among the stores 1, 2, 3"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExplainedTarget {
    /// The target.
    pub target_id: i64,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The number of the activity.
    pub transaction: Option<String>,
    /// Whether it counts, by all parts.
    pub counts: Truth,
    /// Whether it is eligible: active, admitted by the filters, and the rule
    /// is true.
    pub eligible: Truth,
    /// What is missing, in one sentence; none where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// What is asked, in the order in which it is asked.
    pub parts: Vec<TargetPart>,
    /// The rule, every node with its value.
    pub rule: Explanation,
}

/// One thing that is asked of an activity.
///
/// ```
/// use loyalty_targets::{TargetPart, TargetPartKind};
/// use target_rules::Truth;
/// let note = "store 12 is not among 3 stores";
/// let part = TargetPart::new(TargetPartKind::Filter, Truth::False, note);
/// assert_eq!(part.label(), "filter");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TargetPart {
    /// What is asked.
    pub part: TargetPartKind,
    /// Of a filter, its position from 0 in `filters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<usize>,
    /// How it came out.
    pub outcome: Truth,
    /// How it is, in words.
    pub note: String,
    /// Why the activity is refused, where the ledger has a word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// What is asked of an activity.
///
/// ```
/// use loyalty_targets::TargetPartKind;
/// let json = serde_json::to_string(&TargetPartKind::Enrolment)?;
/// assert_eq!(json, "\"enrolment\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TargetPartKind {
    /// Whether the target is switched on.
    Active,
    /// Whether its group is.
    Group,
    /// Whether it counts activities of this kind.
    Event,
    /// Whether its periods contain the date, or which window there is.
    Period,
    /// Whether a filter admits the store.
    Filter,
    /// Whether the customer takes part.
    Enrolment,
    /// Whether the rule is true.
    Rule,
    /// Whether what it adds is known.
    Figure,
    /// Whether it can still be booked.
    Booking,
}

impl TargetPart {
    /// A part.
    pub fn new(part: TargetPartKind, outcome: Truth, note: impl Into<String>) -> TargetPart {
        TargetPart { part, filter: None, outcome, note: note.into(), reason: None }
    }

    /// What it is, in a word or two; filters are counted from 1.
    pub fn label(&self) -> String {
        match (self.part, self.filter) {
            (TargetPartKind::Active, _) => "target".to_owned(),
            (TargetPartKind::Group, _) => "group".to_owned(),
            (TargetPartKind::Event, _) => "kind of activity".to_owned(),
            (TargetPartKind::Period, _) => "period".to_owned(),
            (TargetPartKind::Filter, Some(filter)) => {
                format!("filter {}", filter.checked_add(1).unwrap_or(filter))
            }
            (TargetPartKind::Filter, None) => "filter".to_owned(),
            (TargetPartKind::Enrolment, _) => "enrolment".to_owned(),
            (TargetPartKind::Rule, _) => "rule".to_owned(),
            (TargetPartKind::Figure, _) => "figure".to_owned(),
            (TargetPartKind::Booking, _) => "booking".to_owned(),
        }
    }
}

impl ExplainedTarget {
    fn preface(&self) -> Preface {
        let activity = match &self.transaction {
            Some(number) => format!("bill {number}"),
            None => "this bill".to_owned(),
        };
        let target = self.name.clone().unwrap_or_else(|| format!("target {}", self.target_id));
        let mut preface = Preface::new(format!("Does {activity} count for {target}?"), self.counts);
        preface.sentence = self.missing.clone();
        let row = |part: &TargetPart| PrefaceRow::new(part.outcome, part.label(), part.note.as_str());
        preface.rows = self.parts.iter().map(row).collect();
        preface
    }

    /// The answer for a terminal: the answer, what is missing, each part on a
    /// line, then the rule as [`Explanation::to_text`] draws it. Ends in a line
    /// feed.
    pub fn to_text(&self, colour: Colour) -> Shown {
        self.rule.to_text_below(&self.preface(), colour)
    }

    /// The answer as a page for a browser, which loads nothing from elsewhere.
    pub fn to_html(&self) -> String {
        self.rule.to_html_below(&self.preface())
    }
}
