//! Reads the values of a schema file, each with its place. [`super::merge`]
//! reads and merges everything through this module.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::diagnostic::{Code, Confidence, Diagnostic, Found, Repair, Span, Suggestion, excerpt};
use crate::json::{Entries, Key, Kind, Located, Members, Reader};
use crate::limits::Limits;

use super::closest;
use super::model::{Attribute, Method, TypeName};

/// Reads a schema file and collects what is wrong with it.
pub(super) struct SchemaReader<'t> {
    pub(super) text: &'t str,
    pub(super) author: Author,
    pub(super) found: Found,
    /// Attributes and methods of which only the type is known, each kept once: a
    /// file may have tens of thousands.
    pub(super) plain: Plain,
}

/// What is known by its type alone.
#[derive(Default)]
pub(super) struct Plain {
    attributes: HashMap<TypeName, Arc<Attribute>>,
    methods: HashMap<TypeName, Arc<Method>>,
}

impl Plain {
    pub(super) fn attribute(&mut self, read: Attribute) -> Arc<Attribute> {
        let plain = self.attributes.entry(read.type_name);
        let plain = plain.or_insert_with_key(|type_name| Attribute::plain(*type_name).into());
        if **plain == read { plain.clone() } else { read.into() }
    }

    pub(super) fn method(&mut self, read: Method) -> Arc<Method> {
        let plain = self.methods.entry(read.returns);
        let plain = plain.or_insert_with_key(|returns| Method::plain(*returns).into());
        if **plain == read { plain.clone() } else { read.into() }
    }
}

/// Who wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// The embedded schema. Only it may say what is computed, and how.
    Ours,
    /// An organisation. Its transactions contain what the file adds.
    Organisation,
}

/// An object of the file.
pub(super) struct Object {
    /// The span that messages about the object mark.
    pub(super) head: Span,
    members: Vec<(Key, Located)>,
}

/// A string of the file.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Object {
    pub(super) fn get(&self, key: &str) -> Option<Located> {
        self.members.iter().find(|(found, _)| found.text == key).map(|(_, value)| *value)
    }

    /// The place of the value of a key; that of the object where the key is
    /// missing.
    pub(super) fn place(&self, key: &str) -> Span {
        self.get(key).map_or(self.head, Located::head)
    }
}

impl IntoIterator for Object {
    type Item = (Word, Located);
    type IntoIter = std::iter::Map<std::vec::IntoIter<(Key, Located)>, fn((Key, Located)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter().map(|(key, value)| (Word { text: key.text, span: key.span }, value))
    }
}

