//! Which store there is: the embedded database of a folder, or PostgreSQL.

use std::path::{Path, PathBuf};

use loyalty_targets::store::Store;
use target_rules_store_postgres::PostgresStore;
use target_rules_store_sqlite::SqliteStore;

/// How many connections an instance has to PostgreSQL: for as many calls at once, and
/// to ask whether it answers. To be told of changes it has another one.
const CONNECTIONS: u32 = 17;

/// The file of the embedded database in its folder.
fn file_in(folder: &Path) -> PathBuf {
    folder.join("targets.sqlite")
}

/// Opens the store that is named, and blocks until it answers; the folder of an embedded one is made.
///
/// Fails where it can't be reached, and where it is of a newer version.
pub(crate) fn open_store(data: Option<&Path>, database: Option<&str>) -> Result<Box<dyn Store>, String> {
    match (database, data) {
        (Some(url), _) => postgres(url),
        (None, Some(folder)) => Ok(Box::new(embedded(folder)?)),
        (None, None) => Err("--data or --database is missing".to_owned()),
    }
}

/// The URL may hold a password, so no message has it.
fn postgres(url: &str) -> Result<Box<dyn Store>, String> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(
            "--database: it begins with `postgres://`; an embedded database is a folder, by `--data`"
                .to_owned(),
        );
    }
    let connected = PostgresStore::connect(url, CONNECTIONS);
    connected.map(|store| Box::new(store) as Box<dyn Store>).map_err(|error| format!("--database: {error}"))
}

fn embedded(folder: &Path) -> Result<SqliteStore, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = file_in(folder);
    SqliteStore::open(&file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Copies the embedded database of a folder to a new file, consistently.
pub(crate) fn back_up(folder: &Path, to: &Path) -> Result<(), String> {
    let file = file_in(folder);
    if !file.exists() {
        return Err(format!("{}: there is no such database", file.display()));
    }
    // Another version may serve it: it stays as it is.
    SqliteStore::backup_of(&file, to).map_err(|error| format!("{}: {error}", file.display()))
}
