//! What people read of the command. Logs go another way.

use std::fmt::{Arguments, Write as _};
use std::io::Write;

use target_rules::diagnostic::Shown;

/// Writes lines to standard output, whatever acts on a terminal made visible.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn tell(text: Arguments<'_>) -> std::io::Result<()> {
    let mut shown = Shown::default();
    shown.write_fmt(text).map_err(std::io::Error::other)?;
    let mut output = std::io::stdout().lock();
    output.write_all(shown.into_string().as_bytes())?;
    output.write_all(b"\n")?;
    output.flush()
}

/// Writes a message to standard error. Where nobody reads it any more, the exit
/// status still tells.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to it")]
pub(crate) fn complain(text: &str) {
    let shown = Shown::lines(text).into_string();
    let _ = writeln!(std::io::stderr().lock(), "error: {shown}");
}
