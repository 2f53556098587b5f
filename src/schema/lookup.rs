//! Look-up of names: exact, by a listed variant, or regardless of case.

use std::sync::Arc;

use super::model::{Attribute, Computed, Definitions, Fields, KnownValues, Method, Profile};
use super::names::{Listed, Names};
use super::near::nearest_within;

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

impl<T: Listed> Listed for Arc<T> {
    fn variants(&self) -> &[String] {
        T::variants(self)
    }
}

/// Attributes of line items have no variants.
impl Listed for KnownValues {
    fn variants(&self) -> &[String] {
        &[]
    }
}

impl Listed for Method {
    fn variants(&self) -> &[String] {
        &self.variants
    }
}

/// The result of looking up a name.
pub(crate) enum NameMatch<'s, T> {
    /// Spelled as listed.
    Exact(&'s str, &'s T),
    /// Spelled as a variant, or in another case.
    Respelled(&'s str, &'s T),
    /// Several names match.
    Ambiguous(Vec<&'s str>),
    Unknown,
}

/// Looks for the exact name, then among the variants, then regardless of case.
///
/// Cost does not depend on how many names are listed.
pub(crate) fn find<'s, T: Listed>(listed: &'s Names<T>, name: &str) -> NameMatch<'s, T> {
    if let Some((name, found)) = listed.get_key_value(name) {
        return NameMatch::Exact(name, found);
    }
    // A variant also matches regardless of case.
    let mut variants: Vec<(&str, &T)> = Vec::new();
    let mut any_case: Vec<(&str, &T)> = Vec::new();
    let into = |matching: &mut Vec<(&'s str, &'s T)>, entry: (&'s str, &'s T)| {
        if matching.last().is_none_or(|(last, _)| *last != entry.0) {
            matching.push(entry);
        }
    };
    for spelling in listed.in_any_case(name) {
        let Some(entry) = listed.get(&spelling.name) else { continue };
        into(&mut any_case, (&spelling.name, entry));
        if spelling.variant.as_deref() == Some(name) {
            into(&mut variants, (&spelling.name, entry));
        }
    }
    let matching = if variants.is_empty() { any_case } else { variants };
    match matching.as_slice() {
        [] => NameMatch::Unknown,
        [(name, entry)] => NameMatch::Respelled(name, entry),
        several => NameMatch::Ambiguous(several.iter().map(|(name, _)| *name).collect()),
    }
}

/// The profile that a name means, however it is spelled.
pub(crate) fn find_profile<'s>(schema: &'s Definitions, name: &str) -> Option<(&'s str, &'s Profile)> {
    match find(&schema.profiles, name) {
        NameMatch::Exact(name, profile) | NameMatch::Respelled(name, profile) => Some((name, profile)),
        NameMatch::Ambiguous(_) | NameMatch::Unknown => None,
    }
}

/// The other attribute of a profile that is the same computed number.
pub(crate) fn equal_name<'s>(profile: &'s Profile, name: &str, computed: Computed) -> Option<&'s str> {
    let mut others = profile.attributes.iter().filter(|(other, _)| *other != name);
    others.find(|(_, attribute)| attribute.computed == Some(computed)).map(|(other, _)| other.as_str())
}

