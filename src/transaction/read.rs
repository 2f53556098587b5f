//! The document of a transaction, read for a layout.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::json::{Key, Kind, Reader, too_deep};
use crate::limits::Limits;
use crate::value::{DateText, Instant, Number, NumberForm};

use super::layout::{FieldType, ItemLayout, Layout, ProfileLayout};
use super::{FieldValue, LineItem, ProfileValues, Transaction};

type Result<T> = std::result::Result<T, Diagnostic>;

impl Layout {
    /// Reads a transaction document: one JSON object, keyed by profile.
    ///
    /// Only what the layout's rules read is looked at. There, a value of the
    /// wrong type and a key that stands twice are errors for the whole
    /// document, each with its JSON pointer. Cost is linear in its length.
    pub fn read(&self, document: &str, limits: &Limits) -> std::result::Result<Transaction, Diagnostics> {
        let fail =
            |fault| Diagnostics::gather(&Source::new(Form::Payload, document), vec![fault], limits.errors);
        if document.len() > limits.transaction {
            return Err(fail(Diagnostic::new(
                Code::Limit,
                Span::new(limits.transaction, document.len()),
                format!("the document has {} bytes; at most {} are read", document.len(), limits.transaction),
            )));
        }
        let mut reader = DocumentReader { json: Reader::new(document), limits, depth: 0 };
        reader.transaction(self).map_err(fail)
    }
}

struct DocumentReader<'a, 'l> {
    json: Reader<'a>,
    limits: &'l Limits,
    /// Objects and arrays that are open.
    depth: usize,
}

impl DocumentReader<'_, '_> {
    fn transaction(&mut self, layout: &Layout) -> Result<Transaction> {
        let mut transaction = Transaction::default();
        let Some(mut key) = self.enter("a transaction document")?.flatten() else {
            self.json.finish()?;
            return Ok(transaction);
        };
        let mut seen = Seen::default();
        loop {
            match layout.profiles.get(&key.text) {
                Some(profile_layout) => {
                    seen.once(&key)?;
                    let values = self.profile(profile_layout)?;
                    transaction.profiles.insert(key.text, values);
                }
                None => self.skip()?,
            }
            match self.next_key()? {
                Some(next) => key = next,
                None => break,
            }
        }
        self.json.finish()?;
        Ok(transaction)
    }

