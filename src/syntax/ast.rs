//! The syntax tree: a rule as it was written, in either form.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span, counted, or_raise};
use crate::limits::Limits;

use super::operator::{Operator, OperatorKind};

/// A rule as it was written: names are text, nothing is resolved.
///
/// Made by [`Ast::from_text`] and [`Ast::from_tree`] only. Two trees are equal
/// where they say the same; places are left out of the comparison.
///
/// ```
/// use target_rules::{Ast, Limits};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// assert_eq!(ast, Ast::from_text("(currentTxn.value)>500", &limits)?);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ast {
    pub(crate) root: AstNode,
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

impl Ast {
    /// Whether it reads as a condition and not as a mere value, which any text
    /// of one word does.
    pub(crate) fn is_condition(&self) -> bool {
        !matches!(self.root.kind, AstNodeKind::Literal(_) | AstNodeKind::Name(_))
    }
}

/// One node, its place and what a tree says of its type.
#[derive(Debug, Clone)]
pub(crate) struct AstNode {
    pub(crate) kind: AstNodeKind,
    pub(crate) span: Span,
    pub(crate) tag: Option<Tag>,
    /// A profile's name alone counts as a node, for it may be a bare word; in an
    /// attribute or a call it is part of that node.
    below: Below,
}

impl AstNode {
    /// Whether it is a chain that an operator to its right continues: of the
    /// same `&&` or `||`, or of arithmetic that binds as tightly.
    fn continues(&self, operator: Operator) -> bool {
        match &self.kind {
            AstNodeKind::Chain { operator: inner, .. } => *inner == operator,
            AstNodeKind::Arithmetic { steps, .. } => {
                steps.first().is_some_and(|step| step.operator.precedence() == operator.precedence())
            }
            _ => false,
        }
    }

    fn is_name(&self) -> bool {
        matches!(self.kind, AstNodeKind::Name(_))
    }
}

