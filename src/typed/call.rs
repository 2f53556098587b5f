//! Calls of methods, each with the fields that it needs.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::value::{DateDistance, DatePart, DateText, Number, Pattern};

use super::{Figure, Node, ProfileName, Read};

/// A call as it is written, and what it asks.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) receiver: Receiver,
    /// The method by its listed name.
    pub(crate) method: String,
    pub(crate) arguments: Vec<Arc<Node>>,
    pub(crate) kind: CallKind,
}

#[derive(Debug)]
pub(crate) enum Receiver {
    Profile(Arc<ProfileName>),
    Value(Arc<Node>),
}

/// What a call asks. `negated` is of methods that come in pairs, such as
/// `isNull` and `isNotNull`.
#[derive(Debug)]
pub(crate) enum CallKind {
    /// The document carries the answer.
    Answer(Answer),
    /// The sum of a figure of the selected line items.
    Sum { items: Items, figure: Figure },
    /// How many line items are selected.
    Count(Items),
    /// Whether any line item is selected.
    Includes { items: Items, negated: bool },
    /// Whether the line item at hand is selected.
    ItemMatches(Selection),
    /// Whether a custom field or segment has a value.
    HasValue { container: Container, value: Arc<str>, negated: bool },
    /// Whether a custom field has any value that is not empty.
    HasAnyValue(Container),
    /// Whether a text holds another.
    Contains { text: Arc<Node>, part: Arc<Node> },
    /// Whether a pattern is found in a text.
    Matches { text: Arc<Node>, pattern: Pattern },
    /// Whether a text is there and not empty, and holds the part if one is given.
    Exists { text: Arc<Node>, part: Option<String>, negated: bool },
    /// Whether a value is absent.
    IsNull { value: Arc<Node>, negated: bool },
    /// Whether a date is there and valid; a string may be one.
    IsValid(Arc<Node>),
    /// A part of a date.
    Part { date: Arc<Node>, part: DatePart },
    /// How far two dates are apart.
    Distance { distance: DateDistance, from: Arc<Node>, to: DateArgument },
    /// Whether a date lies before or after another.
    Compare { operator: Operator, date: Arc<Node>, other: DateArgument },
    /// Whether a date is on Saturday or Sunday.
    IsWeekend { date: Arc<Node>, negated: bool },
    /// Whether the time of day is from one minute of the day on and before
    /// another; past midnight where the first is the later one.
    IsBetween { date: Arc<Node>, from: i64, to: i64 },
    /// The position, from 1, of the first edge that is not below a number.
    Interval { number: Arc<Node>, edges: Arc<[Number]> },
}

/// What a method answers, where the document carries its answers.
///
/// Two are equal where they read the same, by whichever of its names a profile
/// is called.
///
/// ```
/// use target_rules::condition::{NumberExpression, Read, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentCustomer.pointsRedeemedInPastDays(30) > 100";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Answer(answer) = number else { panic!() };
/// let Read::Answer { arguments, .. } = answer.read() else { panic!() };
/// assert_eq!(*arguments, ["30"]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Answer {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) read: Arc<Read>,
}

/// A custom field or a segment of a profile. Two are equal likewise.
///
/// ```
/// use target_rules::condition::{Read, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentCustomer.clusterValueIncludes("region", "north")"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let subject = &*rule.condition().subjects()[0];
/// let Subject::Container(container) = subject else { panic!() };
/// assert!(matches!(container.read(), Read::Segment { .. }));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Container {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) read: Arc<Read>,
}

/// Equality and hash by what is read.
macro_rules! by_read {
    ($($of:ty),*) => {$(
        impl PartialEq for $of {
            fn eq(&self, other: &$of) -> bool {
                self.read == other.read
            }
        }

        impl Eq for $of {}

        impl std::hash::Hash for $of {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.read.hash(state);
            }
        }

        impl $of {
            /// What is read of a document for it.
            pub fn read(&self) -> &Read {
                &self.read
            }
        }
    )*};
}

