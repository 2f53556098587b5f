//! The periods of a group by date, so that an activity finds those that
//! contain its day without a look at the others.

use target_rules::Zone;

use crate::eligibility::CheckedPeriod;

/// The periods of one group, in one zone.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    /// By first day, then as the group lists them.
    spans: Vec<PeriodSpan>,
    /// The first day of each span: apart, so that a search touches little memory.
    firsts: Vec<i64>,
    /// In the order of the group.
    ids: Vec<i64>,
}

/// A period and its local days.
#[derive(Debug, Clone, Copy)]
struct PeriodSpan {
    first: i64,
    last: i64,
    /// The latest day of this period and of all before it: where that is
    /// over, no earlier one contains the day either.
    latest: i64,
    period: CalendarPeriod,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CalendarPeriod {
    pub(super) id: i64,
    pub(super) active: bool,
}

impl Calendar {
    pub(super) fn of(periods: &[CheckedPeriod], zone: &Zone) -> Calendar {
        let mut calendar = Calendar::default();
        for period in periods {
            let (first, last) = period.days(zone);
            let period = CalendarPeriod { id: period.id, active: period.active };
            calendar.spans.push(PeriodSpan { first, last, latest: last, period });
            calendar.ids.push(period.id);
        }
        calendar.spans.sort_by_key(|span| span.first);
        calendar.firsts = calendar.spans.iter().map(|span| span.first).collect();
        let mut latest = i64::MIN;
        for span in &mut calendar.spans {
            latest = latest.max(span.last);
            span.latest = latest;
        }
        calendar
    }

    /// The periods that contain a local day.
    pub(super) fn on(&self, day: i64) -> impl Iterator<Item = CalendarPeriod> {
        let begun = self.firsts.partition_point(|first| *first <= day);
        let begun = self.spans.get(..begun).unwrap_or_default().iter().rev();
        begun
            .take_while(move |span| span.latest >= day)
            .filter(move |span| span.last >= day)
            .map(|span| span.period)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids of all periods, in the order of the group.
    pub(super) fn ids(&self) -> &[i64] {
        &self.ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use target_rules::value::DateText;

    #[test]
    fn a_day_is_in_every_period_that_contains_it() {
        // First and last day in January 2026, of ids 1, 2, ...
        let days = [(5, 5), (1, 31), (1, 10), (10, 20), (25, 28), (11, 11), (30, 31), (4, 2)];
        let date = |day: i64| Some(DateText::parse(&format!("2026-01-{day:02}")));
        let periods: Vec<CheckedPeriod> = days
            .iter()
            .zip(1..)
            .map(|((first, last), id)| CheckedPeriod::between(id, date(*first), date(*last)))
            .collect();
        let calendar = Calendar::of(&periods, &Zone::UTC);
        let first = periods.first().map_or(0, |period| period.days(&Zone::UTC).0);
        for day in 1..=31 {
            let number = first.saturating_add(day).saturating_sub(5);
            let mut found: Vec<i64> = calendar.on(number).map(|period| period.id).collect();
            found.sort_unstable();
            let expected: Vec<i64> = days
                .iter()
                .zip(1..)
                .filter(|((first, last), _)| (*first..=*last).contains(&day))
                .map(|(_, id)| id)
                .collect();
            assert_eq!(found, expected, "on day {day}");
        }
    }
}
