//! Who may ask: users with their organisations and roles, and how they prove it.

mod credentials;
mod password;
mod random;
mod role;
mod verifier;

pub(crate) use credentials::{Credentials, StoredUser};
pub(crate) use password::{generate, hash};
pub(crate) use random::bytes;
pub(crate) use role::Role;
pub(crate) use verifier::{Caller, Verifier};
