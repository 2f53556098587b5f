//! How large an input may be: one set of limits, [`Limits`], for every door.
//!
//! Each limit has a name too ([`Limit`]), as settings and the command call it.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One table makes the fields, their documentation, their defaults and the
/// names that the command line sets them by, so that none of them can drift.
macro_rules! limits {
    ($(#[doc = $meaning:literal] $field:ident $name:literal = $default:expr $(, never_above $hardest:expr)?;)*) => {
        /// Limits on what is read. N passes, N + 1 is the error `limit` with its place.
        ///
        /// A field may be set to anything; one that is set above what can be
        /// allowed is held there. [`Limits::set`] refuses such a value.
        ///
        /// ```
        /// let mut limits = target_rules::Limits::default();
        /// limits.depth = 12;
        /// limits.set("rule-text", 1000)?;
        /// assert_eq!(limits.rule_text, 1000);
        /// assert!(limits.set("depth", 61).is_err());
        /// # Ok::<(), target_rules::limits::LimitError>(())
        /// ```
        ///
        /// In a host's configuration they are a map from the names that
        /// [`Limits::set`] takes. One that is left out has its default, and a
        /// name that is none is an error.
        ///
        /// ```
        /// use target_rules::Limits;
        /// let limits: Limits = serde_json::from_str(r#"{"rule-text": 1000}"#)?;
        /// assert_eq!((limits.rule_text, limits.nodes), (1000, 50_000));
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Limits {
            $(
                #[doc = $meaning]
                #[doc = concat!("\n\nThe default is `", stringify!($default), "`", $("; never above `", stringify!($hardest), "`",)? ".")]
                pub $field: usize,
            )*
        }

        impl Limits {
            /// Every limit, in the order of the fields.
            pub const ALL: &'static [Limit] = &[$(
                Limit {
                    name: $name,
                    meaning: $meaning,
                    hardest: [$(Some($hardest),)? None][0],
                    get: |limits| limits.$field,
                    set: |limits, value| limits.$field = value,
                },
            )*];
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits { $($field: $default,)* }
            }
        }

        #[cfg(test)]
        const FIELDS: &[&str] = &[$(stringify!($field),)*];
    };
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

limits! {
    /// Bytes of a rule's text.
    rule_text "rule-text" = 512 * KIB, never_above Limits::HARDEST_TEXT;
    /// Bytes of an expression tree.
    rule_tree "rule-tree" = 8 * MIB, never_above Limits::HARDEST_TEXT;
    /// Depth of the syntax tree: a leaf is 1.
    depth "depth" = 32, never_above Limits::HARDEST_DEPTH;
    /// Brackets, groups, prefix operators and calls open at once.
    open "open" = 100, never_above Limits::HARDEST_OPEN;
    /// Nodes of the syntax tree.
    nodes "nodes" = 50_000;
    /// Errors reported for one rule; the first always is.
    errors "errors" = 20;
    /// Bytes of a transaction document.
    transaction "transaction" = MIB, never_above Limits::HARDEST_TEXT;
    /// Objects and arrays within each other in a transaction document.
    transaction_depth "transaction-depth" = 32;
    /// Entries of an array that is read in a transaction document.
    transaction_array "transaction-array" = 10_000;
    /// Values that a list of a transaction document has room for: its entries, times what rules read of one.
    transaction_values "transaction-values" = 1_000_000;
    /// Bytes of a payload of targets, of enrolments, or of a file of cases.
    payload "payload" = 64 * MIB, never_above Limits::HARDEST_TEXT;
    /// Objects and arrays within each other in a payload of targets or of enrolments.
    payload_depth "payload-depth" = 100;
    /// Periods of one target that an activity may count in: of a group those that lack a day, of a customer's enrolments those that no group lists.
    periods_at_once "periods-at-once" = 100;
    /// Bytes of a schema file.
    schema "schema" = MIB, never_above Limits::HARDEST_TEXT;
    /// Bytes of a mapping of documents of another shape.
    mapping "mapping" = MIB, never_above Limits::HARDEST_TEXT;
    /// Bytes of a regular expression.
    regex "regex" = 256;
    /// Bytes of a compiled regular expression.
    regex_compiled "regex-compiled" = 256 * KIB;
    /// States of a regular expression, its repetitions written out: `a{3}` has 3.
    regex_states "regex-states" = 2_000;
    /// Steps of a regular expression for each character of a text, four instructions about.
    regex_steps "regex-steps" = 600;
    /// Regular expressions in one rule.
    regex_count "regex-count" = 8;
    /// Different findings kept of the documents of an audit; the first always is.
    findings "findings" = 1_000;
    /// Places kept of each finding of an audit.
    places "places" = 3;
}

