//! Changes of catalogues, told by `NOTIFY` and heard by `LISTEN`.

use std::time::{Duration, Instant};

use loyalty_targets::store::StoreError;
use sqlx::postgres::{PgConnectOptions, PgListener};
use sqlx::{Executor, Postgres, Transaction};
use tokio::task::JoinHandle;

use crate::connection::{Shared, apart};
use crate::fault::{NO_CONNECTION, Result, fault, refused};
use crate::reach::reach;

/// Where changes of catalogues are told.
const CHANNEL: &str = "target_rules_catalogue";

/// How long it may be silent until it is asked whether anybody is there: a
/// connection that leads to nobody is as silent as one on which nothing happens.
const SILENT: Duration = Duration::from_secs(10);

/// How long somebody who waits for little waits all the same: to connect, or to be
/// asked. What takes longer goes on, and keeps nobody from looking by himself.
const AT_LEAST: Duration = Duration::from_secs(2);

/// How long it takes at most to begin.
const BEGINNING: Duration = Duration::from_secs(15);

/// Whoever listens, or is about to.
pub(crate) enum Listening {
    /// It connects, on a task of its own.
    Begins(JoinHandle<Result<Listener>>),
    /// It is connected.
    Listens(Listener),
}

/// Somebody who listens.
pub(crate) struct Listener {
    listener: PgListener,
    /// When the server was heard of last.
    heard: Instant,
}

impl Listening {
    /// Listens from now on; what was told before is not told again.
    pub(crate) fn begin(shared: &Shared) -> Listening {
        Listening::Begins(tokio::spawn(begin(shared.options().clone())))
    }

    /// Waits until something is told, or it listens first, or the time is over; which
    /// of both. Takes little longer than that, whatever the server does.
    ///
    /// Fails where there is no connection, and where it leads to nobody: then another
    /// one is to be made.
    pub(crate) async fn wait(mut self, most: Duration) -> Result<(bool, Listening)> {
        match &mut self {
            Listening::Begins(task) => match tokio::time::timeout(most.max(AT_LEAST), task).await {
                Ok(begun) => {
                    let begun = begun.map_err(|error| refused(format!("nobody listens: {error}")))?;
                    Ok((true, Listening::Listens(begun?)))
                }
                Err(_) => Ok((false, self)),
            },
            Listening::Listens(listener) => Ok((listener.wait(most).await?, self)),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Listening::Begins(task) = self {
            task.abort();
        }
    }
}

/// By a connection of its own: where it leads to nobody, it takes none from those who
/// book, and says nothing of theirs.
async fn begin(options: PgConnectOptions) -> Result<Listener> {
    let begun = tokio::time::timeout(BEGINNING, async {
        let mut listener = PgListener::connect_with(&apart(options.clone()).await?).await.map_err(fault)?;
        listener.listen(CHANNEL).await.map_err(fault)?;
        Ok(Listener { listener, heard: Instant::now() })
    });
    match begun.await {
        Ok(Err(StoreError::Database { what, .. })) if what == NO_CONNECTION => {
            reach(&options, AT_LEAST).await?;
            Err(silent("it gave no connection to hear of changes; see `max_connections` of the server"))
        }
        Ok(done) => done,
        Err(_) => Err(silent("the connection that is to tell of changes gives no answer")),
    }
}

fn silent(what: &str) -> StoreError {
    StoreError::Database { what: what.to_owned(), may_pass: true }
}

impl Listener {
    async fn wait(&mut self, most: Duration) -> Result<bool> {
        if let Ok(told) = tokio::time::timeout(most, self.listener.try_recv()).await {
            // Where the connection broke, it has been told of nothing.
            told.map_err(fault)?;
            // One look at the catalogues is enough for all of them.
            while self.listener.next_buffered().is_some() {}
            self.heard = Instant::now();
            return Ok(true);
        }
        if self.heard.elapsed() >= SILENT {
            let asked = tokio::time::timeout(AT_LEAST, self.listener.execute("SELECT 1")).await;
            let none =
                |_| silent("the connection that tells of changes gives no answer; another one is made");
            asked.map_err(none)?.map_err(fault)?;
            self.heard = Instant::now();
        }
        Ok(false)
    }
}

/// Tells all instances of a change, once it is committed.
pub(crate) async fn tell(transaction: &mut Transaction<'static, Postgres>, organisation: &str) -> Result<()> {
    let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(organisation);
    notify.execute(&mut **transaction).await.map_err(fault).map(drop)
}
