//! What is wrong with a state, or dubious of it, and where in the file.

use target_rules::diagnostic::{Code, Diagnostic, Severity, Span};
use target_rules::json::{Entries, Kind, Located, PathSegment, Reader, find};

/// What is wrong with a state. It gets its path from within: whoever reads a
/// part says which one it was.
#[derive(Debug)]
pub(super) struct StateFault {
    message: String,
    help: Option<String>,
    severity: Severity,
    /// From the innermost outwards.
    path: Vec<PathSegment>,
}

impl StateFault {
    pub(super) fn new(message: impl Into<String>) -> StateFault {
        StateFault { message: message.into(), help: None, severity: Severity::Error, path: Vec::new() }
    }

    pub(super) fn warning(message: impl Into<String>) -> StateFault {
        StateFault { severity: Severity::Warning, ..StateFault::new(message) }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> StateFault {
        self.help = Some(help.into());
        self
    }

    /// In words, with its path, where no text of it is at hand.
    pub(super) fn told(&self) -> String {
        let step = |segment: &PathSegment| match segment {
            PathSegment::Key(key) => format!("/{key}"),
            PathSegment::Index(index) => format!("/{index}"),
        };
        let path: String = self.path.iter().rev().map(step).collect();
        if path.is_empty() { self.message.clone() } else { format!("{} (at {path})", self.message) }
    }

    /// It is in the value of this key.
    pub(super) fn at(mut self, key: &str) -> StateFault {
        self.path.push(PathSegment::Key(key.to_owned()));
        self
    }

    /// It is in this entry of the list of this key.
    pub(super) fn within(mut self, key: &str, index: usize) -> StateFault {
        self.path.push(PathSegment::Index(index));
        self.at(key)
    }
}

/// Each at its place in the text of the state. Cost is linear in the text and
/// in what was found of each target.
pub(super) fn placed(text: &str, faults: Vec<StateFault>) -> Vec<Diagnostic> {
    if faults.is_empty() {
        return Vec::new();
    }
    // INVARIANT: the text was read as JSON before.
    let root = Located::read(&mut Reader::new(text));
    let root = root.unwrap_or(Located { kind: Kind::Null, span: Span::new(0, 1) });
    // All targets may be told of, so their places are looked for once.
    let key = PathSegment::Key("targets".to_owned());
    let (targets, _) = find(text, root, std::slice::from_ref(&key));
    let targets: Vec<Located> = Entries::of(text, targets).collect();
    let place = |fault: StateFault| {
        let mut path = fault.path;
        path.reverse();
        let (from, path) = match path.as_slice() {
            [first, PathSegment::Index(at), rest @ ..] if *first == key => {
                (targets.get(*at).copied().unwrap_or(root), rest)
            }
            path => (root, path),
        };
        let place = find(text, from, path).0.head();
        let mut diagnostic = Diagnostic::new(Code::PayloadShape, place, fault.message);
        diagnostic.severity = fault.severity;
        match fault.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    };
    faults.into_iter().map(place).collect()
}
