//! What is asked of a sample, and its bounds.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// How many lines there are, of whom, over which time, and how many gaps they have.
///
/// ```
/// use target_rules_sample::SampleOptions;
///
/// let options = SampleOptions { customers: Some(50), ..SampleOptions::of(1_000) };
/// assert_eq!((options.seed, options.days), (1, 365));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// How many transactions there are: up to [`SampleOptions::MOST`].
    pub count: u64,
    /// Another seed gives other transactions of the same kind.
    pub seed: u64,
    /// How many customers there are: from 1 to [`SampleOptions::MOST_CUSTOMERS`].
    /// `None` is one for 25 transactions, 100 000 at most.
    pub customers: Option<u32>,
    /// Over how many days they buy, from 1 January 2025 on: from 1 to
    /// [`SampleOptions::MOST_DAYS`].
    pub days: u32,
    /// Which share of the values is missing. The number and date of a transaction,
    /// the id of its customer and all that names a returned bill are always there.
    pub absent: Share,
}

impl SampleOptions {
    /// The largest `count`.
    pub const MOST: u64 = 10_000_000_000;
    /// The largest number of customers; each takes 80 bytes.
    pub const MOST_CUSTOMERS: u32 = 1_000_000;
    /// The largest number of days: ten years.
    pub const MOST_DAYS: u32 = 3_653;

    /// So many transactions of one year, with seed 1, and nothing missing.
    pub fn of(count: u64) -> SampleOptions {
        SampleOptions { count, seed: 1, customers: None, days: 365, absent: Share::NONE }
    }

    /// The same, with every number within its bounds, and how many customers that are.
    pub(crate) fn checked(&self) -> Result<u32, SampleError> {
        let within = |name, value: u64, least: u64, most: u64| {
            let fits = (least..=most).contains(&value);
            if fits { Ok(()) } else { Err(SampleError { name, value, least, most }) }
        };
        within("count", self.count, 0, Self::MOST)?;
        within("days", self.days.into(), 1, Self::MOST_DAYS.into())?;
        let Some(customers) = self.customers else {
            return Ok(u32::try_from(self.count / 25).unwrap_or(u32::MAX).clamp(1, 100_000));
        };
        within("customers", customers.into(), 1, Self::MOST_CUSTOMERS.into())?;
        Ok(customers)
    }
}

/// A number of [`SampleOptions`] that is out of its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleError {
    name: &'static str,
    value: u64,
    least: u64,
    most: u64,
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SampleError { name, value, least, most } = self;
        write!(f, "`{name}` is {value}, and must be from {least} to {most}")
    }
}

impl Error for SampleError {}

/// A part of a whole, in millionths: written `0.05` or `5%`.
///
/// ```
/// use target_rules_sample::Share;
///
/// assert_eq!("5%".parse(), "0.05".parse::<Share>());
/// let refused = "1.2".parse::<Share>().unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`1.2` is no share: write a number from 0 to 1, or from 0% to 100%"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const NONE: Share = Share(0);

    /// So many in a million; more than a million are the whole.
    pub fn of_million(parts: u32) -> Share {
        Share(parts.min(1_000_000))
    }

    pub(crate) fn in_a_million(self) -> u32 {
        self.0
    }
}

impl FromStr for Share {
    type Err = ShareError;

    /// Reads up to six digits after the point, or four of a percentage.
    fn from_str(text: &str) -> Result<Share, ShareError> {
        let read = |number: &str, digits: usize| {
            let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
            let plain = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            if !plain(whole) || !plain(part) || part.len() > digits || whole.len() > 3 {
                return None;
            }
            let scaled: u64 = format!("{whole}{part:0<digits$}").parse().ok()?;
            u32::try_from(scaled).ok().filter(|parts| *parts <= 1_000_000)
        };
        let parts = match text.strip_suffix('%') {
            Some(percent) => read(percent, 4),
            None => read(text, 6),
        };
        // The beginning of what is no share is enough to know it again.
        parts.map(Share).ok_or_else(|| ShareError(text.chars().take(40).collect()))
    }
}

/// A text that is no [`Share`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareError(String);

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no share: write a number from 0 to 1, or from 0% to 100%", self.0)
    }
}

impl Error for ShareError {}
