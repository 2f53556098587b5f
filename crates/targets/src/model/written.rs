//! Values of a payload, kept as the platform wrote them: a number with its
//! digits, a date in its spelling, and any JSON at all.
//!
//! They hold the JSON text itself. serde_json would read a number into an
//! `f64` and lose digits; its feature `arbitrary_precision` would keep them,
//! but features are global: it would change how every other crate of an
//! embedder reads numbers.

use std::collections::BTreeMap;

use serde::ser::{Error, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use target_rules::json::{Kind, Reader};
use target_rules::value::{DateText, NumberForm};
use target_rules::{Instant, Number};

use crate::json::{Node, ReadJson, ShapeFault, from_serde};

/// A JSON value as it is written. Two are equal where their texts are.
///
/// ```
/// use loyalty_targets::{Raw, Target};
/// let text = r#"{"id": 50, "targetMilestoneTriggers": [{"at": 2500.00}]}"#;
/// let target: Target = serde_json::from_str(text)?;
/// let triggers = target.target_milestone_triggers.as_ref();
/// assert_eq!(triggers.map(Raw::text), Some(r#"[{"at": 2500.00}]"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
// INVARIANT: the text is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(Box<str>);

impl Raw {
    /// The JSON text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The JSON text of a value; `None` where serde refuses it.
    pub fn of(value: &impl Serialize) -> Option<Raw> {
        serde_json::to_string(value).ok().map(|text| Raw(text.into()))
    }

    /// The decoded string; `None` of what is no string.
    fn string(&self) -> Option<String> {
        let text = self.text();
        text.starts_with('"').then(|| Reader::new(text).string().ok())?
    }
}

impl ReadJson for Raw {
    fn read(value: Node<'_>) -> Result<Raw, ShapeFault> {
        Ok(Raw(value.text().into()))
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|json| Raw(json.into()))
    }
}

/// A number with the digits that the platform wrote: a JSON number, or a
/// string of that form.
///
/// ```
/// use loyalty_targets::WrittenNumber;
/// use target_rules::Number;
/// let number: WrittenNumber = serde_json::from_str("5000.10")?;
/// assert_eq!(number.value(), Number::from_json("5000.1"));
/// assert_eq!(serde_json::to_string(&number)?, "5000.10");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WrittenNumber(Raw);

impl WrittenNumber {
    /// Its value; fails where it has more digits than a number can hold.
    pub fn value(&self) -> Result<Number, NumberForm> {
        match self.0.string() {
            Some(digits) => Number::from_json(&digits),
            None => Number::from_json(self.text()),
        }
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        self.0.text()
    }
}

impl From<Number> for WrittenNumber {
    /// The number in its shortest digits.
    fn from(number: Number) -> WrittenNumber {
        // INVARIANT: a number prints as a JSON number.
        WrittenNumber(Raw(number.to_string().into()))
    }
}

impl ReadJson for WrittenNumber {
    fn read(value: Node<'_>) -> Result<WrittenNumber, ShapeFault> {
        let number = WrittenNumber(Raw::read(value)?);
        match number.value() {
            Err(NumberForm::Malformed) => Err(ShapeFault::of_type(value, "a number")),
            // A number that is too large is kept, and said to be so where its
            // value is asked for.
            Ok(_) | Err(NumberForm::OutOfRange) => Ok(number),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WrittenNumber, D::Error> {
        from_serde(deserializer)
    }
}

/// A date in the spelling of the platform: `2024-08-09T08:05:59.000+0000`,
/// `2024-08-09`, or epoch milliseconds.
///
/// ```
/// use loyalty_targets::WrittenDate;
/// use target_rules::value::DateText;
/// let date: WrittenDate = serde_json::from_str(r#""2024-08-09""#)?;
/// assert_eq!(date.date(), DateText::parse("2024-08-09"));
/// let date: WrittenDate = serde_json::from_str("1723190400000")?;
/// assert_eq!(date.date(), DateText::parse("2024-08-09T08:00:00Z"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WrittenDate(Raw);

impl WrittenDate {
    /// What it says; [`DateText::Invalid`] for a text that is no date.
    pub fn date(&self) -> DateText {
        match self.0.string() {
            Some(text) => DateText::parse(&text),
            None => {
                let count = self.text().parse().ok();
                let instant = count.and_then(|count| Instant::from_milliseconds(count).ok());
                instant.map_or(DateText::Invalid, DateText::Instant)
            }
        }
    }

    /// The day that it is written with, whatever its offset; of epoch milliseconds,
    /// which are written with no day, their instant.
    pub(crate) fn day(&self) -> DateText {
        let text = self.0.string();
        let day = text.as_deref().and_then(|text| text.trim_start().get(..10)).map(DateText::parse);
        match (self.date(), day) {
            (DateText::Instant(_), Some(day @ DateText::Local(_))) => day,
            (date, _) => date,
        }
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        self.0.text()
    }
}

impl ReadJson for WrittenDate {
    fn read(value: Node<'_>) -> Result<WrittenDate, ShapeFault> {
        let fits = match value.kind() {
            Kind::String => value.string().is_ok(),
            Kind::Number => value.text().parse::<i64>().is_ok(),
            _ => false,
        };
        if fits { Raw::read(value).map(WrittenDate) } else { Err(ShapeFault::of_type(value, "a date")) }
    }
}

impl<'de> Deserialize<'de> for WrittenDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WrittenDate, D::Error> {
        from_serde(deserializer)
    }
}

/// The fields of a record that this crate gives no meaning to, as they are
/// written; and which of the fields that it knows are written as `null`.
///
/// ```
/// use loyalty_targets::Target;
/// let text = r#"{"id":50,"stars":5.00,"colour":"red"}"#;
/// let target: Target = serde_json::from_str(text)?;
/// assert!(target.other.keys().eq(["colour", "stars"]));
/// assert_eq!(target.other.get("stars"), Some("5.00")); // with its digits
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unlisted(BTreeMap<String, Raw>);

impl Unlisted {
    /// The JSON text of a field.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(Raw::text)
    }

