//! Which line items a call looks at.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::value::{Number, Pattern};

use super::attribute::ProfileName;
use super::read::Figure;

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

/// Line items of a bill, and which of them.
#[derive(Debug, Clone)]
pub(crate) struct Items {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) selection: Selection,
}
