//! Parts of descriptions that know nothing of rules: quoted texts, lists, and
//! numbers as people write them.

use crate::diagnostic::visible;
use crate::value::Number;

pub(super) use crate::diagnostic::listed;

/// A text in quotes, exactly: what has no width is shown by its number, and a
/// backslash is doubled where it would begin an escape. So no two texts are
/// quoted alike, and none can leave its quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' if matches!(characters.peek(), None | Some('\\' | '"' | 'u')) => out.push_str("\\\\"),
            other if is_visible(other) => out.push(other),
            hidden => out.push_str(&format!("\\u{{{:x}}}", u32::from(hidden))),
        }
    }
    out.push('"');
    out
}

fn is_visible(character: char) -> bool {
    if character.is_ascii_graphic() || character == ' ' {
        return true;
    }
    let mut bytes = [0; 4];
    let text = character.encode_utf8(&mut bytes);
    visible(text) == *text
}

/// Items that are denied, as a list: `neither A nor B`, `none of A, B and C`. Of
/// one item there is nothing to say here.
pub(super) fn denied(items: &[String]) -> String {
    match items {
        [first, second] => format!("neither {first} nor {second}"),
        _ => format!("none of {}", listed(items, "and")),
    }
}

/// A number as descriptions write it, with its digits in groups of three.
///
/// ```
/// use target_rules::Number;
/// use target_rules::describe::grouped;
/// let value: Number = "12500.75".parse()?;
/// assert_eq!(grouped(value), "12 500.75");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grouped(number: Number) -> String {
    let digits = number.to_string();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits, String::new()),
    };
    let bytes = whole.as_bytes();
    let groups: Vec<String> =
        bytes.rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    format!("{sign}{}{fraction}", groups.join(" "))
}

/// The number of a day of the month: `1st`, `22nd`, `13th`.
pub(super) fn ordinal(number: i64) -> String {
    let ending = match (number.rem_euclid(100), number.rem_euclid(10)) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// A text with its first letter in upper case, also after brackets.
pub(super) fn capitalised(text: &str) -> String {
    let start = text.find(|character| character != '(').unwrap_or_default();
    let (brackets, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let mut characters = rest.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    brackets.chars().chain(first).chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::{denied, grouped, listed, ordinal, quoted};
    use crate::value::Number;

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1 000"),
            ("-1234567.25", "-1 234 567.25"),
            ("0.000001", "0.000001"),
        ] {
            assert_eq!(grouped(number.parse::<Number>().unwrap()), expected);
        }
    }

    #[test]
    fn quoted_texts_are_told_apart() {
        assert_eq!(quoted("5\" x"), r#""5\" x""#);
        assert_eq!(quoted(r"\s"), r#""\s""#);
        assert_eq!(quoted("\u{1b}"), r#""\u{1b}""#);
        assert_eq!(quoted(r"\u{1b}"), r#""\\u{1b}""#);
        assert_ne!(quoted("a\u{a0}b"), quoted("a b"));
    }

    #[test]
    fn lists_and_ordinals_are_english() {
        let items = |count: usize| -> Vec<String> {
            ["A", "B", "C"].iter().take(count).map(ToString::to_string).collect()
        };
        assert_eq!(listed(&items(1), "or"), "A");
        assert_eq!(listed(&items(3), "or"), "A, B or C");
        assert_eq!(denied(&items(2)), "neither A nor B");
        assert_eq!(denied(&items(3)), "none of A, B and C");
        assert_eq!([1, 2, 3, 11, 22, 30].map(ordinal), ["1st", "2nd", "3rd", "11th", "22nd", "30th"]);
    }
}
