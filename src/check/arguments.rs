//! Arguments fitted to the parameters of a method.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Repair, Span, repair, shortened};
use crate::schema::model::{Method, Param};
use crate::schema::{Function, Role, TypeName, find_profile};
use crate::syntax::ast::{AstLiteral, AstNode, AstNodeKind};
use crate::syntax::{Operator, quoted};
use crate::typed::{Figure, Node, NodeKind, Type};
use crate::value::{DateText, Number, NumberForm, Zone};

use super::calls::Argument;
use super::checker::Checker;
use super::dates::day_meant;
use super::phrases::{described, is_nothing};
use super::repairs::in_quotes;

type Arguments = (Vec<Node>, Vec<Argument>);

impl Checker<'_> {
    /// Fits arguments to parameters: the nodes as written, and the same converted
    /// for use. `receiver` is the type of the value whose method is called.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        method: &Method,
        written: &[AstNode],
        receiver: Option<&Type>,
        whole: &AstNode,
    ) -> Option<Arguments> {
        let written = self.without_dummy(name, method, written)?;
        if self.compares_arguments(name, method, written) {
            return None;
        }
        let mut nodes = Vec::new();
        let mut prepared = Vec::new();
        let mut rest = written;
        let mut faulty = false;
        for param in &method.params {
            let Some((argument, after)) = rest.split_first() else {
                if param.optional {
                    break;
                }
                self.count_fault(name, method, written.len(), whole);
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
        if !rest.is_empty() && !faulty {
            self.count_fault(name, method, written.len(), whole);
            return None;
        }
        // The document answers for constants only.
        if method.function == Function::Answered
            && let Some(at) = prepared.iter().position(|argument| matches!(argument, Argument::Node(_)))
            && let (Some(param), Some(argument)) = (method.params.get(at), written.get(at))
        {
            self.literal_expected(name, param, argument, &Type::Text);
            return None;
        }
        if faulty
            || !self.possible(method.function, &prepared, whole.span)
            || !self.known_item_value(&nodes, &prepared)
        {
            return None;
        }
        self.look_for_patterns(name, method, &nodes, whole);
        Some((nodes, prepared))
    }

    /// Drops the one argument that says nothing, such as the `""` of `isNull("")`.
    fn without_dummy<'e>(
        &mut self,
        name: &str,
        method: &Method,
        written: &'e [AstNode],
    ) -> Option<&'e [AstNode]> {
        let [only] = written else { return Some(written) };
        let blank = match &only.kind {
            AstNodeKind::Literal(AstLiteral::Text(text) | AstLiteral::Untyped(text)) => {
                text.trim().is_empty()
            }
            _ => false,
        };
        let says_true = match &only.kind {
            AstNodeKind::Literal(AstLiteral::Boolean(value)) => *value,
            AstNodeKind::Literal(AstLiteral::Untyped(text)) => text == "true",
            _ => false,
        };
        let takes_none = method.params.is_empty();
        let takes_optional = method.params.first().is_some_and(|param| param.optional);
        if (takes_none && (blank || says_true)) || (takes_optional && blank) {
            let dropped = self.editor().in_text(only.span, "", Safe);
            self.report(
                Diagnostic::new(
                    Code::DummyArgument,
                    only.span,
                    format!("this argument of `{name}` says nothing"),
                )
                .note("dropped")
                .help(Repair::from(format!("write `{name}()`")).by(dropped)),
            );
            return Some(&[]);
        }
        Some(written)
    }

    /// Reports `basketQty(brand=="Puma")`: one comparison where a name and its value
    /// are two arguments.
    #[inline(never)]
    fn compares_arguments(&mut self, name: &str, method: &Method, written: &[AstNode]) -> bool {
        let [AstNode { kind: AstNodeKind::Binary { operator, left, right }, span, .. }] = written else {
            return false;
        };
        let texts = method.params.iter().filter(|param| param.type_name == TypeName::String).count();
        let (AstNodeKind::Name(word) | AstNodeKind::Literal(AstLiteral::Text(word)), 2) =
            (&left.kind, method.params.len().min(texts))
        else {
            return false;
        };
        let AstNodeKind::Literal(AstLiteral::Text(value)) = &right.kind else { return false };
        if *operator != Operator::Equal {
            return false;
        }
        let pair = format!("{},{}", quoted(word), quoted(value));
        let said = format!("a name and its value are two arguments: `{name}({})`", repair(&pair));
        let help = Repair::from(said).by(self.editor().in_text(*span, pair, Guess));
        self.report(
            Diagnostic::new(
                Code::LiteralExpected,
                *span,
                format!("`{name}` is given a comparison, not a name and a value"),
            )
            .note("expected two fixed texts")
            .help(help),
        );
        true
    }

    fn count_fault(&mut self, name: &str, method: &Method, given: usize, whole: &AstNode) {
        let most = method.params.len();
        let least = method.params.iter().filter(|param| !param.optional).count();
        let names: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
        let expected = match (least, most) {
            (_, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{most} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let profile = match &whole.kind {
            AstNodeKind::Call { receiver: Some(receiver), .. } => match &receiver.kind {
                AstNodeKind::Name(profile) => find_profile(self.schema, profile).map(|(profile, _)| profile),
                _ => None,
            },
            _ => None,
        };
        let call = format!("{}.{name}({})", profile.unwrap_or(""), names.join(", "));
        self.report(
            Diagnostic::new(
                Code::ArgumentCount,
                whole.span,
                format!(
                    "`{name}` takes {expected}, but {given} {} given",
                    if given == 1 { "is" } else { "are" }
                ),
            )
            .note(format!("expected {expected}"))
            .help(format!("write `{call}`")),
        );
    }

    /// One argument: the nodes it takes (a date may be three numbers) and the
    /// same ready for use. `at` is the index that its first node will have.
    fn argument(
        &mut self,
        method: &str,
        param: &Param,
        argument: &AstNode,
        rest: &mut &[AstNode],
        receiver: Option<&Type>,
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        if param.type_name == TypeName::Date {
            return self.date_argument(method, param, argument, rest, at);
        }
        let wanted = match (param.type_name, &argument.kind) {
            (TypeName::Number, _) => Type::Number,
            (TypeName::Boolean, _) => Type::Boolean,
            // A parameter of unknown type takes any literal.
            (TypeName::Unknown, AstNodeKind::Literal(AstLiteral::Number(_))) => Type::Number,
            (TypeName::Unknown, AstNodeKind::Literal(AstLiteral::Boolean(_))) => Type::Boolean,
            _ => Type::Text,
        };
        let node = match &argument.kind {
            AstNodeKind::Literal(literal) => self.literal(literal, argument, Some(&wanted))?,
            _ if matches!(param.role, Role::Expression | Role::DateText) => self.judge(argument)?,
            _ => {
                self.literal_expected(method, param, argument, &wanted);
                return None;
            }
        };
        self.fitted(method, param, node, &wanted, receiver, at)
    }

    /// Converts a checked argument to what its parameter uses it as.
    #[inline(never)]
    fn fitted(
        &mut self,
        method: &str,
        param: &Param,
        node: Node,
        wanted: &Type,
        receiver: Option<&Type>,
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        if !node.of.same_kind(wanted) {
            self.wrong_argument(method, param, &node, wanted);
            return None;
        }
        let ready = match (&node.kind, param.role) {
            (NodeKind::Text(text), role) => {
                if !param.values.is_empty() {
                    let code = if param.open { Code::UnknownValue } else { Code::EnumValue };
                    if !self.enum_value(text, &param.values, node.span, code) {
                        return None;
                    }
                }
                self.look_at_argument(param, text, node.span);
                self.text_argument(text, role, node.span, receiver)?
            }
            (NodeKind::Boolean(_), _) => Argument::Boolean,
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
            (_, Role::DateText) => Argument::DateNode(at),
            _ => Argument::Node(at),
        };
        Some((vec![node], ready))
    }

    fn wrong_argument(&mut self, method: &str, param: &Param, node: &Node, wanted: &Type) {
        let instead = |with: String| self.editor().in_text(node.span, with, Safe);
        let repair = match (&node.kind, wanted) {
            (NodeKind::Number(_, digits), Type::Text) => {
                let said = format!("put it in quotes: `\"{}\"`", shortened(digits));
                Some(Repair::from(said).by(instead(quoted(digits))))
            }
            (NodeKind::Text(text), Type::Number) if Number::from_literal(text).is_ok() => {
                let said = format!("write it without quotes: `{text}`");
                Some(Repair::from(said).by(instead(text.clone())))
            }
            (_, Type::Number) => Some("write a number, such as `17`".into()),
            _ => None,
        };
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                node.span,
                format!(
                    "`{}` of `{method}` must be {}, but this is {}",
                    param.name,
                    described(wanted),
                    described(&node.of)
                ),
            )
            .note(format!("expected {}", described(wanted)))
            .help_if(repair),
        );
    }

    /// Converts a string to what its parameter uses it as.
    fn text_argument(
        &mut self,
        text: &str,
        role: Role,
        span: Span,
        receiver: Option<&Type>,
    ) -> Option<Argument> {
        match role {
            Role::Regex => self.pattern(text, span, receiver).map(Argument::Pattern),
            Role::ItemAttribute => {
                self.known_item_attribute(text, span);
                Some(Argument::ItemAttribute(text.into()))
            }
            Role::ItemValue => Some(Argument::ItemValue(text.into())),
            Role::ItemFigure => Figure::named(text).map(Argument::Figure),
            Role::ItemComparison => comparison(text).map(Argument::Comparison),
            Role::QuotedNumber => match Number::from_literal(text) {
                Ok(number) => Some(Argument::Number(number)),
                Err(NumberForm::OutOfRange) => self.number_range(span),
                Err(NumberForm::Malformed) => {
                    let message = format!("`{}` is no number", shortened(text));
                    self.impossible(span, message, "a number in quotes, such as `\"1000\"`");
                    None
                }
            },
            Role::Edges => self.edges(text, span).map(Argument::Edges),
            Role::DateText => self.date_text(text, span).map(Argument::Date),
            Role::Literal | Role::Expression | Role::Time => Some(Argument::Text(text.to_owned())),
        }
    }

    /// Numbers joined by commas, each above the one before it.
    fn edges(&mut self, text: &str, span: Span) -> Option<Vec<Number>> {
        let mut edges: Vec<Number> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let message = match Number::from_literal(part) {
                Err(NumberForm::OutOfRange) => return self.number_range(span),
                Err(NumberForm::Malformed) => format!("the edge `{}` is no number", shortened(part)),
                Ok(edge) if edges.last().is_some_and(|last| *last >= edge) => {
                    format!("the edge `{}` is not above the one before it", shortened(part))
                }
                Ok(edge) => {
                    edges.push(edge);
                    continue;
                }
            };
            self.impossible(span, message, "ascending numbers, such as `\"100,400,600\"`");
            return None;
        }
        Some(edges)
    }

    fn date_text(&mut self, text: &str, span: Span) -> Option<DateText> {
        let date = DateText::parse(text);
        if date.resolve(&Zone::UTC).is_none() {
            let fault = impossible(
                span,
                format!("`{}` is no date", shortened(text)),
                "a date such as `\"2025-01-31\"`",
            );
            let instead = day_meant(text).and_then(|day| self.editor().in_text(span, quoted(&day), Guess));
            self.report(fault.suggest(instead));
            return None;
        }
        Some(date)
    }

    /// Warns of an item attribute that is nearly one that the organisation or
    /// the language knows.
    fn known_item_attribute(&mut self, name: &str, span: Span) {
        if let Some(close) = self.schema.item_attribute_meant(name) {
            // The types of a tree name the attribute beside its value again.
            let instead = self.editor().in_text(span, quoted(close), Guess);
            self.report(
                Diagnostic::new(
                    Code::UnknownValue,
                    span,
                    format!("line items have no known attribute `{}`", shortened(name)),
                )
                .note("not a listed attribute")
                .help(Repair::did_you_mean(close, instead)),
            );
        }
    }

    /// Checks a value of an item attribute against those that are known.
    fn known_item_value(&mut self, nodes: &[Node], prepared: &[Argument]) -> bool {
        let ([attribute, _, ..], [_, Argument::ItemValue(value), ..], Some(node)) =
            (prepared, prepared, nodes.get(1))
        else {
            return true;
        };
        let Argument::ItemAttribute(attribute) = attribute else { return true };
        let known = self.schema.inventory.get(&**attribute).filter(|known| !known.values.is_empty());
        let Some(known) = known else { return true };
        let code = if known.open { Code::UnknownValue } else { Code::EnumValue };
        self.enum_value(value, &known.values, node.span, code)
    }

    fn literal_expected(&mut self, method: &str, param: &Param, argument: &AstNode, wanted: &Type) {
        let fixed = match wanted {
            Type::Number => "a fixed number",
            Type::Boolean => "`true` or `false`",
            _ => "a fixed text in double quotes",
        };
        let help = match (&argument.kind, wanted) {
            (AstNodeKind::Name(word), Type::Text) if is_nothing(word) => {
                "write the text itself in double quotes; no argument stands for a missing value".into()
            }
            (AstNodeKind::Name(word), Type::Text) => {
                let said = format!("put it in double quotes: `\"{}\"`", shortened(word));
                in_quotes(said, self.editor(), argument.span, word, Safe)
            }
            (_, Type::Number) => "write a number, such as `17`".into(),
            _ => "write the text itself in double quotes".into(),
        };
        self.report(
            Diagnostic::new(
                Code::LiteralExpected,
                argument.span,
                format!("`{}` of `{method}` must be {fixed}", param.name),
            )
            .note(format!("expected {fixed}"))
            .help(help),
        );
    }

    /// A date attribute, a string in ISO form, or year, month and day.
    fn date_argument(
        &mut self,
        method: &str,
        param: &Param,
        argument: &AstNode,
        rest: &mut &[AstNode],
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        let node = match &argument.kind {
            AstNodeKind::Literal(literal) => self.literal(literal, argument, None)?,
            _ => self.judge(argument)?,
        };
        self.fitted_date(method, param, node, rest, at)
    }

    #[inline(never)]
    fn fitted_date(
        &mut self,
        method: &str,
        param: &Param,
        node: Node,
        rest: &mut &[AstNode],
        at: usize,
    ) -> Option<(Vec<Node>, Argument)> {
        match &node.kind {
            NodeKind::Text(text) => {
                let date = self.date_text(text, node.span)?;
                Some((vec![node], Argument::Date(date)))
            }
            NodeKind::Number(..) => self.civil_date(method, param, node, rest),
            _ if node.of == Type::Date => Some((vec![node], Argument::Node(at))),
            _ => {
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        node.span,
                        format!("expected a date, but this is {}", described(&node.of)),
                    )
                    .note("expected a date")
                    .help("write a date attribute, `\"2025-01-31\"` or `2025,1,31`"),
                );
                None
            }
        }
    }

    /// Year, month and day; where the parameter takes a time, also hour,
    /// minute and second.
    fn civil_date(
        &mut self,
        method: &str,
        param: &Param,
        year: Node,
        rest: &mut &[AstNode],
    ) -> Option<(Vec<Node>, Argument)> {
        let most = if param.role == Role::Time { 6 } else { 3 };
        let mut nodes = vec![year];
        while nodes.len() < most
            && let Some((next, after)) = rest.split_first()
            && let AstNodeKind::Literal(literal @ (AstLiteral::Number(_) | AstLiteral::Untyped(_))) =
                &next.kind
        {
            *rest = after;
            nodes.push(self.literal(literal, next, Some(&Type::Number))?);
        }
        if nodes.len() != 3
            && nodes.len() != most
            && let Some(computed) = rest.first()
            && !matches!(computed.kind, AstNodeKind::Literal(_))
        {
            self.literal_expected(method, param, computed, &Type::Number);
            return None;
        }
        let span = nodes.iter().fold(nodes.first()?.span, |span, node| span.to(node.span));
        if nodes.len() != 3 && nodes.len() != most {
            let expected = if most == 6 {
                "`year, month, day` or `year, month, day, hour, minute, second`"
            } else {
                "`year, month, day`"
            };
            self.report(
                Diagnostic::new(
                    Code::ArgumentCount,
                    span,
                    format!("`{method}` takes a date as {expected}, not as {} numbers", nodes.len()),
                )
                .note(format!("expected {expected}"))
                .help("write all numbers of the date, such as `2025,1,31`"),
            );
            return None;
        }
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
            Some([year, month, day, hour, minute, second]) if (1..=9999).contains(year) => {
                DateText::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
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
        self.report(impossible(span, message, expected));
    }

    /// Reports arguments that cannot be together, such as an hour span that is
    /// empty.
    fn possible(&mut self, function: Function, prepared: &[Argument], span: Span) -> bool {
        if !matches!(function, Function::IsHourBetween | Function::IsTimeBetween) {
            return true;
        }
        let numbers: Vec<Number> = prepared
            .iter()
            .filter_map(|argument| match argument {
                Argument::Number(number) => Some(*number),
                _ => None,
            })
            .collect();
        let (message, expected) = match (function, numbers.as_slice()) {
            (Function::IsHourBetween, [from, to]) if from == to => {
                ("a span of hours that starts where it ends holds no time", "two different hours")
            }
            (Function::IsTimeBetween, [from_hour, from_minute, to_hour, to_minute])
                if (from_hour, from_minute) == (to_hour, to_minute) =>
            {
                ("a span of time that starts where it ends holds no time", "two different times")
            }
            (Function::IsTimeBetween, [_, _, to_hour, to_minute])
                if to_hour.as_integer() == Some(24) && *to_minute != Number::ZERO =>
            {
                ("no time of day is after 24:00", "a time up to `24,0`")
            }
            _ => return true,
        };
        self.impossible(span, message.to_owned(), expected);
        false
    }
}

/// The operator that the `...If` methods call so, in both spellings.
fn comparison(name: &str) -> Option<Operator> {
    match name {
        "GREATER_THAN" => Some(Operator::Greater),
        "LESS_THAN" => Some(Operator::Less),
        "GREATER_THAN_EQUALS_TO" | "GREATER_THAN_EQUAL_TO" => Some(Operator::GreaterOrEqual),
        "LESS_THAN_EQUALS_TO" | "LESS_THAN_EQUAL_TO" => Some(Operator::LessOrEqual),
        "EQUALS_TO" | "EQUAL_TO" => Some(Operator::Equal),
        "NOT_EQUALS_TO" | "NOT_EQUAL_TO" => Some(Operator::NotEqual),
        _ => None,
    }
}

/// The fault of a value that cannot be.
fn impossible(span: Span, message: String, expected: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::ImpossibleValue, span, message)
        .note("this cannot be")
        .help(format!("expected {expected}"))
}