impl<'t> SchemaReader<'t> {
    pub(super) fn new(text: &'t str, author: Author, limits: &Limits) -> SchemaReader<'t> {
        SchemaReader { text, author, found: Found::reporting(limits.errors), plain: Plain::default() }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Reports an entry that is wrong by itself.
    pub(super) fn wrong_entry(&mut self, span: Span, message: impl Into<String>, help: impl Into<Repair>) {
        self.report(
            Diagnostic::new(Code::SchemaEntry, span, message).note("this cannot stand here").help(help),
        );
    }

    /// Reports an entry that contradicts what is known.
    pub(super) fn conflict(&mut self, span: Span, message: impl Into<String>, help: impl Into<Repair>) {
        self.report(
            Diagnostic::new(Code::SchemaConflict, span, message).note("this says otherwise").help(help),
        );
    }

    /// Reads an object of which all keys are known.
    pub(super) fn object(&mut self, value: Located, what: &str, keys: &[&str]) -> Option<Object> {
        let object = self.map(value, what)?;
        for (key, _) in &object.members {
            if !keys.contains(&key.text.as_str()) {
                let else_say = format!("the keys are `{}`", keys.join("`, `"));
                let help = did_you_mean(&key.text, key.span, keys.iter().copied(), else_say);
                self.report(
                    Diagnostic::new(
                        Code::UnknownKey,
                        key.span,
                        format!("{what} has no `{}`", excerpt(&key.text)),
                    )
                    .note("not a key of it")
                    .help(help),
                );
            }
        }
        Some(object)
    }

    /// Reads an object whose keys are names.
    pub(super) fn map(&mut self, value: Located, what: &str) -> Option<Object> {
        self.expect(value, Kind::Object, what, "an object in braces")?;
        let mut members: Vec<(Key, Located)> = Members::of(self.text, value).collect();
        let mut firsts: HashMap<&str, Span> = HashMap::with_capacity(members.len());
        let mut repeated: HashSet<Span> = HashSet::new();
        for (key, _) in &members {
            let first = *firsts.entry(&key.text).or_insert(key.span);
            if first != key.span {
                repeated.insert(key.span);
                let message = format!("`{}` stands twice in this object", excerpt(&key.text));
                self.report(
                    Diagnostic::new(Code::DuplicateKey, key.span, message)
                        .note("a second time")
                        .label(first, "the first time")
                        .help("keep one of them"),
                );
            }
        }
        drop(firsts);
        members.retain(|(key, _)| !repeated.contains(&key.span));
        Some(Object { head: value.head(), members })
    }

    /// Reads the entries of a list.
    pub(super) fn list(&mut self, value: Located, what: &str) -> Vec<Located> {
        match self.expect(value, Kind::Array, what, "a list in square brackets") {
            Some(()) => Entries::of(self.text, value).collect(),
            None => Vec::new(),
        }
    }

    /// Reads a list of strings.
    pub(super) fn words(&mut self, value: Located, what: &str) -> Vec<Word> {
        if self.expect(value, Kind::Array, what, "a list in square brackets").is_none() {
            return Vec::new();
        }
        let what = format!("an entry of {what}");
        Entries::of(self.text, value).filter_map(|entry| self.word(entry, &what)).collect()
    }

    pub(super) fn word(&mut self, value: Located, what: &str) -> Option<Word> {
        self.expect(value, Kind::String, what, "text in double quotes")?;
        let mut json = Reader::within(self.text, value.span);
        let text = json.peek().and_then(|_| json.string());
        match text {
            Ok(text) => Some(Word { text, span: value.span }),
            Err(fault) => {
                self.report(fault);
                None
            }
        }
    }

    /// A string that was read before: a file may give a hundred thousand names, and
    /// their places take less than they.
    pub(super) fn again(&self, span: Span) -> Option<Word> {
        let text = Reader::within(self.text, span).whole_string()?;
        Some(Word { text, span })
    }

    /// Reads a line of text; empty where the key is missing.
    pub(super) fn line(&mut self, object: &Object, key: &str) -> String {
        let Some(value) = object.get(key) else { return String::new() };
        self.word(value, &format!("`{key}`")).map(|word| word.text).unwrap_or_default()
    }

    pub(super) fn flag(&mut self, object: &Object, key: &str) -> Option<bool> {
        let value = object.get(key)?;
        match value.kind {
            Kind::Boolean(flag) => Some(flag),
            kind => {
                self.wrong_kind(kind, value.head(), &format!("`{key}`"), "`true` or `false`");
                None
            }
        }
    }

    pub(super) fn whole_number(&mut self, object: &Object, key: &str) -> Option<i64> {
        let value = object.get(key)?;
        self.expect(value, Kind::Number, &format!("`{key}`"), "a whole number")?;
        let digits = self.text.get(value.span.range()).unwrap_or("");
        let number = digits.parse().ok();
        if number.is_none() {
            self.wrong_entry(
                value.span,
                format!("`{key}` is a whole number"),
                "write it in digits, such as `24`",
            );
        }
        number
    }

    pub(super) fn type_name(&mut self, object: &Object, key: &str, of: &str) -> Option<TypeName> {
        let Some(value) = object.get(key) else {
            let help = format!("one of {}", type_names());
            self.wrong_entry(object.head, format!("{of} lacks its `{key}`"), help);
            return None;
        };
        let word = self.word(value, &format!("`{key}`"))?;
        self.type_called(&word)
    }

    /// The type with this name; reports where there is none.
    pub(super) fn type_called(&mut self, word: &Word) -> Option<TypeName> {
        if let Some(known) = TypeName::ALL.iter().find(|known| known.name() == word.text) {
            return Some(*known);
        }
        let names = TypeName::ALL.iter().map(|known| known.name());
        let meant = TypeName::called_elsewhere(&word.text).map(TypeName::name);
        let help = match meant {
            Some(name) => Repair::did_you_mean(name, [instead(word.span, name)]),
            None => did_you_mean(&word.text, word.span, names, format!("the types are {}", type_names())),
        };
        self.wrong_entry(word.span, format!("there is no type `{}`", excerpt(&word.text)), help);
        None
    }

    /// One of a fixed set of words, such as the role of a parameter.
    pub(super) fn choice<T: for<'d> Deserialize<'d>>(&mut self, object: &Object, key: &str) -> Option<T> {
        let word = self.word(object.get(key)?, &format!("`{key}`"))?;
        let deserializer: StrDeserializer<'_, Error> = word.text.as_str().into_deserializer();
        let choice = T::deserialize(deserializer).ok();
        if choice.is_none() {
            let message = format!("there is no `{key}` called `{}`", excerpt(&word.text));
            self.wrong_entry(word.span, message, format!("leave `{key}` away"));
        }
        choice
    }

    fn expect(&mut self, value: Located, kind: Kind, what: &str, written: &str) -> Option<()> {
        if value.kind == kind {
            return Some(());
        }
        self.wrong_kind(value.kind, value.head(), what, written);
        None
    }

    fn wrong_kind(&mut self, found: Kind, span: Span, what: &str, written: &str) {
        self.report(
            Diagnostic::new(Code::WrongType, span, format!("{what} is {written}, not {}", found.name()))
                .note(format!("this is {}", found.name()))
                .help(format!("write {written}")),
        );
    }

    /// Whether a text is a valid name of the language; reports where it is not.
    pub(super) fn is_name(&mut self, word: &Word) -> bool {
        let first = word.text.bytes().next();
        let named = first.is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && word.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !named {
            let message = format!("no rule can write the name `{}`", excerpt(&word.text));
            self.wrong_entry(
                word.span,
                message,
                "a name has letters, digits and `_`, and begins with no digit",
            );
        }
        named
    }
}

/// Suggests another name in place of one in the file.
pub(super) fn instead(span: Span, name: &str) -> Suggestion {
    Suggestion::json_string(span, name, Confidence::Guess)
}

/// Asks whether the closest name is meant; without one, gives the other advice.
pub(super) fn did_you_mean<'n>(
    name: &str,
    span: Span,
    names: impl IntoIterator<Item = &'n str>,
    else_say: impl Into<Repair>,
) -> Repair {
    match closest(name, names) {
        Some(close) => Repair::did_you_mean(close, [instead(span, close)]),
        None => else_say.into(),
    }
}

/// The names of the types that a file may use.
fn type_names() -> String {
    let told = TypeName::ALL.iter().filter(|known| **known != TypeName::Unknown);
    let told: Vec<String> = told.map(|known| format!("`{}`", known.name())).collect();
    told.join(", ")
}
