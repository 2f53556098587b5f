//! Values that a condition computes: one enum of expressions for each type of
//! the language.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::schema::Computed;
use crate::syntax::Operator;
use crate::typed::{Answer, Attribute, Figure, ProfileName, Read, Selection};
use crate::value::{DateDistance, DatePart, DateText, Number};

/// A number.
///
/// Arithmetic keeps the structure that was written: nothing is regrouped,
/// because each operation rounds. Operations on constants are folded where they
/// have a result.
///
/// ```
/// use target_rules::condition::{NumberExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value * 2 > 1000", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// assert!(matches!(number, NumberExpression::Arithmetic(..)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberExpression {
    /// A number that the rule writes, or the result of folding constants.
    Constant(Number),
    /// An attribute: the value in the document, or else the value computed from
    /// the line items, if the attribute has one.
    Attribute(Leaf),
    /// The answer of a method, as the document gives it.
    Answer(Answer),
    /// A number computed from the line items of a transaction.
    Aggregate(Arc<Aggregate>),
    /// A part of a date.
    Part(DatePart, DateExpression),
    /// How far two dates are apart.
    Distance(DateDistance, Box<(DateExpression, DateExpression)>),
    /// The position, from 1, of the first edge that is not below a number;
    /// where all edges are below it, the number of edges plus one.
    Interval(Box<NumberExpression>, Arc<[Number]>),
    /// The negated number.
    Negate(Box<NumberExpression>),
    /// A chain of `+` and `-`, or of `*`, `/` and `%`.
    Arithmetic(Box<ArithmeticChain>),
}

/// A chain of `+` and `-`, or of `*`, `/` and `%`: computed from left to right,
/// each step a result of its own. It is flat however long it is.
///
/// ```
/// use target_rules::condition::{NumberExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentTxn.value - currentTxn.discount + 5 > 1000";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Arithmetic(chain) = number else { panic!() };
/// assert_eq!(chain.steps.len(), 2);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArithmeticChain {
    /// What it begins with.
    pub first: NumberExpression,
    /// The operations: what is done to the result of all before it.
    pub steps: Vec<(Operator, NumberExpression)>,
}

/// A text.
///
/// ```
/// use target_rules::condition::{Subject, TextExpression};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentCustomer.slabName == "Gold""#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Text(text) = &*rule.condition().subjects()[0] else { panic!() };
/// assert!(matches!(text, TextExpression::Attribute(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextExpression {
    /// A text that the rule writes.
    Constant(Arc<str>),
    /// An attribute.
    Attribute(Leaf),
    /// The answer of a method.
    Answer(Answer),
}

/// A date.
///
/// ```
/// use target_rules::condition::{DateExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.date.isBefore(2026,1,1)", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Date(date) = &*rule.condition().subjects()[0] else { panic!() };
/// assert!(matches!(date, DateExpression::Attribute(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateExpression {
    /// A date that the rule writes. Which instant it is depends on the zone of
    /// the evaluation, unless it names an offset.
    Constant(DateText),
    /// An attribute.
    Attribute(Leaf),
    /// The answer of a method.
    Answer(Answer),
    /// A text that is parsed as a date.
    Text(TextExpression),
}

/// A truth value that is read, and not computed from other truth values.
///
/// ```
/// use target_rules::condition::{BooleanExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentTxn.basketIncludes("brand", "Puma")"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Boolean(boolean) = &*rule.condition().subjects()[0] else { panic!() };
/// assert!(matches!(boolean, BooleanExpression::Includes(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BooleanExpression {
    /// An attribute.
    Attribute(Leaf),
    /// The answer of a method.
    Answer(Answer),
    /// Whether any line item is selected.
    Includes(Arc<Aggregate>),
}

