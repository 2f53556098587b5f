//! The syntax tree: a rule as it was written, in either form.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::limits::Limits;

use super::operator::{Operator, OperatorKind};

/// A rule as it was written: names are text, nothing is resolved.
///
/// Made by [`Ast::from_text`] and [`Ast::from_tree`] only. Two trees are equal
/// where they say the same; places are left out of the comparison.
#[derive(Debug, Clone)]
pub struct Ast {
    pub(crate) root: Expression,
    pub(crate) source: Source,
    /// Warnings of the reader.
    pub(crate) warnings: Vec<Diagnostic>,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Ast) -> bool {
        self.root == other.root
    }
}

impl Ast {
    /// The form that was read, with its text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What the reader warns of; the checker repeats it with its own.
    pub fn warnings(&self) -> Diagnostics {
        Diagnostics::gather(&self.source, self.warnings.clone(), usize::MAX)
    }
}

/// One node, its place and what a tree says of its type.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    pub(crate) kind: ExpressionKind,
    pub(crate) span: Span,
    pub(crate) tag: Option<Tag>,
    /// Levels from here down to the deepest leaf.
    depth: usize,
}

// Places and tags say where and how a node was written, not what it means.
impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.kind == other.kind
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExpressionKind {
    Literal(Literal),
    /// A name that stands alone: a profile or a bare word.
    Name(String),
    /// `receiver.name`
    Member {
        receiver: Box<Expression>,
        name: Name,
    },
    /// `receiver.name(arguments)`; without a receiver it lacks its profile.
    Call {
        receiver: Option<Box<Expression>>,
        name: Name,
        arguments: Vec<Expression>,
    },
    /// `!x` or `-x`
    Prefix {
        operator: Operator,
        operand: Box<Expression>,
    },
    /// Arithmetic and comparisons.
    Binary {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// A chain of `&&` or of `||`, however it was bracketed.
    Chain {
        operator: Operator,
        operands: Vec<Expression>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Boolean(bool),
    /// The digits as written, sign included.
    Number(String),
    /// The decoded text.
    Text(String),
    /// From a tree that gives no type: what it is depends on where it stands.
    Untyped(String),
}

/// A name with its place.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) tag: Option<Tag>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

/// The type that a tree gives a node: a chain such as `real:object:primitive`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// The one way to make a node: counts depth and nodes for both doors.
pub(crate) struct Builder<'l> {
    limits: &'l Limits,
    nodes: usize,
}

impl<'l> Builder<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Builder<'l> {
        Builder { limits, nodes: 0 }
    }

    pub(crate) fn leaf(&mut self, literal: Literal, span: Span) -> Result<Expression, Diagnostic> {
        self.node(ExpressionKind::Literal(literal), span, 0)
    }

    /// A name that stands alone. A profile is part of the attribute or call
    /// that names it, so only a bare word counts as a node; the caller of
    /// [`Builder::member`] and [`Builder::call`] takes the name back.
    pub(crate) fn name(&mut self, text: String, span: Span) -> Result<Expression, Diagnostic> {
        self.node(ExpressionKind::Name(text), span, 0)
    }

    pub(crate) fn member(
        &mut self,
        receiver: Expression,
        name: Name,
        span: Span,
    ) -> Result<Expression, Diagnostic> {
        let below = self.below(&receiver);
        self.node(ExpressionKind::Member { receiver: Box::new(receiver), name }, span, below)
    }

    pub(crate) fn call(
        &mut self,
        receiver: Option<Expression>,
        name: Name,
        arguments: Vec<Expression>,
        span: Span,
    ) -> Result<Expression, Diagnostic> {
        let receiver_depth = receiver.as_ref().map_or(0, |receiver| self.below(receiver));
        let below = arguments.iter().map(|argument| argument.depth).fold(receiver_depth, usize::max);
        self.node(ExpressionKind::Call { receiver: receiver.map(Box::new), name, arguments }, span, below)
    }

    /// Takes a name that turned out to be part of another node out of the count.
    pub(crate) fn give_back(&mut self) {
        self.nodes = self.nodes.saturating_sub(1);
    }

    /// The depth that a receiver adds; a profile's name is no level of its own.
    fn below(&mut self, receiver: &Expression) -> usize {
        if matches!(receiver.kind, ExpressionKind::Name(_)) {
            self.give_back();
            0
        } else {
            receiver.depth
        }
    }

    pub(crate) fn prefix(
        &mut self,
        operator: Operator,
        operand: Expression,
        span: Span,
    ) -> Result<Expression, Diagnostic> {
        let below = operand.depth;
        self.node(ExpressionKind::Prefix { operator, operand: Box::new(operand) }, span, below)
    }

    /// Joins two operands. `&&` within `&&` and `||` within `||` become one
    /// flat chain, so that a long one is neither deep nor recursed into.
    pub(crate) fn infix(
        &mut self,
        operator: Operator,
        left: Expression,
        right: Expression,
        span: Span,
    ) -> Result<Expression, Diagnostic> {
        if operator.kind() != OperatorKind::Logic {
            let below = left.depth.max(right.depth);
            return self.node(
                ExpressionKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
                span,
                below,
            );
        }
        let below = self.operand_depth(&left, operator).max(self.operand_depth(&right, operator));
        let mut operands = self.chained(left, operator);
        operands.append(&mut self.chained(right, operator));
        self.node(ExpressionKind::Chain { operator, operands }, span, below)
    }

    fn operand_depth(&self, operand: &Expression, operator: Operator) -> usize {
        match &operand.kind {
            ExpressionKind::Chain { operator: inner, .. } if *inner == operator => {
                operand.depth.saturating_sub(1)
            }
            _ => operand.depth,
        }
    }

    fn chained(&mut self, operand: Expression, operator: Operator) -> Vec<Expression> {
        match operand.kind {
            ExpressionKind::Chain { operator: inner, operands } if inner == operator => {
                self.nodes = self.nodes.saturating_sub(1);
                operands
            }
            _ => vec![operand],
        }
    }

    fn node(&mut self, kind: ExpressionKind, span: Span, below: usize) -> Result<Expression, Diagnostic> {
        self.nodes = self.nodes.saturating_add(1);
        let depth = below.saturating_add(1);
        if depth > self.limits.depth() {
            return Err(Diagnostic::new(
                Code::Limit,
                span,
                format!("this rule nests deeper than {} levels", self.limits.depth()),
            )
            .note("this part lies too deep")
            .help("split the rule, or join operands of one `&&` or `||` without brackets of other operators between"));
        }
        if self.nodes > self.limits.nodes {
            return Err(Diagnostic::new(
                Code::Limit,
                span,
                format!("this rule has more than {} parts", self.limits.nodes),
            )
            .note("the limit is reached here"));
        }
        Ok(Expression { kind, span, tag: None, depth })
    }
}

/// The fault of too many brackets open at once, for both doors.
pub(crate) fn too_many_open(limits: &Limits, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::Limit,
        span,
        format!("more than {} brackets, calls and prefix operators are open at once", limits.open()),
    )
    .note("one too many opens here")
    .help("remove brackets that change nothing, or split the rule")
}
