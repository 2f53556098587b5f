//! The one connection that writes. Batches that come while it waits for the disk
//! are written together, in one commit: they wait for the disk once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parking_lot::{FairMutex, FairMutexGuard};

use loyalty_targets::store::{CustomerRow, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::catalogue::still_at;
use crate::fault::{Result, fault, refused};

/// A row to be written, and the version that it had; `None` where there was none.
pub(crate) struct ChangedRow {
    pub(crate) row: CustomerRow,
    pub(crate) version: Option<i64>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Yes,
    /// Somebody else, in another process, has written one of the rows.
    Conflict,
    /// The catalogue by which it was booked is not the newest.
    OutOfDate {
        now: u64,
    },
}

struct Batch {
    organisation: i64,
    /// The change number of the catalogue by which it was booked.
    seen: u64,
    rows: Vec<ChangedRow>,
    answer: Arc<Answer>,
}

type Answer = Mutex<Option<Result<Written>>>;

pub(crate) struct Writer {
    /// Whoever waits longest has it next, a change of the catalogue like a batch.
    connection: FairMutex<Connection>,
    waiting: Mutex<Vec<Batch>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whoever panicked has rolled back, and left an answer or none.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    pub(crate) fn new(connection: Connection) -> Writer {
        Writer { connection: FairMutex::new(connection), waiting: Mutex::default() }
    }

    pub(crate) fn connection(&self) -> FairMutexGuard<'_, Connection> {
        self.connection.lock()
    }

    /// Writes the rows of a batch, all of them or none, and waits until they are
    /// on the disk.
    pub(crate) fn write(&self, organisation: i64, seen: u64, rows: Vec<ChangedRow>) -> Result<Written> {
        let answer = Arc::new(Answer::default());
        locked(&self.waiting).push(Batch { organisation, seen, rows, answer: answer.clone() });
        let mut connection = self.connection();
        // Whoever had the connection before may have written this batch too.
        if let Some(written) = locked(&answer).take() {
            return written;
        }
        let batches = std::mem::take(&mut *locked(&self.waiting));
        commit(&mut connection, batches);
        drop(connection);
        let written = locked(&answer).take();
        written.unwrap_or_else(|| Err(refused("a batch was written without an answer")))
    }
}

/// Writes batches in one commit, and answers each.
fn commit(connection: &mut Connection, batches: Vec<Batch>) {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let done = begun.map_err(fault).and_then(|mut transaction| {
        let mut written = Vec::new();
        for batch in &batches {
            let done = write_batch(&mut transaction, batch);
            match done {
                // SQLite has rolled back all of it, or it is the file that fails.
                Err(error) if transaction.is_autocommit() || error.may_pass() => return Err(error),
                // What is wrong with one batch is told to that one.
                done => written.push(done),
            }
        }
        transaction.commit().map_err(fault)?;
        Ok(written)
    });
    match done {
        Ok(written) => {
            for (batch, written) in batches.iter().zip(written) {
                *locked(&batch.answer) = Some(written);
            }
        }
        Err(error) => {
            for batch in &batches {
                *locked(&batch.answer) = Some(Err(again(&error)));
            }
        }
    }
}

/// The same error for each of several batches.
fn again(error: &StoreError) -> StoreError {
    StoreError::Database { what: error.to_string(), may_pass: error.may_pass() }
}

fn write_batch(transaction: &mut Transaction<'_>, batch: &Batch) -> Result<Written> {
    match still_at(transaction, batch.organisation, batch.seen) {
        Err(StoreError::CatalogueChanged { now }) => return Ok(Written::OutOfDate { now }),
        other => other?,
    };
    // One batch that fails, or meets another process' change, keeps no other from its commit.
    let savepoint = transaction.savepoint().map_err(fault)?;
    let written = write_rows(&savepoint, batch.organisation, &batch.rows)?;
    if written == Written::Yes {
        savepoint.commit().map_err(fault)?;
    }
    // Dropped, it is rolled back.
    Ok(written)
}

