//! Where the command line reads from: whole files, and files of lines.

use std::io::{BufRead, BufReader, Read};

use target_rules::batch::Document;
use target_rules::diagnostic::{Code, Form, Source};
use target_rules::{Diagnostics, Layout, Limits};

use super::count::Count;
use super::form::{self, FileForm};
use super::outcome::{Failure, Outcome};
use super::shape::Shape;

/// The byte order mark that editors of Windows put at the beginning of a file.
const MARK: &str = "\u{feff}";

/// A text, or what is wrong with the bytes that should be one and what can be
/// shown of them.
pub(crate) type Decoded = Result<Source, (Source, Diagnostics)>;

/// The whole of a file, or of standard input for `-`. No more than one byte
/// above `most` is ever held, since standard input need not end.
pub(crate) fn read(path: &str, form: Form, most: usize) -> Result<Decoded, Failure> {
    let bytes = bytes(path, form, most)?;
    if form == Form::Payload {
        wanted_as_document(path, &bytes)?;
    }
    Ok(Source::decode(form, &bytes, most))
}

/// The same of a file of lines, each of which is looked at by itself.
pub(crate) fn all_lines(path: &str, most: usize) -> Result<Decoded, Failure> {
    Ok(Source::decode(Form::Payload, &bytes(path, Form::Payload, most)?, most))
}

/// The same of a document, without a byte order mark at its beginning. The
/// readers of targets and schemas skip it themselves, for they tell places in
/// the file.
pub(crate) fn document(path: &str, most: usize) -> Result<Decoded, Failure> {
    let bytes = unmarked(bytes(path, Form::Payload, most)?).0;
    wanted_as_document(path, &bytes)?;
    Ok(Source::decode(Form::Payload, &bytes, most))
}

/// Refuses a file in another form as a whole.
fn wanted_as_document(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    form::refusal(name(path), bytes, true, FileForm::Document).map_or(Ok(()), Err)
}

/// The bytes of a file without the mark at its beginning, and the length of
/// the mark.
fn unmarked(mut bytes: Vec<u8>) -> (Vec<u8>, usize) {
    if !bytes.starts_with(MARK.as_bytes()) {
        return (bytes, 0);
    }
    bytes.drain(..MARK.len());
    (bytes, MARK.len())
}

/// The mark at the beginning of a text, and what follows it.
pub(crate) fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with(MARK) { MARK.len() } else { 0 })
}

fn utf16(path: &str, form: Form) -> Failure {
    let name = name(path);
    let code = if form == Form::Dsl { Code::Syntax } else { Code::JsonSyntax };
    Failure::OtherForm(format!(
        "error[{code}]: {name}: this is not UTF-8 text: it looks like UTF-16; save it as UTF-8"
    ))
}

/// Whether a file is in UTF-16, as some programs of Windows export: by its
/// mark, or by the zeros that every second byte of such a text is.
fn is_utf16(start: &[u8]) -> bool {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, second, ..] => (*first == 0) != (*second == 0),
        _ => false,
    }
}

/// The bytes of a file, at most one above `most`; as many more as a mark at its
/// beginning has, since that is no part of what is bounded.
fn bytes(path: &str, form: Form, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let marked = most.saturating_add(MARK.len());
    bounded(&mut open(path)?, marked).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    if !bytes.starts_with(MARK.as_bytes()) {
        bytes.truncate(most.saturating_add(1));
    }
    // One with its own mark is no UTF-8; this one is, full of zeros.
    if bytes.first().is_some_and(u8::is_ascii) && is_utf16(&bytes) {
        return Err(utf16(path, form));
    }
    Ok(bytes)
}

/// The lines of a file, or of standard input for `-`, but for blank ones.
pub(crate) struct Lines {
    path: String,
    reader: Reader,
    most: usize,
    lines_read: Count,
    bytes_read: Count,
    /// After a fault of reading there are no more lines.
    failed: bool,
    shape: Shape,
}

/// One line of a file.
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: Count,
    /// The byte of the file that it starts at.
    pub(crate) first_byte: Count,
    /// The byte of the file that the next line starts at.
    pub(crate) end: Count,
    /// The line without its end; one byte more than it may have where it is too
    /// long.
    pub(crate) bytes: Vec<u8>,
}

impl Lines {
    /// Opens a file whose lines have at most `most` bytes each.
    /// A mark at its beginning is no part of the first; a file in UTF-16 is
    /// refused as a whole.
    pub(crate) fn open(path: &str, most: usize) -> Result<Lines, Failure> {
        Lines::read(path, open(path)?, most)
    }

