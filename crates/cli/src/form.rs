//! Files in another form than the one that is wanted: told once, with how to
//! make it, instead of once for each line.

use target_rules::diagnostic::Code;
use target_rules::json::{Located, Reader};

use super::outcome::Failure;

/// What is wanted of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileForm {
    /// One document a line; and where one document alone goes instead.
    Lines(Option<&'static str>),
    /// One document; and how one of several is chosen, or all are given.
    One(Option<&'static str>),
    /// One document, or one a line of which one is chosen.
    OneOfLines,
    /// Targets, enrolments or a schema: one document, which may be a list.
    Document,
}

impl FileForm {
    fn words(self) -> &'static str {
        match self {
            FileForm::Lines(_) => "one JSON document a line is wanted (NDJSON)",
            FileForm::One(_) | FileForm::Document => "one JSON document is wanted",
            FileForm::OneOfLines => "one JSON document is wanted, or one a line (NDJSON) and `--number`",
        }
    }
}

/// What standard input is called where people read it.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// How the files of other programs begin.
const SIGNATURES: [(&[u8], &str, &str); 8] = [
    (&[0x1f, 0x8b], "gzip", "unpack it first: `gunzip -c FILE`"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "Zstandard", "unpack it first: `zstd -dc FILE`"),
    (&[0xfd, b'7', b'z', b'X', b'Z'], "xz", "unpack it first: `xz -dc FILE`"),
    (b"BZh", "bzip2", "unpack it first: `bzip2 -dc FILE`"),
    (b"PK\x03\x04", "a ZIP archive or a workbook", "unpack it, or save the sheet, first"),
    (b"PAR1", "Parquet", "write it as NDJSON first"),
    (b"Obj\x01", "Avro", "write it as NDJSON first: `avro cat FILE`"),
    (b"SQLite format 3", "an SQLite database", "write the rows as NDJSON first"),
];

/// Why a file, of which these bytes are the beginning, is in another form than
/// is wanted; `None` where it may be in that form. What is told holds for the
/// whole file, so that a line of it that is no document is not enough.
///
/// `whole` says whether the bytes are all of the file.
pub(crate) fn refusal(name: &str, start: &[u8], whole: bool, wanted: FileForm) -> Option<Failure> {
    // A command over standard input cannot name it.
    let file = if name == STANDARD_INPUT { "FILE" } else { name };
    let packed = SIGNATURES.iter().find(|(signature, ..)| start.starts_with(signature));
    let (what, how) = match packed {
        Some((_, what, how)) => (format!("is {what}"), how.replace("FILE", file)),
        None => {
            // What was cut within a character is looked at up to there.
            let text = match std::str::from_utf8(start) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?,
            };
            let (what, how) = of_text(text, file, whole, wanted)?;
            (what.to_owned(), how)
        }
    };
    Some(Failure::OtherForm(format!(
        "error[{}]: {name}: this {what}; {}\n  = help: {how}",
        Code::JsonSyntax,
        wanted.words()
    )))
}

fn of_text(text: &str, name: &str, whole: bool, wanted: FileForm) -> Option<(&'static str, String)> {
    // A byte order mark is no part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let second = lines.next();
    match text.as_bytes().first()? {
        b'{' => match wanted {
            FileForm::Lines(alone) => over_lines(first, second, name, alone),
            FileForm::One(_) | FileForm::OneOfLines | FileForm::Document => {
                several(text, first, second, name, wanted)
            }
        },
        b'[' if wanted != FileForm::Document && is_array(text, second, whole) => {
            let how = format!("make it so: `jq -c '.[]' {name} > bills.ndjson`");
            Some(("is an array", how))
        }
        b'<' => Some(("looks like XML or HTML", "write the bills as JSON first".to_owned())),
        _ if is_table(first, second, whole) => {
            let how = match wanted {
                FileForm::Document => "write each row as a JSON object of a list",
                _ => "write each row as a JSON document, its columns under profiles",
            };
            Some(("looks like CSV", how.to_owned()))
        }
        _ => None,
    }
}

