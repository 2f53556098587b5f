//! The tables, version by version.

use loyalty_targets::store::StoreError;
use sqlx::{Executor, PgPool};

use crate::fault::{Result, fault};

/// What makes each version of the one before; the first one of nothing. What
/// stands here is never changed: a new version is added.
pub(crate) const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE target_rules.organisation (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        zone TEXT NOT NULL,
        change BIGINT NOT NULL DEFAULT 0,
        last_id BIGINT NOT NULL DEFAULT 0
    );
    CREATE TABLE target_rules.document (
        organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
        kind TEXT NOT NULL CHECK (kind IN ('group', 'target')),
        id BIGINT NOT NULL,
        in_group BIGINT,
        version BIGINT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (organisation, kind, id)
    );
    -- A row is written with each of a customer's batches: it stays on its page, and is neither packed
    -- nor kept elsewhere as long as it fits there.
    CREATE TABLE target_rules.customer (
        organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
        customer BIGINT NOT NULL,
        enrolments TEXT NOT NULL,
        booked TEXT NOT NULL,
        PRIMARY KEY (organisation, customer)
    ) WITH (fillfactor = 60, toast_tuple_target = 4080);
    ALTER TABLE target_rules.customer ALTER COLUMN booked SET STORAGE EXTERNAL;
    CREATE TABLE target_rules.enrolled (
        organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
        target BIGINT NOT NULL,
        customer BIGINT NOT NULL,
        PRIMARY KEY (organisation, target, customer)
    );
"];

/// Locked while tables are made, so that one of several instances makes them.
const LOCK: i64 = 0x5461_5275;

/// Brings a database to the newest version.
pub(crate) async fn migrate(pool: &PgPool) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let mut transaction = pool.begin().await.map_err(fault)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(fault)?;
    // Whoever may not make a schema may use one that is there.
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'target_rules')")
            .fetch_one(&mut *transaction)
            .await
            .map_err(fault)?;
    if !there {
        transaction.execute("CREATE SCHEMA target_rules").await.map_err(fault)?;
    }
    transaction
        .execute("CREATE TABLE IF NOT EXISTS target_rules.version (version BIGINT NOT NULL)")
        .await
        .map_err(fault)?;
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM target_rules.version")
        .fetch_one(&mut *transaction)
        .await
        .map_err(fault)?;
    let found = found.unwrap_or_default();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let done = usize::try_from(found).unwrap_or_default();
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute(*migration).await.map_err(fault)?;
    }
    if found < known {
        transaction.execute("DELETE FROM target_rules.version").await.map_err(fault)?;
        sqlx::query("INSERT INTO target_rules.version VALUES ($1)")
            .bind(known)
            .execute(&mut *transaction)
            .await
            .map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)
}
