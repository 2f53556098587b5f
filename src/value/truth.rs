//! Strong Kleene logic: true, false and unknown.

use serde::{Deserialize, Serialize};

/// The result of a rule.
///
/// The order false < unknown < true makes `&&` the minimum and `||` the maximum.
///
/// ```
/// use target_rules::Truth;
/// assert_eq!(Truth::Unknown.and(Truth::False), Truth::False);
/// assert_eq!(Truth::Unknown.or(Truth::True), Truth::True);
/// assert_eq!(!Truth::Unknown, Truth::Unknown);
///
/// assert!(Truth::True.is_true() && !Truth::Unknown.is_true());
/// assert_eq!((Truth::False.as_bool(), Truth::Unknown.as_bool()), (Some(false), None));
/// assert_eq!(Truth::from(None), Truth::Unknown);
/// assert_eq!("unknown".parse(), Ok(Truth::Unknown));
/// ```
///
/// It has no default: a host must decide what unknown means to it. Printing,
/// parsing and serde use the words `true`, `false` and `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// Known not to hold.
    False,
    /// Not known: a value that matters is absent or at fault.
    Unknown,
    /// Known to hold.
    True,
}

impl Truth {
    /// Conjunction: false where either is false, else unknown where either is
    /// unknown.
    ///
    /// ```
    /// use target_rules::Truth;
    /// assert_eq!(Truth::Unknown.and(Truth::True), Truth::Unknown);
    /// assert_eq!(Truth::Unknown.and(Truth::False), Truth::False);
    /// ```
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// Disjunction: true where either is true, else unknown where either is
    /// unknown.
    ///
    /// ```
    /// use target_rules::Truth;
    /// assert_eq!(Truth::Unknown.or(Truth::False), Truth::Unknown);
    /// assert_eq!(Truth::Unknown.or(Truth::True), Truth::True);
    /// ```
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Whether it is true.
    ///
    /// ```
    /// use target_rules::Truth;
    /// assert!(Truth::True.is_true());
    /// assert!(!Truth::Unknown.is_true() && !Truth::Unknown.is_false());
    /// ```
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    /// Whether it is false.
    pub fn is_false(self) -> bool {
        self == Truth::False
    }

    /// Whether it is unknown.
    pub fn is_unknown(self) -> bool {
        self == Truth::Unknown
    }

    /// The same as a `bool`; `None` where it is unknown.
    ///
    /// ```
    /// use target_rules::Truth;
    /// // A host says what it takes for undecided.
    /// assert!(!Truth::Unknown.as_bool().unwrap_or(false));
    /// assert_eq!(Truth::True.as_bool(), Some(true));
    /// ```
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Truth::False => Some(false),
            Truth::Unknown => None,
            Truth::True => Some(true),
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl From<Option<bool>> for Truth {
    /// `None` is unknown.
    fn from(value: Option<bool>) -> Truth {
        value.map_or(Truth::Unknown, Truth::from)
    }
}

/// A text that is not `true`, `false` or `unknown`.
///
/// ```
/// use target_rules::value::ParseTruthError;
/// use target_rules::Truth;
/// assert_eq!("yes".parse::<Truth>(), Err(ParseTruthError));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParseTruthError;

impl std::fmt::Display for ParseTruthError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this is no truth value; expected `true`, `false` or `unknown`")
    }
}

impl std::error::Error for ParseTruthError {}

impl std::str::FromStr for Truth {
    type Err = ParseTruthError;

    fn from_str(word: &str) -> Result<Truth, ParseTruthError> {
        match word {
            "false" => Ok(Truth::False),
            "unknown" => Ok(Truth::Unknown),
            "true" => Ok(Truth::True),
            _ => Err(ParseTruthError),
        }
    }
}

impl std::fmt::Display for Truth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        })
    }
}
