//! The instants that tell the answers to questions about one date apart.
//!
//! The days on which an answer may change at an instant, because a rule
//! compares with it, are gone through piece by piece, as the zone has them. Of
//! the days between them every kind is found: the parts of a date follow from
//! the year's first weekday and whether it is a leap year, so fourteen years
//! stand for all. At which minutes of such a day an answer changes is known,
//! too; that every day has every minute is assumed, so that a day without some,
//! for its clocks go forward, is one case too many and never one too few.

use std::cell::Cell;
use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};
use target_rules::condition::{DateDistance, DatePart, NumberSet};
use target_rules::value::LocalTime;
use target_rules::{Instant, Number, Truth, Zone};

use super::calendar::{civil, date_of, day_of, day_start, days_of_kinds};
use super::question::{Question, Sample};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The longest step; no zone changes its offset and changes it back within it.
const LONGEST: i64 = 6 * HOUR;
/// More days than this are not gone through piece by piece.
const MOST_SPECIAL_DAYS: usize = 400;
/// So many days are kept of each kind.
const KEPT: usize = 3;
/// At most so many answers are asked for, of days and of pieces of them.
const MOST_ASKED: usize = 20_000_000;

/// A date, or the answers that some date may give and for which none was found.
pub(crate) enum DateCase {
    Sample(Sample),
    Answers(Vec<Truth>),
}

/// All cases; `None` where there is too much to go through, which is noticed on the way.
pub(crate) fn cases(questions: &[Question], zone: &Zone) -> Option<Vec<DateCase>> {
    let plan = Plan::of(questions, zone)?;
    let mut found = Vec::new();
    for day in &plan.special {
        plan.pieces_around(*day, &mut found)?;
    }
    for (first, last) in plan.runs() {
        plan.run(first, last, &mut found)?;
    }
    Some(found)
}

/// A question within a run of days.
enum Asked<'q> {
    /// It has one answer in the whole run.
    Always(Truth),
    /// By the value of a part.
    Part(DatePart, Vec<bool>),
    Minute(&'q NumberSet),
    Anniversary(&'q Question),
}

/// What is known of the days and minutes at which answers may change.
pub(crate) struct Plan<'q> {
    questions: &'q [Question],
    zone: &'q Zone,
    /// Instants at which an answer may change, with the milliseconds around them.
    critical: BTreeSet<i64>,
    /// Days that are gone through piece by piece.
    special: BTreeSet<i64>,
    /// Days with which a new run begins.
    breaks: BTreeSet<i64>,
    /// The minutes of a day at which an answer may change; midnight is one.
    minutes: BTreeSet<i64>,
    first: i64,
    last: i64,
    /// How many answers may still be asked for.
    left: Cell<usize>,
}

