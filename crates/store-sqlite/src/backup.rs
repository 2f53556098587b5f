//! A copy of a file, while somebody works with it.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, params};

use crate::fault::{Result, fault, refused};

/// Copies what is committed to a new file, and waits until it is on the disk.
pub(crate) fn copy(connection: &Connection, to: &Path) -> Result<()> {
    let told = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => refused(format!("{}: there is a file already", to.display())),
        _ => refused(format!("{}: {error}", to.display())),
    };
    let name = to.to_str().ok_or_else(|| refused("the name of the copy is no UTF-8"))?;
    // SQLite writes to a file that is there and empty. What customers do is nobody else's.
    let made = new_file().open(to).map_err(told)?;
    let copied = connection.execute("VACUUM INTO ?1", params![name]).map_err(fault);
    if let Err(error) = copied.and_then(|_| made.sync_all().map_err(told)) {
        // A part of a copy is none.
        let _ = std::fs::remove_file(to);
        return Err(error);
    }
    // The name of a new file is kept by its folder.
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    if cfg!(unix) { File::open(folder).and_then(|folder| folder.sync_all()).map_err(told) } else { Ok(()) }
}

/// One that its owner alone may read.
fn new_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
