//! Numbers as spreadsheets, shops and other languages write them.

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Offset, Span};
use crate::syntax::scan::{Token, TokenKind};

use super::scanner::{Slips, Taken};

/// The largest exponent for which the number without one is suggested.
const MOST_DIGITS: usize = 18;

/// Characters of a number with separators that are looked at.
const LONGEST: usize = 60;

impl<'t> Slips<'t, '_> {
    /// A number that does not end where it should.
    pub(super) fn number(&mut self, token: Token<'t>) -> Option<Taken> {
        if let Some(name) = self.name_with_digit(token) {
            return Some(name);
        }
        let start = token.span.start();
        // Commas separate arguments, so in a call they are no part of a number.
        let in_call = self.in_call();
        let rest = self.text.get(start.get()..)?;
        let part = |character: char| {
            character.is_ascii_digit() || matches!(character, '.' | '_') || (character == ',' && !in_call)
        };
        let length: usize = rest.chars().take(LONGEST).take_while(|character| part(*character)).count();
        // A longer run is no number. Without this bound each of its parts would be
        // read to the end again, which is quadratic.
        if length == LONGEST {
            return None;
        }
        let run = rest.get(..length)?;
        let run = run.trim_end_matches(',');
        let end = start + run.len();
        let after = self.text.get(end.get()..).and_then(|rest| rest.chars().next());
        if let Some((exponent, value)) = self.exponent(token) {
            let span = Span::new(start, exponent);
            return Some(self.wrong_number(span, "numbers have no exponent", value, Safe));
        }
        if let Some((length, value)) = spaced_groups(rest, in_call) {
            let end = start + length;
            let (end, sure) = self.unit_after(end).map_or((end, Safe), |end| (end, Guess));
            let message = "numbers stand without separators";
            return Some(self.wrong_number(Span::new(start, end), message, value, sure));
        }
        // `5.isNull()` is a chain on a number.
        let chain = run.ends_with('.') && after.is_some_and(|after| after.is_alphabetic());
        if !chain
            && run.len() > token.text.len()
            && let Some(value) = meant(run)
        {
            let message = match run.contains(['_', ',']) || run.matches('.').count() > 1 {
                true if value.contains('.') && !run.contains('.') => "the decimal point of a number is a `.`",
                true => "numbers stand without separators",
                false => "digits are missing after this point",
            };
            // One comma may stand for a decimal point or be a separator.
            let sure = if run.matches(',').count() == 1 && !run.contains('.') { Guess } else { Safe };
            let (end, sure) = self.unit_after(end).map_or((end, sure), |end| (end, Guess));
            return Some(self.wrong_number(Span::new(start, end), message, value, sure));
        }
        let sign = after.filter(|sign| is_currency(*sign) && end == token.span.end());
        if let Some(sign) = sign {
            let span = Span::new(start, end + sign.len_utf8());
            let value = token.text.to_owned();
            return Some(self.wrong_number(span, "numbers have no currency", value, Guess));
        }
        match self.percent(token) {
            Some(percent) => Some(percent),
            None => self.unit(token),
        }
    }

    /// `1e5`, `1e-3`: the byte after it and the number without an exponent.
    fn exponent(&mut self, token: Token<'t>) -> Option<(Offset, String)> {
        let letter = self.token(1).filter(|next| next.span.start() == token.span.end())?;
        let digits = letter.text.strip_prefix(['e', 'E'])?;
        let (negative, digits, end) = if digits.is_empty() {
            let sign = self.token(2).filter(|sign| sign.span.start() == letter.span.end())?;
            let number = self.token(3).filter(|number| number.span.start() == sign.span.end())?;
            if !matches!(sign.text, "+" | "-") || number.kind != TokenKind::Number {
                return None;
            }
            (sign.is("-"), number.text, number.span.end())
        } else {
            (false, digits, letter.span.end())
        };
        let power = digits.parse::<usize>().ok().filter(|power| *power <= MOST_DIGITS)?;
        Some((end, shifted(token.text, power, negative)))
    }

    pub(super) fn wrong_number(
        &mut self,
        span: Span,
        message: &str,
        value: String,
        sure: Confidence,
    ) -> Taken {
        let slip = Diagnostic::new(Code::Syntax, span, message)
            .note("not a number of this language")
            .help(format!("write `{value}`"));
        self.mend(slip, span, value, sure);
        Taken { end: span.end(), kind: Some(TokenKind::Number) }
    }

    /// A sign before a number: `$500`, `+500`, `.5`.
    pub(super) fn before_number(&mut self, token: Token<'t>) -> Option<Taken> {
        let number = self.token(1).filter(|next| next.kind == TokenKind::Number)?;
        let after_operand = self.after_operand();
        let sign = token.text.chars().next()?;
        let (message, value) = match sign {
            '.' if !after_operand && number.span.start() == token.span.end() => {
                ("digits are missing before this point", format!("0.{}", number.text))
            }
            '+' if !after_operand => ("numbers have no `+` before them", number.text.to_owned()),
            sign if is_currency(sign) => ("numbers have no currency", number.text.to_owned()),
            _ => return None,
        };
        if sign == '.' {
            return Some(self.wrong_number(token.span.to(number.span), message, value, Safe));
        }
        // The number itself may have separators too.
        let slip = Diagnostic::new(Code::Syntax, token.span, message)
            .note("not part of a number")
            .help(format!("remove `{sign}`"));
        // The amount may be meant in another currency.
        self.mend(slip, token.span, "", if sign == '+' { Safe } else { Guess });
        None
    }
}

