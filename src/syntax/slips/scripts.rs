//! Letters and digits of other scripts that are meant as those of names and
//! numbers.

/// Letters of the Cyrillic and the Greek alphabet, and the Latin ones that
/// they look like, in the same order.
const LOOK_ALIKES: &str = "\u{430}\u{435}\u{43e}\u{440}\u{441}\u{443}\u{445}\u{456}\u{458}\u{455}\u{4bb}\u{501}\
    \u{51b}\u{51d}\u{410}\u{412}\u{415}\u{41a}\u{41c}\u{41d}\u{41e}\u{420}\u{421}\u{422}\
    \u{423}\u{425}\u{406}\u{408}\u{405}\u{391}\u{392}\u{395}\u{396}\u{397}\u{399}\u{39a}\
    \u{39c}\u{39d}\u{39f}\u{3a1}\u{3a4}\u{3a5}\u{3a7}\u{3bf}\u{3bd}\u{3b1}";
const LETTERS: &str = "aeopcyxijshdqwABEKMHOPCTYXIJSABEZHIKMNOPTYXova";

/// The Latin letter that a letter of another alphabet looks like.
pub(crate) fn latin(character: char) -> Option<char> {
    let alike = LOOK_ALIKES.chars().zip(LETTERS.chars()).find(|(alike, _)| *alike == character);
    alike.map(|(_, letter)| letter).or_else(|| full_width(character)).or_else(|| digit(character))
}

/// The ASCII character that a character is a wide form of.
pub(crate) fn full_width(character: char) -> Option<char> {
    let code = u32::from(character);
    let within = (0xff01..=0xff5e).contains(&code);
    within.then(|| code.checked_sub(0xfee0).and_then(char::from_u32)).flatten()
}

/// The ASCII digit that a digit of another script means.
pub(super) fn digit(character: char) -> Option<char> {
    // Arabic-Indic and its eastern form, then Devanagari to Malayalam, Thai, Lao,
    // Tibetan, Myanmar, Khmer.
    const ZEROS: [u32; 17] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
        0x1040, 0x17e0, 0xff10,
    ];
    let code = u32::from(character);
    ZEROS.into_iter().find_map(|zero| char::from_digit(code.checked_sub(zero)?, 10))
}

/// The separators that stand between digits of the Arabic script.
pub(super) const ARABIC_DECIMAL: char = '\u{66b}';
pub(super) const ARABIC_THOUSANDS: char = '\u{66c}';
