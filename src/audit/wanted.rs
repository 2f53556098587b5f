//! What rules read of documents, and how often it is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::condition::{Aggregate, Leaf, Measure, Selection, Visitor};
use crate::rule::{Reference, Rule};
use crate::schema::{ListName, ValueType};
use crate::transaction::{Figure, ValueKind, field_of_alias};
use crate::typed::Read;
use crate::value::Count;

/// What rules read, by its path in a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) by_path: BTreeMap<String, Want>,
    /// The paths of the attributes of items, by the profile and by each key in
    /// lower case that they are found under.
    item_attributes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Figures of the line items of a profile.
    pub(super) figures: Vec<(Arc<str>, Figure)>,
    pub(super) sections: BTreeMap<String, SectionSeen>,
}

/// A value that rules read.
#[derive(Debug, Clone)]
pub(super) struct Want {
    pub(super) section: String,
    /// As rules call it.
    pub(super) name: String,
    /// The key in its object, if it has one.
    pub(super) key: String,
    pub(super) part: Part,
    pub(super) kind: Option<ValueKind>,
    /// How often it was there.
    pub(super) there: Count,
    /// How often it was there as `null`.
    pub(super) null: Count,
}

/// In which part of a profile a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Own,
    Extended,
    Custom,
    Segment,
    Answer,
    List,
    Entry(ListName),
    EntryExtended(ListName),
    ItemAttribute,
}

/// What was seen of a profile.
#[derive(Debug, Clone, Default)]
pub(super) struct SectionSeen {
    pub(super) documents: Count,
    /// The first keys that it had.
    pub(super) keys: Vec<String>,
}

/// The most keys of an object that are named.
pub(super) const MOST_KEYS: usize = 10;

/// The type that documents have a value of a schema in; `None` where rules say it.
pub(super) fn kind_of(of: ValueType) -> Option<ValueKind> {
    match of {
        ValueType::Boolean => Some(ValueKind::Boolean),
        ValueType::Number => Some(ValueKind::Number),
        ValueType::String | ValueType::Enum => Some(ValueKind::Text),
        ValueType::Date => Some(ValueKind::Date),
        ValueType::Unknown => None,
    }
}

impl Wanted {
    pub(super) fn add_rule(&mut self, rule: &Rule) {
        rule.condition().each_read(&mut |read| self.add(&read));
        rule.condition().visit(&mut Figures(&mut self.figures));
    }

    /// Adds what a host reads.
    pub(super) fn add_reference(&mut self, reference: &Reference, kind: ValueKind) {
        if let Reference::Attribute { profile, name } = reference {
            let path = format!("{profile}.{name}");
            self.want(path.clone(), profile, path, name, (Part::Own, Some(kind)));
        }
    }

    fn add(&mut self, read: &Read) {
        match read {
            Read::Field { section, field, kind } => {
                let name = &field.name;
                let (path, named, part) = match field.extended {
                    true => (
                        format!("{section}.extendedFields.{name}"),
                        format!("{section}.extField_{name}"),
                        Part::Extended,
                    ),
                    false => (format!("{section}.{name}"), format!("{section}.{name}"), Part::Own),
                };
                self.want(path, section, named, name, (part, Some(*kind)));
            }
            Read::CustomField { section, name } => {
                let path = format!("{section}.customFields.{name}");
                self.want(path.clone(), section, path, name, (Part::Custom, None));
            }
            Read::Segment { section, name } => {
                let path = format!("{section}.clusters.{name}");
                self.want(path.clone(), section, path, name, (Part::Segment, None));
            }
            Read::Answer { section, method, arguments, .. } => {
                let path = format!("{section}.{method}.{}", arguments.join("."));
                let named = format!("{section}.{method}(\"{}\")", arguments.join("\",\""));
                let key = arguments.first().map_or("", String::as_str);
                self.want(path, section, named, key, (Part::Answer, None));
            }
            Read::List { section, list } => {
                let path = format!("{section}.{}", list.key());
                self.want(path.clone(), section, path, list.key(), (Part::List, None));
            }
            Read::EntryField { section, list, field, kind } => {
                let name = &field.name;
                let (under, part) = match field.extended {
                    true => (".extendedFields", Part::EntryExtended(*list)),
                    false => ("", Part::Entry(*list)),
                };
                let path = format!("{section}.{}[]{under}.{name}", list.key());
                self.want(path.clone(), section, path, name, (part, Some(*kind)));
            }
            Read::ItemAttribute { section, name } => {
                let path = format!("{section}.lineItems[].attributes.{name}");
                self.want(path.clone(), section, path, name, (Part::ItemAttribute, Some(ValueKind::Text)));
            }
        }
    }

