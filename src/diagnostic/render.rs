//! Diagnostics as text in the shape of rustc's.
//!
//! Written here rather than taken from a crate: of the renderers that exist,
//! those that trim a long line panic on a bad span and those that do not print
//! the whole line, and a tree of one line is often tens of kilobytes long.

use std::borrow::Cow;

use crate::report::{Colour, Diagnostic, Form, Offset, Severity, Shown, Span, Style, visible, width};

use super::file::{FileDiagnostic, FilePlace};
use super::place::{Place, floor};
use super::source::Source;

/// Columns of a source line that are shown; a longer one is cut around its place.
const WIDTH: usize = 120;

/// Renders one diagnostic. `origin` names the input, such as `rule` or a file.
///
/// Total: no span, however bad, makes it fail. Ends in a line feed.
///
/// Cost is linear in the source.
pub fn render(diagnostic: &Diagnostic, source: &Source, origin: &str, colour: Colour) -> Shown {
    let primary = source.position(diagnostic.span);
    let labels = diagnostic.labels.iter().map(|label| source.position(label.span)).collect();
    let at = (diagnostic.line, diagnostic.column);
    draw(diagnostic, at, marks(diagnostic, primary, labels), source.text(), origin, colour)
}

/// Renders one diagnostic of a line of a file, at its place in the file:
/// `source` is the line, and `number` its number from 1.
///
/// Total, as [`render`] is.
///
/// ```
/// use target_rules::diagnostic::{Colour, Form, Source, render_line};
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let line = r#"{"currentTxn": {"value": true}}"#; // the fifth of its file
/// let faults = Layout::of([&rule]).read(line, &limits).unwrap_err();
/// let source = Source::new(Form::Payload, line);
/// for fault in &faults {
///     let shown = render_line(fault, &source, 5, "bills.ndjson", Colour::Off);
///     assert!(shown.contains("--> bills.ndjson:5:26"));
/// }
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn render_line(
    diagnostic: &Diagnostic,
    source: &Source,
    number: usize,
    origin: &str,
    colour: Colour,
) -> Shown {
    // INVARIANT: no file has as many lines as these are counted up to.
    let below = |line: usize| [number, line].into_iter().sum::<usize>().checked_sub(1).unwrap_or(line);
    let primary = source.position(diagnostic.span);
    let labels = diagnostic.labels.iter().map(|label| source.position(label.span)).collect();
    let marks = marks(diagnostic, primary, labels).into_iter().map(|(line, mark)| (below(line), mark));
    let at = (below(diagnostic.line), diagnostic.column);
    draw(diagnostic, at, marks.collect(), source.text(), origin, colour)
}

/// Renders one diagnostic at its place in the file that holds the rule. `text`
/// is the text of the file and `origin` its name.
///
/// Total, as [`render`] is; the cost does not depend on the size of the file.
///
/// ```
/// use target_rules::diagnostic::{Colour, FileDiagnostic, Lines};
/// use target_rules::diagnostic::{FilePlace, render_in_file};
/// use target_rules::json::{Escapes, Located, Reader};
/// use target_rules::{Ast, Limits};
/// // The file is the rule, as a string of JSON.
/// let file = r#""currentTxn.value = 500""#;
/// let value = Located::read(&mut Reader::new(file))?;
/// let rule = Reader::within(file, value.span).string()?;
/// let refused = Ast::from_text(&rule, &Limits::default()).unwrap_err();
/// let fault = refused.into_iter().next().ok_or("the rule is accepted")?;
/// let span = Escapes::of(file, value).span(fault.span);
/// let place = FilePlace::new(Lines::of(file).place(file, span), String::new());
/// let found = FileDiagnostic::new(fault, place, vec![]);
/// let shown = render_in_file(&found, file, "rule.json", Colour::Off);
/// assert!(shown.contains(" --> rule.json:1:19\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render_in_file(found: &FileDiagnostic, text: &str, origin: &str, colour: Colour) -> Shown {
    let FilePlace { pointer, span, line, column } = &found.file;
    let span = Span::new(floor(text, span.start()), floor(text, span.end()));
    let primary = Place { span, line: *line, column: *column, pointer: None };
    // The pointer into the tree alone does not say which tree of the file.
    let pointer = match &found.diagnostic.pointer {
        Some(inner) if found.diagnostic.form == Form::Tree && !inner.is_empty() => {
            format!("{pointer}, in its tree {inner}")
        }
        _ => pointer.clone(),
    };
    let diagnostic = Diagnostic { pointer: Some(pointer), ..found.diagnostic.clone() };
    let marks = marks(&diagnostic, primary, found.labels.clone());
    draw(&diagnostic, (*line, *column), marks, text, origin, colour)
}

