//! Keys as documents write them, to be compared with what comes next.

/// A key without escapes as documents write it: its quotes, and the colon after
/// it. Whether one comes next costs a comparison or two, and its end needs no
/// search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct WrittenKey {
    halves: [Half; 2],
    /// The number of bytes, with the quotes and the colon.
    length: usize,
}

/// Sixteen bytes, and the bits of those that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Half {
    bytes: u128,
    counts: u128,
}

/// How many bytes are compared at once.
const HALF: usize = 16;

impl Half {
    /// The first bytes of a text, at most sixteen.
    fn of(text: impl Iterator<Item = u8>) -> Half {
        let (mut bytes, mut counts) = ([0; HALF], [0; HALF]);
        for ((to, counts), from) in bytes.iter_mut().zip(&mut counts).zip(text) {
            (*to, *counts) = (from, u8::MAX);
        }
        Half { bytes: u128::from_le_bytes(bytes), counts: u128::from_le_bytes(counts) }
    }

    /// Whether the bytes that count are these.
    #[inline]
    fn is(self, bytes: [u8; HALF]) -> bool {
        (u128::from_le_bytes(bytes) ^ self.bytes) & self.counts == 0
    }
}

impl WrittenKey {
    /// A key that stands in a document as it is; `None` for one that is too long
    /// to be compared so.
    pub(crate) fn of(key: &str) -> Option<WrittenKey> {
        let length = key.len().checked_add(3).filter(|length| *length <= 2 * HALF)?;
        let written = || b"\"".iter().chain(key.as_bytes()).chain(b"\":").copied();
        Some(WrittenKey { halves: [Half::of(written()), Half::of(written().skip(HALF))], length })
    }

    /// The bytes after the key and its colon, where they come next. Near the end
    /// of a document there may be too few bytes to compare; then it is `None`.
    #[inline]
    pub(crate) fn after<'a>(&self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let [first, second] = self.halves;
        if !first.is(*rest.first_chunk()?) {
            return None;
        }
        if self.length > HALF && !second.is(*rest.get(HALF..)?.first_chunk()?) {
            return None;
        }
        rest.get(self.length..)
    }
}

#[cfg(test)]
mod tests {
    use super::WrittenKey;

    #[test]
    fn a_key_is_met_where_it_stands_as_it_was_written() {
        let padding = " ".repeat(40);
        for length in 0..=29 {
            let key = "k".repeat(length);
            let written = WrittenKey::of(&key).unwrap();
            let document = format!("\"{key}\":1{padding}");
            let after = written.after(document.as_bytes()).unwrap();
            assert_eq!(after.len(), document.len() - length - 3);
            for other in [format!("\"{key}k\":1{padding}"), format!("\"{key}\" :1{padding}")] {
                assert!(written.after(other.as_bytes()).is_none(), "{other}");
            }
            // Every byte counts.
            for at in 0..length + 3 {
                let mut other = document.clone().into_bytes();
                other[at] ^= 0x20;
                assert!(written.after(&other).is_none(), "{length} {at}");
            }
            assert!(written.after(format!("\"{key}\"").as_bytes()).is_none(), "cut");
        }
        assert!(WrittenKey::of(&"k".repeat(30)).is_none());
    }
}
