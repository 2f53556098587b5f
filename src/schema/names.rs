//! Entries by name, found in any case and by their variants.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

/// A schema entry with listed variants of its name.
pub(crate) trait Listed {
    fn variants(&self) -> &[String];
}

/// Entries of a schema by name.
///
/// A rule has thousands of names and a schema tens of thousands, so that those
/// that are not spelled as listed are looked up in a table. It is made when it is
/// first needed, and anew after a change.
#[derive(Debug)]
pub(crate) struct Names<T> {
    entries: BTreeMap<String, T>,
    /// Boxed, for most profiles of a large schema are never asked.
    spellings: OnceLock<Box<Spellings>>,
}

/// All ways to write names, by what they are in lower case.
#[derive(Debug, Default)]
struct Spellings(HashMap<String, Vec<Spelling>>);

/// A way to write a name.
#[derive(Debug)]
pub(super) struct Spelling {
    /// The name as it is listed.
    pub(super) name: String,
    /// The variant of it, where it is one.
    pub(super) variant: Option<String>,
}

impl<T: Listed> Names<T> {
    /// All ways to write a name that are the same but for case, in the order of
    /// the names.
    pub(super) fn in_any_case(&self, name: &str) -> &[Spelling] {
        let spellings = self.spellings.get_or_init(|| {
            let mut spellings = Spellings::default();
            for (name, entry) in &self.entries {
                let variants = entry.variants().iter().map(|variant| (variant, Some(variant.clone())));
                for (written, variant) in std::iter::once((name, None)).chain(variants) {
                    let spelling = Spelling { name: name.clone(), variant };
                    spellings.0.entry(written.to_ascii_lowercase()).or_default().push(spelling);
                }
            }
            Box::new(spellings)
        });
        spellings.0.get(&name.to_ascii_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<T> Names<T> {
    /// No names.
    pub(crate) const fn empty() -> Names<T> {
        Names { entries: BTreeMap::new(), spellings: OnceLock::new() }
    }
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names::empty()
    }
}

impl<T: Clone> Clone for Names<T> {
    fn clone(&self) -> Names<T> {
        Names { entries: self.entries.clone(), spellings: OnceLock::new() }
    }
}

impl<T: PartialEq> PartialEq for Names<T> {
    fn eq(&self, other: &Names<T>) -> bool {
        self.entries == other.entries
    }
}

impl<T: Serialize> Serialize for Names<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl<T> Deref for Names<T> {
    type Target = BTreeMap<String, T>;

    fn deref(&self) -> &BTreeMap<String, T> {
        &self.entries
    }
}

impl<T> DerefMut for Names<T> {
    fn deref_mut(&mut self) -> &mut BTreeMap<String, T> {
        self.spellings = OnceLock::new();
        &mut self.entries
    }
}

impl<'n, T> IntoIterator for &'n Names<T> {
    type Item = (&'n String, &'n T);
    type IntoIter = std::collections::btree_map::Iter<'n, String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}
