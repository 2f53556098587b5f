//! Rows whose columns are named as rules name what is in them.

use std::collections::BTreeMap;

/// Which column is which attribute of which profile.
#[derive(Debug, Default)]
pub(super) struct PlainColumns {
    /// By profile, then by attribute or by one of the objects below it.
    profiles: BTreeMap<String, Vec<Column>>,
}

#[derive(Debug)]
struct Column {
    at: usize,
    /// The keys from the profile on.
    path: Vec<String>,
}

/// A column stands at most so deep.
const DEEPEST: usize = 3;
/// How rules call values of an organisation, and where documents have them.
const EXTENDED: &str = "extField_";
const EXTENDED_FIELDS: &str = "extendedFields";

impl PlainColumns {
    pub(super) fn of(names: &[&str]) -> Result<PlainColumns, String> {
        let mut columns = PlainColumns::default();
        let mut seen = std::collections::BTreeSet::new();
        for (at, name) in names.iter().enumerate() {
            let name = name.trim();
            if !seen.insert(name) {
                return Err(format!("two columns have the name `{name}`"));
            }
            let mut path: Vec<String> = name.split('.').map(str::to_owned).collect();
            if path.len() < 2 || path.len() > DEEPEST {
                return Err(format!(
                    "the column `{name}` is not named as rules name what is in it, such as `currentTxn.value`; other names need a mapping"
                ));
            }
            let profile = path.remove(0);
            if let [field] = path.as_slice()
                && let Some(field) = field.strip_prefix(EXTENDED)
            {
                path = vec![EXTENDED_FIELDS.to_owned(), field.to_owned()];
            }
            columns.profiles.entry(profile).or_default().push(Column { at, path });
        }
        for of_profile in columns.profiles.values_mut() {
            of_profile.sort_by(|one, other| one.path.cmp(&other.path));
        }
        Ok(columns)
    }

    /// A row as a document: every cell is text there, which is read as a number or a date
    /// where one is wanted.
    pub(super) fn document(&self, cells: &[&[u8]]) -> String {
        let mut profiles = serde_json::Map::new();
        for (profile, columns) in &self.profiles {
            let mut members = serde_json::Map::new();
            for Column { at, path } in columns {
                let cell = cells.get(*at).copied().unwrap_or_default();
                if cell.is_empty() {
                    continue;
                }
                let value = serde_json::Value::from(String::from_utf8_lossy(cell));
                match path.as_slice() {
                    [key] => drop(members.insert(key.clone(), value)),
                    [outer, key] => {
                        let object =
                            members.entry(outer.clone()).or_insert_with(|| serde_json::Map::new().into());
                        if let Some(object) = object.as_object_mut() {
                            object.insert(key.clone(), value);
                        }
                    }
                    _ => {}
                }
            }
            if !members.is_empty() {
                profiles.insert(profile.clone(), members.into());
            }
        }
        serde_json::Value::Object(profiles).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_document() {
        let names = [
            "currentTxn.value",
            "currentCustomer.id",
            "currentTxn.extField_fee",
            "currentCustomer.customFields.city",
        ];
        let columns = PlainColumns::of(&names);
        let document = columns.map(|columns| columns.document(&[b"730.50", b"", b"3", b"Pune"]));
        let expected = r#"{"currentCustomer":{"customFields":{"city":"Pune"}},"currentTxn":{"extendedFields":{"fee":"3"},"value":"730.50"}}"#;
        assert_eq!(document.as_deref(), Ok(expected));
        assert!(PlainColumns::of(&["value"]).is_err() && PlainColumns::of(&["a.b", "a.b"]).is_err());
    }
}
