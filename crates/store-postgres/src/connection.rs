//! Connections, each set so that what is committed has reached the disk, and the
//! runtime that they run on.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use loyalty_targets::store::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool};
use tokio::runtime::{EnterGuard, Runtime};

use crate::fault::{NO_CONNECTION, Result, fault, refused};
use crate::migrations::{MIGRATIONS, migrate};
use crate::reach::{place_of, reach};

/// How long is waited for a connection while all of them are in use.
const ACQUIRE: Duration = Duration::from_secs(10);

/// How long is waited to find out why there is none.
const REACH: Duration = Duration::from_secs(3);

/// How long something is done again that may pass.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long is waited before it is done again first; each of the next times
/// twice as long, up to a bound.
const PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// How a connection writes, as PostgreSQL says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `on`, or `remote_apply`, which waits for copies too.
    pub synchronous_commit: String,
    /// `on`: the server waits for its disk.
    pub fsync: String,
    /// How long a statement may take.
    pub statement_timeout: String,
    /// How long a statement waits for rows that somebody else has locked.
    pub lock_timeout: String,
    /// How long the server waits for an instance in the midst of a transaction.
    pub idle_in_transaction_session_timeout: String,
}

/// What the server is to wait for at most, each where neither it nor the URL says
/// something else: how long a statement may take, how long it waits for rows that
/// somebody else has locked, and how long the server waits for an instance in the
/// midst of a transaction, which has gone and holds rows; and in seconds, how soon
/// it asks a silent connection for life, how often, and how many times.
const SERVER_TIMES: [(&str, &str); 6] = [
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
];

/// How long an answer is waited for: longer than the server takes to refuse. A
/// connection that gives none leads to nobody, and there is nothing that the
/// system would say of it for a quarter of an hour.
const ANSWER: Duration = Duration::from_secs(45);

/// What all handles share.
pub(crate) struct Shared {
    /// The connections, and how often others were put in their place.
    pool: Mutex<(u64, PgPool)>,
    options: PgConnectOptions,
    connections: u32,
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
}

impl Shared {
    pub(crate) fn connect(url: &str, connections: u32) -> Result<Shared> {
        let connections = connections.max(2);
        let options = PgConnectOptions::from_str(url).map_err(fault)?;
        let options = options.application_name("target-rules");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("target-rules-postgres")
            .enable_all()
            .build()
            .map_err(|error| refused(format!("there is no thread for connections: {error}")))?;
        let pool = {
            let _inside = runtime.enter();
            pool_options(connections).connect_lazy_with(options.clone())
        };
        let shared = Shared { pool: Mutex::new((0, pool)), options, connections, runtime: Some(runtime) };
        // Before the pool, which only says that it has none. A server that starts is waited for.
        shared.ask(|| reach(&shared.options, ACQUIRE))?;
        // Migrations take as long as they take.
        shared.runtime()?.block_on(migrate(&shared.pool(), &MIGRATIONS))?;
        Ok(shared)
    }

    fn runtime(&self) -> Result<&Runtime> {
        self.runtime.as_ref().ok_or_else(|| refused("there is no thread for connections"))
    }

    /// How a connection is made.
    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Runs what has a connection and times of its own: those of others are kept
    /// whatever becomes of it.
    pub(crate) fn run_apart<T>(&self, what: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime()?.block_on(what)
    }

    /// The connections.
    pub(crate) fn pool(&self) -> PgPool {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Runs what talks to the database to its end, or for so long that nobody is
    /// there.
    pub(crate) fn run<T>(&self, what: impl Future<Output = Result<T>>) -> Result<T> {
        self.run_within(ANSWER, what)
    }

    /// The same for another time.
    fn run_within<T>(&self, most: Duration, what: impl Future<Output = Result<T>>) -> Result<T> {
        let runtime = self.runtime()?;
        let before = self.pool.lock().unwrap_or_else(PoisonError::into_inner).0;
        match runtime.block_on(async { tokio::time::timeout(most, what).await }) {
            Ok(Err(StoreError::Database { what, .. })) if what == NO_CONNECTION => {
                Err(runtime.block_on(self.why_none()))
            }
            Ok(done) => done,
            Err(_) => {
                let _inside = runtime.enter();
                self.leave(before);
                let what = format!("{} gave no answer for {} seconds", self.place(), most.as_secs());
                Err(StoreError::Database { what, may_pass: true })
            }
        }
    }

    fn place(&self) -> String {
        place_of(&self.options)
    }

    /// Why the pool has given none: the server is out of reach, or all are in use.
    async fn why_none(&self) -> StoreError {
        let Err(why) = reach(&self.options, REACH).await else {
            let (most, seconds) = (self.connections, ACQUIRE.as_secs());
            let what = format!(
                "{} answers, but none of {most} connections was free for {seconds} seconds; see what keeps it busy",
                self.place()
            );
            return StoreError::Database { what, may_pass: true };
        };
        why
    }

    /// Leaves connections that may lead to nobody: who comes next makes others.
    /// What still runs on them ends there.
    fn leave(&self, before: u64) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.0 == before {
            let other = pool_options(self.connections).connect_lazy_with(self.options.clone());
            *pool = (before.wrapping_add(1), other);
        }
    }

