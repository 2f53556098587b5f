//! The names of a schema that keys of documents are compared with, gathered
//! once for all documents.

use std::collections::{BTreeMap, HashSet};

use crate::schema::{EXTENDED, Profile, Schema};

/// Names by profile, and those of the attributes of items.
#[derive(Debug, Default)]
pub(super) struct Known {
    profiles: BTreeMap<String, Names>,
    pub(super) item_attributes: Vec<String>,
    /// The same in lower case: an attribute of an item counts in any case.
    item_attributes_lower: HashSet<String>,
}

/// The names of a profile.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Of its attributes that stand in it.
    pub(super) own: Vec<String>,
    /// Of its extended fields, without the prefix.
    pub(super) extended: Vec<String>,
    /// Of the methods that a document answers.
    pub(super) answers: Vec<String>,
}

impl Known {
    pub(super) fn of(schema: &Schema) -> Known {
        let item_attributes: Vec<String> =
            schema.item_attributes().map(|one| one.name().to_owned()).collect();
        Known {
            profiles: schema.profiles().map(|one| (one.name().to_owned(), Names::of(one))).collect(),
            item_attributes_lower: item_attributes.iter().map(|name| name.to_ascii_lowercase()).collect(),
            item_attributes,
        }
    }

    pub(super) fn names(&self, profile: Profile<'_>) -> Option<&Names> {
        self.profiles.get(profile.name())
    }

    pub(super) fn has_item_attribute(&self, name: &str) -> bool {
        self.item_attributes_lower.contains(&name.to_ascii_lowercase())
    }
}

impl Names {
    fn of(profile: Profile<'_>) -> Names {
        let mut names = Names::default();
        for attribute in profile.attributes() {
            match attribute.name().strip_prefix(EXTENDED) {
                Some(field) => names.extended.push(field.to_owned()),
                None => names.own.push(attribute.name().to_owned()),
            }
        }
        let answers = profile.methods().filter(|method| method.is_answered_by_document());
        names.answers = answers.map(|method| method.name().to_owned()).collect();
        names
    }
}
