//! One document, held against the schema and against what rules read.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::diagnostic::{Code, Diagnostic, Lines, Severity, Span};
use crate::json::{Entries, Kind, Located, Members, Reader};
use crate::schema::{
    ATTRIBUTES, CUSTOM_FIELDS, EXTENDED, EXTENDED_FIELDS, ListName, Profile, SEGMENTS, Schema, closest,
};
use crate::transaction::{ValueKind, value_fault, wrong_type};
use crate::typed::FIGURE_FIELDS;

use super::dates::{self, DateDoubt};
use super::finding::FoundAt;
use super::model::{Audit, Occurrence};
use super::wanted::{MOST_KEYS, Part, Want, kind_of};

const ITEMS: &str = ListName::LineItems.key();
const TENDERS: &str = ListName::Tenders.key();

/// Keys that hosts read of a profile, though no rule can name them.
const OF_HOSTS: [(&str, &[&str]); 3] = [
    ("currentCustomer", &["id"]),
    ("currentStore", &["id", "zoneIds", "conceptIds"]),
    ("returnBill", &[ITEMS, "number", "date"]),
];

/// A document that is gone through.
pub(super) struct Visit<'a, 't> {
    pub(super) audit: &'a mut Audit,
    pub(super) text: &'t str,
    /// The line of the file that the document begins in, from 1.
    pub(super) line: usize,
    pub(super) lines: Option<Lines>,
    /// Where errors were found.
    pub(super) errors: Vec<Span>,
}

/// The members of an object, in order and by key. The keys are gathered when
/// one is first asked for: most objects have no key that is misspelled.
struct ObjectMembers {
    members: Vec<(crate::json::Key, Located)>,
    texts: OnceCell<HashSet<String>>,
    /// The same in lower case: an attribute of an item counts in any case.
    lower: OnceCell<HashSet<String>>,
}

impl ObjectMembers {
    fn of(text: &str, object: Located) -> ObjectMembers {
        let members = Members::of(text, object).collect();
        ObjectMembers { members, texts: OnceCell::new(), lower: OnceCell::new() }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(key, _)| key.text.as_str())
    }

    fn has(&self, key: &str) -> bool {
        self.texts.get_or_init(|| self.texts().map(str::to_owned).collect()).contains(key)
    }

    fn has_in_any_case(&self, key: &str) -> bool {
        let lower = self.lower.get_or_init(|| self.texts().map(str::to_ascii_lowercase).collect());
        lower.contains(&key.to_ascii_lowercase())
    }
}

impl Visit<'_, '_> {
    /// Goes through the whole document, which is legal JSON.
    pub(super) fn document(&mut self, whole: Located) {
        if whole.kind != Kind::Object {
            return;
        }
        let members = ObjectMembers::of(self.text, whole);
        let schema = self.audit.schema.clone();
        let exact = |key: &str| schema.profile(key).ok().filter(|profile| profile.name() == key);
        let has_profile = members.texts().any(|key| exact(key).is_some());
        let mut told = false;
        for (key, value) in &members.members {
            match exact(&key.text) {
                Some(profile) => match profile.unrolls_over() {
                    Some(list) => {
                        let message = format!("`{}` is not read here", profile.name());
                        let help = format!("rules read it of every entry of `currentTxn.{list}`");
                        self.unknown_profile(&key.text, key.span, (message, Some(help)));
                    }
                    None => self.profile(profile, *value),
                },
                None => {
                    let help = self.meant_profile(&key.text, *value, &members);
                    if help.is_some() || has_profile {
                        told = true;
                        let shown = crate::diagnostic::shortened(&key.text);
                        let message = format!("`{shown}` is no profile, so no rule can read it");
                        self.unknown_profile(&key.text, key.span, (message, help));
                    }
                }
            }
        }
        if !has_profile && !told {
            self.no_profile(whole, &members);
        }
    }

