//! A walk over a value, event by event, without recursion.

use crate::report::{Code, Diagnostic, Offset, Span, counted};

use super::reader::{Key, Kind, Reader};
use super::scan;

/// What a walk meets, in the order of the document.
///
/// ```
/// use target_rules::json::{Event, Reader, Walk};
/// // Which keys does a document have, at any depth?
/// let mut json = Reader::new(r#"{"currentTxn": {"value": 730.50, "points": 12}}"#);
/// let mut walk = Walk::new(&mut json);
/// let mut keys = Vec::new();
/// while let Some(event) = walk.next_event()? {
///     if let Event::Key(key) = event {
///         keys.push((walk.depth(), key.text));
///     }
/// }
/// let expected = [(1, "currentTxn"), (2, "value"), (2, "points")];
/// assert_eq!(keys, expected.map(|(depth, key)| (depth, key.to_owned())));
/// # Ok::<(), target_rules::Diagnostic>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key; its value follows.
    Key(Key),
    /// An entry of an array follows.
    Entry,
    /// An object or array opens.
    Open {
        /// Whether it is an object or an array.
        kind: Kind,
        /// The byte of its bracket.
        start: Offset,
    },
    /// A value that holds no others.
    Leaf {
        /// Its place.
        span: Span,
    },
    /// The innermost open object or array ends.
    Close {
        /// The place of all of it.
        span: Span,
    },
}

/// Walks over the value that is next in a reader. Memory grows with the depth.
///
/// ```
/// use target_rules::json::{Event, Reader, Walk};
/// let mut json = Reader::new(r#"{"a": [1, 2], "b": null}"#);
/// let mut walk = Walk::new(&mut json);
/// let (mut deepest, mut leaves) = (0, 0);
/// while let Some(event) = walk.next_event()? {
///     deepest = deepest.max(walk.depth());
///     leaves += usize::from(matches!(event, Event::Leaf { .. }));
/// }
/// assert_eq!((deepest, leaves), (2, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Walk<'r, 'a> {
    json: &'r mut Reader<'a>,
    /// Kind and start of every open object and array, outermost first.
    open: Vec<(Kind, Offset)>,
    next: WalkState,
}

enum WalkState {
    /// A value.
    Value,
    /// The first key or entry of the object or array that was just met.
    First,
    /// A comma or the end of the innermost object or array.
    Step,
}

impl<'r, 'a> Walk<'r, 'a> {
    /// Starts before the value.
    pub fn new(json: &'r mut Reader<'a>) -> Walk<'r, 'a> {
        Walk { json, open: Vec::new(), next: WalkState::Value }
    }

    /// How many objects and arrays are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next event; `None` at the end of the value.
    ///
    /// Fails with what is wrong where it is no JSON.
    pub fn next_event(&mut self) -> Result<Option<Event>, Diagnostic> {
        match std::mem::replace(&mut self.next, WalkState::Step) {
            WalkState::Value => self.value().map(Some),
            first_or_step => {
                let first = matches!(first_or_step, WalkState::First);
                let inner = match (self.open.last(), first) {
                    (None, _) => return Ok(None),
                    (Some((Kind::Object, _)), true) => self.json.enter_object()?.map(Event::Key),
                    (Some((Kind::Object, _)), false) => self.json.next_key()?.map(Event::Key),
                    (Some(_), true) => self.json.enter_array()?.then_some(Event::Entry),
                    (Some(_), false) => self.json.next_entry()?.then_some(Event::Entry),
                };
                Ok(Some(self.inner_or_close(inner)))
            }
        }
    }

    fn value(&mut self) -> Result<Event, Diagnostic> {
        let (kind, start) = self.json.peek()?;
        match kind {
            Kind::Object | Kind::Array => {
                self.open.push((kind, start));
                self.next = WalkState::First;
                return Ok(Event::Open { kind, start });
            }
            Kind::String => self.json.skip_string()?,
            Kind::Number => self.json.skip_number()?,
            Kind::Boolean(_) | Kind::Null => self.json.constant(kind)?,
        }
        Ok(Event::Leaf { span: Span::new(start, self.json.position()) })
    }

    fn inner_or_close(&mut self, inner: Option<Event>) -> Event {
        if let Some(event) = inner {
            self.next = WalkState::Value;
            return event;
        }
        let start = self.open.pop().map_or(Offset::START, |(_, start)| start);
        Event::Close { span: Span::new(start, self.json.position()) }
    }
}

impl Reader<'_> {
    /// Steps over the next value, whatever it is, without recursion. `open`
    /// objects and arrays are open around it, and at most `most` may be.
    #[inline]
    pub(crate) fn skip(&mut self, open: usize, most: usize) -> Result<(), Diagnostic> {
        match most.checked_sub(open).and_then(|left| scan::value(self.rest, left)) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => self.walk(open, most),
        }
    }

    /// The slow path: token by token, to find the fault or to go deeper.
    #[cold]
    fn walk(&mut self, open: usize, most: usize) -> Result<(), Diagnostic> {
        let left = most.checked_sub(open);
        let mut walk = Walk::new(self);
        while let Some(event) = walk.next_event()? {
            if let Event::Open { start, .. } = event
                && left.is_none_or(|left| walk.depth() > left)
            {
                return Err(too_deep(Span::byte(start), most));
            }
        }
        Ok(())
    }

    /// Steps over the next value however deep it nests.
    pub(crate) fn skip_any(&mut self) -> Result<(), Diagnostic> {
        self.skip(0, usize::MAX)
    }
}

/// The fault of a document that nests too deep: the place of the bracket that
/// is one too many, and how many may be open at once.
pub fn too_deep(span: Span, most: usize) -> Diagnostic {
    let message = format!("objects and arrays nest deeper than {}", counted(most, "level"));
    Diagnostic::new(Code::Limit, span, message).note("one too many opens here")
}
