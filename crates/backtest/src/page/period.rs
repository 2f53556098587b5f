//! Days, and the steps in which a chart shows them.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::report::DayCount;

/// The most bars of a chart.
const MOST_BARS: usize = 124;

/// A step of the axis: from a day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) from: Date,
    pub(super) to: Date,
}

/// The steps of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    /// `day`, `week`, `month` or `year`.
    pub(super) each: &'static str,
}

/// A day as reports write it.
pub(super) fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// `7 March 2026`.
pub(super) fn written(date: Date) -> String {
    date.strftime("%-d\u{a0}%B\u{a0}%Y").to_string()
}

/// `7 Mar`.
pub(super) fn short(date: Date) -> String {
    date.strftime("%-d\u{a0}%b\u{a0}%Y").to_string()
}

/// The first and last day of some counts that are sorted.
pub(super) fn span(days: &[DayCount]) -> Option<(Date, Date)> {
    Some((day(&days.first()?.day)?, day(&days.last()?.day)?))
}

impl Steps {
    /// The steps from the first of some days to the last: days, or longer steps where
    /// those would be too many to see.
    pub(super) fn of(days: &[DayCount]) -> Option<Steps> {
        let (first, last) = span(days)?;
        let weeks = first.checked_sub(i64::from(first.weekday().to_monday_zero_offset()).days()).ok()?;
        let choices = [
            ("day", first, 1.day()),
            ("week", weeks, 1.week()),
            ("month", first.first_of_month(), 1.month()),
            ("year", first.first_of_year(), 1.year()),
        ];
        let mut found = None;
        for (each, start, step) in choices {
            let starts: Vec<Date> =
                start.series(step).take_while(|date| *date <= last).take(MOST_BARS * 4).collect();
            let steps = starts.iter().enumerate().map(|(at, from)| {
                let next = starts.get(at.saturating_add(1));
                let end = next.and_then(|next| next.checked_sub(1.day()).ok()).unwrap_or(last);
                Step { from: (*from).max(first), to: end.min(last) }
            });
            let steps = Steps { steps: steps.collect(), each };
            let fits = steps.steps.len() <= MOST_BARS;
            found = Some(steps);
            if fits {
                break;
            }
        }
        found
    }

    /// What some days come to in each step.
    pub(super) fn sums(&self, days: &[DayCount]) -> Vec<u64> {
        let mut sums = vec![0_u64; self.steps.len()];
        for count in days {
            let Some(date) = day(&count.day) else { continue };
            let after = self.steps.partition_point(|step| step.from <= date);
            if let Some(sum) = after.checked_sub(1).and_then(|at| sums.get_mut(at)) {
                *sum = sum.saturating_add(count.transactions);
            }
        }
        sums
    }
}

impl Step {
    /// The step in words.
    pub(super) fn written(&self) -> String {
        if self.from == self.to {
            written(self.from)
        } else {
            format!("{} to {}", written(self.from), written(self.to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(days: &[&str]) -> Vec<DayCount> {
        days.iter().map(|day| DayCount { day: (*day).to_owned(), transactions: 2 }).collect()
    }

    #[test]
    fn many_days_become_weeks_and_months() {
        let told = |days: &[&str]| {
            let days = counts(days);
            let steps = Steps::of(&days).unwrap();
            (steps.each, steps.steps.len(), steps.sums(&days).iter().sum::<u64>())
        };
        assert_eq!(told(&["2026-03-01"]), ("day", 1, 2));
        assert_eq!(told(&["2026-03-01", "2026-03-31"]), ("day", 31, 4));
        assert_eq!(told(&["2025-01-01", "2025-06-01", "2025-12-31"]), ("week", 53, 6));
        assert_eq!(told(&["2020-01-15", "2026-01-01"]), ("month", 73, 4));
        // A slip in a year.
        assert_eq!(told(&["2026-01-15", "9999-12-31"]), ("year", 496, 4));
        assert_eq!(Steps::of(&counts(&["someday"])), None);
        assert_eq!(Steps::of(&[]), None);
    }

    #[test]
    fn no_step_leaves_the_time() {
        let steps = Steps::of(&counts(&["2025-01-01", "2025-12-31"])).unwrap();
        let (first, last) = (steps.steps.first().unwrap(), steps.steps.last().unwrap());
        assert_eq!(first.written(), "1\u{a0}January\u{a0}2025 to 5\u{a0}January\u{a0}2025");
        assert_eq!(last.to, day("2025-12-31").unwrap());
        assert!(steps.steps.windows(2).all(|pair| pair[0].to.checked_add(1.day()).unwrap() == pair[1].from));
    }
}
