//! The change number of a catalogue: by which of them something was checked or
//! booked; and the documents that make the next one.

use loyalty_targets::store::{Document, DocumentKind, StoreError};
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

/// Puts documents; the change number of the catalogue with them.
pub(crate) fn put_documents(
    transaction: &Connection,
    organisation: i64,
    seen: u64,
    documents: &[Document],
) -> Result<u64> {
    let next = still_at(transaction, organisation, seen)?.saturating_add(1);
    let insert = "INSERT INTO document (organisation, kind, id, in_group, version, text)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET in_group = ?4, version = ?5, text = ?6";
    let mut insert = transaction.prepare_cached(insert).map_err(fault)?;
    for one in documents {
        let row = params![organisation, one.kind().word(), one.id(), one.group(), next, one.text()];
        insert.execute(row).map_err(fault)?;
    }
    let highest = documents.iter().map(Document::id).max().unwrap_or_default();
    let update = "UPDATE organisation SET change = ?2, last_id = max(last_id, ?3) WHERE id = ?1";
    transaction.execute(update, params![organisation, next, highest]).map_err(fault)?;
    unsigned(next)
}

/// Takes documents out; the change number of the catalogue without them.
pub(crate) fn remove_documents(
    transaction: &Connection,
    organisation: i64,
    seen: u64,
    documents: &[(DocumentKind, i64)],
) -> Result<u64> {
    let next = still_at(transaction, organisation, seen)?.saturating_add(1);
    let delete = "DELETE FROM document WHERE organisation = ?1 AND kind = ?2 AND id = ?3";
    let mut delete = transaction.prepare_cached(delete).map_err(fault)?;
    for (kind, document) in documents {
        delete.execute(params![organisation, kind.word(), document]).map_err(fault)?;
    }
    let update = "UPDATE organisation SET change = ?2 WHERE id = ?1";
    transaction.execute(update, params![organisation, next]).map_err(fault)?;
    unsigned(next)
}
