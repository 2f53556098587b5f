//! The databases, and how each writes names, texts, numbers and instants.

use target_rules::value::LocalTime;
use target_rules::{Instant, Zone};

use crate::refusal::{Reason, Refused};

/// The SQL of one database.
///
/// ```
/// use target_rules_sql::Dialect;
/// assert_eq!("duckdb".parse(), Ok(Dialect::DuckDb));
/// assert_eq!(Dialect::Postgres.to_string(), "postgres");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// DuckDB, from version 1.3 on.
    DuckDb,
    /// PostgreSQL, from version 14 on.
    Postgres,
    /// Spark SQL, from version 4.0 on, with `spark.sql.ansi.enabled`, as it is by default:
    /// without it a number that does not fit its column is `NULL` and no error.
    Spark,
}

/// No dialect has this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownDialect(String);

impl std::fmt::Display for UnknownDialect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "no dialect is named `{}`: there are duckdb, postgres and spark",
            self.0.escape_debug()
        )
    }
}

impl std::error::Error for UnknownDialect {}

impl std::str::FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Dialect, UnknownDialect> {
        let found = Dialect::ALL.iter().find(|dialect| dialect.name() == name);
        found.copied().ok_or_else(|| UnknownDialect(name.to_owned()))
    }
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

/// The bytes of a name that PostgreSQL keeps; it cuts off the others.
const NAME: usize = 63;

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 3] = [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark];

    /// The name by which it is chosen, such as `duckdb`.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::Postgres => "postgres",
            Dialect::Spark => "spark",
        }
    }

    /// What people call the database.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Dialect::DuckDb => "DuckDB",
            Dialect::Postgres => "PostgreSQL",
            Dialect::Spark => "Spark",
        }
    }

    /// A name in quotes.
    pub(crate) fn identifier(self, name: &str) -> Result<String, Refused> {
        if name.is_empty() || name.contains('\0') {
            return Err(Refused::new(
                Reason::Column,
                "a name of a column is not empty and holds no NUL; map the attribute to a column",
            ));
        }
        if self == Dialect::Postgres && name.len() > NAME {
            let why = format!(
                "PostgreSQL cuts names after {NAME} bytes, and `{}` has {}; map the attribute to a column",
                name.escape_debug(),
                name.len()
            );
            return Err(Refused::new(Reason::Column, why));
        }
        if self != Dialect::Spark {
            return Ok(format!("\"{}\"", name.replace('"', "\"\"")));
        }
        if name.contains("${") {
            let why =
                "Spark puts a variable in the place of `${` even in a name; map the attribute to a column";
            return Err(Refused::new(Reason::Column, why));
        }
        Ok(format!("`{}`", name.replace('`', "``")))
    }

    /// Two names with the same result mean one column.
    pub(crate) fn folded(self, name: &str) -> String {
        match self {
            // Quoted or not, upper and lower case are one.
            Dialect::DuckDb => name.to_lowercase(),
            Dialect::Postgres => name.to_owned(),
            // By default; it compares them in upper case, and then in lower case.
            Dialect::Spark => name.to_uppercase().to_lowercase(),
        }
    }

    /// A text, whatever it holds and whatever the session's settings are.
    pub(crate) fn text(self, text: &str) -> Result<String, Refused> {
        let quoted = text.replace('\'', "''");
        match self {
            Dialect::DuckDb if text.contains('\0') => {
                Ok(format!("({})", format!("'{quoted}'").replace('\0', "' || chr(0) || '")))
            }
            Dialect::Postgres if text.contains('\0') => Err(Refused::new(
                Reason::Text,
                "no text of PostgreSQL holds the character U+0000; compare with a text without it",
            )),
            // What escapes mean is a setting there, and variables are put into texts too.
            Dialect::Spark if text.contains(['\'', '\\', '$']) || text.contains(char::is_control) => {
                let bytes: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
                Ok(format!("CAST(X'{bytes}' AS STRING)"))
            }
            // A backslash is itself in a plain text only by default.
            Dialect::Postgres if text.contains('\\') => Ok(format!("E'{}'", quoted.replace('\\', "\\\\"))),
            _ => Ok(format!("'{quoted}'")),
        }
    }

    /// An exact type with this many digits, and of them behind the point.
    pub(crate) fn decimal(self, digits: u32, scale: u32) -> String {
        let name = match self {
            Dialect::DuckDb | Dialect::Spark => "DECIMAL",
            Dialect::Postgres => "NUMERIC",
        };
        format!("{name}({digits},{scale})")
    }

    /// An instant.
    pub(crate) fn instant(self, instant: Instant) -> String {
        let written = written(Zone::UTC.local(instant));
        match self {
            Dialect::Spark => format!("TIMESTAMP_LTZ '{written}Z'"),
            _ => format!("TIMESTAMPTZ '{written}+00'"),
        }
    }

    /// Whether a text holds another, both as expressions.
    pub(crate) fn contains(self, text: &str, part: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::Spark => format!("contains({text}, {part})"),
            Dialect::Postgres => format!("strpos({text}, {part}) > 0"),
        }
    }

    /// A text that is compared by its bytes, whatever its own collation is.
    pub(crate) fn by_bytes(self, text: &str) -> String {
        match self {
            Dialect::Spark => format!("{text} COLLATE UTF8_BINARY"),
            _ => format!("{text} COLLATE \"C\""),
        }
    }

    /// The item at hand. No column of a host has this name.
    pub(crate) fn item(self) -> &'static str {
        match self {
            // Its functions take no name with a dot.
            Dialect::Spark => "`rule_item`",
            _ => "\"rule.item\"",
        }
    }
}

/// A local time as all databases read it.
pub(crate) fn written(local: LocalTime) -> String {
    let (year, month, day) = local.date();
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}.{:03}",
        local.hour(),
        local.minute(),
        local.second(),
        local.millisecond()
    )
}
