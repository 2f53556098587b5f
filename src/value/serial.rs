//! Serde for values with a single text form: written as printed, read as
//! parsed.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Instant, LocalTime, Total, Zone};

macro_rules! as_text {
    ($($value:ident, $what:literal;)*) => {$(
        impl Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$value, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $value;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str($what)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$value, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    )*};
}

as_text! {
    Instant, "a date with an offset from UTC, such as `2024-08-09T08:44:44Z`";
    LocalTime, "a date without an offset, such as `2024-08-09T14:14:44`";
    Total, "a total as a string of its digits";
    Zone, "the IANA name of a time zone, such as `Asia/Kolkata`";
}
