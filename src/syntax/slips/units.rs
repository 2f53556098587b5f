//! What people write beside a number: percent signs, currencies, units, and
//! letters that stand for zeros.

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Offset, Span, repair};
use crate::syntax::scan::{Token, TokenKind};

use super::numbers::{is_currency, meant, shifted, spaced_groups};
use super::scanner::{Slips, Taken};

/// How many zeros a word or a letter behind a number stands for.
fn zeros(word: &str, glued: bool) -> Option<(usize, Confidence)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "k" if glued => (3, Safe),
        "k" => (3, Guess),
        "m" if glued => (6, Guess),
        "b" if glued => (9, Guess),
        "l" if glued => (5, Guess),
        "thousand" => (3, Safe),
        "mn" | "mio" | "million" | "millions" => (6, Safe),
        "bn" | "billion" | "billions" => (9, Safe),
        "lac" | "lacs" | "lakh" | "lakhs" => (5, Safe),
        "cr" | "crore" | "crores" => (7, Safe),
        _ => return None,
    })
}

/// The codes of currencies, by ISO 4217, and what people call them.
fn is_currency_word(word: &str) -> bool {
    const CODES: &str = " AED ARS AUD BDT BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR \
        ILS INR JPY KES KRW KWD LKR MAD MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RMB RON RUB SAR SEK \
        SGD THB TND TRY TWD TZS UAH UGX USD VND XAF XOF ZAR ";
    const WORDS: &str = " rs inr usd eur gbp aed sgd rupee rupees dollar dollars euro euros pound pounds \
        dirham dirhams riyal riyals yen rupiah ringgit baht peso pesos cent cents ";
    let listed = |words: &str, word: &str| words.contains(&format!(" {word} "));
    word.len() <= 8 && (listed(CODES, word) || listed(WORDS, &word.to_ascii_lowercase()))
}

/// Units that rules do not write: an attribute has its own.
fn is_unit(word: &str) -> bool {
    const UNITS: &str = " day days hour hours hr hrs minute minutes min mins second seconds sec secs week weeks \
        month months year years yr yrs point points pt pts piece pieces pc pcs unit units item items time \
        times qty nos kg g gm gms km cm ml ltr x ";
    word.len() <= 8 && UNITS.contains(&format!(" {} ", word.to_ascii_lowercase()))
}

fn is_percent(token: Token<'_>) -> bool {
    token.is("%") || ["percent", "pct", "percentage"].iter().any(|word| word.eq_ignore_ascii_case(token.text))
}

