//! The text of a rule to the syntax tree. The only file that names pest.
#![deny(clippy::arithmetic_side_effects)]

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::limits::Limits;

use super::ast::{Ast, Builder, Expression, ExpressionKind, Literal, Name};
use super::operator::Operator;
use super::{scan, slips};

mod grammar {
    // The derive writes an undocumented public enum.
    #![allow(missing_docs, unreachable_pub, reason = "written by pest_derive")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/rule.pest"]
    pub(super) struct RuleParser;
}

use grammar::{Rule, RuleParser};

impl Ast {
    /// Reads the text of a rule.
    ///
    /// Fails with every known slip and the first other fault of its syntax.
    /// Cost is linear in the length of the text.
    pub fn from_text(text: &str, limits: &Limits) -> Result<Ast, Diagnostics> {
        let source = Source::new(Form::Dsl, text);
        let gather = |found| Diagnostics::gather(&source, found, limits.errors);
        if text.len() > limits.rule_text {
            return Err(gather(vec![
                Diagnostic::new(
                    Code::Limit,
                    Span::new(limits.rule_text, text.len()),
                    format!(
                        "the rule's text has {} bytes; at most {} are read",
                        text.len(),
                        limits.rule_text
                    ),
                )
                .note("from here on it is too long"),
            ]));
        }
        scan::check_nesting(text, limits).map_err(|fault| gather(vec![fault]))?;
        let mut pairs = match RuleParser::parse(Rule::rule, text) {
            Ok(pairs) => pairs,
            Err(error) => return Err(gather(slips::explain(text, fault_at(&error), &parse_fault))),
        };
        let Some(expression) = pairs.next() else {
            return Err(gather(slips::explain(text, 0, &parse_fault)));
        };
        let mut reader = TextReader { builder: Builder::new(limits), mixed: None, slips: Vec::new() };
        let root = reader.expression(expression).map_err(|fault| gather(vec![fault]))?;
        if !reader.slips.is_empty() {
            return Err(gather(reader.slips));
        }
        let warnings = reader.mixed.into_iter().collect();
        Ok(Ast { root: root.node, source, warnings })
    }
}

/// The byte at which the grammar gives up; `None` where it accepts the text.
fn parse_fault(text: &str) -> Option<usize> {
    RuleParser::parse(Rule::rule, text).err().map(|error| fault_at(&error))
}

fn fault_at(error: &pest::error::Error<Rule>) -> usize {
    match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    }
}

struct TextReader<'l> {
    builder: Builder<'l>,
    /// The warning for the first `&&` that stands in an `||` without brackets.
    mixed: Option<Diagnostic>,
    slips: Vec<Diagnostic>,
}

/// A node with the span that its brackets add, for the nodes around it.
struct Operand {
    node: Expression,
    outer: Span,
    bracketed: bool,
}

impl Operand {
    fn plain(node: Expression) -> Operand {
        Operand { outer: node.span, node, bracketed: false }
    }
}

fn span_of(pair: &Pair<'_, Rule>) -> Span {
    let span = pair.as_span();
    Span::new(span.start(), span.end())
}

