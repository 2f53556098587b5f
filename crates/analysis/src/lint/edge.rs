//! Alternatives that meet at an edge which none of them takes, or that leave out a
//! number between them.

use hashbrown::HashMap;
use target_rules::condition::{
    Clause, Literal, NumberExpression, NumberRange, NumberSet, Predicate, Set, Subject,
};
use target_rules::{Ast, Number, Rule, Schema};

use super::finding::{Finding, FindingKind};
use super::literal::{digits, scale_of};
use crate::formula::Formula;
use crate::model::{Model, Outcomes, TooLarge, floor};
use crate::proof::{Found, Options, possible};

/// So many places where ranges meet are looked at in one rule.
const MOST_MEETINGS: usize = 64;

/// A bound of an alternative that asks about one value only.
struct Bound<'r> {
    subject: &'r Subject,
    clause: &'r Clause,
    edge: Number,
    /// Whether the edge meets it.
    closed: bool,
    /// Whether what is below the edge meets it, or what is above.
    below: bool,
}

/// Two bounds of one value with nothing between them.
struct Meeting<'r> {
    /// The clause that has both as alternatives.
    any: &'r Clause,
    below: Bound<'r>,
    above: Bound<'r>,
}

/// Edges that two ranges of one value leave out between them: `> 500` beside
/// `< 500`, where nothing beside them takes it. Each is shown by a transaction whose
/// value is the edge, for which the rule is false and would be true if they took it. Of
/// rules that are decided for each item none is told.
///
/// Cost is linear in the rule for each place where ranges meet, of which there is
/// a most, and a search for each.
pub(super) fn missed_edges(rule: &Rule, model: &Model<'_>, options: &Options) -> Vec<Finding> {
    let missed = |meeting: &Meeting<'_>| {
        let Meeting { any, below, above } = meeting;
        let edge = below.edge;
        if edge != above.edge || below.closed || above.closed || takes(any, below.subject, edge) {
            return None;
        }
        // What is neither below nor above is at the edge.
        let at_the_edge = [below, above].map(|bound| model.decided(0, bound.clause, Outcomes::FALSE));
        // Were the rule to be unknown, a document without the value would do.
        let witness = shown(rule, any, model, at_the_edge, &[Outcomes::FALSE], options)?;
        let why = format!("one ends below {edge} and the other begins above it: neither takes {edge}");
        Some(meeting.finding(rule, why, witness))
    };
    meetings(rule).iter().filter_map(missed).collect()
}

/// Numbers that two ranges of one value leave out between them, though they seem to
/// meet: one number alone, as of `<= 100` beside `>= 100.02`, or all between two ends
/// that follow each other as they are written, as of `<= 500` beside `>= 501`. Which
/// numbers there are is what the schema says of the digits; each is shown by a
/// transaction, as a missed edge is.
pub(super) fn missed_numbers(rule: &Rule, schema: &Schema, options: &Options) -> Vec<Finding> {
    let rule = &rule.unjoined();
    let missed = |meeting: &Meeting<'_>| {
        let Meeting { any, below, above } = meeting;
        let Subject::Number(NumberExpression::Attribute(leaf)) = below.subject else { return None };
        let name = leaf.name();
        let scale = scale_of(&name, schema)?;
        let number = meeting.missed(scale)?;
        if below.edge == above.edge || takes(any, below.subject, number) {
            return None;
        }
        // A transaction that has just this value.
        let probe = Ast::from_text(&format!("{name}=={number}"), &options.limits).ok()?;
        let probe = probe.check(schema, &options.limits).into_rule().ok()?;
        let model = Model::new(&[rule, &probe], false, &options.zone).ok()?;
        let wanted = [Outcomes::NOT_TRUE, Outcomes::TRUE];
        let witness = shown(rule, any, &model, [model.rule(1, Outcomes::TRUE)], &wanted, options)?;
        let why = format!(
            "by the schema `{name}` has {scale} digits after the point: neither of these ranges takes {number}"
        );
        Some(meeting.finding(rule, why, witness))
    };
    meetings(rule).iter().filter_map(missed).collect()
}

/// A transaction of which more is known, for which the rule comes to what is wanted of
/// it, and would be true if some alternative were.
fn shown(
    rule: &Rule,
    any: &Clause,
    model: &Model<'_>,
    known: impl IntoIterator<Item = Result<Formula, TooLarge>>,
    wanted: &[Outcomes],
    options: &Options,
) -> Option<String> {
    let taken = with_true(rule.condition().root(), any);
    let of_rule = wanted.first().copied().unwrap_or(Outcomes::FALSE);
    let asked = [model.rule(0, of_rule), model.decided(0, &taken, Outcomes::TRUE)];
    let all: Result<Vec<Formula>, TooLarge> = asked.into_iter().chain(known).collect();
    match possible(model, all.map(Formula::all), wanted, options) {
        Found::Shown(shown) => Some(shown.document),
        Found::Never | Found::Unknown(_) => None,
    }
}

/// A clause with one within it taken for true. Recurses as deep as the rule.
fn with_true(clause: &Clause, taken: &Clause) -> Clause {
    if std::ptr::eq(clause, taken) {
        return Clause::Constant(true);
    }
    let of = |parts: &[Clause]| parts.iter().map(|part| with_true(part, taken)).collect();
    match clause {
        Clause::All(parts) => Clause::All(of(parts)),
        Clause::Any(parts) => Clause::Any(of(parts)),
        other => other.clone(),
    }
}

