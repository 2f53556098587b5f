//! Tokens of a rule's text, good or bad: what counts nesting before the
//! grammar recurses, and what slips are recognised in. Never fails.

use unicode_width::UnicodeWidthChar;

use crate::diagnostic::{Diagnostic, Offset, Span};
use crate::limits::Limits;

use super::ast::too_many_open;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Name,
    /// A word with letters or digits that names do not have, such as `größe`.
    Foreign,
    Number,
    String,
    /// A string that is never closed.
    OpenString,
    /// A run of operator characters or one other character.
    Symbol,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

impl Token<'_> {
    pub(crate) fn is(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// Whether an operand can end with this token.
    pub(crate) fn ends_operand(&self) -> bool {
        match self.kind {
            TokenKind::Name
            | TokenKind::Foreign
            | TokenKind::Number
            | TokenKind::String
            | TokenKind::OpenString => true,
            TokenKind::Symbol => matches!(self.text, ")" | "]" | "}"),
        }
    }
}

pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// Whether a character cannot be seen, or changes how others are seen.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}'
    ) || (character.is_control() && !is_space(character) && !character.is_whitespace())
}

/// The tokens of a text, white space left out.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = Offset::START;
    std::iter::from_fn(move || {
        let token = token_from(text, at)?;
        at = token.span.end();
        Some(token)
    })
}

/// The first token at or after a byte.
pub(crate) fn token_from(text: &str, at: Offset) -> Option<Token<'_>> {
    let rest = text.get(at.get()..)?;
    // Nearly every token follows the last one at once.
    let start = match rest.as_bytes().first()? {
        b'!'..=b'~' => at,
        _ => at + rest.find(|character| !is_space(character))?,
    };
    let (kind, length) = token_at(text.get(start.get()..)?)?;
    let span = Span::new(start, start + length);
    Some(Token { kind, text: text.get(span.range())?, span })
}

/// Whether a character continues a word: a letter or digit of any script, or a
/// combining mark.
fn goes_on(character: char) -> bool {
    character == '_'
        || character.is_alphanumeric()
        || (!character.is_ascii() && character.width() == Some(0) && !is_invisible(character))
}

fn token_at(rest: &str) -> Option<(TokenKind, usize)> {
    plain_token_at(rest).or_else(|| any_token_at(rest))
}

/// The tokens that rules are mostly made of, without a look at whole characters:
/// every rule is scanned before it is parsed. `None` where it takes that look.
fn plain_token_at(rest: &str) -> Option<(TokenKind, usize)> {
    let bytes = rest.as_bytes();
    let (first, tail) = bytes.split_first()?;
    match first {
        b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
            let word = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
            let end = bytes.iter().position(|byte| !word(byte)).unwrap_or(bytes.len());
            // A letter of another script may go on with the word.
            let ends = bytes.get(end).is_none_or(u8::is_ascii);
            ends.then_some((TokenKind::Name, end))
        }
        b'0'..=b'9' | b'"' => None,
        _ => {
            // After its first character, each sign of several has only these.
            let alone = |next: Option<&u8>| next.is_none_or(|next| !b"=<>|&*!".contains(next));
            match tail {
                [b'&' | b'=', ..] if !alone(tail.get(1)) => None,
                [b'&', ..] if *first == b'&' => Some((TokenKind::Symbol, 2)),
                [b'=', ..] if b"=!<>".contains(first) => Some((TokenKind::Symbol, 2)),
                _ => (first.is_ascii() && alone(tail.first())).then_some((TokenKind::Symbol, 1)),
            }
        }
    }
}

fn any_token_at(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.chars().next()?;
    let run = |accept: fn(char) -> bool| rest.find(|character| !accept(character)).unwrap_or(rest.len());
    if first == '_' || (first.is_alphanumeric() && !first.is_ascii_digit()) {
        let length = run(goes_on);
        let is_name = rest.get(..length).is_some_and(str::is_ascii);
        return Some((if is_name { TokenKind::Name } else { TokenKind::Foreign }, length));
    }
    if first.is_ascii_digit() {
        let whole = run(|character| character.is_ascii_digit());
        let fraction = rest.get(whole..).and_then(|tail| tail.strip_prefix('.')).map_or(0, |digits| {
            digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len())
        });
        let point = usize::from(fraction > 0);
        return Some((TokenKind::Number, (Offset::from(whole) + point + fraction).get()));
    }
    if first == '"' {
        let mut escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some((TokenKind::String, (Offset::from(at) + 1).get())),
                _ => {}
            }
        }
        return Some((TokenKind::OpenString, rest.len()));
    }
    // Operators of this and of other languages, the longest first.
    const RUNS: [&str; 18] = [
        "====", "><=", "<>=", "===", "!==", "<=>", "||", "&&", "==", "!=", "<=", ">=", "<>", "><", "=>",
        "=<", "=!", "**",
    ];
    if is_full_width(first) {
        return Some((TokenKind::Symbol, run(is_full_width)));
    }
    // `&&&` is `&&` and a slip of the finger; `&&&&` is two operators.
    let three = |run: &str, more: &str| rest.starts_with(run) && !rest.starts_with(more);
    if three("&&&", "&&&&") || three("|||", "||||") {
        return Some((TokenKind::Symbol, 3));
    }
    let length = RUNS.iter().find(|run| rest.starts_with(**run)).map_or(first.len_utf8(), |run| run.len());
    Some((TokenKind::Symbol, length))
}

/// Whether a character is a fullwidth form of an ASCII sign, as input methods for
/// Chinese and Japanese type them.
pub(crate) fn is_full_width(character: char) -> bool {
    matches!(character, '\u{ff01}'..='\u{ff5e}')
        && !matches!(character, '\u{ff02}' | '\u{ff07}')
        && !character.is_alphanumeric()
}

/// Counts brackets, calls and prefix operators open at once, before anything
/// recurses over them.
pub(crate) fn check_nesting(text: &str, limits: &Limits) -> Result<(), Diagnostic> {
    #[derive(PartialEq)]
    enum Open {
        Bracket,
        Prefix,
    }
    let mut open: Vec<Open> = Vec::new();
    // What ends an operand ends the prefix operators before it.
    let end_prefixes = |open: &mut Vec<Open>| while open.pop_if(|open| *open == Open::Prefix).is_some() {};
    let mut after_operand = false;
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        if token.kind == TokenKind::Symbol {
            match token.text {
                "(" => open.push(Open::Bracket),
                ")" => {
                    end_prefixes(&mut open);
                    open.pop();
                }
                // The sign of a number is part of it.
                "-" if !after_operand && tokens.peek().is_some_and(|next| next.kind == TokenKind::Number) => {
                }
                "!" | "-" if !after_operand => open.push(Open::Prefix),
                "." => {}
                // An operator or a comma ends the operand.
                _ => end_prefixes(&mut open),
            }
            if open.len() > limits.open() {
                return Err(too_many_open(limits, token.span));
            }
        }
        after_operand = token.ends_operand();
    }
    Ok(())
}
