//! The checked rule: every name resolved, every node typed.
//!
//! Only the checker makes one. It owns what it needs, so it outlives the
//! schema, and everything after the checker works on it alone.

mod agree;
mod reads;
mod text;
mod tree;

use std::sync::Arc;

use crate::diagnostic::{Form, Span};
use crate::schema::{Computed, Each, Function};
use crate::syntax::Operator;
use crate::value::{DateText, Number, Pattern};

pub(crate) use reads::{EXTENDED, Field, Read};
pub use reads::{Figure, Reference, ValueKind};
pub(crate) use text::text_of;
pub use tree::{TreeStyle, TreeTooLarge};

/// The profile that line items and tenders belong to.
pub(crate) const TRANSACTION: &str = "currentTxn";

/// The version of the rule language that this crate speaks. It changes where
/// the meaning of a rule changes, which a new version of the crate alone does not.
pub const LANGUAGE_VERSION: u32 = 1;

/// A rule that checks.
///
/// Cheap to clone. Two rules are equal where they mean the same by the same
/// structure: numbers by value, a bare word equal to the same string, places
/// left out.
#[derive(Debug, Clone)]
pub struct Rule {
    root: Arc<Node>,
    form: Form,
    each: Option<Each>,
}

impl Rule {
    pub(crate) fn new(root: Node, form: Form) -> Rule {
        let mut each = None;
        root.visit(&mut |node| each = each.or(node.unrolls()));
        Rule { root: Arc::new(root), form, each }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The form that the rule was read from; spans of faults are in it.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Calls with every node, outer before inner; with an attribute only where
    /// the one before it was another. A long chain compares one attribute again
    /// and again.
    pub(crate) fn visit<'r>(&'r self, with: &mut impl FnMut(&'r Node)) {
        let mut last: Option<&Arc<Attribute>> = None;
        self.root.visit(&mut |node| {
            if let NodeKind::Attribute(attribute) = &node.kind
                && last.replace(attribute).is_some_and(|last| Arc::ptr_eq(last, attribute))
            {
                return;
            }
            with(node);
        });
    }

    /// Whether the rule names `currentLineItem` or `tenderProfile` and so is
    /// decided once per line item or tender.
    pub fn unrolls(&self) -> bool {
        self.each.is_some()
    }

    /// The key in `currentTxn` of the list whose entries the rule is decided
    /// for one by one, `lineItems` or `tenders`; `None` where it is decided once.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.unrolled_list(), Some("lineItems"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn unrolled_list(&self) -> Option<&'static str> {
        self.each.map(Each::key)
    }

    /// The list that it is decided for one by one.
    pub(crate) fn each(&self) -> Option<Each> {
        self.each
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        agree::equal(&self.root, &other.root)
    }
}

/// The type of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Boolean,
    Number,
    Text,
    Date,
    /// A closed set of constants.
    Enum(Arc<[String]>),
}

impl Type {
    /// The type as people call it, with its article.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Type::Boolean => "a boolean",
            Type::Number => "a number",
            Type::Text => "a string",
            Type::Date => "a date",
            Type::Enum(_) => "an enumeration",
        }
    }

    /// Whether values of both types can be equal.
    pub(crate) fn same_kind(&self, other: &Type) -> bool {
        let is_text = |of: &Type| matches!(of, Type::Text | Type::Enum(_));
        self == other || (is_text(self) && is_text(other))
    }
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) of: Type,
    /// Without enclosing brackets.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Boolean(bool),
    /// The value, and the digits as they were written.
    Number(Number, String),
    Text(String),
    /// A constant of an enumeration written without quotes.
    Word(String),
    Attribute(Arc<Attribute>),
    Call(Box<Call>),
    Prefix {
        operator: Operator,
        operand: Box<Node>,
    },
    Binary {
        operator: Operator,
        left: Box<Node>,
        right: Box<Node>,
    },
    Chain {
        operator: Operator,
        operands: Vec<Node>,
    },
}

/// A profile as a rule names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProfileName {
    pub(crate) name: String,
    /// Its type in a tree.
    pub(crate) tag: String,
    /// The profile that its values are read from: itself, or the one of which
    /// it is another name.
    pub(crate) section: Arc<str>,
    /// Every key that they stand under in a document.
    pub(crate) keys: Vec<Arc<str>>,
    /// The list whose entries it stands for, one by one.
    pub(crate) each: Option<Each>,
}

/// An attribute as a rule names it. A rule has it once, however often it
/// names it: chains of many stores do nothing else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) name: String,
    pub(crate) computed: Option<Computed>,
    pub(crate) read: Read,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) receiver: Receiver,
    pub(crate) method: String,
    pub(crate) function: Function,
    /// As written, for the printers and for operands that are evaluated.
    pub(crate) arguments: Vec<Node>,
    /// The same, ready for the function: one entry a parameter.
    pub(crate) prepared: Vec<Argument>,
    /// Which line items it looks at.
    pub(crate) selection: Option<Selection>,
    /// What it reads of its profile.
    pub(crate) read: Option<Read>,
}