    /// Enters an object; `None` where `null` stands in its place, else its
    /// first key.
    fn enter(&mut self, what: &str) -> Result<Option<Option<Key>>> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object => {
                self.deeper(start)?;
                let key = self.json.enter_object()?;
                if key.is_none() {
                    self.depth = self.depth.saturating_sub(1);
                }
                Ok(Some(key))
            }
            Kind::Null if self.depth > 0 => self.json.constant(kind).map(|()| None),
            _ => Err(wrong_type(self.place(start), &format!("{what} is an object"), kind)),
        }
    }

    fn next_key(&mut self) -> Result<Option<Key>> {
        let key = self.json.next_key()?;
        if key.is_none() {
            self.depth = self.depth.saturating_sub(1);
        }
        Ok(key)
    }

    fn deeper(&mut self, start: usize) -> Result<()> {
        if self.depth >= self.limits.transaction_depth {
            return Err(too_deep(self.place(start)));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn place(&self, start: usize) -> Span {
        Span::new(start, start.saturating_add(1))
    }

    fn skip(&mut self) -> Result<()> {
        self.json.skip(self.limits.transaction_depth.saturating_sub(self.depth))
    }

    fn profile(&mut self, layout: &ProfileLayout) -> Result<ProfileValues> {
        let mut values = ProfileValues::default();
        let Some(mut key) = self.enter("a profile")?.flatten() else { return Ok(values) };
        let mut seen = Seen::default();
        loop {
            if let Some(field_type) = layout.fields.get(&key.text) {
                seen.once(&key)?;
                if let Some(value) = self.field(&key.text, *field_type)? {
                    values.fields.insert(key.text, value);
                }
            } else if key.text == "customFields" && !layout.custom_fields.is_empty() {
                seen.once(&key)?;
                values.custom_fields = self.custom_fields(layout)?;
            } else if let ("lineItems", Some(items)) = (key.text.as_str(), &layout.items) {
                seen.once(&key)?;
                values.items = self.items(items)?;
            } else {
                self.skip()?;
            }
            match self.next_key()? {
                Some(next) => key = next,
                None => return Ok(values),
            }
        }
    }

    fn custom_fields(&mut self, layout: &ProfileLayout) -> Result<Option<BTreeMap<String, Vec<String>>>> {
        let Some(first) = self.enter("`customFields`")? else { return Ok(None) };
        let mut fields = BTreeMap::new();
        let mut seen = Seen::default();
        let mut key = first;
        while let Some(current) = key {
            if layout.custom_fields.contains(&current.text) {
                seen.once(&current)?;
                let values = self.texts(&current.text)?;
                if let Some(values) = values {
                    fields.insert(current.text, values);
                }
            } else {
                self.skip()?;
            }
            key = self.next_key()?;
        }
        Ok(Some(fields))
    }

    /// A value or a list of values as text; `None` where it is `null`.
    fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let (kind, _) = self.json.peek()?;
        if kind != Kind::Array {
            return Ok(self.text(name)?.map(|text| vec![text]));
        }
        let mut texts = Vec::new();
        self.entries(|reader| {
            texts.extend(reader.text(name)?);
            Ok(())
        })?;
        Ok(Some(texts))
    }

    /// Reads the entries of the array that is next, bounded in number.
    fn entries(&mut self, mut entry: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let start = self.json.peek()?.1;
        self.deeper(start)?;
        let mut more = self.json.enter_array()?;
        let mut count = 0_usize;
        while more {
            count = count.saturating_add(1);
            if count > self.limits.transaction_array {
                let at = self.json.peek()?.1;
                let most = self.limits.transaction_array;
                return Err(Diagnostic::new(
                    Code::Limit,
                    self.place(at),
                    format!("this array has more than {most} entries"),
                ));
            }
            entry(self)?;
            more = self.json.next_entry()?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn items(&mut self, layout: &ItemLayout) -> Result<Option<Vec<LineItem>>> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind).map(|()| None),
            Kind::Array => {
                let mut items = Vec::new();
                self.entries(|reader| {
                    items.push(reader.item(layout)?);
                    Ok(())
                })?;
                Ok(Some(items))
            }
            _ => Err(wrong_type(self.place(start), "`lineItems` is an array", kind)),
        }
    }

    fn item(&mut self, layout: &ItemLayout) -> Result<LineItem> {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            return Err(wrong_type(self.place(start), "a line item is an object", kind));
        }
        let mut item = LineItem::default();
        let mut candidates = Candidates::default();
        let mut key = self.enter("a line item")?.flatten();
        let mut seen = Seen::default();
        while let Some(current) = key {
            if let Some(field_type) = layout.fields.get(&current.text) {
                seen.once(&current)?;
                // A figure may also be selected by; its text is as written.
                let (value, text) = self.field_and_text(&current.text, *field_type)?;
                if layout.looks_up(&current.text) {
                    candidates.own.push((current.clone(), text));
                }
                if let Some(value) = value {
                    item.fields.insert(current.text, value);
                }
            } else if !layout.attributes.is_empty() && current.text == "attributes" {
                seen.once(&current)?;
                candidates.attributes = self.candidates(layout)?;
            } else if !layout.attributes.is_empty() && current.text == "extendedFields" {
                seen.once(&current)?;
                candidates.extended = self.candidates(layout)?;
            } else if layout.looks_up(&current.text) {
                let scalar = self.scalar()?;
                candidates.own.push((current, scalar));
            } else {
                self.skip()?;
            }
            key = self.next_key()?;
        }
        for name in &layout.attributes {
            if let Some(text) = candidates.find(name)? {
                item.attributes.insert(name.clone(), text);
            }
        }
        Ok(item)
    }

    /// The entries of an object that a rule may mean, whatever their case.
    fn candidates(&mut self, layout: &ItemLayout) -> Result<Vec<(Key, Scalar)>> {
        let mut found = Vec::new();
        let mut key = self.enter("the attributes of an item")?.flatten();
        while let Some(current) = key {
            if layout.looks_up(&current.text) {
                let scalar = self.scalar()?;
                found.push((current, scalar));
            } else {
                self.skip()?;
            }
            key = self.next_key()?;
        }
        Ok(found)
    }

    /// A value as text, or that it is none; the fault of a value that is no
    /// text waits until a rule means it.
    fn scalar(&mut self) -> Result<Scalar> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::String => self.json.string().map(Scalar::Text),
            Kind::Number => Ok(Scalar::Text(self.json.number()?.to_owned())),
            Kind::Boolean(value) => self.json.constant(kind).map(|()| Scalar::Text(value.to_string())),
            Kind::Null => self.json.constant(kind).map(|()| Scalar::Null),
            Kind::Object | Kind::Array => {
                self.skip()?;
                Ok(Scalar::Nested(self.place(start), kind))
            }
        }
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.scalar()? {
            Scalar::Text(text) => Ok(Some(text)),
            Scalar::Null => Ok(None),
            Scalar::Nested(place, kind) => Err(wrong_type(place, &format!("`{name}` is a string"), kind)),
        }
    }

    /// A field of the wanted type; `None` where it is `null`.
    fn field(&mut self, name: &str, field_type: FieldType) -> Result<Option<FieldValue>> {
        Ok(self.field_and_text(name, field_type)?.0)
    }

    fn field_and_text(&mut self, name: &str, field_type: FieldType) -> Result<(Option<FieldValue>, Scalar)> {
        let (kind, start) = self.json.peek()?;
        if kind == Kind::Null {
            self.json.constant(kind)?;
            return Ok((None, Scalar::Null));
        }
        let wrong = |reader: &Self, expected: &str| {
            Err(wrong_type(reader.place(start), &format!("`{name}` is {expected}"), kind))
        };
        let (value, text) = match (field_type, kind) {
            (FieldType::Boolean, Kind::Boolean(value)) => {
                self.json.constant(kind)?;
                (FieldValue::Boolean(value), value.to_string())
            }
            (FieldType::Boolean, _) => return wrong(self, "a boolean"),
            (FieldType::Number, Kind::Number | Kind::String) => {
                let digits =
                    if kind == Kind::Number { self.json.number()?.to_owned() } else { self.json.string()? };
                let span = Span::new(start, self.json.position());
                (FieldValue::Number(read_number(name, &digits, span)?), digits)
            }
            (FieldType::Number, _) => return wrong(self, "a number"),
            (FieldType::Text, _) => {
                let text = self.text(name)?.unwrap_or_default();
                (FieldValue::Text(text.clone()), text)
            }
            (FieldType::Date, Kind::String) => {
                let text = self.json.string()?;
                (FieldValue::Date(DateText::parse(&text)), text)
            }
            (FieldType::Date, Kind::Number) => {
                let digits = self.json.number()?.to_owned();
                let Some(date) = read_epoch(&digits) else {
                    return wrong(self, "a date: an ISO string or whole milliseconds from 1970");
                };
                (FieldValue::Date(date), digits)
            }
            (FieldType::Date, _) => {
                return wrong(self, "a date: an ISO string or whole milliseconds from 1970");
            }
            (FieldType::Numbers, Kind::Array) => {
                let mut numbers = Vec::new();
                self.entries(|reader| match reader.field(name, FieldType::Number)? {
                    Some(FieldValue::Number(number)) => {
                        numbers.push(number);
                        Ok(())
                    }
                    _ => Ok(()),
                })?;
                (FieldValue::Numbers(numbers), String::new())
            }
            (FieldType::Numbers, _) => return wrong(self, "a list of numbers"),
        };
        Ok((Some(value), Scalar::Text(text)))
    }
}

