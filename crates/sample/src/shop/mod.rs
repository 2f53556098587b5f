//! Who sells what to whom.

mod articles;
mod people;
mod stores;

pub(crate) use articles::{Article, Articles};
pub(crate) use people::{Household, Person, household};
pub(crate) use stores::{Store, Stores};