#[derive(Debug)]
pub(crate) enum Receiver {
    Profile(Arc<ProfileName>),
    Value(Node),
}

/// An argument, ready for use.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    Text(String),
    /// The name of an attribute of line items.
    ItemAttribute(String),
    /// A value of that attribute.
    ItemValue(String),
    Number(Number),
    /// A truth value, which only the host's answers ask for.
    Boolean,
    Pattern(Pattern),
    Date(DateText),
    /// Ascending numbers.
    Edges(Vec<Number>),
    Figure(Figure),
    Comparison(Operator),
    /// A node to evaluate: its index among the call's arguments.
    Node(usize),
    /// The same, whose text is a date.
    DateNode(usize),
}

/// Which line items a call looks at.
#[derive(Debug, Clone)]
pub(crate) enum Selection {
    /// Those whose attribute has the value.
    Equals { attribute: Arc<str>, value: String },
    /// Those in whose attribute the pattern is found.
    Matches { attribute: Arc<str>, pattern: Pattern },
    /// Those of both kinds at once.
    EqualsAndMatches { attribute: Arc<str>, value: String, pattern: Pattern },
    /// Those whose figure compares so.
    Compares { figure: Figure, operator: Operator, number: Number },
}

impl Selection {
    /// The attribute that it looks at.
    pub(crate) fn attribute(&self) -> Option<&Arc<str>> {
        match self {
            Selection::Equals { attribute, .. }
            | Selection::Matches { attribute, .. }
            | Selection::EqualsAndMatches { attribute, .. } => Some(attribute),
            Selection::Compares { .. } => None,
        }
    }

    /// What arguments select; `fixed` is the attribute of a method that takes
    /// none. `None` where they select nothing.
    pub(crate) fn of(arguments: &[Argument], fixed: Option<&str>) -> Option<Selection> {
        match (arguments, fixed) {
            ([Argument::ItemAttribute(attribute), Argument::ItemValue(value)], None) => {
                Some(Selection::Equals { attribute: attribute.as_str().into(), value: value.clone() })
            }
            ([Argument::ItemAttribute(attribute), Argument::Pattern(pattern)], None) => {
                Some(Selection::Matches { attribute: attribute.as_str().into(), pattern: pattern.clone() })
            }
            ([Argument::Pattern(pattern)], Some(attribute)) => {
                Some(Selection::Matches { attribute: attribute.into(), pattern: pattern.clone() })
            }
            ([Argument::ItemValue(value), Argument::Pattern(pattern)], Some(attribute)) => {
                Some(Selection::EqualsAndMatches {
                    attribute: attribute.into(),
                    value: value.clone(),
                    pattern: pattern.clone(),
                })
            }
            ([Argument::Figure(figure), Argument::Comparison(operator), Argument::Number(number)], None) => {
                Some(Selection::Compares { figure: *figure, operator: *operator, number: *number })
            }
            _ => None,
        }
    }
}

impl Node {
    /// Calls with this node and all below it, outer before inner.
    pub(crate) fn visit<'n>(&'n self, with: &mut impl FnMut(&'n Node)) {
        with(self);
        match &self.kind {
            NodeKind::Boolean(_)
            | NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Attribute(_) => {}
            NodeKind::Call(call) => call.operands().for_each(|operand| operand.visit(with)),
            NodeKind::Prefix { operand, .. } => operand.visit(with),
            NodeKind::Binary { left, right, .. } => {
                left.visit(with);
                right.visit(with);
            }
            NodeKind::Chain { operands, .. } => operands.iter().for_each(|operand| operand.visit(with)),
        }
    }

    /// The profile that this very node names.
    pub(crate) fn profile(&self) -> Option<&Arc<ProfileName>> {
        match &self.kind {
            NodeKind::Attribute(attribute) => Some(&attribute.profile),
            NodeKind::Call(call) => match &call.receiver {
                Receiver::Profile(profile) => Some(profile),
                Receiver::Value(_) => None,
            },
            _ => None,
        }
    }

    /// The list whose entry at hand this very node reads.
    pub(crate) fn unrolls(&self) -> Option<Each> {
        self.profile().and_then(|profile| profile.each)
    }
}

impl Call {
    /// The receiver's value and the arguments that are evaluated.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Node> {
        let receiver = match &self.receiver {
            Receiver::Value(node) => Some(node),
            Receiver::Profile(_) => None,
        };
        let arguments = self.prepared.iter().filter_map(|argument| match argument {
            Argument::Node(index) | Argument::DateNode(index) => self.arguments.get(*index),
            _ => None,
        });
        receiver.into_iter().chain(arguments)
    }

    /// The section whose line items it looks at.
    pub(crate) fn list_section(&self) -> Arc<str> {
        match &self.receiver {
            Receiver::Profile(profile) if profile.each.is_none() => profile.section.clone(),
            _ => TRANSACTION.into(),
        }
    }
}