/// The marks of a diagnostic, each with its line: the primary one and those of
/// its labels.
fn marks(diagnostic: &Diagnostic, primary: Place, labels: Vec<Place>) -> Vec<(usize, Mark)> {
    let messages = diagnostic.labels.iter().map(|label| label.message.as_str());
    let labels = labels.into_iter().zip(messages).map(|(place, message)| (place, message, false));
    std::iter::once((primary, diagnostic.note.as_str(), true))
        .chain(labels)
        .map(|(place, message, primary)| {
            (place.line, Mark { span: place.span, message: visible(message), primary })
        })
        .collect()
}

fn draw(
    diagnostic: &Diagnostic,
    (line, column): (usize, usize),
    marks: Vec<(usize, Mark)>,
    text: &str,
    origin: &str,
    colour: Colour,
) -> Shown {
    let (word, tone) = match diagnostic.severity {
        Severity::Error => ("error", Style::BoldRed),
        Severity::Warning => ("warning", Style::BoldYellow),
    };
    let mut out = Drawing { shown: Shown::default(), colour };
    out.paint(tone, &format!("{word}[{}]", diagnostic.code));
    out.paint(Style::Bold, &format!(": {}", visible(&diagnostic.message)));
    let mut lines: Vec<Line> = Vec::new();
    for (number, mark) in marks {
        match lines.iter_mut().find(|line| line.number == number) {
            Some(line) => line.marks.push(mark),
            None => lines.push(Line { number, marks: vec![mark] }),
        }
    }
    let mut lines: Vec<(Line, Excerpt)> = lines.into_iter().flat_map(|line| excerpts(text, line)).collect();
    lines.sort_by_key(|(line, excerpt)| (line.number, excerpt.span.start()));
    let gutter = lines.iter().map(|(line, _)| line.number.to_string().len()).max().unwrap_or(1);
    let blank = format!("\n{}", " ".repeat(gutter));
    out.plain(&blank);
    out.paint(Style::BoldBlue, "-->");
    out.plain(&format!(" {}:{line}:{column}", visible(origin)));
    out.bar(&blank);
    let mut previous: Option<usize> = None;
    for (line, excerpt) in &lines {
        if previous.is_some_and(|number: usize| number.abs_diff(line.number) > 1) {
            out.plain("\n");
            out.paint(Style::BoldBlue, "...");
        }
        previous = Some(line.number);
        out.plain("\n");
        out.paint(Style::BoldBlue, &format!("{:>gutter$}", line.number));
        out.bar("");
        out.plain(format!(" {}", excerpt.text).trim_end());
        for (row, primary) in mark_rows(excerpt, &line.marks) {
            out.bar(&blank);
            out.plain(" ");
            out.paint(if primary { tone } else { Style::BoldBlue }, &row);
        }
    }
    let pointer = diagnostic.pointer.as_deref();
    let pointer = pointer.map(|pointer| if pointer.is_empty() { "the whole document" } else { pointer });
    let help = diagnostic.help.as_deref().map(|help| format!("help: {}", visible(help)));
    let footer =
        pointer.map(|pointer| format!("at: {}", visible(&shortened(pointer)))).into_iter().chain(help);
    for (at, line) in footer.enumerate() {
        if at == 0 {
            out.bar(&blank);
        }
        out.plain(&format!("{blank} "));
        out.paint(Style::BoldBlue, "=");
        out.plain(&format!(" {line}"));
    }
    out.plain("\n");
    out.shown
}

