//! Which of many names a name is nearly.

use std::collections::BTreeMap;
use std::ops::Bound;

/// The edits within which a name is taken for another one.
const MOST: usize = 2;

/// More edits than that, however many.
const FAR: usize = 3;

/// Columns of a row that can hold fewer edits: those at most so far to either
/// side of the diagonal.
const BAND: usize = 5;

/// The edits from the first letters of a listed name to as many of the wanted
/// one, two fewer at first and two more at last.
type Row = [usize; BAND];

/// The name that takes the fewest edits, at most two, and how many; of several
/// the first.
///
/// Names that begin alike are gone through together, and left together once
/// their beginning is too far from any beginning of the wanted one: a schema may
/// list as many names as a rule has.
pub(super) fn nearest_within<'s, T>(
    names: &'s BTreeMap<String, T>,
    wanted: &str,
) -> Option<(usize, &'s str)> {
    let wanted: Vec<char> = wanted.chars().collect();
    let mut walk = Walk { wanted: &wanted, letters: Vec::new(), rows: vec![first_row()] };
    let (mut best, mut allowed) = (None, MOST);
    let mut from: Bound<String> = Bound::Unbounded;
    while let Some((listed, _)) = names.range((from, Bound::Unbounded)).next() {
        from = match walk.edits(listed, allowed) {
            Reached::End(edits) => {
                if edits <= allowed {
                    best = Some((edits, listed.as_str()));
                    // Those behind it are no better with as many.
                    let Some(fewer) = edits.checked_sub(1) else { return best };
                    allowed = fewer;
                }
                Bound::Excluded(listed.clone())
            }
            Reached::TooFar(beginning) => match behind(beginning) {
                Some(behind) => Bound::Included(behind),
                None => return best,
            },
        };
    }
    best
}

/// How far a listed name was compared.
enum Reached<'l> {
    End(usize),
    /// All names that begin so take too many edits.
    TooFar(&'l str),
}

struct Walk<'w> {
    wanted: &'w [char],
    /// The letters that the rows are of.
    letters: Vec<char>,
    /// One more than there are letters.
    rows: Vec<Row>,
}

impl Walk<'_> {
    fn edits<'l>(&mut self, listed: &'l str, allowed: usize) -> Reached<'l> {
        let same = self.letters.iter().zip(listed.chars()).take_while(|(one, other)| **one == *other).count();
        self.letters.truncate(same);
        self.rows.truncate(plus(same, 1));
        for (at, letter) in listed.char_indices().skip(same) {
            let above = self.rows.last().copied().unwrap_or_else(first_row);
            let row = row_below(&above, self.rows.len(), letter, self.wanted);
            self.letters.push(letter);
            self.rows.push(row);
            if row.iter().all(|edits| *edits > allowed) {
                let end = plus(at, letter.len_utf8());
                return Reached::TooFar(listed.get(..end).unwrap_or(listed));
            }
        }
        let last = self.rows.last().copied().unwrap_or_else(first_row);
        // The column of the whole wanted name.
        let place = plus(self.wanted.len(), MOST).checked_sub(self.letters.len());
        Reached::End(place.map_or(FAR, |place| at(&last, place)))
    }
}

/// INVARIANT: counts of edits and lengths in memory, so no sum overflows.
fn plus(one: usize, other: usize) -> usize {
    [one, other].into_iter().sum()
}

fn at(row: &Row, place: usize) -> usize {
    row.get(place).copied().unwrap_or(FAR)
}

/// Nothing becomes so many letters by as many edits.
fn first_row() -> Row {
    [FAR, FAR, 0, 1, 2]
}

/// The row of one more letter of the listed name, `letters` in all.
fn row_below(above: &Row, letters: usize, letter: char, wanted: &[char]) -> Row {
    let mut row = [FAR; BAND];
    let mut before = FAR;
    for (place, cell) in row.iter_mut().enumerate() {
        let Some(column) = plus(letters, place).checked_sub(MOST) else { continue };
        let edits = match column.checked_sub(1).map(|last| wanted.get(last)) {
            None => letters,
            Some(None) => continue,
            Some(Some(other)) => {
                let one_more = plus(at(above, plus(place, 1)).min(before), 1);
                one_more.min(plus(at(above, place), usize::from(*other != letter)))
            }
        };
        before = edits.min(FAR);
        *cell = before;
    }
    row
}

/// The least text behind all that begin so.
fn behind(beginning: &str) -> Option<String> {
    let mut text = beginning.to_owned();
    while let Some(last) = text.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{behind, nearest_within};

    /// The same, each name by itself.
    fn one_by_one<'s>(names: &'s BTreeMap<String, ()>, wanted: &str) -> Option<(usize, &'s str)> {
        let each = names.keys().map(|listed| (strsim::levenshtein(listed, wanted), listed.as_str()));
        each.filter(|(edits, _)| *edits <= 2).min()
    }

    proptest! {
        #[test]
        fn it_is_what_one_finds_one_by_one(
            names in prop::collection::btree_set("[ab\u{e9}]{0,6}", 0..30),
            wanted in "[ab\u{e9}]{0,6}",
        ) {
            let names: BTreeMap<String, ()> = names.into_iter().map(|name| (name, ())).collect();
            prop_assert_eq!(nearest_within(&names, &wanted), one_by_one(&names, &wanted));
        }
    }

    #[test]
    fn what_stands_behind_a_beginning() {
        assert_eq!(behind("ab").as_deref(), Some("ac"));
        assert_eq!(behind("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(behind("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(behind("\u{10ffff}"), None);
    }
}
