//! What is kept for each customer: hits by target, and the activities that the ledger
//! books at the end. Both go to a file where memory has no room for them.

mod activities;
mod hits;
mod spool;

pub(crate) use activities::{Activities, Waiting};
pub(crate) use hits::Hits;
pub(crate) use spool::BUCKETS;