fn read_number(name: &str, digits: &str, span: Span) -> Result<Number> {
    Number::from_json(digits).map_err(|form| match form {
        NumberForm::Malformed => {
            Diagnostic::new(Code::WrongType, span, format!("`{name}` is a number, not `{digits}`"))
                .help("write a JSON number, or the same in quotes")
        }
        NumberForm::OutOfRange => {
            Diagnostic::new(Code::NumberRange, span, format!("the number in `{name}` has too many digits"))
                .help("at most 28 digits, below 10^28, are kept exactly")
        }
    })
}

/// Whole milliseconds from 1970; `None` where the number is not whole.
fn read_epoch(digits: &str) -> Option<DateText> {
    match Number::from_json(digits) {
        Ok(number) if number.is_whole() => Some(
            number
                .as_integer()
                .and_then(Instant::from_milliseconds)
                .map_or(DateText::Invalid, DateText::Instant),
        ),
        Ok(_) => None,
        Err(_) => Some(DateText::Invalid),
    }
}

fn wrong_type(span: Span, expected: &str, found: Kind) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("{expected}, not {}", found.name()))
        .note("of another type")
}

/// Keys that were read in an object: each may stand there once.
#[derive(Default)]
struct Seen(Vec<String>);

impl Seen {
    fn once(&mut self, key: &Key) -> Result<()> {
        if self.0.contains(&key.text) {
            return Err(duplicate(key));
        }
        self.0.push(key.text.clone());
        Ok(())
    }
}

