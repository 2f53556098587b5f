//! What stands beside a place of a text, as far as patterns ask for it.

use regex_syntax::hir::Look;

/// What a character is to a look: none, of a line's end, of a word, or another.
const SIDES: [Option<char>; 5] = [None, Some('\n'), Some('\r'), Some('a'), Some('-')];

fn side(character: Option<char>) -> usize {
    match character {
        None => 0,
        Some('\n') => 1,
        Some('\r') => 2,
        Some(character) if character.is_ascii_alphanumeric() || character == '_' => 3,
        Some(_) => 4,
    }
}

/// The contexts that some looks tell apart: in one, each of them holds or not.
#[derive(Debug)]
pub(super) struct Contexts {
    /// The context between two sides.
    between: [u8; 25],
    /// Of each context, whether each look holds.
    holds: Box<[bool]>,
    looks: usize,
    pub(super) count: usize,
}

impl Contexts {
    pub(super) fn of(looks: &[Look]) -> Contexts {
        let mut contexts: Vec<Vec<bool>> = Vec::new();
        let pairs = SIDES.iter().flat_map(|before| SIDES.iter().map(move |after| (*before, *after)));
        let between: Vec<u8> = pairs
            .map(|(before, after)| {
                let holding: Vec<bool> = looks.iter().map(|look| holds(*look, before, after)).collect();
                let known = contexts.iter().position(|context| *context == holding);
                let number = known.unwrap_or_else(|| {
                    contexts.push(holding);
                    contexts.len().saturating_sub(1)
                });
                u8::try_from(number).unwrap_or_default()
            })
            .collect();
        Contexts {
            between: between.try_into().unwrap_or([0; 25]),
            count: contexts.len(),
            holds: contexts.concat().into(),
            looks: looks.len(),
        }
    }

    /// The context between two characters, or at an end of the text.
    #[inline]
    pub(super) fn between(&self, before: Option<char>, after: Option<char>) -> usize {
        let at = side(before).wrapping_mul(SIDES.len()).wrapping_add(side(after));
        self.between.get(at).copied().map_or(0, usize::from)
    }

    /// Whether a look holds in a context.
    #[inline]
    pub(super) fn holds(&self, context: usize, look: usize) -> bool {
        self.holds.get(context.wrapping_mul(self.looks).wrapping_add(look)) == Some(&true)
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.holds)
    }
}

/// Whether a look holds between two characters, or at an end of the text. Word
/// boundaries are those of ASCII, as the language has them.
fn holds(look: Look, before: Option<char>, after: Option<char>) -> bool {
    let is_word = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphanumeric() || side == '_');
    let (word_before, word_after) = (is_word(before), is_word(after));
    match look {
        Look::Start => before.is_none(),
        Look::End => after.is_none(),
        Look::StartLF => before.is_none_or(|before| before == '\n'),
        Look::EndLF => after.is_none_or(|after| after == '\n'),
        Look::StartCRLF => {
            before.is_none_or(|before| before == '\n' || (before == '\r' && after != Some('\n')))
        }
        Look::EndCRLF => after.is_none_or(|after| after == '\r' || (after == '\n' && before != Some('\r'))),
        Look::WordAscii | Look::WordUnicode => word_before != word_after,
        Look::WordAsciiNegate | Look::WordUnicodeNegate => word_before == word_after,
        Look::WordStartAscii | Look::WordStartUnicode => !word_before && word_after,
        Look::WordEndAscii | Look::WordEndUnicode => word_before && !word_after,
        Look::WordStartHalfAscii | Look::WordStartHalfUnicode => !word_before,
        Look::WordEndHalfAscii | Look::WordEndHalfUnicode => !word_after,
    }
}