// Places and tags say where and how a node was written, not what it means.
impl PartialEq for AstNode {
    fn eq(&self, other: &AstNode) -> bool {
        self.kind == other.kind
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstNodeKind {
    Literal(AstLiteral),
    /// A name that stands alone: a profile or a bare word.
    Name(String),
    /// `receiver.name`
    Member {
        receiver: Box<AstNode>,
        name: Name,
    },
    /// `receiver.name(arguments)`; without a receiver it lacks its profile.
    Call {
        receiver: Option<Box<AstNode>>,
        name: Name,
        arguments: Vec<AstNode>,
    },
    /// `!x` or `-x`
    Prefix {
        operator: Operator,
        operand: Box<AstNode>,
    },
    /// A chain of `+` and `-`, or of `*`, `/` and `%`, that groups to the left:
    /// one node however long.
    Arithmetic {
        first: Box<AstNode>,
        steps: Vec<AstStep>,
    },
    /// Comparisons.
    Binary {
        operator: Operator,
        left: Box<AstNode>,
        right: Box<AstNode>,
    },
    /// A chain of `&&` or of `||`, however it was bracketed.
    Chain {
        operator: Operator,
        operands: Vec<AstNode>,
    },
}

/// An operation of a chain of arithmetic: what is done to all that is left of
/// it.
#[derive(Debug, Clone)]
pub(crate) struct AstStep {
    pub(crate) operator: Operator,
    pub(crate) operand: AstNode,
    /// From the beginning of the chain to the operand; in a tree, the operation.
    pub(crate) span: Span,
}

impl PartialEq for AstStep {
    fn eq(&self, other: &AstStep) -> bool {
        self.operator == other.operator && self.operand == other.operand
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstLiteral {
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

/// What is below a node.
#[derive(Debug, Clone, Copy, Default)]
struct Below {
    /// Levels down to the deepest leaf.
    depth: usize,
    nodes: usize,
}

impl Below {
    fn and(self, operand: &AstNode) -> Below {
        let itself = Below { depth: 1, nodes: 1 };
        self.beside(itself.above(operand.below))
    }

    /// A receiver; a profile's name is neither a level nor a node of its own.
    fn and_receiver(self, receiver: &AstNode) -> Below {
        if receiver.is_name() { self } else { self.and(receiver) }
    }

    /// An operand of a chain; what is a part of that chain itself becomes one.
    fn and_chained(self, operand: &AstNode, operator: Operator) -> Below {
        if operand.continues(operator) { self.beside(operand.below) } else { self.and(operand) }
    }

    // INVARIANT: every node that is counted is in memory, so no sum overflows.
    fn beside(self, other: Below) -> Below {
        let nodes = [self.nodes, other.nodes].into_iter().sum();
        Below { depth: self.depth.max(other.depth), nodes }
    }

    fn above(self, other: Below) -> Below {
        Below { depth: [self.depth, other.depth].into_iter().sum(), ..self.beside(other) }
    }
}

/// The one way to make a node. It counts depth and nodes, so that the reader of
/// texts and the reader of trees have the same limits.
pub(crate) struct Builder<'l> {
    limits: &'l Limits,
}

impl<'l> Builder<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Builder<'l> {
        Builder { limits }
    }

    pub(crate) fn leaf(&self, literal: AstLiteral, span: Span) -> Result<AstNode, Diagnostic> {
        self.node(AstNodeKind::Literal(literal), span, Below::default())
    }

    /// A name that stands alone: a bare word, or a profile until it becomes
    /// part of the attribute or call that names it.
    pub(crate) fn name(&self, text: String, span: Span) -> Result<AstNode, Diagnostic> {
        self.node(AstNodeKind::Name(text), span, Below::default())
    }

    pub(crate) fn member(&self, receiver: AstNode, name: Name, span: Span) -> Result<AstNode, Diagnostic> {
        let below = Below::default().and_receiver(&receiver);
        self.node(AstNodeKind::Member { receiver: Box::new(receiver), name }, span, below)
    }

    pub(crate) fn call(
        &self,
        receiver: Option<AstNode>,
        name: Name,
        arguments: Vec<AstNode>,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        let below = receiver.iter().fold(Below::default(), Below::and_receiver);
        let below = arguments.iter().fold(below, Below::and);
        self.node(AstNodeKind::Call { receiver: receiver.map(Box::new), name, arguments }, span, below)
    }

    pub(crate) fn prefix(
        &self,
        operator: Operator,
        operand: AstNode,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        let below = Below::default().and(&operand);
        self.node(AstNodeKind::Prefix { operator, operand: Box::new(operand) }, span, below)
    }

    /// Joins two operands. `&&` within `&&` and `||` within `||` become one
    /// flat chain, and so does arithmetic that leans left, so that a long one is
    /// neither deep nor recursed into.
    pub(crate) fn infix(
        &self,
        operator: Operator,
        left: AstNode,
        right: AstNode,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        if operator.kind() == OperatorKind::Arithmetic {
            return self.arithmetic(operator, left, right, span);
        }
        if operator.kind() != OperatorKind::Logic {
            let below = Below::default().and(&left).and(&right);
            return self.node(
                AstNodeKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
                span,
                below,
            );
        }
        let below = Below::default().and_chained(&left, operator).and_chained(&right, operator);
        let mut operands = chained(left, operator);
        operands.append(&mut chained(right, operator));
        self.node(AstNodeKind::Chain { operator, operands }, span, below)
    }

    fn arithmetic(
        &self,
        operator: Operator,
        left: AstNode,
        right: AstNode,
        span: Span,
    ) -> Result<AstNode, Diagnostic> {
        let below = Below::default().and_chained(&left, operator).and(&right);
        let continues = left.continues(operator);
        let step = AstStep { operator, operand: right, span };
        let (first, steps) = match left {
            AstNode { kind: AstNodeKind::Arithmetic { first, mut steps }, .. } if continues => {
                steps.push(step);
                (first, steps)
            }
            left => (Box::new(left), vec![step]),
        };
        self.node(AstNodeKind::Arithmetic { first, steps }, span, below)
    }

    fn node(&self, kind: AstNodeKind, span: Span, below: Below) -> Result<AstNode, Diagnostic> {
        // The node itself is one more.
        if below.depth >= self.limits.depth() {
            return Err(self.too_deep(span));
        }
        if below.nodes >= self.limits.nodes {
            return Err(self.too_many(span));
        }
        Ok(AstNode { kind, span, tag: None, below })
    }

    #[inline(never)]
    fn too_deep(&self, span: Span) -> Diagnostic {
        let most = self.limits.depth();
        Diagnostic::new(Code::Limit, span, format!("this rule nests deeper than {}", counted(most, "level")))
            .note("from here to the innermost part are more levels than that")
            .help(format!(
                "split the rule, or join operands of one `&&` or `||` without brackets of other operators \
                 between{}",
                or_raise("depth", most, Some(Limits::HARDEST_DEPTH))
            ))
    }

    #[inline(never)]
    fn too_many(&self, span: Span) -> Diagnostic {
        let most = self.limits.nodes;
        Diagnostic::new(Code::Limit, span, format!("this rule has more than {}", counted(most, "part")))
            .note("too many attributes, values, calls and operators")
            .help(format!("split the rule{}", or_raise("nodes", most, None)))
    }
}

fn chained(operand: AstNode, operator: Operator) -> Vec<AstNode> {
    match operand.kind {
        AstNodeKind::Chain { operator: inner, operands } if inner == operator => operands,
        _ => vec![operand],
    }
}

/// The fault of too many brackets open at once, for both readers.
pub(crate) fn too_many_open(limits: &Limits, span: Span) -> Diagnostic {
    let most = limits.open();
    let message = match most {
        1 => "more than 1 bracket, call or prefix operator is open at once".to_owned(),
        most => format!("more than {most} brackets, calls and prefix operators are open at once"),
    };
    Diagnostic::new(Code::Limit, span, message).note("one too many opens here").help(format!(
        "remove brackets that change nothing, or split the rule{}",
        or_raise("open", most, Some(Limits::HARDEST_OPEN))
    ))
}
