//! Why a server does not start.

use std::fmt;

/// Why the server does not start, or did not end well.
#[derive(Debug)]
pub(crate) struct ServeError(String);

impl fmt::Display for ServeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}

impl From<String> for ServeError {
    fn from(why: String) -> ServeError {
        ServeError(why)
    }
}

impl From<std::io::Error> for ServeError {
    fn from(error: std::io::Error) -> ServeError {
        ServeError(error.to_string())
    }
}
