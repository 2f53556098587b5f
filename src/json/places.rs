//! Where values stand: by pointer, by path, and one level at a time.

use std::ops::RangeFrom;

use crate::report::{Diagnostic, Offset, Span};

use super::reader::{Key, Kind, Reader};
use super::walk::{Event, Walk};

/// A value's kind and place.
///
/// ```
/// use target_rules::json::{Kind, Located, Reader};
/// let text = r#" {"currentTxn": {"value": 730.50}}"#;
/// let document = Located::read(&mut Reader::new(text))?;
/// assert_eq!(document.kind, Kind::Object);
/// assert_eq!((document.span.start().get(), document.span.len()), (1, 33));
/// // A fault of the whole object is marked at its bracket, not over all its lines.
/// assert_eq!(&text[document.head().range()], "{");
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// What kind of value it is.
    pub kind: Kind,
    /// Its bytes in the document; of a string with its quotes.
    pub span: Span,
}

impl Located {
    /// What to mark of the value: all of it, but of an object or array only
    /// the bracket that opens it.
    pub fn head(self) -> Span {
        match self.kind {
            Kind::Object | Kind::Array => Span::byte(self.span.start()),
            _ => self.span,
        }
    }

    /// What to mark of a document as a whole; nothing of one that is no JSON.
    pub fn head_of(text: &str) -> Span {
        Located::read(&mut Reader::new(text)).map_or_else(|_| Span::default(), Located::head)
    }

    /// Reads the value that is next in a reader, however deep it nests.
    ///
    /// Fails with what is wrong where it is no JSON. Cost is linear in the value.
    pub fn read(json: &mut Reader) -> Result<Located, Diagnostic> {
        let (kind, start) = json.peek()?;
        json.skip_any()?;
        Ok(Located { kind, span: Span::new(start, json.position()) })
    }
}

/// The members of an object in order: each key, and where its value stands.
/// Of a broken document they end at the first fault.
///
/// A key that stands twice comes twice. Each value is read once; the cost is
/// linear in the object.
///
/// ```
/// use target_rules::json::{Located, Members, Reader};
/// let text = r#"{"id": 50, "naem": "Gold"}"#;
/// let target = Located::read(&mut Reader::new(text))?;
/// let known = ["id", "name", "rule"];
/// let mut unknown = Members::of(text, target)
///     .filter(|(key, _)| !known.contains(&key.text.as_str()))
///     .map(|(key, value)| (key.text, &text[value.span.range()]));
/// assert_eq!(unknown.next(), Some(("naem".to_owned(), r#""Gold""#)));
/// assert_eq!(unknown.next(), None);
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
pub struct Members<'a> {
    json: Reader<'a>,
    entered: bool,
}

impl<'a> Members<'a> {
    /// The members of the object at a span of a text; none where it is none.
    pub fn of(text: &'a str, object: Located) -> Members<'a> {
        let span = if object.kind == Kind::Object { object.span } else { Span::default() };
        Members { json: Reader::within(text, span), entered: false }
    }

    fn step(&mut self) -> Result<Option<(Key, Located)>, Diagnostic> {
        let key = if self.entered {
            self.json.next_key()?
        } else {
            self.entered = true;
            self.json.peek()?;
            self.json.enter_object()?
        };
        let Some(key) = key else { return Ok(None) };
        Ok(Some((key, Located::read(&mut self.json)?)))
    }
}

impl Iterator for Members<'_> {
    type Item = (Key, Located);

    /// A fault of the JSON ends the members.
    fn next(&mut self) -> Option<(Key, Located)> {
        self.step().unwrap_or(None)
    }
}

