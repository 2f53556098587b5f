//! The store over one database.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use loyalty_targets::store::{
    Catalogue, Check, CustomerRow, Document, DocumentKind, Ending, Organisation, Store, StoreError, Work,
};
use sqlx::{Postgres, Transaction};

use crate::catalogue::{To, begin_with_catalogue, put_documents, remove_documents};
use crate::connection::{Settings, Shared, check, settings};
use crate::fault::{Result, fault, refused, unsigned};
use crate::listen::{Listening, tell};
use crate::rows::{begin_and_lock, enrolled_page, enrolments, erase_row, has_others, lock, write};

/// A store in a PostgreSQL database. Its handles share the connections.
///
/// The page of this crate has an example.
pub struct PostgresStore {
    shared: Arc<Shared>,
    /// Organisations by name; an id is for ever.
    ids: HashMap<String, i64>,
    /// Who is told of changes, once somebody has waited for one.
    listening: Option<Listening>,
}

impl PostgresStore {
    /// Connects to a database, by at most so many connections at a time and one more
    /// for each handle that waits for changes, and brings its tables to the newest
    /// version.
    ///
    /// Fails where it is out of reach for ten seconds, and tells where it was looked
    /// for, why it was not found and what helps, without the password; where it is not
    /// set to keep what is committed; and where a newer version of this crate has
    /// written it.
    pub fn connect(url: &str, connections: u32) -> Result<PostgresStore> {
        let shared = Shared::connect(url, connections)?;
        let mut store = PostgresStore::over(Arc::new(shared));
        store.check()?;
        Ok(store)
    }

    fn over(shared: Arc<Shared>) -> PostgresStore {
        PostgresStore { shared, ids: HashMap::new(), listening: None }
    }

    /// How the connections are set.
    pub fn settings(&self) -> Result<Settings> {
        self.shared.run(settings(&self.shared.pool()))
    }

    /// The id of an organisation.
    fn id_of(&mut self, organisation: &str) -> Result<i64> {
        if let Some(id) = self.ids.get(organisation) {
            return Ok(*id);
        }
        let id = self.shared.ask(|| async {
            let select = "SELECT id FROM target_rules.organisation WHERE name = $1";
            let id = sqlx::query_scalar(select).bind(organisation).fetch_optional(&self.shared.pool()).await;
            id.map_err(fault)?.ok_or_else(|| no_organisation(organisation))
        })?;
        self.ids.insert(organisation.to_owned(), id);
        Ok(id)
    }

    /// Tries to book a batch once. It fails where it can be tried again, since
    /// nothing is written; within, where it has failed for good.
    fn try_update(
        &self,
        (id, seen): (i64, u64),
        customers: &BTreeSet<i64>,
        work: &mut Work<'_>,
    ) -> Result<Result<()>> {
        // The work may panic, and then the transaction ends here.
        let _inside = self.shared.enter();
        let found = self.shared.run(async { begin_and_lock(&self.shared.pool(), id, customers).await })?;
        let (mut transaction, now, mut locked) = found;
        if now != seen {
            self.shared.run(async { transaction.rollback().await.map_err(fault) })?;
            return Ok(Err(StoreError::CatalogueChanged { now }));
        }
        let ending = work(&mut locked.rows);
        let changed: Vec<CustomerRow> = locked.rows.into_iter().filter(CustomerRow::is_changed).collect();
        self.shared.run(async {
            if !matches!(ending, Ok(Ending::Commit)) || changed.is_empty() {
                // Where that fails, the server does it by itself.
                let _ = transaction.rollback().await;
                return Ok(ending.map(drop));
            }
            write(&mut transaction, id, &changed, &locked.missing).await?;
            // Where the connection breaks now, nobody knows whether it is written.
            Ok(transaction.commit().await.map_err(fault))
        })
    }

