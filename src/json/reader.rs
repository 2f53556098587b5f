//! Reads a document token by token.
//!
//! The tokens are jiter's; beside them every door needs spans of keys and
//! values, pointers, and a depth that is counted. serde_json has no places and
//! recurses, and a tree of a long chain nests 10 000 deep.

use std::fmt::Write;

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use crate::report::{Diagnostic, Offset, Span};
use crate::value::Fixed;

use super::faults;
use super::scan::{self, Escaped};

/// What kind of value comes next.
///
/// ```
/// use target_rules::json::{Kind, Located, Reader};
/// let value = Located::read(&mut Reader::new(r#""730.50""#))?;
/// assert_eq!(value.kind, Kind::String);
/// let message = format!("points are {}, not {}", Kind::Number.name(), value.kind.name());
/// assert_eq!(message, "points are a number, not a string");
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{...}`
    Object,
    /// `[...]`
    Array,
    /// `"..."`
    String,
    /// A number, its digits as they are written.
    Number,
    /// `true` or `false`.
    Boolean(bool),
    /// `null`
    Null,
}

impl Kind {
    /// The kind as people call it, with its article.
    pub fn name(self) -> &'static str {
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
///
/// ```
/// use target_rules::json::{Located, Members, Reader};
/// let text = r#"{"caf\u00e9": true}"#;
/// let document = Located::read(&mut Reader::new(text))?;
/// let (key, _) = Members::of(text, document).next().ok_or("an empty object")?;
/// assert_eq!(key.text, "café");
/// assert_eq!(&text[key.span.range()], r#""caf\u00e9""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its decoded text.
    pub text: String,
    /// Its place, with the quotes.
    pub span: Span,
}

/// Where the decoded text of a string is kept: a string without escapes stands
/// in the document as it is. [`Reader::content`] has the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Written(Span),
    Decoded(Span),
}

/// A key of an object, not copied out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) content: Content,
    pub(crate) span: Span,
}

impl Name {
    /// A key without escapes, at its place with the quotes.
    #[inline]
    fn written(span: Span) -> Name {
        Name { content: Content::Written(Span::new(span.start() + 1, span.end() - 1)), span }
    }
}

/// Buffers for strings with escapes, which can be used for one document after
/// the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decoding {
    tape: Vec<u8>,
    /// Every string that was decoded, one after the other.
    text: String,
}

/// What comes next in an object.
#[derive(Clone, Copy)]
pub(crate) enum NextInObject<'a> {
    /// A key: the bytes from its quote on.
    Key(&'a [u8]),
    /// The end of the object: the bytes after it.
    End(&'a [u8]),
    /// The end of an object without keys, or a fault.
    Other,
}

/// Reads one document token by token, or one value of a document.
///
/// What is wrong comes as a [`Diagnostic`] whose span counts in bytes of the whole
/// text. Cost is linear in what is read.
///
/// What is plainly legal is stepped over by `scan`, the fast path. Whatever else
/// comes is given to jiter at the same place, which decodes it or finds the fault.
///
/// ```
/// use target_rules::json::{Located, Members, Reader};
/// let text = r#"{"id": 50, "rule": "currentCustomer.slabName == \"Gold\""}"#;
/// let mut json = Reader::new(text);
/// let target = Located::read(&mut json)?;
/// // Nothing may follow the document.
/// json.finish()?;
/// let rule = Members::of(text, target).find(|(key, _)| key.text == "rule");
/// let (_, value) = rule.ok_or("a target without a rule")?;
/// let rule = Reader::within(text, value.span).string()?;
/// assert_eq!(rule, r#"currentCustomer.slabName == "Gold""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Reader<'a> {
    text: &'a str,
    /// The part that is read; every place counts from the start of the text.
    part: Span,
    /// What is left of the part.
    pub(super) rest: &'a [u8],
    decoding: Decoding,
}

type Result<T> = std::result::Result<T, Diagnostic>;

