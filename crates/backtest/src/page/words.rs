//! Numbers, shares, dates and names as people read them.

use target_rules::diagnostic::visible;

use crate::report::{Amount, ClauseKind};

/// Keeps the digits of a number on one line.
const GAP: char = '\u{a0}';

/// `12 345`.
pub(super) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// All the digits of a sum, in groups of three before the point.
pub(super) fn amount(sum: &Amount) -> String {
    let text = sum.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("\u{2212}", rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{part}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left.is_multiple_of(3) {
            text.push(GAP);
        }
        text.push(digit);
    }
    text
}

/// `12.3%` of a whole. What is little is never told as nothing, nor nearly all as all.
pub(super) fn share(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0%".to_owned();
    }
    if part >= whole {
        return "100%".to_owned();
    }
    match thousandths(part, whole) {
        0 => "under 0.1%".to_owned(),
        1000 => "over 99.9%".to_owned(),
        share => format!("{}.{}%", share / 10, share % 10),
    }
}

/// A part in thousandths of a whole, rounded; 0 of nothing.
pub(super) fn thousandths(part: u64, whole: u64) -> u64 {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rounded = (part.saturating_mul(1000).saturating_add(whole / 2)).checked_div(whole).unwrap_or(0);
    u64::try_from(rounded).unwrap_or(u64::MAX)
}

/// `1 transaction`, `2 transactions`.
pub(super) fn number_of(number: u64, what: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{}{GAP}{what}{many}", count(number))
}

/// `81.3 MB`.
pub(super) fn bytes_of(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    format!("{}.{}{GAP}MB", count(tenths / 10), tenths % 10)
}

/// A difference with its sign.
pub(super) fn difference(new: u64, old: u64) -> String {
    match new.checked_sub(old) {
        Some(0) => "\u{b1}0".to_owned(),
        Some(more) => format!("+{}", count(more)),
        None => format!("\u{2212}{}", count(old.saturating_sub(new))),
    }
}

/// A text of an input, safe to read, and at most so many characters of it.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let mut shown: String = text.chars().take(longest).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('\u{2026}');
    }
    visible(&shown)
}

/// The longest name that is shown whole.
const LONGEST_NAME: usize = 60;
/// The longest rule.
const LONGEST_RULE: usize = 4_000;
/// The longest text that appears when a pointer rests on what was cut.
const LONGEST_TITLE: usize = 400;

/// A name, cut.
pub(super) fn name(text: &str) -> String {
    cut(text, LONGEST_NAME)
}

/// A rule or clause, cut where it is a page long.
pub(super) fn rule(text: &str) -> String {
    cut(text, LONGEST_RULE)
}

/// The same text for a pointer that rests on it, where it was cut.
pub(super) fn title(text: &str) -> Option<String> {
    text.chars().nth(LONGEST_NAME).is_some().then(|| cut(text, LONGEST_TITLE))
}

/// What a target is called: its name, else its id.
pub(super) fn called(name: Option<&str>, id: &str) -> String {
    match name.filter(|name| !name.trim().is_empty()) {
        Some(name) => name.to_owned(),
        None => id.to_owned(),
    }
}

/// Whether a clause is the rule's own text, which is set as code.
pub(super) fn is_code(kind: ClauseKind) -> bool {
    matches!(kind, ClauseKind::Rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_people_read_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1\u{a0}000", "1\u{a0}234\u{a0}567"]);
        let sum = |text: &str| amount(&serde_json::from_str(text).unwrap());
        assert_eq!(sum("-1234.50"), "\u{2212}1\u{a0}234.5");
        assert_eq!(sum("12"), "12");
        assert_eq!(number_of(1, "hit"), "1\u{a0}hit");
        assert_eq!(bytes_of(1_234_567_890), "1\u{a0}234.6\u{a0}MB");
        assert_eq!([difference(5, 5), difference(7, 5), difference(5, 1_007)], ["±0", "+2", "−1\u{a0}002"]);
    }

    #[test]
    fn little_is_not_nothing_and_nearly_all_is_not_all() {
        let shares = [(0, 0), (0, 9), (9, 9), (1, 3), (1, 100_000), (99_999, 100_000)];
        let told = shares.map(|(part, whole)| share(part, whole));
        assert_eq!(told, ["0%", "0%", "100%", "33.3%", "under 0.1%", "over 99.9%"]);
        assert_eq!(share(u64::MAX - 1, u64::MAX), "over 99.9%");
    }

    #[test]
    fn texts_are_cut_and_made_visible() {
        assert_eq!(cut("Gold\u{202e}", 9), "Gold\u{fffd}");
        assert_eq!((name(&"é".repeat(61)), title("short")), ("é".repeat(60) + "…", None));
        assert_eq!(called(Some(" "), "7"), "7");
    }
}
