//! Where values stand: by pointer, by step, and one level at a time.
#![deny(clippy::arithmetic_side_effects)]

use crate::report::{Diagnostic, Span};

use super::reader::{Key, Kind, Reader};
use super::walk::{Event, Walk};

/// A value's kind and place.
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
            Kind::Object | Kind::Array => Span::new(self.span.start, self.span.start.saturating_add(1)),
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
/// Of a document that is no JSON they end where it stops to be.
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

/// The entries of an array in order. Of a document that is no JSON they end
/// where it stops to be.
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

/// One step from a value to one that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an entry of an array, from 0.
    Index(usize),
}

impl Step {
    /// The step as part of a JSON pointer, escaped as RFC 6901 asks.
    ///
    /// ```
    /// use target_rules::json::Step;
    /// let steps = [Step::Key("and/or".to_owned()), Step::Index(2)];
    /// assert_eq!(steps.iter().map(Step::pointer).collect::<String>(), "/and~1or/2");
    /// ```
    pub fn pointer(&self) -> String {
        match self {
            Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => format!("/{index}"),
        }
    }
}

/// Follows steps from a value as far as there is something: the value that
/// was reached, and how many steps led to it. Of keys that stand twice the
/// first is taken.
///
/// ```
/// use target_rules::json::{Located, Reader, Step, find};
/// let text = r#"{"data": [{"id": 50}]}"#;
/// let document = Located::read(&mut Reader::new(text))?;
/// let path = ["data", "name"].map(|key| Step::Key(key.to_owned()));
/// let (found, taken) = find(text, document, &path);
/// assert_eq!((&text[found.span.start..found.span.end], taken), ("[{\"id\": 50}]", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(text: &str, from: Located, steps: &[Step]) -> (Located, usize) {
    let mut at = from;
    let mut taken = 0_usize;
    for step in steps {
        let inner = match step {
            Step::Key(key) => {
                Members::of(text, at).find(|(found, _)| found.text == *key).map(|(_, inner)| inner)
            }
            Step::Index(index) => Entries::of(text, at).nth(*index),
        };
        let Some(inner) = inner else { break };
        at = inner;
        taken = taken.saturating_add(1);
    }
    (at, taken)
}

/// The JSON pointer of the innermost value that holds the span. Text that is
/// not JSON is followed as far as it is. Cost is linear in the text.
pub fn pointer_at(text: &str, span: Span) -> String {
    pointers_at(text, &[span]).pop().unwrap_or_default()
}

/// The same for spans that are sorted by their start, in one walk over the
/// text. Beside it costs what the pointers are long.
pub(crate) fn pointers_at(text: &str, spans: &[Span]) -> Vec<String> {
    let mut asked = Asked { spans, pointers: vec![None; spans.len()], from: 0 };
    let mut json = Reader::new(text);
    let mut walk = Walk::new(&mut json);
    // The step that was taken last in each open object and array.
    let mut steps: Vec<Option<Step>> = Vec::new();
    while let Ok(Some(event)) = walk.next_event() {
        match event {
            Event::Key(key) => {
                if let Some(step) = steps.last_mut() {
                    *step = Some(Step::Key(key.text));
                }
            }
            Event::Entry => {
                if let Some(step) = steps.last_mut() {
                    *step = match step {
                        Some(Step::Index(index)) => Some(Step::Index(index.saturating_add(1))),
                        _ => Some(Step::Index(0)),
                    };
                }
            }
            Event::Open { start, .. } => {
                asked.lie_before(start, &steps);
                steps.push(None);
            }
            Event::Leaf { span } => {
                asked.lie_before(span.start, &steps);
                asked.end_in(span, &steps);
            }
            Event::Close { span } => {
                steps.pop();
                asked.end_in(span, &steps);
            }
        }
        if asked.from == spans.len() {
            break;
        }
    }
    asked.lie_before(usize::MAX, &steps);
    asked.pointers.into_iter().map(Option::unwrap_or_default).collect()
}

/// The spans whose pointers are asked for, and those that were found.
struct Asked<'s> {
    spans: &'s [Span],
    pointers: Vec<Option<String>>,
    /// Before this one all are found.
    from: usize,
}

impl Asked<'_> {
    /// Whatever starts before the next value lies between values: what is open
    /// holds it.
    fn lie_before(&mut self, start: usize, steps: &[Option<Step>]) {
        let holder = steps.split_last().map_or(steps, |(_, outer)| outer);
        self.find(|span| span.start < start, |_| true, holder);
    }

    /// Whatever starts in a value and ends in it is held by it, unless a value
    /// within it has been found to hold it.
    fn end_in(&mut self, value: Span, steps: &[Option<Step>]) {
        let end = |span: Span| span.end.max(span.start.saturating_add(1));
        self.find(|span| span.start < value.end, |span| value.end >= end(span), steps);
    }

    fn find(&mut self, reaches: impl Fn(Span) -> bool, holds: impl Fn(Span) -> bool, steps: &[Option<Step>]) {
        let mut at = self.from;
        while let (Some(span), Some(pointer)) = (self.spans.get(at), self.pointers.get_mut(at))
            && reaches(*span)
        {
            if pointer.is_none() && holds(*span) {
                *pointer = Some(pointer_of(steps));
            }
            at = at.saturating_add(1);
        }
        while self.pointers.get(self.from).is_some_and(Option::is_some) {
            self.from = self.from.saturating_add(1);
        }
    }
}

fn pointer_of(steps: &[Option<Step>]) -> String {
    steps.iter().flatten().map(Step::pointer).collect()
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
            let twice: Vec<Span> = spans.iter().flat_map(|span| [*span, Span::new(span.start, 99)]).collect();
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
        let members: Vec<(String, &str)> = Members::of(text, whole)
            .map(|(key, value)| (key.text, &text[value.span.start..value.span.end]))
            .collect();
        assert_eq!(members, [("a".to_owned(), r#"[1, "x"]"#), ("bA".to_owned(), r#"{"c": {}}"#)]);
        assert_eq!(Entries::of(text, whole).count(), 0);
        let key = |key: &str| Step::Key(key.to_owned());
        let (found, taken) = find(text, whole, &[key("a"), Step::Index(1)]);
        assert_eq!((&text[found.span.start..found.span.end], taken), (r#""x""#, 2));
        let (found, taken) = find(text, whole, &[key("bA"), key("d"), key("e")]);
        assert_eq!((&text[found.span.start..found.span.end], taken), (r#"{"c": {}}"#, 1));
        assert_eq!(found.head().end, found.head().start + 1);
    }
}
