//! What a target group says beside its targets, read part by part: a part
//! that is broken does not keep the others from being read.

use std::collections::HashMap;

use target_rules::diagnostic::{Code, Diagnostic, Span};
use target_rules::json::{Entries, Escapes, Kind, Located, Members, PathSegment, find};
use target_rules::{DateText, Limits, Zone};

use crate::eligibility::{
    CheckedGroup, MOST_AGNOSTIC_CYCLES, MOST_CYCLES, UnifiedExpression, cycle_length, day_of,
};
use crate::model::shape::{for_people, placed, shortened, steps_of};
use crate::model::sort::member;
use crate::model::{
    CombinationType, EvaluationType, Period, TargetGroup, TrackingType, Vocabulary, Word, WrittenDate,
};

use super::findings::{Found, placed_at, second_key, shape, unknown};

/// How many faults of one group are kept; a report shows fewer.
const MOST: usize = 200;

/// Reads what a group says beside its targets.
pub(super) fn check_group(text: &str, group: Located, pointer: &str) -> (CheckedGroup, Vec<Found>) {
    let mut check = GroupCheck { text, group, pointer, found: Vec::new() };
    let frame = check.frame();
    let periods = check.periods();
    let expression = check.unified(&frame);
    check.window(&frame);
    check.words(&frame);
    check.found.truncate(MOST);
    (CheckedGroup::new(&frame, &periods, expression), check.found)
}

struct GroupCheck<'a> {
    text: &'a str,
    group: Located,
    pointer: &'a str,
    found: Vec<Found>,
}

