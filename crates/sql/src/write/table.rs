//! The columns that a condition reads, and what all its parts are written with.

use std::collections::BTreeMap;

use target_rules::condition::{Figure, ListName, Read, ValueKind};
use target_rules::syntax::Operator;
use target_rules::{Reference, Zone};

use crate::columns::{Column, ColumnType, Columns, Digits, ItemField, ItemValue, Path, type_of};
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

/// Neither true nor false.
pub(super) const UNKNOWN: &str = "CAST(NULL AS BOOLEAN)";

/// What the parts of a condition are written with.
pub(super) struct Table<'o> {
    pub(super) dialect: Dialect,
    pub(super) zone: &'o Zone,
    /// The most bytes of SQL.
    pub(super) most: usize,
    /// Whose items are at hand, where a rule is decided for each.
    pub(super) at_hand: Option<(String, ListName)>,
    columns: &'o Columns,
    /// The columns that were read, by their names as the database tells them apart.
    read: BTreeMap<String, Column>,
}

impl<'o> Table<'o> {
    pub(super) fn new(dialect: Dialect, zone: &'o Zone, most: usize, columns: &'o Columns) -> Table<'o> {
        Table { dialect, zone, most, at_hand: None, columns, read: BTreeMap::new() }
    }

    pub(super) fn into_columns(self) -> Vec<Column> {
        let mut columns: Vec<Column> = self.read.into_values().collect();
        columns.sort_by(|left, right| left.path.cmp(&right.path));
        columns
    }

    /// The column of a value that is read.
    pub(super) fn column(&mut self, read: &Read) -> Result<(String, ColumnType), Refused> {
        let unsupported = || Refused::new(Reason::Unsupported, "a value of this type has no column");
        let kind = match read {
            Read::EntryField { section, list, field, kind } if self.at_hand.is_some() => {
                let path = Path::of_list(section, *list).within(&field.name);
                let holds = type_of(*kind, self.columns.digits_of(&path)).ok_or_else(unsupported)?;
                let figures = [Figure::Discount, Figure::Quantity, Figure::Rate, Figure::Value];
                let figure = figures.into_iter().find(|figure| {
                    !field.extended && *list == ListName::LineItems && figure.key() == &*field.name
                });
                let value = figure.map_or(ItemValue::Own { extended: field.extended }, ItemValue::Figure);
                return Ok((self.field_of(section, *list, &field.name, holds, value)?, holds));
            }
            Read::Field { kind, .. } | Read::Answer { kind, .. } => Some(*kind),
            Read::CustomField { .. } | Read::Segment { .. } => None,
            _ => {
                return Err(Refused::new(
                    Reason::Items,
                    "line items and tenders are no columns; keep this rule with the engine",
                ));
            }
        };
        let path = Path::of(read).ok_or_else(unsupported)?;
        let holds = match kind {
            Some(kind) => type_of(kind, self.columns.digits_of(&path)).ok_or_else(unsupported)?,
            None => ColumnType::Lists,
        };
        let held = self.held(&path, holds)?;
        let reference = Reference::from(read.clone());
        if let Err(at) = held.reads.binary_search(&reference) {
            held.reads.insert(at, reference);
        }
        Ok((held.sql.clone(), holds))
    }

    /// The column of a path.
    fn held(&mut self, path: &Path, holds: ColumnType) -> Result<&mut Column, Refused> {
        let dotted = path.dotted();
        let names = self.columns.names(path).filter(|names| !names.is_empty()).ok_or_else(|| {
            Refused::new(Reason::Column, format!("`{}` is mapped to no column", dotted.escape_debug()))
        })?;
        let quoted: Result<Vec<String>, Refused> =
            names.iter().map(|name| self.dialect.identifier(name)).collect();
        let sql = quoted?.join(".");
        let column = Column { sql: sql.clone(), path: dotted, holds, reads: Vec::new(), fields: Vec::new() };
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
        Ok(held)
    }

    /// The column of a list of items.
    pub(super) fn list(&mut self, section: &str, list: ListName) -> Result<String, Refused> {
        if self.dialect == Dialect::Postgres {
            let why = format!(
                "line items and tenders are no columns in {}; keep this rule with the engine",
                self.dialect.title()
            );
            return Err(Refused::new(Reason::Items, why));
        }
        Ok(self.held(&Path::of_list(section, list), ColumnType::Items)?.sql.clone())
    }

    /// The digits of a figure of items.
    pub(super) fn digits_of(&self, section: &str, list: ListName, name: &str) -> Digits {
        self.columns.digits_of(&Path::of_list(section, list).within(name))
    }

    /// The profile whose line items are at hand.
    pub(super) fn items_of(&self) -> String {
        self.at_hand.as_ref().map(|(section, _)| section.clone()).unwrap_or_default()
    }

    /// A figure or an attribute of the item at hand.
    pub(super) fn field(
        &mut self,
        section: &str,
        list: ListName,
        name: &str,
        holds: ColumnType,
        figure: Option<Figure>,
    ) -> Result<String, Refused> {
        let value = figure.map_or(ItemValue::Attribute, ItemValue::Figure);
        self.field_of(section, list, name, holds, value)
    }

    fn field_of(
        &mut self,
        section: &str,
        list: ListName,
        name: &str,
        holds: ColumnType,
        value: ItemValue,
    ) -> Result<String, Refused> {
        self.list(section, list)?;
        let path = Path::of_list(section, list);
        let names = self.columns.names_within(&path.within(name), name);
        let dialect = self.dialect;
        let quoted: Result<Vec<String>, Refused> =
            names.iter().map(|name| dialect.identifier(name)).collect();
        let sql = format!("{}.{}", dialect.item(), quoted?.join("."));
        let field = ItemField { name: name.to_owned(), holds, value };
        let fields = &mut self.held(&path, ColumnType::Items)?.fields;
        let folded = dialect.folded(name);
        match fields.iter().find(|held| dialect.folded(&held.name) == folded) {
            Some(held) if *held != field => {
                let why = format!(
                    "`{}` and `{}` of items would be one field; keep this rule with the engine",
                    held.name.escape_debug(),
                    name.escape_debug()
                );
                Err(Refused::new(Reason::Column, why))
            }
            Some(_) => Ok(sql),
            None => {
                fields.push(field);
                fields.sort_by(|left, right| left.name.cmp(&right.name));
                Ok(sql)
            }
        }
    }

    /// The column of a value that must be of a kind.
    pub(super) fn column_of(&mut self, read: &Read, wanted: ValueKind) -> Result<String, Refused> {
        let (sql, holds) = self.column(read)?;
        let fits = match holds {
            ColumnType::Boolean => wanted == ValueKind::Boolean,
            ColumnType::Number(_) => wanted == ValueKind::Number,
            ColumnType::Text => wanted == ValueKind::Text,
            ColumnType::Instant => wanted == ValueKind::Date,
            ColumnType::Lists | ColumnType::Items => false,
        };
        if fits {
            Ok(sql)
        } else {
            Err(Refused::new(Reason::Unsupported, "a value of this type has no column"))
        }
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