/// What is drawn so far, and whether it has colours.
struct Drawing {
    shown: Shown,
    colour: Colour,
}

impl Drawing {
    fn plain(&mut self, text: &str) {
        self.shown.push(&Shown::lines(text));
    }

    fn paint(&mut self, style: Style, text: &str) {
        self.shown.paint(self.colour, style, text);
    }

    /// The bar at the left, behind what stands before it.
    fn bar(&mut self, before: &str) {
        self.plain(&format!("{before} "));
        self.paint(Style::BoldBlue, "|");
    }
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

struct Excerpt {
    text: String,
    /// The part of the source that is shown.
    span: Span,
    source: String,
    /// What stands before it.
    lead: &'static str,
}

impl Excerpt {
    /// The column at which a byte of the source is shown.
    fn column(&self, byte: Offset) -> usize {
        let within = byte.clamp(self.span.start(), self.span.end()) - self.span.start();
        let before = self.source.get(..within).unwrap_or(&self.source);
        self.lead.chars().chain(before.chars()).map(width).sum()
    }
}

impl Excerpt {
    fn holds(&self, mark: &Mark) -> bool {
        self.span.start() <= mark.span.start() && mark.span.start() <= self.span.end()
    }
}

/// What is shown of a line: most often all of it once. Of a long line the
/// primary mark's surroundings, and those of each mark too far away from it.
fn excerpts(text: &str, mut line: Line) -> Vec<(Line, Excerpt)> {
    let mut excerpts = Vec::new();
    line.marks.sort_by_key(|mark| (mark.span, !mark.primary));
    while !line.marks.is_empty() {
        let shown = shown_line(text, &line);
        let (near, far): (Vec<Mark>, Vec<Mark>) = line.marks.into_iter().partition(|mark| shown.holds(mark));
        line.marks = far;
        // A bad span may lie on another line; nothing is shown for it.
        if near.is_empty() {
            break;
        }
        excerpts.push((Line { number: line.number, marks: near }, shown));
    }
    excerpts
}

/// Cuts a line around its primary mark, from the first mark on where both fit.
/// No more of it is read than is shown: a payload on one line can be megabytes
/// long.
fn shown_line(text: &str, line: &Line) -> Excerpt {
    let first = line.marks.first().map_or(Offset::START, |mark| mark.span.start());
    let primary = line.marks.iter().find(|mark| mark.primary).map_or(first, |mark| mark.span.start());
    let between = text.get(Span::new(first, primary).range()).unwrap_or("");
    let fits = within(between.chars(), HALF) == between.len();
    let first = if fits { first } else { primary };
    let before = text.get(..first.get()).unwrap_or("");
    let back = |room| {
        let characters = before.chars().rev().take_while(|character| *character != '\n');
        first - within(characters, room)
    };
    let forth = |from: Offset, room| {
        let rest = text.get(from.get()..).unwrap_or("");
        let characters = rest.chars().take_while(|character| !matches!(character, '\n' | '\r'));
        from + within(characters, room)
    };
    let ends_at = |at: Offset| matches!(text.as_bytes().get(at.get()), None | Some(b'\n' | b'\r'));
    let starts_at = |at: Offset| matches!(text.as_bytes().get(..at.get()), None | Some([] | [.., b'\n']));
    let (mut start, mut end) = (back(WHOLE), forth(first, WHOLE));
    let columns: usize = text.get(Span::new(start, end).range()).unwrap_or("").chars().map(width).sum();
    if columns > WIDTH || !starts_at(start) || !ends_at(end) {
        start = back(THIRD);
        end = forth(start, WHOLE);
    }
    let (line_start, line_end) = (starts_at(start), ends_at(end));
    let span = Span::new(start, end);
    let part = text.get(span.range()).unwrap_or("");
    let lead = if line_start { "" } else { "..." };
    let tail = if line_end { "" } else { "..." };
    Excerpt { text: format!("{lead}{}{tail}", visible(part)), span, source: part.to_owned(), lead }
}

/// How much of a line is shown.
#[derive(Clone, Copy)]
struct Room {
    columns: usize,
    /// Some characters have no width; a line of nothing else ends here.
    characters: usize,
}

const WHOLE: Room = Room { columns: WIDTH, characters: WIDTH * 4 };
const HALF: Room = Room { columns: WIDTH / 2, characters: WIDTH / 2 * 4 };
const THIRD: Room = Room { columns: WIDTH / 3, characters: WIDTH / 3 * 4 };

/// Bytes of the characters that fit.
fn within(characters: impl Iterator<Item = char>, room: Room) -> usize {
    let mut left = room.columns;
    let fitting = characters.take(room.characters).take_while(|character| {
        let after = left.checked_sub(width(*character));
        left = after.unwrap_or(left);
        after.is_some()
    });
    fitting.map(char::len_utf8).sum()
}

/// The rows under a line: carets with the message of the last mark beside
/// them, then the other messages each on a row of its own.
fn mark_rows(shown: &Excerpt, marks: &[Mark]) -> Vec<(String, bool)> {
    let mut carets: Vec<char> = Vec::new();
    let primary = marks.iter().find(|mark| mark.primary).map(|mark| mark.span);
    // A label within the primary mark is drawn over it, or it would not be seen.
    let inner = |mark: &Mark| {
        !mark.primary
            && primary.is_some_and(|primary| primary != mark.span && primary.to(mark.span) == primary)
    };
    for mark in marks.iter().filter(|mark| !inner(mark)).chain(marks.iter().filter(|mark| inner(mark))) {
        let from = shown.column(mark.span.start());
        // A span without bytes has a mark of one column.
        let Some(next) = from.checked_add(1) else { continue };
        let to = shown.column(mark.span.end()).max(next);
        carets.resize(carets.len().max(to), ' ');
        for cell in carets.iter_mut().take(to).skip(from) {
            match mark.primary {
                true => *cell = '^',
                false if inner(mark) || *cell != '^' => *cell = '-',
                false => {}
            }
        }
    }
    let carets: String = carets.into_iter().collect();
    let mut pending: Vec<&Mark> = marks.iter().filter(|mark| !mark.message.is_empty()).collect();
    let primary_row = marks.iter().any(|mark| mark.primary);
    // The message of the mark that reaches furthest right stands beside the carets.
    let beside =
        pending.last().is_some_and(|last| marks.iter().all(|mark| mark.span.end() <= last.span.end()));
    let first = match pending.last() {
        Some(last) if beside => format!("{carets} {}", last.message),
        _ => carets,
    };
    if beside {
        pending.pop();
    }
    let mut rows = vec![(first.trim_end().to_owned(), primary_row)];
    for mark in pending.iter().rev() {
        rows.push((format!("{}{}", " ".repeat(shown.column(mark.span.start())), mark.message), mark.primary));
    }
    rows
}
/// A pointer as people read it: of a very long one its beginning and its end.
fn shortened(pointer: &str) -> Cow<'_, str> {
    const MOST: usize = 300;
    let half = MOST.div_ceil(2);
    let start = pointer.char_indices().nth(half).map_or(pointer.len(), |(at, _)| at);
    let end = pointer.char_indices().nth_back(half).map_or(0, |(at, _)| at);
    match (pointer.get(..start), pointer.get(end..)) {
        (Some(first), Some(last)) if start < end => Cow::Owned(format!("{first}...{last}")),
        _ => Cow::Borrowed(pointer),
    }
}
