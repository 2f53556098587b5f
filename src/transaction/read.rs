//! The document of a transaction, read for a layout.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::json::{Key, Kind, Reader, too_deep};
use crate::limits::Limits;
use crate::rule::ValueKind;
use crate::value::{DateText, Fixed, Instant, Number, NumberForm};

use super::cell::{Cell, Span as TextSpan, Symbol};
use super::layout::{AnswerPlan, Layout, ListPlan, SectionPlan, Slot, Structure};
use super::lookup::Candidates;
use super::{List, Transaction};

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
        let mut reader = DocumentReader { json: Reader::new(document), limits, depth: 0, read: self.blank() };
        reader.transaction(self).map_err(fail)?;
        Ok(reader.read)
    }
}

struct DocumentReader<'a, 'l> {
    json: Reader<'a>,
    limits: &'l Limits,
    /// Objects and arrays that are open.
    depth: usize,
    /// What was read so far.
    read: Transaction,
}

/// A scalar as it stands in the document.
struct Token {
    kind: Kind,
    /// The decoded string or the digits.
    text: String,
    span: Span,
}

impl DocumentReader<'_, '_> {
    fn transaction(&mut self, layout: &Layout) -> Result<()> {
        let plan = &layout.plan;
        self.object("a transaction document", &mut |reader, key, seen| match plan
            .keys
            .get(key.text.as_str())
            .and_then(|section| plan.section_plans.get(*section))
        {
            Some(section) => {
                seen.once(&key)?;
                reader.section(section, &plan.list_plans)
            }
            None => reader.skip(),
        })?;
        self.json.finish()
    }