/// What an attribute's name means in a profile.
pub(crate) enum Member<'s> {
    Listed(&'s str, &'s Attribute),
    /// A field that is not listed by itself: its name, and the listed prefix
    /// that it has.
    Field(String, &'s Fields),
    Ambiguous(Vec<&'s str>),
    Missing,
}

/// Looks up an attribute: a listed one, a field of a custom event, or a field
/// of which only the prefix of its name is listed.
pub(crate) fn find_member<'s>(schema: &'s Definitions, profile: &'s Profile, name: &str) -> Member<'s> {
    let any_name = profile.fields.iter().find(|fields| fields.prefix.is_empty());
    let listed = |found: NameMatch<'s, Arc<Attribute>>| match found {
        NameMatch::Exact(name, attribute) | NameMatch::Respelled(name, attribute) => {
            Some(Member::Listed(name, attribute))
        }
        NameMatch::Ambiguous(names) => Some(Member::Ambiguous(names)),
        NameMatch::Unknown => None,
    };
    if let Some(member) = listed(find(&profile.attributes, name)) {
        return member;
    }
    if any_name.is_some()
        && let Some(member) = listed(find(&schema.event_fields, name))
    {
        return member;
    }
    for fields in profile.fields.iter().filter(|fields| !fields.prefix.is_empty()) {
        if let Some((start, rest)) = name.split_at_checked(fields.prefix.len())
            && start.eq_ignore_ascii_case(&fields.prefix)
            && !rest.is_empty()
        {
            return Member::Field(format!("{}{rest}", fields.prefix), fields);
        }
    }
    // Any other name is a field, unless it is close to a listed name.
    match any_name {
        Some(fields)
            if matches!(find(&profile.methods, name), NameMatch::Unknown)
                && !is_value_method(schema, name)
                && near_listed(schema, profile, name).is_none() =>
        {
            Member::Field(name.to_owned(), fields)
        }
        _ => Member::Missing,
    }
}

fn is_value_method(schema: &Definitions, name: &str) -> bool {
    schema.values.values().any(|methods| methods.contains_key(name))
}

/// The listed attribute within an edit distance of 2.
fn near_listed<'s>(schema: &'s Definitions, profile: &'s Profile, name: &str) -> Option<&'s str> {
    let of_both = [&profile.attributes, &schema.event_fields].map(|names| nearest_within(names, name));
    of_both.into_iter().flatten().min().map(|(_, listed)| listed)
}

/// The attribute or method of a profile that a misspelled name most likely means.
pub(crate) fn nearest_member<'s>(
    schema: &'s Definitions,
    profile: &'s Profile,
    name: &str,
) -> Option<&'s str> {
    let members = profile.attributes.keys().chain(profile.methods.keys()).map(String::as_str);
    closest(name, members)
        .or_else(|| near_listed(schema, profile, name).filter(|_| !profile.fields.is_empty()))
}

/// The candidate that a misspelled name most likely means, if one is close.
/// Only the first thousand candidates are compared.
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
    // A third of the letters may be wrong, but at most three.
    let allowed = (length / 3).clamp(1, 3);
    let letters = Letters::of(name);
    candidates
        .into_iter()
        .take(MOST)
        // Most candidates are ruled out by their length.
        .filter(|candidate| candidate.chars().take(LONGEST + 1).count().abs_diff(length) <= allowed)
        .filter(|candidate| letters.fewest_edits(candidate) <= allowed)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How often each letter stands in a name, whatever its case.
///
/// Names are compared with a thousand others each, and most have other letters:
/// that is seen in a tenth of the time that their distance takes.
struct Letters {
    times: [u8; LETTERS],
    is_ascii: bool,
}

/// Letters that share a place only make names look closer.
const LETTERS: usize = 32;

impl Letters {
    fn of(name: &str) -> Letters {
        let mut letters = Letters { times: [0; LETTERS], is_ascii: name.is_ascii() };
        for byte in name.bytes() {
            // Upper and lower case differ above these bits. A name that is compared
            // has far fewer bytes than this counts.
            if let Some(times) = letters.times.get_mut(usize::from(byte) % LETTERS) {
                *times = times.wrapping_add(1);
            }
        }
        letters
    }

    /// No fewer edits make the name another one; 0 where that is not known. An
    /// edit changes at most one letter into another.
    fn fewest_edits(&self, other: &str) -> usize {
        // Letters of other scripts have several bytes, and some change into ASCII.
        if !other.is_ascii() || !self.is_ascii {
            return 0;
        }
        let other = Letters::of(other);
        self.more_than(&other).max(other.more_than(self))
    }

    /// How many letters of it another name does not have.
    fn more_than(&self, other: &Letters) -> usize {
        let pairs = self.times.into_iter().zip(other.times);
        pairs.filter_map(|(own, other)| own.checked_sub(other)).map(usize::from).sum()
    }
}

/// The most candidates that are compared: an organisation may list a hundred
/// thousand values, and a rule may name ten thousand others.
const MOST: usize = 1000;

/// Longer names are not taken for misspellings; comparing such texts letter by
/// letter would take too long.
const LONGEST: usize = 100;
