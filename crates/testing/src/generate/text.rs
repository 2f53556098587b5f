//! An expression as text: canonical by the law's section on it, and untidy.

use super::expression::{Expression, Receiver};

/// White space of the language, and none.
const SPACES: [&str; 8] = ["", "", "", " ", "\t", "\r\n", "\u{a0}", " \u{a0}\n "];

impl Expression {
    /// The canonical text.
    pub fn text(&self) -> String {
        self.tokens().concat()
    }

    /// The tokens of the canonical text: white space may stand between any two.
    pub fn tokens(&self) -> Vec<String> {
        let mut writer = Writer { tokens: Vec::new(), brackets: Choices::none() };
        writer.write(self);
        writer.tokens
    }

    /// A text that means the same: the choices put white space between
    /// tokens and brackets round operands.
    pub fn untidy(&self, choices: &[u8]) -> String {
        let mut writer = Writer { tokens: Vec::new(), brackets: Choices { of: choices, at: 0 } };
        writer.write(self);
        spaced(&writer.tokens, choices)
    }
}

/// Tokens with white space as chosen.
pub fn spaced(tokens: &[String], choices: &[u8]) -> String {
    let mut spaces = Choices { of: choices, at: 0 };
    let mut text = spaces.space().to_owned();
    for token in tokens {
        text.push_str(token);
        text.push_str(spaces.space());
    }
    text
}

/// A string literal: a backslash is doubled only where it would be an escape.
pub fn quoted(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::from("\"");
    for (at, character) in characters.iter().enumerate() {
        match (character, characters.get(at + 1)) {
            ('"', _) => out.push_str("\\\""),
            ('\\', None | Some('"' | '\\')) => out.push_str("\\\\"),
            _ => out.push(*character),
        }
    }
    out.push('"');
    out
}

/// How tightly an operator binds, by the table of the law; more is tighter.
pub fn level(operator: &str) -> u8 {
    match operator {
        "||" => 1,
        "&&" => 2,
        "==" | "!=" => 3,
        "<" | "<=" | ">" | ">=" => 4,
        "+" | "-" => 5,
        _ => 6,
    }
}

const PREFIX: u8 = 7;

/// Bytes that choose, over and over; none choose nothing.
struct Choices<'c> {
    of: &'c [u8],
    at: usize,
}

impl Choices<'_> {
    fn none() -> Choices<'static> {
        Choices { of: &[], at: 0 }
    }

    fn next(&mut self) -> u8 {
        self.at += 1;
        if self.of.is_empty() { 0 } else { self.of[self.at % self.of.len()] }
    }

    fn space(&mut self) -> &'static str {
        SPACES[usize::from(self.next()) % SPACES.len()]
    }

    fn bracket(&mut self) -> bool {
        self.next() % 8 == 7
    }
}

struct Writer<'c> {
    tokens: Vec<String>,
    brackets: Choices<'c>,
}

impl Writer<'_> {
    fn put(&mut self, token: &str) {
        self.tokens.push(token.to_owned());
    }

    fn bracketed(&mut self, expression: &Expression, needed: bool) {
        let brackets = needed || self.brackets.bracket();
        if brackets {
            self.put("(");
        }
        self.write(expression);
        if brackets {
            self.put(")");
        }
    }

    fn write(&mut self, expression: &Expression) {
        match expression {
            Expression::Boolean(value) => self.put(if *value { "true" } else { "false" }),
            Expression::Number(digits) => match digits.strip_prefix('-') {
                Some(digits) => {
                    self.put("-");
                    self.put(digits);
                }
                None => self.put(digits),
            },
            Expression::Text(text) => self.put(&quoted(text)),
            Expression::Word(word) => self.put(word),
            Expression::Attribute { profile, name, .. } => {
                self.put(profile);
                self.put(".");
                self.put(name);
            }
            Expression::Call { receiver, method, arguments, .. } => {
                match receiver {
                    Receiver::Profile(profile) => self.put(profile),
                    Receiver::Value(value) => self.bracketed(value, false),
                }
                self.put(".");
                self.put(method);
                self.put("(");
                for (at, argument) in arguments.iter().enumerate() {
                    if at > 0 {
                        self.put(",");
                    }
                    self.bracketed(argument, false);
                }
                self.put(")");
            }
            Expression::Prefix(operator, operand) => {
                self.put(&operator.to_string());
                let looser = matches!(&**operand, Expression::Binary(..) | Expression::Chain(..));
                // `-5` would be one literal.
                let literal = *operator == '-'
                    && matches!(&**operand, Expression::Number(digits) if !digits.starts_with('-'));
                self.bracketed(operand, looser || literal);
            }
            Expression::Binary(operator, left, right) => {
                self.bracketed(left, binds(left) < level(operator));
                self.put(operator);
                self.bracketed(right, binds(right) <= level(operator));
            }
            Expression::Chain(operator, operands) => {
                for (at, operand) in operands.iter().enumerate() {
                    if at > 0 {
                        self.put(operator);
                    }
                    // An `&&` inside an `||` keeps its brackets; an `||` inside an `&&` needs them.
                    self.bracketed(operand, matches!(operand, Expression::Chain(..)));
                }
            }
        }
    }
}

fn binds(expression: &Expression) -> u8 {
    match expression {
        Expression::Binary(operator, ..) | Expression::Chain(operator, _) => level(operator),
        Expression::Prefix(..) => PREFIX,
        _ => u8::MAX,
    }
}