/// The entries of an array in order. Of a broken document they end at the first
/// fault.
///
/// Each entry is read once; the cost is linear in the array.
///
/// ```
/// use target_rules::json::{Entries, Kind, Located, Reader};
/// let text = r#"["Pune", 411001, "Delhi"]"#;
/// let cities = Located::read(&mut Reader::new(text))?;
/// let wrong: Vec<&str> = Entries::of(text, cities)
///     .filter(|entry| entry.kind != Kind::String)
///     .map(|entry| &text[entry.span.range()])
///     .collect();
/// assert_eq!(wrong, ["411001"]);
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
pub struct Entries<'a> {
    json: Reader<'a>,
    entered: bool,
}

impl<'a> Entries<'a> {
    /// The entries of the array at a span of a text; none where it is none.
    pub fn of(text: &'a str, array: Located) -> Entries<'a> {
        let span = if array.kind == Kind::Array { array.span } else { Span::default() };
        Entries { json: Reader::within(text, span), entered: false }
    }

    fn step(&mut self) -> Result<Option<Located>, Diagnostic> {
        let more = if self.entered {
            self.json.next_entry()?
        } else {
            self.entered = true;
            self.json.peek()?;
            self.json.enter_array()?
        };
        if !more {
            return Ok(None);
        }
        Located::read(&mut self.json).map(Some)
    }
}

impl Iterator for Entries<'_> {
    type Item = Located;

    /// A fault of the JSON ends the entries.
    fn next(&mut self) -> Option<Located> {
        self.step().unwrap_or(None)
    }
}

/// How a value is reached from the one that holds it: a path is a list of
/// these.
///
/// ```
/// use target_rules::json::{Located, PathSegment, Reader, find};
/// let text = r#"{"targets": [{"id": 50}, {"id": 51}]}"#;
/// let document = Located::read(&mut Reader::new(text))?;
/// let key = |key: &str| PathSegment::Key(key.to_owned());
/// let path = [key("targets"), PathSegment::Index(1), key("id")];
/// let (id, _) = find(text, document, &path);
/// assert_eq!(&text[id.span.range()], "51");
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// The value of a key.
    Key(String),
    /// An entry of an array, from 0.
    Index(usize),
}

impl PathSegment {
    /// The segment as part of a JSON pointer, escaped as RFC 6901 asks.
    ///
    /// ```
    /// use target_rules::json::PathSegment;
    /// let path = [PathSegment::Key("and/or".to_owned()), PathSegment::Index(2)];
    /// assert_eq!(path.iter().map(PathSegment::pointer).collect::<String>(), "/and~1or/2");
    /// ```
    pub fn pointer(&self) -> String {
        match self {
            PathSegment::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            PathSegment::Index(index) => format!("/{index}"),
        }
    }
}

/// Follows a path from a value as far as there is something: the value that
/// was reached, and how many segments led to it. Of keys that stand twice the
/// first is taken.
///
/// ```
/// use target_rules::json::{Located, PathSegment, Reader, find};
/// let text = r#"{"data": [{"id": 50}]}"#;
/// let document = Located::read(&mut Reader::new(text))?;
/// let path = ["data", "name"].map(|key| PathSegment::Key(key.to_owned()));
/// let (found, taken) = find(text, document, &path);
/// assert_eq!((&text[found.span.range()], taken), ("[{\"id\": 50}]", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(text: &str, from: Located, path: &[PathSegment]) -> (Located, usize) {
    let mut at = from;
    for (taken, segment) in path.iter().enumerate() {
        let inner = match segment {
            PathSegment::Key(key) => {
                Members::of(text, at).find(|(found, _)| found.text == *key).map(|(_, inner)| inner)
            }
            PathSegment::Index(index) => Entries::of(text, at).nth(*index),
        };
        let Some(inner) = inner else { return (at, taken) };
        at = inner;
    }
    (at, path.len())
}

/// The JSON pointer of the innermost value that holds the span. Text that is
/// not JSON is followed as far as it is. Cost is linear in the text.
///
/// ```
/// use target_rules::diagnostic::Span;
/// use target_rules::json::pointer_at;
/// let text = r#"{"data": [{"id": 50}]}"#;
/// assert_eq!(pointer_at(text, Span::new(17, 19)), "/data/0/id");
/// ```
pub fn pointer_at(text: &str, span: Span) -> String {
    pointers_at(text, &[span]).pop().unwrap_or_default()
}

