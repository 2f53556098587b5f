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

/// Fails where another program has made a file; one without tables nobody has.
pub(crate) fn check_is_ours(connection: &Connection) -> Result<()> {
    let application: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(fault)?;
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(tables, [], |row| row.get(0)).map_err(fault)?;
    if application != APPLICATION && tables > 0 {
        return Err(refused("this file was made by another program"));
    }
    Ok(())
}

/// Brings a file to the newest version, all the way or not at all.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<()> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    // Locked before the version is read, since another process may migrate.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    check_is_ours(&transaction)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let done = usize::try_from(found).unwrap_or_default();
    for migration in migrations.iter().skip(done) {
        transaction.execute_batch(migration).map_err(fault)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(fault)?;
    transaction.pragma_update(None, "user_version", known).map_err(fault)?;
    transaction.commit().map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(connection: &Connection, query: &str) -> i64 {
        connection.query_row(query, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_file_is_brought_on_from_each_version_whole_or_not_at_all() {
        let [first] = MIGRATIONS;
        let second = "ALTER TABLE customer ADD COLUMN bills INTEGER NOT NULL DEFAULT 7";
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS).unwrap();
        let rows = "INSERT INTO organisation (id, name, zone) VALUES (1, 'shoes', 'UTC');
            INSERT INTO customer VALUES (1, 19721, 1, 'enrolments', 'booked')";
        connection.execute_batch(rows).unwrap();
        // The second statement of it fails, and the first one is undone.
        let broken = format!("{second}; CREATE TABLE customer (a)");
        assert!(migrate(&mut connection, &[first, &broken]).is_err());
        assert_eq!(count(&connection, "PRAGMA user_version"), 1);
        assert!(connection.prepare("SELECT bills FROM customer").is_err());
        // Once, however often it is opened.
        for _ in 0..2 {
            migrate(&mut connection, &[first, second]).unwrap();
        }
        assert_eq!(count(&connection, "PRAGMA user_version"), 2);
        assert_eq!(count(&connection, "SELECT bills FROM customer WHERE booked = 'booked'"), 7);
        // Who knows the first version only leaves it alone.
        let refused = migrate(&mut connection, &MIGRATIONS).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 2, known: 1 }), "{refused}");
    }
}
