//! Which line items a call selects.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::value::{Number, Pattern};

use super::attribute::ProfileName;
use super::read::Figure;

/// Which line items a call selects.
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
    /// The items whose attribute has the value.
    Equals {
        /// The attribute, such as `brand`.
        attribute: Arc<str>,
        /// Its value.
        value: Arc<str>,
    },
    /// The items where the pattern is found in the attribute.
    Matches {
        /// The attribute.
        attribute: Arc<str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// The items that meet both conditions.
    EqualsAndMatches {
        /// The attribute.
        attribute: Arc<str>,
        /// Its value.
        value: Arc<str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// The items whose figure compares so with a number.
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
    /// The attribute that it compares, if it compares one.
    pub fn attribute(&self) -> Option<&Arc<str>> {
        match self {
            Selection::Equals { attribute, .. }
            | Selection::Matches { attribute, .. }
            | Selection::EqualsAndMatches { attribute, .. } => Some(attribute),
            Selection::Compares { .. } => None,
        }
    }
}

/// The line items of a section, and the selection among them.
#[derive(Debug, Clone)]
pub(crate) struct Items {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) selection: Selection,
}
