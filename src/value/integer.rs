//! Conversions from Rust's integers to numbers and back.

use rust_decimal::Decimal;

use super::{Number, NumberForm};

/// The number does not fit the integer type: it has a fraction, or is out of
/// range.
///
/// ```
/// use target_rules::value::NotAnInteger;
/// use target_rules::Number;
/// assert_eq!(i64::try_from(Number::from(500)), Ok(500));
/// let half: Number = "0.5".parse()?;
/// assert_eq!(i64::try_from(half), Err(NotAnInteger));
/// assert_eq!(u8::try_from(Number::from(500)), Err(NotAnInteger));
/// # Ok::<(), target_rules::value::NumberForm>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotAnInteger;

impl std::fmt::Display for NotAnInteger {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the number has a fraction, or is too large for the type of integer")
    }
}

impl std::error::Error for NotAnInteger {}

macro_rules! from_integers {
    ($($integer:ident)*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Number {
                Number::of_integer(Decimal::from(value))
            }
        }
    )*};
}

macro_rules! to_integers {
    ($($integer:ident)*) => {$(
        /// Fails where the number has a fraction or is out of range.
        impl TryFrom<Number> for $integer {
            type Error = NotAnInteger;

            fn try_from(number: Number) -> Result<$integer, NotAnInteger> {
                if !number.is_whole() {
                    return Err(NotAnInteger);
                }
                <$integer>::try_from(number.mantissa()).map_err(|_| NotAnInteger)
            }
        }
    )*};
}

from_integers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }
to_integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

/// Fails for 10^28 or more in absolute value.
impl TryFrom<i128> for Number {
    type Error = NumberForm;

    fn try_from(value: i128) -> Result<Number, NumberForm> {
        Number::from_parts(value, 0)
    }
}

/// Fails for 10^28 or more.
impl TryFrom<u128> for Number {
    type Error = NumberForm;

    fn try_from(value: u128) -> Result<Number, NumberForm> {
        i128::try_from(value).map_err(|_| NumberForm::OutOfRange)?.try_into()
    }
}
