//! Which columns of a Parquet file are read, and how a row of them lies in a document.

use arrow_schema::{DataType, Schema};
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::schema::types::SchemaDescriptor;
use target_rules::transaction::Wanted;

/// What is read of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The numbers of the columns without parts that are read, rising, and what they hold.
    pub(super) columns: Vec<(usize, Kind)>,
    pub(super) root: Root,
}

/// How a row is a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// One column holds it as JSON.
    Document,
    /// Its members, each from a column.
    Members(Vec<Member>),
}

/// A member of an object: from the column with this number among those that are read, or made of
/// several.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member {
    Column(String, usize),
    Object(String, Vec<Member>),
}

/// What a column holds that its Arrow type doesn't tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// JSON as text.
    Json,
    /// A document as text.
    Document,
    /// Moments as Spark and its kin wrote them, in UTC.
    Int96,
    Uuid,
}

/// A column of this name holds documents, where no other meaning is known.
const DOCUMENT: &str = "document";
/// How rules call values of an organisation, and where documents have them.
const EXTENDED: &str = "extField_";
const EXTENDED_FIELDS: &str = "extendedFields";
/// So many columns are named where none is read.
const MOST_NAMED: usize = 8;

/// What is wanted of a path.
pub(super) type Wants<'w> = &'w dyn Fn(&[&str]) -> Wanted;

impl Shape {
    /// Chooses what is wanted. Fails where that is nothing, and where two columns are one.
    pub(super) fn of(schema: &Schema, parquet: &SchemaDescriptor, wants: Wants<'_>) -> Result<Shape, String> {
        let mut walk = Walk { wants, parquet, path: Vec::new(), at: 0, chosen: Vec::new() };
        let (mut members, mut top) = (Vec::new(), 0);
        if let Some(shape) = document(schema, wants) {
            return Ok(shape);
        }
        for field in schema.fields() {
            let before = walk.chosen.len();
            match named(field.name(), wants) {
                None => walk.at += leaves(field.data_type()),
                Some(path) => {
                    walk.path.clone_from(&path);
                    walk.column(field.data_type());
                    if walk.chosen.len() > before {
                        insert(&mut members, &path, top)
                            .map_err(|()| format!("two columns are `{}`", path.join(".")))?;
                        top += 1;
                    }
                }
            }
        }
        if walk.chosen.is_empty() {
            return Err(nothing(schema));
        }
        Ok(Shape { columns: walk.chosen, root: Root::Members(members) })
    }
}

/// Where one column holds documents: the only one, or one that is called so.
fn document(schema: &Schema, wants: Wants<'_>) -> Option<Shape> {
    let fields = schema.fields();
    let only = fields.first().filter(|_| fields.len() == 1);
    let field = only.or_else(|| fields.iter().find(|field| field.name() == DOCUMENT))?;
    if !is_text(field.data_type()) || named(field.name(), wants).is_some() {
        return None;
    }
    let before = fields.iter().take_while(|other| other.name() != field.name());
    let at = before.map(|field| leaves(field.data_type())).sum();
    Some(Shape { columns: vec![(at, Kind::Document)], root: Root::Document })
}

fn nothing(schema: &Schema) -> String {
    let names: Vec<String> =
        schema.fields().iter().take(MOST_NAMED).map(|field| format!("`{}`", shown(field.name()))).collect();
    let more = schema.fields().len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "nothing is read of its columns {}{more}: they are named as rules name what is in them, such as `currentTxn.value`, or `currentTxn` with parts such as `value`, or `document` holds documents as JSON; other names need a mapping",
        names.join(", ")
    )
}

/// The name of a column as messages have it.
fn shown(name: &str) -> String {
    target_rules::diagnostic::excerpt(name).to_string()
}

