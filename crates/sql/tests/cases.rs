//! The conformance suite as queries: each case that is decided, with the values of its
//! document as columns of one row.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::check::check_forms_whole;
use target_rules::condition::{Read, ValueKind};
use target_rules::transaction::{EntryGetter, Transaction};
use target_rules::{Ast, Layout, Limits, Number, Reference, Rule, Schema, Zone};
use target_rules_sql::{Column, ColumnType, Dialect, Digits, ItemField, ItemValue, Options, to_sql};
use target_rules_testing::suite::text_of;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    dsl: Option<Box<RawValue>>,
    tree: Option<Box<RawValue>>,
    transaction: Option<Box<RawValue>>,
    pub(crate) zone: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    pub(crate) result: Option<String>,
}

/// What becomes of a case.
pub(crate) enum Asked {
    /// A query that gives one truth value.
    Query(String),
    /// The rule has no SQL: the codes of why.
    Refused(String),
    /// The document has what no column holds.
    NoColumns(&'static str),
}

/// All cases that have a result.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |path| serde_json::from_slice::<File>(&std::fs::read(path).unwrap()).unwrap().cases;
    let cases: Vec<Case> = files.into_iter().flat_map(read).filter(|case| case.result.is_some()).collect();
    assert!(cases.len() > 9_000, "only {} cases", cases.len());
    cases
}

impl Case {
    fn rule(&self, limits: &Limits) -> Rule {
        let schema = Schema::standard();
        let (dsl, tree) = (self.dsl.as_deref().map(text_of), self.tree.as_deref().map(text_of));
        let ast = match (&dsl, &tree) {
            (Some(dsl), None) => Ast::from_text(dsl, limits),
            (None, Some(tree)) => Ast::from_tree(tree, limits),
            _ => {
                let (rule, _) = check_forms_whole(dsl.as_deref(), tree.as_deref(), &schema, limits);
                return rule.unwrap();
            }
        };
        ast.unwrap().check(&schema, limits).into_rule().unwrap()
    }

    /// The case as a query of a database.
    pub(crate) fn ask(&self, dialect: Dialect) -> Asked {
        if !self.limits.is_empty() {
            return Asked::NoColumns("limits of its own");
        }
        let limits = Limits::default();
        let rule = self.rule(&limits);
        let zone: Zone = self.zone.as_deref().unwrap_or("UTC").parse().unwrap();
        let layout = Layout::of([&rule]);
        let document = text_of(self.transaction.as_deref().unwrap());
        query(&rule, &layout, &layout.read(&document, &limits).unwrap(), &zone, dialect)
    }
}

/// A rule as a query of a database, over the values of a document.
pub(crate) fn query(
    rule: &Rule,
    layout: &Layout,
    transaction: &Transaction,
    zone: &Zone,
    dialect: Dialect,
) -> Asked {
    let mut options = Options::new(dialect);
    options.zone = zone.clone();
    let mut too_long = false;
    rule.condition().each_read(&mut |read| {
        if let Some(path) = number_path(&read) {
            let slot = layout.slot_of(&Reference::from(read));
            let digits = digits_of(slot.and_then(|slot| transaction.get_number(slot)));
            too_long |= digits.is_none();
            let columns = std::mem::take(&mut options.columns);
            options.columns = columns.digits(path, digits.unwrap_or_default());
        }
    });
    let sql = match to_sql(rule, &options) {
        Ok(sql) => sql,
        Err(refusals) => {
            let mut codes: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.code()).collect();
            codes.sort_unstable();
            codes.dedup();
            return Asked::Refused(codes.join(" "));
        }
    };
    if too_long {
        return Asked::NoColumns("more digits than a column has");
    }
    if computes(rule, layout, transaction) {
        return Asked::NoColumns("a figure that is not stated");
    }
    let mut values = Vec::new();
    let mut condition = sql.condition;
    // Many queries are one there.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    for column in &sql.columns {
        let mut name = column.sql.clone();
        if dialect == Dialect::Spark {
            name = format!("`{number}.{}", &column.sql[1..]);
            condition = condition.replace(&column.sql, &name);
        }
        match value(column, dialect, layout, transaction, zone) {
            Ok(value) => values.push(format!("{value} AS {name}")),
            Err(why) => return Asked::NoColumns(why),
        }
    }
    if values.is_empty() {
        values.push("1 AS one".to_owned());
    }
    Asked::Query(format!("SELECT ({}) AS told FROM (SELECT {}) AS one_row", condition, values.join(", ")))
}

/// Where a number column is mapped from.
fn number_path(read: &Read) -> Option<String> {
    match read {
        Read::Field { section, field, kind: ValueKind::Number } if field.extended => {
            Some(format!("{section}.extendedFields.{}", field.name))
        }
        Read::Field { section, field, kind: ValueKind::Number } => Some(format!("{section}.{}", field.name)),
        Read::Answer { section, method, arguments, kind: ValueKind::Number } => {
            Some(format!("{section}.{method}({})", arguments.join(", ")))
        }
        _ => None,
    }
}

