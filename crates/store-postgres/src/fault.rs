//! What PostgreSQL says, as stores say it.

use loyalty_targets::store::StoreError;

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// What [`fault`] says where a pool has none. Why is found out by whoever has the
/// pool.
pub(crate) const NO_CONNECTION: &str = "there was no connection in time";

/// What the database says.
#[expect(clippy::needless_pass_by_value, reason = "what an error is mapped by takes it")]
pub(crate) fn fault(error: sqlx::Error) -> StoreError {
    let what = match &error {
        sqlx::Error::PoolTimedOut => NO_CONNECTION.to_owned(),
        other => other.to_string(),
    };
    StoreError::Database { may_pass: may_pass(&error), what }
}

/// Whether the same may do later: the server was out of reach, full, starting or
/// stopping, too slow, or is a copy that may not be written until it takes over.
pub(crate) fn may_pass(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Io, PoolTimedOut, Protocol, WorkerCrashed};
    let states = ["08", "25006", "25P03", "40", "53", "55P03", "57014", "57P"];
    match error {
        Io(_) | PoolTimedOut | WorkerCrashed | Protocol(_) => true,
        sqlx::Error::Database(said) => {
            said.code().is_some_and(|code| states.iter().any(|state| code.starts_with(state)))
        }
        _ => false,
    }
}

/// Something of the database is not as it should be.
pub(crate) fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Database { what: what.into(), may_pass: false }
}

/// A number that PostgreSQL keeps, which has signed numbers only.
pub(crate) fn unsigned(kept: i64) -> Result<u64> {
    u64::try_from(kept).map_err(|_| refused(format!("the change number {kept} is below zero")))
}
