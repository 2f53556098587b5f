//! Thresholds: clauses that compare something with a number, and the same with others.

use target_rules::{Limits, Number, Rule, Schema};

use super::clauses::{checked, outside_brackets, read_as};

/// So many thresholds are tried on each side of the one that is written.
const AROUND: i64 = 10;

/// A clause that compares something with a number.
#[derive(Debug, Clone)]
pub(super) struct Threshold {
    pub(super) value: Number,
    /// The clause with `…` in the place of the number.
    pub(super) text: String,
    /// Rising.
    pub(super) thresholds: Vec<Number>,
    /// The clause with each of them.
    pub(super) variants: Vec<String>,
    /// Whether fewer transactions pass as the threshold rises.
    pub(super) rising_rejects: bool,
}

impl Threshold {
    /// What a clause compares; `None` where it is another clause.
    pub(super) fn of(clause: &str) -> Option<Threshold> {
        let (at, operator) = only_comparison(clause)?;
        let (left, right) = (clause.get(..at)?, clause.get(at + operator.len()..)?);
        let more = operator.starts_with('>');
        let (value, number_left) = match (number(left), number(right)) {
            (None, Some(value)) => (value, false),
            (Some(value), None) => (value, true),
            _ => return None,
        };
        let with = |number: &str| match number_left {
            true => format!("{number}{operator}{right}"),
            false => format!("{left}{operator}{number}"),
        };
        let thresholds = around(value)?;
        Some(Threshold {
            value,
            text: with("…"),
            variants: thresholds.iter().map(|threshold| with(&threshold.to_string())).collect(),
            thresholds,
            rising_rejects: more != number_left,
        })
    }

    /// The clause with each threshold as a rule; `None` where one isn't one, or reads
    /// something else.
    pub(super) fn rules(&self, clause: &Rule, schema: &Schema, limits: &Limits) -> Option<Vec<Rule>> {
        let reads = read_as(clause, schema);
        let variant =
            |text: &String| checked(text, schema, limits).filter(|rule| read_as(rule, schema) == reads);
        self.variants.iter().map(variant).collect()
    }
}

fn number(text: &str) -> Option<Number> {
    Number::from_json(text.trim()).ok()
}

/// The one comparison of a clause, where it has no other operator that is true or false.
fn only_comparison(clause: &str) -> Option<(usize, &str)> {
    let mut found = None;
    let mut skip = None;
    for (at, two) in outside_brackets(clause) {
        if skip == Some(at) {
            continue;
        }
        if ["==", "!=", "&&", "||", "=~"].contains(&two) || two.starts_with('!') {
            return None;
        }
        let length = match two {
            "<=" | ">=" => 2,
            _ if two.starts_with(['<', '>']) => 1,
            _ => continue,
        };
        if found.is_some() {
            return None;
        }
        skip = Some(at + 1).filter(|_| length == 2);
        found = Some((at, clause.get(at..at + length)?));
    }
    found
}

/// Thresholds around a value, that one in the middle, rising: tenths of it, or whole steps
/// where it is small.
fn around(value: Number) -> Option<Vec<Number>> {
    let small = value.is_whole() && value.abs() <= Number::from(AROUND);
    let step = match small {
        true => Number::from(1),
        false => value.abs().times(Number::from_parts(1, 1).ok()?).ok()?,
    };
    let at = |steps: i64| value.plus(step.times(Number::from(steps)).ok()?).ok();
    (-AROUND..=AROUND).map(at).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_with_a_number_has_thresholds_around_it() {
        let threshold = Threshold::of("currentTxn.value>=500").unwrap();
        assert_eq!(threshold.text, "currentTxn.value>=…");
        let texts: Vec<String> = threshold.thresholds.iter().map(Number::to_string).collect();
        assert_eq!(
            (texts.len(), texts[0].as_str(), texts[10].as_str(), texts[20].as_str()),
            (21, "0", "500", "1000")
        );
        assert!(threshold.rising_rejects);
        assert!(Threshold::of("500<=currentTxn.value").unwrap().rising_rejects);
        assert!(!Threshold::of("a<0.5").unwrap().rising_rejects);
        assert_eq!(Threshold::of("a<0.5").unwrap().thresholds[11].to_string(), "0.55");
    }

    #[test]
    fn other_clauses_have_none() {
        for clause in ["a==5", "a>b", "(a>5)", "!a", "a>5||b>6", "a.matches(\">5\")", "1>2"] {
            assert!(Threshold::of(clause).is_none(), "{clause}");
        }
    }
}
