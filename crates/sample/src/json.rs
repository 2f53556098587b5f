//! JSON, written with its digits: amounts are hundredths, and no decimal of a
//! library is written as a number by serde without a feature that changes numbers
//! for the whole program.
//!
//! Every text that is written stands in this crate or is made of letters, digits
//! and signs that JSON doesn't escape.

use crate::dice::{Dice, Topic};
use crate::options::Share;

/// The name of a value as it is written behind another one: by [`key`].
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) &'static str);

/// A name as a [`Key`]: one text to copy and not four.
macro_rules! key {
    ($name:literal) => {
        $crate::json::Key(concat!(",\"", $name, "\":"))
    };
}
pub(crate) use key;

/// What one line is written by, and which of its values are missing.
pub(crate) struct Json {
    text: String,
    first: bool,
    digits: itoa::Buffer,
    seed: u64,
    absent: u32,
    gaps: Dice,
}

impl Json {
    pub(crate) fn new(seed: u64, absent: Share) -> Json {
        Json {
            text: String::with_capacity(4096),
            first: true,
            digits: itoa::Buffer::new(),
            seed,
            absent: absent.in_a_million(),
            gaps: Dice::new(seed, Topic::Gaps, 0),
        }
    }

    /// Begins a line. Its gaps are drawn apart, so that it is the same but for them.
    pub(crate) fn begin(&mut self, line: u64) {
        self.text.clear();
        if self.absent > 0 {
            self.gaps = Dice::new(self.seed, Topic::Gaps, line);
        }
    }

    /// The line so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        self.text.push('\n');
    }

    fn key(&mut self, key: Key) {
        // The first of an object has no comma before it.
        let from = usize::from(std::mem::take(&mut self.first));
        self.text.push_str(key.0.get(from..).unwrap_or_default());
    }

    /// Whether a value is missing. Of four that are, one is `null`.
    fn gap(&mut self, key: Key) -> bool {
        if self.absent == 0 || self.gaps.below(1_000_000) >= self.absent {
            return false;
        }
        if self.gaps.percent(25) {
            self.key(key);
            self.text.push_str("null");
        }
        true
    }

    fn object(&mut self, inside: impl FnOnce(&mut Json)) {
        self.text.push('{');
        self.first = true;
        inside(self);
        self.text.push('}');
        self.first = false;
    }

    /// The object of the whole line.
    pub(crate) fn document(&mut self, inside: impl FnOnce(&mut Json)) {
        self.object(inside);
    }

    /// An object that is there.
    pub(crate) fn within(&mut self, key: Key, inside: impl FnOnce(&mut Json)) {
        self.key(key);
        self.object(inside);
    }

    /// An object that may be missing.
    pub(crate) fn may_have(&mut self, key: Key, inside: impl FnOnce(&mut Json)) {
        if !self.gap(key) {
            self.within(key, inside);
        }
    }

    /// A list of objects that is there.
    pub(crate) fn list<T>(
        &mut self,
        key: Key,
        entries: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Json, T),
    ) {
        self.key(key);
        self.text.push('[');
        self.first = true;
        for entry in entries {
            if !std::mem::take(&mut self.first) {
                self.text.push(',');
            }
            self.object(|json| write(json, entry));
        }
        self.text.push(']');
        self.first = false;
    }

    /// A list of one number, or an empty one.
    pub(crate) fn ids(&mut self, key: Key, id: Option<u32>) {
        if self.gap(key) {
            return;
        }
        self.key(key);
        self.text.push('[');
        if let Some(id) = id {
            self.text.push_str(self.digits.format(id));
        }
        self.text.push(']');
    }

    fn quoted(&mut self, value: &str) {
        self.text.push('"');
        self.text.push_str(value);
        self.text.push('"');
    }

    /// A text that is there.
    pub(crate) fn name(&mut self, key: Key, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    /// A text that may be missing.
    pub(crate) fn string(&mut self, key: Key, value: &str) {
        if !self.gap(key) {
            self.name(key, value);
        }
    }

    /// A text of several parts that may be missing.
    pub(crate) fn parts(&mut self, key: Key, parts: &[&str]) {
        if self.gap(key) {
            return;
        }
        self.key(key);
        self.text.push('"');
        parts.iter().for_each(|part| self.text.push_str(part));
        self.text.push('"');
    }

    /// A letter and a number of eight digits or more, which is there.
    pub(crate) fn numbered(&mut self, key: Key, letter: &str, number: u64) {
        self.key(key);
        self.text.push('"');
        self.text.push_str(letter);
        let digits = self.digits.format(number);
        self.text.push_str("00000000".get(digits.len()..).unwrap_or_default());
        self.text.push_str(digits);
        self.text.push('"');
    }

    /// A whole number that is there.
    pub(crate) fn id(&mut self, key: Key, value: u64) {
        self.key(key);
        self.text.push_str(self.digits.format(value));
    }

    /// A whole number that may be missing.
    pub(crate) fn whole(&mut self, key: Key, value: i64) {
        if !self.gap(key) {
            self.key(key);
            self.text.push_str(self.digits.format(value));
        }
    }

    /// An amount of hundredths that may be missing.
    pub(crate) fn hundredths(&mut self, key: Key, value: i64) {
        if self.gap(key) {
            return;
        }
        self.key(key);
        if value < 0 {
            self.text.push('-');
        }
        let value = value.unsigned_abs();
        self.text.push_str(self.digits.format(value / 100));
        self.text.push('.');
        self.two(u32::try_from(value % 100).unwrap_or_default());
    }

    /// A truth value that may be missing.
    pub(crate) fn flag(&mut self, key: Key, value: bool) {
        if !self.gap(key) {
            self.key(key);
            self.text.push_str(if value { "true" } else { "false" });
        }
    }

    fn two(&mut self, value: u32) {
        for digit in [value / 10, value % 10] {
            self.text.push(char::from_digit(digit, 10).unwrap_or('0'));
        }
    }

    fn date(&mut self, date: jiff::civil::Date) {
        self.text.push_str(self.digits.format(date.year()));
        for part in [date.month(), date.day()] {
            self.text.push('-');
            self.two(u32::from(part.unsigned_abs()));
        }
    }

    /// A day that may be missing.
    pub(crate) fn day(&mut self, key: Key, date: jiff::civil::Date) {
        if self.gap(key) {
            return;
        }
        self.key(key);
        self.text.push('"');
        self.date(date);
        self.text.push('"');
    }

    /// A date with its time, which is there.
    pub(crate) fn time(&mut self, key: Key, date: jiff::civil::Date, second: u32) {
        self.key(key);
        self.text.push('"');
        self.date(date);
        for (sign, part) in [('T', second / 3600), (':', second / 60 % 60), (':', second % 60)] {
            self.text.push(sign);
            self.two(part);
        }
        self.text.push('"');
    }
}