impl GroupCheck<'_> {
    /// Adds a fault of the value at the end of the steps from a value.
    fn at(&mut self, from: Located, pointer: &str, steps: &[PathSegment], fault: Diagnostic) {
        let (value, taken) = find(self.text, from, steps);
        let pointer = steps.iter().take(taken).fold(pointer.to_owned(), |all, step| all + &step.pointer());
        self.found.push((pointer, placed_at(value.head(), fault)));
    }

    fn at_key(&mut self, keys: &[&str], fault: Diagnostic) {
        let steps: Vec<PathSegment> = keys.iter().map(|key| PathSegment::Key((*key).to_owned())).collect();
        let pointer = self.pointer.to_owned();
        self.at(self.group, &pointer, &steps, fault);
    }

    /// Reads a part of the group.
    fn part<T: serde::de::DeserializeOwned>(
        &mut self,
        json: &str,
        from: Located,
        pointer: &str,
    ) -> Option<T> {
        let mut reader = serde_json::Deserializer::from_str(json);
        match serde_path_to_error::deserialize(&mut reader) {
            Ok(part) => Some(part),
            Err(error) => {
                let path = error.path().to_string();
                let message = placed(&shortened(&path), for_people(error.inner()));
                let fault = Diagnostic::new(Code::PayloadShape, Span::default(), message);
                self.at(from, pointer, &steps_of(error.path()), fault.note("of another shape"));
                None
            }
        }
    }

    /// The group without its lists of periods and targets, and without the
    /// fields that have another shape than they should.
    fn frame(&mut self) -> TargetGroup {
        let text = self.text;
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut good: Vec<&str> = Vec::new();
        for (key, value) in Members::of(text, self.group) {
            if key.text == "targets" {
                continue;
            }
            if let Some(first) = seen.get(&key.text) {
                let fault = second_key(&shortened(&key.text), key.span, *first);
                self.found.push((self.pointer.to_owned(), fault));
                continue;
            }
            seen.insert(key.text.clone(), key.span);
            if key.text == "periods" {
                continue;
            }
            let member = text.get(key.span.to(value.span).range()).unwrap_or("");
            let pointer = self.pointer.to_owned();
            if self.part::<TargetGroup>(&format!("{{{member}}}"), self.group, &pointer).is_some() {
                good.push(member);
            }
        }
        let frame = format!("{{{}}}", good.join(","));
        // INVARIANT: every member by itself is a part of a group, and no two have one key.
        serde_json::from_str(&frame).unwrap_or_default()
    }

    /// The periods that can be read, and what is wrong with them.
    fn periods(&mut self) -> Vec<Period> {
        let text = self.text;
        let Some(list) = member(text, self.group, "periods").filter(|list| list.kind != Kind::Null) else {
            return Vec::new();
        };
        if list.kind != Kind::Array {
            let message = format!("the `periods` of a group are a list, not {}", list.kind.name());
            self.found.push((format!("{}/periods", self.pointer), shape(list, message)));
            return Vec::new();
        }
        let mut periods = Vec::new();
        // The period with the latest end of those before, with its place.
        let mut before: Option<Placed> = None;
        for (index, value) in Entries::of(text, list).enumerate() {
            let pointer = format!("{}/periods/{index}", self.pointer);
            let json = text.get(value.span.range()).unwrap_or("");
            let Some(period) = self.part::<Period>(json, value, &pointer) else { continue };
            if let Some(placed) = self.days(&period, value, &pointer) {
                self.follows(before, placed, &pointer);
                before = Some(before.filter(|before| before.last > placed.last).unwrap_or(placed));
            }
            periods.push(period);
            if self.found.len() >= MOST {
                break;
            }
        }
        periods
    }

    /// First and last day of a period that has both in order.
    fn days(&mut self, period: &Period, value: Located, pointer: &str) -> Option<Placed> {
        let mut day = |key: &str, date: &Option<WrittenDate>| {
            let place = member(self.text, value, key)?;
            match date.as_ref()?.date() {
                DateText::Invalid => {
                    let message = "this is no date that a period can start or end on";
                    let fault = Diagnostic::new(Code::PayloadShape, place.head(), message)
                        .note("no date")
                        .help("write a date as `2026-01-31`");
                    self.found.push((format!("{pointer}/{key}"), fault));
                    None
                }
                date => Some((day_of(date, &Zone::UTC)?, place)),
            }
        };
        let (first, last) = (day("startDate", &period.start_date), day("endDate", &period.end_date));
        let ((first, start), (last, end)) = (first?, last?);
        if first > last {
            let fault = Diagnostic::new(Code::PeriodOrder, end.head(), "this period ends before it starts")
                .note("before the start")
                .label(start.head(), "the start")
                .help("exchange the two dates, or correct the wrong one");
            self.found.push((format!("{pointer}/endDate"), fault));
            return None;
        }
        Some(Placed { first, last, start })
    }

    fn follows(&mut self, before: Option<Placed>, period: Placed, pointer: &str) {
        let Some(before) = before.filter(|before| period.first <= before.last) else { return };
        let fault = if period.last < before.first {
            Diagnostic::new(Code::PeriodOrder, period.start.head(), "this period is listed after a later one")
                .note("earlier than the one before it")
                .label(before.start.head(), "the later one")
                .help("list the periods in the order of time")
        } else {
            Diagnostic::new(
                Code::PeriodOverlap,
                period.start.head(),
                "this period overlaps another one of the group",
            )
            .note("starts within the other")
            .label(before.start.head(), "the other one")
            .help("let it start on the day after the other one's last")
        };
        self.found.push((format!("{pointer}/startDate"), fault));
    }

    /// The unified expression, and what is wrong with it.
    fn unified(&mut self, frame: &TargetGroup) -> Option<UnifiedExpression> {
        let text = self.text;
        let listed: Vec<i64> = member(text, self.group, "targets")
            .map(|targets| Entries::of(text, targets).filter_map(|target| id_of(text, target)).collect())
            .unwrap_or_default();
        let unified = frame.unified_target_expression.as_ref();
        let Some(written) = unified.and_then(|unified| unified.rule_expression.as_deref()) else {
            let of_all = frame.tracking_type.as_ref().and_then(Word::known) == Some(TrackingType::Unified);
            let combination = unified
                .and_then(|unified| unified.combination_type.as_ref())
                .or(frame.combination_type.as_ref())
                .and_then(Word::known);
            // Without an expression and without a word all of them are asked for.
            let all = combination != Some(CombinationType::Any);
            return if of_all || unified.is_some() { UnifiedExpression::of(&listed, all) } else { None };
        };
        let steps = ["unifiedTargetExpression", "ruleExpression"].map(|key| PathSegment::Key(key.to_owned()));
        let (value, _) = find(text, self.group, &steps);
        let pointer = format!("{}/unifiedTargetExpression/ruleExpression", self.pointer);
        let escapes = Escapes::of(text, value);
        let expression = match UnifiedExpression::parse(written, &Limits::default()) {
            Ok(expression) => expression,
            Err(fault) => {
                let span = escapes.span(fault.span);
                self.found.push((pointer, placed_at(span, fault)));
                return None;
            }
        };
        let count = expression.operands().count();
        if !(2..=10).contains(&count) {
            let fault = Diagnostic::new(
                Code::UnifiedExpression,
                value.head(),
                format!("a unified target combines 2 to 10 targets, not {count}"),
            )
            .help("name at least 2 and at most 10 targets");
            self.found.push((pointer.clone(), fault));
        }
        // The answer to a change lists only what was changed, and has no id.
        let partial = frame.id.is_none() || listed.is_empty();
        let mut others = listed.clone();
        others.sort_unstable();
        others.dedup();
        let mut named = Vec::new();
        for (id, span) in expression.places() {
            if listed.contains(&id) || named.contains(&id) {
                continue;
            }
            named.push(id);
            let (code, message) = if partial {
                (Code::OperandNotListed, format!("target {id} is not in this document"))
            } else {
                (Code::UnknownOperand, format!("this group has no target {id}"))
            };
            let fault =
                Diagnostic::new(code, escapes.span(span), message).note("not listed").help(match partial {
                    true => "ask for the whole group to see whether it has this target".to_owned(),
                    false => format!("the targets of the group are {}", numbers(&others)),
                });
            self.found.push((pointer.clone(), fault));
        }
        Some(expression)
    }

    /// Whether the windows of the group are such as there are.
    fn window(&mut self, frame: &TargetGroup) {
        let Some(kind) = frame.target_evaluation_type.as_ref().and_then(Word::known) else { return };
        let fault = |message: String| Diagnostic::new(Code::Window, Span::default(), message);
        let unified = frame.unified_target_expression.is_some()
            || frame.tracking_type.as_ref().and_then(Word::known) == Some(TrackingType::Unified);
        if unified && kind != EvaluationType::FixedCalendarWindow {
            let fault = fault("unified targets are evaluated in fixed calendar windows only".to_owned())
                .note("another window")
                .help("write `FIXED_CALENDAR_WINDOW`, or track the targets one by one");
            self.at_key(&["targetEvaluationType"], fault);
        }
        let most = match kind {
            EvaluationType::FixedCalendarWindow => return,
            EvaluationType::CyclicWindow => MOST_CYCLES,
            EvaluationType::PeriodAgnosticWindow => MOST_AGNOSTIC_CYCLES,
        };
        if let Some(cycles) = frame.recurring_cycles.filter(|cycles| *cycles > most) {
            let fault = fault(format!("a window of this kind has at most {most} cycles, not {cycles}"));
            self.at_key(&["recurringCycles"], fault.note("too many"));
        }
        if kind == EvaluationType::CyclicWindow && cycle_length(frame).is_none() {
            let fault = fault("this group does not say how long a cycle is".to_owned())
                .help("give a `frequencyType`, and with `CUSTOM` the days in `frequency`");
            self.at_key(&["frequencyType"], fault);
        }
    }

    /// Words that are not in their lists.
    fn words(&mut self, frame: &TargetGroup) {
        self.word(&["targetEvaluationType"], frame.target_evaluation_type.as_ref());
        self.word(&["frequencyType"], frame.frequency_type.as_ref());
        self.word(&["trackingType"], frame.tracking_type.as_ref());
        self.word(&["combinationType"], frame.combination_type.as_ref());
        let unified = frame.unified_target_expression.as_ref();
        self.word(
            &["unifiedTargetExpression", "aggregation"],
            unified.and_then(|unified| unified.aggregation.as_ref()),
        );
        self.word(
            &["unifiedTargetExpression", "combinationType"],
            unified.and_then(|unified| unified.combination_type.as_ref()),
        );
    }

    fn word<K: Vocabulary>(&mut self, keys: &[&str], word: Option<&Word<K>>) {
        if let Some(finding) = unknown(keys, word) {
            self.at_key(keys, finding.diagnostic);
        }
    }
}