    /// Reads an object key by key; whether there is one. `null` stands for an
    /// object that is absent, but not for the whole document.
    fn object(
        &mut self,
        what: &str,
        entry: &mut dyn FnMut(&mut Self, Key, &mut Seen) -> Result<()>,
    ) -> Result<bool> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object => {
                self.deeper(start)?;
                let mut seen = Seen::default();
                let mut key = self.json.enter_object()?;
                while let Some(current) = key {
                    entry(self, current, &mut seen)?;
                    key = self.json.next_key()?;
                }
                self.depth = self.depth.saturating_sub(1);
                Ok(true)
            }
            Kind::Null if self.depth > 0 => self.json.constant(kind).map(|()| false),
            _ => Err(wrong_type(place(start), &format!("{what} is an object"), kind)),
        }
    }

    fn deeper(&mut self, start: usize) -> Result<()> {
        if self.depth >= self.limits.transaction_depth {
            return Err(too_deep(place(start), self.limits.transaction_depth));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn skip(&mut self) -> Result<()> {
        self.json.skip(self.depth, self.limits.transaction_depth)
    }

    fn section(&mut self, plan: &SectionPlan, lists: &[ListPlan]) -> Result<()> {
        self.object("a profile", &mut |reader, key, seen| {
            let Some(wanted) = plan.keys.get(key.text.as_str()) else { return reader.skip() };
            seen.once(&key)?;
            let (kind, _) = reader.json.peek()?;
            let scalar = !matches!(kind, Kind::Object | Kind::Array);
            match &wanted.structure {
                Some(structure) if wanted.values.is_empty() || !scalar => {
                    reader.structure(structure, &key, plan, lists)
                }
                _ => reader.values(&key, &wanted.values),
            }
        })?;
        Ok(())
    }

    fn structure(
        &mut self,
        structure: &Structure,
        key: &Key,
        plan: &SectionPlan,
        lists: &[ListPlan],
    ) -> Result<()> {
        match structure {
            Structure::Extended => {
                self.object("`extendedFields`", &mut |reader, key, seen| match plan
                    .extended
                    .get(key.text.as_str())
                {
                    Some(slots) => {
                        seen.once(&key)?;
                        reader.values(&key, slots)
                    }
                    None => reader.skip(),
                })?;
                Ok(())
            }
            Structure::CustomFields => self.container("`customFields`", &plan.custom_fields),
            Structure::Segments => self.container("`clusters`", &plan.segments),
            Structure::Answers(answers) => self.answers(answers, &key.text),
            Structure::List(index) => match lists.get(*index) {
                Some(list) => self.list(*index, list, &key.text),
                None => self.skip(),
            },
        }
    }

    /// Puts a value into its slot. Two names of one profile may not both state it.
    fn put(&mut self, key: &Key, slot: usize, value: Cell) -> Result<()> {
        match self.read.cell(slot) {
            Cell::Absent => {
                self.read.set(slot, value);
                Ok(())
            }
            _ if value == Cell::Absent => Ok(()),
            _ => Err(duplicate(key)),
        }
    }

    /// A text; its symbol where rules compare it.
    fn text_cell(&mut self, text: &str, compared: bool) -> Cell {
        let symbol = if compared { self.read.layout.plan.symbol(text) } else { Symbol::default() };
        Cell::Text(self.keep(text), symbol)
    }

    /// Keeps a text in the transaction's buffer.
    fn keep(&mut self, text: &str) -> TextSpan {
        let start = self.read.text.len();
        self.read.text.push_str(text);
        // INVARIANT: no document is larger than 4 GiB, for spans are of 32 bits.
        TextSpan::new(start..self.read.text.len()).unwrap_or_default()
    }

    /// A value for every slot that wants it.
    fn values(&mut self, key: &Key, slots: &[Slot]) -> Result<()> {
        if let [Slot { index, kind: ValueKind::Numbers }] = slots {
            let numbers = self.numbers(&key.text)?;
            return self.put(key, *index, numbers);
        }
        let token = self.token(&key.text, slots.first().map_or(ValueKind::Text, |slot| slot.kind))?;
        for slot in slots {
            let compared = self.read.layout.plan.compared.contains(&slot.index);
            let value = self.value(&token, &key.text, slot.kind, compared)?;
            self.put(key, slot.index, value)?;
        }
        Ok(())
    }

    /// Custom fields or segments: a value or a list of values each.
    fn container(&mut self, what: &str, wanted: &BTreeMap<Arc<str>, usize>) -> Result<()> {
        let mut found: Vec<(Key, usize, Cell)> = Vec::new();
        let there = self.object(what, &mut |reader, key, seen| match wanted.get(key.text.as_str()) {
            Some(slot) => {
                seen.once(&key)?;
                let value = reader.texts(&key.text)?;
                found.push((key, *slot, value));
                Ok(())
            }
            None => reader.skip(),
        })?;
        for (key, slot, value) in found {
            self.put(&key, slot, value)?;
        }
        if there {
            for slot in wanted.values() {
                if let Some(held @ Cell::Absent) = self.read.cells.get_mut(*slot) {
                    *held = Cell::NoEntry;
                }
            }
        }
        Ok(())
    }

    /// The answers of a method: objects from argument to value; for a boolean
    /// the innermost may be a list of the arguments that hold.
    fn answers(&mut self, plan: &AnswerPlan, name: &str) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object => {
                self.object(name, &mut |reader, key, seen| match plan.arguments.get(&key.text) {
                    Some(inner) => {
                        seen.once(&key)?;
                        reader.answer(inner, &key)
                    }
                    None => reader.skip(),
                })?;
                Ok(())
            }
            Kind::Array => {
                let mut holding = Vec::new();
                self.entries(|reader| {
                    let token = reader.token(name, ValueKind::Text)?;
                    // A number is an argument by its value, not by its digits.
                    let number =
                        if token.kind == Kind::Number { Number::from_json(&token.text).ok() } else { None };
                    holding.push(number.map_or(token.text, |number| number.to_string()));
                    Ok(())
                })?;
                let key = Key { text: name.to_owned(), span: place(start) };
                for (argument, inner) in &plan.arguments {
                    for slot in &inner.answers {
                        if slot.kind != ValueKind::Boolean {
                            let expected = format!("`{name}` is an object from argument to answer");
                            return Err(wrong_type(place(start), &expected, kind));
                        }
                        self.put(&key, slot.index, Cell::Boolean(holding.contains(argument)))?;
                    }
                }
                Ok(())
            }
            Kind::Null => self.json.constant(kind),
            _ => {
                let expected = format!("`{name}` is an object from argument to answer");
                Err(wrong_type(place(start), &expected, kind))
            }
        }
    }

    fn answer(&mut self, plan: &AnswerPlan, key: &Key) -> Result<()> {
        let (kind, _) = self.json.peek()?;
        let scalar = !matches!(kind, Kind::Object | Kind::Array);
        if !plan.arguments.is_empty() && (!scalar || plan.answers.is_empty()) {
            return self.answers(plan, &key.text);
        }
        self.values(key, &plan.answers)
    }

    /// A value or a list of values as text; no entry where it is `null`.
    fn texts(&mut self, name: &str) -> Result<Cell> {
        let (kind, _) = self.json.peek()?;
        let start = self.read.texts.len();
        if kind == Kind::Array {
            self.entries(|reader| {
                if let Some(text) = reader.text(name)? {
                    let span = reader.keep(&text);
                    reader.read.texts.push(span);
                }
                Ok(())
            })?;
        } else {
            let Some(text) = self.text(name)? else { return Ok(Cell::NoEntry) };
            let span = self.keep(&text);
            self.read.texts.push(span);
        }
        Ok(TextSpan::new(start..self.read.texts.len()).map_or(Cell::NoEntry, Cell::Texts))
    }

    /// Reads the entries of the array that is next, bounded in number.
    fn entries(&mut self, mut entry: impl FnMut(&mut Self) -> Result<()>) -> Result<usize> {
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
                    place(at),
                    format!("this array has more than {most} entries"),
                ));
            }
            entry(self)?;
            more = self.json.next_entry()?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(count)
    }

    fn list(&mut self, index: usize, plan: &ListPlan, name: &str) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind),
            Kind::Array => {
                let mut cells = Vec::new();
                let count = self.entries(|reader| reader.entry(plan, name, &mut cells))?;
                if let Some(list) = self.read.lists.get_mut(index) {
                    let quick = cells.iter().map(Cell::quick).collect();
                    *list = List { present: true, count, cells, quick };
                }
                Ok(())
            }
            _ => Err(wrong_type(place(start), &format!("`{name}` is an array"), kind)),
        }
    }

    /// One line item or tender.
    fn entry(&mut self, plan: &ListPlan, list: &str, rows: &mut Vec<Cell>) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        if kind != Kind::Object {
            return Err(wrong_type(place(start), &format!("an entry of `{list}` is an object"), kind));
        }
        let first = rows.len();
        rows.resize(first.saturating_add(plan.width), Cell::Absent);
        let mut candidates = Candidates::default();
        let attributes = !plan.attributes.is_empty();
        let mut put = |slot: usize, value: Cell| {
            if let Some(held) = rows.get_mut(first.saturating_add(slot)) {
                *held = value;
            }
        };
        self.object("a line item", &mut |reader, key, seen| {
            let looked_up = attributes && plan.looks_up(&key.text);
            if let Some(slots) = plan.own.get(key.text.as_str()) {
                seen.once(&key)?;
                let scalar = reader.entry_values(plan, &key, slots, &mut put)?;
                if looked_up {
                    candidates.own.push((key, scalar));
                }
                return Ok(());
            }
            match key.text.as_str() {
                "attributes" if attributes => {
                    seen.once(&key)?;
                    reader.object("`attributes` of an item", &mut |reader, key, _| {
                        reader.candidate(plan, key, &mut candidates.attributes)
                    })?;
                    Ok(())
                }
                "extendedFields" if attributes || !plan.extended.is_empty() => {
                    seen.once(&key)?;
                    reader.object("`extendedFields`", &mut |reader, key, seen| {
                        let Some(slots) = plan.extended.get(key.text.as_str()) else {
                            return reader.candidate(plan, key, &mut candidates.extended);
                        };
                        seen.once(&key)?;
                        let scalar = reader.entry_values(plan, &key, slots, &mut put)?;
                        candidates.extended.push((key, scalar));
                        Ok(())
                    })?;
                    Ok(())
                }
                _ if looked_up => reader.candidate(plan, key, &mut candidates.own),
                _ => reader.skip(),
            }
        })?;
        for (name, slot) in &plan.attributes {
            if let Some(text) = candidates.find(name)? {
                put(*slot, self.text_cell(&text, plan.compared.contains(slot)));
            }
        }
        Ok(())
    }

    /// A field of an entry for every slot that wants it; a figure may also be
    /// selected by, and its text is as written.
    fn entry_values(
        &mut self,
        plan: &ListPlan,
        key: &Key,
        slots: &[Slot],
        put: &mut dyn FnMut(usize, Cell),
    ) -> Result<Scalar> {
        let token = self.token(&key.text, slots.first().map_or(ValueKind::Text, |slot| slot.kind))?;
        for slot in slots {
            let compared = plan.compared.contains(&slot.index);
            put(slot.index, self.value(&token, &key.text, slot.kind, compared)?);
        }
        Ok(if token.kind == Kind::Null { Scalar::Null } else { Scalar::Text(token.text) })
    }

    /// An entry of an object that a rule may mean, whatever its case.
    fn candidate(&mut self, plan: &ListPlan, key: Key, found: &mut Vec<(Key, Scalar)>) -> Result<()> {
        if !plan.looks_up(&key.text) {
            return self.skip();
        }
        let scalar = self.scalar()?;
        found.push((key, scalar));
        Ok(())
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
                Ok(Scalar::Nested(place(start), kind))
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

    /// The scalar that is next; an object or array is none of the wanted kind.
    fn token(&mut self, name: &str, wanted: ValueKind) -> Result<Token> {
        let (kind, start) = self.json.peek()?;
        let text = match kind {
            Kind::String => self.json.string()?,
            Kind::Number => self.json.number()?.to_owned(),
            Kind::Boolean(value) => self.json.constant(kind).map(|()| value.to_string())?,
            Kind::Null => self.json.constant(kind).map(|()| String::new())?,
            Kind::Object | Kind::Array => {
                return Err(wrong_type(place(start), &format!("`{name}` is {}", expected(wanted)), kind));
            }
        };
        Ok(Token { kind, text, span: Span::new(start, self.json.position()) })
    }

    fn numbers(&mut self, name: &str) -> Result<Cell> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind).map(|()| Cell::Absent),
            Kind::Array => {
                let start = self.read.numbers.len();
                self.entries(|reader| {
                    let token = reader.token(name, ValueKind::Number)?;
                    match (token.kind, token.wrong(name, ValueKind::Number)) {
                        (Kind::Null, _) => {}
                        (Kind::Number | Kind::String, _) => {
                            reader.read.numbers.push(read_number(name, &token.text, token.span)?);
                        }
                        (_, wrong) => return Err(wrong),
                    }
                    Ok(())
                })?;
                Ok(TextSpan::new(start..self.read.numbers.len()).map_or(Cell::Absent, Cell::Numbers))
            }
            _ => {
                Err(wrong_type(place(start), &format!("`{name}` is {}", expected(ValueKind::Numbers)), kind))
            }
        }
    }
}

