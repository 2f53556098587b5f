//! The store over one file.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use loyalty_targets::store::{
    Catalogue, Check, CustomerRow, Document, DocumentKind, Ending, Organisation, Store, StoreError, Work,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::backup::copy;
use crate::catalogue::{change_of, put_documents, remove_documents, still_at};
use crate::connection::{Settings, open, open_as_it_is, settings};
use crate::fault::{Result, fault, refused, unsigned};
use crate::migrations::{MIGRATIONS, check_is_ours, migrate};
use crate::turns::{Turns, Wanted};
use crate::writer::{ChangedRow, Writer, Written, write_rows};

/// A store over one file. Its handles share the connection that writes; each
/// reads by a connection of its own.
///
/// The page of this crate has an example.
pub struct SqliteStore {
    shared: Arc<Shared>,
    /// Opened when it is needed.
    reader: Option<Connection>,
    /// Organisations by name; an id is for ever.
    ids: HashMap<String, i64>,
}

struct Shared {
    path: PathBuf,
    writer: Writer,
    turns: Turns,
}

/// How often a batch is worked on anew because another process has written one
/// of its rows meanwhile.
const RETRIES: usize = 20;

impl SqliteStore {
    /// Opens a file, makes it where there is none, and brings its tables to the
    /// newest version.
    ///
    /// Fails where it cannot be opened, where another program has made it, and
    /// where a newer version of this crate has written it.
    pub fn open(path: &Path) -> Result<SqliteStore> {
        let mut connection = open(path)?;
        migrate(&mut connection, &MIGRATIONS)?;
        let shared =
            Shared { path: path.to_owned(), writer: Writer::new(connection), turns: Turns::default() };
        Ok(SqliteStore::over(Arc::new(shared)))
    }

    fn over(shared: Arc<Shared>) -> SqliteStore {
        SqliteStore { shared, reader: None, ids: HashMap::new() }
    }

    /// How the connection that writes is set.
    pub fn settings(&self) -> Result<Settings> {
        settings(&self.shared.writer.connection())
    }

    /// Writes a consistent copy of all that is committed to a new file that only its
    /// owner may read, while the store goes on, and waits until it is on the disk.
    ///
    /// Fails where there is such a file already. Cost is linear in what is stored.
    pub fn backup(&mut self, to: &Path) -> Result<()> {
        copy(self.reader()?, to)
    }

    /// The same of a file that another process may work with. Nothing is changed in
    /// it: its tables stay of the version that they are of.
    ///
    /// Fails where there is no such file, and where another program has made it.
    pub fn backup_of(path: &Path, to: &Path) -> Result<()> {
        let connection = open_as_it_is(path)?;
        check_is_ours(&connection)?;
        copy(&connection, to)
    }

    fn reader(&mut self) -> Result<&Connection> {
        if self.reader.is_none() {
            let reader = open(&self.shared.path)?;
            // There are many readers, and the system keeps the pages of the file for all of them.
            reader.execute_batch("PRAGMA cache_size=-1024").map_err(fault)?;
            self.reader = Some(reader);
        }
        self.reader.as_ref().ok_or_else(|| refused("there is no connection"))
    }

    /// The id of an organisation.
    fn id_of(&mut self, organisation: &str) -> Result<i64> {
        if let Some(id) = self.ids.get(organisation) {
            return Ok(*id);
        }
        let id = id_of(self.reader()?, organisation)?;
        self.ids.insert(organisation.to_owned(), id);
        Ok(id)
    }

    /// Rows with their versions, in order; where they are to be changed, of a time
    /// at which the catalogue was the one that was seen.
    fn rows(&mut self, id: i64, seen: Option<u64>, customers: &BTreeSet<i64>) -> Result<Vec<VersionedRow>> {
        // All of one time: one transaction reads what was committed when it began.
        let transaction = self.reader()?.unchecked_transaction().map_err(fault)?;
        if let Some(seen) = seen {
            still_at(&transaction, id, seen)?;
        }
        let select = "SELECT version, enrolments, booked FROM customer
            WHERE organisation = ?1 AND customer = ?2";
        let mut rows = Vec::with_capacity(customers.len());
        {
            let mut select = transaction.prepare_cached(select).map_err(fault)?;
            for customer in customers {
                let found = select.query_row(params![id, customer], |row| {
                    let stored = CustomerRow::stored(*customer, row.get(1)?, row.get(2)?);
                    Ok((stored, Some(row.get(0)?)))
                });
                let nothing = || (CustomerRow::stored(*customer, String::new(), String::new()), None);
                rows.push(found.optional().map_err(fault)?.unwrap_or_else(nothing));
            }
        }
        transaction.finish().map_err(fault)?;
        Ok(rows)
    }

