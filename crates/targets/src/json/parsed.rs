//! A JSON document that was parsed once: where its keys and values stand.
//!
//! There is no tree of it. Every value is one small entry of a list, in the
//! order of the document, and says how many entries it is made of; so nothing
//! recurses, and a subtree is a slice.

use std::borrow::Cow;
use std::sync::Arc;

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Offset, Span};
use target_rules::json::{Event, Kind, Located, PathSegment, Reader, Walk, too_deep};

/// A document and the places of everything in it.
///
/// Memory is linear: 16 bytes for each value, beside the text. With its comma the
/// shortest value takes two bytes of text, so that the places of a hostile
/// document take eight times its length; those of the platform's documents take less
/// than once, measured. They are counted first, so that no more is ever held.
#[derive(Debug)]
pub(crate) struct Parsed {
    text: Arc<str>,
    /// INVARIANT: the first is the whole document.
    entries: Vec<Entry>,
}

/// The places of one value.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where the key begins; of what has none, where the value does.
    key: Offset,
    value: Span,
    /// How many entries the value is made of, itself included.
    entries: u32,
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'d> {
    document: &'d Parsed,
    entry: Entry,
    /// The entries of all that it holds.
    inner: &'d [Entry],
}

impl Parsed {
    /// Parses a text from a byte on, in which at most `depth` objects and arrays
    /// are within each other. However deep it nests costs no stack.
    ///
    /// Fails with what is wrong where it is no JSON, and where it nests deeper.
    pub(crate) fn parse(text: Arc<str>, start: usize, depth: usize) -> Result<Parsed, Diagnostic> {
        if text.len() > Limits::HARDEST_TEXT {
            let most = Limits::HARDEST_TEXT;
            let message = format!("the document has {} bytes; at most {most} can be read", text.len());
            return Err(Diagnostic::new(Code::Limit, Span::default(), message));
        }
        let entries = entries_of(&text, start, depth)?;
        Ok(Parsed { text, entries })
    }

    /// The text of the document.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The document as a value.
    pub(crate) fn root(&self) -> Node<'_> {
        // INVARIANT: a document without a value was refused.
        let nothing = Entry { key: Offset::START, value: Span::default(), entries: 1 };
        let (entry, inner) = self.entries.split_first().unwrap_or((&nothing, &[]));
        Node { document: self, entry: *entry, inner }
    }
}

fn entries_of(text: &str, start: usize, most: usize) -> Result<Vec<Entry>, Diagnostic> {
    let mut json = Reader::within(text, Span::new(start, text.len()));
    let mut walk = Walk::new(&mut json);
    let mut entries: Vec<Entry> = Vec::with_capacity(values_in(text.get(start..).unwrap_or(""), most));
    let mut key = None;
    // The objects and arrays that are open, by their positions.
    let mut open: Vec<usize> = Vec::new();
    while let Some(event) = walk.next_event()? {
        match event {
            Event::Key(found) => key = Some(found.span.start()),
            Event::Entry => {}
            Event::Open { start, .. } => {
                if walk.depth() > most {
                    return Err(too_deep(Span::byte(start), most));
                }
                open.push(entries.len());
                entries.push(Entry {
                    key: key.take().unwrap_or(start),
                    value: Span::empty(start),
                    entries: 1,
                });
            }
            Event::Leaf { span } => {
                entries.push(Entry { key: key.take().unwrap_or(span.start()), value: span, entries: 1 });
            }
            Event::Close { span } => {
                let of_value = open.pop().and_then(|at| entries.get_mut(at..)).unwrap_or_default();
                // INVARIANT: there are fewer values than bytes.
                let count = u32::try_from(of_value.len()).unwrap_or(u32::MAX);
                if let Some(entry) = of_value.first_mut() {
                    entry.value = span;
                    entry.entries = count;
                }
            }
        }
    }
    json.finish()?;
    Ok(entries)
}