    /// The names of the fields, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Keeps a member as it is written.
    pub(crate) fn keep(&mut self, key: String, value: Node<'_>) {
        self.0.insert(key, Raw(value.text().into()));
    }

    /// Writes all but those that the record holds itself by now.
    pub(crate) fn write<M: SerializeMap>(
        &self,
        map: &mut M,
        held: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        for (key, value) in self.0.iter().filter(|(key, _)| !held(key)) {
            map.serialize_entry(key, value)?;
        }
        Ok(())
    }
}

/// A word of a fixed list as the platform wrote it; a newer platform may have
/// words that are not known here, and they are kept.
///
/// ```
/// use loyalty_targets::{TargetEntity, Word};
/// let word = Word::<TargetEntity>::new("REWARDS");
/// assert_eq!((word.known(), word.text()), (Some(TargetEntity::Points), "REWARDS"));
/// assert_eq!(Word::<TargetEntity>::new("STARS").known(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<K> {
    text: String,
    known: Option<K>,
}

/// A fixed list of words.
///
/// ```
/// use loyalty_targets::{TargetEntity, Vocabulary};
/// // The words for a message or for a list to choose from.
/// let words = TargetEntity::SPELLINGS.iter().map(|(spelling, _)| *spelling);
/// let known = words.collect::<Vec<_>>().join(", ");
/// let message = format!("`STARS` is no {}; known are {known}", TargetEntity::WHAT);
/// assert!(message.starts_with("`STARS` is no target entity; known are TRANSACTION, "));
/// ```
pub trait Vocabulary: Copy + PartialEq + 'static {
    /// What the words are, in a few words: `target type`.
    const WHAT: &'static str;
    /// Every spelling and what it means.
    const SPELLINGS: &'static [(&'static str, Self)];
}

impl<K: Vocabulary> Word<K> {
    /// The word of a text.
    pub fn new(text: impl Into<String>) -> Word<K> {
        let text = text.into();
        let known = K::SPELLINGS.iter().find(|(spelling, _)| *spelling == text).map(|(_, known)| *known);
        Word { text, known }
    }

    /// The word as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it means; `None` where it is not in the list.
    pub fn known(&self) -> Option<K> {
        self.known
    }
}

impl<K: Vocabulary> From<K> for Word<K> {
    /// The word in its first spelling.
    fn from(known: K) -> Word<K> {
        let spelling = K::SPELLINGS.iter().find(|(_, meaning)| *meaning == known);
        Word { text: spelling.map_or("", |(spelling, _)| spelling).to_owned(), known: Some(known) }
    }
}

impl<K> Serialize for Word<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<K: Vocabulary> ReadJson for Word<K> {
    fn read(value: Node<'_>) -> Result<Word<K>, ShapeFault> {
        String::read(value).map(Word::new)
    }
}

impl<'de, K: Vocabulary> Deserialize<'de> for Word<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word<K>, D::Error> {
        String::deserialize(deserializer).map(Word::new)
    }
}
