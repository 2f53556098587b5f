//! What every store is held to: [`laws`], what the interface says, and
//! [`ledgers`], that customers in a store come to what they come to in memory; [`older`], what is in databases of older
//! versions; and [`load`], how fast they are.

mod changes;
pub mod laws;
pub mod ledgers;
pub mod load;
pub mod older;
mod shop;
