//! Over which recorded transactions a backtest runs, and how.

use std::str::FromStr;

use target_rules::value::LocalTime;

/// Which transactions, and how.
#[derive(clap::Args)]
pub(crate) struct Over {
    /// Recorded transactions: files, folders, patterns such as `'bills/*.ndjson.gz'`, or `-`. One document a line, a JSON array, or a CSV with columns such as `currentTxn.value`; also packed by gzip or zstd.
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
    pub(crate) txns: Vec<String>,
    /// Who takes part, as `progress` takes it; without it every customer does.
    #[arg(long, value_name = "FILE", requires = "targets")]
    pub(crate) enrolments: Option<String>,
    /// The targets that are looked at closely, by id: funnel, curves, overlap and ledger. Without it the first ten, of a comparison those that differ.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(crate) focus: Option<Vec<String>>,
    /// Only transactions of this local day and later.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Day>,
    /// Only transactions of this local day and earlier.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Day>,
    /// Only so much of the transactions, spread over all: `1%`. The same ones each time.
    #[arg(long, value_name = "PERCENT")]
    pub(crate) sample: Option<Sample>,
    /// Stop at the first document that can't be read.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How many MiB of rows of customers are held before they go to a temporary file.
    #[arg(long, value_name = "MIB", default_value_t = 128)]
    pub(crate) memory: u32,
    /// How many threads work; as many as there are cores where it isn't said.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// A local day, counted from 1970-01-01.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) i64);

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let refused = || format!("`{text}` is no day; write it as `2026-03-01`");
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
        let (Some(Some(year)), Some(Some(month)), Some(Some(day))) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(refused());
        };
        let midnight = LocalTime::midnight(year.into(), month.into(), day.into());
        midnight.map(|midnight| Day(midnight.epoch_day())).map_err(|_| refused())
    }
}

/// A part of all, in millionths.
#[derive(Clone, Copy)]
pub(crate) struct Sample(pub(crate) u32);

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Sample, String> {
        let refused = || format!("`{text}` is no part; write it as `1%`, from `0.0001%` to `100%`");
        let digits = text.strip_suffix('%').ok_or_else(refused)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 3
            || fraction.len() > 4
            || !is_digits(whole)
            || !is_digits(fraction)
        {
            return Err(refused());
        }
        let millionths = format!("{whole}{fraction:0<4}").parse().map_err(|_| refused())?;
        if (1..=1_000_000).contains(&millionths) { Ok(Sample(millionths)) } else { Err(refused()) }
    }
}

impl Over {
    /// Whether one of its files is standard input.
    pub(crate) fn reads_standard_input(&self) -> bool {
        self.txns.iter().chain(&self.enrolments).any(|path| path == "-")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn parts_and_days_are_read_exactly() {
        for (text, millionths) in [("1%", 10_000), ("0.0001%", 1), ("100%", 1_000_000), ("12.5%", 125_000)] {
            assert_eq!(text.parse::<Sample>().map(|sample| sample.0), Ok(millionths));
        }
        for text in ["1", "0%", "101%", "0.00001%", "-1%", "%", "1.%%"] {
            assert!(text.parse::<Sample>().is_err(), "{text}");
        }
        assert_eq!("1970-01-02".parse::<Day>().map(|day| day.0), Ok(1));
        for text in ["2026-02-30", "2026-13-01", "2026", "", "2026-1-1-1"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