/// How many values a document has, up to where it nests too deeply. Of what is no
/// JSON it is some number that fits its length.
fn values_in(text: &str, most: usize) -> usize {
    let (mut values, mut depth) = (1_usize, 0_usize);
    // Within a string, and behind a backslash there.
    let (mut quoted, mut escaped) = (false, false);
    // Whether the last one opened an object or array, which may be empty.
    let mut opened = false;
    for byte in text.bytes() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'"' => quoted = true,
            b',' => values = values.saturating_add(1),
            b'[' | b'{' => {
                values = values.saturating_add(1);
                depth = depth.saturating_add(1);
                if depth > most {
                    break;
                }
            }
            b']' | b'}' => {
                values = values.saturating_sub(usize::from(opened));
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        opened = matches!(byte, b'[' | b'{');
    }
    // The shortest value has one byte, and the next a comma before it.
    values.min((text.len() >> 1).saturating_add(1))
}

impl<'d> Node<'d> {
    /// The text of the whole document.
    pub(crate) fn document(self) -> &'d str {
        &self.document.text
    }

    pub(crate) fn span(self) -> Span {
        self.entry.value
    }

    pub(crate) fn kind(self) -> Kind {
        match self.text().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't') => Kind::Boolean(true),
            Some(b'f') => Kind::Boolean(false),
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Its text in the document.
    pub(crate) fn text(self) -> &'d str {
        self.slice(self.span())
    }

    fn slice(self, span: Span) -> &'d str {
        self.document.text.get(span.range()).unwrap_or("")
    }

    pub(crate) fn located(self) -> Located {
        Located { kind: self.kind(), span: self.span() }
    }

    /// What to mark of it: of an object or array only the bracket that opens it.
    pub(crate) fn head(self) -> Span {
        self.located().head()
    }

    /// The key that it stands under; empty for what stands under none.
    pub(crate) fn key(self) -> Cow<'d, str> {
        let span = self.key_span();
        let quoted = self.slice(span);
        let plain = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("");
        if !plain.contains('\\') {
            return Cow::Borrowed(plain);
        }
        // INVARIANT: keys are decoded when a document is parsed.
        Cow::Owned(Reader::within(self.document(), span).string().unwrap_or_default())
    }

    /// The place of its key, with the quotes; the empty place for what has none.
    pub(crate) fn key_span(self) -> Span {
        let (key, value) = (self.entry.key, self.span().start());
        if key == value {
            return Span::default();
        }
        // Between a key and its value there is a colon, and perhaps white space.
        let white = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r');
        let before = self.slice(Span::new(key, value)).trim_end_matches(white);
        let before = before.strip_suffix(':').unwrap_or(before).trim_end_matches(white);
        Span::new(key, key.get().saturating_add(before.len()))
    }

    /// The decoded text of a string.
    ///
    /// Fails where an escape of it stands for half a character.
    pub(crate) fn string(self) -> Result<String, Diagnostic> {
        let plain = self.text().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match plain.filter(|plain| !plain.contains('\\')) {
            Some(plain) => Ok(plain.to_owned()),
            None => Reader::within(self.document(), self.span()).string(),
        }
    }

    /// What the object or array holds, in order.
    pub(crate) fn inner(self) -> Inner<'d> {
        Inner { document: self.document, rest: self.inner }
    }

    /// The values of the object, each with its key; none of another value.
    pub(crate) fn members(self) -> Inner<'d> {
        Inner { document: self.document, rest: if self.kind() == Kind::Object { self.inner } else { &[] } }
    }

    /// The entries of the array; none of another value.
    pub(crate) fn entries(self) -> Inner<'d> {
        Inner { document: self.document, rest: if self.kind() == Kind::Array { self.inner } else { &[] } }
    }

    /// The value of a key; of a key that stands twice the first.
    pub(crate) fn member(self, key: &str) -> Option<Node<'d>> {
        self.members().find(|member| member.key() == key)
    }

    /// The value at a JSON pointer, where there is one.
    pub(crate) fn at_pointer(self, pointer: &str) -> Option<Node<'d>> {
        let mut at = self;
        for step in pointer.split('/').skip(1) {
            at = match at.kind() {
                Kind::Array => at.entries().nth(step.parse().ok()?)?,
                _ => at.member(&key_of(step))?,
            };
        }
        Some(at)
    }

    /// Follows steps as far as there is something: the value that was reached,
    /// and how many steps led to it.
    pub(crate) fn follow(self, steps: &[PathSegment]) -> (Node<'d>, usize) {
        let mut at = self;
        for (taken, step) in steps.iter().enumerate() {
            let inner = match step {
                PathSegment::Key(key) => at.member(key),
                PathSegment::Index(index) => at.entries().nth(*index),
            };
            let Some(inner) = inner else { return (at, taken) };
            at = inner;
        }
        (at, steps.len())
    }
}