/// One limit as a setting.
///
/// ```
/// use target_rules::Limits;
/// let limits = Limits::default();
/// let depth = Limits::ALL.iter().find(|limit| limit.name == "depth").ok_or("it is one")?;
/// assert_eq!(depth.meaning(), "Depth of the syntax tree: a leaf is 1.");
/// assert_eq!((depth.of(&limits), depth.hardest), (32, Some(60)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Limit {
    /// The name that it is set by, such as `rule-text`.
    pub name: &'static str,
    meaning: &'static str,
    /// The value that no setting may exceed; `None` where there is none.
    pub hardest: Option<usize>,
    get: fn(&Limits) -> usize,
    set: fn(&mut Limits, usize),
}

impl Limit {
    /// What it bounds, in one sentence.
    pub fn meaning(&self) -> &'static str {
        self.meaning.trim()
    }

    /// Its value among these limits.
    pub fn of(&self, limits: &Limits) -> usize {
        (self.get)(limits)
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Limit").field("name", &self.name).field("hardest", &self.hardest).finish()
    }
}

/// Why a limit cannot be set.
///
/// ```
/// use target_rules::limits::LimitError;
/// use target_rules::Limits;
/// let refused = Limits::default().set("depth", 61);
/// assert_eq!(refused, Err(LimitError::TooHigh { name: "depth", hardest: 60 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitError {
    /// No limit has the name.
    Unknown {
        /// The name.
        name: String,
    },
    /// The value is above what can be allowed.
    TooHigh {
        /// The name of the limit.
        name: &'static str,
        /// The value that no setting may exceed.
        hardest: usize,
    },
}

impl fmt::Display for LimitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LimitError::Unknown { name } => {
                let names: Vec<&str> = Limits::ALL.iter().map(|limit| limit.name).collect();
                // It may come from anywhere, and is printed.
                let name = name.escape_debug();
                write!(formatter, "there is no limit `{name}`; the limits are `{}`", names.join("`, `"))
            }
            LimitError::TooHigh { name, hardest } => {
                let reason = match *hardest {
                    Limits::HARDEST_TEXT => "for places in a text are counted no further",
                    _ => "so that no rule can use up the stack of the program",
                };
                write!(formatter, "`{name}` cannot be above {hardest}, {reason}")
            }
        }
    }
}

impl std::error::Error for LimitError {}

impl Limits {
    /// The depth that no setting exceeds, so that recursion over a rule stays
    /// within a stack of 256 KiB.
    pub const HARDEST_DEPTH: usize = 60;
    /// The nesting of brackets that no setting exceeds, for the same reason. On a
    /// thread with less stack the reader of texts refuses what nests too deeply
    /// for it, with [`Code::Limit`](crate::diagnostic::Code::Limit).
    pub const HARDEST_OPEN: usize = 100;
    /// Bytes of a text or a document that no setting exceeds, so that every
    /// place in one, and every sum of two, fits 32 bits.
    pub const HARDEST_TEXT: usize = i32::MAX as usize;

    /// Sets the limit of a name such as `rule-text`.
    ///
    /// A value above what can be allowed is refused rather than held there:
    /// who sets a limit by name should learn that it would not be obeyed.
    ///
    /// ```
    /// use target_rules::Limits;
    /// let mut limits = Limits::default();
    /// limits.set("rule-text", 4 * 1024)?; // bytes
    /// assert_eq!(limits.rule_text, 4_096);
    /// let refused = limits.set("dept", 12).unwrap_err();
    /// assert!(refused.to_string().starts_with("there is no limit `dept`"));
    /// # Ok::<(), target_rules::limits::LimitError>(())
    /// ```
    pub fn set(&mut self, name: &str, value: usize) -> Result<(), LimitError> {
        let limit = Limits::named(name).ok_or_else(|| LimitError::Unknown { name: name.to_owned() })?;
        match limit.hardest {
            Some(hardest) if value > hardest => Err(LimitError::TooHigh { name: limit.name, hardest }),
            _ => {
                (limit.set)(self, value);
                Ok(())
            }
        }
    }