/// Writes rows within a transaction, which is to be rolled back where one of them
/// was written by somebody else.
pub(crate) fn write_rows(connection: &Connection, organisation: i64, rows: &[ChangedRow]) -> Result<Written> {
    for ChangedRow { row, version } in rows {
        let customer = row.customer();
        let changed = match version {
            Some(version) => {
                let update = "UPDATE customer SET version = version + 1, enrolments = ?4, booked = ?5
                    WHERE organisation = ?1 AND customer = ?2 AND version = ?3";
                let mut update = connection.prepare_cached(update).map_err(fault)?;
                update.execute(params![organisation, customer, version, row.enrolments(), row.booked()])
            }
            None => {
                // Whoever was erased and comes again has another version than before,
                // which a process may still hold.
                let insert = "INSERT INTO customer (organisation, customer, version, enrolments, booked)
                    VALUES (?1, ?2, random() & 0xffffffffffff, ?3, ?4) ON CONFLICT DO NOTHING";
                let mut insert = connection.prepare_cached(insert).map_err(fault)?;
                insert.execute(params![organisation, customer, row.enrolments(), row.booked()])
            }
        };
        if changed.map_err(fault)? == 0 {
            return Ok(Written::Conflict);
        }
        write_targets(connection, organisation, row)?;
    }
    Ok(Written::Yes)
}

/// By which targets the customer is found.
fn write_targets(connection: &Connection, organisation: i64, row: &CustomerRow) -> Result<()> {
    let change = row.targets_changed();
    for target in &change.gone {
        let delete = "DELETE FROM enrolled WHERE organisation = ?1 AND target = ?2 AND customer = ?3";
        let mut delete = connection.prepare_cached(delete).map_err(fault)?;
        delete.execute(params![organisation, target, row.customer()]).map_err(fault)?;
    }
    for target in &change.new {
        let insert = "INSERT INTO enrolled (organisation, target, customer) VALUES (?1, ?2, ?3)
            ON CONFLICT DO NOTHING";
        let mut insert = connection.prepare_cached(insert).map_err(fault)?;
        insert.execute(params![organisation, target, row.customer()]).map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use loyalty_targets::store::Roster;
    use target_rules::Zone;

    use crate::connection::open;
    use crate::migrations::{MIGRATIONS, migrate};

    use super::*;

    #[test]
    fn what_is_wrong_with_one_batch_is_told_to_that_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = open(&folder.path().join("targets.sqlite")).unwrap();
        migrate(&mut connection, &MIGRATIONS).unwrap();
        let prepare = "INSERT INTO organisation (name, zone) VALUES ('shop', 'UTC');
            CREATE TEMP TRIGGER refuses AFTER INSERT ON enrolled WHEN new.customer = 2
            BEGIN SELECT RAISE(ABORT, 'no room for her'); END;";
        connection.execute_batch(prepare).unwrap();
        let roster = Roster::new(Vec::new(), Zone::UTC).unwrap();
        let kept = r#"{"version":1,"enrolments":[{"targetId":50,"method":"IMPORT"}]}"#;
        let batch = |customer: i64| {
            let mut row = CustomerRow::stored(customer, String::new(), String::new());
            row.keep(&roster.open(customer, kept, "").unwrap());
            let rows = vec![ChangedRow { row, version: None }];
            Batch { organisation: 1, seen: 0, rows, answer: Arc::default() }
        };
        let batches: Vec<Batch> = [1, 2, 3].map(batch).into();
        let answers: Vec<_> = batches.iter().map(|batch| batch.answer.clone()).collect();
        commit(&mut connection, batches);
        let told: Vec<_> = answers.iter().map(|answer| locked(answer).take().unwrap()).collect();
        assert!(matches!(told[..], [Ok(Written::Yes), Err(_), Ok(Written::Yes)]), "{told:?}");
        assert!(told[1].as_ref().unwrap_err().to_string().contains("no room for her"), "{told:?}");
        let mut select = connection.prepare("SELECT customer FROM customer ORDER BY customer").unwrap();
        let rows: Vec<i64> =
            select.query_map([], |row| row.get(0)).unwrap().map(|row| row.unwrap()).collect();
        assert_eq!(rows, [1, 3], "nothing of hers is kept");
    }
}
