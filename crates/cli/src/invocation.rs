//! What every command works with: the settings of the command line, the schema
//! in force, and how diagnostics are shown.

use target_rules::diagnostic::{Colour, FileDiagnostic, Form, Shown, Source, render_in_file, render_line};
use target_rules::{Diagnostic, Diagnostics, Limits, Schema, Zone, render};

use super::choice::Format;
use super::count::{Count, plural};
use super::input;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Tell};
use super::shape::Shape;

/// What every command works with.
#[derive(Clone)]
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
    /// Whether there are no warnings, notes and progress on standard error.
    pub(crate) quiet: bool,
    pub(crate) limits: Limits,
    /// The schema in force: the standard one and what files add to it.
    pub(crate) schema: Schema,
    /// In which shape documents of transactions come.
    pub(crate) shape: Shape,
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

    /// What is proved of rules holds in the zone that was asked for, and documents are
    /// read within the limits.
    pub(crate) fn analysis_options(&self) -> target_rules_analysis::Options {
        let (zone, limits) = (self.zone.clone(), self.limits.clone());
        target_rules_analysis::Options { zone, limits, ..target_rules_analysis::Options::default() }
    }

    /// Whether a diagnostic is shown: warnings are not where that is wanted, but
    /// for those that fail the command.
    pub(crate) fn shows(&self, diagnostic: &Diagnostic) -> bool {
        self.fails(diagnostic) || !self.quiet
    }

    /// Whether a diagnostic makes the command fail.
    pub(crate) fn fails(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.is_error() || self.deny_warnings
    }

    /// Shows what was found in a rule that a command works with: what refuses it
    /// whole, and how many warnings it has, which `check` shows.
    pub(crate) fn show_in_passing(&self, diagnostics: &Diagnostics, sources: &[Source], origin: &str) {
        if self.refuses(diagnostics) {
            let shown = |diagnostic: &Diagnostic| self.fails(diagnostic);
            self.show_some(&mut screen::messages(), diagnostics, shown, sources, origin);
        } else {
            self.count_warnings(Count::of_all(diagnostics), "the rule", "check RULE");
        }
    }

    /// Says on one line how many warnings of rules there are, and where they are
    /// shown. A program that reads JSON asks `check` for them.
    pub(crate) fn count_warnings(&self, warnings: Count, of: &str, shown_by: &str) {
        if warnings.is_zero() || self.quiet || self.format == Format::Json {
            return;
        }
        let them = if warnings == Count::from(1) { "it" } else { "them" };
        let warnings = plural(warnings, "warning");
        let mut err = screen::messages();
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(err, "warning: {warnings} in {of}; `target-rules {shown_by}` shows {them}");
    }

    /// Shows diagnostics on standard error, and how many more there are. If
    /// nobody reads that any more, the exit status still tells.
    pub(crate) fn show(&self, diagnostics: &Diagnostics, sources: &[Source], origin: &str) {
        self.show_in(&mut screen::messages(), diagnostics, sources, origin);
    }

    /// The same for diagnostics that wait for their turn to be shown.
    pub(crate) fn show_in(
        &self,
        err: &mut impl Tell,
        diagnostics: &Diagnostics,
        sources: &[Source],
        origin: &str,
    ) {
        self.show_some(err, diagnostics, |diagnostic| self.shows(diagnostic), sources, origin);
    }

    /// Whether results are a table: where it was asked for, and by default where
    /// people read it.
    pub(crate) fn as_table(&self, at_a_terminal: bool) -> bool {
        self.format != Format::Json && (self.format_given || at_a_terminal)
    }

    fn show_some(
        &self,
        err: &mut impl Tell,
        diagnostics: &Diagnostics,
        shown: impl Fn(&Diagnostic) -> bool,
        sources: &[Source],
        origin: &str,
    ) {
        for diagnostic in diagnostics.iter().filter(|diagnostic| shown(diagnostic)) {
            let source = sources.iter().find(|source| source.form() == diagnostic.form);
            let empty = Source::new(diagnostic.form, "");
            let text = render(diagnostic, source.unwrap_or(&empty), origin, self.colour);
            err.tell(&text);
            err.tell(&Shown::lines("\n"));
        }
        self.show_left_out(err, diagnostics);
    }

    /// The same for those of a line of a file, by its number from 1: places are
    /// those of the file.
    pub(crate) fn show_line(
        &self,
        err: &mut impl Tell,
        diagnostics: &Diagnostics,
        (source, number): (&Source, usize),
        origin: &str,
    ) {
        for diagnostic in diagnostics.iter().filter(|diagnostic| self.shows(diagnostic)) {
            let text = render_line(diagnostic, source, number, origin, self.colour);
            err.tell(&text);
            err.tell(&Shown::lines("\n"));
        }
        self.show_left_out(err, diagnostics);
    }

    /// Shows diagnostics at their places in the file.
    pub(crate) fn show_in_file<'d>(
        &self,
        err: &mut impl Tell,
        found: impl Iterator<Item = &'d FileDiagnostic>,
        text: &str,
        path: &str,
    ) {
        for diagnostic in found {
            err.tell(&render_in_file(diagnostic, text, input::name(path), self.colour));
            err.tell(&Shown::lines("\n"));
        }
    }

    /// Says how many more diagnostics there are than are shown.
    pub(crate) fn show_left_out(&self, err: &mut impl Tell, diagnostics: &Diagnostics) {
        if diagnostics.left_out() > 0 && (diagnostics.has_errors() || !self.quiet) {
            err.tell(&Shown::lines(&format!("and {} more\n\n", diagnostics.left_out())));
        }
    }

    /// Whether these diagnostics make the command fail.
    pub(crate) fn refuses(&self, diagnostics: &Diagnostics) -> bool {
        diagnostics.has_errors() || (self.deny_warnings && !diagnostics.is_empty())
    }
}
