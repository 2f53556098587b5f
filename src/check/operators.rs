//! What operators take: the only place that knows which types go together.

use std::sync::Arc;

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Edit, Repair, Span, repair, shortened};
use crate::schema::closest;
use crate::syntax::ast::{AstLiteral, AstNode, AstNodeKind, AstStep};
use crate::syntax::{Operator, OperatorKind};
use crate::typed::{Arithmetic, Node, NodeKind, Step, Type};

use super::checker::{BesideText, Checker};
use super::dates::named_part;
use super::mismatch::{instead_of_arithmetic, repeated};
use super::names::Beside;
use super::phrases::{is_nothing, listing};
use super::repairs::Editor;
use super::values::FoundValue;

impl Checker<'_> {
    pub(super) fn prefix(&mut self, operator: Operator, operand: &AstNode, whole: &AstNode) -> Option<Node> {
        let operand = self.judge(operand);
        let prefixed = self.prefixed(operator, operand, whole.span);
        self.prefix_is_an_extension(operator, whole.span, prefixed.is_some());
        prefixed
    }

    #[inline(never)]
    fn prefix_is_an_extension(&mut self, operator: Operator, span: Span, fits: bool) {
        // What `!` is before stays one operand beside any operator, and `0-...`
        // becomes one in brackets.
        let (help, before, after) = match operator {
            Operator::Not => ("compare with `==false` instead", "", "==false"),
            _ => ("write `0-...` instead", "(0-", ")"),
        };
        let sign = Span::new(span.start(), span.start() + operator.spelling().len());
        let end = Span::empty(span.end());
        let edits = [Edit::new(sign, before), Edit::new(end, after)];
        let rewritten = if fits { self.editor().several(edits, Safe) } else { None };
        self.report(
            Diagnostic::new(
                Code::Extension,
                span,
                format!("the platform has no `{}` before an operand", operator.spelling()),
            )
            .note("decided here, refused there")
            .help(Repair::from(help).by(rewritten)),
        );
    }

    #[inline(never)]
    fn prefixed(&mut self, operator: Operator, operand: Option<Node>, span: Span) -> Option<Node> {
        let of = if operator == Operator::Not { Type::Boolean } else { Type::Number };
        let operand = operand.filter(|operand| self.wants(operator, operand, &of, || None))?;
        Some(Node { kind: NodeKind::Prefix { operator, operand: Box::new(operand) }, of, span })
    }

    pub(super) fn chain(
        &mut self,
        operator: Operator,
        operands: &[AstNode],
        whole: &AstNode,
    ) -> Option<Node> {
        let mut judged = Vec::with_capacity(operands.len());
        for operand in operands {
            match &operand.kind {
                AstNodeKind::Name(word) => self.lone_name(word, operand.span, Beside::Condition),
                _ => {
                    let node = self.judge(operand);
                    self.chained(operator, node, &mut judged);
                }
            }
        }
        self.warn_of_contradictions(operator, &judged);
        (judged.len() == operands.len()).then_some(Node {
            kind: NodeKind::Chain { operator, operands: judged },
            of: Type::Boolean,
            span: whole.span,
        })
    }

    #[inline(never)]
    fn chained(&mut self, operator: Operator, operand: Option<Node>, into: &mut Vec<Node>) {
        let (before, editor) = (into.last(), Editor::of(self.ast.source()));
        let fits = operand.filter(|operand| {
            self.wants(operator, operand, &Type::Boolean, || repeated(operand, before, editor))
        });
        into.extend(fits);
    }

    /// A chain of arithmetic, step by step. All that is left of a step is one
    /// operand of it: a number, or at fault.
    pub(super) fn arithmetic(&mut self, first: &AstNode, steps: &[AstStep], whole: &AstNode) -> Option<Node> {
        let (opening, rest) = steps.split_first()?;
        let (left, right) = self.sides(opening.operator, first, &opening.operand);
        let mut chain = self.calculated(opening, left, right);
        for step in rest {
            let right = match (takes_its_type(&step.operand), &chain) {
                (true, Some(_)) => self.beside(step.operator, &step.operand, Some(&Type::Number), None),
                (true, None) => None,
                (false, _) => self.judge(&step.operand),
            };
            let right = self.wanted_number(step.operator, right);
            chain = chain.zip(right).map(|(mut chain, operand)| {
                chain.steps.push(Step { operator: step.operator, operand, span: step.span });
                chain
            });
        }
        let kind = NodeKind::Arithmetic(Box::new(chain?));
        Some(Node { kind, of: Type::Number, span: whole.span })
    }

    #[inline(never)]
    fn wanted_number(&mut self, operator: Operator, operand: Option<Node>) -> Option<Node> {
        operand.filter(|operand| self.wants(operator, operand, &Type::Number, || None))
    }

    /// The first operation of a chain of arithmetic.
    #[inline(never)]
    fn calculated(&mut self, step: &AstStep, left: Option<Node>, right: Option<Node>) -> Option<Arithmetic> {
        let (operator, of) = (step.operator, Type::Number);
        let help = match (&left, &right) {
            (Some(left), Some(right)) if left.of != of || right.of != of => {
                instead_of_arithmetic(operator, left, right).map(Repair::from)
            }
            _ => None,
        };
        let left = left.filter(|left| self.wants(operator, left, &of, || help.clone()));
        let right = right.filter(|right| self.wants(operator, right, &of, || help.clone()));
        let (first, operand) = left.zip(right)?;
        Some(Arithmetic { first, steps: vec![Step { operator, operand, span: step.span }] })
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &AstNode,
        right: &AstNode,
        whole: &AstNode,
    ) -> Option<Node> {
        if self.chains_orderings(operator, left, right, whole.span) {
            return None;
        }
        if self.compares_with_alternatives(operator, left, right, whole.span) {
            return None;
        }
        self.beside_text = beside_text(operator, left, right, whole.span);
        let (left, right) = self.sides(operator, left, right);
        self.beside_text = None;
        self.compared(operator, left, right, whole.span)
    }

    /// Both sides of an operator. One that takes its type from the other is
    /// judged after it.
    fn sides(&mut self, operator: Operator, left: &AstNode, right: &AstNode) -> (Option<Node>, Option<Node>) {
        if takes_its_type(left) && !takes_its_type(right) {
            let right = self.judge(right);
            let left = self.beside(operator, left, right.as_ref().map(|right| &right.of), right.as_ref());
            return (left, right);
        }
        let beside = takes_its_type(right) && !takes_its_type(left);
        let left = self.judge(left);
        let right = if beside {
            self.beside(operator, right, left.as_ref().map(|left| &left.of), left.as_ref())
        } else {
            self.judge(right)
        };
        (left, right)
    }

    /// Reports an ordering of what is an ordering itself.
    #[inline(never)]
    fn chains_orderings(&mut self, operator: Operator, left: &AstNode, right: &AstNode, span: Span) -> bool {
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
    fn compared(
        &mut self,
        operator: Operator,
        left: Option<Node>,
        right: Option<Node>,
        span: Span,
    ) -> Option<Node> {
        let (left, right) = left.zip(right)?;
        let compares = match operator.kind() {
            OperatorKind::Equality => self.equal_kinds(operator, &left, &right),
            _ => self.ordered_kinds(operator, &left, &right),
        };
        if compares {
            self.warn_of_the_impossible(operator, &left, &right, span);
            self.look_at_constant(operator, &left, &right);
            self.look_at_constant(operator, &right, &left);
        }
        compares.then(|| Node {
            kind: NodeKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
            of: Type::Boolean,
            span,
        })
    }

    /// Reports `slabName==("Gold"||"Silver")`.
    #[inline(never)]
    fn compares_with_alternatives(
        &mut self,
        operator: Operator,
        left: &AstNode,
        right: &AstNode,
        whole: Span,
    ) -> bool {
        let AstNodeKind::Chain { operands, .. } = &right.kind else { return false };
        let is_value = |operand: &AstNode| {
            matches!(operand.kind, AstNodeKind::Literal(AstLiteral::Text(_) | AstLiteral::Number(_)))
        };
        let asked = matches!(left.kind, AstNodeKind::Member { .. } | AstNodeKind::Call { .. });
        if operator.kind() != OperatorKind::Equality || !asked || !operands.iter().all(is_value) {
            return false;
        }
        let (sign, joins) = if operator == Operator::NotEqual { ("!=", "&&") } else { ("==", "||") };
        let editor = self.editor();
        let values: Option<Vec<&str>> = operands.iter().map(|operand| editor.slice(operand.span)).collect();
        let help = match values.zip(editor.slice(left.span)) {
            Some((values, asked)) => {
                let each: Vec<String> = values.iter().map(|value| format!("{asked}{sign}{value}")).collect();
                let joined = each.join(joins);
                let instead = editor.in_text(whole, format!("({joined})"), Guess);
                Repair::from(format!("repeat the comparison: `{}`", repair(&joined))).by(instead)
            }
            None => format!("write a comparison for each value, joined by `{joins}`").into(),
        };
        let message = format!("`{}` compares with one value, not with several", operator.spelling());
        self.report(
            Diagnostic::new(Code::TypeMismatch, right.span, message).note("several values").help(help),
        );
        true
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
    fn beside(
        &mut self,
        operator: Operator,
        side: &AstNode,
        of: Option<&Type>,
        other: Option<&Node>,
    ) -> Option<Node> {
        let of = of?;
        match (&side.kind, of) {
            (AstNodeKind::Literal(literal), of) => self.literal(literal, side, Some(of)),
            (AstNodeKind::Name(word), of)
                if is_nothing(word)
                    && matches!(operator.kind(), OperatorKind::Equality | OperatorKind::Ordering)
                    && !matches!(of, Type::Enum(values) if values.contains(word)) =>
            {
                match other {
                    Some(other) => self.compared_with_nothing(operator, word, side.span, other),
                    None => self.lone_name(word, side.span, Beside::Value(operator, of)),
                }
                None
            }
            // A bare word is a constant beside `==` and `!=` only.
            (AstNodeKind::Name(word), Type::Enum(_)) if operator.kind() == OperatorKind::Equality => {
                Some(Node { kind: NodeKind::Word(word.clone()), of: of.clone(), span: side.span })
            }
            (AstNodeKind::Name(word), of) => {
                let part =
                    other.and_then(|other| named_part(self.editor(), operator, word, side.span, other));
                if self.torn_by_sign(operator, word, side.span) {
                    return None;
                }
                match part {
                    Some(part) if self.profiles_with(word).is_empty() => {
                        let message = format!("`{}` is not known here", shortened(word));
                        let fault = Diagnostic::new(Code::UnknownName, side.span, message);
                        self.report(fault.note("neither an attribute nor a value").help(part));
                    }
                    _ => self.lone_name(word, side.span, Beside::Value(operator, of)),
                }
                None
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
    pub(super) fn enum_value(&mut self, text: &str, values: &Arc<[String]>, span: Span, code: Code) -> bool {
        // Where no other value can come, only the case can be meant.
        let same = match self.value_lists.find(text, values) {
            FoundValue::Listed => return true,
            FoundValue::InAnotherCase(value) => Some(value).filter(|_| code == Code::EnumValue),
            FoundValue::Nowhere => None,
        };
        let names = || values.iter().map(String::as_str);
        let sure = if same.is_some() { Safe } else { Guess };
        let help = match same.as_deref().or_else(|| closest(text, names())) {
            Some(value) => Repair::did_you_mean(value, self.editor().constant(span, value, sure)),
            None => format!("the values are {}", listing(names())).into(),
        };
        let message = match code {
            Code::UnknownValue => format!("`{}` is not among the known values", shortened(text)),
            _ => format!("`{}` is not one of the values", shortened(text)),
        };
        self.report(Diagnostic::new(code, span, message).note("not a listed value").help(help));
        code != Code::EnumValue
    }
}

/// Whether a side of an operator takes its type from the other side.
fn takes_its_type(side: &AstNode) -> bool {
    matches!(side.kind, AstNodeKind::Literal(AstLiteral::Untyped(_)) | AstNodeKind::Name(_))
}

/// The text that an attribute is compared with, where it is one.
fn beside_text(operator: Operator, left: &AstNode, right: &AstNode, whole: Span) -> Option<BesideText> {
    let literal = match (&left.kind, &right.kind) {
        (AstNodeKind::Member { .. }, AstNodeKind::Literal(AstLiteral::Text(_))) => right.span,
        (AstNodeKind::Literal(AstLiteral::Text(_)), AstNodeKind::Member { .. }) => left.span,
        _ => return None,
    };
    let equality = operator.kind() == OperatorKind::Equality;
    equality.then(|| BesideText { literal, negated: operator == Operator::NotEqual, whole })
}

fn is_ordering(side: &AstNode) -> bool {
    matches!(&side.kind, AstNodeKind::Binary { operator, .. } if operator.kind() == OperatorKind::Ordering)
}
