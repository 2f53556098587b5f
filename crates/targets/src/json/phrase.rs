//! Parts of messages.

use target_rules::diagnostic::listed;

/// Names as part of a sentence: "`A`, `B` and `C`".
pub(crate) fn names(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    listed(&quoted, "and")
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
    if shown.is_empty() { "none".to_owned() } else { listed(&shown, "and") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("it's \"é\"\n\\"), r#""it's \"é\"\n\\""#);
        assert_eq!(quoted("\0\u{200b}\u{e0001}"), r#""\u0000\u200b\udb40\udc01""#);
    }
}
