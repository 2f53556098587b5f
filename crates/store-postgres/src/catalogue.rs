//! Transactions that are tied to the catalogue of an organisation.
//!
//! Whoever books holds a share of the catalogue until the commit, and whoever
//! changes it holds it alone: once a change is acknowledged, nothing is
//! acknowledged any more that was booked by the catalogue before. The lock is no
//! row's, for each share of a row is written to its page.

use loyalty_targets::store::{Document, DocumentKind};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::fault::{Result, fault, unsigned};

/// The first half of the key of these locks; the second one is the organisation.
const LOCKS: i32 = 0x5461_5275;

/// What a transaction does by the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// It books by it, beside others.
    Book,
    /// It changes it.
    Change,
}

/// Begins a transaction that waits for whoever changes the catalogue; to change
/// it, also for those who book by it. All that is read from then on is of a later
/// time than what they have written.
pub(crate) async fn begin_with_catalogue(
    pool: &PgPool,
    organisation: i64,
    to: To,
) -> Result<Transaction<'static, Postgres>> {
    let lock = match to {
        To::Book => "SELECT pg_advisory_xact_lock_shared($1, $2)",
        To::Change => "SELECT pg_advisory_xact_lock($1, $2)",
    };
    // Two organisations that share a lock wait for each other, and do no harm.
    let second = i32::try_from(organisation.rem_euclid(i64::from(i32::MAX))).unwrap_or_default();
    // Each statement sees what was committed before it, however the server is set.
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await.map_err(fault)?;
    let lock = sqlx::query(lock).bind(LOCKS).bind(second);
    lock.execute(&mut *transaction).await.map_err(fault)?;
    Ok(transaction)
}

/// Puts documents; the change number of the catalogue with them.
pub(crate) async fn put_documents(
    connection: &mut PgConnection,
    organisation: i64,
    documents: &[Document],
) -> Result<u64> {
    let kinds: Vec<&str> = documents.iter().map(|one| one.kind().word()).collect();
    let ids: Vec<i64> = documents.iter().map(Document::id).collect();
    let groups: Vec<Option<i64>> = documents.iter().map(Document::group).collect();
    let texts: Vec<&str> = documents.iter().map(Document::text).collect();
    let highest = ids.iter().copied().max().unwrap_or_default();
    let update = "UPDATE target_rules.organisation
        SET change = change + 1, last_id = greatest(last_id, $2) WHERE id = $1 RETURNING change";
    let update = sqlx::query_scalar(update).bind(organisation).bind(highest);
    let next: i64 = update.fetch_one(&mut *connection).await.map_err(fault)?;
    let insert = "INSERT INTO target_rules.document (organisation, kind, id, in_group, version, text)
        SELECT $1, kind, id, in_group, $2, text
        FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::text[]) AS new (kind, id, in_group, text)
        ON CONFLICT (organisation, kind, id) DO UPDATE
        SET in_group = excluded.in_group, version = excluded.version, text = excluded.text";
    let insert = sqlx::query(insert).bind(organisation).bind(next);
    let insert = insert.bind(kinds).bind(ids).bind(groups).bind(texts);
    insert.execute(connection).await.map_err(fault)?;
    unsigned(next)
}

/// Takes documents out; the change number of the catalogue without them.
pub(crate) async fn remove_documents(
    connection: &mut PgConnection,
    organisation: i64,
    documents: &[(DocumentKind, i64)],
) -> Result<u64> {
    let (kinds, ids): (Vec<&str>, Vec<i64>) = documents.iter().map(|(kind, id)| (kind.word(), *id)).unzip();
    let delete = "DELETE FROM target_rules.document AS kept
        USING unnest($2::text[], $3::bigint[]) AS gone (kind, id)
        WHERE kept.organisation = $1 AND kept.kind = gone.kind AND kept.id = gone.id";
    let delete = sqlx::query(delete).bind(organisation).bind(&kinds).bind(&ids);
    delete.execute(&mut *connection).await.map_err(fault)?;
    let update = "UPDATE target_rules.organisation SET change = change + 1 WHERE id = $1 RETURNING change";
    let next: i64 =
        sqlx::query_scalar(update).bind(organisation).fetch_one(connection).await.map_err(fault)?;
    unsigned(next)
}
