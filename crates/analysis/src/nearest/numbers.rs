//! To which numbers a value may move, at the digits that it may have.

use target_rules::Number;

use crate::model::floor;

/// The smallest step between numbers of so many digits after the point.
pub(super) fn unit(scale: u32) -> Option<Number> {
    Number::from_parts(1, scale).ok()
}

/// The numbers on either side of edges, and on them: of each range between
/// edges the ends are among them, so the nearest number of each.
pub(super) fn around(edges: &[Number], scale: u32) -> Vec<Number> {
    let Some(unit) = unit(scale) else { return Vec::new() };
    let mut found = Vec::new();
    for edge in edges {
        let Some(below) = floor(*edge, scale) else { continue };
        found.extend([below.minus(unit), Ok(below), below.plus(unit)].into_iter().flatten());
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::around;
    use crate::model::floor;
    use target_rules::Number;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn the_numbers_around_an_edge_have_the_digits_that_are_asked_for() {
        assert_eq!(floor(number("-0.001"), 2), Some(number("-0.01")));
        assert_eq!(floor(number("7.5"), 2), Some(number("7.5")));
        let around = |edge: &str, scale| -> Vec<String> {
            around(&[number(edge)], scale).iter().map(ToString::to_string).collect()
        };
        assert_eq!(around("500", 2), ["499.99", "500", "500.01"]);
        assert_eq!(around("500.005", 2), ["499.99", "500", "500.01"]);
        assert_eq!(around("2", 0), ["1", "2", "3"]);
    }
}