    /// Hands rows to the work; those that it has changed, or nothing where it rolls
    /// back.
    fn worked_on(
        &mut self,
        id: i64,
        seen: u64,
        customers: &BTreeSet<i64>,
        work: &mut Work<'_>,
    ) -> Result<Option<Vec<ChangedRow>>> {
        let (mut rows, versions): (Vec<_>, Vec<_>) =
            self.rows(id, Some(seen), customers)?.into_iter().unzip();
        if work(&mut rows)? == Ending::RollBack {
            return Ok(None);
        }
        let changed = rows.into_iter().zip(versions).filter(|(row, _)| row.is_changed());
        Ok(Some(changed.map(|(row, version)| ChangedRow { row, version }).collect()))
    }

    /// Customers of a query for one page of them.
    fn page(&mut self, query: &str, of: impl rusqlite::Params) -> Result<Vec<i64>> {
        let mut select = self.reader()?.prepare_cached(query).map_err(fault)?;
        let found = select.query_map(of, |row| row.get(0)).map_err(fault)?;
        found.collect::<rusqlite::Result<Vec<i64>>>().map_err(fault)
    }
}

/// A row, and its version where there is one.
type VersionedRow = (CustomerRow, Option<i64>);

fn id_of(connection: &Connection, organisation: &str) -> Result<i64> {
    let select = "SELECT id FROM organisation WHERE name = ?1";
    let mut select = connection.prepare_cached(select).map_err(fault)?;
    let id = select.query_row(params![organisation], |row| row.get(0)).optional().map_err(fault)?;
    id.ok_or_else(|| StoreError::NoOrganisation { organisation: organisation.to_owned() })
}

/// What a batch waits for: its customers, and the catalogue beside others or alone.
fn wanted(id: i64, catalogue: Wanted, customers: &BTreeSet<i64>) -> Vec<Wanted> {
    let rows = customers.iter().map(|customer| Wanted::Row(id, *customer));
    std::iter::once(catalogue).chain(rows).collect()
}

