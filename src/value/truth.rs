//! Strong Kleene logic: true, false and unknown.

use serde::Serialize;

/// The result of a rule.
///
/// The order false < unknown < true makes `&&` the minimum and `||` the maximum.
///
/// ```
/// use target_rules::Truth;
/// assert_eq!(Truth::Unknown.and(Truth::False), Truth::False);
/// assert_eq!(Truth::Unknown.or(Truth::True), Truth::True);
/// assert_eq!(!Truth::Unknown, Truth::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// Decided: it does not hold.
    False,
    /// Not decided: a value that matters is absent or at fault.
    Unknown,
    /// Decided: it holds.
    True,
}

impl Truth {
    /// Both: false where either is false, else unknown where either is unknown.
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// Either: true where one is true, else unknown where one is unknown.
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
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

impl std::fmt::Display for Truth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        })
    }
}