impl<'t> Slips<'t, '_> {
    /// `10%`: a part of something, or a number of an attribute that is in percent.
    pub(super) fn percent(&mut self, token: Token<'t>) -> Option<Taken> {
        let sign = self.token(1).filter(|next| is_percent(*next))?;
        let next = self.token(2);
        let digits = token.text;
        let start = token.span.start();
        let before = self.before.map_or("", |before| before.text);
        // After these a quotient needs its brackets.
        let brackets = matches!(before, "/" | "%");
        if next.is_some_and(|next| next.text.eq_ignore_ascii_case("of")) {
            let (of, end) = self.attribute_at(3)?;
            let part = format!("{of}*{digits}/100");
            let part = if brackets { format!("({part})") } else { part };
            return Some(self.share(Span::new(start, end), part, Some(Safe)));
        }
        let signs = ["&&", "||", ")", ",", "<", "<=", ">", ">=", "==", "!=", "=", "*", "/", "+", "and", "or"];
        if sign.is("%")
            && next.is_some_and(|next| !signs.iter().any(|sign| sign.eq_ignore_ascii_case(next.text)))
        {
            return None;
        }
        let span = token.span.to(sign.span);
        if matches!(before, "*" | "/" | "%") || next.is_some_and(|next| next.is("*")) {
            let part = format!("{digits}/100");
            let part = if brackets { format!("({part})") } else { part };
            return Some(self.share(span, part, Some(Safe)));
        }
        let beside = self.text.get(self.operand.get()..start.get()).unwrap_or("").to_ascii_lowercase();
        // What is compared may be a part of something already.
        if self.left_of(start).is_quotient() {
            return Some(self.share(span, format!("{digits}/100"), Some(Guess)));
        }
        if beside.contains("percent") || beside.contains("pct") || beside.contains("extfield") {
            return Some(self.wrong_number(span, "numbers have no percent sign", digits.to_owned(), Guess));
        }
        let slip = Diagnostic::new(Code::Syntax, span, "numbers have no percent sign")
            .note("of what?")
            .help(format!(
                "say of what this is a part, such as `currentTxn.value*{digits}/100`; of an attribute that is \
                 in percent write `{digits}`"
            ));
        self.mend(slip, span, digits, None);
        Some(Taken { end: span.end(), kind: Some(TokenKind::Number) })
    }

    fn share(&mut self, span: Span, part: String, sure: Option<Confidence>) -> Taken {
        let slip = Diagnostic::new(Code::Syntax, span, "numbers have no percent sign")
            .note("a part of something")
            .help(format!("write `{}`", repair(&part)));
        self.mend(slip, span, part, sure);
        Taken { end: span.end(), kind: Some(TokenKind::Number) }
    }

    /// The attribute that stands at a token: `profile.name`, not asked anything.
    fn attribute_at(&mut self, number: usize) -> Option<(&'t str, Offset)> {
        let mut numbers = number..;
        let mut next = |slips: &mut Self| numbers.next().and_then(|number| slips.token(number));
        let first = next(self).filter(|token| token.kind == TokenKind::Name)?;
        next(self).filter(|token| token.is("."))?;
        let last = next(self).filter(|token| token.kind == TokenKind::Name)?;
        let plain = next(self).is_none_or(|token| !matches!(token.text, "." | "("));
        let span = first.span.to(last.span);
        plain.then(|| (self.slice(span), span.end()))
    }

    /// `5k`, `500 INR`, `30 days`.
    pub(super) fn unit(&mut self, token: Token<'t>) -> Option<Taken> {
        let word = self.token(1)?;
        let span = token.span.to(word.span);
        let glued = word.span.start() == token.span.end();
        if word.kind == TokenKind::Symbol {
            let sign = word.text.chars().next().filter(|sign| is_currency(*sign))?;
            let message = format!("numbers have no currency such as `{sign}`");
            return Some(self.wrong_number(span, &message, token.text.to_owned(), Guess));
        }
        let asked = self.token(2).is_some_and(|next| matches!(next.text, "." | "("));
        if word.kind != TokenKind::Name || asked {
            return None;
        }
        if let Some((power, sure)) = zeros(word.text, glued) {
            let value = shifted(token.text, power, false);
            let message = format!("numbers are written out, without `{}`", word.text);
            return Some(self.wrong_number(span, &message, value, sure));
        }
        let what = if is_currency_word(word.text) {
            "currency"
        } else if is_unit(word.text) {
            "unit"
        } else {
            return None;
        };
        let message = format!("numbers have no {what} such as `{}`", word.text);
        Some(self.wrong_number(span, &message, token.text.to_owned(), Guess))
    }

    /// The byte after a currency or unit that follows a number which ends at a
    /// place.
    pub(super) fn unit_after(&self, end: Offset) -> Option<Offset> {
        let rest = self.text.get(end.get()..)?;
        let word = rest.trim_start_matches([' ', '\u{a0}']);
        let gap = rest.strip_suffix(word)?.len();
        let name: String =
            word.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').take(12).collect();
        let sign = word.chars().next().filter(|sign| is_currency(*sign));
        match sign {
            Some(sign) => Some(end + gap + sign.len_utf8()),
            None => (is_currency_word(&name) || is_unit(&name)).then(|| end + gap + name.len()),
        }
    }

    /// `INR 500`, `Rs. 500`.
    pub(super) fn currency_word(&mut self, token: Token<'t>) -> Option<Taken> {
        if self.after_operand() || !is_currency_word(token.text) {
            return None;
        }
        let point = self.token(1).filter(|next| next.is("."));
        let number = if point.is_some() { 2 } else { 1 };
        self.token(number).filter(|next| next.kind == TokenKind::Number)?;
        let end = point.map_or(token.span.end(), |point| point.span.end());
        let span = Span::new(token.span.start(), end);
        let message = format!("numbers have no currency such as `{}`", token.text);
        let slip = Diagnostic::new(Code::Syntax, span, message)
            .note("not part of a number")
            .help(format!("remove `{}`", self.slice(span)));
        self.mend(slip, span, "", Guess);
        Some(Taken { end, kind: None })
    }

    /// A name that begins with a digit: `currentEvent.2_GH`.
    pub(super) fn name_with_digit(&mut self, token: Token<'t>) -> Option<Taken> {
        self.before.filter(|before| before.is("."))?;
        let rest = self.text.get(token.span.start().get()..)?;
        let word: String = rest
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
            .collect();
        let span = Span::new(token.span.start(), token.span.start() + word.len());
        self.report(no_name(span, &word, "a name cannot begin with a digit"));
        self.complete = false;
        Some(Taken { end: span.end(), kind: Some(TokenKind::Name) })
    }

    /// A sign within a name: `extField_tier#2`.
    pub(super) fn sign_in_name(&mut self, token: Token<'t>) -> Option<Taken> {
        let before = self.before.filter(|before| before.kind == TokenKind::Name)?;
        let glued =
            before.span.end() == token.span.start() && self.token(1)?.span.start() == token.span.end();
        let of_profile = self.text.get(..before.span.start().get())?.trim_end().ends_with('.');
        let follows = self.token(1).is_some_and(|next| {
            matches!(next.kind, TokenKind::Name | TokenKind::Number | TokenKind::Foreign)
        });
        if !glued
            || !of_profile
            || !follows
            || !matches!(token.text, "#" | "@" | "$" | "~" | "^" | ":" | "\\" | "?")
        {
            return None;
        }
        let end = self.token(1)?.span.end();
        let span = Span::new(before.span.start(), end);
        let word = self.slice(span);
        self.report(no_name(span, word, &format!("a name cannot hold `{}`", token.text)));
        self.complete = false;
        Some(Taken { end, kind: Some(TokenKind::Name) })
    }
}