    fn no_profile(&mut self, whole: Located, members: &ObjectMembers) {
        let message = match named(members.texts()) {
            Some(keys) => format!("no profile here: the keys of the document are {keys}"),
            None => "no profile here: the document is empty".to_owned(),
        };
        let help = "what rules read stands under profiles, such as `currentTxn` and `currentCustomer`";
        let said = Occurrence {
            code: Code::UnknownProfile,
            severity: Severity::Warning,
            path: String::new(),
            read: true,
            message,
            help: Some(help.to_owned()),
        };
        self.say(said, whole.head());
    }

    fn unknown_profile(&mut self, key: &str, span: Span, (message, help): (String, Option<String>)) {
        let shown = crate::diagnostic::shortened(key);
        let said = Occurrence {
            code: Code::UnknownProfile,
            severity: Severity::Warning,
            path: shown.to_string(),
            read: help.is_some(),
            message,
            help,
        };
        self.say(said, span);
    }

    /// What was meant by a key of the document that is no profile, where that
    /// shows.
    fn meant_profile(&self, key: &str, value: Located, members: &ObjectMembers) -> Option<String> {
        let schema = &self.audit.schema;
        let near = match schema.profile(key) {
            Ok(profile) => Some(profile.name().to_owned()),
            Err(error) => error.closest().map(str::to_owned),
        };
        if let Some(near) = near.filter(|near| !members.has(near)) {
            return Some(format!("did you mean `{near}`?"));
        }
        let prefixed = without_its_prefix(schema, key).filter(|near| !members.has(near));
        if let Some(near) = prefixed.filter(|_| value.kind == Kind::Object) {
            return Some(format!("did you mean `{near}`?"));
        }
        // A flat key, such as `currentTxn.value`.
        if let Some((profile, rest)) = key.split_once(['.', '/', '_'])
            && let Ok(profile) = schema.profile(profile)
        {
            let rest = rest.replace(['"', '\\'], "");
            return Some(format!("write it as `{{\"{}\": {{\"{rest}\": ...}}}}`", profile.name()));
        }
        let transaction = schema.profile("currentTxn").ok()?;
        let of_transaction = [ListName::LineItems.key(), ListName::Tenders.key(), EXTENDED_FIELDS];
        if of_transaction.contains(&key)
            || (value.kind != Kind::Object && transaction.attribute(key).is_ok_and(|one| one.name() == key))
        {
            return Some(format!("it stands under `{}`", transaction.name()));
        }
        let inside = Members::of(self.text, value).any(|(key, _)| schema.profile(&key.text).is_ok());
        inside.then(|| {
            "the profiles stand at the top of the document: leave out what is around them".to_owned()
        })
    }

    fn profile(&mut self, profile: Profile<'_>, value: Located) {
        let section = profile.alias_of().unwrap_or(profile.name()).to_owned();
        match value.kind {
            Kind::Object => {}
            Kind::Null => return,
            _ => return self.wrong_shape(&section, "a profile", value, "an object"),
        }
        let members = ObjectMembers::of(self.text, value);
        self.see_section(&section, &members);
        for (key, value) in &members.members {
            let name = key.text.as_str();
            match name {
                EXTENDED_FIELDS => self.extended(profile, &section, *value),
                CUSTOM_FIELDS => self.container(&section, CUSTOM_FIELDS, Part::Custom, *value),
                SEGMENTS => self.container(&section, SEGMENTS, Part::Segment, *value),
                ITEMS if has_items(profile) => self.list(&section, ListName::LineItems, *value),
                TENDERS if section == "currentTxn" => self.list(&section, ListName::Tenders, *value),
                _ => {
                    let path = format!("{section}.{name}");
                    let listed = profile.attribute(name).ok().filter(|one| one.name() == name);
                    if let Some(field) = name.strip_prefix(EXTENDED).filter(|field| !field.is_empty()) {
                        let help =
                            format!("an extended field stands under `{EXTENDED_FIELDS}`, as `{field}`");
                        let read = self.reads(&format!("{section}.{EXTENDED_FIELDS}.{field}"));
                        self.unknown_key(&section, key, help, read);
                    } else if let Ok(method) = profile.method(name)
                        && method.is_answered_by_document()
                        && method.name() == name
                    {
                        self.answers(&section, name, *value);
                    } else if listed.is_some() || self.audit.wanted.has(&path) || of_hosts(&section, name) {
                        let known = listed.as_ref().and_then(|one| kind_of(one.value_type()));
                        self.value(&path, name, known, *value);
                    } else if let Some(near) =
                        self.near(profile, &section, name).filter(|near| !members.has(near))
                    {
                        let read = self.reads(&format!("{section}.{near}"));
                        self.unknown_key(&section, key, format!("did you mean `{near}`?"), read);
                    } else if let Some(other) = without_its_prefix(&self.audit.schema, name)
                        && other != section
                    {
                        let help = format!("`{other}` is a profile of its own, beside `{section}`");
                        let read = self.reads_within(&other);
                        self.unknown_key(&section, key, help, read);
                    }
                }
            }
        }
    }

