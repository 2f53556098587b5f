//! What rules read of documents, and how often it is there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::condition::{Aggregate, Leaf, Measure, Selection, Visitor};
use crate::rule::{Reference, Rule};
use crate::schema::{
    ATTRIBUTES, CUSTOM_FIELDS, Computed, EXTENDED, EXTENDED_FIELDS, ListName, SEGMENTS, ValueType,
};
use crate::transaction::{Figure, ValueKind, field_of_alias, read_of};
use crate::typed::Read;
use crate::value::Count;

use super::needed::{Needed, item_field};

/// What rules read, by its path in a document.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleReads {
    pub(super) by_path: BTreeMap<String, Want>,
    /// The paths of the attributes of items, by the profile and by each key in
    /// lower case that they are found under.
    item_attributes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// What is needed of every line item.
    pub(super) of_items: OfItems,
    /// What hosts need; of each the paths of those of which one will do.
    pub(super) of_hosts: Vec<NeededPaths>,
    /// The same, to see whether one is there already.
    hosts_seen: HashSet<NeededPaths>,
    pub(super) sections: BTreeMap<String, SectionSeen>,
}

/// The paths of what a host needs one of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NeededPaths {
    pub(super) one_of: Vec<String>,
    /// The profile that a document must have for it to be needed.
    pub(super) with: Option<String>,
}

/// What is needed of every line item, by profile.
#[derive(Debug, Clone, Default)]
pub(super) struct OfItems(
    pub(super) BTreeMap<String, Vec<(ItemPart, Vec<Need>)>>,
    /// Where each part stands in the list of its profile.
    HashMap<(String, ItemPart), usize>,
);

/// A part of a line item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ItemPart {
    Figure(Figure),
    DiscountPercentage,
    /// An extended field, by its name.
    Field(String),
}

/// Why a part of every line item is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) by_rule: bool,
    /// Where the profile of the items states one of these keys it is not.
    pub(super) unless: Vec<String>,
}

impl OfItems {
    fn add(&mut self, section: &str, part: ItemPart, need: Need) {
        let of_section = self.0.entry(section.to_owned()).or_default();
        let at = *self.1.entry((section.to_owned(), part.clone())).or_insert(of_section.len());
        match of_section.get_mut(at) {
            Some((_, needs)) if needs.contains(&need) => {}
            Some((_, needs)) => needs.push(need),
            None => of_section.push((part, vec![need])),
        }
    }
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
    /// Whether a rule reads it, and not only a host.
    pub(super) by_rule: bool,
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

impl SectionSeen {
    /// Whether a document has it, and something in it.
    pub(super) fn is_there(&self) -> bool {
        !self.keys.is_empty()
    }
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

impl RuleReads {
    pub(super) fn add_rule(&mut self, rule: &Rule) {
        rule.condition().each_read(&mut |read| {
            let path = self.add(&read);
            if let Some(want) = self.by_path.get_mut(&path) {
                want.by_rule = true;
            }
        });
        rule.condition().visit(&mut Figures(&mut self.of_items));
    }

    /// Adds what a host needs: one of these, of documents that have a profile.
    pub(super) fn add_needed(&mut self, one_of: &[Needed], with: Option<&str>) {
        let paths = one_of.iter().filter_map(|needed| self.add_one(needed)).collect();
        for needed in one_of {
            let (section, part) = match needed {
                Needed::Value(..) => continue,
                Needed::ItemFigure { profile, figure } => (profile, ItemPart::Figure(*figure)),
                Needed::ItemField { profile, name } => (profile, ItemPart::Field(name.clone())),
            };
            let stated = one_of.iter().filter_map(|other| match other {
                Needed::Value(Reference::Attribute { profile, name }, _) if profile == section => {
                    Some(name.clone())
                }
                _ => None,
            });
            self.of_items.add(section, part, Need { by_rule: false, unless: stated.collect() });
        }
        let needed = NeededPaths { one_of: paths, with: with.map(str::to_owned) };
        if !needed.one_of.is_empty() && self.hosts_seen.insert(needed.clone()) {
            self.of_hosts.push(needed);
        }
    }

    /// Adds what a host reads; its path, of a part of line items that of the
    /// list.
    fn add_one(&mut self, needed: &Needed) -> Option<String> {
        let list = |profile: &str| Read::List { section: profile.into(), list: ListName::LineItems };
        match needed {
            Needed::Value(reference, kind) => {
                let read = read_of(reference, *kind)?;
                // Whether entries lack something shows only where there are any.
                match &read {
                    Read::EntryField { section, list, .. } => {
                        self.add(&Read::List { section: section.clone(), list: *list });
                    }
                    Read::ItemAttribute { section, .. } => drop(self.add(&list(section))),
                    _ => {}
                }
                Some(self.add(&read))
            }
            Needed::ItemFigure { profile, figure } => {
                figure.reads(profile).iter().for_each(|read| drop(self.add(read)));
                Some(self.add(&list(profile)))
            }
            Needed::ItemField { profile, name } => {
                let [_, field] = item_field(profile, name);
                read_of(&field, ValueKind::Number).iter().for_each(|read| drop(self.add(read)));
                Some(self.add(&list(profile)))
            }
        }
    }

