//! Arguments fitted to the parameters of a method.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::rule::{Argument, Node, NodeKind, Type};
use crate::schema::{Function, Method, Param, Role, TypeName};
use crate::syntax::ast::{Expression, ExpressionKind, Literal};
use crate::syntax::offset_in_string;
use crate::value::{DateText, Pattern, Zone};

use super::Checker;

type Arguments = (Vec<Node>, Vec<Argument>);

impl Checker<'_> {
    /// Fits arguments to parameters: the nodes as written, and the same ready
    /// for use. `receiver` is the type of the value that is asked.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        method: &Method,
        written: &[Expression],
        receiver: Option<&Type>,
        whole: &Expression,
    ) -> Option<Arguments> {
        let written = self.without_dummy(name, method, written)?;
        let mut nodes = Vec::new();
        let mut prepared = Vec::new();
        let mut rest = written;
        let mut faulty = false;
        for param in &method.params {
            let Some((argument, after)) = rest.split_first() else {
                if param.optional {
                    break;
                }
                self.count_fault(name, method, written.len(), whole.span);
                return None;
            };
            rest = after;
            match self.argument(name, param, argument, &mut rest, receiver, nodes.len()) {
                Some((more, ready)) => {
                    nodes.extend(more);
                    prepared.push(ready);
                }
                None => faulty = true,
            }
        }
        if !rest.is_empty() {
            self.count_fault(name, method, written.len(), whole.span);
            return None;
        }
        if faulty || !self.possible(method.function, &prepared, whole.span) {
            return None;
        }
        Some((nodes, prepared))
    }

    /// Drops the one argument that says nothing, such as the `""` of `isNull("")`.
    fn without_dummy<'e>(
        &mut self,
        name: &str,
        method: &Method,
        written: &'e [Expression],
    ) -> Option<&'e [Expression]> {
        let [only] = written else { return Some(written) };
        let blank = match &only.kind {
            ExpressionKind::Literal(Literal::Text(text) | Literal::Untyped(text)) => text.trim().is_empty(),
            _ => false,
        };
        let says_true = match &only.kind {
            ExpressionKind::Literal(Literal::Boolean(value)) => *value,
            ExpressionKind::Literal(Literal::Untyped(text)) => text == "true",
            _ => false,
        };
        let takes_none = method.params.is_empty();
        let takes_optional = method.params.first().is_some_and(|param| param.optional);
        if (takes_none && (blank || says_true)) || (takes_optional && blank) {
            self.report(
                Diagnostic::new(
                    Code::DummyArgument,
                    only.span,
                    format!("this argument of `{name}` says nothing"),
                )
                .note("dropped")
                .help(format!("write `{name}()`")),
            );
            return Some(&[]);
        }
        Some(written)
    }

    fn count_fault(&mut self, name: &str, method: &Method, given: usize, span: Span) {
        let most = method.params.len();
        let least = method.params.iter().filter(|param| !param.optional).count();
        let names: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
        let expected = match (least, most) {
            (_, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{most} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        self.report(
            Diagnostic::new(Code::ArgumentCount, span, format!("`{name}` takes {expected}, not {given}"))
                .note(format!("expected {expected}"))
                .help(format!("write `{name}({})`", names.join(", "))),
        );
    }

    /// One argument: the nodes it takes (a date may be three numbers) and the
    /// same ready for use. `at` is the index that its first node will have.
    fn argument(
        &mut self,
        method: &str,
        param: &Param,
        argument: &Expression,
        rest: &mut &[Expression],
        receiver: Option<&Type>,
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        if param.type_name == TypeName::Date {
            return self.date_argument(argument, rest, at);
        }
        let wanted = match param.type_name {
            TypeName::Number => Type::Number,
            TypeName::Boolean => Type::Boolean,
            _ => Type::Text,
        };
        let node = match &argument.kind {
            ExpressionKind::Literal(literal) => self.literal(literal, argument, Some(&wanted))?,
            _ if param.role == Role::Expression => self.judge(argument)?,
            _ => {
                self.literal_expected(method, param, argument, &wanted);
                return None;
            }
        };
        if !node.of.same_kind(&wanted) {
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    node.span,
                    format!("`{}` of `{method}` is {}, not {}", param.name, wanted.name(), node.of.name()),
                )
                .note(format!("expected {}", wanted.name()))
                .help_if(match (&node.kind, &wanted) {
                    (NodeKind::Number(_, digits), Type::Text) => {
                        Some(format!("put it in quotes: `\"{digits}\"`"))
                    }
                    (NodeKind::Text(text), Type::Number) => {
                        Some(format!("write it without quotes: `{text}`"))
                    }
                    _ => None,
                }),
            );
            return None;
        }
        let ready = match (&node.kind, param.role) {
            (NodeKind::Text(text), Role::Regex) => {
                Argument::Pattern(self.pattern(text, node.span, receiver)?)
            }
            (NodeKind::Text(text), role) => {
                if !param.values.is_empty()
                    && !self.enum_value(text, &param.values, node.span, Code::EnumValue)
                {
                    return None;
                }
                match role {
                    Role::ItemAttribute => Argument::ItemAttribute(text.clone()),
                    Role::ItemValue => Argument::ItemValue(text.clone()),
                    _ => Argument::Text(text.clone()),
                }
            }
            (NodeKind::Number(number, _), _) => {
                let whole = number.as_integer();
                let within = whole.is_some_and(|value| {
                    param.minimum.is_none_or(|minimum| value >= minimum)
                        && param.maximum.is_none_or(|maximum| value <= maximum)
                });
                if (param.minimum.is_some() || param.maximum.is_some()) && !within {
                    self.impossible(
                        node.span,
                        format!("`{number}` cannot be the `{}` of `{method}`", param.name),
                        format!(
                            "a whole number from {} to {}",
                            param.minimum.unwrap_or(0),
                            param.maximum.map_or_else(|| "any".to_owned(), |maximum| maximum.to_string())
                        ),
                    );
                    return None;
                }
                Argument::Number(*number)
            }
            _ => Argument::Node(at),
        };
        Some((vec![node], ready))
    }

    fn literal_expected(&mut self, method: &str, param: &Param, argument: &Expression, wanted: &Type) {
        let help = match (&argument.kind, wanted) {
            (ExpressionKind::Name(word), Type::Text) => format!("put it in double quotes: `\"{word}\"`"),
            (_, Type::Number) => "write a number, such as `17`".to_owned(),
            _ => "write the text itself in double quotes".to_owned(),
        };
        self.report(
            Diagnostic::new(
                Code::LiteralExpected,
                argument.span,
                format!("`{}` of `{method}` is written out, not computed", param.name),
            )
            .note("expected a literal")
            .help(help),
        );
    }

    /// A date attribute, a string in ISO form, or year, month and day.
    fn date_argument(
        &mut self,
        argument: &Expression,
        rest: &mut &[Expression],
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        let node = match &argument.kind {
            ExpressionKind::Literal(literal) => self.literal(literal, argument, None)?,
            _ => self.judge(argument)?,
        };
        match &node.kind {
            NodeKind::Text(text) => {
                let date = DateText::parse(text);
                if date.resolve(&Zone::UTC).is_none() {
                    self.impossible(
                        node.span,
                        format!("`{text}` is no date"),
                        "a date such as `\"2025-01-31\"`",
                    );
                    return None;
                }
                Some((vec![node], Argument::Date(date)))
            }
            NodeKind::Number(..) => self.civil_date(node, rest),
            _ if node.of == Type::Date => Some((vec![node], Argument::Node(at))),
            _ => {
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        node.span,
                        format!("expected a date, but this is {}", node.of.name()),
                    )
                    .note("expected a date")
                    .help("write a date attribute, `\"2025-01-31\"` or `2025,1,31`"),
                );
                None
            }
        }
    }

    fn civil_date(&mut self, year: Node, rest: &mut &[Expression]) -> Option<(Vec<Node>, Argument)> {
        let mut nodes = vec![year];
        while nodes.len() < 3 {
            let literal = match rest.split_first() {
                Some((next, after)) => match &next.kind {
                    ExpressionKind::Literal(literal) => {
                        *rest = after;
                        self.literal(literal, next, Some(&Type::Number))?
                    }
                    _ => break,
                },
                None => break,
            };
            nodes.push(literal);
        }
        let span = nodes.iter().fold(nodes.first()?.span, |span, node| span.to(node.span));
        let numbers: Option<Vec<i64>> = nodes
            .iter()
            .map(|node| match &node.kind {
                NodeKind::Number(number, _) => number.as_integer(),
                _ => None,
            })
            .collect();
        let date = match numbers.as_deref() {
            Some([year, month, day]) if (1..=9999).contains(year) => {
                DateText::parse(&format!("{year:04}-{month:02}-{day:02}"))
            }
            _ => DateText::Invalid,
        };
        if date == DateText::Invalid {
            self.impossible(
                span,
                "these numbers are no date".to_owned(),
                "year, month and day, such as `2025,1,31`",
            );
            return None;
        }
        Some((nodes, Argument::Date(date)))
    }

    fn impossible(&mut self, span: Span, message: String, expected: impl std::fmt::Display) {
        self.report(
            Diagnostic::new(Code::ImpossibleValue, span, message)
                .note("this cannot be")
                .help(format!("expected {expected}")),
        );
    }

    /// What no single argument shows to be impossible.
    fn possible(&mut self, function: Function, prepared: &[Argument], span: Span) -> bool {
        if let (Function::IsHourBetween, [Argument::Number(from), Argument::Number(to)]) =
            (function, prepared)
            && from == to
        {
            self.impossible(
                span,
                "a span of hours that starts where it ends holds no time".to_owned(),
                "two different hours",
            );
            return false;
        }
        true
    }

    fn pattern(&mut self, text: &str, span: Span, receiver: Option<&Type>) -> Option<Pattern> {
        self.patterns = self.patterns.saturating_add(1);
        let fault = |message: String, note: &str| Diagnostic::new(Code::Limit, span, message).note(note);
        if self.patterns > self.limits.regex_count {
            let most = self.limits.regex_count;
            self.report(fault(format!("a rule has at most {most} regular expressions"), "one too many"));
            return None;
        }
        if text.len() > self.limits.regex {
            let most = self.limits.regex;
            self.report(fault(format!("a regular expression has at most {most} bytes"), "too long"));
            return None;
        }
        let whole = matches!(receiver, Some(Type::Enum(_)));
        match Pattern::compile(text, whole, self.limits.regex_compiled) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let quoted = self.ast.source().slice(span);
                let place = if quoted.starts_with('"') {
                    let at = |offset| span.start.saturating_add(offset_in_string(quoted, offset));
                    Span::new(at(error.start), at(error.end))
                } else {
                    span
                };
                self.report(
                    Diagnostic::new(
                        Code::Regex,
                        place,
                        format!("this regular expression is refused: {}", error.message),
                    )
                    .note("in this part"),
                );
                None
            }
        }
    }
}