fn others_write() -> StoreError {
    let what = "another process changes the same customers all the time".to_owned();
    StoreError::Database { what, may_pass: true }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

impl Store for SqliteStore {
    fn handle(&self) -> Box<dyn Store> {
        Box::new(SqliteStore::over(self.shared.clone()))
    }

    fn check(&mut self) -> Result<()> {
        // Set as the one that writes is; nobody who writes waits for this.
        let connection = self.reader()?;
        let now = settings(connection)?;
        if now.journal_mode != "wal" || now.synchronous < 2 {
            return Err(refused(format!("it is not set to keep what is committed: {now:?}")));
        }
        connection.query_row("SELECT count(*) FROM organisation", [], |_| Ok(())).map_err(fault)
    }

    fn create_organisation(&mut self, organisation: &str, zone: &str) -> Result<()> {
        let connection = self.shared.writer.connection();
        let insert = "INSERT INTO organisation (name, zone) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.execute(insert, params![organisation, zone]).map_err(fault)?;
        let select = "SELECT zone FROM organisation WHERE name = ?1";
        let found: String =
            connection.query_row(select, params![organisation], |row| row.get(0)).map_err(fault)?;
        if found == zone {
            return Ok(());
        }
        Err(StoreError::OtherZone { organisation: organisation.to_owned(), zone: found })
    }

    fn organisations(&mut self) -> Result<Vec<Organisation>> {
        let select = "SELECT name, zone, change FROM organisation ORDER BY name";
        let mut select = self.reader()?.prepare_cached(select).map_err(fault)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(fault)?;
        let rows = rows.map(|row| {
            let (name, zone, change) = row.map_err(fault)?;
            Ok(Organisation { name, zone, change: unsigned(change)? })
        });
        rows.collect()
    }

    fn catalogue(&mut self, organisation: &str) -> Result<Catalogue> {
        let id = self.id_of(organisation)?;
        // Of one time.
        let transaction = self.reader()?.unchecked_transaction().map_err(fault)?;
        let select = "SELECT zone, change FROM organisation WHERE id = ?1";
        let (zone, change) = transaction
            .query_row(select, params![id], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(fault)?;
        let mut documents = Vec::new();
        {
            let select = "SELECT kind, id, in_group, version, text FROM document WHERE organisation = ?1";
            let mut select = transaction.prepare_cached(select).map_err(fault)?;
            let mut rows = select.query(params![id]).map_err(fault)?;
            while let Some(row) = rows.next().map_err(fault)? {
                documents.push(document(row)?);
            }
        }
        transaction.finish().map_err(fault)?;
        Ok(Catalogue::new(zone, unsigned(change)?, documents))
    }

    fn change_number(&mut self, organisation: &str) -> Result<u64> {
        let id = self.id_of(organisation)?;
        unsigned(change_of(self.reader()?, id)?)
    }

    fn put_and_update(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<Option<u64>> {
        let id = self.id_of(organisation)?;
        let customers: BTreeSet<i64> = customers.iter().copied().collect();
        let shared = self.shared.clone();
        let _turn = shared.turns.take(wanted(id, Wanted::Catalogue(id), &customers));
        for _ in 0..RETRIES {
            let Some(changed) = self.worked_on(id, seen, &customers, work)? else { return Ok(None) };
            let mut connection = shared.writer.connection();
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
            let next = put_documents(&transaction, id, seen, documents)?;
            if write_rows(&transaction, id, &changed)? == Written::Yes {
                transaction.commit().map_err(fault)?;
                return Ok(Some(next));
            }
        }
        Err(others_write())
    }

    fn put_checked(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        check: &mut Check<'_>,
    ) -> Result<Option<u64>> {
        let id = self.id_of(organisation)?;
        let shared = self.shared.clone();
        let _turn = shared.turns.take(vec![Wanted::Catalogue(id)]);
        let mut connection = shared.writer.connection();
        // Another process writes nothing from here on, either.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        still_at(&transaction, id, seen)?;
        let mut pages = |target, after, most| enrolled_page(&transaction, (id, target), after, most);
        if check(&mut pages)? == Ending::RollBack {
            return Ok(None);
        }
        let next = put_documents(&transaction, id, seen, documents)?;
        transaction.commit().map_err(fault)?;
        Ok(Some(next))
    }

    fn remove(&mut self, organisation: &str, seen: u64, documents: &[(DocumentKind, i64)]) -> Result<u64> {
        let id = self.id_of(organisation)?;
        let _turn = self.shared.turns.take(vec![Wanted::Catalogue(id)]);
        let mut connection = self.shared.writer.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        let next = remove_documents(&transaction, id, seen, documents)?;
        transaction.commit().map_err(fault)?;
        Ok(next)
    }

    fn take_ids(&mut self, organisation: &str, above: i64, count: u32) -> Result<i64> {
        let connection = self.shared.writer.connection();
        let id = id_of(&connection, organisation)?;
        let update =
            "UPDATE organisation SET last_id = max(last_id, ?2) + ?3 WHERE id = ?1 RETURNING last_id";
        let last: i64 =
            connection.query_row(update, params![id, above, count], |row| row.get(0)).map_err(fault)?;
        Ok(last.saturating_sub(count.into()).saturating_add(1))
    }

    fn read(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<CustomerRow>> {
        let id = self.id_of(organisation)?;
        let rows = self.rows(id, None, &customers.iter().copied().collect())?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    fn enrolments(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<String>> {
        let id = self.id_of(organisation)?;
        // Of one time; and the file is locked once for all of them.
        let transaction = self.reader()?.unchecked_transaction().map_err(fault)?;
        let mut texts = Vec::with_capacity(customers.len());
        {
            let select = "SELECT enrolments FROM customer WHERE organisation = ?1 AND customer = ?2";
            let mut select = transaction.prepare_cached(select).map_err(fault)?;
            for customer in customers {
                let found = select.query_row(params![id, customer], |row| row.get(0)).optional();
                texts.push(found.map_err(fault)?.unwrap_or_default());
            }
        }
        transaction.finish().map_err(fault)?;
        Ok(texts)
    }

    fn update(
        &mut self,
        organisation: &str,
        seen: u64,
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<()> {
        let id = self.id_of(organisation)?;
        let customers: BTreeSet<i64> = customers.iter().copied().collect();
        let shared = self.shared.clone();
        let _turn = shared.turns.take(wanted(id, Wanted::Share(id), &customers));
        for _ in 0..RETRIES {
            let changed = self.worked_on(id, seen, &customers, work)?.unwrap_or_default();
            if changed.is_empty() {
                return Ok(());
            }
            match shared.writer.write(id, seen, changed)? {
                Written::Yes => return Ok(()),
                Written::OutOfDate { now } => return Err(StoreError::CatalogueChanged { now }),
                Written::Conflict => {}
            }
        }
        Err(others_write())
    }

    fn enrolled_in(
        &mut self,
        organisation: &str,
        target: i64,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>> {
        let id = self.id_of(organisation)?;
        let select = "SELECT customer FROM enrolled WHERE organisation = ?1 AND target = ?2
            AND (?3 IS NULL OR customer > ?3) ORDER BY customer LIMIT ?4";
        self.page(select, params![id, target, after, limit(most)])
    }

    fn customers(&mut self, organisation: &str, after: Option<i64>, most: usize) -> Result<Vec<i64>> {
        let id = self.id_of(organisation)?;
        let select = "SELECT customer FROM customer WHERE organisation = ?1
            AND (?2 IS NULL OR customer > ?2) AND (enrolments <> '' OR booked <> '')
            ORDER BY customer LIMIT ?3";
        self.page(select, params![id, after, limit(most)])
    }

    fn erase(&mut self, organisation: &str, customer: i64) -> Result<bool> {
        let id = self.id_of(organisation)?;
        // Whoever books her now ends first, and cannot write her again.
        let shared = self.shared.clone();
        let _turn = shared.turns.take(vec![Wanted::Row(id, customer)]);
        let mut connection = shared.writer.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        let kept = erase_row(&transaction, id, customer)?;
        transaction.commit().map_err(fault)?;
        Ok(kept)
    }

    fn remove_and_erase(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
        customer: i64,
    ) -> Result<bool> {
        let id = self.id_of(organisation)?;
        let catalogue = if documents.is_empty() { Wanted::Share(id) } else { Wanted::Catalogue(id) };
        let shared = self.shared.clone();
        let _turn = shared.turns.take(vec![catalogue, Wanted::Row(id, customer)]);
        let mut connection = shared.writer.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        still_at(&transaction, id, seen)?;
        if has_others(&transaction, id, documents, customer)? {
            return Err(StoreError::CatalogueChanged { now: seen });
        }
        if !documents.is_empty() {
            remove_documents(&transaction, id, seen, documents)?;
        }
        let kept = erase_row(&transaction, id, customer)?;
        transaction.commit().map_err(fault)?;
        Ok(kept)
    }
}

/// Customers who are enrolled in a target, or were, each with what she is enrolled in.
fn enrolled_page(
    transaction: &Connection,
    (id, target): (i64, i64),
    after: Option<i64>,
    most: usize,
) -> Result<Vec<(i64, String)>> {
    let select = "SELECT enrolled.customer, enrolments FROM enrolled
        JOIN customer USING (organisation, customer)
        WHERE organisation = ?1 AND target = ?2 AND (?3 IS NULL OR enrolled.customer > ?3)
        ORDER BY enrolled.customer LIMIT ?4";
    let mut select = transaction.prepare_cached(select).map_err(fault)?;
    let rows =
        select.query_map(params![id, target, after, limit(most)], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.map_err(fault)?.map(|row| row.map_err(fault)).collect()
}

/// Whether anybody but a customer is enrolled in one of these targets, or was.
fn has_others(
    transaction: &Connection,
    id: i64,
    documents: &[(DocumentKind, i64)],
    customer: i64,
) -> Result<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM enrolled
        WHERE organisation = ?1 AND target = ?2 AND customer <> ?3)";
    let mut select = transaction.prepare_cached(select).map_err(fault)?;
    for (_, target) in documents.iter().filter(|(kind, _)| *kind == DocumentKind::Target) {
        if select.query_row(params![id, target, customer], |row| row.get(0)).map_err(fault)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets a customer; whether anything was kept of her.
fn erase_row(transaction: &Connection, id: i64, customer: i64) -> Result<bool> {
    let delete = "DELETE FROM customer WHERE organisation = ?1 AND customer = ?2
        RETURNING enrolments <> '' OR booked <> ''";
    let kept = transaction.query_row(delete, params![id, customer], |row| row.get(0)).optional();
    let kept = kept.map_err(fault)?.unwrap_or_default();
    // Whatever her row has said of it.
    let delete = "DELETE FROM enrolled WHERE organisation = ?1 AND customer = ?2";
    transaction.execute(delete, params![id, customer]).map_err(fault)?;
    Ok(kept)
}

fn document(row: &rusqlite::Row<'_>) -> Result<Document> {
    let kind: String = row.get(0).map_err(fault)?;
    let kind = DocumentKind::of_word(&kind).ok_or_else(|| refused(format!("there is no kind `{kind}`")))?;
    let text: String = row.get(4).map_err(fault)?;
    let document = Document::new(kind, row.get(1).map_err(fault)?, text);
    let document = document.in_version(unsigned(row.get(3).map_err(fault)?)?);
    let group: Option<i64> = row.get(2).map_err(fault)?;
    Ok(match group {
        Some(group) => document.of_group(group),
        None => document,
    })
}
