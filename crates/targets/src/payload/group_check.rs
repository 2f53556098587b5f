//! What a target group says beside its targets, read part by part: a part
//! that is broken does not keep the others from being read.

use std::collections::{HashMap, HashSet};

use target_rules::diagnostic::{Code, Diagnostic, Span, excerpt};
use target_rules::json::{Escapes, Kind, PathSegment};
use target_rules::value::DateText;
use target_rules::{Limits, Zone};

use crate::eligibility::{
    CheckedGroup, MOST_AGNOSTIC_CYCLES, MOST_CYCLES, UnifiedExpression, cycle_length, day_of,
};
use crate::json::{Mismatch, Node, ReadJson, ShapeFault, numbers};
use crate::model::{
    CombinationType, EvaluationType, GROUP_KEYS, Period, TargetGroup, TrackingType, Vocabulary, Word,
    WrittenDate, unknown_keys,
};

use super::findings::{GroupFinding, an_id, placed_at, second_key, shape, too_large, unknown};

/// How many faults of one group are kept; a report shows fewer.
const MOST: usize = 200;

/// Reads what a group says beside its targets. So many of its periods may lack a
/// day.
pub(super) fn check_group(
    group: Node<'_>,
    pointer: &str,
    periods_at_once: usize,
) -> (CheckedGroup, Vec<GroupFinding>) {
    let mut check = GroupCheck { group, pointer, found: Vec::new() };
    let frame = check.frame();
    let periods = check.periods(periods_at_once);
    let expression = check.unified(&frame);
    check.threshold(&frame);
    check.window(&frame);
    check.words(&frame);
    check.keys();
    check.found.truncate(MOST);
    (CheckedGroup::new(&frame, &periods, expression), check.found)
}

struct GroupCheck<'a> {
    group: Node<'a>,
    pointer: &'a str,
    found: Vec<GroupFinding>,
}

