//! A rule as a condition in SQL.

use target_rules::{Rule, Zone};

use crate::columns::{Column, Columns};
use crate::dialect::Dialect;
use crate::refusal::Refusal;
use crate::write::Clauses;

/// How a rule is written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// For which database.
    pub dialect: Dialect,
    /// Which column has which value.
    pub columns: Columns,
    /// The zone in which dates are seen: at first UTC.
    pub zone: Zone,
    /// The most bytes of the condition: at first 1 MiB.
    pub bytes: usize,
}

impl Options {
    /// The defaults for a database.
    pub fn new(dialect: Dialect) -> Options {
        Options { dialect, columns: Columns::default(), zone: Zone::UTC, bytes: 1 << 20 }
    }
}

/// A rule in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sql {
    /// A boolean expression that may stand beside any operator; `NULL` where the rule is
    /// unknown.
    pub condition: String,
    /// The columns that it reads, each once, sorted by path.
    pub columns: Vec<Column>,
}

/// Writes a rule as a boolean expression: true, false and `NULL` for the same values as the
/// rule is true, false and unknown.
///
/// Fails where a part of the rule has no SQL of the same meaning, with each such part: at
/// most some twenty. Cost is linear in the rule, but for nested intervals, which
/// [`Options::bytes`] bounds.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_sql::{Dialect, Options, Reason, to_sql};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let options = Options::new(Dialect::DuckDb);
/// let sql = to_sql(&rule(r#"currentCustomer.slabName != "Gold""#)?, &options);
/// let sql = sql.map(|sql| sql.condition);
/// let expected = r#"(NOT ("currentCustomer.slabName" COLLATE "C" = 'Gold'))"#;
/// assert_eq!(sql.as_deref(), Ok(expected));
///
/// let refused = to_sql(&rule("currentTxn.value / currentTxn.discount > 3")?, &options);
/// assert_eq!(refused.unwrap_err()[0].reason, Reason::Quotient);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn to_sql(rule: &Rule, options: &Options) -> Result<Sql, Vec<Refusal>> {
    let Options { dialect, columns, zone, bytes } = options;
    let (condition, columns) = Clauses::new(rule.condition(), *dialect, zone, *bytes, columns).write()?;
    Ok(Sql { condition, columns })
}