fn no_name(span: Span, word: &str, message: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, message).note("not a name").help(format!(
        "names have the letters `a` to `z`, digits and `_` only, and begin with no digit; no rule can name `{}`",
        repair(word)
    ))
}

/// The number that a text most likely means, such as `1000` of `1,000`, `1k` or
/// `INR 1000`; `None` where it is a number as it stands, or none.
pub(crate) fn number_meant(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let text = text.trim();
    if text.len() > LONGEST || !text.contains(|character: char| character.is_ascii_digit()) {
        return None;
    }
    let is_word = |character: char| character.is_ascii_alphabetic() || is_currency(character);
    let front = text.trim_start_matches(is_word);
    let word = text.strip_suffix(front)?;
    let number = front.trim_start_matches(['.', ' ']);
    let currency = |word: &str| word.is_empty() || word.chars().all(is_currency) || is_currency_word(word);
    if !currency(word) {
        return None;
    }
    let digits = number.trim_end_matches(is_word);
    let unit = number.strip_prefix(digits)?;
    let glued = !digits.ends_with(' ');
    let digits = digits.trim_end();
    let spaced = spaced_groups(digits, false).filter(|(length, _)| *length == digits.len());
    let plain = match spaced {
        Some((_, plain)) => plain,
        None if digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'_')) => {
            meant(digits)?
        }
        None => return None,
    };
    match zeros(unit, glued) {
        Some((power, _)) => Some(shifted(&plain, power, false)),
        None if currency(unit) || is_unit(unit) => Some(plain).filter(|plain| plain != text),
        None => None,
    }
}
