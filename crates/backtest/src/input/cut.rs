//! Splits that a caller makes: files cut at any byte, for machines that share them.

use crate::error::Error;

use super::files::{Files, Split};

/// A part of a file: the lines whose first byte lies in it.
///
/// ```
/// use target_rules_backtest::FileSplit;
/// let first = FileSplit { path: "bills.ndjson".to_owned(), start: 0, end: Some(1 << 26) };
/// let rest = FileSplit { start: 1 << 26, end: None, ..first.clone() };
/// assert_eq!(first.end, Some(rest.start));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileSplit {
    /// The path of the file, as [`Files`] has it.
    pub path: String,
    /// The byte that it begins at.
    pub start: u64,
    /// The byte that it ends before; `None` for the end of the file.
    pub end: Option<u64>,
}

impl Files {
    /// Splits of so many bytes, in order, which are all of the files. A file that can't be
    /// cut, as a compressed one, is one split.
    pub fn cut(&self, bytes: u64) -> Vec<FileSplit> {
        let each = |split: Split| {
            let path = self.sources.get(split.source)?.path.clone();
            Some(FileSplit { path, start: split.start, end: split.end })
        };
        self.splits(bytes).into_iter().filter_map(each).collect()
    }

    /// A split of these files.
    ///
    /// Fails where there is no such file, where it can't be cut, and where the split is
    /// beyond its end.
    pub(crate) fn split(&self, split: &FileSplit) -> Result<Split, Error> {
        let FileSplit { path, start, end } = split;
        let found = self.sources.iter().enumerate().find(|(_, source)| source.path == *path);
        let Some((at, source)) = found else {
            return Err(Error::usage(format!("a split is of {path}, which is none of the files")));
        };
        let refused =
            |why: &str| Err(Error::usage(format!("{path} has no split from byte {start} on: {why}")));
        let length = source.length.unwrap_or(u64::MAX);
        // One that ends where the file does is the same as one without an end.
        let end = end.filter(|end| *end < length);
        if let Some(pieces) = &source.pieces {
            let starts: Vec<u64> = pieces.iter().map(|piece| piece.start).collect();
            let piece = starts.iter().position(|found| found == start);
            let next = piece.map(|piece| starts.get(piece.saturating_add(1)).copied());
            return match next {
                Some(next) if next == split.end => Ok(Split { source: at, start: *start, end: next }),
                _ => refused("it is cut between its pieces only, as `Files::cut` does"),
            };
        }
        match (source.can_be_cut(), start, end) {
            (false, 0, None) => {}
            (false, ..) => return refused("this file can't be cut, so that it is one split from 0 on"),
            (true, start, _) if *start > 0 && *start >= length => return refused("the file ends before it"),
            (true, start, Some(end)) if end <= *start => return refused("it ends before it begins"),
            (true, ..) => {}
        }
        Ok(Split { source: at, start: *start, end })
    }
}
