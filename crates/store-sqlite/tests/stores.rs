//! SQLite, held to what every store is held to.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use loyalty_targets::store::{Document, DocumentKind, Store, StoreError};
use target_rules_store_sqlite::SqliteStore;
use target_rules_testing::stores::{laws, ledgers, older};

#[test]
fn it_keeps_the_laws_of_stores() {
    let folder = tempfile::tempdir().unwrap();
    laws::hold(&mut SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap());
}

#[test]
fn customers_come_to_what_they_come_to_in_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let booked = ledgers::hold(&mut store, &cases, 5);
    assert!(booked > 150, "only {booked} cases");
}

/// As two processes do: neither knows of the other's locks.
#[test]
fn two_that_have_opened_the_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("targets.sqlite");
    let opened = || SqliteStore::open(&path).unwrap();
    let others: Vec<Box<dyn Store>> = (0..4).map(|_| Box::new(opened()) as Box<dyn Store>).collect();
    laws::crowd(&mut opened(), others, "shoes");
}

#[test]
fn a_copy_is_whole_while_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap();
    store.create_organisation("shoes", "UTC").unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let copies: Vec<_> = (0..5).map(|at| folder.path().join(format!("copy-{at}.sqlite"))).collect();
    std::thread::scope(|scope| {
        let mut writing = store.handle();
        let done = &done;
        scope.spawn(move || {
            let mut seen = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                // Two documents in each change: a copy has both of them or none.
                let text = format!("{{\"change\": {seen}}}");
                let documents = [50, 51].map(|id| Document::new(DocumentKind::Target, id, text.clone()));
                seen = writing.put("shoes", seen, &documents).unwrap();
            }
        });
        while store.change_number("shoes").unwrap() == 0 {
            std::thread::yield_now();
        }
        for copy in &copies {
            store.backup(copy).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(store.backup(&copies[0]).is_err(), "nothing is written over");
    let mut last = 0;
    for copy in &copies {
        let catalogue = SqliteStore::open(copy).unwrap().catalogue("shoes").unwrap();
        let versions: Vec<u64> = catalogue.targets().map(Document::version).collect();
        assert!(versions.iter().all(|version| *version == catalogue.change_number()), "{versions:?}");
        assert!(last <= catalogue.change_number());
        last = catalogue.change_number();
    }
    assert!(last > 0);
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let refused = SqliteStore::open(&path).err().unwrap();
    assert!(refused.to_string().contains("another program"), "{refused}");
    std::fs::write(folder.path().join("text"), "no database at all, but long enough to be read as one")
        .unwrap();
    assert!(SqliteStore::open(&folder.path().join("text")).is_err());
    // One that a newer version has written.
    let path = folder.path().join("newer.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let refused = SqliteStore::open(&path).err().unwrap();
    assert!(matches!(refused, StoreError::Newer { found: 99, .. }), "{refused}");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("targets.sqlite");
    SqliteStore::open(&path).unwrap().create_organisation("shoes", "UTC").unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.unwrap().metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0);
    }
}

/// A write is acknowledged after it is on the disk.
#[test]
fn what_is_committed_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap();
    let settings = store.settings().unwrap();
    assert_eq!((settings.journal_mode.as_str(), settings.synchronous), ("wal", 2));
    store.check().unwrap();
}

/// How tables and indices are made.
fn schema(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let select = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let mut select = connection.prepare(select).unwrap();
    let found: Vec<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    // Space differs, and comments.
    let lines = |sql: &String| sql.lines().filter(|line| !line.trim().starts_with("--")).collect::<String>();
    found.iter().map(|sql| lines(sql).split_whitespace().collect()).collect()
}

/// Each version has a dump in `tests/versions`, written when it was the newest.
#[test]
fn a_file_of_each_version_is_brought_to_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.sqlite");
    drop(SqliteStore::open(&fresh).unwrap());
    let known: i64 = rusqlite::Connection::open(&fresh)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    for version in 1..=known {
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/versions/{version}.sql"));
        let dump =
            std::fs::read_to_string(&dump).unwrap_or_else(|error| panic!("{}: {error}", dump.display()));
        let path = folder.path().join(format!("{version}.sqlite"));
        rusqlite::Connection::open(&path).unwrap().execute_batch(&dump).unwrap();
        // A copy of it is of its version, and it stays so itself.
        let (before, copy) = (schema(&path), folder.path().join(format!("{version}-copy.sqlite")));
        SqliteStore::backup_of(&path, &copy).unwrap();
        assert_eq!((schema(&path), schema(&copy)), (before.clone(), before));
        for path in [&path, &copy] {
            older::holds(&mut SqliteStore::open(path).unwrap());
            assert_eq!(schema(path), schema(&fresh), "of version {version}");
        }
    }
}
