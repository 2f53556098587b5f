//! Literals that a text has where a question about it is answered with yes.

use regex_syntax::hir::literal::Seq;

/// The longest literal that the automaton looks for, in bytes: longer ones are
/// cut, and the question is asked where the rest is found.
///
/// So a state of the automaton ends at most this many needles, and its lists
/// of needles stay linear in the needles. Words, codes and addresses are shorter.
pub(super) const NEEDLE_BYTES: usize = 32;

/// The most literals of one set: a question with more is asked by itself.
/// Enough for an alternation of words, which a pattern of 256 bytes writes out.
pub(super) const SET_LITERALS: usize = 64;

/// The most bytes of the literals of one set: those that a pattern writes out
/// are no more, since a pattern has at most as many bytes by default. What
/// classes multiply is cut to it.
pub(super) const SET_BYTES: usize = 256;

/// Where a literal stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Anywhere,
    Start,
    End,
    Whole,
}

/// A literal and its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    pub(super) place: Place,
    pub(super) bytes: Vec<u8>,
}

/// Literals of which a text has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LiteralSet {
    /// The literals are in lower case, and stand in the text in any case of
    /// ASCII letters.
    pub(super) any_case: bool,
    pub(super) literals: Vec<Literal>,
}

impl LiteralSet {
    pub(super) fn of_one(place: Place, bytes: &[u8]) -> LiteralSet {
        LiteralSet { any_case: false, literals: vec![Literal { place, bytes: bytes.to_vec() }] }
    }

    /// How often texts have one of the literals, by a rough guess that need
    /// only order sets: four bits of information a byte, and twenty places.
    pub(super) fn likelihood(&self) -> f64 {
        likelihood(&self.literals)
    }
}

pub(super) fn likelihood(literals: &[Literal]) -> f64 {
    literals.iter().map(Literal::likelihood).sum()
}

impl Literal {
    pub(super) fn likelihood(&self) -> f64 {
        let places = if self.place == Place::Anywhere { 20.0 } else { 1.0 };
        let length = i32::try_from(self.bytes.len().min(NEEDLE_BYTES)).unwrap_or(0);
        places * 0.0625_f64.powi(length)
    }
}

/// The literals of a sequence, cut so that they are few bytes; `None` where the
/// sequence is no help: it is infinite, has too many literals, or one of less
/// than two bytes, which nearly every text has and a filter of bytes finds too.
pub(super) fn needles_of(mut seq: Seq, place: Place) -> Option<Vec<Literal>> {
    let count = seq.len().filter(|count| (1..=SET_LITERALS).contains(count))?;
    let most = SET_BYTES.checked_div(count)?.min(NEEDLE_BYTES);
    match place {
        Place::End => seq.keep_last_bytes(most),
        _ => seq.keep_first_bytes(most),
    }
    let literals = literals_of(&seq, place)?;
    literals.iter().all(|literal| literal.bytes.len() >= 2).then_some(literals)
}

/// The literals of a finite sequence, each once.
pub(super) fn literals_of(seq: &Seq, place: Place) -> Option<Vec<Literal>> {
    let literals = seq.literals()?.iter();
    let mut literals: Vec<Literal> =
        literals.map(|literal| Literal { place, bytes: literal.as_bytes().to_vec() }).collect();
    literals.sort_unstable();
    literals.dedup();
    Some(literals)
}
