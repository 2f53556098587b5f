//! What operators take: the only place that knows which types go together.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::rule::{Node, NodeKind, Type};
use crate::schema::closest;
use crate::syntax::ast::{Expression, ExpressionKind, Literal};
use crate::syntax::{Operator, OperatorKind};

use super::Checker;

impl Checker<'_> {
    pub(super) fn prefix(
        &mut self,
        operator: Operator,
        operand: &Expression,
        whole: &Expression,
    ) -> Option<Node> {
        let help = match operator {
            Operator::Not => "compare with `==false` instead",
            _ => "write `0-...` instead",
        };
        self.report(
            Diagnostic::new(
                Code::Extension,
                whole.span,
                format!("the platform has no `{}` before an operand", operator.spelling()),
            )
            .note("decided here, refused there")
            .help(help),
        );
        let judged = self.judge(operand)?;
        let wanted = if operator == Operator::Not { Type::Boolean } else { Type::Number };
        self.wants(operator, &judged, &wanted)?;
        Some(Node {
            kind: NodeKind::Prefix { operator, operand: Box::new(judged) },
            of: wanted,
            span: whole.span,
        })
    }

    pub(super) fn chain(
        &mut self,
        operator: Operator,
        operands: &[Expression],
        whole: &Expression,
    ) -> Option<Node> {
        let mut judged = Vec::with_capacity(operands.len());
        for operand in operands {
            if let Some(node) = self.judge(operand)
                && self.wants(operator, &node, &Type::Boolean).is_some()
            {
                judged.push(node);
            }
        }
        (judged.len() == operands.len()).then_some(Node {
            kind: NodeKind::Chain { operator, operands: judged },
            of: Type::Boolean,
            span: whole.span,
        })
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        whole: &Expression,
    ) -> Option<Node> {
        let (left, right) = match operator.kind() {
            OperatorKind::Equality => self.equality(operator, left, right)?,
            OperatorKind::Ordering => {
                let chained = [left, right].into_iter().find(|side| is_ordering(side));
                if let Some(inner) = chained {
                    self.report(
                        Diagnostic::new(Code::ChainedComparison, whole.span, "orderings cannot be chained")
                            .note(format!(
                                "`{}` orders numbers or dates, not the result of an ordering",
                                operator.spelling()
                            ))
                            .label(inner.span, "this is true or false")
                            .help("write both comparisons and join them, such as `a>1&&a<5`"),
                    );
                    return None;
                }
                let (left, right) = self.both(left, right);
                let (left, right) = (left?, right?);
                let ordered = |of: &Type| matches!(of, Type::Number | Type::Date);
                if left.of != right.of || !ordered(&left.of) {
                    self.mismatch(operator, &left, &right, "two numbers or two dates");
                    return None;
                }
                (left, right)
            }
            _ => {
                let (left, right) = self.both(left, right);
                let left = left.filter(|left| self.wants(operator, left, &Type::Number).is_some());
                let right = right.filter(|right| self.wants(operator, right, &Type::Number).is_some());
                (left?, right?)
            }
        };
        let of = if operator.kind() == OperatorKind::Arithmetic { Type::Number } else { Type::Boolean };
        Some(Node {
            kind: NodeKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
            of,
            span: whole.span,
        })
    }

    /// Judges both sides, so that the faults of both are reported.
    fn both(&mut self, left: &Expression, right: &Expression) -> (Option<Node>, Option<Node>) {
        match (takes_its_type(left), takes_its_type(right)) {
            (true, false) => {
                let right = self.judge(right);
                let left = right.as_ref().map_or_else(|| None, |right| self.beside(left, right));
                (left, right)
            }
            (false, true) => {
                let left = self.judge(left);
                let right = left.as_ref().map_or_else(|| None, |left| self.beside(right, left));
                (left, right)
            }
            _ => (self.judge(left), self.judge(right)),
        }
    }

    /// A word or a literal without a type, beside a node that says what it is.
    fn beside(&mut self, side: &Expression, other: &Node) -> Option<Node> {
        match (&side.kind, &other.of) {
            (ExpressionKind::Literal(literal), of) => self.literal(literal, side, Some(of)),
            (ExpressionKind::Name(word), Type::Enum(_)) => {
                Some(Node { kind: NodeKind::Word(word.clone()), of: other.of.clone(), span: side.span })
            }
            _ => self.judge(side),
        }
    }

    fn equality(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
    ) -> Option<(Node, Node)> {
        let (left, right) = self.both(left, right);
        let (left, right) = (left?, right?);
        if !left.of.same_kind(&right.of) {
            self.mismatch(operator, &left, &right, "two values of one kind");
            return None;
        }
        let listed = self.listed(&left, &right) & self.listed(&right, &left);
        listed.then_some((left, right))
    }

    /// Whether a constant is among the values of what it is compared with.
    fn listed(&mut self, constant: &Node, other: &Node) -> bool {
        let (NodeKind::Text(text) | NodeKind::Word(text)) = &constant.kind else {
            return true;
        };
        match &other.of {
            Type::Enum(values) => self.enum_value(text, values, constant.span, Code::EnumValue),
            _ => match self.known_values(other) {
                Some(values) => self.enum_value(text, &values, constant.span, Code::UnknownValue),
                None => true,
            },
        }
    }

    /// Reports a value that is not listed; true where the rule may stand.
    pub(super) fn enum_value(&mut self, text: &str, values: &[String], span: Span, code: Code) -> bool {
        if values.iter().any(|value| value == text) {
            return true;
        }
        let names = || values.iter().map(String::as_str);
        let help = match closest(text, names()) {
            Some(value) => format!("did you mean `{value}`?"),
            None => format!("the values are {}", listing(names())),
        };
        let message = match code {
            Code::UnknownValue => format!("`{text}` is not among the known values"),
            _ => format!("`{text}` is not one of the values"),
        };
        self.report(Diagnostic::new(code, span, message).note("not a listed value").help(help));
        code != Code::EnumValue
    }

    fn wants(&mut self, operator: Operator, node: &Node, wanted: &Type) -> Option<()> {
        if node.of == *wanted {
            return Some(());
        }
        let help = match (wanted, &node.of) {
            (Type::Boolean, Type::Number) => Some("compare it, such as `>500`"),
            (Type::Boolean, Type::Text | Type::Enum(_)) => Some("compare it, such as `==\"Gold\"`"),
            (Type::Boolean, Type::Date) => Some("ask the date something, such as `.isWeekend()`"),
            (Type::Number, Type::Text) if matches!(node.kind, NodeKind::Text(_)) => {
                Some("write numbers without quotes")
            }
            _ => None,
        };
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                node.span,
                format!("`{}` takes {}, but this is {}", operator.spelling(), wanted.name(), node.of.name()),
            )
            .note(format!("expected {}", wanted.name()))
            .help_if(help.map(str::to_owned)),
        );
        None
    }

    fn mismatch(&mut self, operator: Operator, left: &Node, right: &Node, wanted: &str) {
        let (wrong, other) =
            if is_constant(left) && !is_constant(right) { (left, right) } else { (right, left) };
        let message = format!(
            "`{}` compares {wanted}, not {} with {}",
            operator.spelling(),
            left.of.name(),
            right.of.name()
        );
        let help = match (&wrong.kind, &other.of) {
            (NodeKind::Text(text), Type::Number) if crate::value::Number::from_literal(text).is_ok() => {
                Some(format!("write the number without quotes: `{text}`"))
            }
            (NodeKind::Number(_, digits), Type::Text) => {
                Some(format!("write it as a string: `\"{digits}\"`"))
            }
            (NodeKind::Boolean(_), Type::Enum(values)) => {
                Some(format!("the values are {}", listing(values.iter().map(String::as_str))))
            }
            (NodeKind::Text(_), Type::Date) => {
                Some("ask the date something, such as `.dateDiff(\"2025-01-31\")==0`".to_owned())
            }
            _ if left.of == Type::Boolean && right.of == Type::Boolean => Some("use `==` or `!=`".to_owned()),
            _ if left.of.same_kind(&right.of) && operator.kind() == OperatorKind::Ordering => {
                Some("texts have no order; use `==`, `!=` or `.contains(...)`".to_owned())
            }
            _ => None,
        };
        self.report(
            Diagnostic::new(Code::TypeMismatch, wrong.span, message)
                .note(format!("this is {}", wrong.of.name()))
                .label(other.span, format!("this is {}", other.of.name()))
                .help_if(help),
        );
    }
}

/// Names for a message, at most eight of them.
pub(super) fn listing<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(MOST);
    if rest > 0 { format!("{} and {rest} more", shown.join(", ")) } else { shown.join(", ") }
}

fn takes_its_type(side: &Expression) -> bool {
    matches!(side.kind, ExpressionKind::Name(_) | ExpressionKind::Literal(Literal::Untyped(_)))
}

fn is_ordering(side: &Expression) -> bool {
    matches!(&side.kind, ExpressionKind::Binary { operator, .. } if operator.kind() == OperatorKind::Ordering)
}

fn is_constant(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_))
}