/// Eight digits before the point and two behind it, or as many more as a value has.
fn digits_of(number: Option<Number>) -> Option<Digits> {
    let Some(number) = number else { return Digits::new(10, 2) };
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (whole, fraction) = (whole.trim_start_matches('0').len(), fraction.trim_end_matches('0').len());
    let digits = |whole: usize, fraction: usize| {
        Digits::new(u32::try_from(whole + fraction).unwrap().max(1), u32::try_from(fraction).unwrap())
    };
    digits(whole.max(8), fraction.max(2)).or_else(|| digits(whole, fraction))
}

/// Whether the rule reads a value that the document leaves to be computed.
fn computes(rule: &Rule, layout: &Layout, transaction: &Transaction) -> bool {
    struct Computed<'t>(&'t Layout, &'t Transaction, bool);
    impl target_rules::condition::Visitor for Computed<'_> {
        fn attribute(&mut self, leaf: &target_rules::condition::Leaf) {
            let slot = self.0.slot_of(&Reference::from(leaf.read().clone()));
            let stated = slot.is_some_and(|slot| self.1.get_number(slot).is_some());
            // Of items the getter computes it.
            let is_figure = matches!(leaf.read(), Read::EntryField { field, .. } if &*field.name == "value");
            self.2 |= leaf.is_computed() && !stated && !is_figure;
        }
    }
    let mut computed = Computed(layout, transaction, false);
    rule.condition().visit(&mut computed);
    computed.2
}

fn quoted(text: &str, dialect: Dialect) -> Result<String, &'static str> {
    match dialect {
        Dialect::Postgres if text.contains('\0') => Err("a text that PostgreSQL does not hold"),
        Dialect::Postgres => Ok(format!("'{}'", text.replace('\'', "''"))),
        Dialect::Spark => {
            let bytes: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            Ok(format!("CAST(X'{bytes}' AS STRING)"))
        }
        _ => Ok(format!("('{}')", text.replace('\'', "''").replace('\0', "' || chr(0) || '"))),
    }
}

fn text_type(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Spark { "STRING" } else { "VARCHAR" }
}

fn instant_type(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Spark { "TIMESTAMP" } else { "TIMESTAMPTZ" }
}

fn array_of(dialect: Dialect, values: &[String]) -> String {
    let values = values.join(", ");
    if dialect == Dialect::Spark { format!("array({values})") } else { format!("[{values}]") }
}

fn typed(value: Option<String>, of: &str) -> String {
    format!("CAST({} AS {of})", value.unwrap_or("NULL".to_owned()))
}

/// A list of structs, as DuckDB and Spark have it.
fn items(
    column: &Column,
    dialect: Dialect,
    layout: &Layout,
    transaction: &Transaction,
    zone: &Zone,
) -> Result<String, &'static str> {
    let list = layout.list(&column.path);
    let mut types: Vec<String> = Vec::new();
    for field in &column.fields {
        let of = match field.holds {
            ColumnType::Boolean => "BOOLEAN".to_owned(),
            ColumnType::Number(digits) => format!("DECIMAL({},{})", digits.all(), digits.fraction()),
            ColumnType::Text => text_type(dialect).to_owned(),
            ColumnType::Instant => instant_type(dialect).to_owned(),
            _ => panic!("a list in an item"),
        };
        types.push(match dialect {
            Dialect::Spark => format!("`{}`: {of}", field.name.replace('`', "``")),
            _ => format!("\"{}\" {of}", field.name.replace('"', "\"\"")),
        });
    }
    if types.is_empty() {
        types.push(if dialect == Dialect::Spark { "nothing: BOOLEAN" } else { "nothing BOOLEAN" }.to_owned());
    }
    let of = match dialect {
        Dialect::Spark => format!("ARRAY<STRUCT<{}>>", types.join(", ")),
        _ => format!("STRUCT({})[]", types.join(", ")),
    };
    let Some(entries) = list.and_then(|list| transaction.get_entries(list)) else {
        return Ok(typed(None, &of));
    };
    let mut all = Vec::new();
    for entry in entries {
        let mut values = Vec::new();
        for field in &column.fields {
            values.push(item_value(field, dialect, layout, (&column.path, &entry), zone)?);
        }
        if values.is_empty() {
            values.push("NULL".to_owned());
        }
        all.push(match dialect {
            Dialect::Spark => format!("struct({})", values.join(", ")),
            _ => format!("row({})", values.join(", ")),
        });
    }
    Ok(typed(Some(array_of(dialect, &all)), &of))
}