    pub(crate) fn named(name: &str) -> Option<&'static Limit> {
        Limits::ALL.iter().find(|limit| limit.name == name)
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth.min(Limits::HARDEST_DEPTH)
    }

    pub(crate) fn open(&self) -> usize {
        self.open.min(Limits::HARDEST_OPEN)
    }

    pub(crate) fn rule_text(&self) -> usize {
        self.rule_text.min(Limits::HARDEST_TEXT)
    }

    pub(crate) fn rule_tree(&self) -> usize {
        self.rule_tree.min(Limits::HARDEST_TEXT)
    }

    pub(crate) fn transaction(&self) -> usize {
        self.transaction.min(Limits::HARDEST_TEXT)
    }

    pub(crate) fn schema(&self) -> usize {
        self.schema.min(Limits::HARDEST_TEXT)
    }
}

/// Every limit by its name; one that is above what can be allowed, as it is
/// held.
impl Serialize for Limits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let obeyed = |limit: &Limit| limit.of(self).min(limit.hardest.unwrap_or(usize::MAX));
        serializer.collect_map(Limits::ALL.iter().map(|limit| (limit.name, obeyed(limit))))
    }
}

impl<'de> Deserialize<'de> for Limits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Limits, D::Error> {
        deserializer.deserialize_map(ByName)
    }
}

struct ByName;

impl<'de> Visitor<'de> for ByName {
    type Value = Limits;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("limits by their names, such as `rule-text`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Limits, M::Error> {
        let mut limits = Limits::default();
        while let Some((name, value)) = map.next_entry::<String, usize>()? {
            limits.set(&name, value).map_err(M::Error::custom)?;
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, LimitError, Limits};

    #[test]
    fn every_name_is_its_field_in_kebab_case() {
        assert_eq!(Limits::ALL.len(), FIELDS.len());
        for (limit, field) in Limits::ALL.iter().zip(FIELDS) {
            assert_eq!(limit.name, field.replace('_', "-"));
            assert!(limit.meaning().ends_with('.'), "{}", limit.meaning());
        }
    }

    #[test]
    fn every_name_sets_its_own_field_and_no_other() {
        let defaults = Limits::default();
        for limit in Limits::ALL {
            let mut limits = Limits::default();
            limits.set(limit.name, 7).unwrap();
            assert_eq!(limit.of(&limits), 7);
            for other in Limits::ALL.iter().filter(|other| other.name != limit.name) {
                assert_eq!(other.of(&limits), other.of(&defaults), "{} set {}", limit.name, other.name);
            }
        }
    }

    #[test]
    fn the_hardest_value_passes_and_one_more_is_refused() {
        for limit in Limits::ALL {
            let mut limits = Limits::default();
            let Some(hardest) = limit.hardest else {
                limits.set(limit.name, usize::MAX).unwrap();
                continue;
            };
            limits.set(limit.name, hardest).unwrap();
            assert_eq!(
                limits.set(limit.name, hardest + 1),
                Err(LimitError::TooHigh { name: limit.name, hardest })
            );
            assert_eq!(limit.of(&limits), hardest);
        }
    }

    #[test]
    fn what_is_too_high_says_why() {
        let mut limits = Limits::default();
        let refused = limits.set("payload", Limits::HARDEST_TEXT + 1).unwrap_err();
        let reason = "`payload` cannot be above 2147483647, for places in a text are counted no further";
        assert_eq!(refused.to_string(), reason);
        assert!(limits.set("depth", 61).unwrap_err().to_string().ends_with("the stack of the program"));
    }

    #[test]
    fn serde_sets_by_name_as_the_setter_does() {
        let mut limits = Limits::default();
        for (value, limit) in (1..).zip(Limits::ALL) {
            limits.set(limit.name, value).unwrap();
        }
        let written = serde_json::to_string(&limits).unwrap();
        assert_eq!(serde_json::from_str::<Limits>(&written).unwrap(), limits);
        assert_eq!(serde_json::from_str::<Limits>("{}").unwrap(), Limits::default());
        for refused in [r#"{"depth": 61}"#, r#"{"dept": 6}"#, r#"{"depth": -1}"#, r#"{"depth": "6"}"#] {
            assert!(serde_json::from_str::<Limits>(refused).is_err(), "{refused}");
        }
        // What is set above is held, and so can be read back.
        let above = Limits { depth: 1_000, ..Limits::default() };
        let held: Limits = serde_json::from_str(&serde_json::to_string(&above).unwrap()).unwrap();
        assert_eq!(held.depth, above.depth());
    }
}
