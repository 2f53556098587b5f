//! The walk over a rule: every node judged, and what holds for a rule as a
//! whole.

use crate::diagnostic::{Code, Confidence, Diagnostic, Repair, repair};
use crate::syntax::ast::{Ast, AstLiteral, AstNode, AstNodeKind, Tag};
use crate::syntax::{TypeKind, tag_fault};
use crate::typed::{Node, NodeKind, Type};
use crate::value::{Number, NumberForm};

use super::checker::{Checker, kind_of};
use super::names::Beside;
use super::phrases::described;

impl Checker<'_> {
    pub(super) fn rule(&mut self) -> Option<Node> {
        let ast = self.ast;
        if let AstNodeKind::Name(word) = &ast.root.kind {
            self.lone_name(word, ast.root.span, Beside::Condition);
            return None;
        }
        let root = self.judge(&ast.root)?;
        if root.of != Type::Boolean {
            let help = match &root.kind {
                NodeKind::Text(text)
                    if Ast::from_text(text, self.limits).is_ok_and(|ast| ast.is_condition()) =>
                {
                    let bare = self.editor().in_text(root.span, text.as_str(), Confidence::Safe);
                    Repair::from(format!("remove the quotes round the rule: `{}`", repair(text))).by(bare)
                }
                NodeKind::Text(text) if text.trim_start().starts_with('{') && text.contains("arity") => {
                    format!("this is a tree in a string; read what it holds as a tree: `{}`", repair(text))
                        .into()
                }
                _ => self.as_condition(&root).into(),
            };
            self.report(
                Diagnostic::new(
                    Code::RootNotBoolean,
                    root.span,
                    format!("a rule is true or false, but this is {}", described(&root.of)),
                )
                .note(format!("this is {}", described(&root.of)))
                .help(help),
            );
        }
        self.unrolls_once(&root);
        Some(root)
    }

    /// A rule is decided per line item or per tender, never for both at once.
    fn unrolls_once(&mut self, root: &Node) {
        let mut first: Option<&Node> = None;
        let mut second: Option<&Node> = None;
        root.visit(&mut |node| {
            let Some(list) = node.unrolls() else { return };
            match first.and_then(Node::unrolls) {
                None => first = Some(node),
                Some(of_first) if of_first != list && second.is_none() => second = Some(node),
                Some(_) => {}
            }
        });
        if let (Some(first), Some(second)) = (first, second) {
            let name = |node: &Node| node.profile().map(|profile| profile.name.clone()).unwrap_or_default();
            self.report(
                Diagnostic::new(
                    Code::NestedUnrolling,
                    second.span,
                    "a rule is decided for each line item or for each tender, not for both",
                )
                .note(format!("this names `{}`", name(second)))
                .label(first.span, format!("this names `{}`", name(first)))
                .help("split the rule in two, or ask the basket instead, such as `currentTxn.basketIncludes(...)`"),
            );
        }
    }

    /// The one function that recurses over a rule. To keep its stack frames small,
    /// diagnostics are built in functions of their own.
    pub(super) fn judge(&mut self, expression: &AstNode) -> Option<Node> {
        let node = match &expression.kind {
            AstNodeKind::Literal(literal) => self.literal(literal, expression, None),
            AstNodeKind::Name(name) => {
                self.lone_name(name, expression.span, Beside::Nothing);
                None
            }
            AstNodeKind::Member { receiver, name } => self.member(receiver, name, expression),
            AstNodeKind::Call { receiver, name, arguments } => {
                self.call(receiver.as_deref(), name, arguments, expression)
            }
            AstNodeKind::Prefix { operator, operand } => self.prefix(*operator, operand, expression),
            AstNodeKind::Arithmetic { first, steps } => self.arithmetic(first, steps, expression),
            AstNodeKind::Binary { operator, left, right } => self.binary(*operator, left, right, expression),
            AstNodeKind::Chain { operator, operands } => self.chain(*operator, operands, expression),
        };
        if let (Some(tag), Some(node)) = (&expression.tag, &node) {
            self.node_tag(tag, &node.of);
        }
        node
    }

    /// Reports a tag of another kind than its node is.
    #[inline(never)]
    fn node_tag(&mut self, tag: &Tag, of: &Type) {
        if TypeKind::of(&tag.text) != kind_of(of) {
            self.report(tag_fault(tag, of.name()));
        }
    }

    /// A literal; one without a type is read as the wanted type, or as what it
    /// looks like.
    pub(super) fn literal(
        &mut self,
        literal: &AstLiteral,
        expression: &AstNode,
        wanted: Option<&Type>,
    ) -> Option<Node> {
        let node = |kind, of| Some(Node { kind, of, span: expression.span });
        match literal {
            AstLiteral::Boolean(value) => node(NodeKind::Boolean(*value), Type::Boolean),
            AstLiteral::Text(text) => node(NodeKind::Text(text.clone()), Type::Text),
            AstLiteral::Number(digits) => match Number::from_literal(digits) {
                Ok(number) => node(NodeKind::Number(number, digits.clone()), Type::Number),
                Err(_) => self.number_range(expression.span),
            },
            AstLiteral::Untyped(text) => {
                let typed = match (wanted, text.as_str()) {
                    (Some(Type::Text | Type::Enum(_)), _) => AstLiteral::Text(text.clone()),
                    (_, "true") => AstLiteral::Boolean(true),
                    (_, "false") => AstLiteral::Boolean(false),
                    _ if Number::from_literal(text) != Err(NumberForm::Malformed) => {
                        AstLiteral::Number(text.clone())
                    }
                    _ => AstLiteral::Text(text.clone()),
                };
                self.literal(&typed, expression, None)
            }
        }
    }
}
