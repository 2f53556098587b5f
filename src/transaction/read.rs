//! The document of a transaction, read for a layout.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Code, Diagnostic, Offset, Span};
use crate::json::{Content, Decoding, Kind, Name, Reader, too_deep};
use crate::limits::Limits;
use crate::typed::ValueKind;
use crate::value::{DateText, Fixed, Instant, Number, NumberForm};

use super::Transaction;
use super::cell::{BufferRange, Cell};
use super::layout::{AnswerPlan, Destination, Layout, Plan, SectionPlan, Structure};
use super::lookup::Candidate;
use super::names::Names;

pub(super) type Result<T> = std::result::Result<T, Diagnostic>;

impl Layout {
    /// Reads a document into a transaction of this layout that holds nothing.
    pub(super) fn read_document(
        &self,
        document: &str,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<()> {
        let most = limits.transaction();
        if document.len() > most {
            return Err(Diagnostic::new(
                Code::Limit,
                Span::new(most, document.len()),
                format!("the document has {} bytes; at most {most} are read", document.len()),
            ));
        }
        let mut buffers = std::mem::take(&mut transaction.buffers);
        buffers.clear();
        let json = Reader::reusing(document, std::mem::take(&mut buffers.decoding));
        let mut reader =
            DocumentReader { json, limits, depth: 0, plan: &self.plan, read: transaction, buffers };
        let result = reader.transaction();
        let DocumentReader { json, mut buffers, .. } = reader;
        buffers.decoding = json.into_decoding();
        transaction.buffers = buffers;
        result
    }
}

/// What reading needs beside the transaction that it fills. Kept with the
/// transaction, so that it is allocated once.
#[derive(Debug, Clone, Default)]
pub(super) struct Buffers {
    decoding: Decoding,
    /// A bit for every name of every object that is open: whether it was met.
    seen: Vec<u64>,
    /// What the open item has that some look-up may mean.
    pub(super) candidates: Vec<Candidate>,
    found: Vec<(Name, usize, Cell)>,
}

impl Buffers {
    fn clear(&mut self) {
        self.seen.clear();
        self.candidates.clear();
        self.found.clear();
    }
}

pub(super) struct DocumentReader<'a, 'l, 't> {
    pub(super) json: Reader<'a>,
    limits: &'l Limits,
    /// Objects and arrays that are open.
    depth: usize,
    pub(super) plan: &'l Plan,
    /// What was read so far.
    pub(super) read: &'t mut Transaction,
    pub(super) buffers: Buffers,
}

/// A scalar as it stands in the document.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The decoded string, the digits or the constant.
    pub(super) text: Content,
    span: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Scalar {
    Text(Content),
    Null,
    Nested(Span, Kind),
}

/// The names of one open object that were met: each may stand there once.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    first: usize,
}

impl<'l> DocumentReader<'_, 'l, '_> {
    fn transaction(&mut self) -> Result<()> {
        let plan = self.plan;
        self.object("a transaction document", plan.keys.len(), |reader, key, seen| {
            let known = plan.keys.get(reader.json.content(key.content));
            match known.and_then(|(number, section)| Some((number, plan.section_plans.get(*section)?))) {
                Some((number, section)) => {
                    reader.once(seen, number, key)?;
                    reader.section(section)
                }
                None => reader.skip(),
            }
        })?;
        self.json.finish()
    }