    /// Does what may be done again, until it does not fail for something that may
    /// pass, or for so long that nobody waits for it.
    pub(crate) fn patiently<T>(&self, mut what: impl FnMut() -> Result<T>) -> Result<T> {
        let (started, mut pause) = (Instant::now(), PAUSE);
        loop {
            match what() {
                Err(error) if error.may_pass() && started.elapsed() < PATIENCE => std::thread::sleep(pause),
                done => return done,
            }
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    /// Asks the database for something that changes nothing.
    pub(crate) fn ask<T, F: Future<Output = Result<T>>>(&self, what: impl Fn() -> F) -> Result<T> {
        self.patiently(|| self.run(what()))
    }

    /// Makes this thread one of the runtime's until the guard is dropped:
    /// connections go back to their pool by it.
    pub(crate) fn enter(&self) -> Option<EnterGuard<'_>> {
        self.runtime.as_ref().map(Runtime::enter)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // It may be dropped where nothing may block.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A pool of one connection, which is made now, apart from all others.
pub(crate) async fn apart(options: PgConnectOptions) -> Result<PgPool> {
    pool_options(1).connect_with(options).await.map_err(fault)
}

fn pool_options(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        // It bounds how long it takes to connect, too.
        .acquire_timeout(ACQUIRE)
        // Whoever meets a broken connection takes another one.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
}

/// Sets a connection: what is committed waits for the disk, and nothing waits
/// without an end.
async fn set_up(connection: &mut PgConnection) -> std::result::Result<(), sqlx::Error> {
    let lasting = "SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')";
    sqlx::query(lasting).execute(&mut *connection).await?;
    let unset = "SELECT set_config(new.name, time, false)
        FROM unnest($1::text[], $2::text[]) AS new (name, time)
        JOIN pg_settings AS stated ON stated.name = new.name WHERE stated.source = 'default'";
    let (names, times): (Vec<&str>, Vec<&str>) = SERVER_TIMES.into_iter().unzip();
    sqlx::query(unset).bind(names).bind(times).execute(&mut *connection).await.map(drop)
}

pub(crate) async fn settings(pool: &PgPool) -> Result<Settings> {
    let select = "SELECT current_setting('synchronous_commit'), current_setting('fsync'),
        current_setting('statement_timeout'), current_setting('lock_timeout'),
        current_setting('idle_in_transaction_session_timeout')";
    let found = sqlx::query_as(select).fetch_one(pool).await.map_err(fault)?;
    let (synchronous_commit, fsync, statement_timeout, lock_timeout, idle_in_transaction_session_timeout) =
        found;
    Ok(Settings {
        synchronous_commit,
        fsync,
        statement_timeout,
        lock_timeout,
        idle_in_transaction_session_timeout,
    })
}

/// Whether what is committed stays.
pub(crate) async fn check(pool: &PgPool) -> Result<()> {
    let now = settings(pool).await?;
    if now.fsync != "on" || !["on", "remote_apply"].contains(&now.synchronous_commit.as_str()) {
        return Err(refused(format!("the server is not set to keep what is committed: {now:?}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use target_rules_testing::database::Database;

    use super::*;

    #[test]
    fn connections_that_give_no_answer_are_left() {
        let Some(server) = Database::start() else { return };
        let shared = Shared::connect(server.url(), 2).unwrap();
        let backend = |pool: PgPool| async move {
            let select = "SELECT pg_backend_pid()";
            sqlx::query_scalar::<_, i32>(select).fetch_one(&pool).await.map_err(fault)
        };
        let before = shared.run(async { backend(shared.pool()).await }).unwrap();
        let silent = async {
            let pool = shared.pool();
            sqlx::query("SELECT pg_sleep(30)").execute(&pool).await.map_err(fault)
        };
        let began = Instant::now();
        let refused = shared.run_within(Duration::from_millis(200), silent).unwrap_err();
        assert!(refused.may_pass() && refused.to_string().contains("no answer"), "{refused}");
        assert!(began.elapsed() < Duration::from_secs(10));
        // Others are made; and who comes late leaves none of these.
        let after = shared.run(async { backend(shared.pool()).await }).unwrap();
        assert_ne!(before, after);
        shared.leave(0);
        assert_eq!(shared.pool.lock().unwrap().0, 1);
    }
}
