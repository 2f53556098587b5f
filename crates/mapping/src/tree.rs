//! A document as a tree, for what is done once for a document: returns, samples.

use target_rules::diagnostic::{Code, Diagnostic, Span};
use target_rules::json::{Event, Kind, Located, PathSegment, Reader, Walk, too_deep};

/// A value with its place.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) located: Located,
    pub(crate) inner: Inner,
}

#[derive(Debug)]
pub(crate) enum Inner {
    /// A scalar; its text, of a string decoded.
    Scalar(String),
    /// An object; its keys with their places.
    Object(Vec<(String, Span, Tree)>),
    Array(Vec<Tree>),
}

/// However deep a document may nest, no tree is deeper.
const DEEPEST: usize = 200;

/// An object or array that is open.
struct Open {
    kind: Kind,
    key: Option<(String, Span)>,
    members: Vec<(String, Span, Tree)>,
    entries: Vec<Tree>,
}

impl Tree {
    /// Reads one value. Fails where a text is not JSON, or too deep.
    pub(crate) fn read(text: &str, deepest: usize) -> Result<Tree, Diagnostic> {
        let deepest = deepest.min(DEEPEST);
        let mut json = Reader::new(text);
        let mut walk = Walk::new(&mut json);
        let mut open: Vec<Open> = Vec::new();
        let mut key = None;
        let mut whole = None;
        while let Some(event) = walk.next_event()? {
            let tree = match event {
                Event::Key(found) => {
                    key = Some((found.text, found.span));
                    continue;
                }
                Event::Entry => continue,
                Event::Open { kind, start } => {
                    if open.len() >= deepest {
                        return Err(too_deep(Span::byte(start), deepest));
                    }
                    open.push(Open { kind, key: key.take(), members: Vec::new(), entries: Vec::new() });
                    continue;
                }
                Event::Leaf { span } => scalar(text, span)?,
                Event::Close { span } => {
                    let Some(closed) = open.pop() else { break };
                    key = closed.key;
                    let inner = match closed.kind {
                        Kind::Object => Inner::Object(closed.members),
                        _ => Inner::Array(closed.entries),
                    };
                    Tree { located: Located { kind: closed.kind, span }, inner }
                }
            };
            match open.last_mut() {
                None => whole = Some(tree),
                Some(around) if around.kind == Kind::Object => {
                    let (name, span) = key.take().unwrap_or_default();
                    around.members.push((name, span, tree));
                }
                Some(around) => around.entries.push(tree),
            }
        }
        json.finish()?;
        whole.ok_or_else(|| Diagnostic::new(Code::JsonSyntax, Span::empty(0), "there is no value"))
    }

    pub(crate) fn kind(&self) -> Kind {
        self.located.kind
    }

    /// The text of a scalar.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.inner {
            Inner::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// What it is in its document.
    pub(crate) fn written<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.located.span.range()).unwrap_or("null")
    }

    /// The value of a key; fails where the key stands twice.
    pub(crate) fn member(&self, key: &str) -> Result<Option<&Tree>, Diagnostic> {
        let Inner::Object(members) = &self.inner else { return Ok(None) };
        let mut found = members.iter().filter(|(name, _, _)| name == key);
        let first = found.next();
        match found.next() {
            Some((_, span, _)) => {
                let shown = target_rules::diagnostic::excerpt(key);
                let message = format!("the key `{shown}` stands twice in this object");
                Err(Diagnostic::new(Code::DuplicateKey, *span, message)
                    .note("the second one")
                    .help("remove one of the two"))
            }
            None => Ok(first.map(|(_, _, tree)| tree)),
        }
    }

    /// What a path leads to.
    pub(crate) fn find(&self, path: &[PathSegment]) -> Result<Option<&Tree>, Diagnostic> {
        let mut at = self;
        for segment in path {
            let inner = match (segment, &at.inner) {
                (PathSegment::Key(key), _) => at.member(key)?,
                (PathSegment::Index(index), Inner::Array(entries)) => entries.get(*index),
                (PathSegment::Index(index), _) => at.member(&index.to_string())?,
            };
            let Some(inner) = inner else { return Ok(None) };
            at = inner;
        }
        Ok(Some(at))
    }
}

fn scalar(text: &str, span: Span) -> Result<Tree, Diagnostic> {
    let written = text.get(span.range()).unwrap_or_default();
    let kind = match written.bytes().next() {
        Some(b'"') => Kind::String,
        Some(b't') => Kind::Boolean(true),
        Some(b'f') => Kind::Boolean(false),
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
    };
    let decoded = match kind {
        Kind::String => Reader::within(text, span).string()?,
        _ => written.to_owned(),
    };
    Ok(Tree { located: Located { kind, span }, inner: Inner::Scalar(decoded) })
}
