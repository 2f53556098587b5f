//! A limit that the command line sets.

use target_rules::Limits;
use target_rules::limits::LimitError;

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
