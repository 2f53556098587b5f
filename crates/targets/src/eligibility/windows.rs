//! When the targets of a group count: periods, cycles, and how the targets
//! together are achieved.

use std::collections::HashSet;

use target_rules::value::{DateText, LocalTime};
use target_rules::{Instant, Number, Zone};

use crate::model::{Aggregation, EvaluationType, FrequencyType, Period, TargetGroup, Word, WrittenDate};

use super::unified::UnifiedExpression;

/// The most cycles of a cyclic window.
pub(crate) const MOST_CYCLES: i64 = 12;
/// The most cycles of a window that runs until its value is reached.
pub(crate) const MOST_AGNOSTIC_CYCLES: i64 = 100;
/// The length of a day of a cycle: cycles are exact multiples of 24 hours,
/// whatever the clocks do.
pub(crate) const DAY: i64 = 86_400_000;

/// What of a target group decides when its targets count.
///
/// ```
/// use loyalty_targets::{CheckedGroup, Payload};
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": {"id": 7, "targets": [{"id": 50, "expression": "true"}],
///     "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}]}}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// assert_eq!(targets[0].group().and_then(CheckedGroup::id), Some(7));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedGroup {
    pub(crate) id: Option<i64>,
    pub(crate) active: bool,
    pub(crate) window: Window,
    pub(crate) periods: Vec<CheckedPeriod>,
    /// The ids of the periods: asked for each of the targets.
    pub(crate) period_ids: HashSet<i64>,
    /// Whether every period is listed; else only the one that runs.
    pub(crate) complete: bool,
    pub(crate) unified: Option<Unified>,
}

/// When targets count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Window {
    /// In the periods of the group.
    Fixed,
    /// In cycles of one length from the customer's first activity.
    Cyclic { length: i64, cycles: i64, offset_days: i64 },
    /// In cycles that each end when the value is reached.
    Agnostic { cycles: i64, offset_days: i64 },
    /// A newer platform's word for another kind.
    Unknown(String),
}

/// A span of local days. One without a first or last day is open there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedPeriod {
    pub(crate) id: i64,
    pub(crate) active: bool,
    first: Option<DateText>,
    last: Option<DateText>,
}

/// How the targets of a group together are achieved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unified {
    pub(crate) expression: UnifiedExpression,
    pub(crate) aggregation: Option<Aggregation>,
    /// `None` where there is none: one that cannot be held is refused before.
    pub(crate) threshold: Option<Number>,
    /// A newer platform's word for another aggregation.
    pub(crate) unknown_aggregation: Option<String>,
}

impl CheckedGroup {
    /// A group from what it says, its periods and its expression apart.
    pub(crate) fn new(
        group: &TargetGroup,
        periods: &[Period],
        expression: Option<UnifiedExpression>,
    ) -> CheckedGroup {
        let active_period = group.active_period.iter().filter(|_| periods.is_empty());
        let complete = !periods.is_empty();
        let periods: Vec<CheckedPeriod> =
            periods.iter().chain(active_period).map(CheckedPeriod::of).collect();
        CheckedGroup {
            id: group.id,
            active: group.active.unwrap_or(true),
            window: Window::of(group),
            complete,
            period_ids: periods.iter().map(|period| period.id).collect(),
            periods,
            unified: expression.map(|expression| {
                let unified = group.unified_target_expression.as_ref();
                let aggregation = unified.and_then(|unified| unified.aggregation.as_ref());
                let threshold = unified.and_then(|unified| unified.threshold_value.as_ref());
                Unified {
                    expression,
                    aggregation: aggregation.and_then(Word::known),
                    threshold: threshold.and_then(|threshold| threshold.value().ok()),
                    unknown_aggregation: aggregation
                        .filter(|word| word.known().is_none())
                        .map(|word| word.text().to_owned()),
                }
            }),
        }
    }

    /// The group's id.
    pub fn id(&self) -> Option<i64> {
        self.id
    }
}

impl Window {
    fn of(group: &TargetGroup) -> Window {
        let word = group.target_evaluation_type.as_ref();
        let offset_days = group.offset_days.unwrap_or(0).max(0);
        let cycles = |most: i64| match group.recurring_cycles {
            // The platform writes 0 and -1 for "no number of its own".
            Some(cycles) if cycles > 0 => cycles.min(most),
            _ => most,
        };
        match word.map(|word| (word.known(), word.text())) {
            None | Some((Some(EvaluationType::FixedCalendarWindow), _)) => Window::Fixed,
            Some((Some(EvaluationType::CyclicWindow), _)) => Window::Cyclic {
                // A cycle without a length is refused when the group is checked.
                length: cycle_length(group).unwrap_or(DAY),
                cycles: cycles(MOST_CYCLES),
                offset_days,
            },
            Some((Some(EvaluationType::PeriodAgnosticWindow), _)) => {
                Window::Agnostic { cycles: cycles(MOST_AGNOSTIC_CYCLES), offset_days }
            }
            Some((None, text)) => Window::Unknown(text.to_owned()),
        }
    }
}

