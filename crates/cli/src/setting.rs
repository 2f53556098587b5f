//! What the command line sets: a limit, the column of a value, the digits of numbers.

use target_rules::Limits;
use target_rules::limits::LimitError;
use target_rules_sql::Digits;

use super::outcome::there_is_no;

/// A limit and its value, as `--limit` takes them.
#[derive(Clone)]
pub(crate) struct Setting {
    name: String,
    value: usize,
}

impl Setting {
    pub(crate) fn read(argument: &str) -> Result<Setting, String> {
        let Some((name, digits)) = argument.split_once('=') else {
            return Err("a limit is set by its name and a number, such as `depth=40`".to_owned());
        };
        let Ok(value) = digits.parse() else {
            return Err(format!("`{digits}` is no whole number that a limit can be set to"));
        };
        let setting = Setting { name: name.to_owned(), value };
        setting.apply(&mut Limits::default())?;
        Ok(setting)
    }

    pub(crate) fn apply(&self, limits: &mut Limits) -> Result<(), String> {
        limits.set(&self.name, self.value).map_err(|error| {
            let names: Vec<&str> = Limits::ALL.iter().map(|limit| limit.name).collect();
            match error {
                LimitError::Unknown { name } => there_is_no("limit", &name, &names),
                error => error.to_string(),
            }
        })
    }
}

/// A column of a value, as `--column` takes it: `currentTxn.value=bill.gross`.
#[derive(Clone)]
pub(crate) struct ColumnSetting {
    pub(crate) path: String,
    pub(crate) names: Vec<String>,
}

impl ColumnSetting {
    pub(crate) fn read(argument: &str) -> Result<ColumnSetting, String> {
        match argument.split_once('=') {
            Some((path, name)) if !path.is_empty() && name.split('.').all(|part| !part.is_empty()) => {
                let names = name.split('.').map(str::to_owned).collect();
                Ok(ColumnSetting { path: path.to_owned(), names })
            }
            _ => Err("a column is given as `currentTxn.value=bill.gross`".to_owned()),
        }
    }
}

/// Digits of number columns, as `--digits` takes them: `18,4`.
pub(crate) fn digits(argument: &str) -> Result<Digits, String> {
    let read = |(all, fraction): (&str, &str)| Digits::new(all.parse().ok()?, fraction.parse().ok()?);
    argument.split_once(',').and_then(read).ok_or_else(|| {
        "digits are given as `18,4`: all, 28 at most, and of these the ones behind the point".to_owned()
    })
}
