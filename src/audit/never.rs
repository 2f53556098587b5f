//! What rules read that no document has.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Severity};
use crate::schema::ListName;
use crate::typed::FIGURE_FIELDS;

use super::document::named;
use super::finding::Finding;
use super::model::Audit;
use super::wanted::{Part, SectionSeen, Want};

/// The most values of a profile that are named where the profile is not there.
const MOST_NAMED: usize = 5;

impl Audit {
    /// A finding for each value that rules read and no document has; one for a
    /// profile that no document has.
    pub(super) fn never_there(&self) -> Vec<Finding> {
        if self.documents.get() == 0 {
            return Vec::new();
        }
        let mut missing: BTreeMap<&str, (&Want, Vec<&str>)> = BTreeMap::new();
        for (path, want) in &self.wanted.by_path {
            if want.by_rule && self.is_missing(want) {
                missing.insert(path, (want, Vec::new()));
            }
        }
        for needed in &self.wanted.of_hosts {
            let asked =
                |section: &String| self.wanted.sections.get(section).is_some_and(SectionSeen::is_there);
            let wants = || needed.one_of.iter().filter_map(|path| self.wanted.by_path.get(path));
            if needed.with.as_ref().is_some_and(|with| !asked(with))
                || !wants().all(|want| self.is_missing(want))
            {
                continue;
            }
            if let Some((first, others)) = needed.one_of.split_first()
                && let Some(want) = self.wanted.by_path.get(first)
            {
                let (_, named) = missing.entry(first).or_insert((want, Vec::new()));
                let new = others.iter().map(String::as_str).filter(|path| !named.contains(path));
                let new: Vec<&str> = new.collect();
                named.extend(new);
            }
        }
        let mut of_section: BTreeMap<&str, Vec<&Want>> = BTreeMap::new();
        let mut found = Vec::new();
        for (path, (want, others)) in missing {
            if self.wanted.sections.get(&want.section).is_some_and(|seen| seen.documents.get() > 0) {
                found.push(self.never(path, want, &others));
            } else {
                of_section.entry(&want.section).or_default().push(want);
            }
        }
        found.extend(of_section.into_iter().map(|(section, wants)| self.no_section(section, &wants)));
        found
    }

    fn is_missing(&self, want: &Want) -> bool {
        want.there.get() == 0 && !self.follows_from_items(want)
    }

    /// Whether a value is computed, or is one of several that will do.
    fn follows_from_items(&self, want: &Want) -> bool {
        let list = |list: &str| self.wanted.by_path.get(&format!("{}.{list}", want.section));
        let has = |name: &str| list(name).is_some_and(|list| list.there.get() > 0);
        match want.part {
            Part::Own => {
                let profile = self.schema.profile(&want.section).ok();
                let attribute = profile.and_then(|profile| profile.attribute(&want.key).ok());
                let equal = profile.and_then(|profile| profile.equal_name(&want.key));
                attribute.is_some_and(|one| one.is_computed()) && (has("lineItems") || equal.is_some_and(has))
            }
            // Told of the list, or of each item that lacks a figure.
            Part::Entry(ListName::Tenders) => !has(ListName::Tenders.key()),
            Part::Entry(of) | Part::EntryExtended(of) => {
                let of_items = self.wanted.of_items.0.contains_key(&want.section);
                !has(of.key()) || (of_items && FIGURE_FIELDS.contains(&want.key.as_str()))
            }
            Part::ItemAttribute => !has("lineItems"),
            Part::Extended | Part::Custom | Part::Segment | Part::Answer | Part::List => false,
        }
    }

    fn never(&self, path: &str, want: &Want, others: &[&str]) -> Finding {
        let documents = self.documents.get();
        let keys =
            self.wanted.sections.get(&want.section).map(|seen| seen.keys.as_slice()).unwrap_or_default();
        let here = || named(keys.iter().map(String::as_str)).unwrap_or_default();
        let of_profile = matches!(want.part, Part::Own | Part::List) && !keys.is_empty();
        let message = match (want.null.get(), documents) {
            (0, 1) => format!("`{}` is not there", want.name),
            (0, _) => format!("`{}` is in none of {documents} documents", want.name),
            (_, 1) => format!("`{}` is `null`, which is absent", want.name),
            _ => format!("`{}` is never there but as `null`, which is absent", want.name),
        };
        let keys_of = |keys: String| format!("the keys of `{}` are {keys}", want.section);
        // A key that is near is a finding of its own.
        let keys = (of_profile && want.null.get() == 0).then(|| keys_of(here()));
        let others = named(others.iter().copied());
        let others = others.map(|others| format!("where it is absent it comes from {others}"));
        let help: Vec<String> = keys.into_iter().chain(others).collect();
        let help = (!help.is_empty()).then(|| help.join("; "));
        self.finding(path.to_owned(), message, help)
    }

    fn no_section(&self, section: &str, wants: &[&Want]) -> Finding {
        let names: Vec<String> =
            wants.iter().take(MOST_NAMED).map(|want| format!("`{}`", want.name)).collect();
        let more = match wants.iter().skip(MOST_NAMED).count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let documents = match self.documents.get() {
            1 => "is not there".to_owned(),
            documents => format!("is in none of {documents} documents"),
        };
        let whose =
            if wants.iter().all(|want| want.by_rule) { "the rules read" } else { "what is read of it:" };
        let message = format!("`{section}` {documents}; {whose} {}{more}", names.join(", "));
        self.finding(section.to_owned(), message, None)
    }

    fn finding(&self, path: String, message: String, help: Option<String>) -> Finding {
        Finding {
            code: Code::NeverThere,
            severity: Severity::Warning,
            path,
            read: true,
            message,
            help,
            count: self.documents.get(),
            places: Vec::new(),
        }
    }
}
