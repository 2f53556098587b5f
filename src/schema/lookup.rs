//! Names as people spell them: exactly, in a listed variant, or in other case.

use std::collections::BTreeMap;

use super::{Attribute, Method, Profile};

/// A thing with listed variants of its name.
pub(crate) trait Listed {
    fn variants(&self) -> &[String];
}

impl Listed for Profile {
    fn variants(&self) -> &[String] {
        &self.variants
    }
}

impl Listed for Attribute {
    fn variants(&self) -> &[String] {
        &self.variants
    }
}

impl Listed for Method {
    fn variants(&self) -> &[String] {
        &self.variants
    }
}

/// What a name was found to be.
pub(crate) enum Found<'s, T> {
    /// Spelled as listed.
    Exact(&'s str, &'s T),
    /// A variant, or other case.
    Respelled(&'s str, &'s T),
    /// Several names fit.
    Ambiguous(Vec<&'s str>),
    Unknown,
}

/// Looks a name up exactly, else among the variants, else without regard to case.
pub(crate) fn find<'s, T: Listed>(listed: &'s BTreeMap<String, T>, name: &str) -> Found<'s, T> {
    if let Some((name, found)) = listed.get_key_value(name) {
        return Found::Exact(name, found);
    }
    let pick = |matching: Vec<(&'s String, &'s T)>| match matching.as_slice() {
        [] => None,
        [(name, found)] => Some(Found::Respelled(name.as_str(), *found)),
        several => Some(Found::Ambiguous(several.iter().map(|(name, _)| name.as_str()).collect())),
    };
    let variants = listed.iter().filter(|(_, entry)| entry.variants().iter().any(|variant| variant == name));
    if let Some(found) = pick(variants.collect()) {
        return found;
    }
    let any_case = listed.iter().filter(|(listed_name, entry)| {
        listed_name.eq_ignore_ascii_case(name)
            || entry.variants().iter().any(|variant| variant.eq_ignore_ascii_case(name))
    });
    pick(any_case.collect()).unwrap_or(Found::Unknown)
}

/// The candidate that a misspelled name most likely means, if one is close.
/// The first thousand candidates are compared.
///
/// ```
/// use target_rules::schema::closest;
/// assert_eq!(closest("Glod", ["Silver", "Gold"]), Some("Gold"));
/// assert_eq!(closest("Bronze", ["Silver", "Gold"]), None);
/// ```
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = name.chars().count();
    if length > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    // A third of the letters may be wrong, but never more than three.
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .take(MOST)
        // Most are told apart by their length.
        .filter(|candidate| candidate.chars().take(LONGEST + 1).count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// So many candidates are compared: an organisation may know a hundred thousand
/// values, and a rule may name ten thousand that are none of them.
const MOST: usize = 1000;

/// Nobody misspells a name of more characters; to compare such texts letter by
/// letter would take long.
const LONGEST: usize = 100;