impl<'a> Reader<'a> {
    /// Reads a document. Places are bytes of the text.
    ///
    /// A document above [`Limits::HARDEST_TEXT`](crate::Limits::HARDEST_TEXT)
    /// is cut there, and so is no JSON.
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader::within(text, Span::new(0, text.len()))
    }

    /// The same with the buffers of a reader that is done.
    pub(crate) fn reusing(text: &'a str, mut decoding: Decoding) -> Reader<'a> {
        decoding.text.clear();
        Reader { decoding, ..Reader::new(text) }
    }

    /// The buffers, for the next reader.
    pub(crate) fn into_decoding(self) -> Decoding {
        self.decoding
    }

    /// Reads the value at a span of a text; places still count from the start
    /// of the text. A span outside the text is empty.
    pub fn within(text: &'a str, part: Span) -> Reader<'a> {
        let read = text.get(part.range()).unwrap_or("");
        let part = Span::new(part.start(), part.start() + read.len());
        Reader { text, part, rest: read.as_bytes(), decoding: Decoding::default() }
    }

    /// The byte after the last token.
    #[inline]
    pub(crate) fn position(&self) -> Offset {
        self.part.end() - self.rest.len()
    }

    /// Lets jiter read the next token.
    #[cold]
    fn ask<T>(
        &mut self,
        step: impl FnOnce(&mut Jiter<'a>, &mut String) -> std::result::Result<T, JiterError>,
    ) -> Result<T> {
        let mut tokens = Jiter::with_tape(self.rest, std::mem::take(&mut self.decoding.tape));
        let result = step(&mut tokens, &mut self.decoding.text);
        let after = tokens.current_index();
        self.decoding.tape = tokens.into_tape();
        let result = result.map_err(|error| self.fault(&error));
        self.rest = self.rest.get(after..).unwrap_or_default();
        result
    }

    /// The kind of the next value, and the byte at which it starts.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<(Kind, Offset)> {
        self.rest = scan::space(self.rest);
        let kind = match self.rest.first() {
            Some(b'"') => Kind::String,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b't') => Kind::Boolean(true),
            Some(b'f') => Kind::Boolean(false),
            Some(b'n') => Kind::Null,
            _ => return self.peek_slowly(),
        };
        Ok((kind, self.position()))
    }

    #[cold]
    fn peek_slowly(&mut self) -> Result<(Kind, Offset)> {
        let peek = self.ask(|tokens, _| tokens.peek())?;
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
                let index = 0;
                Err(self.fault(&JiterError { error_type, index }))
            }
        }
    }

    /// The text of a string that was read.
    #[inline]
    pub(crate) fn content(&self, content: Content) -> &str {
        match content {
            Content::Written(span) => self.text.get(span.range()).unwrap_or(""),
            Content::Decoded(span) => self.decoding.text.get(span.range()).unwrap_or(""),
        }
    }

    /// Keeps a decoded text, which the document holds only in its escaped form.
    pub(crate) fn keep(&mut self, text: impl std::fmt::Display) -> Content {
        let start = self.decoding.text.len();
        // INVARIANT: writing into a string does not fail.
        let _ = write!(self.decoding.text, "{text}");
        Content::Decoded(Span::new(start, self.decoding.text.len()))
    }

    /// The string that is next.
    #[inline]
    pub(crate) fn string_content(&mut self) -> Result<Content> {
        if let [b'"', after @ ..] = self.rest
            && let Some((rest, Escaped::No)) = scan::string(after)
        {
            let start = self.position() + 1;
            self.rest = rest;
            return Ok(Content::Written(Span::new(start, self.position() - 1)));
        }
        self.ask(|tokens, decoded| Ok(keep(tokens.known_str()?, decoded)))
    }

    /// The string that is next, decoded.
    ///
    /// Fails where it is cut or has an escape that stands for nothing.
    pub fn string(&mut self) -> Result<String> {
        let content = self.string_content()?;
        Ok(self.content(content).to_owned())
    }

    /// The string that the whole text is, if it is one.
    pub(crate) fn whole_string(mut self) -> Option<String> {
        let (Kind::String, _) = self.peek().ok()? else { return None };
        let string = self.string().ok()?;
        self.finish().ok().map(|()| string)
    }

    /// Steps over the string that is next without decoding it, which is cheaper.
    /// Only the grammar is checked. Half a surrogate pair, as it is left where a
    /// text was cut within an emoji, is a fault only where the string is read.
    pub(crate) fn skip_string(&mut self) -> Result<()> {
        match self.rest.strip_prefix(b"\"").and_then(scan::string) {
            Some((rest, _)) => {
                self.rest = rest;
                Ok(())
            }
            None => self.ask(|tokens, _| tokens.known_bytes().map(drop)),
        }
    }

    /// The place of the number that is next, as written.
    #[inline]
    pub(crate) fn number_content(&mut self) -> Result<Content> {
        let start = self.position();
        match scan::number(self.rest) {
            Some(rest) => self.rest = rest,
            None => self.ask(|tokens, _| tokens.next_number_bytes().map(drop))?,
        }
        Ok(Content::Written(Span::new(start, self.position())))
    }

    /// The number that is next, if it is written in few plain digits.
    #[inline]
    pub(crate) fn plain_number(&mut self) -> Option<Fixed> {
        let (number, rest) = scan::plain_number(self.rest)?;
        self.rest = rest;
        Some(number)
    }

    /// The string that is next, if it stands in the document as it is, and the
    /// bytes after it.
    #[inline]
    pub(crate) fn plain_string(&self) -> Option<(&'a str, &'a [u8])> {
        let after = self.rest.strip_prefix(b"\"")?;
        let (rest, Escaped::No) = scan::string(after)? else { return None };
        let start = self.part.end().get().checked_sub(after.len())?;
        let end = self.part.end().get().checked_sub(rest.len())?.checked_sub(1)?;
        self.text.get(start..end).map(|text| (text, rest))
    }

    /// Steps over white space.
    #[inline]
    pub(crate) fn space(&mut self) {
        self.rest = scan::space(self.rest);
    }

    /// Steps over the number that is next.
    pub(crate) fn skip_number(&mut self) -> Result<()> {
        self.number_content().map(drop)
    }

    /// Steps over `true`, `false` or `null`.
    pub(crate) fn constant(&mut self, kind: Kind) -> Result<()> {
        match (kind, self.rest) {
            (Kind::Null, [b'n', b'u', b'l', b'l', after @ ..])
            | (Kind::Boolean(true), [b't', b'r', b'u', b'e', after @ ..])
            | (Kind::Boolean(false), [b'f', b'a', b'l', b's', b'e', after @ ..]) => {
                self.rest = after;
                Ok(())
            }
            (Kind::Null, _) => self.ask(|tokens, _| tokens.known_null()),
            _ => self.ask(|tokens, _| tokens.next_bool().map(drop)),
        }
    }

    /// Enters the object that is next; its first key.
    pub(crate) fn enter_object(&mut self) -> Result<Option<Key>> {
        let name = self.first_name()?;
        Ok(name.map(|name| self.key(name)))
    }

    /// The next key of the object.
    pub(crate) fn next_key(&mut self) -> Result<Option<Key>> {
        let name = self.next_name()?;
        Ok(name.map(|name| self.key(name)))
    }

    fn key(&self, name: Name) -> Key {
        Key { text: self.content(name.content).to_owned(), span: name.span }
    }

    /// Enters the object that is next; its first key, not copied.
    pub(crate) fn first_name(&mut self) -> Result<Option<Name>> {
        let inner = scan::space(self.rest.get(1..).unwrap_or_default());
        if let Some(plain) = self.plain_key(inner) {
            return Ok(plain);
        }
        let from = self.position() + 1;
        let content = self.ask(|tokens, decoded| Ok(tokens.known_object()?.map(|key| keep(key, decoded))))?;
        Ok(content.map(|content| self.name(content, from)))
    }

    /// The next key of the object, not copied.
    pub(crate) fn next_name(&mut self) -> Result<Option<Name>> {
        let inner = match scan::space(self.rest) {
            // A bracket after a comma is a fault.
            [b',', after @ ..] => Some(scan::space(after)).filter(|inner| inner.first() == Some(&b'"')),
            closing @ [b'}', ..] => Some(closing),
            _ => None,
        };
        if let Some(plain) = inner.and_then(|inner| self.plain_key(inner)) {
            return Ok(plain);
        }
        let from = self.position();
        let content = self.ask(|tokens, decoded| Ok(tokens.next_key()?.map(|key| keep(key, decoded))))?;
        Ok(content.map(|content| self.name(content, from)))
    }

    /// What comes next in an object, or first.
    #[inline]
    pub(crate) fn next_in_object(&self, first: bool) -> NextInObject<'a> {
        let rest = if first { self.rest } else { scan::space(self.rest) };
        match (rest, first) {
            ([b',', after @ ..], false) | ([b'{', after @ ..], true) => match scan::space(after) {
                key @ [b'"', ..] => NextInObject::Key(key),
                _ => NextInObject::Other,
            },
            ([b'}', after @ ..], false) => NextInObject::End(after),
            _ => NextInObject::Other,
        }
    }

    /// The bytes that are left of the part.
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on at these bytes, which are left of the part.
    #[inline]
    pub(crate) fn go_on(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// Steps over a key that stands at these bytes and is followed by those.
    #[inline]
    pub(crate) fn take_key(&mut self, key: &'a [u8], rest: &'a [u8]) -> Name {
        self.rest = rest;
        // INVARIANT: the key has two quotes and a colon, and no space.
        Name::written(Span::new(self.part.end() - key.len(), self.position() - 1))
    }

    /// A key without escapes and its colon, or `Some(None)` at the end of the
    /// object; `None` where neither comes next.
    #[inline]
    fn plain_key(&mut self, inner: &'a [u8]) -> Option<Option<Name>> {
        match inner {
            [b'}', after @ ..] => {
                self.rest = after;
                Some(None)
            }
            [b'"', after @ ..] => {
                let (end, escaped) = scan::string(after)?;
                let [b':', rest @ ..] = scan::space(end) else { return None };
                if escaped != Escaped::No {
                    return None;
                }
                let span = Span::new(self.part.end() - inner.len(), self.part.end() - end.len());
                self.rest = rest;
                Some(Some(Name::written(span)))
            }
            _ => None,
        }
    }

    fn name(&self, content: Content, from: Offset) -> Name {
        // The key is the first string after `from`; the colon ends it.
        let before = self.text.get(Span::new(from, self.position()).range()).unwrap_or("");
        let start = before.find('"').map_or(from, |at| from + at);
        let end = before.rfind('"').map_or(start, |at| from + at + 1);
        Name { content, span: Span::new(start, end) }
    }

    /// Enters the array that is next; whether it has an entry.
    #[inline]
    pub(crate) fn enter_array(&mut self) -> Result<bool> {
        match scan::space(self.rest.get(1..).unwrap_or_default()) {
            [b']', after @ ..] => {
                self.rest = after;
                Ok(false)
            }
            [] => self.ask(|tokens, _| tokens.known_array().map(|entry| entry.is_some())),
            inner => {
                self.rest = inner;
                Ok(true)
            }
        }
    }

    /// Whether the array has another entry.
    #[inline]
    pub(crate) fn next_entry(&mut self) -> Result<bool> {
        match scan::space(self.rest) {
            [b',', after @ ..] if !matches!(scan::space(after), [] | [b']', ..]) => {
                self.rest = scan::space(after);
                Ok(true)
            }
            [b']', after @ ..] => {
                self.rest = after;
                Ok(false)
            }
            _ => self.ask(|tokens, _| tokens.array_step().map(|entry| entry.is_some())),
        }
    }

    /// Fails where anything but white space follows.
    pub fn finish(&mut self) -> Result<()> {
        self.ask(|tokens, _| tokens.finish())
    }

    fn fault(&self, error: &JiterError) -> Diagnostic {
        faults::explain(self.text, self.part, self.position() + error.index, error)
    }
}

fn keep(text: &str, decoded: &mut String) -> Content {
    let start = decoded.len();
    decoded.push_str(text);
    Content::Decoded(Span::new(start, decoded.len()))
}
