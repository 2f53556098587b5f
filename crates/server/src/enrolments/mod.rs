//! Who takes part in what: enrolled targets, enrolments one by one and in bulk,
//! and what is kept of a customer.

mod bulk;
mod customers;
mod enrolled_targets;
mod single;

pub(crate) use bulk::{__path_enrol_many, enrol_many};
pub(crate) use customers::{
    __path_customers, __path_customers_of_target, __path_erase, __path_export, customers,
    customers_of_target, erase, export,
};
pub(crate) use enrolled_targets::{__path_enrolled_targets, enrolled_targets};
pub(crate) use single::{__path_enrol, __path_enrolments, __path_withdraw, enrol, enrolments, withdraw};
