//! The columns that a condition reads, and what all its parts are written with.

use std::collections::BTreeMap;

use target_rules::condition::{Read, ValueKind};
use target_rules::syntax::Operator;
use target_rules::{Reference, Zone};

use crate::columns::{Column, ColumnType, Columns, Path, type_of};
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

/// What the parts of a condition are written with.
pub(super) struct Table<'o> {
    pub(super) dialect: Dialect,
    pub(super) zone: &'o Zone,
    /// The most bytes of SQL.
    pub(super) most: usize,
    columns: &'o Columns,
    /// The columns that were read, by their names as the database tells them apart.
    read: BTreeMap<String, Column>,
}

impl<'o> Table<'o> {
    pub(super) fn new(dialect: Dialect, zone: &'o Zone, most: usize, columns: &'o Columns) -> Table<'o> {
        Table { dialect, zone, most, columns, read: BTreeMap::new() }
    }

    pub(super) fn into_columns(self) -> Vec<Column> {
        let mut columns: Vec<Column> = self.read.into_values().collect();
        columns.sort_by(|left, right| left.path.cmp(&right.path));
        columns
    }

    /// The column of a value that is read.
    pub(super) fn column(&mut self, read: &Read) -> Result<(String, ColumnType), Refused> {
        let kind = match read {
            Read::Field { kind, .. } | Read::Answer { kind, .. } => Some(*kind),
            Read::CustomField { .. } | Read::Segment { .. } => None,
            _ => {
                return Err(Refused::new(
                    Reason::Items,
                    "line items and tenders are no columns; keep this rule with the engine",
                ));
            }
        };
        let unsupported = || Refused::new(Reason::Unsupported, "a value of this type has no column");
        let path = Path::of(read).ok_or_else(unsupported)?;
        let holds = match kind {
            Some(kind) => type_of(kind, self.columns.digits_of(&path)).ok_or_else(unsupported)?,
            None => ColumnType::Lists,
        };
        let dotted = path.dotted();
        let names = self.columns.names(&path).filter(|names| !names.is_empty()).ok_or_else(|| {
            Refused::new(Reason::Column, format!("`{}` is mapped to no column", dotted.escape_debug()))
        })?;
        let quoted: Result<Vec<String>, Refused> =
            names.iter().map(|name| self.dialect.identifier(name)).collect();
        let sql = quoted?.join(".");
        let column = Column { sql: sql.clone(), path: dotted, holds, reads: Vec::new() };
        let reference = Reference::from(read.clone());
        let held = self.read.entry(self.dialect.folded(&sql)).or_insert_with(|| column.clone());
        if held.path != column.path || held.holds != column.holds {
            let why = format!(
                "`{}` and `{}` would be one column in {}; map one of them to another",
                held.path.escape_debug(),
                column.path.escape_debug(),
                self.dialect.title()
            );
            return Err(Refused::new(Reason::Column, why));
        }
        if let Err(at) = held.reads.binary_search(&reference) {
            held.reads.insert(at, reference);
        }
        Ok((sql, holds))
    }

    /// The column of a value that must be of a kind.
    pub(super) fn column_of(&mut self, read: &Read, wanted: ValueKind) -> Result<String, Refused> {
        let (sql, holds) = self.column(read)?;
        let fits = match holds {
            ColumnType::Boolean => wanted == ValueKind::Boolean,
            ColumnType::Number(_) => wanted == ValueKind::Number,
            ColumnType::Text => wanted == ValueKind::Text,
            ColumnType::Instant => wanted == ValueKind::Date,
            ColumnType::Lists => false,
        };
        if fits { Ok(sql) } else { Err(Refused::new(Reason::Unsupported, "a value of this type has no column")) }
    }

    /// The same SQL, where it is not too long.
    pub(super) fn sized(&self, sql: String) -> Result<String, Refused> {
        if sql.len() > self.most { Err(self.too_large()) } else { Ok(sql) }
    }

    pub(super) fn too_large(&self) -> Refused {
        Refused::new(Reason::Size, format!("the condition would be longer than {} bytes", self.most))
    }
}

/// The sign of a comparison.
pub(super) fn sign(operator: Operator) -> Result<&'static str, Refused> {
    match operator {
        Operator::Equal => Ok("="),
        Operator::Less => Ok("<"),
        Operator::LessOrEqual => Ok("<="),
        Operator::Greater => Ok(">"),
        Operator::GreaterOrEqual => Ok(">="),
        _ => Err(Refused::new(Reason::Unsupported, "this comparison is not translated")),
    }
}
