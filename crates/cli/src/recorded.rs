//! Recorded transactions of several files, one after the other.

use target_rules::Diagnostics;
use target_rules::diagnostic::Source;

use super::input::{self, Documents};
use super::invocation::Invocation;
use super::outcome::Failure;
use super::screen;

/// Calls with each document of the files and its place. Those that cannot be read
/// are shown and passed over; whether there were none of these.
pub(crate) fn each(
    invocation: &Invocation,
    paths: &[String],
    mut add: impl FnMut(&str, &dyn Fn() -> String) -> Result<(), Diagnostics>,
) -> Result<bool, Failure> {
    let mut all_read = true;
    let most = invocation.limits.transaction;
    for path in paths {
        for line in Documents::open(path, most, &invocation.shape)? {
            let line = line?;
            let number = line.number;
            let place = || format!("{}:{number}", input::name(path));
            let refused: Option<(Source, Diagnostics)> = match line.text(most) {
                Ok(source) => add(source.text(), &place).err().map(|diagnostics| (source, diagnostics)),
                Err(refused) => Some(refused),
            };
            if let Some((source, diagnostics)) = refused {
                all_read = false;
                let err = &mut screen::messages();
                invocation.show_line(err, &diagnostics, (&source, number.in_memory()), input::name(path));
            }
        }
    }
    Ok(all_read)
}
