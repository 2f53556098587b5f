//! From counts to the report: customers bucket by bucket, the ledger customer by customer,
//! lines of splits as lines of files, and everything in order.

mod comparison;
mod customers;
mod ledger;
mod places;
mod report;
mod told;

pub use told::Finished;
pub(crate) use told::Counted;