/// Where a column stands in documents, if it is wanted: under its name, or at the path that its
/// name writes with points.
fn named(name: &str, wants: Wants<'_>) -> Option<Vec<String>> {
    let is_wanted = |path: &[String]| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        wants(&path) != Wanted::Nothing
    };
    let whole = vec![name.to_owned()];
    let mut parts: Vec<String> = name.split('.').map(str::to_owned).collect();
    if let [_, field] = parts.as_slice()
        && let Some(field) = field.strip_prefix(EXTENDED)
    {
        let field = field.to_owned();
        parts.truncate(1);
        parts.extend([EXTENDED_FIELDS.to_owned(), field]);
    }
    [whole, parts].into_iter().find(|path| is_wanted(path))
}

fn insert(members: &mut Vec<Member>, path: &[String], column: usize) -> Result<(), ()> {
    let Some((key, rest)) = path.split_first() else { return Err(()) };
    let there = members.iter_mut().find(|member| member.key() == key);
    match (there, rest) {
        (None, []) => members.push(Member::Column(key.clone(), column)),
        (None, rest) => {
            let mut inner = Vec::new();
            insert(&mut inner, rest, column)?;
            members.push(Member::Object(key.clone(), inner));
        }
        (Some(Member::Object(_, inner)), rest) if !rest.is_empty() => insert(inner, rest, column)?,
        _ => return Err(()),
    }
    Ok(())
}

impl Member {
    pub(super) fn key(&self) -> &str {
        match self {
            Member::Column(key, _) | Member::Object(key, _) => key,
        }
    }
}

fn is_text(data_type: &DataType) -> bool {
    use DataType::{Binary, BinaryView, Utf8, Utf8View};
    matches!(data_type, Utf8 | Utf8View | Binary | BinaryView)
}

/// How many columns without parts a column has. Nesting is bounded.
fn leaves(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        DataType::List(entry) | DataType::Map(entry, _) => leaves(entry.data_type()),
        _ => 1,
    }
}

/// How many columns are read to know whether something is there: one, but for a map all.
fn least(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.first().map_or(0, |field| least(field.data_type())),
        DataType::List(entry) => least(entry.data_type()),
        _ => leaves(data_type),
    }
}

/// Goes through the columns in order.
struct Walk<'w> {
    wants: Wants<'w>,
    parquet: &'w SchemaDescriptor,
    path: Vec<String>,
    /// The number of the next column without parts.
    at: usize,
    chosen: Vec<(usize, Kind)>,
}

impl Walk<'_> {
    fn wanted(&self) -> Wanted {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        (self.wants)(&path)
    }

    /// Chooses of a column. Nesting is bounded.
    fn column(&mut self, data_type: &DataType) {
        let (first, before) = (self.at, self.chosen.len());
        match data_type {
            DataType::Struct(fields) => {
                for field in fields {
                    self.path.push(field.name().clone());
                    self.column(field.data_type());
                    self.path.pop();
                }
            }
            DataType::List(entry) => self.column(entry.data_type()),
            _ => {
                let wanted = self.wanted();
                self.at += leaves(data_type);
                if wanted != Wanted::Nothing {
                    let is_json = is_text(data_type) && wanted == Wanted::Parts;
                    self.choose(first..self.at, is_json);
                }
                return;
            }
        }
        // Whether an object or a list is there is told by any of its columns.
        if self.chosen.len() == before && self.wanted() != Wanted::Nothing {
            self.choose(first..first + least(data_type), false);
        }
    }

    fn choose(&mut self, columns: std::ops::Range<usize>, is_json: bool) {
        for at in columns {
            let kind = if is_json { Kind::Json } else { self.kind(at) };
            self.chosen.push((at, kind));
        }
    }

    fn kind(&self, at: usize) -> Kind {
        let column = self.parquet.column(at);
        match (column.physical_type(), column.logical_type_ref(), column.converted_type()) {
            (Type::INT96, ..) => Kind::Int96,
            (_, Some(LogicalType::Json), _) | (_, _, ConvertedType::JSON) => Kind::Json,
            (_, Some(LogicalType::Uuid), _) => Kind::Uuid,
            _ => Kind::Plain,
        }
    }
}
