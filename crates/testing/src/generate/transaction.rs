//! Strategies of transaction documents with values for what rules read: near
//! their constants, absent now and then, `null`, at fault.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::document::Document;
use super::expression::{Expression, Kind};
use super::needs::{ListNeeds, Needs};
use super::values;

/// Documents with values for what these rules read. Every one of them reads
/// for a layout of the rules.
pub fn transactions(rules: &[Expression]) -> BoxedStrategy<Document> {
    let needs = Needs::of(rules);
    let pools = Pools {
        numbers: needs.numbers.iter().cloned().collect(),
        texts: needs.texts.iter().cloned().collect(),
    };
    let mut steps: Vec<BoxedStrategy<Option<Step>>> = Vec::new();
    for (path, kind) in &needs.fields {
        steps.push(field(path.clone(), pools.value(*kind)));
    }
    for (path, kind) in &needs.answers {
        steps.push(pools.answer(path.clone(), *kind));
    }
    for path in &needs.entries {
        steps.push(field(path.clone(), pools.entry()));
    }
    let containers: Vec<Vec<String>> = needs.entries.iter().map(|path| path[..2].to_vec()).collect();
    for (path, list) in &needs.lists {
        steps.push(field(path.clone(), pools.list(list)));
    }
    // What the container holds decides otherwise than that it is there.
    let present = prop::collection::vec(0..10_u8, containers.len());
    (steps, present, 0..3_u8)
        .prop_map(move |(steps, present, other_name)| {
            let mut document = Document::empty();
            for step in steps.into_iter().flatten() {
                step.take(&mut document);
            }
            for (path, present) in containers.iter().zip(present) {
                match present {
                    0 => document.set(path, Document::Null),
                    1..=6 => document.put(path, Document::empty()),
                    _ => {}
                }
            }
            if other_name == 0 { under_the_other_name(document) } else { document }
        })
        .boxed()
}

/// `currentTracker` is another name of `currentTrackerCondition`.
fn under_the_other_name(document: Document) -> Document {
    let Document::Object(entries) = document else { return document };
    let renamed = entries.into_iter().map(|(key, value)| match key.as_str() {
        "currentTrackerCondition" => ("currentTracker".to_owned(), value),
        _ => (key, value),
    });
    Document::Object(renamed.collect())
}

/// Something done to a document.
#[derive(Debug, Clone)]
enum Step {
    Put(Vec<String>, Document),
    /// An argument for which a boolean method holds, in the list under a path.
    Hold(Vec<String>, String),
}

impl Step {
    fn take(self, document: &mut Document) {
        match self {
            Step::Put(path, value) => {
                // Where the answers are a list, an answer is one of its entries.
                let (last, way) = path.split_last().unwrap();
                let keys: Vec<&str> = way.iter().map(String::as_str).collect();
                match document.at(&keys) {
                    Some(Document::List(_)) if value == Document::Boolean(true) => {
                        Step::Hold(way.to_vec(), last.clone()).take(document);
                    }
                    Some(Document::List(_)) => {}
                    _ => document.put(&path, value),
                }
            }
            Step::Hold(path, argument) => {
                let keys: Vec<&str> = path.iter().map(String::as_str).collect();
                match document.at(&keys) {
                    None => document.put(&path, Document::List(vec![Document::Text(argument)])),
                    Some(Document::List(entries)) => {
                        let mut entries = entries.clone();
                        entries.push(Document::Text(argument));
                        document.set(&path, Document::List(entries));
                    }
                    Some(_) => document.put(&[path, vec![argument]].concat(), Document::Boolean(true)),
                }
            }
        }
    }
}

fn field(path: Vec<String>, values: BoxedStrategy<Document>) -> BoxedStrategy<Option<Step>> {
    sometimes(values).prop_map(move |value| value.map(|value| Step::Put(path.clone(), value))).boxed()
}

/// Mostly there, absent now and then, `null` seldom.
fn sometimes(values: BoxedStrategy<Document>) -> BoxedStrategy<Option<Document>> {
    prop_oneof![2 => Just(None), 1 => Just(Some(Document::Null)), 17 => values.prop_map(Some)].boxed()
}

/// The constants of the rules.
#[derive(Debug, Clone)]
struct Pools {
    numbers: Vec<String>,
    texts: Vec<String>,
}

impl Pools {
    fn value(&self, kind: Kind) -> BoxedStrategy<Document> {
        match kind {
            Kind::Boolean => any::<bool>().prop_map(Document::Boolean).boxed(),
            Kind::Number => self.number(),
            Kind::Text | Kind::Enum => self.text(),
            Kind::Date => self.date(),
        }
    }

    fn number(&self) -> BoxedStrategy<Document> {
        (values::number_near(&self.numbers), 0..8_u8)
            .prop_map(
                |(digits, quoted)| {
                    if quoted == 0 { Document::QuotedNumber(digits) } else { Document::Number(digits) }
                },
            )
            .boxed()
    }