    /// The same with documents that are put along.
    fn try_put_and_update(
        &self,
        (id, organisation, seen): (i64, &str, u64),
        documents: &[Document],
        customers: &BTreeSet<i64>,
        work: &mut Work<'_>,
    ) -> Result<Result<Option<u64>>> {
        // The work may panic, and then the transaction ends here.
        let _inside = self.shared.enter();
        let found = self.shared.run(async {
            let mut transaction = self.at(id, seen, To::Change).await?;
            let next = put_documents(&mut transaction, id, documents).await?;
            let locked = lock(&mut transaction, id, customers).await?;
            Ok((transaction, next, locked))
        })?;
        let (mut transaction, next, mut locked) = found;
        let ending = work(&mut locked.rows);
        let changed: Vec<CustomerRow> = locked.rows.into_iter().filter(CustomerRow::is_changed).collect();
        self.shared.run(async {
            if !matches!(ending, Ok(Ending::Commit)) {
                // Where that fails, the server does it by itself.
                let _ = transaction.rollback().await;
                return Ok(ending.map(|_| None));
            }
            write(&mut transaction, id, &changed, &locked.missing).await?;
            tell(&mut transaction, organisation).await?;
            // Where the connection breaks now, nobody knows whether it is written.
            Ok(transaction.commit().await.map_err(fault).map(|()| Some(next)))
        })
    }

    /// The same where a check says whether they are put.
    fn try_put_checked(
        &self,
        (id, organisation, seen): (i64, &str, u64),
        documents: &[Document],
        check: &mut Check<'_>,
    ) -> Result<Result<Option<u64>>> {
        // The check may panic, or fail, and then the transaction ends here.
        let _inside = self.shared.enter();
        let mut transaction = self.shared.run(self.at(id, seen, To::Change))?;
        let ending = check(&mut |target, after, most| {
            self.shared.run(enrolled_page(&mut transaction, (id, target), after, most))
        })?;
        if ending == Ending::RollBack {
            return Ok(Ok(None));
        }
        self.shared.run(async {
            let next = put_documents(&mut transaction, id, documents).await?;
            tell(&mut transaction, organisation).await?;
            // Where the connection breaks now, nobody knows whether it is written.
            Ok(transaction.commit().await.map_err(fault).map(|()| Some(next)))
        })
    }

    /// Begins to change a catalogue that is still the one that was seen, or something
    /// by it.
    async fn at(&self, id: i64, seen: u64, to: To) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = begin_with_catalogue(&self.shared.pool(), id, to).await?;
        let select = match to {
            To::Book => "SELECT change FROM target_rules.organisation WHERE id = $1",
            // Whoever counts in a new customer holds a share of this row.
            To::Change => "SELECT change FROM target_rules.organisation WHERE id = $1 FOR NO KEY UPDATE",
        };
        let now: i64 =
            sqlx::query_scalar(select).bind(id).fetch_one(&mut *transaction).await.map_err(fault)?;
        let now = unsigned(now)?;
        if now == seen { Ok(transaction) } else { Err(StoreError::CatalogueChanged { now }) }
    }

    fn page(
        &self,
        query: &'static str,
        key: (i64, Option<i64>),
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.shared.ask(|| async {
            let (id, target) = key;
            let found = sqlx::query_scalar(query).bind(id).bind(after).bind(most).bind(target);
            found.fetch_all(&self.shared.pool()).await.map_err(fault)
        })
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        let _inside = self.shared.enter();
        drop(self.listening.take());
    }
}

fn no_organisation(organisation: &str) -> StoreError {
    StoreError::NoOrganisation { organisation: organisation.to_owned() }
}

impl Store for PostgresStore {
    fn handle(&self) -> Box<dyn Store> {
        Box::new(PostgresStore::over(self.shared.clone()))
    }

    fn check(&mut self) -> Result<()> {
        self.shared.ask(|| async { check(&self.shared.pool()).await })
    }

    fn create_organisation(&mut self, organisation: &str, zone: &str) -> Result<()> {
        self.shared.ask(|| async {
            let insert =
                "INSERT INTO target_rules.organisation (name, zone) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            let insert = sqlx::query(insert).bind(organisation).bind(zone);
            insert.execute(&self.shared.pool()).await.map_err(fault)?;
            let select = "SELECT zone FROM target_rules.organisation WHERE name = $1";
            let found: String = sqlx::query_scalar(select)
                .bind(organisation)
                .fetch_one(&self.shared.pool())
                .await
                .map_err(fault)?;
            if found == zone {
                return Ok(());
            }
            Err(StoreError::OtherZone { organisation: organisation.to_owned(), zone: found })
        })
    }

