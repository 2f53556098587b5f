//! The rows of customers: locked, and written.

use std::collections::{BTreeSet, HashMap};

use loyalty_targets::store::{CustomerRow, DocumentKind, StoreError};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::catalogue::{To, begin_with_catalogue};
use crate::fault::{Result, fault, unsigned};

/// Rows that are locked until the transaction ends.
pub(crate) struct Locked {
    /// The change number of the catalogue, where anybody has a row.
    now: Option<i64>,
    /// By customer; empty of those of whom there is no row.
    pub(crate) rows: Vec<CustomerRow>,
    /// Whoever has no row.
    pub(crate) missing: BTreeSet<i64>,
}

/// Begins a transaction and locks rows; with the change number of the catalogue,
/// which stays until it ends.
pub(crate) async fn begin_and_lock(
    pool: &PgPool,
    id: i64,
    customers: &BTreeSet<i64>,
) -> Result<(Transaction<'static, Postgres>, u64, Locked)> {
    let mut transaction = begin_with_catalogue(pool, id, To::Book).await?;
    let locked = lock(&mut transaction, id, customers).await?;
    let now = match locked.now {
        Some(now) => now,
        None => {
            let now = "SELECT change FROM target_rules.organisation WHERE id = $1";
            sqlx::query_scalar(now).bind(id).fetch_one(&mut *transaction).await.map_err(fault)?
        }
    };
    Ok((transaction, unsigned(now)?, locked))
}

/// Locks rows, in ascending order. There is nothing to lock of whoever has no row:
/// it is made when it is written.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: i64,
    customers: &BTreeSet<i64>,
) -> Result<Locked> {
    let ids: Vec<i64> = customers.iter().copied().collect();
    // The change number comes along: it is asked apart only where nobody has a row.
    let select = "SELECT customer, enrolments, booked,
            (SELECT change FROM target_rules.organisation WHERE id = $1)
        FROM target_rules.customer
        WHERE organisation = $1 AND customer = ANY($2) ORDER BY customer FOR UPDATE";
    let kept: Vec<(i64, String, String, i64)> =
        sqlx::query_as(select).bind(id).bind(&ids).fetch_all(connection).await.map_err(fault)?;
    let now = kept.first().map(|(.., now)| *now);
    let row =
        |(customer, enrolments, booked, _)| (customer, CustomerRow::stored(customer, enrolments, booked));
    let mut found: HashMap<i64, CustomerRow> = kept.into_iter().map(row).collect();
    let missing = customers.iter().copied().filter(|one| !found.contains_key(one)).collect();
    let nothing = |customer| CustomerRow::stored(customer, String::new(), String::new());
    let rows = ids.into_iter().map(|one| found.remove(&one).unwrap_or_else(|| nothing(one))).collect();
    Ok(Locked { now, rows, missing })
}

/// Writes rows that are locked, and makes those that are missing.
///
/// Fails, so that the batch is worked on anew, where somebody else has made one
/// of these meanwhile.
pub(crate) async fn write(
    connection: &mut PgConnection,
    id: i64,
    rows: &[CustomerRow],
    missing: &BTreeSet<i64>,
) -> Result<()> {
    let (new, kept): (Vec<&CustomerRow>, Vec<&CustomerRow>) =
        rows.iter().partition(|row| missing.contains(&row.customer()));
    if !new.is_empty() {
        // In ascending order: whoever makes the same ones waits at the first of them.
        let insert = "INSERT INTO target_rules.customer (organisation, customer, enrolments, booked)
            SELECT $1, customer, enrolments, booked
            FROM unnest($2::bigint[], $3::text[], $4::text[]) AS new (customer, enrolments, booked)
            ORDER BY customer ON CONFLICT DO NOTHING";
        let made = execute(connection, insert, id, &new).await?;
        if usize::try_from(made).ok() != Some(new.len()) {
            let what = "another batch has written the same customers for the first time".to_owned();
            return Err(StoreError::Database { what, may_pass: true });
        }
    }
    if !kept.is_empty() {
        let update = "UPDATE target_rules.customer AS kept
            SET enrolments = new.enrolments, booked = new.booked
            FROM unnest($2::bigint[], $3::text[], $4::text[]) AS new (customer, enrolments, booked)
            WHERE kept.organisation = $1 AND kept.customer = new.customer";
        execute(connection, update, id, &kept).await?;
    }
    write_targets(connection, id, rows).await
}

/// Runs a statement over rows; how many it has written.
async fn execute(
    connection: &mut PgConnection,
    statement: &'static str,
    id: i64,
    rows: &[&CustomerRow],
) -> Result<u64> {
    let customers: Vec<i64> = rows.iter().map(|row| row.customer()).collect();
    let enrolments: Vec<&str> = rows.iter().map(|row| row.enrolments()).collect();
    let booked: Vec<&str> = rows.iter().map(|row| row.booked()).collect();
    let statement = sqlx::query(statement).bind(id).bind(customers).bind(enrolments).bind(booked);
    Ok(statement.execute(connection).await.map_err(fault)?.rows_affected())
}

