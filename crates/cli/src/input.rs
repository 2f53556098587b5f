//! Where the command line reads from.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use target_rules::{Diagnostics, Form, Source};

use super::outcome::Failure;

/// A text, or what is wrong with the bytes that should be one and what can be
/// shown of them.
pub(crate) type Decoded = Result<Source, (Source, Diagnostics)>;

/// The whole of a file, or of standard input for `-`. No more than one byte
/// above `most` is ever held, since standard input need not end.
pub(crate) fn read(path: &str, form: Form, most: usize) -> Result<Decoded, Failure> {
    Ok(Source::decode(form, &bytes(path, most)?, most))
}

fn bytes(path: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    bounded(&mut open(path)?, most).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    Ok(bytes)
}

/// Lines that are worked on together, in one buffer that is used again.
#[derive(Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    lines: Vec<BatchLine>,
}

/// Where a line of a batch stands.
pub(crate) struct BatchLine {
    /// Its number in the file, from 1.
    pub(crate) number: usize,
    /// The byte of the file that it starts at.
    first_byte: usize,
    /// Its bytes in the batch, without its end.
    range: Range<usize>,
}

impl Batch {
    /// The whole of a file as one line.
    pub(crate) fn whole(path: &str, most: usize) -> Result<Batch, Failure> {
        let bytes = bytes(path, most)?;
        Ok(Batch { lines: vec![BatchLine { number: 1, first_byte: 0, range: 0..bytes.len() }], bytes })
    }

    /// Its lines, in the order of the file.
    pub(crate) fn lines(&self) -> &[BatchLine] {
        &self.lines
    }

    /// The bytes of one of its lines.
    pub(crate) fn bytes(&self, line: &BatchLine) -> &[u8] {
        self.bytes.get(line.range.clone()).unwrap_or_default()
    }
}

/// The lines of a file, or of standard input for `-`.
pub(crate) struct Lines<'p> {
    path: &'p str,
    reader: Reader,
    most: usize,
    number: usize,
    next_byte: usize,
}

/// One line of a file.
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// The byte of the file that it starts at.
    pub(crate) first_byte: usize,
    /// The line without its end.
    pub(crate) text: Decoded,
}

impl<'p> Lines<'p> {
    /// Opens a file whose lines have at most `most` bytes each.
    pub(crate) fn open(path: &'p str, most: usize) -> Result<Lines<'p>, Failure> {
        Ok(Lines { path, reader: open(path)?, most, number: 0, next_byte: 0 })
    }

    /// The next line that is not blank.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, Failure> {
        let mut batch = Batch::default();
        self.next_batch(1, &mut batch)?;
        Ok(batch.lines.first().map(|line| Line {
            number: line.number,
            first_byte: line.first_byte,
            text: Source::decode(Form::Payload, batch.bytes(line), self.most),
        }))
    }

    /// Fills a batch with the next lines that are not blank, at most as many
    /// as are given; `false` where there are none any more.
    ///
    /// It waits for its first line only and takes of the others those that
    /// have arrived, so that whoever writes line after line is answered line
    /// after line. It is never larger than one line and what is read at once.
    pub(crate) fn next_batch(&mut self, most_lines: usize, batch: &mut Batch) -> Result<bool, Failure> {
        batch.bytes.clear();
        batch.lines.clear();
        while batch.lines.is_empty()
            || (batch.lines.len() < most_lines && self.reader.buffer().contains(&b'\n'))
        {
            if !self.add_line(batch)? {
                break;
            }
        }
        Ok(!batch.lines.is_empty())
    }

    /// Adds the next line to a batch where it is not blank; `false` at the end
    /// of the file.
    fn add_line(&mut self, batch: &mut Batch) -> Result<bool, Failure> {
        let start = batch.bytes.len();
        let mut length = bounded(&mut self.reader, self.most)
            .read_until(b'\n', &mut batch.bytes)
            .map_err(|error| failed(self.path, &error))?;
        if length == 0 {
            return Ok(false);
        }
        if batch.bytes.last() != Some(&b'\n') {
            // The end of the file, or of what is read of a line.
            let rest = self.reader.skip_until(b'\n').map_err(|error| failed(self.path, &error))?;
            length = length.saturating_add(rest);
        }
        let first_byte = self.next_byte;
        self.number = self.number.saturating_add(1);
        self.next_byte = first_byte.saturating_add(length);
        let line = batch.bytes.get(start..).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            batch.bytes.truncate(start);
        } else {
            let range = start..start.saturating_add(line.len());
            batch.lines.push(BatchLine { number: self.number, first_byte, range });
        }
        Ok(true)
    }
}

type Reader = BufReader<Box<dyn Read>>;

/// How many bytes are read at once, at most: enough lines to keep many cores
/// busy. More than the standard library buffers of standard input itself, so
/// that nothing waits there unseen.
const READ_AT_ONCE: usize = 1 << 20;

fn bounded(reader: &mut Reader, most: usize) -> std::io::Take<&mut Reader> {
    reader.take(u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1))
}

fn open(path: &str) -> Result<Reader, Failure> {
    let file: Box<dyn Read> = if path == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|error| failed(path, &error))?)
    };
    Ok(BufReader::with_capacity(READ_AT_ONCE, file))
}

/// What a FILE is called where people read it.
pub(crate) fn name(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

fn failed(path: &str, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let name = name(path);
    let why = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
        ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
        _ => {
            // The number that the system gives an error helps nobody.
            let message = error.to_string();
            message.split(" (os error").next().unwrap_or(&message).to_owned()
        }
    };
    Failure::Usage(format!("{name}: {why}"))
}