    fn organisations(&mut self) -> Result<Vec<Organisation>> {
        let select = "SELECT name, zone, change FROM target_rules.organisation ORDER BY name COLLATE \"C\"";
        let rows: Vec<(String, String, i64)> = self
            .shared
            .ask(|| async { sqlx::query_as(select).fetch_all(&self.shared.pool()).await.map_err(fault) })?;
        let row = |(name, zone, change)| Ok(Organisation { name, zone, change: unsigned(change)? });
        rows.into_iter().map(row).collect()
    }

    fn catalogue(&mut self, organisation: &str) -> Result<Catalogue> {
        let id = self.id_of(organisation)?;
        let (zone, change, rows) = self.shared.ask(|| async {
            let mut transaction = self.shared.pool().begin().await.map_err(fault)?;
            // Whoever puts documents waits, so that all of it is of one time.
            let select = "SELECT zone, change FROM target_rules.organisation WHERE id = $1 FOR SHARE";
            let (zone, change): (String, i64) =
                sqlx::query_as(select).bind(id).fetch_one(&mut *transaction).await.map_err(fault)?;
            let select = "SELECT kind, id, in_group, version, text FROM target_rules.document
                WHERE organisation = $1";
            let rows: Vec<(String, i64, Option<i64>, i64, String)> =
                sqlx::query_as(select).bind(id).fetch_all(&mut *transaction).await.map_err(fault)?;
            transaction.commit().await.map_err(fault)?;
            Ok((zone, change, rows))
        })?;
        let mut documents = Vec::with_capacity(rows.len());
        for (kind, id, group, version, text) in rows {
            let of_word = DocumentKind::of_word(&kind);
            let kind = of_word.ok_or_else(|| refused(format!("there is no kind `{kind}`")))?;
            let document = Document::new(kind, id, text).in_version(unsigned(version)?);
            documents.push(match group {
                Some(group) => document.of_group(group),
                None => document,
            });
        }
        Ok(Catalogue::new(zone, unsigned(change)?, documents))
    }

    fn change_number(&mut self, organisation: &str) -> Result<u64> {
        let id = self.id_of(organisation)?;
        let change = self.shared.ask(|| async {
            let select = "SELECT change FROM target_rules.organisation WHERE id = $1";
            sqlx::query_scalar(select).bind(id).fetch_one(&self.shared.pool()).await.map_err(fault)
        })?;
        unsigned(change)
    }

