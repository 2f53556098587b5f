//! What a user may do; the platform calls these access groups.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What a user may do, each role also what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Ask: targets, progress, decisions without booking.
    Read,
    /// Book transactions, enrol and withdraw customers.
    Write,
    /// Change groups and targets; erase and export customers.
    Admin,
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Role::Read => "read",
            Role::Write => "write",
            Role::Admin => "admin",
        })
    }
}
