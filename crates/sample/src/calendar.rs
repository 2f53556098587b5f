//! When people buy: which day and second each line has.
//!
//! A line has its place among all of them, so lines come in the order of their
//! dates, however many they are, and each one's date is known without the others.

use jiff::civil::{Date, Weekday, date};

/// The first day.
const START: Date = date(2025, 1, 1);

/// How much is bought in each month: sales in January and July, feasts in autumn.
const MONTHS: [u64; 12] = [115, 82, 90, 88, 92, 86, 108, 90, 96, 128, 132, 150];

/// And on each day, from Monday on.
const DAYS: [u64; 7] = [78, 76, 80, 90, 122, 165, 142];

/// And in each hour of a day of work, and of a weekend.
const HOURS: [[u64; 24]; 2] = [
    [6, 3, 2, 1, 1, 2, 5, 10, 18, 40, 62, 78, 92, 84, 66, 64, 76, 104, 132, 128, 96, 54, 26, 12],
    [9, 5, 3, 2, 1, 1, 3, 8, 18, 44, 80, 108, 118, 112, 106, 110, 116, 122, 116, 92, 64, 42, 26, 14],
];

/// One day.
#[derive(Debug, Clone, Copy)]
struct Day {
    date: Date,
    /// How much is bought before it, in weights.
    before: u64,
    weekend: bool,
}

/// When a line happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The number of the day, from 0.
    pub(crate) day: u32,
    /// The second of the day.
    pub(crate) second: u32,
}

impl Moment {
    pub(crate) fn hour(self) -> u32 {
        self.second / 3600
    }
}

/// The days of a sample.
#[derive(Debug)]
pub(crate) struct Calendar {
    days: Vec<Day>,
    /// The weights of all days.
    whole: u64,
    lines: u64,
}

impl Calendar {
    pub(crate) fn new(days: u32, lines: u64) -> Calendar {
        let mut whole = 0;
        let days = START.series(jiff::Span::new().days(1)).take(days as usize).map(|date| {
            let day = Day { date, before: whole, weekend: is_weekend(date) };
            whole += weight(date);
            day
        });
        let days = days.collect();
        Calendar { days, whole, lines }
    }

    /// When a line happens; `chance` places it between its neighbours.
    pub(crate) fn moment(&self, line: u64, chance: u32) -> Moment {
        let place = ((u128::from(line) << 32) | u128::from(chance)) * u128::from(self.whole)
            / u128::from(self.lines.max(1));
        // The place is one of the days, in weights, with 32 bits after the point.
        let weights = u64::try_from(place >> 32).unwrap_or_default();
        let at = self.days.partition_point(|day| day.before <= weights).saturating_sub(1);
        let Some(day) = self.days.get(at) else { return Moment { day: 0, second: 0 } };
        let rest = place.saturating_sub(u128::from(day.before) << 32);
        let [workday, weekend] = &HOURS;
        let hours = if day.weekend { weekend } else { workday };
        let all: u64 = hours.iter().sum();
        let mut left =
            u64::try_from(rest * u128::from(all) / u128::from(weight(day.date))).unwrap_or_default();
        let mut second = 0;
        for hour in hours {
            let wide = hour << 32;
            if left < wide {
                second += u32::try_from(u128::from(left) * 3600 / u128::from(wide)).unwrap_or_default();
                break;
            }
            left -= wide;
            second += 3600;
        }
        Moment { day: u32::try_from(at).unwrap_or_default(), second: second.min(86_399) }
    }

    /// The date of a day of the sample.
    pub(crate) fn date(&self, day: u32) -> Date {
        self.days.get(day as usize).map_or(START, |day| day.date)
    }

    pub(crate) fn is_weekend(&self, day: u32) -> bool {
        self.days.get(day as usize).is_some_and(|day| day.weekend)
    }
}

/// The date so many days away from the first, also before it and after the last.
pub(crate) fn away(days: i64) -> Date {
    START.saturating_add(jiff::Span::new().days(days))
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn weight(date: Date) -> u64 {
    let place = |number: i8| usize::from(number.unsigned_abs());
    let month = MONTHS.get(place(date.month()) - 1);
    let day = DAYS.get(place(date.weekday().to_monday_zero_offset()));
    month.zip(day).map_or(1, |(month, day)| month * day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_the_order_of_their_dates() {
        for (days, lines) in [(1, 7), (365, 10), (365, 50_000), (3_653, 20_000)] {
            let calendar = Calendar::new(days, lines);
            let all: Vec<Moment> = (0..lines)
                .map(|line| calendar.moment(line, u32::try_from(line % 7).unwrap() << 29))
                .collect();
            assert!(all.is_sorted_by_key(|moment| (moment.day, moment.second)), "{days} days, {lines} lines");
            assert!(all.iter().all(|moment| moment.day < days));
        }
    }

    #[test]
    fn weekends_evenings_and_december_are_busy() {
        let calendar = Calendar::new(365, 100_000);
        let all: Vec<Moment> = (0..100_000).map(|line| calendar.moment(line, 1 << 31)).collect();
        let share = |is: &dyn Fn(&Moment) -> bool| all.iter().filter(|moment| is(moment)).count() / 1_000;
        let percent = [
            share(&|moment| calendar.is_weekend(moment.day)),
            share(&|moment| (17..21).contains(&moment.hour())),
            share(&|moment| calendar.date(moment.day).month() == 12),
            share(&|moment| calendar.date(moment.day).month() == 2),
        ];
        // Evenly they would be 28, 16, 8 and 7.
        assert_eq!(percent, [40, 35, 11, 6]);
    }
}
