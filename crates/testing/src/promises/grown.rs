//! Inputs that are grown by repetition, so that a few bytes are a document of
//! hundreds of kilobytes: what small inputs never show is found with these.

use super::audits::audit_in;
use super::decisions::transaction_in;
use super::documents::{document_in, payload_in, progress_in};
use super::forms::{regex_in, text_in, tree_in};
use super::schemas::schema_in;

/// The longest input that is grown: above the bounds on nesting, counts and most
/// sizes, and read in well below a second.
const LONGEST: usize = 1 << 18;

/// What ends a piece. No text has it.
const END: u8 = 0xff;

/// The doors that a grown input may go to, by its first byte.
const DOORS: [fn(&[u8]); 9] =
    [text_in, tree_in, transaction_in, payload_in, schema_in, document_in, audit_in, progress_in, regex_in];

/// Any input of size: the first byte chooses the door, and the rest is grown.
pub fn grown_in(data: &[u8]) {
    let Some((door, pieces)) = data.split_first() else { return };
    let promise = DOORS.get(usize::from(*door) % DOORS.len());
    promise.into_iter().for_each(|promise| promise(&grown(pieces)));
}

/// The input that these pieces grow to: of each the first byte says how often the
/// rest of it stands there, up to where the whole is too long.
pub(super) fn grown(pieces: &[u8]) -> Vec<u8> {
    let mut grown = Vec::new();
    for piece in pieces.split(|byte| *byte == END) {
        let Some((often, text)) = piece.split_first() else { continue };
        let room = (LONGEST - grown.len()).checked_div(text.len()).unwrap_or(0);
        for _ in 0..times(*often).min(room) {
            grown.extend_from_slice(text);
        }
    }
    grown
}

/// How often a byte says: up to sixteen times exactly, and above that in ever
/// larger steps up to some sixty thousand.
fn times(often: u8) -> usize {
    let often = usize::from(often);
    if often <= 16 { often } else { (often - 12) * (often - 12) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_bytes_are_a_large_input() {
        assert_eq!(grown(b"\x01a\xff\x03bc\xff\x00d\xff\xff\x02"), b"abcbcbc");
        assert_eq!(grown(b"\x01{\xff\xff\x01}"), b"{}");
        assert_eq!(grown(b"\xfe[").len(), 242 * 242);
        assert_eq!(grown(b"\xfe[1,2,3,4,5]\xff\x01x").len(), LONGEST / 11 * 11 + 1);
    }
}
