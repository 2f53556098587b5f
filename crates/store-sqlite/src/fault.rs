//! What SQLite says, as stores say it.

use loyalty_targets::store::StoreError;
use rusqlite::ErrorCode;

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// What the database says. That it is busy, or its disk full, may pass.
#[expect(clippy::needless_pass_by_value, reason = "what an error is mapped by takes it")]
pub(crate) fn fault(error: rusqlite::Error) -> StoreError {
    let code = error.sqlite_error_code();
    let may_pass =
        matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull));
    StoreError::Database { what: error.to_string(), may_pass }
}

/// Something of the database is not as it should be.
pub(crate) fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Database { what: what.into(), may_pass: false }
}

/// A number that SQLite keeps, which has signed numbers only.
pub(crate) fn unsigned(kept: i64) -> Result<u64> {
    u64::try_from(kept).map_err(|_| refused(format!("the change number {kept} is below zero")))
}