fn duplicate(key: &Key) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateKey,
        key.span,
        format!("the key `{}` stands twice in this object", key.text),
    )
    .note("the second one")
    .help("remove one of the two")
}

#[derive(Debug, Clone)]
enum Scalar {
    Text(String),
    Null,
    Nested(Span, Kind),
}

/// Where an item attribute may stand, in the order of the look-up.
#[derive(Default)]
struct Candidates {
    attributes: Vec<(Key, Scalar)>,
    own: Vec<(Key, Scalar)>,
    extended: Vec<(Key, Scalar)>,
}

/// Names that mean a field of the item.
const ALIASES: [(&str, &str); 4] = [
    ("sku_code", "code"),
    ("SKU number", "code"),
    ("product name", "description"),
    ("short description", "description"),
];

fn alias(name: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, field)| *field)
}

impl ItemLayout {
    /// Whether a key may be what some look-up means.
    fn looks_up(&self, key: &str) -> bool {
        self.attributes.iter().any(|name| {
            name.eq_ignore_ascii_case(key)
                || same_letters(name, key)
                || alias(name).is_some_and(|field| same_letters(field, key))
        })
    }
}

fn same_letters(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

impl Candidates {
    /// As written exactly in all three, then without regard to case in all
    /// three, and only then under its alias.
    fn find(&self, name: &str) -> Result<Option<String>> {
        if let Some(text) = self.find_spelled(name)? {
            return Ok(Some(text));
        }
        alias(name).map_or(Ok(None), |field| self.find_spelled(field))
    }

    fn find_spelled(&self, name: &str) -> Result<Option<String>> {
        let objects = [&self.attributes, &self.own, &self.extended];
        for object in objects {
            let exact: Vec<&(Key, Scalar)> = object.iter().filter(|(key, _)| key.text == name).collect();
            if let [_, second, ..] = exact.as_slice() {
                return Err(duplicate(&second.0));
            }
            if let Some(hit) = hit(exact.first().copied(), name)? {
                return Ok(Some(hit));
            }
        }
        for object in objects {
            let similar: Vec<&(Key, Scalar)> =
                object.iter().filter(|(key, _)| key.text != name && same_letters(&key.text, name)).collect();
            if let [first, second, ..] = similar.as_slice() {
                if first.0.text == second.0.text {
                    return Err(duplicate(&second.0));
                }
                return Err(Diagnostic::new(
                    Code::AmbiguousKey,
                    second.0.span,
                    format!(
                        "`{}` and `{}` differ in case only, and a rule asks for `{name}`",
                        first.0.text, second.0.text
                    ),
                )
                .label(first.0.span, "the other one")
                .help("keep one of the two, or spell the one that is meant as the rule does"));
            }
            if let Some(hit) = hit(similar.first().copied(), name)? {
                return Ok(Some(hit));
            }
        }
        Ok(None)
    }
}

fn hit(candidate: Option<&(Key, Scalar)>, name: &str) -> Result<Option<String>> {
    match candidate {
        Some((_, Scalar::Text(text))) => Ok(Some(text.clone())),
        Some((_, Scalar::Nested(place, kind))) => {
            Err(wrong_type(*place, &format!("`{name}` is a string"), *kind))
        }
        Some((_, Scalar::Null)) | None => Ok(None),
    }
}
