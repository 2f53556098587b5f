//! Visitors: a walk over everything in a condition.

use std::sync::Arc;

use crate::value::DateText;

use super::{
    Aggregate, Answer, BooleanExpression, Clause, Comparison, Condition, Container, DateExpression,
    Expression, Leaf, Literal, NumberExpression, OpaqueCall, Predicate, Read, Selection, Set, Subject,
    TextExpression,
};

/// A visitor of the parts of a condition. Each method does nothing by default.
///
/// [`Condition::visit`] calls it for every literal and for everything that the
/// literal reads, the outer part before its inner parts.
///
/// ```
/// use target_rules::condition::{Leaf, Visitor};
/// use target_rules::{Ast, Limits, Schema};
///
/// /// The attributes that a rule names.
/// #[derive(Default)]
/// struct Attributes(Vec<String>);
///
/// impl Visitor for Attributes {
///     fn attribute(&mut self, leaf: &Leaf) {
///         self.0.push(leaf.name());
///     }
/// }
///
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > currentTxn.discount", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let mut attributes = Attributes::default();
/// rule.condition().visit(&mut attributes);
/// assert_eq!(attributes.0, ["currentTxn.value", "currentTxn.discount"]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[allow(unused_variables, reason = "the default of each is to do nothing")]
pub trait Visitor {
    /// A literal, before its parts.
    fn literal(&mut self, literal: &Literal) {}

    /// A number, before its operands.
    fn number(&mut self, number: &NumberExpression) {}

    /// An attribute.
    fn attribute(&mut self, leaf: &Leaf) {}

    /// A text, before its parts.
    fn text(&mut self, text: &TextExpression) {}

    /// A date, before its parts.
    fn date(&mut self, date: &DateExpression) {}

    /// An answer of a method.
    fn answer(&mut self, answer: &Answer) {}

    /// An aggregate over line items.
    fn aggregate(&mut self, aggregate: &Arc<Aggregate>) {}

    /// A custom field or a segment.
    fn container(&mut self, container: &Container) {}

    /// A selection that is tested on the current line item.
    fn item(&mut self, selection: &Selection) {}

    /// A date constant of the rule.
    fn date_constant(&mut self, date: DateText) {}
}

impl Condition {
    /// Walks the condition. Cost is linear in the size of the rule. Literals
    /// that were joined are visited as one.
    pub fn visit(&self, visitor: &mut impl Visitor) {
        self.root().visit(visitor);
    }

    /// Walks the predicates and the subjects of sets, each once and in no
    /// particular order. [`Visitor::literal`] is never called.
    pub(crate) fn visit_once(&self, visitor: &mut impl Visitor) {
        self.subjects().iter().for_each(|subject| subject.visit(visitor));
        for predicate in self.predicates() {
            match &**predicate {
                Predicate::In(_, Set::Dates(_, date)) => visitor.date_constant(*date),
                Predicate::In(..) => {}
                other => other.visit(visitor),
            }
        }
    }
}

impl Clause {
    fn visit(&self, visitor: &mut impl Visitor) {
        match self {
            Clause::Constant(_) => {}
            Clause::Literal(literal) => {
                visitor.literal(literal);
                literal.predicate.visit(visitor);
            }
            Clause::All(clauses) | Clause::Any(clauses) => {
                clauses.iter().for_each(|clause| clause.visit(visitor));
            }
        }
    }
}

impl Predicate {
    fn visit(&self, visitor: &mut impl Visitor) {
        match self {
            Predicate::In(subject, set) => {
                subject.visit(visitor);
                if let Set::Dates(_, date) = set {
                    visitor.date_constant(*date);
                }
            }
            Predicate::Compares(comparison) => match &**comparison {
                Comparison::Numbers { left, right, .. } => {
                    left.visit(visitor);
                    right.visit(visitor);
                }
                Comparison::Dates { left, right, .. } => {
                    left.visit(visitor);
                    right.visit(visitor);
                }
                Comparison::Texts(left, right) => {
                    left.visit(visitor);
                    right.visit(visitor);
                }
                Comparison::Booleans(left, right) => {
                    left.visit(visitor);
                    right.visit(visitor);
                }
            },
            Predicate::Call(call) => match &**call {
                OpaqueCall::Contains { text, part } => {
                    text.visit(visitor);
                    part.visit(visitor);
                }
                OpaqueCall::ItemMatches(selection) => visitor.item(selection),
            },
        }
    }
}

impl Subject {
    fn visit(&self, visitor: &mut impl Visitor) {
        match self {
            Subject::Number(number) => number.visit(visitor),
            Subject::Text(text) => text.visit(visitor),
            Subject::Date(date) => date.visit(visitor),
            Subject::Boolean(boolean) => match boolean {
                BooleanExpression::Attribute(leaf) => visitor.attribute(leaf),
                BooleanExpression::Answer(answer) => visitor.answer(answer),
                BooleanExpression::Includes(aggregate) => visitor.aggregate(aggregate),
            },
            Subject::Presence(expression) => expression.visit(visitor),
            Subject::Container(container) => visitor.container(container),
        }
    }
}

impl Expression {
    fn visit(&self, visitor: &mut impl Visitor) {
        match self {
            Expression::Number(number) => number.visit(visitor),
            Expression::Text(text) => text.visit(visitor),
            Expression::Date(date) => date.visit(visitor),
            // The clause also reads the values that the truth value needs.
            Expression::Boolean(operand) => operand.clause.visit(visitor),
        }
    }
}

/// Whether anything reads the current item.
struct AsksAnItem(bool);

impl Visitor for AsksAnItem {
    fn attribute(&mut self, leaf: &Leaf) {
        self.0 |= matches!(leaf.read(), Read::EntryField { .. });
    }

    fn item(&mut self, _selection: &Selection) {
        self.0 = true;
    }
}

impl Expression {
    /// Whether it reads the current line item or tender.
    pub fn asks_an_item(&self) -> bool {
        let mut asks = AsksAnItem(false);
        self.visit(&mut asks);
        asks.0
    }
}

impl Predicate {
    /// Whether it reads the current line item or tender.
    pub fn asks_an_item(&self) -> bool {
        let mut asks = AsksAnItem(false);
        self.visit(&mut asks);
        asks.0
    }
}

impl NumberExpression {
    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.number(self);
        match self {
            NumberExpression::Constant(_) => {}
            NumberExpression::Attribute(leaf) => visitor.attribute(leaf),
            NumberExpression::Answer(answer) => visitor.answer(answer),
            NumberExpression::Aggregate(aggregate) => visitor.aggregate(aggregate),
            NumberExpression::Part(_, date) => date.visit(visitor),
            NumberExpression::Distance(_, dates) => {
                dates.0.visit(visitor);
                dates.1.visit(visitor);
            }
            NumberExpression::Interval(number, _) | NumberExpression::Negate(number) => number.visit(visitor),
            NumberExpression::Arithmetic(chain) => {
                chain.first.visit(visitor);
                chain.steps.iter().for_each(|(_, operand)| operand.visit(visitor));
            }
        }
    }
}

impl TextExpression {
    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.text(self);
        match self {
            TextExpression::Constant(_) => {}
            TextExpression::Attribute(leaf) => visitor.attribute(leaf),
            TextExpression::Answer(answer) => visitor.answer(answer),
        }
    }
}

impl DateExpression {
    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.date(self);
        match self {
            DateExpression::Constant(date) => visitor.date_constant(*date),
            DateExpression::Attribute(leaf) => visitor.attribute(leaf),
            DateExpression::Answer(answer) => visitor.answer(answer),
            DateExpression::Text(text) => text.visit(visitor),
        }
    }
}