    fn see_section(&mut self, section: &str, members: &ObjectMembers) {
        if let Some(seen) = self.audit.wanted.sections.get_mut(section) {
            seen.documents.add_one();
            for (key, _) in &members.members {
                let key = crate::diagnostic::shortened(&key.text);
                if seen.keys.len() < MOST_KEYS && !seen.keys.iter().any(|held| *held == key) {
                    seen.keys.push(key.into_owned());
                }
            }
        }
    }

    /// The key of a profile that a name most likely means.
    fn near(&self, profile: Profile<'_>, section: &str, name: &str) -> Option<String> {
        let respelled = profile.attribute(name).ok().filter(|one| one.name() != name && one.is_listed());
        if let Some(attribute) = respelled {
            return Some(attribute.name().to_owned());
        }
        let lists: &[&str] = match section {
            "currentTxn" => &[ITEMS, TENDERS],
            _ if has_items(profile) => &[ITEMS],
            _ => &[],
        };
        let of_hosts = OF_HOSTS.iter().filter(|(profile, _)| *profile == section);
        let names = self.audit.known.names(profile);
        let names = names.into_iter().flat_map(|names| names.own.iter().chain(&names.answers));
        let candidates = names
            .map(String::as_str)
            .chain([EXTENDED_FIELDS, CUSTOM_FIELDS, SEGMENTS])
            .chain(lists.iter().copied())
            .chain(of_hosts.flat_map(|(_, names)| names.iter().copied()))
            .chain(self.audit.wanted.keys(section, Part::Own));
        closest(name, candidates).map(str::to_owned)
    }

    fn extended(&mut self, profile: Profile<'_>, section: &str, value: Located) {
        let Some(members) = self.object(section, EXTENDED_FIELDS, value) else { return };
        let known_names = self.audit.known.clone();
        let listed = known_names.names(profile).map(|names| names.extended.as_slice()).unwrap_or_default();
        for (key, value) in &members.members {
            let name = key.text.as_str();
            let path = format!("{section}.{EXTENDED_FIELDS}.{name}");
            let known = profile.attribute(&format!("{EXTENDED}{name}")).ok();
            let known = known.filter(|one| one.is_listed()).and_then(|one| kind_of(one.value_type()));
            if known.is_some() || self.audit.wanted.has(&path) {
                self.value(&path, name, known, *value);
                continue;
            }
            let candidates = self.audit.wanted.keys(section, Part::Extended);
            let near = closest(name, candidates.chain(listed.iter().map(String::as_str)));
            self.near_key((section, EXTENDED_FIELDS), key, near.map(str::to_owned), &members);
        }
    }

    fn container(&mut self, section: &str, container: &str, part: Part, value: Located) {
        let Some(members) = self.object(section, container, value) else { return };
        for (key, value) in &members.members {
            let path = format!("{section}.{container}.{}", key.text);
            if self.audit.wanted.has(&path) {
                self.audit.wanted.see(&path, value.kind == Kind::Null);
                continue;
            }
            let near = closest(&key.text, self.audit.wanted.keys(section, part)).map(str::to_owned);
            self.near_key((section, container), key, near, &members);
        }
    }

