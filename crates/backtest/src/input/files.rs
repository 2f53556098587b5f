//! Which files are read, and how they are cut into splits.

use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::error::Error;

use super::form::{MARK, Packing};
use super::piece::Piece;
use super::pieces::pieces_of;

/// Files of a folder whose names end so are read.
const ENDINGS: [&str; 5] = ["ndjson", "jsonl", "json", "parquet", TABLE];
const TABLE: &str = "csv";
const PACKED: [&str; 2] = ["gz", "zst"];

/// So many files are read at most.
const MOST_FILES: usize = 1_000_000;

/// The files of recorded transactions, in the order of their paths.
#[derive(Debug)]
pub struct Files {
    pub(crate) sources: Vec<Source>,
    /// How many bytes of them were read, as they are in the files.
    pub(crate) read: AtomicU64,
}

/// A file, as it was when it was found.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) path: String,
    /// `None` of standard input, and of what else has no length.
    pub(crate) length: Option<u64>,
    modified: Option<SystemTime>,
    /// Whether it can be cut at the ends of lines.
    plain_lines: bool,
    /// A number of the file that doesn't depend on the others.
    pub(crate) number: u64,
    /// The pieces of a Parquet file.
    pub(super) pieces: Option<Vec<Piece>>,
}

/// A part of a file: the lines that begin in it. Of a Parquet file it is counted in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    /// The position of the file.
    pub(crate) source: usize,
    pub(crate) start: u64,
    /// `None` for the end of the file.
    pub(crate) end: Option<u64>,
}

impl Files {
    /// The files of paths: a file, a folder with all files in it that are named like
    /// transactions, a pattern such as `bills/2026-*.ndjson.gz`, or `-`, standard input.
    ///
    /// Fails where one can't be read, where a folder or a pattern has none, and where the
    /// same file is named twice.
    pub fn of(paths: &[String]) -> Result<Files, Error> {
        let mut found: Vec<PathBuf> = Vec::new();
        for path in paths {
            let of_path = Path::new(path);
            if path == "-" {
                found.push(of_path.to_owned());
            } else if of_path.is_dir() {
                let before = found.len();
                in_folder(of_path, &mut found)?;
                if found.len() == before {
                    return Err(Error::input(
                        path,
                        "there is no file of transactions in this folder; their names end with `.ndjson`, `.jsonl`, `.json`, `.csv` or `.parquet`, also with `.gz` or `.zst` after it",
                    ));
                }
            } else if !of_path.exists() && path.contains(['*', '?', '[']) {
                in_pattern(path, &mut found)?;
            } else {
                found.push(of_path.to_owned());
            }
            if found.len() > MOST_FILES {
                return Err(Error::usage(format!("more than {MOST_FILES} files are too many")));
            }
        }
        found.sort();
        let twice = found.iter().zip(found.iter().skip(1)).find(|(one, other)| one == other);
        if let Some((twice, _)) = twice {
            return Err(Error::input(
                &shown(twice),
                "this file is named twice, so that it would count twice",
            ));
        }
        let sources = found.iter().map(|path| Source::of(path)).collect::<Result<_, _>>()?;
        Ok(Files { sources, read: AtomicU64::new(0) })
    }

    /// How many bytes all have; `None` where one has no length.
    pub fn bytes(&self) -> Option<u64> {
        self.sources.iter().map(|source| source.length).sum()
    }