/// The key that a step of a JSON pointer stands for.
pub(crate) fn key_of(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// What an object or array holds, in order.
#[derive(Debug, Clone)]
pub(crate) struct Inner<'d> {
    document: &'d Parsed,
    rest: &'d [Entry],
}

impl<'d> Iterator for Inner<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        let count = usize::try_from(self.rest.first()?.entries).ok()?;
        let (of_value, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        let (entry, inner) = of_value.split_first()?;
        Some(Node { document: self.document, entry: *entry, inner })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Parsed {
        Parsed::parse(text.into(), 0, usize::MAX).unwrap()
    }

    #[test]
    fn values_stand_where_they_are_written() {
        let document = parsed(r#" {"a": [1, {"b\u0041": "x\n"}, []], "c": null, "a": true} "#);
        let members: Vec<(String, &str)> =
            document.root().members().map(|member| (member.key().into_owned(), member.text())).collect();
        assert_eq!(
            members,
            [
                ("a".to_owned(), r#"[1, {"b\u0041": "x\n"}, []]"#),
                ("c".to_owned(), "null"),
                ("a".to_owned(), "true"),
            ]
        );
        let steps =
            [PathSegment::Key("a".to_owned()), PathSegment::Index(1), PathSegment::Key("bA".to_owned())];
        let (found, taken) = document.root().follow(&steps);
        assert_eq!((found.string().unwrap().as_str(), taken), ("x\n", 3));
        assert_eq!(found.key_span().len(), r#""b\u0041""#.len());
        let steps = [PathSegment::Key("a".to_owned()), PathSegment::Index(9)];
        let (found, taken) = document.root().follow(&steps);
        assert_eq!((found.kind(), taken), (Kind::Array, 1));
        assert_eq!(document.root().entries().count(), 0);
    }

    #[test]
    fn faults_are_those_of_the_reader() {
        for text in ["", "[", "[1,]", "{} x", r#"{"a" 1}"#, r#"{"\ud83d": 1}"#] {
            let mut json = Reader::new(text);
            let expected = Located::read(&mut json).and_then(|_| json.finish()).unwrap_err();
            let found = Parsed::parse(text.into(), 0, usize::MAX).unwrap_err();
            assert_eq!((found.span, found.message), (expected.span, expected.message), "{text}");
        }
    }

    #[test]
    fn nesting_costs_no_stack_and_little_memory() {
        let deep = "[".repeat(300_000) + &"]".repeat(300_000);
        let document = parsed(&deep);
        let (mut at, mut depth) = (document.root(), 1);
        while let Some(inner) = at.entries().next() {
            (at, depth) = (inner, depth + 1);
        }
        assert_eq!(depth, 300_000);
        assert_eq!(size_of::<Entry>(), 16);
    }

    #[test]
    fn places_are_counted_before_they_are_held() {
        let cases = [
            "7",
            " [] ",
            "{}",
            "[1,2,3]",
            r#"{"a" : [1, {"b,[": "x\\"}, [], "]\\\"[,"], "c": {} , "d":[ ]}"#,
            "[[[],[]],[[]],{}]",
        ];
        for text in cases {
            let entries = parsed(text).entries;
            assert_eq!(values_in(text, usize::MAX), entries.len(), "{text}");
            assert_eq!(entries.capacity(), entries.len(), "{text}");
        }
        assert_eq!(values_in(&",".repeat(100), 9), 51);
        assert_eq!(values_in(&"[".repeat(1_000), 9), 11);
    }

    #[test]
    fn so_deep_and_no_deeper() {
        let parse = |depth: usize, most: usize| {
            let text = format!("{}{}", r#"{"a":["#.repeat(depth / 2), "]}".repeat(depth / 2));
            Parsed::parse(text.into(), 0, most).map(|_| ())
        };
        assert_eq!(parse(10, 10), Ok(()));
        let fault = parse(12, 10).unwrap_err();
        assert_eq!((fault.code, fault.span), (Code::Limit, Span::byte(30)));
    }
}
