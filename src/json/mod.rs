//! JSON with places: a pull reader that never recurses.
//!
//! The tokens are jiter's; this folder adds what every door needs beside them:
//! spans of keys and values, pointers, and a depth that is counted. serde_json
//! has no places and recurses, and a tree of a long chain nests 10 000 deep.
#![deny(clippy::arithmetic_side_effects)]

mod escapes;
mod places;
mod walk;
mod words;

pub(crate) use escapes::Escapes;
pub(crate) use places::{Entries, Located, Members, Step, find, pointer_at, pointers_at};
pub(crate) use walk::{Event, Walk};
pub(crate) use words::HALF_A_CHARACTER;

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use crate::diagnostic::{Code, Diagnostic, Span, counted};

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean(bool),
    Null,
}

impl Kind {
    /// The kind as people call it, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Boolean(_) => "a boolean",
            Kind::Null => "`null`",
        }
    }
}

/// A key of an object and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// Reads one document token by token, or one value of a document.
pub(crate) struct Reader<'a> {
    text: &'a str,
    /// The part that is read; every place counts from the start of the text.
    part: Span,
    tokens: Jiter<'a>,
}

type Result<T> = std::result::Result<T, Diagnostic>;

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Reader<'a> {
        Reader::within(text, Span::new(0, text.len()))
    }

    /// Reads the value at a span of a text. A span outside the text is empty.
    pub(crate) fn within(text: &'a str, part: Span) -> Reader<'a> {
        let read = text.get(part.start..part.end).unwrap_or("");
        Reader { text, part, tokens: Jiter::new(read.as_bytes()) }
    }

    /// The byte after the last token.
    pub(crate) fn position(&self) -> usize {
        self.part.start.saturating_add(self.tokens.current_index())
    }

    /// The kind of the next value, and the byte at which it starts.
    pub(crate) fn peek(&mut self) -> Result<(Kind, usize)> {
        let peek = self.tokens.peek().map_err(|error| self.fault(error))?;
        Ok((self.kind(peek)?, self.position()))
    }

    fn kind(&self, peek: Peek) -> Result<Kind> {
        match peek {
            Peek::Object => Ok(Kind::Object),
            Peek::Array => Ok(Kind::Array),
            Peek::String => Ok(Kind::String),
            Peek::True => Ok(Kind::Boolean(true)),
            Peek::False => Ok(Kind::Boolean(false)),
            Peek::Null => Ok(Kind::Null),
            other if other.is_num() => Ok(Kind::Number),
            _ => {
                let error_type = JiterErrorType::JsonError(JsonErrorType::ExpectedSomeValue);
                let index = self.tokens.current_index();
                Err(self.fault(JiterError { error_type, index }))
            }
        }
    }

    /// The decoded string that is next.
    pub(crate) fn string(&mut self) -> Result<String> {
        self.tokens.known_str().map(str::to_owned).map_err(|error| self.fault(error))
    }

    /// The string that the whole text is, if it is one.
    pub(crate) fn whole_string(mut self) -> Option<String> {
        let (Kind::String, _) = self.peek().ok()? else { return None };
        let string = self.string().ok()?;
        self.finish().ok().map(|()| string)
    }

    /// Steps over the string that is next. Cheaper than to decode it, and the
    /// grammar is all that counts: half a surrogate pair, as is left of a
    /// picture where a text was cut, is a fault only for who reads the string.
    pub(crate) fn skip_string(&mut self) -> Result<()> {
        let start = self.position();
        let Err(error) = self.tokens.known_bytes().map(drop) else { return Ok(()) };
        match string_end(self.text, start) {
            Some(end) if end <= self.part.end => {
                *self = Reader::within(self.text, Span::new(end, self.part.end));
                Ok(())
            }
            _ => Err(self.fault(error)),
        }
    }

    /// The digits of the number that is next, as written.
    pub(crate) fn number(&mut self) -> Result<&'a str> {
        let start = self.position();
        self.tokens.next_number_bytes().map(drop).map_err(|error| self.fault(error))?;
        Ok(self.text.get(start..self.position()).unwrap_or(""))
    }

    /// Steps over `true`, `false` or `null`.
    pub(crate) fn constant(&mut self, kind: Kind) -> Result<()> {
        match kind {
            Kind::Null => self.tokens.known_null().map_err(|error| self.fault(error)),
            _ => self.tokens.next_bool().map(drop).map_err(|error| self.fault(error)),
        }
    }

    /// Enters the object that is next; its first key.
    pub(crate) fn enter_object(&mut self) -> Result<Option<Key>> {
        let from = self.position().saturating_add(1);
        let key = self
            .tokens
            .known_object()
            .map(|key| key.map(str::to_owned))
            .map_err(|error| self.fault(error))?;
        Ok(key.map(|text| self.key(text, from)))
    }

    /// The next key of the object.
    pub(crate) fn next_key(&mut self) -> Result<Option<Key>> {
        let from = self.position();
        let key =
            self.tokens.next_key().map(|key| key.map(str::to_owned)).map_err(|error| self.fault(error))?;
        Ok(key.map(|text| self.key(text, from)))
    }

    fn key(&self, text: String, from: usize) -> Key {
        // The key is the first string after `from`; the colon ends it.
        let before = self.text.get(from..self.position()).unwrap_or("");
        let start = before.find('"').map_or(from, |at| from.saturating_add(at));
        let end = before.rfind('"').map_or(start, |at| from.saturating_add(at).saturating_add(1));
        Key { text, span: Span::new(start, end) }
    }

    /// Enters the array that is next; whether it has an entry.
    pub(crate) fn enter_array(&mut self) -> Result<bool> {
        self.tokens.known_array().map(|entry| entry.is_some()).map_err(|error| self.fault(error))
    }

    /// Whether the array has another entry.
    pub(crate) fn next_entry(&mut self) -> Result<bool> {
        self.tokens.array_step().map(|entry| entry.is_some()).map_err(|error| self.fault(error))
    }

    /// Nothing but white space may follow.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.tokens.finish().map_err(|error| self.fault(error))
    }

    /// Steps over the next value, whatever it is, without recursion. `open`
    /// objects and arrays are open around it, and at most `most` may be.
    pub(crate) fn skip(&mut self, open: usize, most: usize) -> Result<()> {
        let mut walk = Walk::new(self);
        while let Some(event) = walk.next()? {
            if let Event::Open { start, .. } = event
                && walk.depth().saturating_add(open) > most
            {
                return Err(too_deep(Span::new(start, start.saturating_add(1)), most));
            }
        }
        Ok(())
    }

    /// Steps over the next value however deep it nests.
    pub(crate) fn skip_any(&mut self) -> Result<()> {
        let start = self.position();
        if self.tokens.next_skip().is_ok() {
            return Ok(());
        }
        // jiter's own way is the fast one. It stops at a depth of 200 and at
        // half a surrogate pair, neither of which is a fault here.
        *self = Reader::within(self.text, Span::new(start, self.part.end));
        self.skip(0, usize::MAX)
    }

    fn fault(&self, error: JiterError) -> Diagnostic {
        words::explain(self.text, self.part, &error)
    }
}

/// The byte after the string that starts at a byte, going by the grammar alone.
fn string_end(text: &str, start: usize) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(start.saturating_add(1));
    loop {
        match bytes.next()? {
            (at, b'"') => return Some(at.saturating_add(1)),
            (_, b'\\') => match bytes.next()?.1 {
                b'u' => {
                    let digits = bytes.by_ref().take(4).filter(|(_, byte)| byte.is_ascii_hexdigit());
                    (digits.count() == 4).then_some(())?;
                }
                escaped => b"\"\\/bfnrt".contains(&escaped).then_some(())?,
            },
            (_, control) if control < b' ' => return None,
            _ => {}
        }
    }
}

/// The fault of a document that nests too deep.
pub(crate) fn too_deep(span: Span, most: usize) -> Diagnostic {
    let message = format!("objects and arrays nest deeper than {}", counted(most, "level"));
    Diagnostic::new(Code::Limit, span, message).note("one too many opens here")
}

/// One step of a pointer, escaped as RFC 6901 asks.
pub(crate) fn pointer_step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}
