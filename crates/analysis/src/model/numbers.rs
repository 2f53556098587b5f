//! The numbers that tell the regions of a variable apart: one of each region.

use target_rules::Number;

use super::question::{Question, Sample};

/// What numbers a variable may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    Any,
    /// Any, and zero stands apart.
    Sum,
    /// Whole, and not negative.
    Count,
}

/// A number of every region that the questions cut: each cut, one between two
/// of them, one below and one above all. What a domain has none of is left out.
pub(crate) fn samples(questions: &[Question], domain: Domain) -> Vec<Sample> {
    let mut cuts = Vec::new();
    for question in questions {
        match question {
            Question::Numbers(set) => cuts.extend(ends(set)),
            Question::Negated(set) => cuts.extend(ends(set).map(Number::negate)),
            Question::Interval(edges, _) => cuts.extend(edges.iter().copied()),
            // Whether a count is above zero.
            Question::Holds => cuts.push(Number::ZERO),
            _ => {}
        }
    }
    if domain != Domain::Any {
        cuts.push(Number::ZERO);
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut found = Vec::new();
    let mut below = None;
    for cut in &cuts {
        found.extend(between(below, Some(*cut), domain));
        found.push(*cut);
        below = Some(*cut);
    }
    found.extend(between(below, None, domain));
    if domain == Domain::Count {
        found.retain(|number| number.is_whole() && !number.is_negative());
    }
    found.into_iter().map(Sample::Number).collect()
}

fn ends(set: &target_rules::condition::NumberSet) -> impl Iterator<Item = Number> + '_ {
    set.ranges().flat_map(|range| [range.low, range.high]).flatten().map(|(end, _)| end)
}

/// The plainest number strictly between two: whole, else with two or nine
/// digits after the point, else the middle. Ends are constants of rules or
/// zero, so the middle is a number that documents may write.
fn between(low: Option<Number>, high: Option<Number>, domain: Domain) -> Option<Number> {
    let step = |number: Number, up: bool| match up {
        true => number.plus(Number::from(1)).ok(),
        false => number.minus(Number::from(1)).ok(),
    };
    let (low, high) = match (low, high) {
        (None, None) => return Some(Number::from(1)),
        (None, Some(high)) => return step(floor(high, 0)?, false),
        (Some(low), None) => return step(floor(low, 0)?, true),
        (Some(low), Some(high)) => (low, high),
    };
    for digits in [0, 2, 9] {
        let unit = Number::from(1).divided_by(power(digits)?).ok()?;
        let next = floor(low, digits)?.plus(unit).ok()?;
        if low < next && next < high {
            return Some(next);
        }
        if domain == Domain::Count {
            return None;
        }
    }
    let middle = low.plus(high).ok()?.divided_by(Number::from(2)).ok()?;
    (low < middle && middle < high).then_some(middle)
}

fn power(digits: u32) -> Option<Number> {
    10_i64.checked_pow(digits).map(Number::from)
}

/// The greatest number of so many fraction digits that is not above this one.
fn floor(number: Number, digits: u32) -> Option<Number> {
    let (mantissa, scale) = (number.mantissa(), number.scale());
    let Some(cut) = scale.checked_sub(digits) else { return Some(number) };
    let whole = mantissa.checked_div_euclid(10_i128.checked_pow(cut)?)?;
    Number::try_from(whole).ok()?.divided_by(power(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Domain, between};
    use target_rules::Number;

    #[test]
    fn the_plainest_number_between_two_is_found() {
        let number = |text: &str| text.parse::<Number>().unwrap();
        let cases = [
            ("1", "3", "2"),
            ("1", "2", "1.01"),
            ("-2", "-1", "-1.99"),
            ("0", "0.01", "0.000000001"),
            ("454.99", "455", "454.990000001"),
            ("0", "0.000000001", "0.0000000005"),
            ("999999999999999998.999999999", "999999999999999999", "999999999999999998.9999999995"),
            ("-999999999999999999", "-999999999999999998.999999999", "-999999999999999998.9999999995"),
        ];
        for (low, high, expected) in cases {
            let found = between(Some(number(low)), Some(number(high)), Domain::Any);
            assert_eq!(found, Some(number(expected)), "{low} {high}");
        }
        assert_eq!(between(Some(number("1")), Some(number("2")), Domain::Count), None);
        assert_eq!(between(None, Some(number("-0.5")), Domain::Any), Some(number("-2")));
    }
}
