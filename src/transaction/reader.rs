//! Reads objects, arrays and scalars of a document; checks limits and types.

use crate::diagnostic::{Code, Diagnostic, Offset, Span};
use crate::json::{Content, Kind, Name, Reader, too_deep};
use crate::limits::Limits;
use crate::typed::ValueKind;
use crate::value::{Count, DateText, Fixed, Number, NumberForm};

use super::buffers::{Buffers, Seen};
use super::cell::{BufferRange, Cell};
use super::destination::Destination;
use super::fault::{Result, duplicate, epoch_date, expected, helped, no_number, too_much, wrong_type};
use super::layout::Layout;
use super::model::Transaction;
use super::names::KeyLookup;
use super::plan::Plan;
use super::scalar::{Scalar, Token};
use super::shapes::{Guess, Member, Place, Shapes};

impl Layout {
    /// Reads a document into an empty transaction of this layout.
    pub(super) fn read_document(
        &self,
        document: &str,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result {
        let most = limits.transaction();
        if document.len() > most {
            return Err(too_long(document.len(), most));
        }
        let by = ReadBy { limits, plan: &self.plan, shapes_of: Shapes::PLAIN };
        DocumentReader::read_by(document, by, transaction, DocumentReader::transaction)
    }
}

/// The error for a document that is too long.
pub(super) fn too_long(length: usize, most: usize) -> Diagnostic {
    let message = format!("the document has {length} bytes; at most {most} are read");
    Diagnostic::new(Code::Limit, Span::new(most, length), message)
}

/// By what a document is read.
#[derive(Clone, Copy)]
pub(super) struct ReadBy<'l> {
    pub(super) limits: &'l Limits,
    pub(super) plan: &'l Plan,
    /// Which shapes are learned: keys lead elsewhere in other tables.
    pub(super) shapes_of: u64,
}

pub(super) struct DocumentReader<'a, 'l, 't> {
    pub(super) json: Reader<'a>,
    pub(super) limits: &'l Limits,
    /// The number of open objects and arrays.
    pub(super) depth: Count,
    pub(super) plan: &'l Plan,
    /// The transaction that is being filled.
    pub(super) read: &'t mut Transaction,
    pub(super) buffers: Buffers,
}

impl<'a, 'l, 't> DocumentReader<'a, 'l, 't> {
    /// Reads a text with the buffers of a transaction.
    #[inline]
    pub(super) fn read_by<T>(
        document: &'a str,
        by: ReadBy<'l>,
        transaction: &'t mut Transaction,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let mut buffers = std::mem::take(&mut transaction.buffers);
        buffers.begin(by.shapes_of);
        let json = Reader::reusing(document, std::mem::take(&mut buffers.decoding));
        let depth = Count::default();
        let ReadBy { limits, plan, .. } = by;
        let mut reader = DocumentReader { json, limits, depth, plan, read: transaction, buffers };
        let result = read(&mut reader);
        let DocumentReader { json, mut buffers, read: transaction, .. } = reader;
        buffers.decoding = json.into_decoding();
        transaction.buffers = buffers;
        result
    }
}

