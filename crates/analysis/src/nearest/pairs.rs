//! Pairs of changes of different values, the smallest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use target_rules::Number;

use super::moves::Move;

/// Two groups, each with its changes by their weight and by their positions.
struct Of<'m> {
    groups: (usize, usize),
    first: Vec<(usize, &'m Move)>,
    second: Vec<(usize, &'m Move)>,
}

/// What pairs are ordered by: the weight of both, and where they stand; then which pair
/// it is of which groups.
type Next = Reverse<(Number, [usize; 4], (usize, usize, usize))>;

/// Pairs in their order, found as they are asked for.
pub(super) struct Pairs<'m> {
    of: Vec<Of<'m>>,
    next: BinaryHeap<Next>,
}

impl<'m> Pairs<'m> {
    /// The pairs of changes of two groups that are `open` together.
    pub(super) fn new(groups: &'m [Vec<Move>], is_open: impl Fn(usize, usize) -> bool) -> Pairs<'m> {
        let by_weight = |group: &'m [Move]| {
            let mut moves: Vec<(usize, &Move)> = group.iter().enumerate().collect();
            moves.sort_by_key(|(at, one)| (one.weight, *at));
            moves
        };
        let mut pairs = Pairs { of: Vec::new(), next: BinaryHeap::new() };
        for (at, first) in groups.iter().enumerate() {
            for (other, second) in groups.iter().enumerate().skip(at.saturating_add(1)) {
                if !first.is_empty() && !second.is_empty() && is_open(at, other) {
                    let of = pairs.of.len();
                    let (first, second) = (by_weight(first), by_weight(second));
                    pairs.of.push(Of { groups: (at, other), first, second });
                    pairs.offer(of, 0, 0);
                }
            }
        }
        pairs
    }

    fn pair(&self, of: usize, first: usize, second: usize) -> Option<(&Of<'m>, [(usize, &'m Move); 2])> {
        let of = self.of.get(of)?;
        Some((of, [*of.first.get(first)?, *of.second.get(second)?]))
    }

    fn offer(&mut self, of: usize, first: usize, second: usize) {
        let Some((found, [(one_at, one), (other_at, other)])) = self.pair(of, first, second) else { return };
        // A sum that is no number is larger than all others, and so are those after it.
        let Ok(weight) = one.weight.plus(other.weight) else { return };
        let places = [found.groups.0, one_at, found.groups.1, other_at];
        self.next.push(Reverse((weight, places, (of, first, second))));
    }
}

impl<'m> Iterator for Pairs<'m> {
    type Item = [&'m Move; 2];

    fn next(&mut self) -> Option<[&'m Move; 2]> {
        let Reverse((_, _, (of, first, second))) = self.next.pop()?;
        // Each pair is offered once: by the one before it in its second change, or, of
        // the first of these, in its first change.
        self.offer(of, first, second.saturating_add(1));
        if second == 0 {
            self.offer(of, first.saturating_add(1), 0);
        }
        let (_, [(_, one), (_, other)]) = self.pair(of, first, second)?;
        Some([one, other])
    }
}
