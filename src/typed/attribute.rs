//! Profiles and their attributes, as a rule names them.

use std::sync::Arc;

use crate::schema::{Computed, ListName};

use super::read::Read;

/// The profile that has the line items and tenders.
pub(crate) const TRANSACTION: &str = "currentTxn";

/// A profile as a rule names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProfileName {
    pub(crate) name: String,
    /// The type that its name has in an expression tree.
    pub(crate) tag: String,
    /// The profile that its values are read from: itself, or the profile of
    /// which it is an alias.
    pub(crate) section: Arc<str>,
    /// Every key under which a document may hold the profile.
    pub(crate) keys: Vec<Arc<str>>,
    /// The list of which it is the current entry, as `currentLineItem` is.
    pub(crate) list: Option<ListName>,
}

impl ProfileName {
    /// The section whose line items are meant where a method of this profile
    /// asks about items.
    pub(crate) fn list_section(&self) -> Arc<str> {
        if self.list.is_some() { TRANSACTION.into() } else { self.section.clone() }
    }
}

/// An attribute as a rule names it. A rule has one shared value for each,
/// however often it names it: long chains of store codes name the same
/// attribute again and again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) name: String,
    pub(crate) computed: Option<Computed>,
    /// What its numbers count, in a few words; empty where the schema says
    /// nothing.
    pub(crate) unit: String,
    pub(crate) read: Read,
    /// Where the same computed number may be stated under another name of the
    /// profile, as `grossAmount` is `basketAmountSumNonDiscounted`.
    pub(crate) equal: Option<Read>,
}