impl<'l> DocumentReader<'_, 'l, '_> {
    /// Reads an object key by key; what `keys` has must not come twice. The
    /// object is the value of the key at `place`. Returns whether there is an
    /// object: `null` counts as an absent one, except for the document as a
    /// whole.
    pub(super) fn object(
        &mut self,
        what: &str,
        place: Place,
        keys: &impl KeyLookup,
        mut entry: impl FnMut(&mut Self, Member, Seen) -> Result,
    ) -> Result<bool> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object => {
                self.deeper(start)?;
                let seen = self.buffers.seen.open(keys.count());
                let mut order = self.buffers.shapes.enter(place);
                let mut first = true;
                loop {
                    let Buffers { shapes, .. } = &mut self.buffers;
                    let member = match shapes.guess(&mut self.json, &mut order, first) {
                        Guess::Member(member) => member,
                        Guess::End => break,
                        Guess::Wrong => match shapes.unexpected(&mut self.json, &mut order, first, keys)? {
                            Some(member) => member,
                            None => break,
                        },
                    };
                    first = false;
                    entry(self, member, seen)?;
                }
                self.buffers.seen.close(seen);
                self.depth.take_one();
                Ok(true)
            }
            Kind::Null if self.depth.get() > 0 => self.json.constant(kind).map(|()| false),
            _ => Err(wrong_type(head(start), what, "an object", kind)),
        }
    }

    /// Marks a name as seen, and fails if it was seen before in its object.
    pub(super) fn once(&mut self, seen: Seen, number: u32, key: Name) -> Result {
        if self.buffers.seen.note(seen, number) { Err(duplicate(&self.json, key)) } else { Ok(()) }
    }

    pub(super) fn deeper(&mut self, start: Offset) -> Result {
        if self.depth.get() >= self.limits.transaction_depth {
            return Err(too_deep(head(start), self.limits.transaction_depth));
        }
        self.depth.add_one();
        Ok(())
    }

    pub(super) fn skip(&mut self) -> Result {
        self.json.skip(self.depth.get(), self.limits.transaction_depth)
    }

    /// Reads the entries of the array that is next; their number is limited.
    pub(super) fn entries(&mut self, mut entry: impl FnMut(&mut Self) -> Result) -> Result {
        let start = self.json.peek()?.1;
        self.deeper(start)?;
        let mut more = self.json.enter_array()?;
        let mut count = Count::default();
        while more {
            if count.add_one() > self.limits.transaction_array {
                let at = self.json.peek()?.1;
                let most = self.limits.transaction_array;
                return Err(Diagnostic::new(
                    Code::Limit,
                    head(at),
                    format!("this array has more than {most} entries"),
                ));
            }
            entry(self)?;
            more = self.json.next_entry()?;
        }
        self.depth.take_one();
        Ok(())
    }

    /// Reads a value as text, or notes that it is an object or array; the
    /// caller decides whether that is an error.
    pub(super) fn scalar(&mut self) -> Result<Scalar> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Null => self.json.constant(kind).map(|()| Scalar::Null),
            Kind::Object | Kind::Array => {
                self.skip()?;
                Ok(Scalar::Nested(head(start), kind))
            }
            _ => self.scalar_text(kind, start).map(Scalar::Text),
        }
    }

    /// The text of a scalar; of one that is not a string, as it is written.
    pub(super) fn scalar_text(&mut self, kind: Kind, start: Offset) -> Result<Content> {
        match kind {
            Kind::String => self.json.string_content(),
            Kind::Number => self.json.number_content(),
            _ => {
                self.json.constant(kind)?;
                Ok(Content::Written(Span::new(start, self.json.position())))
            }
        }
    }

    /// Reads the scalar that is next; fails at an object or array.
    pub(super) fn token(&mut self, name: Name, wanted: ValueKind) -> Result<Token> {
        let (kind, start) = self.json.peek()?;
        if matches!(kind, Kind::Object | Kind::Array) {
            return Err(self.wrong(name, (kind, ""), start, wanted));
        }
        let text = self.scalar_text(kind, start)?;
        Ok(Token { kind, text, span: Span::new(start, self.json.position()) })
    }

    #[cold]
    pub(super) fn wrong(
        &self,
        name: Name,
        (kind, text): (Kind, &str),
        start: Offset,
        wanted: ValueKind,
    ) -> Diagnostic {
        let name = self.json.content(name.content);
        let fault = wrong_type(head(start), &format!("`{name}`"), expected(wanted), kind);
        helped(fault, wanted, kind, text)
    }

    /// A list of numbers; absent where the document has `null`.
    pub(super) fn numbers(&mut self, name: Name) -> Result<Cell> {
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
                            let start = token.span.start();
                            return Err(reader.wrong(name, (token.kind, ""), start, ValueKind::Number));
                        }
                    }
                    Ok(())
                })?;
                let range = BufferRange::new(first..self.read.numbers.len());
                range.map(Cell::Numbers).ok_or_else(|| too_much(name.span))
            }
            _ => Err(self.wrong(name, (kind, ""), start, ValueKind::Numbers)),
        }
    }

    /// The value that is next, where it is plainly what is wanted, as nearly every
    /// value is: a number in plain digits, a string without escapes. Else
    /// nothing is read.
    #[inline]
    pub(super) fn plain_value(&mut self, destination: &Destination) -> Option<Cell> {
        self.json.space();
        match destination.kind {
            ValueKind::Number => self.json.plain_number().map(Cell::Fixed),
            ValueKind::Text => {
                let (text, rest) = self.json.plain_string()?;
                let cell = self.read.text_cell(self.plan, text, destination.compared)?;
                self.json.go_on(rest);
                Some(cell)
            }
            _ => None,
        }
    }

    /// A scalar as the wanted type; absent where the document has `null`.
    pub(super) fn value(&mut self, token: &Token, name: Name, destination: &Destination) -> Result<Cell> {
        let text = self.json.content(token.text);
        match scalar_cell(self.read, self.plan, (token.kind, text), destination) {
            Ok(cell) => Ok(cell),
            Err(refused) => {
                Err(self.refusal(refused, (token.kind, text), token.span, name, destination.kind))
            }
        }
    }

    /// Why a scalar is refused.
    #[cold]
    pub(super) fn refusal(
        &self,
        refused: Refused,
        (kind, text): (Kind, &str),
        span: Span,
        name: Name,
        wanted: ValueKind,
    ) -> Diagnostic {
        match refused {
            Refused::Type => self.wrong(name, (kind, text), span.start(), wanted),
            Refused::Number(form) => no_number(self.json.content(name.content), (kind, text), span, form),
            Refused::TooMuch => too_much(span),
        }
    }

    fn number(&self, token: &Token, name: Name) -> Result<Number> {
        let digits = self.json.content(token.text);
        Number::from_json(digits).map_err(|form| {
            let name = self.json.content(name.content);
            no_number(name, (token.kind, digits), token.span, form)
        })
    }
}

/// Why a scalar can't be taken.
pub(super) enum Refused {
    Type,
    Number(NumberForm),
    TooMuch,
}

/// A scalar as the wanted type.
#[inline]
pub(super) fn scalar_cell(
    read: &mut Transaction,
    plan: &Plan,
    (kind, text): (Kind, &str),
    destination: &Destination,
) -> std::result::Result<Cell, Refused> {
    Ok(match (destination.kind, kind) {
        (_, Kind::Null) => Cell::Absent,
        (ValueKind::Boolean, Kind::Boolean(value)) => Cell::Boolean(value),
        (ValueKind::Number, Kind::Number | Kind::String) => match Fixed::read(text) {
            Some(number) => Cell::Fixed(number),
            None => Cell::of(Number::from_json(text).map_err(Refused::Number)?),
        },
        (ValueKind::Text, _) => read.text_cell(plan, text, destination.compared).ok_or(Refused::TooMuch)?,
        (ValueKind::Date, Kind::String) => Cell::Date(DateText::parse(text)),
        (ValueKind::Date, Kind::Number) => Cell::Date(epoch_date(text).ok_or(Refused::Type)?),
        _ => return Err(Refused::Type),
    })
}

/// The span of an error about a whole value.
pub(super) fn head(start: Offset) -> Span {
    Span::byte(start)
}
