//! Parts of messages.

/// A value as part of a message: at most 60 characters of it.
pub(crate) fn shortened(value: &str) -> String {
    const SHOWN: usize = 60;
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", value.get(..at).unwrap_or("")),
        None => value.to_owned(),
    }
}

/// Names as part of a sentence: "`A`, `B` and `C`".
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}

/// A text in quotes, so that a character that cannot be seen stands there as
/// JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\'' => quoted.push('\''),
            '\t' | '\n' | '\r' | '"' | '\\' => quoted.extend(character.escape_debug()),
            // What Rust would not print as it is.
            _ if character.escape_debug().nth(1).is_some() => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// Numbers as part of a sentence.
pub(crate) fn numbers(numbers: &[i64]) -> String {
    const SHOWN: usize = 10;
    let mut shown: Vec<String> = numbers.iter().take(SHOWN).map(i64::to_string).collect();
    if numbers.len() > SHOWN {
        shown.push("others".to_owned());
    }
    match shown.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("it's \"é\"\n\\"), r#""it's \"é\"\n\\""#);
        assert_eq!(quoted("\0\u{200b}\u{e0001}"), r#""\u0000\u200b\udb40\udc01""#);
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shortened(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(shortened(&"é".repeat(61)), "é".repeat(60) + "...");
    }
}