    /// The answers of a method; deeper than its first argument nothing is
    /// compared.
    fn answers(&mut self, section: &str, method: &str, value: Located) {
        let prefix = format!("{section}.{method}");
        self.audit.wanted.see(&prefix, value.kind == Kind::Null);
        let keys: HashSet<String> = match value.kind {
            Kind::Object => Members::of(self.text, value).map(|(key, _)| key.text).collect(),
            Kind::Array => {
                let entries = Entries::of(self.text, value);
                entries.filter_map(|entry| Reader::within(self.text, entry.span).string().ok()).collect()
            }
            _ => return,
        };
        let arguments = format!("{prefix}.");
        // By the keys that are there: rules may ask for more of them than a document
        // has.
        for key in keys {
            let path = format!("{arguments}{key}");
            let inner = format!("{path}.");
            let by_path = &mut self.audit.wanted.by_path;
            let answers = |want: &&mut Want| want.part == Part::Answer && want.key == key;
            if let Some(want) = by_path.get_mut(&path).filter(answers) {
                want.there.add_one();
            }
            let within = by_path.range_mut(inner.clone()..).take_while(|(path, _)| path.starts_with(&inner));
            for want in within.map(|(_, want)| want).filter(answers) {
                want.there.add_one();
            }
        }
    }

    fn list(&mut self, section: &str, list: ListName, value: Located) {
        let path = format!("{section}.{}", list.key());
        self.audit.wanted.see(&path, value.kind == Kind::Null);
        match value.kind {
            Kind::Array => {}
            Kind::Null => return,
            _ => return self.wrong_shape(&path, &format!("`{}`", list.key()), value, "an array"),
        }
        let schema = self.audit.schema.clone();
        let Some(profile) = schema.profiles().find(|one| one.unrolls_over() == Some(list.key())) else {
            return;
        };
        for entry in Entries::of(self.text, value) {
            if entry.kind == Kind::Object {
                self.entry(section, list, profile, entry);
            } else {
                let what = format!("an entry of `{}`", list.key());
                self.wrong_shape(&format!("{path}[]"), &what, entry, "an object");
            }
        }
    }

    fn entry(&mut self, section: &str, list: ListName, profile: Profile<'_>, entry: Located) {
        let members = ObjectMembers::of(self.text, entry);
        let path = format!("{section}.{}[]", list.key());
        let items = list == ListName::LineItems;
        for (key, value) in &members.members {
            let name = key.text.as_str();
            match name {
                ATTRIBUTES if items => self.attributes(section, &path, *value, &members),
                EXTENDED_FIELDS => {
                    let Some(fields) = self.object(&path, EXTENDED_FIELDS, *value) else { continue };
                    for (field, value) in &fields.members {
                        let field_path = format!("{path}.{EXTENDED_FIELDS}.{}", field.text);
                        self.see_attribute(section, &field.text, *value);
                        if self.audit.wanted.has(&field_path) {
                            self.value(&field_path, &field.text, None, *value);
                            continue;
                        }
                        let candidates = self.audit.wanted.keys(section, Part::EntryExtended(list));
                        let near = closest(&field.text, candidates).map(str::to_owned);
                        self.near_key((&path, EXTENDED_FIELDS), field, near, &fields);
                    }
                }
                _ => {
                    let own = format!("{path}.{name}");
                    let listed = profile.attribute(name).ok().filter(|one| one.name() == name);
                    let figure = items && FIGURE_FIELDS.contains(&name);
                    let looked_up = items && self.see_attribute(section, name, *value);
                    if listed.is_some() || figure || self.audit.wanted.has(&own) {
                        let known = match figure {
                            true => Some(ValueKind::Number),
                            false => listed.as_ref().and_then(|one| kind_of(one.value_type())),
                        };
                        self.value(&own, name, known, *value);
                    } else if !looked_up {
                        let names = self.audit.known.names(profile);
                        let own = names.into_iter().flat_map(|names| &names.own).map(String::as_str);
                        let of_items: &[&str] = if items { FIGURE_FIELDS } else { &[] };
                        let objects: &[&str] =
                            if items { &[ATTRIBUTES, EXTENDED_FIELDS] } else { &[EXTENDED_FIELDS] };
                        let read = self.audit.wanted.keys(section, Part::Entry(list));
                        let known = own.chain(of_items.iter().chain(objects).copied()).chain(read);
                        let near = closest(name, known).map(str::to_owned);
                        if let Some(near) = near.filter(|near| !members.has(near)) {
                            let read = self.reads(&format!("{path}.{near}"));
                            self.unknown_key(&path, key, format!("did you mean `{near}`?"), read);
                        }
                    }
                }
            }
        }
    }

