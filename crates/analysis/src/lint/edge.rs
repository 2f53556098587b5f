//! Alternatives that meet at an edge which none of them takes.

use target_rules::condition::{Clause, Literal, NumberRange, NumberSet, Predicate, Set, Subject};
use target_rules::{Number, Rule};

use super::finding::{Finding, FindingKind};
use crate::formula::Formula;
use crate::model::{Model, Outcomes};
use crate::proof::{Found, Options, is_never, possible};

/// So many places where ranges meet are looked at in one rule.
const MOST_MEETINGS: usize = 64;

/// A bound of an alternative that asks about one value only.
struct Bound<'r> {
    subject: &'r Subject,
    clause: &'r Clause,
    edge: Number,
    /// Whether what is below the edge meets it, or what is above.
    below: bool,
}

/// Two bounds that leave out the edge between them.
struct Meeting<'r> {
    /// The clause that has both as alternatives.
    any: &'r Clause,
    bounds: [Bound<'r>; 2],
}

/// Edges that two ranges of one value leave out between them: `> 500` beside
/// `< 500`, where nothing beside them takes it. Where the two are alternatives of
/// the rule as a whole, a transaction whose value is the edge shows it. Of rules
/// that are decided for each item none is told.
///
/// Cost is linear in the rule for each place where ranges meet, of which there is
/// a most, and two searches for each.
pub(super) fn missed_edges(rule: &Rule, model: &Model<'_>, options: &Options) -> Vec<Finding> {
    let mut meetings = Vec::new();
    if !rule.unrolls() {
        walk(rule.condition().root(), &mut meetings);
    }
    meetings.into_iter().filter_map(|meeting| missed(rule, model, options, &meeting)).collect()
}

fn missed(rule: &Rule, model: &Model<'_>, options: &Options, meeting: &Meeting<'_>) -> Option<Finding> {
    let Meeting { any, bounds: [below, above] } = meeting;
    if takes(any, below) {
        return None;
    }
    // What is neither below nor above is at the edge.
    let at_the_edge = |result| {
        Ok(Formula::all([
            model.decided(0, below.clause, Outcomes::FALSE)?,
            model.decided(0, above.clause, Outcomes::FALSE)?,
            model.rule(0, result)?,
        ]))
    };
    if is_never(model, at_the_edge(Outcomes::NOT_TRUE), options) {
        return None;
    }
    // A rule that is false for a transaction has no alternative that is not.
    let root = rule.condition().root();
    let whole =
        matches!(root, Clause::Any(parts) if parts.contains(below.clause) && parts.contains(above.clause));
    let witness = if whole {
        match possible(model, at_the_edge(Outcomes::FALSE), &[Outcomes::FALSE], options) {
            Found::Shown(shown) => Some(shown.document),
            _ => None,
        }
    } else {
        None
    };
    let why = format!("one ends below {0} and the other begins above it: neither takes {0}", below.edge);
    let clauses = [below.clause.clone(), above.clause.clone()];
    Some(Finding { witness, ..Finding::of(rule, FindingKind::MissedEdge, &clauses, why) })
}

/// Gathers where the alternatives of a clause meet. Recurses as deep as the rule.
fn walk<'r>(clause: &'r Clause, meetings: &mut Vec<Meeting<'r>>) {
    let (Clause::All(parts) | Clause::Any(parts)) = clause else { return };
    parts.iter().for_each(|part| walk(part, meetings));
    if matches!(clause, Clause::All(_)) {
        return;
    }
    let mut bounds: Vec<Bound<'r>> = parts.iter().flat_map(bounds).collect();
    bounds.sort_by(|one, other| one.edge.cmp(&other.edge).then(one.below.cmp(&other.below)));
    let mut bounds = bounds.into_iter().peekable();
    while let Some(one) = bounds.next() {
        let meets = |other: &Bound<'r>| {
            other.edge == one.edge && other.below != one.below && other.subject == one.subject
        };
        if let Some(other) = bounds.next_if(meets)
            && meetings.len() < MOST_MEETINGS
        {
            let bounds = if one.below { [one, other] } else { [other, one] };
            meetings.push(Meeting { any: clause, bounds });
        }
    }
}

/// Whether an alternative within a clause takes the edge, alone or beside others.
fn takes(clause: &Clause, at: &Bound<'_>) -> bool {
    match clause {
        Clause::All(parts) if same_subject(parts) => parts.iter().all(|part| takes(part, at)),
        Clause::All(parts) | Clause::Any(parts) => parts.iter().any(|part| takes(part, at)),
        _ => range(clause).is_some_and(|(subject, range)| subject == at.subject && range.contains(at.edge)),
    }
}

/// The open bounds of an alternative; none where it asks about other values, too.
fn bounds(alternative: &Clause) -> Vec<Bound<'_>> {
    let parts = match alternative {
        Clause::All(parts) if same_subject(parts) => parts.as_slice(),
        Clause::Literal(_) => std::slice::from_ref(alternative),
        _ => &[],
    };
    parts.iter().filter_map(bound).collect()
}

/// The bound of a comparison with one, which the value must not reach.
fn bound(clause: &Clause) -> Option<Bound<'_>> {
    let (subject, range) = range(clause)?;
    let mut ranges = range.ranges();
    let only = ranges.next().filter(|_| ranges.next().is_none())?;
    let (edge, below) = match only {
        NumberRange { low: None, high: Some((edge, false)) } => (edge, true),
        NumberRange { low: Some((edge, false)), high: None } => (edge, false),
        _ => return None,
    };
    Some(Bound { subject, clause, edge, below })
}

fn range(clause: &Clause) -> Option<(&Subject, &NumberSet)> {
    let Clause::Literal(Literal { predicate, negated: false, .. }) = clause else { return None };
    let Predicate::In(subject, Set::Numbers(range)) = &**predicate else { return None };
    Some((subject, range))
}

/// Whether clauses are comparisons of one value.
fn same_subject(parts: &[Clause]) -> bool {
    let mut subjects = parts.iter().map(|part| range(part).map(|(subject, _)| subject));
    let first = subjects.next().flatten();
    first.is_some() && subjects.all(|subject| subject == first)
}
