//! Money and other exact sums, as JSON numbers with all their digits.

use std::fmt;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::Number;
use target_rules::value::Total;

/// An exact sum. Prints as its digits; as JSON it is a number with all of them.
///
/// ```
/// use target_rules_backtest::Amount;
/// let amount: Amount = serde_json::from_str("0.10")?;
/// assert_eq!(serde_json::to_string(&amount)?, "0.1");
/// assert_eq!(amount.to_string(), "0.1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(pub Total);

impl From<Total> for Amount {
    fn from(total: Total) -> Amount {
        Amount(total)
    }
}

impl From<Number> for Amount {
    fn from(number: Number) -> Amount {
        Amount(number.into())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(to)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // INVARIANT: a total prints as a JSON number.
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let total = json.get().parse();
        total.map(Amount).map_err(|_| D::Error::custom(format!("`{}` is no amount", json.get())))
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number"})
    }
}