/// An attribute that a condition reads.
///
/// Two leaves are equal where they read the same value, even if the rule calls
/// the profile by two of its names.
///
/// ```
/// use target_rules::condition::{NumberExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Attribute(leaf) = number else { panic!() };
/// assert_eq!(leaf.name(), "currentTxn.value");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Leaf(pub(crate) Arc<Attribute>);

impl PartialEq for Leaf {
    fn eq(&self, other: &Leaf) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.read == other.0.read && self.0.computed == other.0.computed)
    }
}

impl Eq for Leaf {}

impl Hash for Leaf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.read.hash(state);
    }
}

impl Leaf {
    /// The name that the rule gives it, such as `currentTxn.value`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.0.profile.name, self.0.name)
    }

    /// Whether the value follows from others where the document does not state
    /// it. Only then can it be at fault: a sum too large, a division by zero.
    ///
    /// ```
    /// use target_rules::condition::{NumberExpression, Subject};
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.basketSize > 5", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
    /// let NumberExpression::Attribute(leaf) = number else { panic!() };
    /// assert!(leaf.is_computed()); // how many line items there are
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn is_computed(&self) -> bool {
        self.0.computed.is_some()
    }

    /// The aggregate over all line items that gives the value where the
    /// document does not state it; `None` for an attribute that is not
    /// computed, or is computed from the current item alone.
    pub(crate) fn aggregate(&self) -> Option<Aggregate> {
        let measure = match self.0.computed? {
            Computed::ItemCount => Measure::Count,
            Computed::ItemQuantity => Measure::Sum(Figure::Quantity),
            Computed::ItemValue => Measure::Sum(Figure::Value),
            Computed::Value | Computed::DiscountPercentage => return None,
        };
        let profile = self.0.profile.clone();
        Some(Aggregate { section: profile.list_section(), profile, selection: None, measure })
    }

    /// Whether both point to the same attribute of one rule.
    pub(crate) fn is(&self, other: &Leaf) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether it is a single value of the document, and not one in a list.
    pub(super) fn is_in_a_slot(&self) -> bool {
        matches!(self.0.read, Read::Field { .. })
    }

    /// What is read of a document for it. What it may be computed from is not
    /// included.
    pub fn read(&self) -> &Read {
        &self.0.read
    }
}

/// A value computed from the line items of a transaction.
///
/// ```
/// use target_rules::condition::{Measure, NumberExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentTxn.basketQty("brand", "Puma") >= 3"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Aggregate(aggregate) = number else { panic!() };
/// assert!(matches!(aggregate.measure, Measure::Sum(_)));
/// assert!(aggregate.selection.is_some());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Aggregate {
    pub(crate) profile: Arc<ProfileName>,
    /// The profile that has the items.
    pub section: Arc<str>,
    /// The selection of items that count; `None` for all.
    pub selection: Option<Selection>,
    /// What is computed over them.
    pub measure: Measure,
}

impl PartialEq for Aggregate {
    fn eq(&self, other: &Aggregate) -> bool {
        self.section == other.section && self.selection == other.selection && self.measure == other.measure
    }
}

impl Eq for Aggregate {}

impl Hash for Aggregate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.section.hash(state);
        self.selection.hash(state);
        self.measure.hash(state);
    }
}

/// What an aggregate computes over the items that count.
///
/// ```
/// use target_rules::condition::{Measure, NumberExpression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentTxn.basketCount("brand", "Puma") >= 3"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Aggregate(aggregate) = number else { panic!() };
/// assert_eq!(aggregate.measure, Measure::Count);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// The exact sum of a figure, rounded once.
    Sum(Figure),
    /// How many there are.
    Count,
    /// Whether there is any.
    Any,
}

impl NumberExpression {
    /// The constant, if it is one.
    pub(crate) fn constant(&self) -> Option<Number> {
        match self {
            NumberExpression::Constant(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is an operation on numbers.
    pub(crate) fn is_computed(&self) -> bool {
        matches!(self, NumberExpression::Negate(_) | NumberExpression::Arithmetic(..))
    }
}
