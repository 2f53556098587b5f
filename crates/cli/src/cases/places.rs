//! Where something stands in a file of cases, as people and programs read it.

use std::cell::OnceCell;
use std::path::Path;

use target_rules::Diagnostics;
use target_rules::diagnostic::{
    Code, Diagnostic, FileDiagnostic, FilePlace, Form, Lines, Shown, Source, Span, render_in_file, visible,
};
use target_rules::json::{Escapes, Kind, Located};

use crate::input;
use crate::invocation::Invocation;
use crate::outcome::Failure;
use crate::screen::{self, Tell};

/// The text of a file of cases, and what it is called.
pub(super) struct CaseText<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
    lines: OnceCell<Lines>,
}

impl<'t> CaseText<'t> {
    pub(super) fn new(path: &'t str, text: &'t str) -> CaseText<'t> {
        CaseText { path, text, lines: OnceCell::new() }
    }

    /// What the file is called where people read it.
    pub(super) fn name(&self) -> &str {
        input::name(self.path)
    }

    /// The line and the column of a place, both from 1.
    pub(super) fn line_and_column(&self, at: Located) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| Lines::of(self.text));
        let place = lines.place(self.text, at.head());
        (place.line, place.column)
    }

    /// What is written at a place.
    pub(super) fn slice(&self, at: Located) -> &'t str {
        self.text.get(at.span.range()).unwrap_or_default()
    }

    /// A file that this one names: paths begin in its folder.
    pub(super) fn beside(&self, path: &str) -> String {
        let folder = if self.path == "-" { None } else { Path::new(self.path).parent() };
        let joined = folder.map_or_else(|| path.into(), |folder| folder.join(path));
        let joined = joined.to_string_lossy().into_owned();
        // A file of this name, and not standard input.
        if joined == "-" { "./-".to_owned() } else { joined }
    }

    /// That a file which this one names cannot be read, and where it names it,
    /// as it can be shown.
    pub(super) fn named_here(&self, at: Located) -> impl FnOnce(Failure) -> Failure + use<'_, 't> {
        move |failure| match failure {
            Failure::Usage(message) => {
                let (line, column) = self.line_and_column(at);
                // The path in the message came from the file.
                let message = format!("{message}; it is named in {}:{line}:{column}", self.name());
                Failure::Usage(visible(&message))
            }
            Failure::OtherForm(message) => {
                let lines: Vec<String> = message.lines().map(visible).collect();
                Failure::OtherForm(lines.join("\n"))
            }
            other => other,
        }
    }

    /// Shows what is wrong with the file itself.
    pub(super) fn refuse(&self, invocation: &Invocation, at: Span, message: String, help: &str) -> Failure {
        let source = Source::new(Form::Payload, self.text);
        let fault = Diagnostic::new(Code::PayloadShape, at, message).help(help);
        let found = Diagnostics::gather(&source, vec![fault], invocation.limits.errors);
        invocation.show(&found, &[source], self.name());
        Failure::Faults
    }

    /// Shows what was found in a part that stands in this file, at its place
    /// here: a value as it is, or the content of a string.
    pub(super) fn show(&self, invocation: &Invocation, found: &Diagnostics, part: Located, pointer: &str) {
        let lines = self.lines.get_or_init(|| Lines::of(self.text));
        let escapes = Escapes::of(self.text, part);
        let place = |span: Span| lines.place(self.text, escapes.span(span));
        let mut err = screen::messages();
        for diagnostic in found.iter().filter(|diagnostic| invocation.shows(diagnostic)) {
            let within = diagnostic.pointer.as_deref().filter(|_| part.kind != Kind::String);
            let pointer = format!("{pointer}{}", within.unwrap_or_default());
            let file = FilePlace::new(place(diagnostic.span), pointer);
            let labels = diagnostic.labels.iter().map(|label| place(label.span)).collect();
            let found = FileDiagnostic::new(diagnostic.clone(), file, labels);
            err.tell(&render_in_file(&found, self.text, self.name(), invocation.colour));
            err.tell(&Shown::lines("\n"));
        }
        if found.left_out() > 0 {
            err.tell(&Shown::lines(&format!("and {} more\n\n", found.left_out())));
        }
    }

    /// A part of this file with blanks in the place of all that stands before it,
    /// so that its lines and columns are those of the file.
    pub(super) fn alone(&self, part: Located) -> String {
        let before = self.text.get(..part.span.start().get()).unwrap_or_default();
        let mut alone = String::with_capacity(part.span.end().get());
        for character in before.chars() {
            match character {
                '\n' | '\r' => alone.push(character),
                // Columns count units of UTF-16.
                other => alone.extend(std::iter::repeat_n(' ', other.len_utf16())),
            }
        }
        alone.push_str(self.slice(part));
        alone
    }
}