    /// The splits, in order.
    pub(crate) fn splits(&self, bytes: u64) -> Vec<Split> {
        let mut splits = Vec::new();
        for (at, source) in self.sources.iter().enumerate() {
            if let Some(pieces) = &source.pieces {
                let ends = pieces.iter().skip(1).map(|piece| Some(piece.start)).chain([None]);
                let split = |(piece, end): (&Piece, _)| Split { source: at, start: piece.start, end };
                splits.extend(pieces.iter().zip(ends).map(split));
                continue;
            }
            match source.length.filter(|_| source.plain_lines) {
                None => splits.push(Split { source: at, start: 0, end: None }),
                Some(length) => {
                    let step = usize::try_from(bytes.max(1)).unwrap_or(usize::MAX);
                    let starts = (0..length).step_by(step);
                    splits.extend(starts.map(|start| {
                        let end = start.saturating_add(bytes.max(1));
                        Split { source: at, start, end: Some(end).filter(|end| *end < length) }
                    }));
                }
            }
        }
        splits
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn in_folder(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        let failed = |error: std::io::Error| {
            Error::input(&shown(&folder), format!("this folder can't be read: {error}"))
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A link is not followed into a folder, so that no circle is walked.
            let kind = entry.file_type().map_err(failed)?;
            let path = entry.path();
            if kind.is_dir() {
                left.push(path);
            } else if is_of_transactions(&path) {
                found.push(path);
            }
            if found.len() > MOST_FILES {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn is_of_transactions(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let mut parts = name.rsplit('.');
    let mut last = parts.next().unwrap_or_default();
    if PACKED.contains(&last) {
        last = parts.next().unwrap_or_default();
    }
    !name.starts_with('.') && ENDINGS.contains(&last)
}

/// Whether a file is a table by its name; no byte of a CSV tells it.
fn is_table(path: &str) -> bool {
    let packed = PACKED.iter().find_map(|ending| path.strip_suffix(ending)?.strip_suffix('.'));
    packed.unwrap_or(path).strip_suffix(TABLE).is_some_and(|name| name.ends_with('.'))
}

fn in_pattern(pattern: &str, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let paths = glob::glob(pattern).map_err(|error| Error::input(pattern, error))?;
    let before = found.len();
    for path in paths {
        let path = path.map_err(|error| Error::input(pattern, error))?;
        if !path.is_dir() {
            found.push(path);
        }
    }
    if found.len() == before { Err(Error::input(pattern, "no file is named so")) } else { Ok(()) }
}

impl Source {
    fn of(path: &Path) -> Result<Source, Error> {
        let name = shown(path);
        let number = number_of(&name);
        if name == "-" {
            return Ok(Source::without_length(name, number));
        }
        let failed = |error| Error::input(&name, error);
        let mut file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Ok(Source::without_length(name, number));
        }
        let mut start = [0_u8; 64];
        let read = file.read(&mut start).map_err(failed)?;
        let start = start.get(..read).unwrap_or_default();
        let pieces = match Packing::of(start) {
            Packing::Parquet => Some(pieces_of(&name, &mut file)?),
            _ => None,
        };
        let plain = start.strip_prefix(MARK).unwrap_or(start).trim_ascii_start();
        let plain_lines = Packing::of(start) == Packing::None && !plain.starts_with(b"[") && !is_table(&name);
        let (length, modified) = (Some(metadata.len()), metadata.modified().ok());
        Ok(Source { path: name, length, modified, plain_lines, number, pieces })
    }

    /// Standard input, or what else can't be cut.
    fn without_length(path: String, number: u64) -> Source {
        Source { path, length: None, modified: None, plain_lines: false, number, pieces: None }
    }

    /// Whether it can be cut into splits.
    pub(super) fn can_be_cut(&self) -> bool {
        self.plain_lines && self.length.is_some()
    }

    /// Whether its documents are rows.
    pub(super) fn is_table(&self) -> bool {
        is_table(&self.path)
    }

    /// Opens it at a byte.
    pub(super) fn open<'r>(
        &self,
        start: u64,
        bytes: &'r AtomicU64,
    ) -> Result<Box<dyn BufRead + Send + 'r>, Error> {
        if self.path == "-" {
            let input = CountedReader { reader: std::io::stdin(), bytes };
            return Ok(Box::new(BufReader::with_capacity(AT_ONCE, input)));
        }
        let mut file = File::open(&self.path).map_err(|error| Error::input(&self.path, error))?;
        if start > 0 {
            file.seek(SeekFrom::Start(start)).map_err(|error| Error::input(&self.path, error))?;
        }
        Ok(Box::new(BufReader::with_capacity(AT_ONCE, CountedReader { reader: file, bytes })))
    }

    /// Fails where the file isn't as it was when it was found.
    pub(crate) fn is_unchanged(&self) -> Result<(), Error> {
        let Some(length) = self.length else { return Ok(()) };
        let now = std::fs::metadata(&self.path).map_err(|error| Error::input(&self.path, error))?;
        let modified = |now: &Metadata| now.modified().ok();
        if now.len() != length || modified(&now) != self.modified {
            let how = match now.len() {
                longer if longer > length => format!("it had {length} bytes and has {longer}"),
                shorter if shorter < length => format!("it had {length} bytes and has {shorter}"),
                _ => "it was written".to_owned(),
            };
            return Err(Error::input(
                &self.path,
                format!(
                    "this file has changed while it was read: {how}; there is no report, for it would be of neither"
                ),
            ));
        }
        Ok(())
    }
}

/// Counts what is read.
struct CountedReader<'r, R> {
    reader: R,
    bytes: &'r AtomicU64,
}

impl<R: Read> Read for CountedReader<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(into)?;
        self.bytes.fetch_add(u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
        Ok(read)
    }
}

const AT_ONCE: usize = 256 * 1024;

/// A number that follows from a path alone (FNV-1a).
fn number_of(path: &str) -> u64 {
    path.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
