//! How many customers a second are booked, in the empty database of
//! `LOAD_POSTGRES`. `LOAD_CUSTOMERS`, `LOAD_THREADS`, `LOAD_BATCH` and
//! `LOAD_SECONDS` say how large the load is.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use target_rules_store_postgres::PostgresStore;
use target_rules_testing::stores::load::{Load, measure};

fn main() {
    let Ok(url) = std::env::var("LOAD_POSTGRES") else {
        println!("!! `LOAD_POSTGRES` names no database: NOTHING IS MEASURED");
        return;
    };
    measure("PostgreSQL", &mut PostgresStore::connect(&url, 8).unwrap(), Load::of_environment());
}
