//! Values of a file of cases, each with its place; what is wrong is collected.

use std::collections::HashMap;

use target_rules::diagnostic::{Code, Confidence, Diagnostic, Repair, Span, Suggestion, excerpt};
use target_rules::json::{Entries, Key, Kind, Located, Members, Reader};
use target_rules::schema::closest;
use target_rules::value::Total;

use super::model::At;

/// Reads values of a text, which is known to be JSON, and collects what is wrong.
pub(super) struct Values<'t> {
    pub(super) text: &'t str,
    found: Vec<Diagnostic>,
    /// How many faults are kept.
    most: usize,
}

/// An object whose keys are known, and each there once.
pub(super) struct Object {
    pub(super) at: Located,
    pub(super) members: Vec<(Key, Located)>,
}

impl Object {
    pub(super) fn get(&self, key: &str) -> Option<Located> {
        self.members.iter().find(|(found, _)| found.text == key).map(|(_, value)| *value)
    }
}

impl<'t> Values<'t> {
    pub(super) fn new(text: &'t str, most: usize) -> Values<'t> {
        Values { text, found: Vec::new(), most: most.max(1) }
    }

    pub(super) fn found(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Whether more faults were found than are told, so that nothing more need be
    /// said of any other.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() > self.most
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        // One more than is shown tells that there are more.
        if self.found.len() <= self.most {
            self.found.push(diagnostic);
        }
    }

    /// Reports something of another shape.
    pub(super) fn wrong(&mut self, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::new(Code::PayloadShape, at, message).help(help.into()));
    }

    fn wrong_kind(&mut self, value: Located, what: &str, written: &str) {
        self.wrong(
            value.head(),
            format!("{what} is {written}, not {}", value.kind.name()),
            format!("write {written}"),
        );
    }

    /// Reads an object with these keys and no others.
    pub(super) fn object(&mut self, value: Located, what: &str, keys: &[&str]) -> Option<Object> {
        let object = self.map(value, what)?;
        for (key, _) in &object.members {
            if !keys.contains(&key.text.as_str()) {
                let message = format!("{what} has no `{}`", excerpt(&key.text));
                let help = match closest(&key.text, keys.iter().copied()) {
                    Some(close) => {
                        let meant = Suggestion::json_string(key.span, close, Confidence::Guess);
                        Repair::did_you_mean(close, [meant])
                    }
                    None => Repair::from(format!("the keys are `{}`", keys.join("`, `"))),
                };
                let unknown = Diagnostic::new(Code::UnknownKey, key.span, message);
                self.report(unknown.note("not a key of it").help(help));
            }
        }
        Some(object)
    }

    /// Reads an object whose keys are names.
    pub(super) fn map(&mut self, value: Located, what: &str) -> Option<Object> {
        if value.kind != Kind::Object {
            self.wrong_kind(value, what, "an object in braces");
            return None;
        }
        let mut firsts: HashMap<String, Span> = HashMap::new();
        let mut members = Vec::new();
        for (key, inner) in Members::of(self.text, value) {
            if let Some(first) = firsts.get(&key.text) {
                let message = format!("`{}` stands twice in this object", excerpt(&key.text));
                let twice = Diagnostic::new(Code::DuplicateKey, key.span, message);
                let twice = twice.note("a second time").label(*first, "the first time");
                self.report(twice.help("keep one of them"));
            } else {
                firsts.insert(key.text.clone(), key.span);
                members.push((key, inner));
            }
        }
        Some(Object { at: value, members })
    }

    /// The entries of a list.
    pub(super) fn list(&mut self, value: Located, what: &str) -> Option<Vec<Located>> {
        if value.kind == Kind::Array {
            return Some(Entries::of(self.text, value).collect());
        }
        self.wrong_kind(value, what, "a list in square brackets");
        None
    }

    pub(super) fn word(&mut self, value: Located, what: &str) -> Option<At<String>> {
        if value.kind != Kind::String {
            self.wrong_kind(value, what, "text in double quotes");
            return None;
        }
        match Reader::within(self.text, value.span).string() {
            Ok(word) => Some(At { value: word, at: value }),
            Err(fault) => {
                self.report(fault);
                None
            }
        }
    }

    pub(super) fn words(&mut self, value: Located, what: &str) -> Option<Vec<String>> {
        let entries = self.list(value, what)?;
        let entry = format!("an entry of {what}");
        Some(entries.into_iter().filter_map(|one| Some(self.word(one, &entry)?.value)).collect())
    }

    pub(super) fn flag(&mut self, value: Located, what: &str) -> Option<At<bool>> {
        match value.kind {
            Kind::Boolean(flag) => Some(At { value: flag, at: value }),
            _ => {
                self.wrong_kind(value, what, "`true` or `false`");
                None
            }
        }
    }

    /// The digits of a number as they are written.
    fn digits(&mut self, value: Located, what: &str, written: &str) -> Option<&'t str> {
        if value.kind != Kind::Number {
            self.wrong_kind(value, what, written);
            return None;
        }
        self.text.get(value.span.range())
    }

    pub(super) fn whole(&mut self, value: Located, what: &str) -> Option<At<i64>> {
        let digits = self.digits(value, what, "a whole number")?;
        let number = digits.parse().ok().map(|number| At { value: number, at: value });
        if number.is_none() {
            self.wrong(value.span, format!("{what} is a whole number"), "write it in digits, such as `50`");
        }
        number
    }

    /// A position or a line: a whole number that is not below `least`.
    pub(super) fn count(&mut self, value: Located, what: &str, least: usize) -> Option<usize> {
        let digits = self.digits(value, what, "a whole number")?;
        let number = digits.parse().ok().filter(|number| *number >= least);
        if number.is_none() {
            let message = format!("{what} is a whole number from {least} on");
            self.wrong(value.span, message, format!("the first is {least}"));
        }
        number
    }

    pub(super) fn amount(&mut self, value: Located, what: &str) -> Option<At<Total>> {
        let digits = self.digits(value, what, "a number")?;
        let amount = digits.parse().ok().map(|amount| At { value: amount, at: value });
        if amount.is_none() {
            let help = "write it in digits without an exponent, such as `1346.15`";
            self.wrong(value.span, format!("{what} cannot be held as a number"), help);
        }
        amount
    }
}
