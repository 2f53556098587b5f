//! The numbers that tell the regions of a variable apart: one of each region.

use target_rules::Number;
use target_rules::condition::{NumberRange, NumberSet};

use super::question::Question;

/// What numbers a variable may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    Any,
    /// Any, and zero stands apart.
    Sum,
    /// Whole, and not negative.
    Count,
}

/// A region of numbers that have the same answers, and one of them.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) range: NumberRange,
    pub(crate) sample: Number,
}

/// Every region that the questions cut, ascending: each cut, what is between two of
/// them, and below and above all. What a domain has none of is left out.
pub(crate) fn regions(questions: &[Question], domain: Domain) -> Vec<Region> {
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
    let mut found = Vec::with_capacity(cuts.len().saturating_mul(2).saturating_add(1));
    let open = |low: Option<Number>, high: Option<Number>| {
        let end = |end: Option<Number>| end.map(|end| (end, false));
        let range = NumberRange { low: end(low), high: end(high) };
        between(low, high, domain).map(|sample| Region { range, sample })
    };
    let mut below = None;
    for cut in &cuts {
        found.extend(open(below, Some(*cut)));
        let end = Some((*cut, true));
        found.push(Region { range: NumberRange { low: end, high: end }, sample: *cut });
        below = Some(*cut);
    }
    found.extend(open(below, None));
    if domain == Domain::Count {
        found.retain(|region| region.sample.is_whole() && !region.sample.is_negative());
    }
    found
}

/// The ends of the ranges of a set.
pub(crate) fn ends(set: &NumberSet) -> impl Iterator<Item = Number> + '_ {
    set.ranges().flat_map(|range| [range.low, range.high]).flatten().map(|(end, _)| end)
}

/// The plainest number strictly between two: whole, else with two or nine
/// digits after the point, else the middle, else the next number that there is:
/// of constants that were folded each digit may matter.
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
    let is_between = |number: &Number| low < *number && *number < high;
    let middle = low.plus(high).and_then(|sum| sum.divided_by(Number::from(2)));
    middle.ok().filter(is_between).or_else(|| {
        let next = |digits| low.plus(Number::from_parts(1, digits).ok()?).ok().filter(is_between);
        (10..=28).rev().find_map(next)
    })
}

fn power(digits: u32) -> Option<Number> {
    10_i64.checked_pow(digits).map(Number::from)
}

/// The greatest number of so many fraction digits that is not above this one.
pub(crate) fn floor(number: Number, digits: u32) -> Option<Number> {
    let cut = number.scale().checked_sub(digits).filter(|cut| *cut > 0);
    let Some(cut) = cut else { return Some(number) };
    let whole = number.mantissa().checked_div_euclid(10_i128.checked_pow(cut)?)?;
    Number::from_parts(whole, digits).ok()
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