impl<'q> Plan<'q> {
    /// `None` where there are too many days to go through.
    pub(crate) fn of(questions: &'q [Question], zone: &'q Zone) -> Option<Plan<'q>> {
        let first = zone.local(Instant::MIN).epoch_day();
        let last = zone.local(Instant::MAX).epoch_day();
        let mut plan = Plan {
            questions,
            zone,
            critical: BTreeSet::new(),
            special: BTreeSet::from([first, last]),
            breaks: BTreeSet::new(),
            minutes: BTreeSet::from([0]),
            first,
            last,
            left: Cell::new(MOST_ASKED),
        };
        for question in questions {
            plan.note(question);
        }
        let days = plan.critical.iter().filter_map(|at| Instant::from_milliseconds(*at).ok());
        plan.special.extend(days.map(|at| zone.local(at).epoch_day()).collect::<Vec<_>>());
        plan.special.retain(|day| first <= *day && *day <= last);
        (plan.special.len() <= MOST_SPECIAL_DAYS).then_some(plan)
    }

    /// Notes that all questions are asked so many times; `None` where that is too often.
    fn ask(&self, times: usize) -> Option<()> {
        let asked = self.questions.len().max(1).checked_mul(times)?;
        self.left.set(self.left.get().checked_sub(asked)?);
        Some(())
    }

    fn note(&mut self, question: &Question) {
        match question {
            Question::DateIs(_, constant) => {
                if let Some(at) = constant.resolve(self.zone) {
                    self.note_instant(at.milliseconds());
                }
            }
            Question::Part(DatePart::MinuteOfDay, set) => {
                let edges = edges(set).flat_map(|edge| [edge, edge.saturating_add(1)]);
                self.minutes.extend(edges.filter(|minute| (0..1_440).contains(minute)));
            }
            Question::Part(DatePart::Year, set) => {
                for year in edges(set).flat_map(|edge| [edge, edge.saturating_add(1)]) {
                    self.breaks.extend(day_of(year, 1, 1));
                }
            }
            Question::Distance(distance, constant, set) => {
                let Some(at) = constant.resolve(self.zone) else { return };
                match distance {
                    DateDistance::Minutes => {
                        for edge in edges(set).flat_map(|edge| [edge, edge.saturating_add(1)]) {
                            let far = edge.saturating_mul(MINUTE);
                            self.note_instant(at.milliseconds().saturating_add(far));
                            self.note_instant(at.milliseconds().saturating_sub(far));
                        }
                    }
                    DateDistance::Days => {
                        let day = self.zone.local(at).epoch_day();
                        for edge in edges(set) {
                            // A day more and a day less, on both sides.
                            for far in [-1_i64, 0, 1].map(|more| edge.saturating_add(more)) {
                                self.special.insert(day.saturating_add(far));
                                self.special.insert(day.saturating_sub(far));
                            }
                        }
                        self.special.insert(day);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn note_instant(&mut self, at: i64) {
        self.critical.extend([at.saturating_sub(1), at, at.saturating_add(1)]);
    }

    /// Samples of every piece of a day and of the time around it, in which any
    /// offset of the zone may have put it.
    fn pieces_around(&self, day: i64, found: &mut Vec<DateCase>) -> Option<()> {
        let start = day.saturating_mul(DAY);
        let from = start.saturating_sub(DAY.saturating_mul(2)).max(Instant::MIN.milliseconds());
        let to = start.saturating_add(DAY.saturating_mul(3)).min(Instant::MAX.milliseconds());
        let mut at = from;
        while at <= to {
            self.ask(1)?;
            let offset = self.sample(at, found);
            // Where the offset changes on the way, a piece begins there; at the
            // ends of time the local time stands still, which is one piece.
            let local = at.saturating_add(offset);
            let still = self.local(at.saturating_add(1)) == local;
            let next = if still { at.saturating_add(LONGEST) } else { self.next_piece(at, offset) };
            let next = next.min(to.saturating_add(1));
            let same = |other: i64| match still {
                true => self.local(other) == local,
                false => self.offset(other) == offset,
            };
            at = if next <= to && !same(next) { first_other(at, next, same) } else { next };
        }
        for at in self.critical.range(from..=to) {
            self.ask(1)?;
            self.sample(*at, found);
        }
        Some(())
    }

    fn offset(&self, at: i64) -> i64 {
        self.local(at).saturating_sub(at)
    }

    fn local(&self, at: i64) -> i64 {
        Instant::from_milliseconds(at).map_or(at, |instant| self.zone.local(instant).milliseconds())
    }

    fn sample(&self, at: i64, found: &mut Vec<DateCase>) -> i64 {
        if let Ok(instant) = Instant::from_milliseconds(at) {
            found.push(DateCase::Sample(Sample::Date(instant)));
        }
        self.offset(at)
    }

    /// When the local time next reaches a minute at which an answer changes, or
    /// the longest step ends.
    fn next_piece(&self, at: i64, offset: i64) -> i64 {
        let local = at.saturating_add(offset);
        let in_day = local.rem_euclid(DAY);
        let starts = self.minutes.iter().map(|minute| minute.saturating_mul(MINUTE));
        let next = starts.filter(|start| *start > in_day).min().unwrap_or(DAY);
        at.saturating_add(next.saturating_sub(in_day).min(LONGEST))
    }

    /// The days between special days and breaks, as first and last.
    fn runs(&self) -> Vec<(i64, i64)> {
        let mut starts = self.breaks.clone();
        starts.insert(self.first);
        for day in &self.special {
            starts.extend([*day, day.saturating_add(1)]);
        }
        let starts: Vec<i64> =
            starts.into_iter().filter(|day| self.first <= *day && *day <= self.last).collect();
        let ends = starts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([self.last]);
        starts.iter().copied().zip(ends).filter(|(first, _)| !self.special.contains(first)).collect()
    }

    fn asks(&self, parts: &[DatePart]) -> bool {
        self.questions
            .iter()
            .any(|question| matches!(question, Question::Part(part, _) if parts.contains(part)))
    }

    /// The minutes of a day at which an answer may change, midnight among them.
    pub(crate) fn minutes(&self) -> &BTreeSet<i64> {
        &self.minutes
    }

    /// The instants at which an answer may change, in milliseconds, with those
    /// around them.
    pub(crate) fn instants(&self) -> &BTreeSet<i64> {
        &self.critical
    }

    /// Days after one among which are, of each combination of answers that days
    /// have, the first such day and the first one after each change of an answer
    /// at an instant; and whether not all were looked at. So much work is done
    /// at most: a question asked of a day is one.
    pub(crate) fn days_after(&self, from: i64, mut work: usize) -> (BTreeSet<i64>, bool) {
        let mut days: BTreeSet<i64> = self.special.range(from..).copied().collect();
        let each = self.questions.len().saturating_add(1);
        for (first, last) in self.runs().into_iter().filter(|(_, last)| *last > from) {
            let Some(start) = civil(first) else { continue };
            // As many values as a part has are looked up in each question.
            let Some(left) = work.checked_sub(each.saturating_mul(32)) else { return (days, true) };
            work = left;
            let asked: Vec<Asked<'_>> =
                self.questions.iter().map(|question| self.asked(question, start)).collect();
            let most = kinds(&asked);
            let mut seen: HashSet<Vec<Truth>> = HashSet::new();
            let first = first.max(from.saturating_add(1));
            for day in (first..=last).take(self.days_of_all_kinds()) {
                let Some(left) = work.checked_sub(each) else { return (days, true) };
                work = left;
                let Some(local) = civil(day) else { continue };
                if seen.insert(asked.iter().map(|asked| self.on(asked, local, None)).collect()) {
                    days.insert(day);
                    if Some(seen.len()) == most {
                        break;
                    }
                }
            }
        }
        (days, false)
    }

    /// In how many days that follow each other every kind of day is found.
    fn days_of_all_kinds(&self) -> usize {
        let months = self.asks(&[DatePart::Month, DatePart::DayOfMonth])
            || self
                .questions
                .iter()
                .any(|question| matches!(question, Question::Distance(DateDistance::Anniversary, ..)));
        match (months, self.asks(&[DatePart::Weekday])) {
            (false, false) => 1,
            (false, true) => 7,
            // From one leap day to the next, over a century without one.
            (true, false) => 8 * 366,
            // Until each weekday was a leap day.
            (true, true) => 40 * 366,
        }
    }

    /// Samples of every kind of day of a run.
    fn run(&self, first: i64, last: i64, found: &mut Vec<DateCase>) -> Option<()> {
        let Some(start) = civil(first) else { return Some(()) };
        let asked: Vec<Asked<'_>> =
            self.questions.iter().map(|question| self.asked(question, start)).collect();
        let anniversaries = asked.iter().any(|asked| matches!(asked, Asked::Anniversary(_)));
        let months = self.asks(&[DatePart::Month, DatePart::DayOfMonth]) || anniversaries;
        let weekdays = self.asks(&[DatePart::Weekday]);
        // In the order in which they are met: samples are the same in every run.
        let mut kinds: Vec<Vec<LocalTime>> = Vec::new();
        let mut places: HashMap<Vec<Truth>, usize> = HashMap::new();
        let mut answers = Vec::new();
        for day in days_of_kinds(first, last, months, weekdays, anniversaries) {
            let Some(local) = civil(day) else { continue };
            self.ask(1)?;
            answers.clear();
            answers.extend(asked.iter().map(|asked| self.on(asked, local, None)));
            let days = places.get(answers.as_slice()).and_then(|place| kinds.get_mut(*place));
            match days {
                Some(days) if days.len() < KEPT => days.push(local),
                Some(_) => {}
                None => {
                    places.insert(answers.clone(), kinds.len());
                    kinds.push(vec![local]);
                }
            }
        }
        for days in &kinds {
            self.ask(self.minutes.len().checked_mul(days.len().saturating_add(1))?)?;
            for minute in &self.minutes {
                if let Some(day) = days.first() {
                    let answers = asked.iter().map(|asked| self.on(asked, *day, Some(*minute)));
                    found.push(DateCase::Answers(answers.collect()));
                }
                found.extend(days.iter().filter_map(|day| self.at(*day, *minute)));
            }
        }
        Some(())
    }

    /// What a question comes to within a run that begins with a day.
    fn asked(&self, question: &'q Question, start: LocalTime) -> Asked<'q> {
        match question {
            Question::Part(DatePart::MinuteOfDay, set) => Asked::Minute(set),
            Question::Part(part, set) if *part != DatePart::Year => {
                let answers = (0..=31).map(|value: i64| set.contains(Number::from(value)));
                Asked::Part(*part, answers.collect())
            }
            Question::Distance(DateDistance::Anniversary, ..) => Asked::Anniversary(question),
            other => Asked::Always(self.at_noon(other, start)),
        }
    }

    fn at_noon(&self, question: &Question, day: LocalTime) -> Truth {
        let noon = day_start(day).and_then(|start| self.zone.instant(start.at(12, 0, 0).ok()?).ok());
        noon.map_or(Truth::Unknown, |noon| question.answer(&Sample::Date(noon), self.zone))
    }

    /// The answer on a day, at a minute of it where that matters.
    fn on(&self, asked: &Asked<'_>, day: LocalTime, minute: Option<i64>) -> Truth {
        match asked {
            Asked::Always(truth) => *truth,
            Asked::Part(part, answers) => {
                let value = usize::try_from(day.part(*part)).ok();
                Truth::from(value.and_then(|value| answers.get(value)).copied())
            }
            Asked::Minute(set) => Truth::from(minute.map(|minute| set.contains(Number::from(minute)))),
            Asked::Anniversary(question) => self.on_the_calendar(question, day),
        }
    }

    /// How far an anniversary is from a day, by the calendar alone: a zone may have
    /// skipped the day in this year, which stands for others.
    fn on_the_calendar(&self, question: &Question, day: LocalTime) -> Truth {
        let Question::Distance(distance, constant, set) = question else { return Truth::Unknown };
        let noon = |day| Zone::UTC.instant(day_start(day)?.at(12, 0, 0).ok()?).ok();
        let constant = constant.resolve(self.zone).map(|constant| self.zone.local(constant));
        let distance =
            constant.and_then(|constant| Some(distance.between(noon(day)?, noon(constant)?, &Zone::UTC)));
        Truth::from(distance.map(|days| set.contains(Number::from(days))))
    }

    fn at(&self, day: LocalTime, minute: i64) -> Option<DateCase> {
        let (year, month, date) = date_of(day);
        let local = LocalTime::midnight(year, month, date).ok()?;
        let local = local.at(minute.div_euclid(60), minute.rem_euclid(60), 0).ok()?;
        Some(DateCase::Sample(Sample::Date(self.zone.instant(local).ok()?)))
    }
}

/// How many combinations of answers days may have at most; `None` where that
/// isn't known.
fn kinds(asked: &[Asked<'_>]) -> Option<usize> {
    let mut of_parts: HashMap<DatePart, HashSet<Vec<bool>>> = HashMap::new();
    for part in [DatePart::Weekday, DatePart::DayOfMonth, DatePart::Month] {
        let answers = || {
            asked.iter().filter_map(|asked| match asked {
                Asked::Part(of, answers) if *of == part => Some(answers),
                _ => None,
            })
        };
        let values = match part {
            DatePart::Weekday => 1..=7,
            DatePart::Month => 1..=12,
            _ => 1..=31_usize,
        };
        let kinds = values.map(|value| {
            answers().map(|answers| answers.get(value).copied().unwrap_or(false)).collect::<Vec<bool>>()
        });
        of_parts.insert(part, kinds.collect());
    }
    let counts = || of_parts.values().map(HashSet::len);
    let unknown = asked.iter().any(|asked| matches!(asked, Asked::Anniversary(_)));
    if unknown { None } else { counts().try_fold(1_usize, usize::checked_mul) }
}

/// The first number that is not the same as `before`, up to `after`, which is not.
fn first_other(mut before: i64, mut after: i64, same: impl Fn(i64) -> bool) -> i64 {
    while after.saturating_sub(before) > 1 {
        let middle = before.midpoint(after);
        match same(middle) {
            true => before = middle,
            false => after = middle,
        }
    }
    after
}

/// The ends of a set, as whole numbers: below them and at them.
fn edges(set: &NumberSet) -> impl Iterator<Item = i64> + '_ {
    let ends = set.ranges().flat_map(|range| [range.low, range.high]).flatten();
    ends.flat_map(|(end, _)| around(end))
}

/// The whole numbers nearest to a number, below and above; of one that is far
/// from all parts of dates, the farthest that matter.
fn around(number: Number) -> impl Iterator<Item = i64> {
    let far = Number::from(FARTHEST);
    let held = match number {
        number if number > far => far,
        number if number < far.negate() => far.negate(),
        number => number,
    };
    let whole = 10_i128.checked_pow(held.scale()).and_then(|unit| held.mantissa().checked_div_euclid(unit));
    let whole = whole.and_then(|whole| i64::try_from(whole).ok()).unwrap_or(0);
    [whole.saturating_sub(1), whole, whole.saturating_add(1)].into_iter()
}

/// Above the minutes of ten thousand years.
const FARTHEST: i64 = 6_000_000_000;