impl TextReader<'_> {
    /// Reads a flat run of operands and operators. Operators wait on a stack
    /// until one that binds no tighter follows, so only brackets recurse.
    fn expression(&mut self, pair: Pair<'_, Rule>) -> Result<Operand, Diagnostic> {
        let mut pairs = pair.into_inner();
        let mut operands = vec![self.operand(&mut pairs)?];
        let mut waiting: Vec<Operator> = Vec::new();
        while let Some(pair) = pairs.next() {
            let Some(operator) = Operator::infix(pair.as_str()) else {
                return Err(internal(span_of(&pair)));
            };
            while let Some(last) = waiting.pop_if(|last| last.precedence() >= operator.precedence()) {
                self.join(last, &mut operands)?;
            }
            waiting.push(operator);
            operands.push(self.operand(&mut pairs)?);
        }
        while let Some(last) = waiting.pop() {
            self.join(last, &mut operands)?;
        }
        operands.pop().ok_or_else(|| internal(Span::default()))
    }

    fn join(&mut self, operator: Operator, operands: &mut Vec<Operand>) -> Result<(), Diagnostic> {
        let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else {
            return Err(internal(Span::default()));
        };
        if operator == Operator::Or && self.mixed.is_none() {
            self.mixed = [&left, &right].into_iter().find_map(mixed_warning);
        }
        let span = left.outer.to(right.outer);
        let node = self.builder.infix(operator, left.node, right.node, span)?;
        operands.push(Operand::plain(node));
        Ok(())
    }

    /// Prefix operators, a primary, and what is chained to it.
    fn operand(&mut self, pairs: &mut Pairs<'_, Rule>) -> Result<Operand, Diagnostic> {
        let mut prefixes: Vec<(Operator, Span)> = Vec::new();
        let mut current = loop {
            let Some(pair) = pairs.next() else {
                return Err(internal(Span::default()));
            };
            let span = span_of(&pair);
            match pair.as_rule() {
                Rule::prefix => match Operator::prefix(pair.as_str()) {
                    Some(operator) => prefixes.push((operator, span)),
                    None => return Err(internal(span)),
                },
                Rule::bracket => {
                    let Some(inner) = pair.into_inner().next() else {
                        return Err(internal(span));
                    };
                    let inner = self.expression(inner)?;
                    break Operand { node: inner.node, outer: span, bracketed: true };
                }
                Rule::literal_number => {
                    let text = pair.as_str();
                    let digits =
                        text.trim_start_matches(|character| character == '-' || scan::is_space(character));
                    let sign = if text.starts_with('-') { "-" } else { "" };
                    break Operand::plain(
                        self.builder.leaf(Literal::Number(format!("{sign}{digits}")), span)?,
                    );
                }
                Rule::string => {
                    break Operand::plain(self.builder.leaf(Literal::Text(decode(pair.as_str())), span)?);
                }
                Rule::name => break self.name(pair, pairs)?,
                _ => return Err(internal(span)),
            }
        };
        while pairs.peek().is_some_and(|pair| pair.as_rule() == Rule::member) {
            let Some(pair) = pairs.next() else { break };
            current = self.member(current, pair)?;
        }
        for (operator, span) in prefixes.into_iter().rev() {
            let span = span.to(current.outer);
            current = Operand::plain(self.builder.prefix(operator, current.node, span)?);
        }
        Ok(current)
    }

    /// A name that stands first: a boolean, a profile, a bare word, or a call
    /// that lacks its profile.
    fn name(&mut self, pair: Pair<'_, Rule>, pairs: &mut Pairs<'_, Rule>) -> Result<Operand, Diagnostic> {
        let span = span_of(&pair);
        let text = pair.as_str();
        if pairs.peek().is_some_and(|pair| pair.as_rule() == Rule::arguments)
            && let Some(pair) = pairs.next()
        {
            if let Some(slip) = slips::word_operator(text, span) {
                self.slips.push(slip);
            }
            let whole = span.to(span_of(&pair));
            let arguments = self.arguments(pair)?;
            let name = Name { text: text.to_owned(), span, tag: None };
            return Ok(Operand::plain(self.builder.call(None, name, arguments, whole)?));
        }
        let node = match text {
            "true" => self.builder.leaf(Literal::Boolean(true), span)?,
            "false" => self.builder.leaf(Literal::Boolean(false), span)?,
            _ => self.builder.name(text.to_owned(), span)?,
        };
        Ok(Operand::plain(node))
    }

    fn member(&mut self, receiver: Operand, pair: Pair<'_, Rule>) -> Result<Operand, Diagnostic> {
        let span = receiver.outer.to(span_of(&pair));
        let mut inner = pair.into_inner();
        let Some(name) = inner.next() else {
            return Err(internal(span));
        };
        let name = Name { text: name.as_str().to_owned(), span: span_of(&name), tag: None };
        let node = match inner.next() {
            Some(arguments) => {
                let arguments = self.arguments(arguments)?;
                self.builder.call(Some(receiver.node), name, arguments, span)?
            }
            None => self.builder.member(receiver.node, name, span)?,
        };
        Ok(Operand::plain(node))
    }

    fn arguments(&mut self, pair: Pair<'_, Rule>) -> Result<Vec<Expression>, Diagnostic> {
        pair.into_inner().map(|argument| Ok(self.expression(argument)?.node)).collect()
    }
}

/// The warning for an `&&` chain that stands in an `||` without brackets.
fn mixed_warning(operand: &Operand) -> Option<Diagnostic> {
    let is_and = matches!(operand.node.kind, ExpressionKind::Chain { operator: Operator::And, .. });
    (is_and && !operand.bracketed).then(|| {
        Diagnostic::new(Code::MixedAndOr, operand.node.span, "`&&` and `||` are mixed without brackets")
            .note("`&&` binds tighter, so this part is decided first")
            .help("put brackets round the part that belongs together")
    })
}

/// The grammar and this reader disagree. A test reads every production, so no
/// author should ever see it; it is an error and no panic all the same.
fn internal(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this part of the rule could not be read")
}

/// The text of a quoted string: `\"` and `\\` are escapes, any other backslash
/// stays as it is.
fn decode(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\'
            && let Some(escaped) = characters.next_if(|next| matches!(next, '"' | '\\'))
        {
            text.push(escaped);
        } else {
            text.push(character);
        }
    }
    text
}

/// Where a byte of the decoded text stands in the quoted one.
pub(super) fn offset_in_string(quoted: &str, decoded: usize) -> usize {
    let mut source = 1_usize;
    let mut seen = 0_usize;
    let mut characters = quoted.chars().skip(1).peekable();
    while seen < decoded {
        let Some(character) = characters.next() else { break };
        source = source.saturating_add(character.len_utf8());
        if character == '\\' && characters.next_if(|next| matches!(next, '"' | '\\')).is_some() {
            source = source.saturating_add(1);
        }
        seen = seen.saturating_add(character.len_utf8());
    }
    source.min(quoted.len())
}
