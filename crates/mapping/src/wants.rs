//! Which parts of documents a mapping takes anything of.

use target_rules::json::PathSegment;
use target_rules::transaction::Wanted;

use crate::file::{All, Condition, Fields, Mapping, Named, Profile, ProfileList, Source};
use crate::pointer::path;

/// The places of a mapping, as keys: entries of lists are no step of a path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken(Vec<Vec<String>>);

impl Taken {
    pub(crate) fn of(mapping: &Mapping) -> Taken {
        let mut taken = Taken::default();
        for profile in mapping.document.values() {
            taken.add_profile(profile);
        }
        taken.add_conditions(&[], mapping.skip.iter().chain(&mapping.returns));
        taken
    }

    /// What is taken of that which stands at a path.
    pub(crate) fn wants(&self, path: &[&str]) -> Wanted {
        let (mut value, mut parts) = (false, false);
        for taken in &self.0 {
            let alike = taken.iter().zip(path).all(|(one, other)| one == other);
            value |= alike && taken.len() <= path.len();
            parts |= alike && taken.len() > path.len();
        }
        match (value, parts) {
            (_, true) => Wanted::Parts,
            (true, false) => Wanted::Value,
            (false, false) => Wanted::Nothing,
        }
    }

    fn add(&mut self, within: &[String], place: &str) {
        self.0.push(keys(within, place));
    }

    /// Says that an object or array stands at a place.
    fn add_parts(&mut self, place: &[String]) {
        self.0.push(place.iter().cloned().chain([String::new()]).collect());
    }

    fn add_profile(&mut self, profile: &Profile) {
        self.add_named(&[], &profile.attributes);
        self.add_all(&[], &profile.all);
        for fields in [&profile.extended_fields, &profile.custom_fields, &profile.clusters] {
            self.add_fields(&[], fields);
        }
        for list in profile.line_items.iter().chain(&profile.tenders) {
            self.add_list(list);
        }
    }

    fn add_list(&mut self, list: &ProfileList) {
        let within = keys(&[], &list.at);
        self.add_parts(&within);
        self.add_named(&within, &list.fields);
        self.add_all(&within, &list.all);
        self.add_fields(&within, &list.attributes);
        self.add_fields(&within, &list.extended_fields);
    }

    fn add_fields(&mut self, within: &[String], fields: &Fields) {
        self.add_named(within, &fields.named);
        self.add_all(within, &fields.all);
    }

    fn add_all(&mut self, within: &[String], all: &[All]) {
        for all in all {
            self.add(within, all.place());
            self.add_parts(&keys(within, all.place()));
        }
    }

    fn add_named(&mut self, within: &[String], named: &Named) {
        for source in named.values() {
            if let Some(place) = source.place() {
                self.add(within, place);
            }
            if let Source::Detailed(detailed) = source {
                self.add_conditions(within, &detailed.when);
            }
        }
    }

    fn add_conditions<'c>(&mut self, within: &[String], conditions: impl IntoIterator<Item = &'c Condition>) {
        conditions.into_iter().for_each(|condition| self.add(within, &condition.at));
    }
}

/// The keys of a place within another one.
fn keys(within: &[String], place: &str) -> Vec<String> {
    let keys = path(place).into_iter().filter_map(|segment| match segment {
        PathSegment::Key(key) => Some(key),
        PathSegment::Index(_) => None,
    });
    within.iter().cloned().chain(keys).collect()
}