    fn put_and_update(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<Option<u64>> {
        let change = (self.id_of(organisation)?, organisation, seen);
        let customers: BTreeSet<i64> = customers.iter().copied().collect();
        self.shared.patiently(|| self.try_put_and_update(change, documents, &customers, work))?
    }

    fn put_checked(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        check: &mut Check<'_>,
    ) -> Result<Option<u64>> {
        let change = (self.id_of(organisation)?, organisation, seen);
        self.shared.patiently(|| self.try_put_checked(change, documents, check))?
    }

    fn remove(&mut self, organisation: &str, seen: u64, documents: &[(DocumentKind, i64)]) -> Result<u64> {
        let id = self.id_of(organisation)?;
        let remove = || async {
            let mut transaction = self.at(id, seen, To::Change).await?;
            let next = remove_documents(&mut transaction, id, documents).await?;
            tell(&mut transaction, organisation).await?;
            Ok(transaction.commit().await.map_err(fault).map(|()| next))
        };
        self.shared.ask(remove)?
    }

    fn take_ids(&mut self, organisation: &str, above: i64, count: u32) -> Result<i64> {
        let id = self.id_of(organisation)?;
        let count = i64::from(count);
        let last: i64 = self.shared.ask(|| async {
            let update = "UPDATE target_rules.organisation SET last_id = greatest(last_id, $2) + $3
                WHERE id = $1 RETURNING last_id";
            let update = sqlx::query_scalar(update).bind(id).bind(above).bind(count);
            update.fetch_one(&self.shared.pool()).await.map_err(fault)
        })?;
        Ok(last.saturating_sub(count).saturating_add(1))
    }

    fn wait_for_change(&mut self, most: Duration) -> Result<bool> {
        // Where it fails another one is made the next time, which tells at once.
        let before = self.listening.take();
        let (told, listening) = self.shared.run_apart(async {
            let listening = before.unwrap_or_else(|| Listening::begin(&self.shared));
            listening.wait(most).await
        })?;
        self.listening = Some(listening);
        Ok(told)
    }

    fn read(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<CustomerRow>> {
        let id = self.id_of(organisation)?;
        let customers: BTreeSet<i64> = customers.iter().copied().collect();
        let ids: Vec<i64> = customers.iter().copied().collect();
        let found: Vec<(i64, String, String)> = self.shared.ask(|| async {
            let select = "SELECT customer, enrolments, booked FROM target_rules.customer
                WHERE organisation = $1 AND customer = ANY($2)";
            let select = sqlx::query_as(select).bind(id).bind(&ids);
            select.fetch_all(&self.shared.pool()).await.map_err(fault)
        })?;
        let mut found: HashMap<i64, CustomerRow> = found
            .into_iter()
            .map(|(customer, enrolments, booked)| {
                (customer, CustomerRow::stored(customer, enrolments, booked))
            })
            .collect();
        let nothing = |customer| CustomerRow::stored(customer, String::new(), String::new());
        Ok(customers.into_iter().map(|one| found.remove(&one).unwrap_or_else(|| nothing(one))).collect())
    }

    fn enrolments(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<String>> {
        let id = self.id_of(organisation)?;
        self.shared.ask(|| async { enrolments(&self.shared.pool(), id, customers).await })
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
        self.shared.patiently(|| self.try_update((id, seen), &customers, work))?
    }

    fn enrolled_in(
        &mut self,
        organisation: &str,
        target: i64,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>> {
        let id = self.id_of(organisation)?;
        let select = "SELECT customer FROM target_rules.enrolled WHERE organisation = $1 AND target = $4
            AND ($2::bigint IS NULL OR customer > $2) ORDER BY customer LIMIT $3";
        self.page(select, (id, Some(target)), after, most)
    }

    fn customers(&mut self, organisation: &str, after: Option<i64>, most: usize) -> Result<Vec<i64>> {
        let id = self.id_of(organisation)?;
        let select = "SELECT customer FROM target_rules.customer WHERE organisation = $1
            AND ($2::bigint IS NULL OR customer > $2) AND (enrolments <> '' OR booked <> '')
            AND $4::bigint IS NULL ORDER BY customer LIMIT $3";
        self.page(select, (id, None), after, most)
    }

    fn erase(&mut self, organisation: &str, customer: i64) -> Result<bool> {
        let id = self.id_of(organisation)?;
        // Where a commit got no answer, it is tried again, and finds nothing if it was
        // one: what was found before is told.
        let found = Cell::new(false);
        self.shared.ask(|| async {
            let mut transaction = self.shared.pool().begin().await.map_err(fault)?;
            let kept = erase_row(&mut transaction, id, customer).await?;
            found.set(found.get() || kept);
            transaction.commit().await.map_err(fault)?;
            Ok(found.get())
        })
    }

    fn remove_and_erase(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
        customer: i64,
    ) -> Result<bool> {
        let id = self.id_of(organisation)?;
        let found = Cell::new(false);
        let erased = self.shared.ask(|| async {
            let to = if documents.is_empty() { To::Book } else { To::Change };
            let mut transaction = self.at(id, seen, to).await?;
            if !documents.is_empty() {
                if has_others(&mut transaction, id, documents, customer).await? {
                    return Err(StoreError::CatalogueChanged { now: seen });
                }
                remove_documents(&mut transaction, id, documents).await?;
                tell(&mut transaction, organisation).await?;
            }
            let kept = erase_row(&mut transaction, id, customer).await?;
            found.set(found.get() || kept);
            match (transaction.commit().await.map_err(fault), documents) {
                // Tried again where the commit got no answer, as in `erase`.
                (committed, []) => committed.map(Ok),
                // The catalogue may be another one by that, so it can't be.
                (committed, _) => Ok(committed),
            }
        });
        erased?.map(|()| found.get())
    }
}
