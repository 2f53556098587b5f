//! What stands in a sample: every place, with the values that were met there.

use std::collections::BTreeMap;

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Span};
use target_rules::json::{Kind, PathSegment};

use crate::pointer::written;
use crate::tree::{Inner, Tree};

/// How many documents are looked at, how many places are kept, and how many values
/// of each.
const DOCUMENTS: usize = 200;
const PLACES: usize = 2_000;
const VALUES: usize = 40;

/// The places of a sample, by their pointers.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) documents: usize,
    pub(super) places: BTreeMap<String, Seen>,
    /// Arrays of objects, each with the places in its entries.
    pub(super) lists: BTreeMap<String, BTreeMap<String, Seen>>,
    /// Objects, by their pointers.
    pub(super) objects: Vec<String>,
    pub(super) is_table: bool,
}

/// What was met at a place.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    pub(super) values: Vec<(Kind, String)>,
}

impl Sample {
    pub(super) fn of(text: &str, limits: &Limits) -> Result<Sample, Diagnostic> {
        let mut sample = Sample::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match text.trim_start().chars().next() {
            Some('{' | '[') => sample.of_json(text, limits)?,
            Some(_) => sample.of_table(text, limits)?,
            None => {}
        }
        if sample.documents == 0 {
            let message = "the sample has no document";
            return Err(Diagnostic::new(Code::PayloadShape, Span::empty(0), message)
                .help("give documents one a line, a list of them, or a CSV file with a head"));
        }
        Ok(sample)
    }

    fn of_json(&mut self, text: &str, limits: &Limits) -> Result<(), Diagnostic> {
        match Tree::read(text, limits.payload_depth) {
            Ok(Tree { inner: Inner::Array(entries), .. }) => {
                entries.iter().take(DOCUMENTS).for_each(|entry| self.add(entry));
                Ok(())
            }
            Ok(tree) => {
                self.add(&tree);
                Ok(())
            }
            // Several documents are no JSON, but each of their lines is.
            Err(fault) => {
                for line in text.lines().filter(|line| !line.trim().is_empty()).take(DOCUMENTS) {
                    match Tree::read(line, limits.payload_depth) {
                        Ok(tree) => self.add(&tree),
                        Err(_) if self.documents == 0 => return Err(fault),
                        // The last line of a sample is often cut.
                        Err(_) => break,
                    }
                }
                Ok(())
            }
        }
    }

    fn of_table(&mut self, text: &str, limits: &Limits) -> Result<(), Diagnostic> {
        let head = text.lines().next().unwrap_or_default();
        let often = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
        let delimiter = [b',', b';', b'\t', b'|'].into_iter().max_by_key(often).unwrap_or(b',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let no_table = |error: csv::Error| {
            let shown = target_rules::diagnostic::excerpt(&error.to_string());
            Diagnostic::new(Code::PayloadShape, Span::empty(0), format!("the sample is no CSV: {shown}"))
        };
        let names: Vec<String> = reader.headers().map_err(no_table)?.iter().map(str::to_owned).collect();
        self.is_table = true;
        for record in reader.records().take(DOCUMENTS) {
            let Ok(record) = record else { break };
            let mut document = serde_json::Map::new();
            for (name, value) in names.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty()) {
                document.insert(name.clone(), value.into());
            }
            let document = serde_json::Value::Object(document).to_string();
            self.add(&Tree::read(&document, limits.payload_depth)?);
        }
        Ok(())
    }

    fn add(&mut self, tree: &Tree) {
        self.documents = self.documents.saturating_add(1);
        let mut found = Vec::new();
        walk(tree, &mut |path, tree| found.push((written(path), tree)));
        for (pointer, tree) in found {
            match &tree.inner {
                Inner::Scalar(text) => note(&mut self.places, pointer, tree.kind(), text),
                Inner::Object(_) => {
                    if self.objects.len() < PLACES && !self.objects.contains(&pointer) {
                        self.objects.push(pointer);
                    }
                }
                Inner::Array(entries) => self.add_list(pointer, entries),
            }
        }
    }

    fn add_list(&mut self, pointer: String, entries: &[Tree]) {
        let objects = entries.iter().filter(|entry| entry.kind() == Kind::Object);
        let mut inner = Vec::new();
        for entry in objects.take(VALUES) {
            walk(entry, &mut |path, tree| inner.push((written(path), tree)));
        }
        if inner.is_empty() || (self.lists.len() >= PLACES && !self.lists.contains_key(&pointer)) {
            return;
        }
        let list = self.lists.entry(pointer).or_default();
        for (pointer, tree) in inner {
            if let Inner::Scalar(text) = &tree.inner {
                note(list, pointer, tree.kind(), text);
            }
        }
    }
}

fn note(places: &mut BTreeMap<String, Seen>, pointer: String, kind: Kind, text: &str) {
    if places.len() >= PLACES && !places.contains_key(&pointer) {
        return;
    }
    let seen = places.entry(pointer).or_default();
    if kind != Kind::Null && seen.values.len() < VALUES {
        seen.values.push((kind, text.to_owned()));
    }
}

/// Every value but those within arrays. It is as deep as the tree, which is bounded.
fn walk<'t>(tree: &'t Tree, each: &mut impl FnMut(&[PathSegment], &'t Tree)) {
    let mut open: Vec<(Vec<PathSegment>, &Tree)> = vec![(Vec::new(), tree)];
    while let Some((path, tree)) = open.pop() {
        each(&path, tree);
        if let Inner::Object(members) = &tree.inner {
            for (key, _, inner) in members.iter().rev() {
                let mut path = path.clone();
                path.push(PathSegment::Key(key.clone()));
                open.push((path, inner));
            }
        }
    }
}
