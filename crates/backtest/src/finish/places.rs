//! Lines of splits as lines of files.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::count::{ExampleAt, Part, SplitLines};
use crate::error::Error;
use crate::input::{Files, lines_before};
use crate::report::{ExampleKind, ExampleReport};

/// How many lines stand before each split.
#[derive(Debug)]
pub(super) struct Places<'p> {
    files: &'p Files,
    splits: &'p BTreeMap<String, BTreeMap<u64, SplitLines>>,
    /// Those that were found out, by file and start.
    before: HashMap<(String, u64), u64>,
}

impl<'p> Places<'p> {
    pub(super) fn of(files: &'p Files, part: &'p Part) -> Places<'p> {
        let mut before = HashMap::new();
        for (file, splits) in &part.splits {
            let (mut lines, mut expected) = (0, Some(0));
            for (start, read) in splits {
                // From the first one on that isn't there, nobody has counted.
                if expected != Some(*start) {
                    break;
                }
                before.insert((file.clone(), *start), lines);
                lines += read.lines;
                expected = read.end.filter(|_| read.whole);
            }
        }
        Places { files, splits: &part.splits, before }
    }

    /// The line of a file, from 1.
    pub(super) fn line(&mut self, file: &str, split: u64, line: u64) -> Result<u64, Error> {
        let key = (file.to_owned(), split);
        if let Some(before) = self.before.get(&key) {
            return Ok(before + line);
        }
        let source = self.files.sources.iter().position(|source| source.path == file);
        let before = source.map_or(Ok(0), |source| lines_before(self.files, source, split))?;
        self.before.insert(key, before);
        Ok(before + line)
    }

    /// How many documents of a file were read.
    pub(super) fn documents(&self, file: &str) -> u64 {
        self.splits.get(file).into_iter().flatten().map(|(_, read)| read.documents).sum()
    }

    /// Examples of a kind with their lines.
    pub(super) fn examples<'e>(
        &mut self,
        kind: ExampleKind,
        examples: impl Iterator<Item = &'e ExampleAt>,
    ) -> Result<Vec<ExampleReport>, Error> {
        let each = |example: &ExampleAt| {
            Ok(ExampleReport {
                kind,
                file: example.file.clone(),
                line: self.line(&example.file, example.split, example.line)?,
                number: example.number.clone(),
                clause: example.clause,
            })
        };
        examples.map(each).collect()
    }
}
