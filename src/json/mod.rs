//! JSON with places: a pull reader that never recurses.
//!
//! The tokens are jiter's; this folder adds what every door needs beside them:
//! spans of keys and values, pointers, and a depth that is counted. serde_json
//! has no places and recurses, and a tree of a long chain nests 10 000 deep.
#![deny(clippy::arithmetic_side_effects)]

use jiter::{Jiter, JiterErrorType, JsonErrorType, Peek};

use crate::diagnostic::{Code, Diagnostic, Span};

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

/// Reads one document token by token.
pub(crate) struct Reader<'a> {
    text: &'a str,
    tokens: Jiter<'a>,
}

type Result<T> = std::result::Result<T, Diagnostic>;

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, tokens: Jiter::new(text.as_bytes()) }
    }

    /// The byte after the last token.
    pub(crate) fn position(&self) -> usize {
        self.tokens.current_index()
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
            _ => Err(self.unexpected("expected a JSON value")),
        }
    }

    /// The decoded string that is next.
    pub(crate) fn string(&mut self) -> Result<String> {
        self.tokens.known_str().map(str::to_owned).map_err(|error| self.fault(error))
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

    /// Steps over the next value, whatever it is, without recursion. `depth`
    /// is how many objects and arrays may still open within each other.
    pub(crate) fn skip(&mut self, depth: usize) -> Result<()> {
        let mut open: Vec<Kind> = Vec::new();
        loop {
            let (kind, start) = self.peek()?;
            let mut more = match kind {
                Kind::String => self.string().map(|_| false)?,
                Kind::Number => self.number().map(|_| false)?,
                Kind::Boolean(_) | Kind::Null => self.constant(kind).map(|()| false)?,
                Kind::Object | Kind::Array => {
                    if open.len() >= depth {
                        return Err(too_deep(Span::new(start, start.saturating_add(1))));
                    }
                    open.push(kind);
                    if kind == Kind::Object { self.enter_object()?.is_some() } else { self.enter_array()? }
                }
            };
            let entered = matches!(kind, Kind::Object | Kind::Array);
            if entered && more {
                continue;
            }
            if entered {
                open.pop();
            }
            more = false;
            while let Some(kind) = open.last() {
                more = if *kind == Kind::Object { self.next_key()?.is_some() } else { self.next_entry()? };
                if more {
                    break;
                }
                open.pop();
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn unexpected(&self, message: &str) -> Diagnostic {
        let at = self.position();
        Diagnostic::new(Code::JsonSyntax, Span::new(at, at.saturating_add(1)), message)
    }

    fn fault(&self, error: jiter::JiterError) -> Diagnostic {
        let at = error.index.min(self.text.len());
        let message = match &error.error_type {
            JiterErrorType::JsonError(JsonErrorType::EofWhileParsingString) => {
                "a JSON string is never closed".to_owned()
            }
            JiterErrorType::JsonError(kind) if at >= self.text.len() => {
                let what = kind.to_string();
                format!("the JSON ends too early ({what})")
            }
            JiterErrorType::JsonError(JsonErrorType::TrailingCharacters) => {
                "more text after the JSON value".to_owned()
            }
            JiterErrorType::JsonError(kind) => format!("this is not JSON: {kind}"),
            JiterErrorType::WrongType { .. } => "this is not JSON".to_owned(),
        };
        Diagnostic::new(Code::JsonSyntax, Span::new(at, at.saturating_add(1)), message)
    }
}

/// The fault of a document that nests too deep.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Limit, span, "objects and arrays nest too deep in this document")
}

/// One step of a pointer, escaped as RFC 6901 asks.
pub(crate) fn pointer_step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The JSON pointer of the innermost value that holds the span. Text that is
/// not JSON is followed as far as it is.
pub(crate) fn pointer_at(text: &str, span: Span) -> String {
    enum Step {
        Key(String),
        Index(usize),
    }
    let mut reader = Reader::new(text);
    let mut path: Vec<Step> = Vec::new();
    let mut open: Vec<(Kind, usize)> = Vec::new();
    let mut best: Vec<String> = Vec::new();
    let show = |path: &[Step]| -> Vec<String> {
        path.iter()
            .map(|step| match step {
                Step::Key(key) => pointer_step(key),
                Step::Index(index) => format!("/{index}"),
            })
            .collect()
    };
    // A value that starts at or before the span is its holder until it ends
    // before the span does.
    while let Ok((kind, start)) = reader.peek() {
        if start > span.start {
            break;
        }
        let mut more = match kind {
            Kind::Object => match reader.enter_object() {
                Ok(Some(key)) => {
                    open.push((kind, start));
                    path.push(Step::Key(key.text));
                    true
                }
                Ok(None) => false,
                Err(_) => break,
            },
            Kind::Array => match reader.enter_array() {
                Ok(true) => {
                    open.push((kind, start));
                    path.push(Step::Index(0));
                    true
                }
                Ok(false) => false,
                Err(_) => break,
            },
            Kind::String if reader.string().is_ok() => false,
            Kind::Number if reader.number().is_ok() => false,
            Kind::Boolean(_) | Kind::Null if reader.constant(kind).is_ok() => false,
            _ => break,
        };
        if !more {
            if reader.position() >= span.end.max(span.start.saturating_add(1)) {
                best = show(&path);
                return best.concat();
            }
            while let Some((kind, _)) = open.last() {
                let step = match kind {
                    Kind::Object => reader.next_key().map(|key| key.map(|key| Step::Key(key.text))),
                    _ => reader.next_entry().map(|more| {
                        more.then(|| match path.last() {
                            Some(Step::Index(index)) => Step::Index(index.saturating_add(1)),
                            _ => Step::Index(0),
                        })
                    }),
                };
                path.pop();
                match step {
                    Ok(Some(step)) => {
                        path.push(step);
                        more = true;
                        break;
                    }
                    Ok(None) => {
                        open.pop();
                        if reader.position() >= span.end {
                            best = show(&path);
                            return best.concat();
                        }
                    }
                    Err(_) => return show(&path).concat(),
                }
            }
            if !more {
                return best.concat();
            }
        }
    }
    // The span starts before the value now next: its holder is one step up.
    path.pop();
    best = show(&path);
    best.concat()
}
