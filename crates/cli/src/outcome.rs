//! How a command ends, and what it writes on the way.

use std::io::Write;

use serde::Serialize;
use target_rules::schema::closest;

/// Why a command did not end well.
pub(crate) enum Failure {
    /// The input has faults, which were shown.
    Faults,
    /// A whole file is in another form than is read: what is said of it, once
    /// for all of its lines.
    OtherForm(String),
    /// Wrong usage, or a file that cannot be read.
    Usage(String),
    /// Wrong usage in the words of the parser of arguments, whole.
    Parser(String),
    /// Nobody reads the results any more, as after `| head -1`.
    Closed,
}

impl From<std::io::Error> for Failure {
    /// A fault of writing: reading has its own messages.
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::Usage(format!("the results cannot be written: {error}")),
        }
    }
}

pub(crate) type Outcome = Result<(), Failure>;

/// Writes a value as one line of JSON, its keys in the order of its fields.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> Outcome {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// What is said of a name that is none of those that there are.
pub(crate) fn there_is_no(what: &str, name: &str, names: &[&str]) -> String {
    match closest(name, names.iter().copied()) {
        Some(close) => format!("there is no {what} `{name}`; did you mean `{close}`?"),
        None => format!("there is no {what} `{name}`; there are `{}`", names.join("`, `")),
    }
}
