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
        self.prefix_is_an_extension(operator, whole.span);
        let operand = self.judge(operand);
        self.prefixed(operator, operand, whole.span)
    }

    #[inline(never)]
    fn prefix_is_an_extension(&mut self, operator: Operator, span: Span) {
        let help = match operator {
            Operator::Not => "compare with `==false` instead",
            _ => "write `0-...` instead",
        };
        self.report(
            Diagnostic::new(
                Code::Extension,
                span,
                format!("the platform has no `{}` before an operand", operator.spelling()),
            )
            .note("decided here, refused there")
            .help(help),
        );
    }

    #[inline(never)]
    fn prefixed(&mut self, operator: Operator, operand: Option<Node>, span: Span) -> Option<Node> {
        let of = if operator == Operator::Not { Type::Boolean } else { Type::Number };
        let operand = operand.filter(|operand| self.wants(operator, operand, &of))?;
        Some(Node { kind: NodeKind::Prefix { operator, operand: Box::new(operand) }, of, span })
    }

    pub(super) fn chain(
        &mut self,
        operator: Operator,
        operands: &[Expression],
        whole: &Expression,
    ) -> Option<Node> {
        let mut judged = Vec::with_capacity(operands.len());
        for operand in operands {
            let node = self.judge(operand);
            self.chained(operator, node, &mut judged);
        }
        (judged.len() == operands.len()).then_some(Node {
            kind: NodeKind::Chain { operator, operands: judged },
            of: Type::Boolean,
            span: whole.span,
        })
    }

    #[inline(never)]
    fn chained(&mut self, operator: Operator, operand: Option<Node>, into: &mut Vec<Node>) {
        into.extend(operand.filter(|operand| self.wants(operator, operand, &Type::Boolean)));
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        whole: &Expression,
    ) -> Option<Node> {
        if self.chains_orderings(operator, left, right, whole.span) {
            return None;
        }
        // A side that takes its type from the other is judged after it.
        let takes_its_type = |side: &Expression| match side.kind {
            ExpressionKind::Literal(Literal::Untyped(_)) => true,
            // A bare word is a constant beside `==` and `!=` only.
            ExpressionKind::Name(_) => operator.kind() == OperatorKind::Equality,
            _ => false,
        };
        if takes_its_type(left) && !takes_its_type(right) {
            let right = self.judge(right);
            let left = self.beside(left, right.as_ref());
            return self.joined(operator, left, right, whole.span);
        }
        let beside = takes_its_type(right) && !takes_its_type(left);
        let left = self.judge(left);
        let right = if beside { self.beside(right, left.as_ref()) } else { self.judge(right) };
        self.joined(operator, left, right, whole.span)
    }

    /// Reports an ordering of what is an ordering itself.
    #[inline(never)]
    fn chains_orderings(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        span: Span,
    ) -> bool {
        let inner = [left, right].into_iter().find(|side| is_ordering(side));
        let Some(inner) = inner.filter(|_| operator.kind() == OperatorKind::Ordering) else { return false };
        self.report(
            Diagnostic::new(Code::ChainedComparison, span, "orderings cannot be chained")
                .note(format!(
                    "`{}` orders numbers or dates, not the result of an ordering",
                    operator.spelling()
                ))
                .label(inner.span, "this is true or false")
                .help("write both comparisons and join them, such as `a>1&&a<5`"),
        );
        true
    }

    /// Two judged sides under their operator. A side that was refused has been
    /// reported; what is still to be said of the other one is said here.
    #[inline(never)]
    fn joined(
        &mut self,
        operator: Operator,
        left: Option<Node>,
        right: Option<Node>,
        span: Span,
    ) -> Option<Node> {
        let of = match operator.kind() {
            OperatorKind::Equality | OperatorKind::Ordering => Type::Boolean,
            _ => Type::Number,
        };
        let (left, right) = if of == Type::Number {
            let left = left.filter(|left| self.wants(operator, left, &Type::Number));
            let right = right.filter(|right| self.wants(operator, right, &Type::Number));
            (left?, right?)
        } else {
            (left?, right?)
        };
        let compares = match operator.kind() {
            OperatorKind::Equality => self.equal_kinds(operator, &left, &right),
            OperatorKind::Ordering => self.ordered_kinds(operator, &left, &right),
            _ => true,
        };
        compares.then(|| Node {
            kind: NodeKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
            of,
            span,
        })
    }

    fn ordered_kinds(&mut self, operator: Operator, left: &Node, right: &Node) -> bool {
        let fits = left.of == right.of && matches!(left.of, Type::Number | Type::Date);
        if !fits {
            self.mismatch(operator, left, right, "two numbers or two dates");
        }
        fits
    }

    fn equal_kinds(&mut self, operator: Operator, left: &Node, right: &Node) -> bool {
        if !left.of.same_kind(&right.of) {
            self.mismatch(operator, left, right, "two values of one kind");
            return false;
        }
        self.listed(left, right) & self.listed(right, left)
    }

    /// A word or a literal without a type, beside a node that says what it is.
    /// Where that was refused there is nothing to judge it by.
    #[inline(never)]
    fn beside(&mut self, side: &Expression, other: Option<&Node>) -> Option<Node> {
        let of = &other?.of;
        match (&side.kind, of) {
            (ExpressionKind::Literal(literal), of) => self.literal(literal, side, Some(of)),
            (ExpressionKind::Name(word), Type::Enum(_)) => {
                Some(Node { kind: NodeKind::Word(word.clone()), of: of.clone(), span: side.span })
            }
            _ => self.judge(side),
        }
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

    /// Whether an operand has the type that its operator takes; reports where not.
    fn wants(&mut self, operator: Operator, node: &Node, wanted: &Type) -> bool {
        if node.of == *wanted {
            return true;
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
        false
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

fn is_ordering(side: &Expression) -> bool {
    matches!(&side.kind, ExpressionKind::Binary { operator, .. } if operator.kind() == OperatorKind::Ordering)
}

fn is_constant(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_))
}
