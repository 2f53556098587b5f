//! Why a store cannot do what it is asked.

use crate::ledger::RecordFault;

/// Why a store cannot do what it is asked. Nothing is written then.
///
/// ```
/// use loyalty_targets::store::{MemoryStore, Store, StoreError};
/// let refused = MemoryStore::default().change_number("shoes").unwrap_err();
/// assert!(matches!(refused, StoreError::NoOrganisation { .. }));
/// assert_eq!(refused.to_string(), "there is no organisation `shoes`");
/// assert!(!refused.may_pass());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such organisation.
    NoOrganisation {
        /// Its name.
        organisation: String,
    },
    /// The organisation is there, in another zone: what is booked is booked by
    /// the days of that.
    OtherZone {
        /// Its name.
        organisation: String,
        /// Its zone.
        zone: String,
    },
    /// The catalogue has changed since it was looked at: read it, and put the
    /// change that was checked by it, or book, once more.
    CatalogueChanged {
        /// Its change number now.
        now: u64,
    },
    /// What is kept of a customer cannot be read.
    Damaged {
        /// The customer.
        customer: i64,
        /// What is wrong.
        why: RecordFault,
    },
    /// The database was written by a newer version of this program.
    Newer {
        /// The version of its tables.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// The database refuses, or is not there.
    Database {
        /// What it says.
        what: String,
        /// Whether the same may do later: it was busy, out of reach, or started anew.
        may_pass: bool,
    },
}

impl StoreError {
    /// Whether the same may do later: the database was busy, out of reach or
    /// started anew. Whatever was asked is not written, unless the connection
    /// broke while it was committed; activities are counted once, so that a
    /// batch can be sent again.
    pub fn may_pass(&self) -> bool {
        matches!(self, StoreError::Database { may_pass: true, .. })
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::NoOrganisation { organisation } => {
                write!(to, "there is no organisation `{organisation}`")
            }
            StoreError::OtherZone { organisation, zone } => {
                write!(to, "the organisation `{organisation}` is there, in the zone `{zone}`")
            }
            StoreError::CatalogueChanged { now } => {
                write!(to, "the catalogue has changed since it was read: its change number is {now}")
            }
            StoreError::Damaged { customer, why } => {
                write!(to, "what is kept of customer {customer} cannot be read: {why}")
            }
            StoreError::Newer { found, known } => {
                write!(to, "the database is of version {found}, newer than {known}, which is known here")
            }
            StoreError::Database { what, .. } => write!(to, "the database: {what}"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Damaged { why, .. } => Some(why),
            _ => None,
        }
    }
}
