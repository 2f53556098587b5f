//! The tables, version by version.

use loyalty_targets::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::{Result, fault, refused};

/// What makes each version of the one before; the first one of nothing. What
/// stands here is never changed: a new version is added.
pub(crate) const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE organisation (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        zone TEXT NOT NULL,
        change INTEGER NOT NULL DEFAULT 0,
        last_id INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE document (
        organisation INTEGER NOT NULL REFERENCES organisation,
        kind TEXT NOT NULL CHECK (kind IN ('group', 'target')),
        id INTEGER NOT NULL,
        in_group INTEGER,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (organisation, kind, id)
    ) STRICT;
    -- What is read with every request stands before what is not.
    CREATE TABLE customer (
        organisation INTEGER NOT NULL REFERENCES organisation,
        customer INTEGER NOT NULL,
        version INTEGER NOT NULL,
        enrolments TEXT NOT NULL,
        booked TEXT NOT NULL,
        PRIMARY KEY (organisation, customer)
    ) STRICT;
    CREATE TABLE enrolled (
        organisation INTEGER NOT NULL REFERENCES organisation,
        target INTEGER NOT NULL,
        customer INTEGER NOT NULL,
        PRIMARY KEY (organisation, target, customer)
    ) STRICT, WITHOUT ROWID;
"];

/// By what such a file is known, beside others of SQLite: `TaRu`.
const APPLICATION: i64 = 0x5461_5275;

/// Brings a file to the newest version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    // Locked before the version is read, since another process may migrate.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    let pragma = |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (found, application) =
        (pragma("user_version").map_err(fault)?, pragma("application_id").map_err(fault)?);
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = transaction.query_row(tables, [], |row| row.get(0)).map_err(fault)?;
    if application != APPLICATION && tables > 0 {
        return Err(refused("this file was made by another program"));
    }
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let done = usize::try_from(found).unwrap_or_default();
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration).map_err(fault)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(fault)?;
    transaction.pragma_update(None, "user_version", known).map_err(fault)?;
    transaction.commit().map_err(fault)
}
