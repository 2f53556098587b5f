//! Profiles and their attributes, as a rule names them.

use std::sync::Arc;

use crate::schema::{Computed, ListName};

use super::read::Read;

/// The profile that line items and tenders belong to.
pub(crate) const TRANSACTION: &str = "currentTxn";

/// A profile as a rule names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProfileName {
    pub(crate) name: String,
    /// Its type in a tree.
    pub(crate) tag: String,
    /// The profile that its values are read from: itself, or the one of which
    /// it is another name.
    pub(crate) section: Arc<str>,
    /// Every key that they stand under in a document.
    pub(crate) keys: Vec<Arc<str>>,
    /// The list whose entries it stands for, one by one.
    pub(crate) list: Option<ListName>,
}

impl ProfileName {
    /// The section whose line items are meant by what is asked of it.
    pub(crate) fn list_section(&self) -> Arc<str> {
        if self.list.is_some() { TRANSACTION.into() } else { self.section.clone() }
    }
}

/// An attribute as a rule names it. A rule has it once, however often it
/// names it: chains of many stores do nothing else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) name: String,
    pub(crate) computed: Option<Computed>,
    pub(crate) read: Read,
}
