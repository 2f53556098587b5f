//! Errors of numbers: a text that is not a number, and an operation without a
//! result.

use std::fmt;

/// Why a text is not a valid number.
///
/// ```
/// use target_rules::value::NumberForm;
/// use target_rules::Number;
/// assert_eq!("1,204".parse::<Number>(), Err(NumberForm::Malformed));
/// assert_eq!("1e30".parse::<Number>(), Err(NumberForm::OutOfRange));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberForm {
    /// The text does not have the form of a number.
    Malformed,
    /// The number has more digits than are allowed in that place.
    OutOfRange,
}

impl fmt::Display for NumberForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NumberForm::Malformed => "this is no number; expected digits such as `1204` or `-0.50`",
            NumberForm::OutOfRange => "the number has more digits than can be kept exactly here",
        })
    }
}

impl std::error::Error for NumberForm {}

/// Why an operation on numbers has no result.
///
/// ```
/// use target_rules::value::NumberFault;
/// use target_rules::Number;
/// let one = Number::from(1);
/// assert_eq!(one.divided_by(Number::ZERO), Err(NumberFault::DivisionByZero));
/// let largest: Number = "9999999999999999999999999999".parse()?;
/// assert_eq!(largest.plus(one), Err(NumberFault::Overflow));
/// # Ok::<(), target_rules::value::NumberForm>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberFault {
    /// Division or remainder by zero.
    DivisionByZero,
    /// The result is 10^28 or more in absolute value.
    Overflow,
}

impl fmt::Display for NumberFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NumberFault::DivisionByZero => "nothing can be divided by zero",
            NumberFault::Overflow => "the result is 10^28 or more, which no number can hold",
        })
    }
}

impl std::error::Error for NumberFault {}