    fn text(&self) -> BoxedStrategy<Document> {
        let pool = prop_oneof![
            6 => select(values::TEXTS).prop_map(|text| Document::Text(text.to_owned())),
            // Where a string is expected, numbers and booleans are taken by their text.
            1 => select(&["7", "221900", "1.00", "1e2"][..]).prop_map(|digits| Document::Digits(digits.to_owned())),
            1 => any::<bool>().prop_map(Document::Boolean),
        ];
        if self.texts.is_empty() {
            return pool.boxed();
        }
        let near = (select(self.texts.clone()), 0..5_u8).prop_map(|(text, change)| match change {
            0 => Document::Text(format!("{text}x")),
            1 => Document::Text(text.to_uppercase()),
            _ => Document::Text(text),
        });
        prop_oneof![1 => pool, 2 => near].boxed()
    }

    fn date(&self) -> BoxedStrategy<Document> {
        let texts: Vec<String> = self
            .texts
            .iter()
            .filter(|text| text.starts_with(|first: char| first.is_ascii_digit()))
            .cloned()
            .collect();
        let iso = (1995..2035_u32, 1..=12_u32, 1..=28_u32, 0..24_u32, 0..60_u32, 0..5_u8).prop_map(
            |(year, month, day, hour, minute, offset)| {
                let offset = ["", "Z", "+0530", "-03:00", "+14:00"][usize::from(offset)];
                Document::Text(format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00{offset}"))
            },
        );
        let pool = prop_oneof![
            4 => iso,
            3 => select(values::DATES).prop_map(|date| Document::Text(date.to_owned())),
            1 => select(values::LAST_DATES).prop_map(|date| Document::Text(date.to_owned())),
            1 => select(values::NO_DATES).prop_map(|text| Document::Text(text.to_owned())),
            2 => (788_918_400_000..2_051_222_400_000_i64).prop_map(|epoch| Document::Digits(epoch.to_string())),
        ];
        if texts.is_empty() {
            return pool.boxed();
        }
        prop_oneof![2 => pool, 1 => select(texts).prop_map(Document::Text)].boxed()
    }

    /// A custom field or a segment: a value or a list of values.
    fn entry(&self) -> BoxedStrategy<Document> {
        let list = prop::collection::vec(prop_oneof![8 => self.text(), 1 => Just(Document::Null)], 0..4);
        prop_oneof![3 => self.text(), 2 => list.prop_map(Document::List)].boxed()
    }

    fn answer(&self, path: Vec<String>, kind: Kind) -> BoxedStrategy<Option<Step>> {
        let (last, way) = path.split_last().unwrap();
        let (last, way) = (last.clone(), way.to_vec());
        let put = field(path.clone(), self.value(kind));
        match kind {
            Kind::Boolean => prop_oneof![4 => put, 1 => Just(Some(Step::Hold(way, last)))].boxed(),
            _ => put,
        }
    }

    fn list(&self, needs: &ListNeeds) -> BoxedStrategy<Document> {
        prop::collection::vec(self.item(needs), 0..5).prop_map(Document::List).boxed()
    }

    fn item(&self, needs: &ListNeeds) -> BoxedStrategy<Document> {
        let fields: Vec<_> = needs
            .fields
            .iter()
            .map(|(path, kind)| {
                let path = path.clone();
                sometimes(self.value(*kind)).prop_map(move |value| (path.clone(), value))
            })
            .collect();
        let attributes: Vec<_> = needs
            .attributes
            .iter()
            .map(|name| (Just(name.clone()), sometimes(self.text()), 0..3_u8, 0..6_u8))
            .collect();
        (fields, attributes)
            .prop_map(|(fields, attributes)| {
                let mut item = Document::empty();
                for (path, value) in fields {
                    if let Some(value) = value {
                        item.put(&path, value);
                    }
                }
                for (name, value, place, spelling) in attributes {
                    let Some(value) = value else { continue };
                    let key = spelled(&name, spelling);
                    let (way, object) = match place {
                        0 => (vec!["attributes".to_owned()], item.get("attributes").cloned()),
                        1 => (Vec::new(), Some(item.clone())),
                        _ => (vec!["extendedFields".to_owned()], item.get("extendedFields").cloned()),
                    };
                    // Two keys that differ in case only would be refused.
                    if !object.is_some_and(|object| object.has_similar(&key)) {
                        let rival = other_case(&key);
                        if spelling < 2 && rival != key {
                            // A null key is no rival of another case.
                            item.put(&[way.clone(), vec![rival]].concat(), Document::Null);
                        }
                        item.put(&[way, vec![key]].concat(), value);
                    }
                }
                item
            })
            .boxed()
    }
}

/// The same letters, each in the other case.
fn other_case(key: &str) -> String {
    let other = |letter: char| match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    };
    key.chars().map(other).collect()
}

/// The name of an item attribute as documents spell it.
fn spelled(name: &str, spelling: u8) -> String {
    let aliases = BTreeMap::from([
        ("sku_code", "code"),
        ("sku number", "code"),
        ("product name", "description"),
        ("short description", "description"),
    ]);
    match (spelling, aliases.get(name.to_lowercase().as_str())) {
        (0, _) => name.to_uppercase(),
        (1, _) => name.to_lowercase(),
        (2 | 3, Some(field)) => (*field).to_owned(),
        _ => name.to_owned(),
    }
}