    fn attributes(&mut self, section: &str, path: &str, value: Located, item: &ObjectMembers) {
        let Some(members) = self.object(path, ATTRIBUTES, value) else { return };
        let known = self.audit.known.clone();
        for (key, value) in &members.members {
            let name = key.text.as_str();
            let nested = matches!(value.kind, Kind::Object | Kind::Array);
            if self.see_attribute(section, name, *value) || nested {
                let own = format!("{path}.{ATTRIBUTES}.{name}");
                self.value(&own, name, Some(ValueKind::Text), *value);
                continue;
            }
            if known.has_item_attribute(name) {
                continue;
            }
            let candidates = self.audit.wanted.keys(section, Part::ItemAttribute);
            let near = closest(name, candidates.chain(known.item_attributes.iter().map(String::as_str)));
            let elsewhere = |near: &&str| !item.has_in_any_case(near);
            let near = near.filter(elsewhere).map(str::to_owned);
            self.near_key((path, ATTRIBUTES), key, near, &members);
        }
    }

    /// Notes an attribute of items that rules look up by this name, however it
    /// is spelled; whether there is one.
    fn see_attribute(&mut self, section: &str, name: &str, value: Located) -> bool {
        self.audit.wanted.see_attribute(section, name, value.kind == Kind::Null)
    }

    /// The members of an object within another; none where it is `null`, and
    /// none but a fault where it is something else.
    fn object(&mut self, outer: &str, name: &str, value: Located) -> Option<ObjectMembers> {
        match value.kind {
            Kind::Object => Some(ObjectMembers::of(self.text, value)),
            Kind::Null => None,
            _ => {
                let of_item = if name == ATTRIBUTES { " of an item" } else { "" };
                let what = format!("`{name}`{of_item}");
                self.wrong_shape(&format!("{outer}.{name}"), &what, value, "an object");
                None
            }
        }
    }

    /// A value that is an object or an array in every document that is read.
    fn wrong_shape(&mut self, path: &str, what: &str, value: Located, wanted: &str) {
        let said = Occurrence {
            code: Code::WrongType,
            severity: self.severity_of(self.reads_within(path)),
            path: path.to_owned(),
            read: self.reads_within(path),
            message: wrong_type(value.head(), what, wanted, value.kind).message,
            help: None,
        };
        self.say(said, value.head());
    }

    /// A value that has a type, by the rules or by the schema.
    fn value(&mut self, path: &str, name: &str, known: Option<ValueKind>, value: Located) {
        let wanted = self.audit.wanted.by_path.get(path).map(|want| want.kind);
        self.audit.wanted.see(path, value.kind == Kind::Null);
        let read = self.reads(path);
        let Some(kind) = wanted.flatten().or(known) else { return };
        let mut json = Reader::within(self.text, value.span);
        let text = match value.kind {
            Kind::String => json.string().unwrap_or_default(),
            _ => self.text.get(value.span.range()).unwrap_or_default().to_owned(),
        };
        if let Some(fault) = value_fault(name, kind, (value.kind, &text), value.span) {
            let Diagnostic { code, message, help, span, .. } = fault;
            let severity = self.severity_of(read);
            let said = Occurrence { code, severity, path: path.to_owned(), read, message, help };
            return self.say(said, span);
        }
        if kind == ValueKind::Date {
            let (code, doubt) = match value.kind {
                Kind::String => (Code::InvalidDate, dates::invalid(&text, name)),
                Kind::Number => (Code::DateUnit, dates::of_another_unit(&text, name)),
                _ => return,
            };
            if let Some(DateDoubt { message, help }) = doubt {
                let (severity, path) = (Severity::Warning, path.to_owned());
                self.say(Occurrence { code, severity, path, read, message, help: Some(help) }, value.span);
            }
        }
    }