    /// The lines of what a file would hold.
    pub(crate) fn of(path: &str, content: Vec<u8>, most: usize) -> Result<Lines, Failure> {
        Lines::read(path, BufReader::new(Box::new(std::io::Cursor::new(content))), most)
    }

    fn read(path: &str, mut reader: Reader, most: usize) -> Result<Lines, Failure> {
        let mut bytes_read = Count::default();
        let start = reader.fill_buf().map_err(|error| failed(path, &error))?;
        if start.starts_with(MARK.as_bytes()) {
            reader.consume(MARK.len());
            bytes_read.add(MARK.len());
        } else if is_utf16(start) {
            return Err(utf16(path, Form::Payload));
        }
        Ok(Lines {
            path: path.to_owned(),
            reader,
            most,
            lines_read: Count::default(),
            bytes_read,
            failed: false,
            shape: Shape::default(),
        })
    }

    /// The lines of a file of transactions. One that is in another form is
    /// refused as a whole, by its beginning: as much as comes at once. `alone`
    /// says where one document alone goes instead.
    pub(crate) fn of_transactions(
        path: &str,
        most: usize,
        alone: Option<&'static str>,
        shape: &Shape,
    ) -> Result<Lines, Failure> {
        let mut lines = Lines { shape: shape.clone(), ..Lines::open(path, most)? };
        let start = lines.reader.fill_buf().map_err(|error| failed(path, &error))?;
        let whole = start.len() < READ_AT_ONCE && path != "-";
        match form::refusal(name(path), start, whole, FileForm::Lines(alone)) {
            Some(refusal) => Err(refusal),
            None => Ok(lines),
        }
    }

