//! How many customers a second are booked. `LOAD_CUSTOMERS`, `LOAD_THREADS`,
//! `LOAD_BATCH` and `LOAD_SECONDS` say how large the load is, `LOAD_FOLDER` on
//! which disk.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use target_rules_store_sqlite::SqliteStore;
use target_rules_testing::stores::load::{Load, measure};

fn main() {
    let folder = std::env::var_os("LOAD_FOLDER").unwrap_or_else(|| std::env::temp_dir().into());
    let folder = tempfile::tempdir_in(folder).unwrap();
    let mut store = SqliteStore::open(&folder.path().join("load.sqlite")).unwrap();
    measure("SQLite", &mut store, Load::of_environment());
}
