//! Whether linear inequalities have a solution: variables are eliminated one
//! after the other, by Fourier and Motzkin, in whole numbers that never round.

use std::collections::BTreeMap;

use crate::budget::Budget;

/// More rows than this are not gone through.
const MOST_ROWS: usize = 400;
/// To go through a row takes about as long as so many steps.
const STEPS_OF_A_ROW: usize = 10;

/// A sum of variables, each with a factor, that is at most, or is below, a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Row {
    /// None is zero.
    pub(super) factors: BTreeMap<usize, i128>,
    pub(super) most: i128,
    /// Whether it is below the number.
    pub(super) below: bool,
}

impl Row {
    /// The same in the smallest whole numbers.
    fn reduced(mut self) -> Row {
        let divisor = self
            .factors
            .values()
            .fold(self.most.unsigned_abs(), |found, factor| greatest_common(found, factor.unsigned_abs()));
        if let Ok(divisor) = i128::try_from(divisor)
            && divisor > 1
        {
            let smaller = |number: &mut i128| *number = number.checked_div(divisor).unwrap_or(*number);
            self.factors.values_mut().for_each(smaller);
            smaller(&mut self.most);
        }
        self
    }

    /// The sum of two rows, each as often as makes a variable vanish that has
    /// factors of different signs in them. `None` where numbers are too large.
    fn without(&self, variable: usize, other: &Row) -> Option<Row> {
        let factor = |row: &Row| row.factors.get(&variable).copied().unwrap_or(0).checked_abs();
        let (own, others) = (factor(self)?, factor(other)?);
        let divisor = i128::try_from(greatest_common(own.unsigned_abs(), others.unsigned_abs())).ok()?;
        let (times, other_times) = (others.checked_div(divisor)?, own.checked_div(divisor)?);
        let mut sum = Row { factors: BTreeMap::new(), most: 0, below: self.below || other.below };
        for (row, times) in [(self, times), (other, other_times)] {
            sum.most = sum.most.checked_add(row.most.checked_mul(times)?)?;
            for (variable, factor) in &row.factors {
                let held = sum.factors.entry(*variable).or_default();
                *held = held.checked_add(factor.checked_mul(times)?)?;
            }
        }
        sum.factors.retain(|_, factor| *factor != 0);
        Some(sum.reduced())
    }

    /// Whether it has no variable and can't be.
    fn is_impossible(&self) -> bool {
        self.factors.is_empty() && (self.most < 0 || self.below && self.most == 0)
    }
}

fn greatest_common(mut left: u128, mut right: u128) -> u128 {
    while let Some(rest) = left.checked_rem(right) {
        (left, right) = (right, rest);
    }
    left
}

/// Whether it is proved that no numbers meet all rows. Nothing is where the budget is
/// spent.
pub(super) fn are_impossible(mut rows: Vec<Row>, budget: &Budget) -> bool {
    loop {
        budget.spend(rows.len().max(1).saturating_mul(STEPS_OF_A_ROW));
        if budget.is_spent() {
            return false;
        }
        rows.sort_unstable_by(|one, other| {
            (&one.factors, one.most, !one.below).cmp(&(&other.factors, other.most, !other.below))
        });
        // Of two rows of the same sum the lower bound says it all.
        rows.dedup_by(|later, before| later.factors == before.factors);
        if rows.iter().any(Row::is_impossible) {
            return true;
        }
        let Some(variable) = cheapest(&rows) else { return false };
        let signs = |row: &Row| row.factors.get(&variable).map_or(0, |factor| factor.signum());
        let (above, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| signs(row) > 0);
        let (under, mut kept): (Vec<Row>, Vec<Row>) = others.into_iter().partition(|row| signs(row) < 0);
        if above.len().saturating_mul(under.len()).saturating_add(kept.len()) > MOST_ROWS {
            return false;
        }
        for one in &above {
            // What is too large to be added up may be left out: fewer rows prove less.
            kept.extend(under.iter().filter_map(|other| one.without(variable, other)));
        }
        rows = kept;
    }
}