/// Whether a file begins with a document that goes over several lines.
pub(crate) fn is_over_lines(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => {
            start.get(..error.valid_up_to()).map_or("", |valid| std::str::from_utf8(valid).unwrap_or(""))
        }
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().filter(|first| first.starts_with('{'));
    first.is_some_and(|first| over_lines(first, lines.next(), "", None).is_some())
}

/// Whether a file is an array, and not one line of it.
fn is_array(text: &str, second: Option<&str>, whole: bool) -> bool {
    let first = text.lines().next().unwrap_or("");
    let of_objects = || first.get(1..).is_some_and(|inner| inner.trim_start().starts_with('{'));
    !is_whole(first) || (second.is_none() && (whole || of_objects()))
}

/// A document that goes over several lines, where one a line is wanted.
fn over_lines(
    first: &str,
    second: Option<&str>,
    name: &str,
    alone: Option<&str>,
) -> Option<(&'static str, String)> {
    let second = second?;
    // A line that is cut off is followed by the next document, a document that
    // goes on is not.
    if second.starts_with('{') || is_whole(first) || !is_begun(first) {
        return None;
    }
    let how = with_hint(format!("make it so: `jq -c . {name} > bills.ndjson`"), alone);
    Some(("is a document over several lines", how))
}

/// What to do, and what the command offers beside it.
fn with_hint(how: String, hint: Option<&str>) -> String {
    hint.map_or(how.clone(), |hint| format!("{how}; {hint}"))
}

/// Several documents, where one is wanted.
fn several(
    text: &str,
    first: &str,
    second: Option<&str>,
    name: &str,
    wanted: FileForm,
) -> Option<(&'static str, String)> {
    let second = second?;
    // So that a document with something behind it is told as that.
    if !is_whole(first) || !second.starts_with('{') || text.starts_with("{}") && text.len() == 2 {
        return None;
    }
    let how = match wanted {
        FileForm::OneOfLines => "choose one by its `currentTxn.number`: `--number TEXT`".to_owned(),
        FileForm::Document => format!("make it one list: `jq -s . {name} > list.json`"),
        FileForm::One(hint) => with_hint(format!("take one line of it, such as `sed -n 1p {name}`"), hint),
        FileForm::Lines(_) => return None,
    };
    Some(("is a file with a document a line (NDJSON)", how))
}

/// Why a file of documents over several lines each is refused; `None` where it
/// is one document, or broken in another way.
pub(crate) fn several_over_lines(name: &str, bytes: &[u8]) -> Option<Failure> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut json = Reader::new(text);
    let first = Located::read(&mut json).ok()?;
    let rest = text.get(first.span.end().get()..)?.trim_start();
    if rest.starts_with('{') { refusal(name, bytes, true, FileForm::Lines(None)) } else { None }
}

/// Whether a text is a whole JSON value and nothing else.
fn is_whole(text: &str) -> bool {
    let mut json = Reader::new(text);
    Located::read(&mut json).is_ok() && json.finish().is_ok()
}

/// Whether a text is JSON that ends too early, and nothing worse: the fault is
/// at its end.
fn is_begun(text: &str) -> bool {
    let fault = Located::read(&mut Reader::new(text)).err();
    fault.is_some_and(|fault| fault.span.start().get() >= text.trim_end().len())
}

/// Whether the first lines are rows of a table: as many separators in each, and
/// none of the brackets of JSON.
fn is_table(first: &str, second: Option<&str>, whole: bool) -> bool {
    let count = |line: &str, separator: char| line.matches(separator).count();
    let plain = |line: &str| !line.contains(['{', '}', '[', ']']) || line.contains("\"\"");
    [',', ';', '\t', '|'].into_iter().any(|separator| {
        let columns = count(first, separator);
        match second {
            Some(second) => columns > 0 && count(second, separator) >= columns && plain(first),
            None => columns > 0 && whole && plain(first),
        }
    })
}
