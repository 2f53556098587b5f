//! Connections, each set so that what is committed has reached the disk, and the
//! runtime that they run on.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::runtime::{EnterGuard, Runtime};

use crate::fault::{Result, fault, refused};
use crate::migrations::migrate;

/// How long is waited for a connection while all of them are in use.
const ACQUIRE: Duration = Duration::from_secs(10);

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
}

/// What all handles share.
pub(crate) struct Shared {
    pub(crate) pool: PgPool,
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
}

impl Shared {
    pub(crate) fn connect(url: &str, connections: u32) -> Result<Shared> {
        let options = PgConnectOptions::from_str(url).map_err(fault)?;
        let options = options.application_name("target-rules");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("target-rules-postgres")
            .enable_all()
            .build()
            .map_err(|error| refused(format!("there is no thread for connections: {error}")))?;
        let pool = runtime.block_on(async {
            let pool = PgPoolOptions::new()
                .max_connections(connections.max(2))
                .acquire_timeout(ACQUIRE)
                // Whoever meets a broken connection takes another one.
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        let lasting = "SELECT set_config('synchronous_commit', 'on', false)
                            WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')";
                        sqlx::query(lasting).execute(&mut *connection).await.map(drop)
                    })
                })
                .connect_with(options)
                .await
                .map_err(fault)?;
            migrate(&pool).await?;
            Ok(pool)
        })?;
        Ok(Shared { pool, runtime: Some(runtime) })
    }

    /// Runs what talks to the database to its end.
    pub(crate) fn run<T>(&self, what: impl Future<Output = Result<T>>) -> Result<T> {
        let runtime = self.runtime.as_ref().ok_or_else(|| refused("there is no thread for connections"))?;
        runtime.block_on(what)
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

pub(crate) async fn settings(pool: &PgPool) -> Result<Settings> {
    let select = "SELECT current_setting('synchronous_commit'), current_setting('fsync')";
    let (synchronous_commit, fsync) = sqlx::query_as(select).fetch_one(pool).await.map_err(fault)?;
    Ok(Settings { synchronous_commit, fsync })
}

/// Whether what is committed stays.
pub(crate) async fn check(pool: &PgPool) -> Result<()> {
    let now = settings(pool).await?;
    if now.fsync != "on" || !["on", "remote_apply"].contains(&now.synchronous_commit.as_str()) {
        return Err(refused(format!("the server is not set to keep what is committed: {now:?}")));
    }
    Ok(())
}
