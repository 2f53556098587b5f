//! Diagnostics as text in the shape of rustc's.
//!
//! Written here rather than taken from a crate: of the renderers that exist,
//! those that trim a long line panic on a bad span and those that do not print
//! the whole line, and a tree of one line is often tens of kilobytes long.

use unicode_width::UnicodeWidthChar;

use super::{Diagnostic, Severity, Source, Span};

/// Whether the text is coloured for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Off,
    /// ANSI escape codes.
    On,
}

const RESET: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const BLUE: &str = "\u{1b}[1;34m";

/// Columns of a source line that are shown; a longer one is cut around its place.
const WIDTH: usize = 120;

/// Renders one diagnostic. `origin` names the input, such as `rule` or a file.
///
/// Total: no span, however bad, makes it fail. Ends in a line feed.
pub fn render(diagnostic: &Diagnostic, source: &Source, origin: &str, colour: Colour) -> String {
    let paint = |style: &str, text: &str| match colour {
        Colour::Off => text.to_owned(),
        Colour::On => format!("{style}{text}{RESET}"),
    };
    let (word, tone) = match diagnostic.severity {
        Severity::Error => ("error", RED),
        Severity::Warning => ("warning", YELLOW),
    };
    // Control characters in a name would otherwise act on the terminal.
    let mut out = format!(
        "{}{}\n",
        paint(tone, &format!("{word}[{}]", diagnostic.code)),
        paint(BOLD, &format!(": {}", visible(&diagnostic.message)))
    );
    let mut marks = vec![(diagnostic.span, diagnostic.note.as_str(), true)];
    marks.extend(diagnostic.labels.iter().map(|label| (label.span, label.message.as_str(), false)));
    let mut lines: Vec<Line> = Vec::new();
    for (span, message, primary) in marks {
        let place = source.place(span);
        let mark = Mark { span: place.span, message: visible(message), primary };
        match lines.iter_mut().find(|line| line.number == place.line) {
            Some(line) => line.marks.push(mark),
            None => lines.push(Line { number: place.line, marks: vec![mark] }),
        }
    }
    lines.sort_by_key(|line| line.number);
    let gutter = lines.iter().map(|line| line.number.to_string().len()).max().unwrap_or(1);
    let bar = paint(BLUE, "|");
    let blank = " ".repeat(gutter);
    out.push_str(&format!(
        "{blank}{} {origin}:{}:{}\n",
        paint(BLUE, "-->"),
        diagnostic.line,
        diagnostic.column
    ));
    out.push_str(&format!("{blank} {bar}\n"));
    let mut previous: Option<usize> = None;
    for line in &mut lines {
        if previous.is_some_and(|number| number.saturating_add(1) < line.number) {
            out.push_str(&format!("{}\n", paint(BLUE, "...")));
        }
        previous = Some(line.number);
        line.marks.sort_by_key(|mark| (mark.span, !mark.primary));
        let shown = shown_line(source, line);
        let number = paint(BLUE, &format!("{:>gutter$}", line.number));
        out.push_str(format!("{number} {bar} {}", shown.text).trim_end());
        out.push('\n');
        for (row, style) in mark_rows(&shown, &line.marks) {
            let style = if style { tone } else { BLUE };
            out.push_str(&format!("{blank} {bar} {}\n", paint_row(&row, style, colour)));
        }
    }
    let mut footer = Vec::new();
    if let Some(pointer) = &diagnostic.pointer {
        footer.push(format!("at: {}", if pointer.is_empty() { "the whole document" } else { pointer }));
    }
    if let Some(help) = &diagnostic.help {
        footer.push(format!("help: {}", visible(help)));
    }
    if !footer.is_empty() {
        out.push_str(&format!("{blank} {bar}\n"));
    }
    for line in footer {
        out.push_str(&format!("{blank} {} {line}\n", paint(BLUE, "=")));
    }
    out
}

struct Line {
    number: usize,
    marks: Vec<Mark>,
}

struct Mark {
    span: Span,
    message: String,
    primary: bool,
}