/// The variable whose elimination gives the fewest rows.
fn cheapest(rows: &[Row]) -> Option<usize> {
    let mut signs: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (variable, factor) in rows.iter().flat_map(|row| &row.factors) {
        let (above, under) = signs.entry(*variable).or_default();
        let count = if *factor > 0 { above } else { under };
        *count = count.saturating_add(1);
    }
    let rows_of = |(_, (above, under)): &(&usize, &(usize, usize))| above.saturating_mul(*under);
    signs.iter().min_by_key(rows_of).map(|(variable, _)| *variable)
}

#[cfg(test)]
mod tests {
    use super::Row;
    use crate::budget::Budget;

    fn are_impossible(rows: Vec<Row>) -> bool {
        super::are_impossible(rows, &Budget::new(100_000))
    }

    fn row(factors: &[(usize, i128)], most: i128, below: bool) -> Row {
        Row { factors: factors.iter().copied().collect(), most, below }
    }

    #[test]
    fn a_circle_of_orders_is_impossible() {
        let circle = |last: bool| {
            vec![
                row(&[(0, 1), (1, -1)], 0, false),
                row(&[(1, 1), (2, -1)], 0, false),
                row(&[(2, 1), (0, -1)], 0, last),
            ]
        };
        assert!(are_impossible(circle(true)) && !are_impossible(circle(false)));
    }

    #[test]
    fn what_takes_too_long_proves_nothing() {
        let rows = vec![row(&[(0, 1)], -1, false), row(&[(0, -1)], 0, false)];
        assert!(are_impossible(rows.clone()) && !super::are_impossible(rows, &Budget::new(20)));
    }

    /// Every system of three rows over two variables with small factors, held to
    /// all quarters within a small square; bounds keep solutions within it.
    #[test]
    fn what_is_proved_no_point_meets() {
        let mut seed = 11_u32;
        let mut draw = move |most: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i128::from((seed >> 16) % most)
        };
        let (mut possible, mut impossible) = (0, 0);
        for _ in 0..3_000 {
            let mut rows: Vec<Row> = (0..3)
                .map(|_| {
                    let factors = [(0, draw(3) - 1), (1, draw(3) - 1)];
                    let factors: Vec<(usize, i128)> =
                        factors.into_iter().filter(|(_, factor)| *factor != 0).collect();
                    row(&factors, draw(9) - 4, draw(2) == 0)
                })
                .collect();
            for variable in 0..2 {
                rows.push(row(&[(variable, 1)], 3, false));
                rows.push(row(&[(variable, -1)], 3, false));
            }
            let met = |x: i128, y: i128, rows: &[Row]| {
                rows.iter().all(|row| {
                    let of = |variable: usize, value: i128| row.factors.get(&variable).unwrap_or(&0) * value;
                    let (sum, most) = (of(0, x) + of(1, y), row.most * 4);
                    if row.below { sum < most } else { sum <= most }
                })
            };
            // Corners of such rows are halves; quarters lie between them.
            let some = (-12..=12).any(|x| (-12..=12).any(|y| met(x, y, &rows)));
            let never = are_impossible(rows.clone());
            assert!(!(some && never), "{rows:?}");
            if never {
                impossible += 1
            } else {
                possible += 1
            }
            // Where rows that include their ends have a solution, a corner is one.
            if rows.iter().all(|row| !row.below) {
                assert_eq!(some, !never, "{rows:?}");
            }
        }
        assert!(possible > 500 && impossible > 200, "{possible} {impossible}");
    }

    #[test]
    fn numbers_that_are_too_large_prove_nothing() {
        let large = i128::MAX / 3;
        let rows = vec![
            row(&[(0, large), (1, 1)], -1, false),
            row(&[(0, 2 - large), (1, -7)], -1, false),
            row(&[(1, 5)], 0, false),
        ];
        assert!(!are_impossible(rows));
    }
}
