//! What single comparisons say otherwise than it seems: patterns that are an
//! equality, numbers that a schema does not know.

use target_rules::condition::{Clause, Literal, NumberExpression, Predicate, Set, Subject, TextSet};
use target_rules::{Number, Rule, Schema};

use super::finding::{Finding, FindingKind};
use crate::model::only_match;
use crate::proof::Options;

/// Patterns that one text matches and no other, which is proved. Cost is that of
/// walking each, together within [`Options::work`] and one pattern more.
pub(super) fn plain_patterns(rule: &Rule, options: &Options) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut steps = 0;
    each(rule.condition().root(), &mut |clause, literal| {
        if let Predicate::In(_, Set::Texts(TextSet::Matching(pattern))) = &*literal.predicate
            && steps < options.work
            && only_match(pattern, &mut steps).is_some()
        {
            let why = "one text matches this pattern, and no other".to_owned();
            found.push(Finding::of(rule, FindingKind::PlainPattern, std::slice::from_ref(clause), why));
        }
    });
    found
}

/// Equalities with numbers that have more digits after the point than the schema
/// says of the attribute. That is no proof: a document may not keep to the schema. Cost
/// is linear in the rule.
pub(super) fn beyond_scale(rule: &Rule, schema: &Schema) -> Vec<Finding> {
    let rule = rule.unjoined();
    let mut found = Vec::new();
    each(rule.condition().root(), &mut |clause, literal| {
        if let Predicate::In(subject, Set::Numbers(numbers)) = &*literal.predicate
            && let Subject::Number(NumberExpression::Attribute(leaf)) = &**subject
            && let Some(scale) = scale_of(&leaf.name(), schema)
        {
            let mut ranges = numbers.ranges();
            let is_point =
                |low: Option<(Number, bool)>, high| low.filter(|_| low == high).map(|(point, _)| point);
            let point = ranges.next().and_then(|range| is_point(range.low, range.high));
            if ranges.next().is_none()
                && let Some(point) = point
                && digits(point) > scale
            {
                let why = format!(
                    "by the schema `{}` has {scale} digits after the point, and {point} has more: \
                     only a document that doesn't keep to the schema has this value",
                    leaf.name()
                );
                let part = std::slice::from_ref(clause);
                found.push(Finding::of(&rule, FindingKind::ImpossibleComparison, part, why));
            }
        }
    });
    found
}

/// Calls with each literal. Recurses as deep as the rule.
fn each<'r>(clause: &'r Clause, with: &mut impl FnMut(&'r Clause, &'r Literal)) {
    match clause {
        Clause::All(parts) | Clause::Any(parts) => parts.iter().for_each(|part| each(part, with)),
        Clause::Literal(literal) => with(clause, literal),
        _ => {}
    }
}

/// How many digits after the point the schema gives an attribute.
pub(super) fn scale_of(name: &str, schema: &Schema) -> Option<u32> {
    let (profile, attribute) = name.split_once('.')?;
    schema.profile(profile).ok()?.attribute(attribute).ok()?.scale()
}

/// How many digits a number has after the point, without zeros at its end.
pub(super) fn digits(number: Number) -> u32 {
    let (mut mantissa, mut scale) = (number.mantissa(), number.scale());
    while scale > 0 && mantissa.checked_rem(10) == Some(0) {
        mantissa = mantissa.checked_div(10).unwrap_or(0);
        scale = scale.saturating_sub(1);
    }
    scale
}