fn place(start: usize) -> Span {
    Span::new(start, start.saturating_add(1))
}

/// What a value must be, as people call it.
fn expected(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::Text => "a string",
        ValueKind::Date => "a date: an ISO string or whole milliseconds from 1970",
        ValueKind::Numbers => "a list of numbers",
    }
}

impl DocumentReader<'_, '_> {
    /// A scalar in the wanted kind; absent where it is `null`.
    fn value(&mut self, token: &Token, name: &str, wanted: ValueKind, compared: bool) -> Result<Cell> {
        Ok(match (wanted, token.kind) {
            (_, Kind::Null) => Cell::Absent,
            (ValueKind::Boolean, Kind::Boolean(value)) => Cell::Boolean(value),
            (ValueKind::Number, Kind::Number | Kind::String) => match Fixed::read(&token.text) {
                Some(number) => Cell::Fixed(number),
                None => Cell::of(read_number(name, &token.text, token.span)?),
            },
            (ValueKind::Text, _) => self.text_cell(&token.text, compared),
            (ValueKind::Date, Kind::String) => Cell::Date(DateText::parse(&token.text)),
            (ValueKind::Date, Kind::Number) => match read_epoch(&token.text) {
                Some(date) => Cell::Date(date),
                None => return Err(token.wrong(name, wanted)),
            },
            _ => return Err(token.wrong(name, wanted)),
        })
    }
}

impl Token {
    fn wrong(&self, name: &str, wanted: ValueKind) -> Diagnostic {
        wrong_type(place(self.span.start), &format!("`{name}` is {}", expected(wanted)), self.kind)
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

pub(super) fn wrong_type(span: Span, expected: &str, found: Kind) -> Diagnostic {
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

pub(super) fn duplicate(key: &Key) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateKey,
        key.span,
        format!("the key `{}` stands twice in this object", key.text),
    )
    .note("the second one")
    .help("remove one of the two")
}

#[derive(Debug, Clone)]
pub(super) enum Scalar {
    Text(String),
    Null,
    Nested(Span, Kind),
}