/// By which targets the customers are found.
async fn write_targets(connection: &mut PgConnection, id: i64, rows: &[CustomerRow]) -> Result<()> {
    let pairs = |of: fn(&CustomerRow) -> &[i64]| {
        let all = rows.iter().flat_map(move |row| of(row).iter().map(|target| (*target, row.customer())));
        all.unzip::<i64, i64, Vec<i64>, Vec<i64>>()
    };
    for (query, (targets, customers)) in [
        (
            "DELETE FROM target_rules.enrolled AS kept
             USING unnest($2::bigint[], $3::bigint[]) AS gone (target, customer) WHERE kept.organisation = $1
             AND kept.target = gone.target AND kept.customer = gone.customer",
            pairs(|row| &row.targets_changed().gone),
        ),
        (
            "INSERT INTO target_rules.enrolled (organisation, target, customer)
             SELECT $1, target, customer FROM unnest($2::bigint[], $3::bigint[]) AS new (target, customer)
             ON CONFLICT DO NOTHING",
            pairs(|row| &row.targets_changed().new),
        ),
    ] {
        if !targets.is_empty() {
            let query = sqlx::query(query).bind(id).bind(targets).bind(customers);
            query.execute(&mut *connection).await.map_err(fault)?;
        }
    }
    Ok(())
}

/// What customers are enrolled in, in the order in which they are named.
pub(crate) async fn enrolments(pool: &PgPool, organisation: i64, customers: &[i64]) -> Result<Vec<String>> {
    let select = "SELECT customer, enrolments FROM target_rules.customer
        WHERE organisation = $1 AND customer = ANY($2)";
    let select = sqlx::query_as(select).bind(organisation).bind(customers);
    let found: Vec<(i64, String)> = select.fetch_all(pool).await.map_err(fault)?;
    let found: HashMap<i64, String> = found.into_iter().collect();
    Ok(customers.iter().map(|customer| found.get(customer).cloned().unwrap_or_default()).collect())
}

/// Customers who are enrolled in a target, or were, each with what she is enrolled in.
pub(crate) async fn enrolled_page(
    connection: &mut PgConnection,
    (organisation, target): (i64, i64),
    after: Option<i64>,
    most: usize,
) -> Result<Vec<(i64, String)>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let select = "SELECT customer, enrolments FROM target_rules.enrolled
        JOIN target_rules.customer USING (organisation, customer)
        WHERE organisation = $1 AND target = $2 AND ($3::bigint IS NULL OR customer > $3)
        ORDER BY customer LIMIT $4";
    let select = sqlx::query_as(select).bind(organisation).bind(target).bind(after).bind(most);
    select.fetch_all(connection).await.map_err(fault)
}

/// Whether anybody but a customer is enrolled in one of these targets, or was.
pub(crate) async fn has_others(
    connection: &mut PgConnection,
    organisation: i64,
    documents: &[(DocumentKind, i64)],
    customer: i64,
) -> Result<bool> {
    let targets = documents.iter().filter(|(kind, _)| *kind == DocumentKind::Target);
    let targets: Vec<i64> = targets.map(|(_, id)| *id).collect();
    let select = "SELECT EXISTS (SELECT 1 FROM target_rules.enrolled
        WHERE organisation = $1 AND target = ANY($2) AND customer <> $3)";
    let select = sqlx::query_scalar(select).bind(organisation).bind(targets).bind(customer);
    select.fetch_one(connection).await.map_err(fault)
}

/// Forgets a customer; whether anything was kept of her.
pub(crate) async fn erase_row(
    connection: &mut PgConnection,
    organisation: i64,
    customer: i64,
) -> Result<bool> {
    // Waits for whoever makes her row just now: what is deleted below is then all of
    // hers, or nothing.
    let make = "INSERT INTO target_rules.customer (organisation, customer, enrolments, booked)
        VALUES ($1, $2, '', '') ON CONFLICT DO NOTHING";
    let make = sqlx::query(make).bind(organisation).bind(customer);
    make.execute(&mut *connection).await.map_err(fault)?;
    let delete = "DELETE FROM target_rules.customer WHERE organisation = $1 AND customer = $2
        RETURNING enrolments <> '' OR booked <> ''";
    let delete = sqlx::query_scalar(delete).bind(organisation).bind(customer);
    let kept: Option<bool> = delete.fetch_optional(&mut *connection).await.map_err(fault)?;
    // Whatever her row has said of it.
    let delete = "DELETE FROM target_rules.enrolled WHERE organisation = $1 AND customer = $2";
    let delete = sqlx::query(delete).bind(organisation).bind(customer);
    delete.execute(connection).await.map_err(fault)?;
    Ok(kept.unwrap_or_default())
}
