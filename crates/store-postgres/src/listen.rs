//! Changes of catalogues, told by `NOTIFY` and heard by `LISTEN`.

use std::time::{Duration, Instant};

use loyalty_targets::store::StoreError;
use sqlx::postgres::PgListener;
use sqlx::{Executor, Postgres, Transaction};

use crate::connection::Shared;
use crate::fault::{Result, fault};

/// Where changes of catalogues are told.
const CHANNEL: &str = "target_rules_catalogue";

/// How long it may be silent until it is asked whether anybody is there: a
/// connection that leads to nobody is as silent as one on which nothing happens.
const SILENT: Duration = Duration::from_secs(10);

/// How long the answer to that is waited for.
const ALIVE: Duration = Duration::from_secs(5);

/// What listening takes at most beside waiting: to connect, or to be asked.
pub(crate) const LISTENING: Duration = Duration::from_secs(15);

/// Somebody who listens.
pub(crate) struct Listening {
    listener: PgListener,
    /// When the server was heard of last.
    heard: Instant,
}

impl Listening {
    /// Listens from now on; what was told before is not told again.
    pub(crate) async fn begin(shared: &Shared) -> Result<Listening> {
        // By a connection of its own: where it leads to nobody, it takes none from those who book.
        let mut listener = PgListener::connect_with(&shared.apart().await?).await.map_err(fault)?;
        listener.listen(CHANNEL).await.map_err(fault)?;
        Ok(Listening { listener, heard: Instant::now() })
    }

    /// Waits until something is told, or the time is over; which of both.
    ///
    /// Fails where the connection leads to nobody.
    pub(crate) async fn wait(&mut self, most: Duration) -> Result<bool> {
        if let Ok(told) = tokio::time::timeout(most, self.listener.try_recv()).await {
            // Where the connection broke, it has been told of nothing.
            told.map_err(fault)?;
            // One look at the catalogues is enough for all of them.
            while self.listener.next_buffered().is_some() {}
            self.heard = Instant::now();
            return Ok(true);
        }
        if self.heard.elapsed() >= SILENT {
            let silent = |_| StoreError::Database {
                what: "the connection that tells of changes gives no answer; another one is made".to_owned(),
                may_pass: true,
            };
            let asked = tokio::time::timeout(ALIVE, self.listener.execute("SELECT 1"));
            asked.await.map_err(silent)?.map_err(fault)?;
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
