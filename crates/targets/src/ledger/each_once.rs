//! Lists and objects of a state in which nothing stands twice. A set or a map
//! by itself would take the last and say nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// An object in which no key stands twice.
pub(super) fn keys_once<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    deserializer.deserialize_map(Keys(PhantomData))
}

/// A list in which no text stands twice.
pub(super) fn texts_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    deserializer.deserialize_seq(Texts)
}

const TWICE: &str = "the same stands twice";

struct Keys<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Keys<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<BTreeMap<K, V>, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((key, value)) = members.next_entry()? {
            if read.insert(key, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(read)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = BTreeSet<String>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<BTreeSet<String>, A::Error> {
        let mut read = BTreeSet::new();
        while let Some(text) = entries.next_element()? {
            if !read.insert(text) {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(read)
    }
}