impl Meeting<'_> {
    fn finding(&self, rule: &Rule, why: String, witness: String) -> Finding {
        let clauses = [self.below.clause.clone(), self.above.clause.clone()];
        let finding = Finding::of(rule, FindingKind::MissedEdge, &clauses, why);
        Finding { witness: Some(witness), ..finding }
    }

    /// The first number of so many digits between two ranges that seem to meet.
    fn missed(&self, scale: u32) -> Option<Number> {
        let Meeting { below, above, .. } = self;
        let unit = Number::from_parts(1, scale).ok()?;
        let is_between = |number: Number| {
            (number > below.edge || number == below.edge && !below.closed)
                && (number < above.edge || number == above.edge && !above.closed)
        };
        let floor = floor(below.edge, scale)?;
        let first = if is_between(floor) { floor } else { floor.plus(unit).ok()? };
        if !is_between(first) {
            return None;
        }
        let is_alone = !is_between(first.plus(unit).ok()?);
        let written = Number::from_parts(1, digits(below.edge).max(digits(above.edge))).ok()?;
        let follows = below.closed && above.closed && above.edge.minus(below.edge) == Ok(written);
        (is_alone || follows).then_some(first)
    }
}

/// The places where alternatives of a rule meet; none of one that is decided for each
/// item.
fn meetings(rule: &Rule) -> Vec<Meeting<'_>> {
    let mut meetings = Vec::new();
    if !rule.unrolls() {
        walk(rule.condition().root(), &mut meetings);
    }
    meetings
}

/// Gathers where the alternatives of a clause meet. Recurses as deep as the rule.
fn walk<'r>(clause: &'r Clause, meetings: &mut Vec<Meeting<'r>>) {
    let (Clause::All(parts) | Clause::Any(parts)) = clause else { return };
    parts.iter().for_each(|part| walk(part, meetings));
    if matches!(clause, Clause::All(_)) {
        return;
    }
    let mut subjects: HashMap<&Subject, usize> = HashMap::new();
    let mut number = |subject| {
        let next = subjects.len();
        *subjects.entry(subject).or_insert(next)
    };
    let bounds = parts.iter().flat_map(bounds);
    let mut bounds: Vec<(usize, Bound<'r>)> = bounds.map(|bound| (number(bound.subject), bound)).collect();
    // At one edge those below come first, and of each kind what takes the edge stands
    // next to the other kind.
    bounds.sort_by_key(|(subject, bound)| (*subject, bound.edge, !bound.below, bound.closed == bound.below));
    let mut bounds = bounds.into_iter().peekable();
    while let Some((subject, below)) = bounds.next() {
        let meets = |(of, other): &(usize, Bound<'r>)| *of == subject && below.below && !other.below;
        if let Some((_, above)) = bounds.next_if(meets)
            && meetings.len() < MOST_MEETINGS
        {
            meetings.push(Meeting { any: clause, below, above });
        }
    }
}

/// Whether an alternative within a clause takes a number, alone or beside others.
fn takes(clause: &Clause, subject: &Subject, number: Number) -> bool {
    match clause {
        Clause::All(parts) if same_subject(parts) => parts.iter().all(|part| takes(part, subject, number)),
        Clause::All(parts) | Clause::Any(parts) => parts.iter().any(|part| takes(part, subject, number)),
        _ => compared(clause)
            .is_some_and(|(of, range, negated)| of == subject && range.contains(number) != negated),
    }
}

/// The bounds of an alternative; none where it asks about other values, too.
fn bounds(alternative: &Clause) -> Vec<Bound<'_>> {
    let parts = match alternative {
        Clause::All(parts) if same_subject(parts) => parts.as_slice(),
        Clause::Literal(_) => std::slice::from_ref(alternative),
        _ => &[],
    };
    parts.iter().filter_map(bound).collect()
}

/// The bound of a comparison that has one.
fn bound(clause: &Clause) -> Option<Bound<'_>> {
    let (subject, range, _) = compared(clause).filter(|(_, _, negated)| !negated)?;
    let mut ranges = range.ranges();
    let only = ranges.next().filter(|_| ranges.next().is_none())?;
    let ((edge, closed), below) = match only {
        NumberRange { low: None, high: Some(high) } => (high, true),
        NumberRange { low: Some(low), high: None } => (low, false),
        _ => return None,
    };
    Some(Bound { subject, clause, edge, closed, below })
}

/// The value that is compared with numbers, with which, and whether it is none of these.
fn compared(clause: &Clause) -> Option<(&Subject, &NumberSet, bool)> {
    let Clause::Literal(Literal { predicate, negated, .. }) = clause else { return None };
    let Predicate::In(subject, Set::Numbers(range)) = &**predicate else { return None };
    Some((subject, range, *negated))
}

/// Whether clauses are comparisons of one value.
fn same_subject(parts: &[Clause]) -> bool {
    let mut subjects = parts.iter().map(|part| compared(part).map(|(subject, ..)| subject));
    let first = subjects.next().flatten();
    first.is_some() && subjects.all(|subject| subject == first)
}
