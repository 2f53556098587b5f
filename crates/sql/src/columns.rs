//! Which column has which value.

use std::collections::BTreeMap;

use target_rules::Reference;
use target_rules::condition::{Figure, ListName, Read, ValueKind};

/// The most digits that a number column is declared with: so many are exact in the engine
/// whatever they are.
const MOST_DIGITS: u32 = 28;

/// How many digits numbers of a column have: all of them, and those behind the point.
///
/// ```
/// use target_rules_sql::Digits;
/// let money = Digits::new(18, 4).ok_or("within bounds")?;
/// assert_eq!((money.all(), money.fraction()), (18, 4));
/// assert!(Digits::new(29, 0).is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits {
    all: u32,
    fraction: u32,
}

impl Digits {
    /// From 1 to 28 digits, of which `fraction` stand behind the point; `None` outside.
    pub fn new(all: u32, fraction: u32) -> Option<Digits> {
        ((1..=MOST_DIGITS).contains(&all) && fraction <= all).then_some(Digits { all, fraction })
    }

    /// All digits.
    pub fn all(self) -> u32 {
        self.all
    }

    /// The digits behind the point.
    pub fn fraction(self) -> u32 {
        self.fraction
    }
}

/// Fourteen digits, four of them behind the point: the product of two such numbers is exact.
impl Default for Digits {
    fn default() -> Digits {
        Digits { all: 14, fraction: 4 }
    }
}

/// How columns are named that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Naming {
    /// One name with dots: `"currentTxn.value"`.
    #[default]
    Dotted,
    /// A name for each step: `"currentTxn"."value"`, a column of a table, or in DuckDB a
    /// field of a struct.
    Steps,
    /// None: each value that a rule reads must be listed.
    Listed,
}

/// Which column has which value.
///
/// A value is listed by its path: `currentTxn.value`, `currentTxn.extendedFields.channel`,
/// `currentTxn.customFields` for all custom fields of a profile, `currentCustomer.clusters`
/// for its segments, and for an answer of the host the method with its arguments, as
/// `currentTxn.currencyAwarded(Stars)`. A list of items is `currentTxn.lineItems`, and a field
/// of its structs `currentTxn.lineItems.brand`.
///
/// ```
/// use target_rules_sql::{Columns, Digits};
/// let columns = Columns::default()
///     .column("currentTxn.value", ["bill", "gross"])
///     .digits("currentTxn.value", Digits::new(12, 2).ok_or("within bounds")?);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Columns {
    naming: Naming,
    listed: BTreeMap<String, Vec<String>>,
    digits: BTreeMap<String, Digits>,
    other_digits: Digits,
}

impl Columns {
    /// How columns are named that are not listed.
    pub fn naming(mut self, naming: Naming) -> Columns {
        self.naming = naming;
        self
    }

    /// The column of a value: its names, from the table or struct inwards. Each is quoted as
    /// it is written.
    pub fn column<S: Into<String>>(
        mut self,
        path: impl Into<String>,
        names: impl IntoIterator<Item = S>,
    ) -> Columns {
        self.listed.insert(path.into(), names.into_iter().map(Into::into).collect());
        self
    }

    /// How many digits the numbers of a column have.
    pub fn digits(mut self, path: impl Into<String>, digits: Digits) -> Columns {
        self.digits.insert(path.into(), digits);
        self
    }

    /// How many digits all other number columns have: at first 14, 4 of them behind the
    /// point.
    pub fn other_digits(mut self, digits: Digits) -> Columns {
        self.other_digits = digits;
        self
    }

    pub(crate) fn names(&self, path: &Path) -> Option<Vec<String>> {
        let dotted = path.dotted();
        match (self.listed.get(&dotted), self.naming) {
            (Some(names), _) => Some(names.clone()),
            (None, Naming::Dotted) => Some(vec![dotted]),
            (None, Naming::Steps) => Some(path.0.clone()),
            (None, Naming::Listed) => None,
        }
    }

