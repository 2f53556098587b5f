//! Where the command line reads from.

use std::io::{BufRead, BufReader, Read};

use target_rules::{Diagnostics, Form, Source};

use super::Failure;

/// A text, or what is wrong with the bytes that should be one and what can be
/// shown of them.
pub(crate) type Decoded = Result<Source, (Source, Diagnostics)>;

/// The whole of a file, or of standard input for `-`. No more than one byte
/// above `most` is ever held, since standard input need not end.
pub(crate) fn read(path: &str, form: Form, most: usize) -> Result<Decoded, Failure> {
    let mut bytes = Vec::new();
    bounded(&mut open(path)?, most).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    Ok(Source::decode(form, &bytes, most))
}

/// The lines of a file, or of standard input for `-`, one at a time.
pub(crate) struct Lines<'p> {
    path: &'p str,
    reader: Box<dyn BufRead>,
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
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let first_byte = self.next_byte;
            let mut length = bounded(&mut self.reader, self.most)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| failed(self.path, &error))?;
            if length == 0 {
                return Ok(None);
            }
            if bytes.last() != Some(&b'\n') {
                // The end of the file, or of what is read of a line.
                let rest = self.reader.skip_until(b'\n').map_err(|error| failed(self.path, &error))?;
                length = length.saturating_add(rest);
            }
            self.number = self.number.saturating_add(1);
            self.next_byte = first_byte.saturating_add(length);
            let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.trim_ascii().is_empty() {
                let text = Source::decode(Form::Payload, line, self.most);
                return Ok(Some(Line { number: self.number, first_byte, text }));
            }
        }
    }
}

fn bounded(reader: &mut Box<dyn BufRead>, most: usize) -> std::io::Take<&mut Box<dyn BufRead>> {
    reader.take(u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1))
}

fn open(path: &str) -> Result<Box<dyn BufRead>, Failure> {
    if path == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = std::fs::File::open(path).map_err(|error| failed(path, &error))?;
    Ok(Box::new(BufReader::new(file)))
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
