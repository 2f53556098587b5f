//! Who may ask: users with their organisations and roles, and how they prove it.

mod credentials;
mod password;
mod random;
mod verifier;

pub(crate) use credentials::{read_credentials, read_or_new, write_credentials};
pub(crate) use password::{generate, hash};
pub(crate) use random::bytes;
pub(crate) use verifier::{Caller, Verifier};
