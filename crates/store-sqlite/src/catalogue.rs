//! The change number of a catalogue: by which of them something was checked or
//! booked.

use loyalty_targets::store::StoreError;
use rusqlite::{Connection, params};

use crate::fault::{Result, fault, unsigned};

/// The change number of an organisation's catalogue, as it is kept.
pub(crate) fn change_of(connection: &Connection, organisation: i64) -> Result<i64> {
    let select = "SELECT change FROM organisation WHERE id = ?1";
    let mut select = connection.prepare_cached(select).map_err(fault)?;
    select.query_row(params![organisation], |row| row.get(0)).map_err(fault)
}

/// The same where it is still the one that was seen; what was done by another one
/// is done once more.
pub(crate) fn still_at(connection: &Connection, organisation: i64, seen: u64) -> Result<i64> {
    let kept = change_of(connection, organisation)?;
    let now = unsigned(kept)?;
    if now == seen { Ok(kept) } else { Err(StoreError::CatalogueChanged { now }) }
}
