//! Tokens of a rule's text, good or bad: what counts nesting before the
//! grammar recurses, and what slips are recognised in. Never fails.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Diagnostic, Span};
use crate::limits::Limits;

use super::ast::too_many_open;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Name,
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
            TokenKind::Name | TokenKind::Number | TokenKind::String | TokenKind::OpenString => true,
            TokenKind::Symbol => matches!(self.text, ")" | "]" | "}"),
        }
    }
}

pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// The tokens of a text, white space left out.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at.saturating_add(rest.find(|character| !is_space(character))?);
        let rest = text.get(start..)?;
        let (kind, length) = token_at(rest)?;
        let end = start.saturating_add(length);
        at = end;
        Some(Token { kind, text: text.get(start..end)?, span: Span::new(start, end) })
    })
}

fn token_at(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.chars().next()?;
    let run = |accept: fn(char) -> bool| rest.find(|character| !accept(character)).unwrap_or(rest.len());
    if first.is_ascii_alphabetic() || first == '_' {
        return Some((
            TokenKind::Name,
            run(|character| character.is_ascii_alphanumeric() || character == '_'),
        ));
    }
    if first.is_ascii_digit() {
        let whole = run(|character| character.is_ascii_digit());
        let fraction = rest.get(whole..).and_then(|tail| tail.strip_prefix('.')).map_or(0, |digits| {
            digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len())
        });
        let length = if fraction > 0 { whole.saturating_add(fraction).saturating_add(1) } else { whole };
        return Some((TokenKind::Number, length));
    }
    if first == '"' {
        let mut escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some((TokenKind::String, at.saturating_add(1))),
                _ => {}
            }
        }
        return Some((TokenKind::OpenString, rest.len()));
    }
    // The longest run that is an operator somewhere; slips know the others.
    const RUNS: [&str; 17] = [
        "><=", "<>=", "===", "!==", "<=>", "||", "&&", "==", "!=", "<=", ">=", "<>", "><", "=>", "=<", "=!",
        "**",
    ];
    let length = RUNS.iter().find(|run| rest.starts_with(**run)).map_or(first.len_utf8(), |run| run.len());
    Some((TokenKind::Symbol, length))
}

/// Counts brackets, calls and prefix operators open at once, before anything
/// recurses over them.
pub(crate) fn check_nesting(text: &str, limits: &Limits) -> Result<(), Diagnostic> {
    // One entry a bracket level: the prefix operators open in it.
    let mut levels: Vec<usize> = vec![0];
    let mut open = 0_usize;
    let mut after_operand = false;
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        if token.kind == TokenKind::Symbol {
            match token.text {
                "(" => {
                    open = open.saturating_add(1);
                    levels.push(0);
                }
                ")" => {
                    let prefixes = levels.pop().unwrap_or(0);
                    open = open.saturating_sub(prefixes).saturating_sub(usize::from(!levels.is_empty()));
                    if levels.is_empty() {
                        levels.push(0);
                    }
                }
                // The sign of a number is part of it.
                "-" if !after_operand && tokens.peek().is_some_and(|next| next.kind == TokenKind::Number) => {
                }
                "!" | "-" if !after_operand => {
                    open = open.saturating_add(1);
                    if let Some(prefixes) = levels.last_mut() {
                        *prefixes = prefixes.saturating_add(1);
                    }
                }
                "." => {}
                _ => {
                    // An operator or a comma ends the operand and its prefixes.
                    if let Some(prefixes) = levels.last_mut() {
                        open = open.saturating_sub(*prefixes);
                        *prefixes = 0;
                    }
                }
            }
            if open > limits.open() {
                return Err(too_many_open(limits, token.span));
            }
        }
        after_operand = token.ends_operand();
    }
    Ok(())
}
