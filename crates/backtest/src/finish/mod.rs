//! From counts to the report: customers bucket by bucket, the ledger customer by customer,
//! lines of splits as lines of files, and everything in order.

mod buckets;
mod comparison;
mod customers;
mod ledger;
mod partial;
mod places;
mod report;
mod told;

pub use partial::Partial;
pub use told::Finished;
