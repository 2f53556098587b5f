//! The keys of a document that hold several values: those of a profile, and
//! those of an entry of a list.

use super::model::ListName;

/// The extended fields of a profile or of an entry.
pub(crate) const EXTENDED_FIELDS: &str = "extendedFields";
/// The custom fields of a profile.
pub(crate) const CUSTOM_FIELDS: &str = "customFields";
/// The segments of a profile.
pub(crate) const SEGMENTS: &str = "clusters";
/// The attributes of a line item.
pub(crate) const ATTRIBUTES: &str = "attributes";

/// All of a profile, which no attribute can be called.
pub(super) const OF_PROFILES: [&str; 5] =
    [ListName::LineItems.key(), ListName::Tenders.key(), CUSTOM_FIELDS, EXTENDED_FIELDS, SEGMENTS];

/// The prefix that names of extended fields have in a rule.
pub(crate) const EXTENDED: &str = "extField_";
