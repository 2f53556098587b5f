//! Promises of rules as SQL.

use target_rules::{Ast, Limits, Schema};
use target_rules_sql::{Dialect, Options, to_sql};

use super::inputs::text_of;

/// So short that long rules meet the bound.
const BYTES: usize = 8 * 1024;

/// A rule is written for each database, or refused in words. What is written is closed: each
/// quote and bracket that it opens, so that it stays a part of the query it is put into.
pub fn sql_in(data: &[u8]) {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let checked =
        Ast::from_text(text_of(data), &limits).and_then(|ast| ast.check(&schema, &limits).into_rule());
    let Ok(rule) = checked else { return };
    for dialect in Dialect::ALL {
        let mut options = Options::new(dialect);
        options.bytes = BYTES;
        match to_sql(&rule, &options) {
            Ok(sql) => {
                assert!(is_closed(dialect, &sql.condition), "{dialect} is left open: {}", sql.condition);
                assert!(sql.condition.len() <= 2 * BYTES, "{dialect} is {} bytes", sql.condition.len());
                for column in &sql.columns {
                    assert!(
                        sql.condition.contains(&column.sql),
                        "{} is not read: {}",
                        column.sql,
                        sql.condition
                    );
                }
            }
            Err(refusals) => {
                assert!(!refusals.is_empty() && refusals.iter().all(|refusal| !refusal.message.is_empty()));
            }
        }
    }
}

/// Whether quotes and brackets are closed, as the database reads them.
fn is_closed(dialect: Dialect, sql: &str) -> bool {
    let mut open = 0_usize;
    let mut rest = sql.chars().peekable();
    let mut before = ' ';
    while let Some(character) = rest.next() {
        match character {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            // Of Spark backslashes never come into a text.
            '\'' | '"' | '`' => {
                let escapes = character == '\'' && before == 'E' && dialect == Dialect::Postgres;
                loop {
                    match rest.next() {
                        None => return false,
                        Some('\\') if dialect == Dialect::Spark && character == '\'' => return false,
                        Some('\\') if escapes => drop(rest.next()),
                        Some(one) if one == character && rest.peek() != Some(&character) => break,
                        Some(one) if one == character => drop(rest.next()),
                        Some(_) => {}
                    }
                }
            }
            _ => {}
        }
        before = character;
    }
    open == 0
}
