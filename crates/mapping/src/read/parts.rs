//! Parts of a file: objects, lists, texts, and what is said where one is another.

use std::collections::HashSet;

use target_rules::Diagnostic;
use target_rules::diagnostic::{Code, Confidence, Repair, Span, Suggestion, excerpt};
use target_rules::json::{Entries, Kind, Located, Members};
use target_rules::schema::closest;

use super::file_reader::{FileReader, Word};

impl FileReader<'_> {
    /// An entry that cannot stand as it is.
    pub(super) fn wrong(&mut self, span: Span, message: impl Into<String>, help: impl Into<Repair>) {
        let fault = Diagnostic::new(Code::PayloadShape, span, message);
        self.found.push(fault.note("this cannot stand here").help(help));
    }

    /// A value of another type.
    pub(super) fn wrong_type(&mut self, value: Located, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, is {}", value.kind.name());
        self.found.push(Diagnostic::new(Code::WrongType, value.head(), message).note("of another type"));
    }

    /// The members of an object, no key twice.
    pub(super) fn members(&mut self, value: Located, what: &str) -> Vec<(Word, Located)> {
        if !FileReader::is(value, Kind::Object) {
            self.wrong_type(value, what, "an object");
            return Vec::new();
        }
        let mut seen = HashSet::new();
        let mut members = Vec::new();
        for (key, value) in Members::of(self.text, value) {
            if seen.insert(key.text.clone()) {
                members.push((Word { text: key.text, span: key.span }, value));
            } else {
                let message = format!("the key `{}` stands twice in this object", excerpt(&key.text));
                let fault = Diagnostic::new(Code::DuplicateKey, key.span, message);
                self.found.push(fault.note("the second one").help("remove one of the two"));
            }
        }
        members
    }

    /// The members of an object all of whose keys are known.
    pub(super) fn object(
        &mut self,
        value: Located,
        what: &str,
        keys: &[&str],
    ) -> Option<Vec<(Word, Located)>> {
        if !FileReader::is(value, Kind::Object) {
            self.wrong_type(value, what, "an object");
            return None;
        }
        let mut members = self.members(value, what);
        members.retain(|(key, _)| {
            let known = keys.contains(&key.text.as_str());
            if !known {
                let message = format!("{what} has no `{}`", excerpt(&key.text));
                let help = did_you_mean(key, keys.iter().copied(), || {
                    format!("the keys are `{}`", keys.join("`, `"))
                });
                let fault = Diagnostic::new(Code::UnknownKey, key.span, message);
                self.found.push(fault.note("not a key of it").help(help));
            }
            known
        });
        Some(members)
    }

    pub(super) fn entries(&mut self, value: Located, what: &str) -> Vec<Located> {
        if !FileReader::is(value, Kind::Array) {
            self.wrong_type(value, what, "a list in square brackets");
            return Vec::new();
        }
        Entries::of(self.text, value).collect()
    }

    pub(super) fn string(&mut self, value: Located, what: &str) -> Option<Word> {
        if !FileReader::is(value, Kind::String) {
            self.wrong_type(value, what, "a string");
            return None;
        }
        self.word(value)
    }

    pub(super) fn text_of(&mut self, value: Located, what: &str) -> Option<String> {
        self.string(value, what).map(|word| word.text)
    }

    pub(super) fn boolean(&mut self, value: Located, what: &str) -> Option<bool> {
        match value.kind {
            Kind::Boolean(said) => Some(said),
            _ => {
                self.wrong_type(value, what, "`true` or `false`");
                None
            }
        }
    }

    /// One character.
    pub(super) fn character(&mut self, value: Located, what: &str) -> Option<char> {
        let word = self.string(value, what)?;
        let mut characters = word.text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Some(only),
            _ => {
                let said = excerpt(&word.text);
                self.wrong(
                    word.span,
                    format!("{what} is one character, not `{said}`"),
                    "write one, such as `,`",
                );
                None
            }
        }
    }

    /// One word of a few.
    pub(super) fn one_of<T: Copy>(&mut self, value: Located, what: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.string(value, what)?;
        let found = words.iter().find(|(known, _)| *known == word.text).map(|(_, means)| *means);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
            let help =
                did_you_mean(&word, known.iter().copied(), || format!("one of `{}`", known.join("`, `")));
            let message = format!("{what} is not `{}`", excerpt(&word.text));
            self.found.push(
                Diagnostic::new(Code::PayloadShape, word.span, message).note("not a word for it").help(help),
            );
        }
        found
    }
}

/// The nearest of some names, or else a sentence.
pub(super) fn did_you_mean<'n>(
    word: &Word,
    names: impl IntoIterator<Item = &'n str>,
    else_say: impl FnOnce() -> String,
) -> Repair {
    match closest(&word.text, names) {
        Some(close) => Repair::did_you_mean(close, [instead(word.span, close)]),
        None => else_say().into(),
    }
}

/// A text in the place of another.
pub(super) fn instead(span: Span, with: &str) -> Suggestion {
    Suggestion::json_string(span, with, Confidence::Guess)
}