/// The same for several spans, which are sorted by their start, in one walk over
/// the text. The cost is that of the walk and of the pointers' length.
pub(crate) fn pointers_at(text: &str, spans: &[Span]) -> Vec<String> {
    let mut pointers = vec![None; spans.len()];
    let mut sought = SoughtSpans { spans, pointers: &mut pointers };
    let mut json = Reader::new(text);
    let mut walk = Walk::new(&mut json);
    let mut open: Vec<Level> = Vec::new();
    while let Ok(Some(event)) = walk.next_event() {
        match event {
            Event::Key(key) => {
                if let Some(level) = open.last_mut() {
                    level.at = Some(PathSegment::Key(key.text));
                }
            }
            Event::Entry => {
                if let Some(level) = open.last_mut() {
                    level.at = level.indices.next().map(PathSegment::Index);
                }
            }
            Event::Open { start, .. } => {
                sought.lie_before(start, &open);
                open.push(Level { at: None, indices: 0.. });
            }
            Event::Leaf { span } => {
                sought.lie_before(span.start(), &open);
                sought.end_in(span, &open);
            }
            Event::Close { span } => {
                open.pop();
                sought.end_in(span, &open);
            }
        }
        if sought.spans.is_empty() {
            break;
        }
    }
    sought.lie_after(&open);
    pointers.into_iter().map(Option::unwrap_or_default).collect()
}

/// An object or array that is open.
struct Level {
    /// The segment that leads to what is read of it.
    at: Option<PathSegment>,
    /// The indices of the entries that follow.
    indices: RangeFrom<usize>,
}

/// The spans whose pointers are still looked for, in order, and the pointers that
/// were found. Spans at the front leave once they have theirs.
struct SoughtSpans<'s> {
    spans: &'s [Span],
    pointers: &'s mut [Option<String>],
}

impl SoughtSpans<'_> {
    /// Whatever starts before the next value lies between values: what is open
    /// holds it.
    fn lie_before(&mut self, start: Offset, open: &[Level]) {
        self.find(|span| span.start() < start, |_| true, outer(open));
    }

    /// The same of what starts after the last value.
    fn lie_after(&mut self, open: &[Level]) {
        self.find(|_| true, |_| true, outer(open));
    }

    /// Whatever starts in a value and ends in it is held by it, unless a value
    /// within it has been found to hold it.
    fn end_in(&mut self, value: Span, open: &[Level]) {
        let end = |span: Span| span.end().max(span.start() + 1);
        self.find(|span| span.start() < value.end(), |span| value.end() >= end(span), open);
    }

    fn find(&mut self, reaches: impl Fn(Span) -> bool, holds: impl Fn(Span) -> bool, path: &[Level]) {
        let sought = self.spans.iter().zip(self.pointers.iter_mut());
        for (span, pointer) in sought.take_while(|(span, _)| reaches(**span)) {
            if pointer.is_none() && holds(*span) {
                *pointer = Some(pointer_of(path));
            }
        }
        while self.pointers.first().is_some_and(Option::is_some) {
            self.pointers = std::mem::take(&mut self.pointers).get_mut(1..).unwrap_or_default();
            self.spans = self.spans.get(1..).unwrap_or_default();
        }
    }
}

/// The path to the innermost that is open: what leads on from it is not part of
/// it.
fn outer(open: &[Level]) -> &[Level] {
    open.split_last().map_or(open, |(_, outer)| outer)
}