    fn want(
        &mut self,
        path: String,
        section: &str,
        name: String,
        key: &str,
        (part, kind): (Part, Option<ValueKind>),
    ) {
        self.sections.entry(section.to_owned()).or_default();
        if self.has(&path) {
            return;
        }
        if part == Part::ItemAttribute {
            let of_section = self.item_attributes.entry(section.to_owned()).or_default();
            let field = field_of_alias(key).map(str::to_ascii_lowercase);
            let own = Some(key.to_ascii_lowercase()).filter(|own| field.as_ref() != Some(own));
            for key in field.into_iter().chain(own) {
                of_section.entry(key).or_default().push(path.clone());
            }
        }
        let want = Want {
            section: section.to_owned(),
            name,
            key: key.to_owned(),
            part,
            kind,
            there: Count::default(),
            null: Count::default(),
        };
        self.by_path.insert(path, want);
    }

    /// What rules call what they read at a path; of a profile, all that they read
    /// of it.
    pub(super) fn names(&self, path: &str) -> Vec<&str> {
        match self.by_path.get(path) {
            Some(want) => vec![&want.name],
            None => {
                let of_profile = self.by_path.values().filter(|want| want.section == path);
                of_profile.map(|want| want.name.as_str()).collect()
            }
        }
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// Whether rules read something at a path or within it.
    pub(super) fn has_within(&self, path: &str) -> bool {
        let within = |end: char| {
            let inner = format!("{path}{end}");
            let first = self.by_path.range(inner.clone()..).next();
            first.is_some_and(|(found, _)| found.starts_with(&inner))
        };
        self.has(path) || within('.') || within('[')
    }

    /// The keys that rules read in a part of a profile.
    pub(super) fn keys(&self, section: &str, part: Part) -> impl Iterator<Item = &str> {
        let under = match part {
            Part::Extended => "extendedFields.".to_owned(),
            Part::Custom => "customFields.".to_owned(),
            Part::Segment => "clusters.".to_owned(),
            Part::Entry(list) => format!("{}[].", list.key()),
            Part::EntryExtended(list) => format!("{}[].extendedFields.", list.key()),
            Part::ItemAttribute => format!("{}[].attributes.", ListName::LineItems.key()),
            Part::Own | Part::Answer | Part::List => String::new(),
        };
        let prefix = format!("{section}.{under}");
        let from = self.by_path.range(prefix.clone()..);
        from.take_while(move |(path, _)| path.starts_with(&prefix))
            .filter(move |(_, want)| want.part == part && want.section == section)
            .map(|(_, want)| want.key.as_str())
    }

    /// Notes that a value is there.
    pub(super) fn see(&mut self, path: &str, null: bool) {
        note(&mut self.by_path, path, null);
    }

    /// Notes that an item has an attribute by this name, in any case, where rules
    /// look it up; whether they do.
    pub(super) fn see_attribute(&mut self, section: &str, name: &str, null: bool) -> bool {
        let of_section = self.item_attributes.get(section);
        let Some(paths) = of_section.and_then(|keys| keys.get(&name.to_ascii_lowercase())) else {
            return false;
        };
        for path in paths {
            note(&mut self.by_path, path, null);
        }
        true
    }
}

fn note(by_path: &mut BTreeMap<String, Want>, path: &str, null: bool) {
    if let Some(want) = by_path.get_mut(path) {
        let count = if null { &mut want.null } else { &mut want.there };
        count.add_one();
    }
}

/// Gathers the figures of line items that a condition asks for.
struct Figures<'f>(&'f mut Vec<(Arc<str>, Figure)>);

impl Figures<'_> {
    fn add(&mut self, aggregate: &Aggregate) {
        let selected = match &aggregate.selection {
            Some(Selection::Compares { figure, .. }) => Some(*figure),
            _ => None,
        };
        let summed = match aggregate.measure {
            Measure::Sum(figure) => Some(figure),
            Measure::Count | Measure::Any => None,
        };
        for figure in selected.into_iter().chain(summed) {
            let figure = (aggregate.section.clone(), figure);
            if !self.0.contains(&figure) {
                self.0.push(figure);
            }
        }
    }
}

impl Visitor for Figures<'_> {
    fn aggregate(&mut self, aggregate: &Arc<Aggregate>) {
        self.add(aggregate);
    }

    fn attribute(&mut self, leaf: &Leaf) {
        if let Some(aggregate) = leaf.aggregate() {
            self.add(&aggregate);
        }
    }
}
