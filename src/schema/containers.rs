//! The keys of a document that hold several values: those of a profile, and
//! those of an entry of a list.

use super::model::ListName;

/// The key of a document for the extended fields of a profile or of an entry.
pub const EXTENDED_FIELDS: &str = "extendedFields";
/// The key of a document for the custom fields of a profile.
pub const CUSTOM_FIELDS: &str = "customFields";
/// The key of a document for the segments of a profile.
pub const SEGMENTS: &str = "clusters";
/// The key of a line item for its attributes.
pub const ATTRIBUTES: &str = "attributes";

/// All of a profile, which no attribute can be called.
pub(super) const OF_PROFILES: [&str; 5] =
    [ListName::LineItems.key(), ListName::Tenders.key(), CUSTOM_FIELDS, EXTENDED_FIELDS, SEGMENTS];

/// The prefix that names of extended fields have in a rule.
pub(crate) const EXTENDED: &str = "extField_";