struct Shown {
    text: String,
    /// Byte of the source at which the shown part starts and ends.
    start: usize,
    end: usize,
    source: String,
    lead: usize,
}

impl Shown {
    /// The column at which a byte of the source is shown.
    fn column(&self, byte: usize) -> usize {
        let within = byte.clamp(self.start, self.end).saturating_sub(self.start);
        let before = self.source.get(..within).unwrap_or(&self.source);
        self.lead.saturating_add(before.chars().map(width).sum())
    }
}

fn shown_line(source: &Source, line: &Line) -> Shown {
    let text = source.text();
    let first = line.marks.first().map_or(0, |mark| mark.span.start);
    let line_start =
        text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let rest = text.get(line_start..).unwrap_or("");
    let full = rest.split(['\n', '\r']).next().unwrap_or("");
    let line_end = line_start.saturating_add(full.len());
    let (mut start, mut end) = (line_start, line_end);
    if full.chars().map(width).sum::<usize>() > WIDTH {
        // A tree on one line can be megabytes long: show what surrounds the place.
        let mut columns = WIDTH / 3;
        start = first;
        for (at, character) in text.get(line_start..first).unwrap_or("").char_indices().rev() {
            if width(character) > columns {
                break;
            }
            columns = columns.saturating_sub(width(character));
            start = line_start.saturating_add(at);
        }
        let mut columns = WIDTH;
        end = start;
        for (at, character) in text.get(start..line_end).unwrap_or("").char_indices() {
            if width(character) > columns {
                break;
            }
            columns = columns.saturating_sub(width(character));
            end = start.saturating_add(at).saturating_add(character.len_utf8());
        }
    }
    let part = text.get(start..end).unwrap_or("");
    let lead = if start > line_start { "..." } else { "" };
    let tail = if end < line_end { "..." } else { "" };
    Shown {
        text: format!("{lead}{}{tail}", visible(part)),
        start,
        end,
        source: part.to_owned(),
        lead: lead.len(),
    }
}

/// The rows under a line: carets with the message of the last mark beside
/// them, then the other messages each on a row of its own.
fn mark_rows(shown: &Shown, marks: &[Mark]) -> Vec<(String, bool)> {
    let mut carets: Vec<char> = Vec::new();
    for mark in marks {
        let from = shown.column(mark.span.start);
        let to = shown.column(mark.span.end).max(from.saturating_add(1));
        carets.resize(carets.len().max(to), ' ');
        for cell in carets.iter_mut().take(to).skip(from) {
            if *cell != '^' {
                *cell = if mark.primary { '^' } else { '-' };
            }
        }
    }
    let carets: String = carets.into_iter().collect();
    let mut pending: Vec<&Mark> = marks.iter().filter(|mark| !mark.message.is_empty()).collect();
    let primary_row = marks.iter().any(|mark| mark.primary);
    // The message of the mark that reaches furthest right stands beside the carets.
    let beside = pending.last().is_some_and(|last| marks.iter().all(|mark| mark.span.end <= last.span.end));
    let first = match pending.last() {
        Some(last) if beside => format!("{carets} {}", last.message),
        _ => carets,
    };
    if beside {
        pending.pop();
    }
    let mut rows = vec![(first.trim_end().to_owned(), primary_row)];
    for mark in pending.iter().rev() {
        rows.push((format!("{}{}", " ".repeat(shown.column(mark.span.start)), mark.message), mark.primary));
    }
    rows
}

fn paint_row(row: &str, style: &str, colour: Colour) -> String {
    match colour {
        Colour::Off => row.to_owned(),
        Colour::On => format!("{style}{row}{RESET}"),
    }
}

/// Text without characters that act on a terminal or have no width.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\u{a0}' => ' ',
            character if width_of(character).is_none() => '\u{fffd}',
            character => character,
        })
        .collect()
}

fn width(character: char) -> usize {
    match character {
        '\t' | '\u{a0}' => 1,
        character => width_of(character).unwrap_or(1),
    }
}

/// The columns of a character; `None` for control characters and for those
/// that change the direction of what follows.
fn width_of(character: char) -> Option<usize> {
    match character {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        character => character.width(),
    }
}
