//! The command line: arguments in, results on standard output, diagnostics on
//! standard error, and an exit status.

mod arguments;
mod decide;
mod explain;
mod input;
mod manual;
mod progress;
mod rules;
mod targets;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;
use target_rules::{Colour, Diagnostics, Form, Limits, Schema, Source, Zone, render};

use arguments::{Arguments, Command, Format};

/// Why a command did not end well.
pub(crate) enum Failure {
    /// The input has faults, which were shown.
    Faults,
    /// Wrong usage, or a file that cannot be read.
    Usage(String),
    /// Nobody reads the results any more, as after `| head -1`.
    Closed,
}

impl From<std::io::Error> for Failure {
    /// A fault of writing: reading has its own messages.
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::Usage(format!("the results cannot be written: {error}")),
        }
    }
}

pub(crate) type Outcome = Result<(), Failure>;

/// What every command works with.
pub(crate) struct Invocation {
    pub(crate) format: Format,
    /// Whether the format was asked for.
    pub(crate) format_given: bool,
    /// Of diagnostics.
    pub(crate) colour: Colour,
    pub(crate) colour_of_results: Colour,
    pub(crate) zone: Zone,
    pub(crate) deny_warnings: bool,
    pub(crate) limits: Limits,
    /// The schema in force: the standard one and what files add to it.
    pub(crate) schema: Schema,
}

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(Failure::Faults) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments) -> Outcome {
    let checks = matches!(arguments.command, Command::Check { explain: None, .. });
    let format = arguments.format.unwrap_or(Format::Human);
    if format == Format::Sarif && !checks {
        return Err(Failure::Usage(
            "`--format sarif` goes with `check` and a rule or a file only".to_owned(),
        ));
    }
    if format == Format::Html && !matches!(arguments.command, Command::Explain { .. }) {
        return Err(Failure::Usage("`--format html` goes with `explain` only".to_owned()));
    }
    let mut limits = Limits::default();
    for setting in &arguments.limits {
        setting.apply(&mut limits).map_err(Failure::Usage)?;
    }
    let mut invocation = Invocation {
        format,
        format_given: arguments.format.is_some(),
        colour: arguments.color.on(&std::io::stderr()),
        colour_of_results: arguments.color.on(&std::io::stdout()),
        zone: Zone::named(&arguments.timezone).map_err(|error| Failure::Usage(error.to_string()))?,
        deny_warnings: arguments.deny_warnings,
        limits,
        schema: Schema::standard(),
    };
    let dashes = arguments.schemas.iter().filter(|path| *path == "-").count();
    if dashes > 1 || (dashes == 1 && arguments.command.reads_standard_input()) {
        return Err(Failure::Usage("only one FILE can be standard input".to_owned()));
    }
    for path in &arguments.schemas {
        invocation.read_schema(path)?;
    }
    match arguments.command {
        Command::Check { explain: Some(code), .. } => rules::explain(code),
        Command::Check { targets: Some(path), .. } => targets::check(&invocation, &path),
        Command::Check { rule, ndjson, .. } => rules::check(&invocation, rule, ndjson),
        Command::Fmt { rule } => rules::fmt(&invocation, &rule),
        Command::Convert { to, style, rule } => rules::convert(&invocation, to, style, &rule),
        Command::Eval { rule, txn } => rules::eval(&invocation, &rule, &txn),
        Command::Explain { rule, txn } => explain::explain(&invocation, &rule, &txn),
        Command::Decide { targets, txn, txns } => decide::decide(&invocation, &targets, txn, txns),
        Command::Progress { targets, enrolments, txns, state } => {
            let files = progress::Files { targets, enrolments, txns, state };
            progress::progress(&invocation, &files)
        }
        Command::Schema { file_format: true, .. } => rules::schema_file_format(),
        Command::Schema { profile, .. } => rules::schema(&invocation, profile.as_deref()),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::page(command.as_deref()),
    }
}

/// Writes a value as one line of JSON, its keys in the order of its fields.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> Outcome {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

impl Invocation {
    /// Adds what a schema file says to the schema in force.
    fn read_schema(&mut self, path: &str) -> Outcome {
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

    /// Whether these diagnostics make the command fail.
    pub(crate) fn refuses(&self, diagnostics: &Diagnostics) -> bool {
        diagnostics.has_errors() || (self.deny_warnings && !diagnostics.is_empty())
    }
}
