//! Numbers as people and programs write them, digit by digit: nothing is rounded.

use target_rules::Number;
use target_rules::diagnostic::excerpt;
use target_rules::json::Kind;

/// How numbers are written.
#[derive(Debug, Default)]
pub(super) struct NumberForm {
    pub(super) thousands: Option<char>,
    pub(super) decimal: Option<char>,
    pub(super) minor_digits: Option<u32>,
    pub(super) unsigned: bool,
}

/// Converts the number that stands in `into`.
pub(super) fn convert(
    converter: &NumberForm,
    kind: Kind,
    text: &str,
    into: &mut String,
) -> Result<Kind, String> {
    if kind == Kind::String {
        plain(converter, into);
    }
    if converter.unsigned {
        let unsigned = into.trim_start().trim_start_matches(['-', '+']).len();
        into.replace_range(..into.len().saturating_sub(unsigned), "");
    }
    let digits = converter.minor_digits.unwrap_or_default();
    if into.parse::<Number>().is_err() || (digits > 0 && !point_moved(into, digits)) {
        return Err(format!("must be a number{}, is `{}`", form(converter), excerpt(text)));
    }
    Ok(Kind::Number)
}

/// Writes a number as JSON does: no separators, a point.
fn plain(converter: &NumberForm, number: &mut String) {
    let trimmed = number.trim();
    if trimmed.len() < number.len() {
        *number = trimmed.to_owned();
    }
    if let Some(separator) = converter.thousands {
        // Programs write a space that is not broken, and people any other.
        let is_separator = |character: char| {
            character == separator || (separator == ' ' && matches!(character, '\u{a0}' | '\u{202f}'))
        };
        number.retain(|character| !is_separator(character));
    }
    if let Some(mark) = converter.decimal.filter(|mark| *mark != '.') {
        if number.contains('.') {
            // A point is nothing here, and must not become the decimal mark.
            number.push(mark);
            return;
        }
        *number = number.replace(mark, ".");
    }
    if let Some(positive) = number.strip_prefix('+') {
        *number = positive.to_owned();
    }
}

/// Moves the point to the left; false where the number has an exponent.
fn point_moved(number: &mut String, digits: u32) -> bool {
    if number.contains(['e', 'E']) {
        return false;
    }
    let digits = digits as usize;
    let sign = usize::from(number.starts_with('-'));
    let whole = number.find('.').unwrap_or(number.len());
    if whole < number.len() {
        number.remove(whole);
    }
    // As many digits must stand before the point as go behind it, and one more.
    let before = whole.saturating_sub(sign);
    let lacking = digits.saturating_add(1).saturating_sub(before);
    number.insert_str(sign, &"0".repeat(lacking));
    let point = whole.saturating_add(lacking).saturating_sub(digits);
    if point < number.len() {
        number.insert(point, '.');
    }
    true
}

/// In which form a number is expected.
fn form(converter: &NumberForm) -> String {
    match (converter.thousands, converter.decimal) {
        (Some(thousands), Some(mark)) => format!(" such as `1{thousands}234{mark}50`"),
        (Some(thousands), None) => format!(" such as `1{thousands}234.50`"),
        (None, Some(mark)) => format!(" such as `1234{mark}50`"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberForm, convert, point_moved};

    use target_rules::json::Kind;

    #[test]
    fn the_point_moves_digit_by_digit() {
        for (number, digits, moved) in [
            ("45500", 2, "455.00"),
            ("5", 2, "0.05"),
            ("-5", 2, "-0.05"),
            ("0", 3, "0.000"),
            ("12.5", 2, "0.125"),
            ("-123456789012345678901", 2, "-1234567890123456789.01"),
        ] {
            let mut text = number.to_owned();
            assert!(point_moved(&mut text, digits));
            assert_eq!(text, moved, "{number}");
        }
        assert!(!point_moved(&mut "1e3".to_owned(), 2));
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let german = NumberForm { thousands: Some('.'), decimal: Some(','), ..NumberForm::default() };
        let spaced = NumberForm { thousands: Some(' '), decimal: Some(','), ..NumberForm::default() };
        let comma = NumberForm { decimal: Some(','), ..NumberForm::default() };
        let cents = NumberForm { minor_digits: Some(2), unsigned: true, ..NumberForm::default() };
        for (converter, text, read) in [
            (&german, "1.234,50", Some("1234.50")),
            (&german, " -7 ", Some("-7")),
            (&german, "1,2,3", None),
            (&german, "", None),
            (&spaced, "1\u{202f}234,50", Some("1234.50")),
            (&comma, "1.5", None),
            (&cents, "-45500", Some("455.00")),
            (&cents, "x", None),
            (&cents, "1e3", None),
        ] {
            let mut into = text.to_owned();
            let result = convert(converter, Kind::String, text, &mut into);
            assert_eq!(result.is_ok().then_some(into.as_str()), read, "{text}: {result:?}");
        }
    }
}
