//! The command line: arguments in, results on standard output, diagnostics on
//! standard error, and an exit status.

mod arguments;
mod decide;
mod input;
mod rules;
mod targets;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use target_rules::{Colour, Diagnostics, Limits, Source, Zone, render};

use arguments::{Arguments, Command, Format};

/// Why a command did not end well.
pub(crate) enum Failure {
    /// The input has faults, which were shown.
    Faults,
    /// Wrong usage, or a file that cannot be read.
    Usage(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Usage(error.to_string())
    }
}

pub(crate) type Outcome = Result<(), Failure>;

/// What every command works with.
pub(crate) struct Session {
    pub(crate) format: Format,
    pub(crate) colour: Colour,
    pub(crate) zone: Zone,
    pub(crate) deny_warnings: bool,
    pub(crate) limits: Limits,
}

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Faults) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments) -> Outcome {
    let session = Session {
        format: arguments.format,
        colour: arguments.color.on(),
        zone: Zone::named(&arguments.timezone).map_err(|error| Failure::Usage(error.to_string()))?,
        deny_warnings: arguments.deny_warnings,
        limits: Limits::default(),
    };
    match arguments.command {
        Command::Check { targets: Some(path), .. } => targets::check(&session, &path),
        Command::Check { rule, ndjson, targets: None } => rules::check(&session, rule, ndjson),
        Command::Fmt { rule } => rules::fmt(&session, &rule),
        Command::Convert { to, style, rule } => rules::convert(&session, to, style, &rule),
        Command::Eval { rule, txn } => rules::eval(&session, &rule, &txn),
        Command::Decide { targets, txn, txns } => decide::decide(&session, &targets, txn, txns),
        Command::Schema { profile } => rules::schema(&session, profile.as_deref()),
    }
}

impl Session {
    /// Shows diagnostics on standard error.
    pub(crate) fn show(&self, diagnostics: &Diagnostics, sources: &[Source], origin: &str) -> Outcome {
        let mut err = std::io::stderr().lock();
        for diagnostic in diagnostics {
            let source = sources.iter().find(|source| source.form() == diagnostic.form);
            let empty = Source::new(diagnostic.form, "");
            let text = render(diagnostic, source.unwrap_or(&empty), origin, self.colour);
            writeln!(err, "{text}")?;
        }
        Ok(())
    }

    /// Whether these diagnostics make the command fail.
    pub(crate) fn refuses(&self, diagnostics: &Diagnostics) -> bool {
        diagnostics.has_errors() || (self.deny_warnings && !diagnostics.is_empty())
    }
}