pub(super) fn is_currency(character: char) -> bool {
    matches!(character, '$' | '\u{a2}' | '\u{a3}' | '\u{a5}' | '\u{20a0}'..='\u{20cf}')
}

/// `1 000 000`: how many bytes of a text are digits in groups of three with
/// spaces or apostrophes between, and the number that they make.
pub(super) fn spaced_groups(text: &str, in_call: bool) -> Option<(usize, String)> {
    const SEPARATORS: [char; 7] = [' ', '\'', '\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}', '\u{2019}'];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let mut value = text.get(..first).filter(|first| (1..=3).contains(&first.len()))?.to_owned();
    let mut rest = text.get(first..)?;
    while let Some(group) = rest.strip_prefix(SEPARATORS).filter(|group| digits(group) == 3) {
        value.push_str(group.get(..3)?);
        rest = group.get(3..)?;
    }
    if value.len() == first
        || value.len() > MOST_DIGITS
        || rest.starts_with(|next: char| next == '_' || next.is_alphanumeric())
    {
        return None;
    }
    let fraction = rest.strip_prefix('.').or_else(|| rest.strip_prefix(',').filter(|_| !in_call));
    if let Some(fraction) = fraction.filter(|fraction| (1..=9).contains(&digits(fraction))) {
        let end = digits(fraction);
        value.push('.');
        value.push_str(fraction.get(..end)?);
        rest = fraction.get(end..)?;
    }
    Some((text.strip_suffix(rest)?.len(), value))
}

/// The number that digits with separators stand for; `None` where it is a
/// number as it stands, or none that can be told.
pub(super) fn meant(run: &str) -> Option<String> {
    let run = run.replace('_', "");
    let grouped = |part: &str, sign: char| {
        let mut groups = part.split(sign);
        let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
        let groups: Vec<&str> = groups.collect();
        // Groups of two are Indian: 1,00,000.
        let fits = groups.iter().rev().enumerate().all(|(index, group)| match index {
            0 => group.len() == 3,
            _ => matches!(group.len(), 2 | 3),
        });
        first && fits && !groups.is_empty()
    };
    let point = run.rfind('.');
    let comma = run.rfind(',');
    match (point, comma) {
        (None, None) => Some(run),
        (Some(at), None) if run.matches('.').count() == 1 => {
            let (whole, _) = run.split_at_checked(at)?;
            Some(if run.ends_with('.') { whole.to_owned() } else { run })
        }
        (Some(_), None) => grouped(&run, '.').then(|| run.replace('.', "")),
        (None, Some(_)) if grouped(&run, ',') => Some(run.replace(',', "")),
        (None, Some(_)) => (run.matches(',').count() == 1).then(|| run.replace(',', ".")),
        (Some(point), Some(comma)) => {
            // Whichever stands last is the decimal point.
            let (group, decimal, at) = if point > comma { (',', '.', point) } else { ('.', ',', comma) };
            let (whole, fraction) = run.split_at_checked(at)?;
            let fraction = fraction.strip_prefix(decimal)?;
            grouped(whole, group).then(|| format!("{}.{fraction}", whole.replace(group, "")))
        }
    }
}

/// Digits with the point moved by a power of ten.
pub(super) fn shifted(number: &str, power: usize, left: bool) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let zeros = "0".repeat(power);
    let digits = if left { format!("{zeros}{whole}{fraction}") } else { format!("{whole}{fraction}{zeros}") };
    let point = if left { whole.len() } else { (Offset::from(whole.len()) + power).get() };
    let (whole, fraction) = digits.split_at_checked(point).unwrap_or((&digits, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{meant, shifted};

    #[test]
    fn separators_are_read_as_people_mean_them() {
        let cases = [
            ("1,000", Some("1000")),
            ("1,00,000", Some("100000")),
            ("1.000.000", Some("1000000")),
            ("1_000", Some("1000")),
            ("1.000,50", Some("1000.50")),
            ("1,000.50", Some("1000.50")),
            ("1,5", Some("1.5")),
            ("5.", Some("5")),
            ("1,0000", Some("1.0000")),
            ("1.2.3", None),
            ("1,2,3", None),
        ];
        for (run, value) in cases {
            assert_eq!(meant(run).as_deref(), value, "{run}");
        }
    }

    #[test]
    fn exponents_move_the_point() {
        assert_eq!(shifted("1", 5, false), "100000");
        assert_eq!(shifted("1.5", 3, false), "1500");
        assert_eq!(shifted("1.2345", 2, false), "123.45");
        assert_eq!(shifted("25", 3, true), "0.025");
        assert_eq!(shifted("12.5", 1, true), "1.25");
        assert_eq!(shifted("0", 3, true), "0");
    }
}