    /// The next line that is not blank; `None` at the end of the file.
    fn read_line(&mut self) -> std::io::Result<Option<Line>> {
        loop {
            let first_byte = self.bytes_read;
            let mut bytes = Vec::new();
            let length = bounded(&mut self.reader, self.most).read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(None);
            }
            self.bytes_read.add(length);
            self.lines_read.increase();
            if bytes.last() == Some(&b'\n') {
                bytes.pop();
            } else {
                // The end of the file, or of what is read of a line.
                self.bytes_read.add(self.reader.skip_until(b'\n')?);
            }
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
            if !bytes.trim_ascii().is_empty() {
                let end = self.bytes_read;
                return Ok(Some(Line { number: self.lines_read, first_byte, end, bytes }));
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Failure>;

    fn next(&mut self) -> Option<Result<Line, Failure>> {
        while !self.failed {
            let line = self.read_line().map_err(|error| failed(&self.path, &error));
            let line = match line.transpose()? {
                Ok(line) => line.standard(&self.path, &self.shape),
                Err(failure) => Err(failure),
            };
            self.failed = line.is_err();
            if let Some(line) = line.transpose() {
                return Some(line);
            }
        }
        None
    }
}

/// The documents of a file: one a line, or one in all.
pub(crate) enum Documents {
    Lines(Box<Lines>),
    One(Option<Line>),
}

impl Documents {
    /// Opens a file of documents of at most `most` bytes each. One that is in
    /// neither form is refused as a whole.
    pub(crate) fn open(path: &str, most: usize, shape: &Shape) -> Result<Documents, Failure> {
        let mut lines = Lines { shape: shape.clone(), ..Lines::open(path, most)? };
        let start = lines.reader.fill_buf().map_err(|error| failed(path, &error))?;
        if form::is_over_lines(start) {
            // Standard input cannot be opened again, so it is read on.
            let mut bytes = Vec::new();
            let read = bounded(&mut lines.reader, most).read_to_end(&mut bytes);
            read.map_err(|error| failed(path, &error))?;
            if let Some(refusal) = form::several_over_lines(name(path), &bytes) {
                return Err(refusal);
            }
            let mut number = Count::default();
            number.increase();
            let mut end = lines.bytes_read;
            end.add(bytes.len());
            let line = Line { number, first_byte: lines.bytes_read, end, bytes };
            return Ok(Documents::One(line.standard(path, shape)?));
        }
        let whole = start.len() < READ_AT_ONCE && path != "-";
        match form::refusal(name(path), start, whole, FileForm::Lines(None)) {
            Some(refusal) => Err(refusal),
            None => Ok(Documents::Lines(Box::new(lines))),
        }
    }
}

impl Iterator for Documents {
    type Item = Result<Line, Failure>;

    fn next(&mut self) -> Option<Result<Line, Failure>> {
        match self {
            Documents::Lines(lines) => lines.next(),
            Documents::One(line) => line.take().map(Ok),
        }
    }
}

/// The one document of a file or, of a file with one a line, the one with this
/// number.
pub(crate) fn chosen(
    path: &str,
    number: Option<&str>,
    limits: &Limits,
    shape: &Shape,
) -> Result<Line, Failure> {
    let most = limits.transaction;
    let Some(number) = number else {
        return Line::of_transaction(path, most, FileForm::OneOfLines, shape);
    };
    let layout = Layout::builder().build();
    let mut seen = Count::default();
    for line in Documents::open(path, most, shape)? {
        let line = line?;
        seen.increase();
        let Ok(text) = Source::text_of(Form::Payload, &line.bytes, most) else { continue };
        // The number is the label, which every layout reads.
        if layout.read(text, limits).is_ok_and(|read| read.number() == Some(number)) {
            return Ok(line);
        }
    }
    let name = name(path);
    Err(Failure::OtherForm(format!(
        "error: {name}: none of its {seen} documents has the `currentTxn.number` `{number}`"
    )))
}

impl Line {
    /// The whole of a file that is one document; a file in another form is
    /// refused as that.
    pub(crate) fn of_transaction(
        path: &str,
        most: usize,
        wanted: FileForm,
        shape: &Shape,
    ) -> Result<Line, Failure> {
        let line = Line::whole(path, most)?;
        if let Some(refusal) = form::refusal(name(path), &line.bytes, true, wanted) {
            return Err(refusal);
        }
        let skipped = || {
            let name = name(path);
            Failure::OtherForm(format!(
                "error: {name}: the mapping skips this document, for it is no transaction"
            ))
        };
        line.standard(path, shape)?.ok_or_else(skipped)
    }

    /// The line with its document as a standard one; nothing where it is skipped.
    fn standard(self, path: &str, shape: &Shape) -> Result<Option<Line>, Failure> {
        let place = (name(path), self.number.in_memory());
        let bytes = shape.standard(place, self.bytes)?;
        Ok(bytes.map(|bytes| Line { bytes, ..self }))
    }

    /// The whole of a file as one line.
    pub(crate) fn whole(path: &str, most: usize) -> Result<Line, Failure> {
        let mut number = Count::default();
        number.increase();
        let (bytes, mark) = unmarked(bytes(path, Form::Payload, most)?);
        let mut first_byte = Count::default();
        first_byte.add(mark);
        let mut end = first_byte;
        end.add(bytes.len());
        Ok(Line { number, first_byte, end, bytes })
    }

    /// Its text, where it has at most so many bytes.
    pub(crate) fn text(&self, most: usize) -> Decoded {
        Source::decode(Form::Payload, &self.bytes, most)
    }
}

impl Document for Line {
    fn byte_len(&self) -> usize {
        self.bytes.len()
    }
}

type Reader = BufReader<Box<dyn Read + Send>>;

/// How many bytes are read at once, at most: enough lines to keep many cores
/// busy. More than the standard library buffers of standard input itself, which
/// then reads straight into this buffer.
pub(crate) const READ_AT_ONCE: usize = 1 << 20;

/// One byte more than is allowed, so that it shows where there is more.
fn bounded(reader: &mut Reader, most: usize) -> std::io::Take<&mut Reader> {
    let bound = u64::try_from(most).ok().and_then(|most| most.checked_add(1));
    // No file is longer than what has no bound.
    reader.take(bound.unwrap_or(u64::MAX))
}

fn open(path: &str) -> Result<Reader, Failure> {
    let file: Box<dyn Read + Send> = if path == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|error| failed(path, &error))?)
    };
    Ok(BufReader::with_capacity(READ_AT_ONCE, file))
}

/// Refuses standard input that is named twice.
pub(crate) fn one_standard_input(paths: impl IntoIterator<Item = impl AsRef<str>>) -> Outcome {
    match paths.into_iter().filter(|path| path.as_ref() == "-").count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::Usage("only one FILE can be standard input".to_owned())),
    }
}

/// What a FILE is called where people read it.
pub(crate) fn name(path: &str) -> &str {
    if path == "-" { form::STANDARD_INPUT } else { path }
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