    /// A document is refused for what is read of it.
    fn severity_of(&self, read: bool) -> Severity {
        if read { Severity::Error } else { Severity::Warning }
    }

    fn reads(&self, path: &str) -> bool {
        !self.audit.has_readers() || self.audit.wanted.has(path)
    }

    /// Whether something at a path or within it is read.
    fn reads_within(&self, path: &str) -> bool {
        // Whoever reads a list reads its entries.
        let path = path.strip_suffix("[]").unwrap_or(path);
        !self.audit.has_readers() || self.audit.wanted.has_within(path)
    }

    fn near_key(
        &mut self,
        (outer, object): (&str, &str),
        key: &crate::json::Key,
        near: Option<String>,
        members: &ObjectMembers,
    ) {
        let Some(near) = near.filter(|near| !members.has(near)) else {
            return;
        };
        let outer = format!("{outer}.{object}");
        let read = self.reads(&format!("{outer}.{near}"));
        self.unknown_key(&outer, key, format!("did you mean `{near}`?"), read);
    }

    fn unknown_key(&mut self, outer: &str, key: &crate::json::Key, help: String, read: bool) {
        let name = crate::diagnostic::shortened(&key.text);
        let said = Occurrence {
            code: Code::UnknownKey,
            severity: Severity::Warning,
            path: format!("{outer}.{name}"),
            read,
            message: format!("no rule can read `{name}` of `{outer}`"),
            help: Some(help),
        };
        self.say(said, key.span);
    }

    pub(super) fn say(&mut self, said: Occurrence, span: Span) {
        if said.severity == Severity::Error {
            self.errors.push(span);
        }
        let Visit { audit, text, line, lines, .. } = self;
        audit.note(said, || {
            let lines = lines.get_or_insert_with(|| Lines::of(text));
            let place = lines.place(text, span);
            FoundAt { line: line_below(*line, place.line), column: place.column }
        });
    }
}

/// A line of a document that begins in a line of its file, both from 1.
///
/// INVARIANT: no file has as many lines as these are counted up to.
pub(super) fn line_below(first: usize, line: usize) -> usize {
    [first, line].into_iter().sum::<usize>().checked_sub(1).unwrap_or(line)
}

/// The profile that is meant by its name without `current`: `store`.
fn without_its_prefix(schema: &Schema, key: &str) -> Option<String> {
    let meant = |profile: &Profile<'_>| {
        let rest = profile.name().strip_prefix(PREFIX);
        profile.unrolls_over().is_none() && rest.is_some_and(|rest| rest.eq_ignore_ascii_case(key))
    };
    schema.profiles().find(meant).map(|profile| profile.name().to_owned())
}

/// What the names of most profiles begin with.
const PREFIX: &str = "current";

fn of_hosts(section: &str, name: &str) -> bool {
    OF_HOSTS.iter().any(|(profile, names)| *profile == section && names.contains(&name))
}

/// Whether a profile has line items: rules sum over them.
fn has_items(profile: Profile<'_>) -> bool {
    profile.methods().any(|method| method.name() == "basketSum")
}

/// The first keys of an object, for a message.
pub(super) fn named<'k>(keys: impl Iterator<Item = &'k str>) -> Option<String> {
    let mut keys = keys.map(|key| format!("`{}`", crate::diagnostic::shortened(key)));
    let first: Vec<String> = keys.by_ref().take(MOST_KEYS).collect();
    let more = keys.count();
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!first.is_empty()).then(|| format!("{}{rest}", first.join(", ")))
}