fn pointer_of(path: &[Level]) -> String {
    path.iter().filter_map(|level| level.at.as_ref()).map(PathSegment::pointer).collect()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// The pointer of the first place where `part` stands.
    fn pointer_to(text: &str, part: &str) -> String {
        let start = text.find(part).unwrap();
        pointer_at(text, Span::new(start, start + part.len()))
    }

    #[test]
    fn a_pointer_names_the_innermost_value_that_holds_the_span() {
        let text = r#"{"a": [1, {"b": "two"}, [], 3.5], "c/d~e": {"f": null}, "g": {}}"#;
        let cases = [
            ("two", "/a/1/b"),
            (r#""b": "two""#, "/a/1"),
            (r#"{"b": "two"}"#, "/a/1"),
            (r#""b""#, "/a/1"),
            (r#"1, {"b""#, "/a"),
            ("[]", "/a/2"),
            ("5", "/a/3"),
            (r#"], "c"#, ""),
            ("null", "/c~1d~0e/f"),
            (r#""f""#, "/c~1d~0e"),
            (r#""g""#, ""),
            ("{}", "/g"),
            (r#"{"a""#, ""),
        ];
        for (part, pointer) in cases {
            assert_eq!(pointer_to(text, part), pointer, "{part}");
        }
        assert_eq!(pointer_at(text, Span::new(text.len(), text.len())), "");
        assert_eq!(pointer_at(text, Span::new(9999, 1)), "");
    }

    #[test]
    fn many_pointers_are_found_as_each_alone() {
        let text = r#" {"a": [1, {"b": "two"}, [], 3.5], "c": {"f": null}, "g": {}} x"#;
        for length in [0, 1, 4, 15, 99] {
            let spans: Vec<Span> =
                (0..text.len() + 2).map(|start| Span::new(start, start + length)).collect();
            let alone: Vec<String> = spans.iter().map(|span| pointer_at(text, *span)).collect();
            assert_eq!(pointers_at(text, &spans), alone);
            let twice: Vec<Span> =
                spans.iter().flat_map(|span| [*span, Span::new(span.start(), 99)]).collect();
            let alone: Vec<String> = twice.iter().map(|span| pointer_at(text, *span)).collect();
            assert_eq!(pointers_at(text, &twice), alone);
        }
    }

    #[test]
    fn broken_text_is_followed_as_far_as_it_goes() {
        let cases = [
            (r#"{"a": [1, x]}"#, "x", "/a"),
            (r#"{"a": {"b" 1}}"#, "1", "/a"),
            (r#"{"a": {"b": 1"#, "1", "/a/b"),
            (r#"{"a": [1, 2"#, "2", "/a/1"),
            ("nothing", "thing", ""),
            ("", "", ""),
        ];
        for (text, part, pointer) in cases {
            assert_eq!(pointer_to(text, part), pointer, "{text}");
        }
    }

    #[test]
    fn a_pointer_into_deep_nesting_does_not_recurse() {
        let text = "[".repeat(200_000);
        assert_eq!(pointer_at(&text, Span::new(3, 4)), "/0/0/0");
        let found = pointer_at(&text, Span::new(199_999, 200_000));
        assert_eq!(found.len(), 2 * 199_999);
    }

    #[test]
    fn members_and_entries_are_located_one_level_at_a_time() {
        let text = r#" {"a": [1, "x"], "b\u0041": {"c": {}}} "#;
        let whole = Located::read(&mut Reader::new(text)).unwrap();
        let members: Vec<(String, &str)> =
            Members::of(text, whole).map(|(key, value)| (key.text, &text[value.span.range()])).collect();
        assert_eq!(members, [("a".to_owned(), r#"[1, "x"]"#), ("bA".to_owned(), r#"{"c": {}}"#)]);
        assert_eq!(Entries::of(text, whole).count(), 0);
        let key = |key: &str| PathSegment::Key(key.to_owned());
        let (found, taken) = find(text, whole, &[key("a"), PathSegment::Index(1)]);
        assert_eq!((&text[found.span.range()], taken), (r#""x""#, 2));
        let (found, taken) = find(text, whole, &[key("bA"), key("d"), key("e")]);
        assert_eq!((&text[found.span.range()], taken), (r#"{"c": {}}"#, 1));
        assert_eq!(found.head().end(), found.head().start() + 1);
    }
}
