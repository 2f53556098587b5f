//! Which documents have plain numbers, as proofs may take for granted.

/// Whether all numbers have at most 18 digits before the point and 9 behind it.
pub(crate) fn is_plain(document: &str) -> bool {
    let numbers = document.split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != 'e');
    let fits = |number: &str| {
        let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
        !number.contains('e') && whole.len() <= 18 && rest.len() <= 9
    };
    numbers.filter(|number| number.starts_with(|letter: char| letter.is_ascii_digit())).all(fits)
}
