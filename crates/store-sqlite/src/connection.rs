//! Connections, each set so that what is committed has reached the disk.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::fault::{Result, fault, refused};

/// How long a statement waits while another process writes.
const BUSY: Duration = Duration::from_secs(10);

/// Statements that a connection keeps ready.
const STATEMENTS: usize = 64;

/// How a connection writes, as SQLite says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `wal`.
    pub journal_mode: String,
    /// 2, which is `FULL`: a commit waits for the disk.
    pub synchronous: i64,
}

/// Opens a connection; makes the file, for its owner alone, where there is none.
pub(crate) fn open(path: &Path) -> Result<Connection> {
    private(path).map_err(|error| refused(format!("{}: {error}", path.display())))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(BUSY).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let mode = "PRAGMA journal_mode=WAL";
    let mode: String = connection.query_row(mode, [], |row| row.get(0)).map_err(fault)?;
    if mode != "wal" {
        return Err(refused(format!("{}: no WAL can be kept there, only `{mode}`", path.display())));
    }
    // A commit is on the disk when it returns. The WAL is moved into the file
    // every 16 MiB, so that its pages are written once for many commits.
    let settings = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096; PRAGMA foreign_keys=ON;
        PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384; PRAGMA trusted_schema=OFF";
    connection.execute_batch(settings).map_err(fault)?;
    Ok(connection)
}

/// Opens a connection to a file that is there, and changes nothing of it.
pub(crate) fn open_as_it_is(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(BUSY).map_err(fault)?;
    connection.execute_batch("PRAGMA trusted_schema=OFF").map_err(fault)?;
    Ok(connection)
}

/// Makes the file where there is none. What customers do is nobody else's.
///
/// One that is there is not opened here. Whoever closes a file lets go of all
/// locks that this process has on it, those of SQLite among them; then another
/// process that ends takes itself for the last one and removes the WAL, and what
/// is committed here from then on is lost.
fn private(path: &Path) -> std::io::Result<()> {
    // Two that make it at once are one after the other.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if path.exists() {
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

pub(crate) fn settings(connection: &Connection) -> Result<Settings> {
    Ok(Settings {
        journal_mode: connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(fault)?,
        synchronous: connection.pragma_query_value(None, "synchronous", |row| row.get(0)).map_err(fault)?,
    })
}