fn item_value(
    field: &ItemField,
    dialect: Dialect,
    layout: &Layout,
    (path, entry): (&str, &EntryGetter<'_>),
    zone: &Zone,
) -> Result<String, &'static str> {
    let list = layout.list(path).unwrap();
    let number = |number: Option<Number>| match (number, field.holds) {
        (Some(number), ColumnType::Number(digits)) => {
            let text = number.abs().to_string();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            let whole = whole.trim_start_matches('0').len();
            let fraction = fraction.trim_end_matches('0').len();
            let fits = |digits: u32, needed: usize| needed <= usize::try_from(digits).unwrap();
            match fits(digits.fraction(), fraction) && fits(digits.all() - digits.fraction(), whole) {
                true => Ok(format!("CAST('{number}' AS DECIMAL({},{}))", digits.all(), digits.fraction())),
                false => Err("more digits than a column has"),
            }
        }
        _ => Ok("NULL".to_owned()),
    };
    let text = |text: Option<&str>| text.map_or(Ok("NULL".to_owned()), |text| quoted(text, dialect));
    let own = |extended| {
        let name = if extended { format!("extField_{}", field.name) } else { field.name.clone() };
        layout.entry_slot(list, &name).unwrap()
    };
    match field.value {
        ItemValue::Figure(figure) => match entry.figure(figure) {
            Ok(figure) => number(figure),
            Err(_) => Err("a figure at fault"),
        },
        ItemValue::Attribute => text(entry.text(layout.item_attribute(list, &field.name).unwrap())),
        ItemValue::Own { extended } => match field.holds {
            ColumnType::Boolean => {
                Ok(entry.boolean(own(extended)).map_or("NULL".to_owned(), |value| value.to_string()))
            }
            ColumnType::Number(_) => number(entry.number(own(extended))),
            ColumnType::Text => text(entry.text(own(extended))),
            _ => match entry.date(own(extended)).map(|date| date.resolve(zone)) {
                None => Ok("NULL".to_owned()),
                Some(None) => Err("a date that is none"),
                Some(Some(instant)) => {
                    Ok(typed(Some(format!("'{}+00:00'", Zone::UTC.local(instant))), instant_type(dialect)))
                }
            },
        },
        _ => panic!("a field of another kind"),
    }
}

/// The value of a column in a document.
fn value(
    column: &Column,
    dialect: Dialect,
    layout: &Layout,
    transaction: &Transaction,
    zone: &Zone,
) -> Result<String, &'static str> {
    if column.holds == ColumnType::Items {
        return items(column, dialect, layout, transaction, zone);
    }
    let first = layout.slot_of(&column.reads[0]).unwrap();
    Ok(match column.holds {
        ColumnType::Boolean => {
            typed(transaction.get_boolean(first).map(|value| value.to_string()), "BOOLEAN")
        }
        ColumnType::Number(digits) => {
            let of = format!("DECIMAL({},{})", digits.all(), digits.fraction());
            typed(transaction.get_number(first).map(|number| format!("'{number}'")), &of)
        }
        ColumnType::Text => {
            let text = transaction.get_text(first).map(|text| quoted(text, dialect)).transpose()?;
            // As a host may have it: without upper and lower case.
            let text = typed(text, text_type(dialect));
            if dialect == Dialect::Spark { format!("({text} COLLATE UTF8_LCASE)") } else { text }
        }
        ColumnType::Instant => {
            let date = transaction.get_date(first);
            let instant = match date.map(|date| date.resolve(zone)) {
                Some(None) => return Err("a date that is none"),
                other => other.flatten(),
            };
            let written = instant.map(|instant| Zone::UTC.local(instant).to_string());
            typed(written.map(|written| format!("'{written}+00:00'")), instant_type(dialect))
        }
        ColumnType::Lists => lists(column, dialect, layout, transaction)?,
        _ => panic!("a column of another type"),
    })
}

fn lists(
    column: &Column,
    dialect: Dialect,
    layout: &Layout,
    transaction: &Transaction,
) -> Result<String, &'static str> {
    let mut entries = Vec::new();
    let mut object = serde_json::Map::new();
    for reference in &column.reads {
        let (Reference::CustomField { name, .. } | Reference::Segment { name, .. }) = reference else {
            panic!("{reference:?} is no list")
        };
        // No entry of a container that is there has texts, of one that is absent it has none.
        let Some(texts) = transaction.get_texts(layout.slot_of(reference).unwrap()) else {
            assert!(entries.is_empty());
            let of = match dialect {
                Dialect::DuckDb => "MAP(VARCHAR, VARCHAR[])",
                Dialect::Spark => "MAP<STRING, ARRAY<STRING>>",
                _ => "jsonb",
            };
            return Ok(format!("CAST(NULL AS {of})"));
        };
        let texts: Vec<&str> = texts.collect();
        let all: Result<Vec<String>, _> = texts.iter().map(|text| quoted(text, dialect)).collect();
        let (name_as_text, all) = (quoted(name, dialect)?, all?);
        entries.push(match dialect {
            Dialect::Spark => {
                format!("{name_as_text}, CAST({} AS ARRAY<STRING>)", array_of(dialect, &all))
            }
            _ => format!("{name_as_text}: CAST([{}] AS VARCHAR[])", all.join(", ")),
        });
        object.insert(name.clone(), texts.into());
    }
    Ok(match dialect {
        Dialect::DuckDb => format!("MAP {{{}}}", entries.join(", ")),
        Dialect::Spark => format!("map({})", entries.join(", ")),
        _ => format!("CAST({} AS jsonb)", quoted(&serde_json::Value::from(object).to_string(), dialect)?),
    })
}
