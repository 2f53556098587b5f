//! Whether two rules can be true for one transaction.

use target_rules::Rule;

use crate::diff::both;
use crate::proof::{Found, Options};

/// Whether two rules can be true for one transaction.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Overlap, overlap};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let small = rule("currentTxn.value <= 500")?;
/// let large = rule("currentTxn.value > 500")?;
/// let options = Options::default();
/// assert_eq!(overlap(&small, &large, &options), Overlap::Impossible);
/// assert!(matches!(overlap(&large, &large, &options), Overlap::Possible(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlap {
    /// Both are true for this transaction document.
    Possible(String),
    /// There is no such transaction. Proved.
    Impossible,
    /// It is not known; what stood in the way.
    Unknown(String),
}

/// Asks whether two rules, checked with one schema, can be true together. Rules
/// that are decided for each item may be so for different ones.
///
/// Cost is that of one search, bounded by [`Options::work`].
pub fn overlap(first: &Rule, second: &Rule, options: &Options) -> Overlap {
    match both(first, second, options) {
        Found::Shown(shown) => Overlap::Possible(shown.document),
        Found::Never => Overlap::Impossible,
        Found::Unknown(why) => Overlap::Unknown(why),
    }
}