    /// Reads an object key by key, of which `names` may not stand twice;
    /// whether there is one. `null` stands for an object that is absent, but
    /// not for the whole document.
    pub(super) fn object(
        &mut self,
        what: &str,
        names: usize,
        mut entry: impl FnMut(&mut Self, Name, Seen) -> Result<()>,
    ) -> Result<bool> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object => {
                self.deeper(start)?;
                let seen = Seen { first: self.buffers.seen.len() };
                let keys = names.div_ceil(64);
                self.buffers.seen.resize(seen.first.saturating_add(keys), 0);
                let mut key = self.json.first_name()?;
                while let Some(current) = key {
                    entry(self, current, seen)?;
                    key = self.json.next_name()?;
                }
                self.buffers.seen.truncate(seen.first);
                self.depth = self.depth.saturating_sub(1);
                Ok(true)
            }
            Kind::Null if self.depth > 0 => self.json.constant(kind).map(|()| false),
            _ => Err(wrong_type(place(start), &format!("{what} is an object"), kind)),
        }
    }

    /// Notes that a name was met, which may not be so twice.
    pub(super) fn once(&mut self, seen: Seen, number: usize, key: Name) -> Result<()> {
        if self.note(seen, number) { Err(duplicate(&self.json, key)) } else { Ok(()) }
    }

    /// Notes that a name was met; whether it was before.
    fn note(&mut self, seen: Seen, number: usize) -> bool {
        let at = seen.first.saturating_add(number.wrapping_shr(6));
        let bit = 1_u64.wrapping_shl(u32::try_from(number & 63).unwrap_or(0));
        let Some(key) = self.buffers.seen.get_mut(at) else { return false };
        let before = *key & bit != 0;
        *key |= bit;
        before
    }

    fn deeper(&mut self, start: Offset) -> Result<()> {
        if self.depth >= self.limits.transaction_depth {
            return Err(too_deep(place(start), self.limits.transaction_depth));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    pub(super) fn skip(&mut self) -> Result<()> {
        self.json.skip(self.depth, self.limits.transaction_depth)
    }

    fn section(&mut self, section: &'l SectionPlan) -> Result<()> {
        self.object("a profile", section.keys.len(), |reader, key, seen| {
            let Some((number, wanted)) = section.keys.get(reader.json.content(key.content)) else {
                return reader.skip();
            };
            reader.once(seen, number, key)?;
            let (kind, _) = reader.json.peek()?;
            let scalar = !matches!(kind, Kind::Object | Kind::Array);
            match &wanted.structure {
                Some(structure) if wanted.values.is_empty() || !scalar => {
                    reader.structure(structure, key, section)
                }
                _ => reader.values(key, &wanted.values),
            }
        })?;
        Ok(())
    }

    fn structure(&mut self, structure: &'l Structure, key: Name, section: &'l SectionPlan) -> Result<()> {
        match structure {
            Structure::Extended => {
                let extended = &section.extended;
                self.object("`extendedFields`", extended.len(), |reader, key, seen| {
                    match extended.get(reader.json.content(key.content)) {
                        Some((number, destinations)) => {
                            reader.once(seen, number, key)?;
                            reader.values(key, destinations)
                        }
                        None => reader.skip(),
                    }
                })?;
                Ok(())
            }
            Structure::CustomFields => self.container("`customFields`", &section.custom_fields),
            Structure::Segments => self.container("`clusters`", &section.segments),
            Structure::Answers(answers) => self.answers(answers, key),
            Structure::List(index) => match self.plan.list_plans.get(*index) {
                Some(list) => self.list(*index, list, key),
                None => self.skip(),
            },
        }
    }

    /// Puts a value into its slot. Two names of one profile may not both state it.
    fn put(&mut self, key: Name, slot: usize, value: Cell) -> Result<()> {
        match self.read.cell(slot) {
            Cell::Absent => {
                self.read.set(slot, value);
                Ok(())
            }
            _ if value == Cell::Absent => Ok(()),
            _ => Err(duplicate(&self.json, key)),
        }
    }

    /// A value for every slot that wants it.
    fn values(&mut self, key: Name, destinations: &[Destination]) -> Result<()> {
        if let [Destination { index, kind: ValueKind::Numbers, .. }] = destinations {
            let numbers = self.numbers(key)?;
            return self.put(key, *index, numbers);
        }
        let token =
            self.token(key, destinations.first().map_or(ValueKind::Text, |destination| destination.kind))?;
        for destination in destinations {
            let value = self.value(&token, key, destination)?;
            self.put(key, destination.index, value)?;
        }
        Ok(())
    }

    /// Custom fields or segments: a value or a list of values each.
    fn container(&mut self, what: &str, wanted: &Names<usize>) -> Result<()> {
        self.buffers.found.clear();
        let there = self.object(what, wanted.len(), |reader, key, seen| {
            match wanted.get(reader.json.content(key.content)) {
                Some((number, slot)) => {
                    reader.once(seen, number, key)?;
                    let value = reader.texts(key)?;
                    reader.buffers.found.push((key, *slot, value));
                    Ok(())
                }
                None => reader.skip(),
            }
        })?;
        for at in 0..self.buffers.found.len() {
            if let Some((key, slot, value)) = self.buffers.found.get(at).copied() {
                self.put(key, slot, value)?;
            }
        }
        if there {
            for slot in wanted.entries() {
                if self.read.cell(*slot) == &Cell::Absent {
                    self.read.set(*slot, Cell::NoEntry);
                }
            }
        }
        Ok(())
    }

    /// The answers of a method: objects from argument to value; for a boolean
    /// the innermost may be a list of the arguments that hold.
    fn answers(&mut self, plan: &'l AnswerPlan, name: Name) -> Result<()> {
        let (kind, start) = self.json.peek()?;
        let wrong = |reader: &Self| {
            let name = reader.json.content(name.content);
            wrong_type(place(start), &format!("`{name}` is an object from argument to answer"), kind)
        };
        match kind {
            Kind::Object => {
                self.object("", plan.arguments.len(), |reader, key, seen| {
                    match plan.arguments.get(reader.json.content(key.content)) {
                        Some((number, inner)) => {
                            reader.once(seen, number, key)?;
                            reader.answer(inner, key)
                        }
                        None => reader.skip(),
                    }
                })?;
                Ok(())
            }
            // Only the innermost level may be a list of the arguments that hold.
            Kind::Array if plan.arguments.entries().any(|inner| inner.answers.is_empty()) => Err(wrong(self)),
            Kind::Array => {
                let holding = Seen { first: self.buffers.seen.len() };
                let keys = plan.arguments.len().div_ceil(64);
                self.buffers.seen.resize(holding.first.saturating_add(keys), 0);
                self.entries(|reader| {
                    let token = reader.token(name, ValueKind::Text)?;
                    let mut text = token.text;
                    // A number is an argument by its value, not by its digits.
                    if token.kind == Kind::Number
                        && let Ok(number) = Number::from_json(reader.json.content(text))
                    {
                        text = reader.json.keep(number);
                    }
                    if let Some((number, _)) = plan.arguments.get(reader.json.content(text)) {
                        reader.note(holding, number);
                    }
                    Ok(())
                })?;
                let key = Name { span: place(start), ..name };
                for (number, inner) in plan.arguments.entries().enumerate() {
                    let holds = self.note(holding, number);
                    for destination in &inner.answers {
                        if destination.kind != ValueKind::Boolean {
                            return Err(wrong(self));
                        }
                        self.put(key, destination.index, Cell::Boolean(holds))?;
                    }
                }
                self.buffers.seen.truncate(holding.first);
                Ok(())
            }
            Kind::Null => self.json.constant(kind),
            _ => Err(wrong(self)),
        }
    }

    fn answer(&mut self, plan: &'l AnswerPlan, key: Name) -> Result<()> {
        let (kind, _) = self.json.peek()?;
        let scalar = !matches!(kind, Kind::Object | Kind::Array);
        if !plan.arguments.is_empty() && (!scalar || plan.answers.is_empty()) {
            return self.answers(plan, key);
        }
        self.values(key, &plan.answers)
    }

    /// A value or a list of values as text; no entry where it is `null`.
    fn texts(&mut self, name: Name) -> Result<Cell> {
        let (kind, _) = self.json.peek()?;
        let start = self.read.texts.len();
        if kind == Kind::Array {
            self.entries(|reader| reader.add_text(name).map(drop))?;
        } else if !self.add_text(name)? {
            return Ok(Cell::NoEntry);
        }
        Ok(BufferRange::new(start..self.read.texts.len()).map_or(Cell::NoEntry, Cell::Texts))
    }

    /// Adds a scalar to the transaction's texts; false where it is `null`.
    fn add_text(&mut self, name: Name) -> Result<bool> {
        match self.scalar()? {
            Scalar::Text(text) => {
                let span = self.read.keep(self.json.content(text));
                self.read.texts.push(span);
                Ok(true)
            }
            Scalar::Null => Ok(false),
            Scalar::Nested(place, kind) => {
                Err(wrong_type(place, &format!("`{}` is a string", self.json.content(name.content)), kind))
            }
        }
    }

    /// Reads the entries of the array that is next, bounded in number.
    pub(super) fn entries(&mut self, mut entry: impl FnMut(&mut Self) -> Result<()>) -> Result<usize> {
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

    /// A value as text, or that it is none; the fault of a value that is no
    /// text waits until a rule means it.
    pub(super) fn scalar(&mut self) -> Result<Scalar> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind).map(|()| Scalar::Null),
            Kind::Object | Kind::Array => {
                self.skip()?;
                Ok(Scalar::Nested(place(start), kind))
            }
            _ => self.scalar_text(kind, start).map(Scalar::Text),
        }
    }

    /// The text of a scalar of that kind, as written where it is no string.
    fn scalar_text(&mut self, kind: Kind, start: Offset) -> Result<Content> {
        match kind {
            Kind::String => self.json.string_content(),
            Kind::Number => self.json.number_content(),
            _ => {
                self.json.constant(kind)?;
                Ok(Content::Written(Span::new(start, self.json.position())))
            }
        }
    }

    /// The scalar that is next; an object or array is none of the wanted kind.
    pub(super) fn token(&mut self, name: Name, wanted: ValueKind) -> Result<Token> {
        let (kind, start) = self.json.peek()?;
        if matches!(kind, Kind::Object | Kind::Array) {
            return Err(self.wrong(name, start, kind, wanted));
        }
        let text = self.scalar_text(kind, start)?;
        Ok(Token { kind, text, span: Span::new(start, self.json.position()) })
    }

    #[cold]
    fn wrong(&self, name: Name, start: Offset, kind: Kind, wanted: ValueKind) -> Diagnostic {
        let name = self.json.content(name.content);
        wrong_type(place(start), &format!("`{name}` is {}", expected(wanted)), kind)
    }

    fn numbers(&mut self, name: Name) -> Result<Cell> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind).map(|()| Cell::Absent),
            Kind::Array => {
                let first = self.read.numbers.len();
                self.entries(|reader| {
                    let token = reader.token(name, ValueKind::Number)?;
                    match token.kind {
                        Kind::Null => {}
                        Kind::Number | Kind::String => {
                            let number = reader.number(&token, name)?;
                            reader.read.numbers.push(number);
                        }
                        _ => {
                            return Err(reader.wrong(
                                name,
                                token.span.start(),
                                token.kind,
                                ValueKind::Number,
                            ));
                        }
                    }
                    Ok(())
                })?;
                Ok(BufferRange::new(first..self.read.numbers.len()).map_or(Cell::Absent, Cell::Numbers))
            }
            _ => Err(self.wrong(name, start, kind, ValueKind::Numbers)),
        }
    }

    /// A scalar in the wanted kind; absent where it is `null`.
    pub(super) fn value(&mut self, token: &Token, name: Name, destination: &Destination) -> Result<Cell> {
        let text = self.json.content(token.text);
        Ok(match (destination.kind, token.kind) {
            (_, Kind::Null) => Cell::Absent,
            (ValueKind::Boolean, Kind::Boolean(value)) => Cell::Boolean(value),
            (ValueKind::Number, Kind::Number | Kind::String) => match Fixed::read(text) {
                Some(number) => Cell::Fixed(number),
                None => Cell::of(self.number(token, name)?),
            },
            (ValueKind::Text, _) => self.read.text_cell(self.plan, text, destination.compared),
            (ValueKind::Date, Kind::String) => Cell::Date(DateText::parse(text)),
            (ValueKind::Date, Kind::Number) => match read_epoch(text) {
                Some(date) => Cell::Date(date),
                None => return Err(self.wrong(name, token.span.start(), token.kind, destination.kind)),
            },
            _ => return Err(self.wrong(name, token.span.start(), token.kind, destination.kind)),
        })
    }

    fn number(&self, token: &Token, name: Name) -> Result<Number> {
        let digits = self.json.content(token.text);
        Number::from_json(digits).map_err(|form| {
            let name = self.json.content(name.content);
            match form {
                NumberForm::Malformed => Diagnostic::new(
                    Code::WrongType,
                    token.span,
                    format!("`{name}` is a number, not `{digits}`"),
                )
                .help("write a JSON number, or the same in quotes"),
                NumberForm::OutOfRange => Diagnostic::new(
                    Code::NumberRange,
                    token.span,
                    format!("the number in `{name}` has too many digits"),
                )
                .help("at most 28 digits, below 10^28, are kept exactly"),
            }
        })
    }
}

fn place(start: Offset) -> Span {
    Span::byte(start)
}

/// What a value must be, as people call it.
pub(super) fn expected(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::Text => "a string",
        ValueKind::Date => "a date: an ISO string or whole milliseconds from 1970",
        ValueKind::Numbers => "a list of numbers",
    }
}

/// Whole milliseconds from 1970; `None` where the number is not whole.
fn read_epoch(digits: &str) -> Option<DateText> {
    match Number::from_json(digits) {
        Ok(number) if number.is_whole() => Some(
            number
                .as_integer()
                .and_then(|count| Instant::from_milliseconds(count).ok())
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

#[cold]
pub(super) fn duplicate(json: &Reader, key: Name) -> Diagnostic {
    let text = json.content(key.content);
    Diagnostic::new(Code::DuplicateKey, key.span, format!("the key `{text}` stands twice in this object"))
        .note("the second one")
        .help("remove one of the two")
}
