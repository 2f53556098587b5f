//! What every command works with: the settings of the command line, the schema
//! in force, and how diagnostics are shown.

use std::io::Write;

use target_rules::diagnostic::{Colour, Form, Source, render_line};
use target_rules::{Diagnostics, Limits, Schema, Zone, render};

use super::arguments::Format;
use super::input;
use super::outcome::{Failure, Outcome};

/// What every command works with.
pub(crate) struct Invocation {
    pub(crate) format: Format,
    /// Whether the format was asked for.
    pub(crate) format_given: bool,
    /// Whether diagnostics are coloured.
    pub(crate) colour: Colour,
    /// Whether explanations are coloured.
    pub(crate) colour_of_results: Colour,
    pub(crate) zone: Zone,
    pub(crate) deny_warnings: bool,
    pub(crate) limits: Limits,
    /// The schema in force: the standard one and what files add to it.
    pub(crate) schema: Schema,
}

impl Invocation {
    /// Adds what a schema file says to the schema in force.
    pub(crate) fn read_schema(&mut self, path: &str) -> Outcome {
        let read = input::read(path, Form::Payload, self.limits.schema)?.and_then(|source| {
            self.schema.with(source.text(), &self.limits).map_err(|faults| (source, faults))
        });
        match read {
            Ok(schema) => {
                self.schema = schema;
                Ok(())
            }
            Err((source, faults)) => {
                self.show(&faults, &[source], input::name(path));
                Err(Failure::Faults)
            }
        }
    }

    /// Shows diagnostics on standard error, and how many more there are. If
    /// nobody reads that any more, the exit status still tells.
    pub(crate) fn show(&self, diagnostics: &Diagnostics, sources: &[Source], origin: &str) {
        self.show_in(&mut std::io::stderr().lock(), diagnostics, sources, origin);
    }

    /// The same for diagnostics that wait for their turn to be shown.
    pub(crate) fn show_in(
        &self,
        err: &mut impl Write,
        diagnostics: &Diagnostics,
        sources: &[Source],
        origin: &str,
    ) {
        for diagnostic in diagnostics {
            let source = sources.iter().find(|source| source.form() == diagnostic.form);
            let empty = Source::new(diagnostic.form, "");
            let text = render(diagnostic, source.unwrap_or(&empty), origin, self.colour);
            let _ = writeln!(err, "{text}");
        }
        if diagnostics.left_out() > 0 {
            let _ = writeln!(err, "and {} more\n", diagnostics.left_out());
        }
    }

    /// The same for those of a line of a file, by its number from 1: places are
    /// those of the file.
    pub(crate) fn show_line(
        &self,
        err: &mut impl Write,
        diagnostics: &Diagnostics,
        (source, number): (&Source, usize),
        origin: &str,
    ) {
        for diagnostic in diagnostics {
            let text = render_line(diagnostic, source, number, origin, self.colour);
            let _ = writeln!(err, "{text}");
        }
        if diagnostics.left_out() > 0 {
            let _ = writeln!(err, "and {} more\n", diagnostics.left_out());
        }
    }

    /// Whether these diagnostics make the command fail.
    pub(crate) fn refuses(&self, diagnostics: &Diagnostics) -> bool {
        diagnostics.has_errors() || (self.deny_warnings && !diagnostics.is_empty())
    }
}
