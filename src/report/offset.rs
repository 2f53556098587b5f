//! A place in a text, as a type of its own: so that no sum of two can overflow,
//! and none has to be checked.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// How many bytes of a text stand before a place in it.
///
/// Made from a count of bytes; [`Offset::get`] is that count. What is added is
/// the length of a part of the same text, so a sum is at most twice as large as
/// a text can be, and half of the numbers are free above it.
///
/// # Panics
///
/// With debug assertions on, where a length that is added is above
/// [`Limits::HARDEST_TEXT`](crate::Limits::HARDEST_TEXT), where more is taken
/// away than there is, and where a later place is taken from an earlier one:
/// those are bugs of who computes. Else such a result is some place or length.
///
/// ```
/// use target_rules::diagnostic::Offset;
/// let text = "currentTxn.value";
/// let dot = Offset::from(10);
/// assert_eq!((dot + 1).get(), 11);
/// assert_eq!(text.get((dot + 1).get()..), Some("value"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "usize", into = "usize")]
pub struct Offset(u32);

impl Offset {
    /// The start of every text.
    pub const START: Offset = Offset(0);

    /// How many bytes stand before it.
    #[inline]
    pub fn get(self) -> usize {
        // No text is longer than fits the machine's own size.
        self.0 as usize
    }
}

/// The length of a part of a text.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "no part of a text has 2^31 bytes, and readers add these for each token"
)]
fn narrow(length: usize) -> u32 {
    length as u32
}

/// Of a count above [`Limits::HARDEST_TEXT`], which no text that is read has,
/// it is that one.
impl From<usize> for Offset {
    #[inline]
    fn from(bytes: usize) -> Offset {
        // INVARIANT: the largest text is below 2^31 bytes; so is what is cast.
        Offset(narrow(bytes.min(Limits::HARDEST_TEXT)))
    }
}

impl From<Offset> for usize {
    #[inline]
    fn from(offset: Offset) -> usize {
        offset.get()
    }
}

/// The place so many bytes further on.
impl Add<usize> for Offset {
    type Output = Offset;

    #[inline]
    fn add(self, length: usize) -> Offset {
        // INVARIANT: the length is that of a part of the text. An offset and a
        // length are below 2^31 each, so the cast keeps the length, and their sum
        // is below 2^32.
        debug_assert!(length <= Limits::HARDEST_TEXT, "{length} bytes are no part of a text");
        Offset(self.0.saturating_add(narrow(length)))
    }
}

impl AddAssign<usize> for Offset {
    #[inline]
    fn add_assign(&mut self, length: usize) {
        *self = *self + length;
    }
}

/// The place so many bytes before it.
impl Sub<usize> for Offset {
    type Output = Offset;

    #[inline]
    fn sub(self, length: usize) -> Offset {
        // INVARIANT: so many bytes of the text stand before it, which is below 2^31.
        debug_assert!(length <= self.get(), "{length} bytes before byte {self} of a text");
        Offset(self.0.saturating_sub(narrow(length)))
    }
}

/// How many bytes stand between an earlier place and this one.
impl Sub for Offset {
    type Output = usize;

    #[inline]
    fn sub(self, earlier: Offset) -> usize {
        // INVARIANT: the other one is not after this one.
        debug_assert!(earlier <= self, "byte {earlier} of a text is not before byte {self}");
        self.0.saturating_sub(earlier.0) as usize
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Offset};

    #[test]
    fn sums_of_the_largest_text_are_exact() {
        let last = Offset::from(Limits::HARDEST_TEXT);
        assert_eq!((last + Limits::HARDEST_TEXT).get(), 2 * Limits::HARDEST_TEXT);
        assert_eq!(last + 1 - last, 1);
        assert_eq!(last - Limits::HARDEST_TEXT, Offset::START);
    }

    #[test]
    fn what_is_beyond_every_text_is_held_at_its_end() {
        let last = Offset::from(Limits::HARDEST_TEXT);
        assert_eq!(Offset::from(usize::MAX), last);
        assert_eq!(serde_json::from_str::<Offset>("99999999999").unwrap(), last);
        assert_eq!(serde_json::to_string(&Offset::from(7)).unwrap(), "7");
    }
}
