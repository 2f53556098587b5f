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

/// Brings a database to the newest version, all the way or not at all.
pub(crate) async fn migrate(pool: &PgPool, migrations: &[&str]) -> Result<()> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let mut transaction = pool.begin().await.map_err(fault)?;
    // Large tables take their time, and the other instances wait for it.
    let patience = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
    transaction.execute(patience).await.map_err(fault)?;
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
    for migration in migrations.iter().skip(done) {
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

#[cfg(test)]
mod tests {
    use target_rules_testing::database::Database;

    use super::*;

    async fn number(pool: &PgPool, query: &str) -> Option<i64> {
        sqlx::query_scalar(query).fetch_one(pool).await.ok()
    }

    #[test]
    fn a_database_is_brought_on_from_each_version_whole_or_not_at_all() {
        let Some(server) = Database::start() else { return };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let pool = PgPool::connect(server.url()).await.unwrap();
            let [first] = MIGRATIONS;
            let second = "ALTER TABLE target_rules.customer ADD COLUMN bills BIGINT NOT NULL DEFAULT 7";
            migrate(&pool, &MIGRATIONS).await.unwrap();
            let rows = "INSERT INTO target_rules.organisation (name, zone) VALUES ('shoes', 'UTC');
                INSERT INTO target_rules.customer SELECT id, 19721, '', 'booked' FROM target_rules.organisation";
            pool.execute(rows).await.unwrap();
            let broken = format!("{second}; CREATE TABLE target_rules.customer (a BIGINT)");
            assert!(migrate(&pool, &[first, &broken]).await.is_err());
            let version = "SELECT version FROM target_rules.version";
            let bills = "SELECT bills FROM target_rules.customer WHERE booked = 'booked'";
            assert_eq!((number(&pool, version).await, number(&pool, bills).await), (Some(1), None));
            for _ in 0..2 {
                migrate(&pool, &[first, second]).await.unwrap();
            }
            assert_eq!((number(&pool, version).await, number(&pool, bills).await), (Some(2), Some(7)));
            let refused = migrate(&pool, &MIGRATIONS).await.unwrap_err();
            assert!(matches!(refused, StoreError::Newer { found: 2, known: 1 }), "{refused}");
        });
    }
}