    /// Adds what is read; its path.
    fn add(&mut self, read: &Read) -> String {
        match read {
            Read::Field { section, field, kind } => {
                let name = &field.name;
                let (path, named, part) = match field.extended {
                    true => (
                        format!("{section}.{EXTENDED_FIELDS}.{name}"),
                        format!("{section}.{EXTENDED}{name}"),
                        Part::Extended,
                    ),
                    false => (format!("{section}.{name}"), format!("{section}.{name}"), Part::Own),
                };
                self.want(path, section, named, name, (part, Some(*kind)))
            }
            Read::CustomField { section, name } => {
                let path = format!("{section}.{CUSTOM_FIELDS}.{name}");
                self.want(path.clone(), section, path, name, (Part::Custom, None))
            }
            Read::Segment { section, name } => {
                let path = format!("{section}.{SEGMENTS}.{name}");
                self.want(path.clone(), section, path, name, (Part::Segment, None))
            }
            Read::Answer { section, method, arguments, .. } => {
                let path = format!("{section}.{method}.{}", arguments.join("."));
                let named = format!("{section}.{method}(\"{}\")", arguments.join("\",\""));
                let key = arguments.first().map_or("", String::as_str);
                self.want(path, section, named, key, (Part::Answer, None))
            }
            Read::List { section, list } => {
                let path = format!("{section}.{}", list.key());
                self.want(path.clone(), section, path, list.key(), (Part::List, None))
            }
            Read::EntryField { section, list, field, kind } => {
                let name = &field.name;
                let (under, part) = match field.extended {
                    true => (".extendedFields", Part::EntryExtended(*list)),
                    false => ("", Part::Entry(*list)),
                };
                let path = format!("{section}.{}[]{under}.{name}", list.key());
                self.want(path.clone(), section, path, name, (part, Some(*kind)))
            }
            Read::ItemAttribute { section, name } => {
                let path = format!("{section}.{}[].{ATTRIBUTES}.{name}", ListName::LineItems.key());
                self.want(path.clone(), section, path, name, (Part::ItemAttribute, Some(ValueKind::Text)))
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
    ) -> String {
        self.sections.entry(section.to_owned()).or_default();
        if self.has(&path) {
            return path;
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
            by_rule: false,
            there: Count::default(),
            null: Count::default(),
        };
        self.by_path.insert(path.clone(), want);
        path
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
            Part::Extended => format!("{EXTENDED_FIELDS}."),
            Part::Custom => format!("{CUSTOM_FIELDS}."),
            Part::Segment => format!("{SEGMENTS}."),
            Part::Entry(list) => format!("{}[].", list.key()),
            Part::EntryExtended(list) => format!("{}[].{EXTENDED_FIELDS}.", list.key()),
            Part::ItemAttribute => format!("{}[].{ATTRIBUTES}.", ListName::LineItems.key()),
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
struct Figures<'f>(&'f mut OfItems);

impl Figures<'_> {
    /// The figures of an aggregate, which is needed unless one of these keys of
    /// its profile states it.
    fn add_aggregate(&mut self, aggregate: &Aggregate, unless: &[String]) {
        let selected = match &aggregate.selection {
            Some(Selection::Compares { figure, .. }) => Some(*figure),
            _ => None,
        };
        let summed = match aggregate.measure {
            Measure::Sum(figure) => Some(figure),
            Measure::Count | Measure::Any => None,
        };
        for figure in selected.into_iter().chain(summed) {
            let need = Need { by_rule: true, unless: unless.to_vec() };
            self.0.add(&aggregate.section, ItemPart::Figure(figure), need);
        }
    }
}

impl Visitor for Figures<'_> {
    fn aggregate(&mut self, aggregate: &Arc<Aggregate>) {
        self.add_aggregate(aggregate, &[]);
    }

    fn attribute(&mut self, leaf: &Leaf) {
        if let Some(aggregate) = leaf.aggregate() {
            let stated = [Some(&leaf.0.read), leaf.0.equal.as_ref()].into_iter().flatten();
            let key = |read: &Read| match read {
                Read::Field { field, .. } if !field.extended => Some(field.name.to_string()),
                _ => None,
            };
            let unless: Vec<String> = stated.filter_map(key).collect();
            self.add_aggregate(&aggregate, &unless);
        }
        // Of the item at hand.
        let Read::EntryField { section, list: ListName::LineItems, field, .. } = &leaf.0.read else { return };
        let part = match (leaf.0.computed, field.extended, &*field.name) {
            (Some(Computed::Value), ..) => ItemPart::Figure(Figure::Value),
            (Some(Computed::DiscountPercentage), ..) => ItemPart::DiscountPercentage,
            (None, false, "qty") => ItemPart::Figure(Figure::Quantity),
            (None, false, "rate") => ItemPart::Figure(Figure::Rate),
            (None, false, "discount") => ItemPart::Figure(Figure::Discount),
            _ => return,
        };
        self.0.add(section, part, Need { by_rule: true, unless: Vec::new() });
    }
}