by_read!(Answer, Container);

/// A date that another is compared with.
#[derive(Debug)]
pub(crate) enum DateArgument {
    Constant(DateText),
    Date(Arc<Node>),
    /// A string that stands for a date.
    Text(Arc<Node>),
}

/// Line items of a bill, and which of them.
#[derive(Debug, Clone)]
pub(crate) struct Items {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) selection: Selection,
}

/// Which line items a call looks at.
///
/// ```
/// use target_rules::condition::{NumberExpression, Selection, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentTxn.basketQty("brand", "Puma") > 2"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Aggregate(aggregate) = number else { panic!() };
/// let selection = aggregate.selection.as_ref().ok_or("not all items count")?;
/// assert!(matches!(selection, Selection::Equals { .. }));
/// assert_eq!(selection.attribute().map(|name| &**name), Some("brand"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Selection {
    /// Those whose attribute has the value.
    Equals {
        /// The attribute, such as `brand`.
        attribute: Arc<str>,
        /// Its value.
        value: Arc<str>,
    },
    /// Those in whose attribute the pattern is found.
    Matches {
        /// The attribute.
        attribute: Arc<str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// Those of both kinds at once.
    EqualsAndMatches {
        /// The attribute.
        attribute: Arc<str>,
        /// Its value.
        value: Arc<str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// Those whose figure compares so.
    Compares {
        /// The figure.
        figure: Figure,
        /// `==`, `!=`, `<`, `<=`, `>` or `>=`.
        operator: Operator,
        /// What it is compared with.
        number: Number,
    },
}

impl Selection {
    /// The attribute that it looks at.
    pub fn attribute(&self) -> Option<&Arc<str>> {
        match self {
            Selection::Equals { attribute, .. }
            | Selection::Matches { attribute, .. }
            | Selection::EqualsAndMatches { attribute, .. } => Some(attribute),
            Selection::Compares { .. } => None,
        }
    }
}

impl DateArgument {
    /// The node that is evaluated, if it is no constant.
    pub(crate) fn node(&self) -> Option<&Arc<Node>> {
        match self {
            DateArgument::Constant(_) => None,
            DateArgument::Date(node) | DateArgument::Text(node) => Some(node),
        }
    }
}

impl Call {
    /// The values that the call needs: that of its receiver, then those of its
    /// arguments that are no constants.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Node> {
        let (first, second) = match &self.kind {
            CallKind::Answer(_)
            | CallKind::Sum { .. }
            | CallKind::Count(_)
            | CallKind::Includes { .. }
            | CallKind::ItemMatches(_)
            | CallKind::HasValue { .. }
            | CallKind::HasAnyValue(_) => (None, None),
            CallKind::Contains { text, part } => (Some(text), Some(part).filter(|part| !part.is_constant())),
            CallKind::Distance { from: date, to: other, .. } | CallKind::Compare { date, other, .. } => {
                (Some(date), other.node())
            }
            CallKind::Matches { text: value, .. }
            | CallKind::Exists { text: value, .. }
            | CallKind::IsNull { value, .. }
            | CallKind::IsValid(value)
            | CallKind::Part { date: value, .. }
            | CallKind::IsWeekend { date: value, .. }
            | CallKind::IsBetween { date: value, .. }
            | CallKind::Interval { number: value, .. } => (Some(value), None),
        };
        first.into_iter().chain(second).map(|node| &**node)
    }

    /// The line items that an aggregate looks at.
    pub(crate) fn items(&self) -> Option<&Items> {
        match &self.kind {
            CallKind::Sum { items, .. } | CallKind::Count(items) | CallKind::Includes { items, .. } => {
                Some(items)
            }
            _ => None,
        }
    }

    /// Which line items it looks at, or asks the one at hand about.
    pub(crate) fn selection(&self) -> Option<&Selection> {
        match &self.kind {
            CallKind::ItemMatches(selection) => Some(selection),
            _ => self.items().map(|items| &items.selection),
        }
    }
}
