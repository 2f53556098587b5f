//! The extended fields that profiles list, by what people vary in their names.

use std::collections::HashMap;

use crate::schema::model::Profile;

/// The extended fields that a profile lists with one prefix, by their plain
/// names: a rule has thousands of names, and a schema of fields.
pub(super) struct ListedFields {
    pub(super) by_plain_name: HashMap<String, String>,
    /// The first that comes each year.
    pub(super) each_year: Option<String>,
}

impl ListedFields {
    pub(super) fn of_each_prefix(profile: &Profile) -> Vec<ListedFields> {
        let prefixes = profile.fields.iter().map(|fields| fields.prefix.as_str());
        let of_prefix = |prefix: &str| {
            let mut fields = ListedFields { by_plain_name: HashMap::new(), each_year: None };
            for listed in profile.attributes.keys() {
                let Some(field) = listed.strip_prefix(prefix) else { continue };
                fields.by_plain_name.entry(plain(field)).or_insert_with(|| listed.clone());
                if fields.each_year.is_none() && comes_each_year(field) {
                    fields.each_year = Some(listed.clone());
                }
            }
            fields
        };
        prefixes.filter(|prefix| !prefix.is_empty()).map(of_prefix).collect()
    }
}

/// A name as the tables have it, without what people vary: case and `_`.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a name is one for a day that comes again each year, such as a birthday.
pub(super) fn comes_each_year(name: &str) -> bool {
    // Asked of every field that no schema lists, so nothing is copied.
    ["dob", "birth", "bday", "b_day", "anniversar", "wedding"].iter().any(|part| {
        name.as_bytes().windows(part.len()).any(|piece| piece.eq_ignore_ascii_case(part.as_bytes()))
    })
}