/// The days of a period, and where it stands.
#[derive(Clone, Copy)]
struct Placed {
    first: i64,
    last: i64,
    start: Located,
}

/// The id of an object that has one, and where that stands.
pub(super) fn id_of(text: &str, object: Located) -> Option<i64> {
    let id = member(text, object, "id").filter(|id| id.kind == Kind::Number)?;
    text.get(id.span.range())?.parse().ok()
}

/// Numbers as part of a sentence.
fn numbers(numbers: &[i64]) -> String {
    const SHOWN: usize = 10;
    let mut shown: Vec<String> = numbers.iter().take(SHOWN).map(i64::to_string).collect();
    if numbers.len() > SHOWN {
        shown.push("others".to_owned());
    }
    match shown.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The ids that were met in a document.
#[derive(Default)]
pub(super) struct Ids {
    targets: HashMap<i64, Span>,
    groups: HashMap<i64, Span>,
}

impl Ids {
    /// The fault of a target whose id another one has.
    pub(super) fn target(&mut self, text: &str, target: Located, pointer: &str) -> Option<Found> {
        once(&mut self.targets, text, target, pointer, "target")
    }

    /// The faults of a group whose id, or the id of one of whose periods,
    /// another one has.
    pub(super) fn group(&mut self, text: &str, group: Located, pointer: &str) -> Vec<Found> {
        let mut found: Vec<Found> =
            once(&mut self.groups, text, group, pointer, "group").into_iter().collect();
        if let Some(periods) = member(text, group, "periods") {
            // A period is named together with its target, so that only those of
            // one group can be confused.
            let mut seen = HashMap::new();
            for (index, period) in Entries::of(text, periods).enumerate() {
                let pointer = format!("{pointer}/periods/{index}");
                found.extend(once(&mut seen, text, period, &pointer, "period"));
                if found.len() >= MOST {
                    break;
                }
            }
        }
        found
    }
}

fn once(
    seen: &mut HashMap<i64, Span>,
    text: &str,
    object: Located,
    pointer: &str,
    what: &str,
) -> Option<Found> {
    let place = member(text, object, "id")?.span;
    let id = id_of(text, object)?;
    match seen.get(&id) {
        None => {
            seen.insert(id, place);
            None
        }
        Some(first) => {
            let fault =
                Diagnostic::new(Code::DuplicateId, place, format!("another {what} has the id {id} too"))
                    .note("the second one")
                    .label(*first, "the first one")
                    .help("remove one of the two, or correct the wrong id");
            Some((format!("{pointer}/id"), fault))
        }
    }
}