impl GroupCheck<'_> {
    /// Adds a fault of the value at the end of the steps from a value.
    fn at(&mut self, from: Node<'_>, pointer: &str, steps: &[PathSegment], fault: Diagnostic) {
        let (value, taken) = from.follow(steps);
        let pointer = steps.iter().take(taken).fold(pointer.to_owned(), |all, step| all + &step.pointer());
        self.found.push((pointer, placed_at(value.head(), fault)));
    }

    fn at_key(&mut self, keys: &[&str], fault: Diagnostic) {
        let steps: Vec<PathSegment> = keys.iter().map(|key| PathSegment::Key((*key).to_owned())).collect();
        self.at(self.group, self.pointer, &steps, fault);
    }

    /// Adds a value of another shape within a part of the group.
    fn of_shape(&mut self, from: Node<'_>, pointer: &str, fault: &ShapeFault) {
        self.at(from, pointer, &fault.path, fault.diagnostic(None).note("of another shape"));
    }

    /// The group without its lists of periods and targets, and without the
    /// fields that have another shape than they should.
    fn frame(&mut self) -> TargetGroup {
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut members = Vec::new();
        let mut found = Vec::new();
        for member in self.group.members().filter(|member| member.key() != "targets") {
            let key = member.key();
            if let Some(first) = seen.get(key.as_ref()) {
                if found.len() < MOST {
                    let fault = second_key(&excerpt(&key), member.key_span(), *first);
                    found.push((self.pointer.to_owned(), fault));
                }
                continue;
            }
            if key != "periods" {
                members.push(member);
            }
            seen.insert(key.into_owned(), member.key_span());
        }
        let mut faults = Vec::new();
        let frame = TargetGroup::of_members(self.group, members.into_iter(), &mut |fault| {
            faults.push(fault);
            Ok(())
        });
        self.found.append(&mut found);
        for fault in &faults {
            self.of_shape(self.group, self.pointer, fault);
        }
        // Only so many are kept: those that stand first in the document.
        self.found.sort_by_key(|(_, fault)| fault.span.start());
        // INVARIANT: a group has no field that it cannot do without.
        frame.unwrap_or_default()
    }

    /// The periods that can be read, and what is wrong with them.
    fn periods(&mut self, at_once: usize) -> Vec<Period> {
        let Some(list) = self.group.member("periods").filter(|list| list.kind() != Kind::Null) else {
            return Vec::new();
        };
        if list.kind() != Kind::Array {
            let message = format!("the `periods` of a group are a list, not {}", list.kind().name());
            self.found.push((format!("{}/periods", self.pointer), shape(list, message)));
            return Vec::new();
        }
        let mut periods = Vec::new();
        // The period with the latest end of those before, with its place.
        let mut before: Option<PeriodDays> = None;
        // Each contains days without an end, and a bill is booked in all that
        // contain its day. Others don't overlap.
        let mut open = 0..at_once;
        for (index, value) in list.entries().enumerate() {
            if self.found.len() >= MOST {
                break;
            }
            let pointer = format!("{}/periods/{index}", self.pointer);
            let (period, has_id) = match Period::read(value) {
                Ok(period) => (period, true),
                Err(fault) => {
                    self.of_shape(value, &pointer, &fault);
                    // Who creates a group has no ids yet, and wants to know the rest.
                    let an_id = an_id().filter(|_| fault.mismatch == Mismatch::Missing("id"));
                    match Period::of_members(value, value.members().chain(an_id), &mut Err) {
                        Ok(period) => (period, false),
                        Err(_) => continue,
                    }
                }
            };
            if let Some(finding) = unknown(Some(value), &["periodStatus"], period.period_status.as_ref()) {
                self.at(value, &pointer, &finding.path, finding.diagnostic);
            }
            if (period.start_date.is_none() || period.end_date.is_none()) && open.next().is_none() {
                let message = format!("more than {at_once} periods of a group lack their first or last day");
                let fault = Diagnostic::new(Code::Limit, value.head(), message)
                    .note("one too many")
                    .help("give each period its `startDate` and its `endDate`");
                self.found.push((pointer, fault));
                break;
            }
            if let Some(placed) = self.days(&period, value, &pointer) {
                self.follows(before, placed, &pointer);
                before = Some(before.filter(|before| before.last > placed.last).unwrap_or(placed));
            }
            periods.extend(has_id.then_some(period));
        }
        periods
    }

    /// First and last day of a period that has both in order.
    fn days<'d>(&mut self, period: &Period, value: Node<'d>, pointer: &str) -> Option<PeriodDays<'d>> {
        let mut day = |key: &str, date: &Option<WrittenDate>| {
            let place = value.member(key)?;
            match date.as_ref()?.day() {
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
        Some(PeriodDays { first, last, start })
    }

    fn follows(&mut self, before: Option<PeriodDays<'_>>, period: PeriodDays<'_>, pointer: &str) {
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
        let targets = self.group.member("targets");
        let listed: Vec<i64> =
            targets.map(|targets| targets.entries().filter_map(id_of).collect()).unwrap_or_default();
        let unified = frame.unified_target_expression.as_ref();
        let Some(written) = unified.and_then(|unified| unified.rule_expression.as_deref()) else {
            let of_all = frame.tracking_type.as_ref().and_then(Word::known) == Some(TrackingType::Unified);
            let combination = unified
                .and_then(|unified| unified.combination_type.as_ref())
                .or(frame.combination_type.as_ref())
                .and_then(Word::known);
            // Where the group has neither an expression nor a combination type,
            // all of its targets must be achieved.
            let all = combination != Some(CombinationType::Any);
            return if of_all || unified.is_some() { UnifiedExpression::of(&listed, all) } else { None };
        };
        let steps = ["unifiedTargetExpression", "ruleExpression"].map(|key| PathSegment::Key(key.to_owned()));
        let (value, _) = self.group.follow(&steps);
        let pointer = format!("{}/unifiedTargetExpression/ruleExpression", self.pointer);
        let escapes = Escapes::of(value.document(), value.located());
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
        // The platform answers a change of a group with the changed targets
        // alone, and such a group has no id.
        let partial = frame.id.is_none() || listed.is_empty();
        let mut others = listed.clone();
        others.sort_unstable();
        others.dedup();
        let mut named: HashSet<i64> = listed.into_iter().collect();
        for (id, span) in expression.places() {
            if self.found.len() >= MOST || !named.insert(id) {
                continue;
            }
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

    /// That the threshold of the unified target can be held.
    fn threshold(&mut self, frame: &TargetGroup) {
        let unified = frame.unified_target_expression.as_ref();
        if let Some(fault) = unified.and_then(|unified| too_large(unified.threshold_value.as_ref()?)) {
            self.at_key(&["unifiedTargetExpression", "thresholdValue"], fault);
        }
    }

    /// That the windows of the group are ones that the platform has.
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

    /// Keys that are nearly known ones.
    fn keys(&mut self) {
        let warnings = unknown_keys(self.group, &GROUP_KEYS, MOST);
        self.found.extend(
            warnings.into_iter().map(|(pointer, warning)| (format!("{}{pointer}", self.pointer), warning)),
        );
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
        if let Some(finding) = unknown(Some(self.group), keys, word) {
            self.at_key(keys, finding.diagnostic);
        }
    }
}

/// The first and last day of a period, and where its start is written.
#[derive(Clone, Copy)]
struct PeriodDays<'d> {
    first: i64,
    last: i64,
    start: Node<'d>,
}

/// The id of an object that has one.
pub(super) fn id_of(object: Node<'_>) -> Option<i64> {
    object.member("id")?.text().parse().ok()
}

/// The ids that a document has so far.
#[derive(Default)]
pub(super) struct Ids {
    targets: HashMap<i64, Span>,
    groups: HashMap<i64, Span>,
}

impl Ids {
    /// The fault of a target whose id another one has.
    pub(super) fn target(&mut self, target: Node<'_>, pointer: &str) -> Option<GroupFinding> {
        once(&mut self.targets, target, pointer, "target")
    }

    /// The faults of a group whose id, or the id of one of whose periods,
    /// another one has.
    pub(super) fn group(&mut self, group: Node<'_>, pointer: &str) -> Vec<GroupFinding> {
        let mut found: Vec<GroupFinding> =
            once(&mut self.groups, group, pointer, "group").into_iter().collect();
        if let Some(periods) = group.member("periods") {
            // A period is named together with its target, so that only those of
            // one group can be confused.
            let mut seen = HashMap::new();
            for (index, period) in periods.entries().enumerate() {
                let pointer = format!("{pointer}/periods/{index}");
                found.extend(once(&mut seen, period, &pointer, "period"));
                if found.len() >= MOST {
                    break;
                }
            }
        }
        found
    }
}

fn once(seen: &mut HashMap<i64, Span>, object: Node<'_>, pointer: &str, what: &str) -> Option<GroupFinding> {
    let place = object.member("id")?.span();
    let id = id_of(object)?;
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