/// How long a cycle of the group is, in milliseconds; `None` where the group
/// does not say.
///
/// Cycles are exact multiples of 24 hours, so a month has 30 days here and a
/// year 365. `CUSTOM` counts days, and where it does not count any, the first
/// cycle lasts from the group's cycle start to its end.
pub(crate) fn cycle_length(group: &TargetGroup) -> Option<i64> {
    let times = group.frequency.filter(|times| *times > 0);
    let days = match group.frequency_type.as_ref().and_then(Word::known)? {
        FrequencyType::Daily => 1,
        FrequencyType::Weekly => 7,
        FrequencyType::Monthly => 30,
        FrequencyType::Quarterly => 90,
        FrequencyType::HalfYearly => 180,
        FrequencyType::Yearly => 365,
        FrequencyType::Custom => match times {
            Some(_) => 1,
            None => custom_days(group)?,
        },
    };
    let days: i64 = times.unwrap_or(1).checked_mul(days)?;
    days.checked_mul(DAY)
}

fn custom_days(group: &TargetGroup) -> Option<i64> {
    let day = |date: &Option<WrittenDate>| day_of(date.as_ref()?.date(), &Zone::UTC);
    let (start, end) = (day(&group.target_cycle_start_date)?, day(&group.target_cycle_end_date)?);
    let days = end.checked_sub(start)?.checked_add(1)?;
    (days > 0).then_some(days)
}

/// The number of a date's local day; a date without a time is the day that it
/// names, in every zone.
pub(crate) fn day_of(date: DateText, zone: &Zone) -> Option<i64> {
    match date {
        DateText::Local(local) => Some(local.epoch_day()),
        DateText::Instant(instant) => Some(zone.local(instant).epoch_day()),
        DateText::Invalid => None,
    }
}

impl Period {
    /// Its first and last day in a zone, as the numbers of days since 1970-01-01, in
    /// whichever form they are written; `None` where it is open.
    ///
    /// ```
    /// use loyalty_targets::TargetGroup;
    /// use target_rules::Zone;
    /// let group: TargetGroup = serde_json::from_str(r#"{"periods": [
    ///     {"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"},
    ///     {"id": 4, "startDate": 1767225600000, "endDate": "2026-03-31T23:59:59Z"},
    ///     {"id": 5, "startDate": "2026-01-01"}]}"#)?;
    /// let periods = group.periods.ok_or("there are some")?;
    /// let days: Vec<_> = periods.iter().map(|one| one.local_days(&Zone::UTC)).collect();
    /// let first_quarter = (Some(20_454), Some(20_543));
    /// assert_eq!(days, [first_quarter, first_quarter, (Some(20_454), None)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local_days(&self, zone: &Zone) -> (Option<i64>, Option<i64>) {
        let (first, last) = CheckedPeriod::of(self).days(zone);
        (Some(first).filter(|day| *day != i64::MIN), Some(last).filter(|day| *day != i64::MAX))
    }
}

impl CheckedPeriod {
    fn of(period: &Period) -> CheckedPeriod {
        CheckedPeriod {
            id: period.id,
            active: period.active.unwrap_or(true),
            first: period.start_date.as_ref().map(WrittenDate::day),
            last: period.end_date.as_ref().map(WrittenDate::day),
        }
    }

    /// First and last day; the ends of all time where it is open.
    pub(crate) fn days(&self, zone: &Zone) -> (i64, i64) {
        let day = |date: Option<DateText>, open| date.and_then(|date| day_of(date, zone)).unwrap_or(open);
        (day(self.first, i64::MIN), day(self.last, i64::MAX))
    }

    /// A period for tests.
    #[cfg(test)]
    pub(crate) fn between(id: i64, first: Option<DateText>, last: Option<DateText>) -> CheckedPeriod {
        CheckedPeriod { id, active: true, first, last }
    }
}

/// The local day of an instant.
pub(crate) fn local_day(instant: Instant, zone: &Zone) -> i64 {
    zone.local(instant).epoch_day()
}

/// Local days from the first to the last, for people. Days that are the ends of
/// all time stand for an open end.
pub(crate) fn span_in_words((first, last): (i64, i64)) -> String {
    match (first, last) {
        (i64::MIN, i64::MAX) => "without an end".to_owned(),
        (i64::MIN, last) => format!("up to {}", day_in_words(last)),
        (first, i64::MAX) => format!("from {} on", day_in_words(first)),
        (first, last) => format!("from {} to {}", day_in_words(first), day_in_words(last)),
    }
}

/// A local day for people, such as `3 November 2026`.
pub(crate) fn day_in_words(day: i64) -> String {
    let local = day.checked_mul(DAY).map(LocalTime::from_milliseconds);
    match local {
        Some(Ok(local)) => local.day_in_words(),
        _ => format!("day {day}"),
    }
}

#[cfg(test)]
mod tests {
    use super::day_in_words;

    #[test]
    fn days_are_written_as_people_do() {
        assert_eq!(day_in_words(0), "1 January 1970");
        assert_eq!(day_in_words(20_760), "3 November 2026");
        assert_eq!(day_in_words(i64::MAX), format!("day {}", i64::MAX));
    }
}