    /// The names of a field within an item.
    pub(crate) fn names_within(&self, path: &Path, name: &str) -> Vec<String> {
        self.listed.get(&path.dotted()).cloned().unwrap_or_else(|| vec![name.to_owned()])
    }

    pub(crate) fn digits_of(&self, path: &Path) -> Digits {
        self.digits.get(&path.dotted()).copied().unwrap_or(self.other_digits)
    }
}

/// Where a value stands in a document, step by step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// The path of a single value; `None` of what stands in lists.
    pub(crate) fn of(read: &Read) -> Option<Path> {
        let steps = match read {
            Read::Field { section, field, .. } if field.extended => {
                vec![section.to_string(), "extendedFields".to_owned(), field.name.to_string()]
            }
            Read::Field { section, field, .. } => vec![section.to_string(), field.name.to_string()],
            Read::CustomField { section, .. } => vec![section.to_string(), "customFields".to_owned()],
            Read::Segment { section, .. } => vec![section.to_string(), "clusters".to_owned()],
            Read::Answer { section, method, arguments, .. } => {
                vec![section.to_string(), format!("{method}({})", arguments.join(", "))]
            }
            _ => return None,
        };
        Some(Path(steps))
    }

    /// The path of a list of items.
    pub(crate) fn of_list(section: &str, list: ListName) -> Path {
        Path(vec![section.to_owned(), list.key().to_owned()])
    }

    /// The path of what stands in this one.
    pub(crate) fn within(&self, name: &str) -> Path {
        Path(self.0.iter().cloned().chain([name.to_owned()]).collect())
    }

    pub(crate) fn dotted(&self) -> String {
        self.0.join(".")
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ColumnType {
    /// A truth value.
    Boolean,
    /// A number of so many digits.
    Number(Digits),
    /// A text; for an enumeration, the text of its constant.
    Text,
    /// An instant: a timestamp with time zone, of whole milliseconds.
    Instant,
    /// Lists of texts by name: in DuckDB a `MAP(VARCHAR, VARCHAR[])`, in PostgreSQL a
    /// `jsonb` object of arrays of strings.
    Lists,
    /// A list of line items or tenders: in DuckDB a list of structs, at most 10 000.
    Items,
}

/// A column that a condition reads.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// The column as it is written in the condition, with its quotes.
    pub sql: String,
    /// The path of its value, such as `currentTxn.value`.
    pub path: String,
    /// What it holds.
    pub holds: ColumnType,
    /// What it has of a document: one value, or several custom fields or segments, sorted.
    /// Empty for a list of items.
    pub reads: Vec<Reference>,
    /// What each item has, sorted by name; empty for all but lists of items.
    pub fields: Vec<ItemField>,
}

/// A field of the structs of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemField {
    /// Its name in the struct.
    pub name: String,
    /// What it holds.
    pub holds: ColumnType,
    /// What it has of an item.
    pub value: ItemValue,
}

/// What a field of an item has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemValue {
    /// A figure as rules see it: as it is stated, or else as it follows from others. The
    /// fields `discount`, `qty`, `rate` and `value` that rules of one item name are these.
    Figure(Figure),
    /// An attribute, looked up as methods of the basket look it up.
    Attribute,
    /// A field of the item's own, or one of its extended fields; `discountPercentage` is
    /// computed where it is not stated.
    Own {
        /// Whether it is under `extendedFields`.
        extended: bool,
    },
}

/// The type of a column for a value of a kind.
pub(crate) fn type_of(kind: ValueKind, digits: Digits) -> Option<ColumnType> {
    match kind {
        ValueKind::Boolean => Some(ColumnType::Boolean),
        ValueKind::Number => Some(ColumnType::Number(digits)),
        ValueKind::Text => Some(ColumnType::Text),
        ValueKind::Date => Some(ColumnType::Instant),
        _ => None,
    }
}
