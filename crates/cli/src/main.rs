//! The command `target-rules`: arguments in, results on standard output, diagnostics on
//! standard error, and an exit status.

#![deny(clippy::arithmetic_side_effects)]
// What is printed goes through `screen`.
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod arguments;
mod backtest;
mod bar;
mod cases;
mod check_lines;
mod check_txns;
mod choice;
mod count;
mod decide;
mod decide_table;
mod describe;
mod diff;
mod explain;
mod explain_target;
mod fix;
mod form;
mod input;
mod invocation;
mod json_line;
mod ledger;
mod lint;
mod manual;
mod mapping;
mod nearest;
mod notes;
mod outcome;
mod over;
mod overlap;
mod progress;
mod recorded;
mod references;
mod replace;
mod residual;
mod rules;
mod sample;
mod screen;
mod setting;
mod shape;
mod sql;
mod state_file;
mod synthesise;
mod table;
mod targets;
mod usage;

use std::process::ExitCode;

use clap::Parser;
use target_rules::{Limits, Schema, Zone};
use target_rules_sample::SampleOptions;

use arguments::{Arguments, Command};
use backtest::{Compared, Held};
use choice::{ColorChoice, Format};
use decide::Documents;
use fix::Repaired;
use invocation::Invocation;
use outcome::{Failure, Outcome};
use shape::Shape;
use usage::Typed;

fn main() -> ExitCode {
    match arguments().and_then(|arguments| arguments.map_or(Ok(()), dispatch)) {
        Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(Failure::Faults) => ExitCode::from(1),
        Err(Failure::OtherForm(message)) => {
            let _ = writeln!(screen::messages(), "{message}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(screen::messages(), "error: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Parser(message)) => {
            let _ = write!(screen::messages(), "{message}");
            ExitCode::from(2)
        }
    }
}

/// The arguments; what is no usage, in clap's words or in better ones. None where
/// help or the version was asked for, which is written then.
fn arguments() -> Result<Option<Arguments>, Failure> {
    let typed = Typed::here();
    if let Some(message) = typed.unknown_option() {
        return Err(Failure::Usage(message));
    }
    let error = match Arguments::try_parse() {
        Ok(arguments) => return Ok(Some(arguments)),
        Err(error) => error,
    };
    if let Some(message) = typed.explained(&error) {
        return Err(Failure::Usage(message));
    }
    if error.use_stderr() {
        return Err(Failure::Parser(error.to_string()));
    }
    let mut out = screen::results();
    out.help(&error.render(), ColorChoice::Auto.on(screen::results_at_a_terminal()))?;
    out.flush()?;
    Ok(None)
}

/// The format of results and diagnostics, where the command has it.
fn format(arguments: &Arguments) -> Result<Format, Failure> {
    let checks = matches!(arguments.command, Command::Check { explain: None, .. });
    let format = arguments.format.unwrap_or(Format::Human);
    if format == Format::Sarif && !checks {
        return Err(Failure::Usage(
            "`--format sarif` goes with `check` and a rule or a file only".to_owned(),
        ));
    }
    let draws = matches!(
        arguments.command,
        Command::Explain { .. } | Command::Backtest { .. } | Command::Compare { .. }
    );
    if format == Format::Html && !draws {
        return Err(Failure::Usage(
            "`--format html` goes with `explain`, `backtest` and `compare` only".to_owned(),
        ));
    }
    if format == Format::Junit && !matches!(arguments.command, Command::Test { .. }) {
        return Err(Failure::Usage("`--format junit` goes with `test` only".to_owned()));
    }
    Ok(format)
}

/// What every command works with, the schema files read.
fn invocation(arguments: &Arguments) -> Result<Invocation, Failure> {
    let format = format(arguments)?;
    let mut limits = Limits::default();
    for setting in &arguments.limits {
        setting.apply(&mut limits).map_err(Failure::Usage)?;
    }
    let mut invocation = Invocation {
        format,
        format_given: arguments.format.is_some(),
        colour: arguments.color.on(screen::messages_at_a_terminal()),
        colour_of_results: arguments.color.on(screen::results_at_a_terminal()),
        zone: Zone::named(&arguments.timezone).map_err(|error| Failure::Usage(error.to_string()))?,
        deny_warnings: arguments.deny_warnings,
        quiet: arguments.quiet,
        limits,
        schema: Schema::standard(),
        shape: Shape::default(),
    };
    let of_command = arguments.command.reads_standard_input().then_some("-");
    input::one_standard_input(
        arguments.schemas.iter().chain(&arguments.mapping).map(String::as_str).chain(of_command),
    )?;
    for path in &arguments.schemas {
        invocation.read_schema(path)?;
    }
    if let Some(name) = &arguments.mapping {
        let mapping = mapping::named(&invocation, name)?;
        invocation.shape = Shape::of(mapping, invocation.limits.clone(), invocation.colour);
    }
    Ok(invocation)
}

fn dispatch(arguments: Arguments) -> Outcome {
    let invocation = invocation(&arguments)?;
    match arguments.command {
        Command::Check { explain: Some(code), .. } => rules::explain(code),
        Command::Check { fix: true, rule, ndjson, targets, diff, in_place, .. } => {
            let repaired = Repaired::of(rule, ndjson, targets);
            fix::fix(&invocation, &repaired, fix::FixOutput { diff, in_place })
        }
        Command::Check { txns: Some(path), targets, .. } => {
            check_txns::check(&invocation, &path, targets.as_deref())
        }
        Command::Check { targets: Some(path), .. } => targets::check(&invocation, &path),
        Command::Check { rule, ndjson, .. } => rules::check(&invocation, rule, ndjson),
        Command::Fmt { rule } => rules::fmt(&invocation, &rule),
        Command::Convert { to, style, rule } => rules::convert(&invocation, to, style, &rule),
        Command::Eval { rule, txn } => rules::eval(&invocation, &rule, &txn),
        Command::Explain { rule: Some(rule), txn, number, .. } => {
            explain::explain(&invocation, &rule, &txn, number.as_deref())
        }
        Command::Explain { targets, id, txn, number, enrolments, state, .. } => {
            let files = explain_target::Files {
                targets: targets.unwrap_or_default(),
                txn,
                number,
                enrolments,
                state,
            };
            explain_target::explain(&invocation, &files, id.unwrap_or_default())
        }
        Command::Decide { targets, txn, txns, unknown } => {
            let documents = match (txn, txns) {
                (Some(path), _) => Documents::One(path),
                (None, txns) => Documents::Lines(txns.unwrap_or_default()),
            };
            decide::decide(&invocation, &targets, &documents, unknown.into())
        }
        Command::Progress { targets, enrolments, txns, state, state_wait } => {
            let state_wait = std::time::Duration::from_secs(state_wait);
            let files = progress::Files { targets, enrolments, txns, state, state_wait };
            progress::progress(&invocation, &files)
        }
        Command::Diff { old, new, targets, txns, three_valued } => {
            let compared = diff::Compared::of(old, new, targets);
            diff::diff(&invocation, &compared, &txns, three_valued)
        }
        Command::Lint { of, fix: true, diff, in_place } => {
            lint::fix(&invocation, &of, fix::FixOutput { diff, in_place })
        }
        Command::Lint { of, .. } => lint::lint(&invocation, &of),
        Command::Backtest { rule, ndjson, targets, over } => {
            backtest::backtest(&invocation, &Held::of(rule, ndjson, targets), &over)
        }
        Command::Compare { old, new, targets, over } => {
            backtest::compare(&invocation, &Compared::of(old, new, targets), &over)
        }
        Command::Overlap { targets, txns } => overlap::overlap(&invocation, &targets, &txns),
        Command::Describe { of } => describe::describe(&invocation, &of),
        Command::References { of } => references::references(&invocation, &of),
        Command::Nearest { rule: Some(rule), txn, .. } => nearest::of_rule(&invocation, &rule, &txn),
        Command::Nearest { targets, id, txn, .. } => {
            nearest::of_target(&invocation, &targets.unwrap_or_default(), id.unwrap_or_default(), &txn)
        }
        Command::Residual { rule, txn } => residual::residual(&invocation, &rule, &txn),
        Command::Sql { asked } => sql::sql(&invocation, &asked),
        Command::Synthesise { counting, others, nodes } => {
            synthesise::synthesise(&invocation, &counting, &others, usize::from(nodes))
        }
        Command::Mapping { command } => mapping::run(&invocation, &command),
        Command::Test { files, record } => cases::test(&invocation, &files, record),
        Command::Sample { count, seed, customers, days, absent } => {
            let asked = SampleOptions { seed, customers, days, absent, ..SampleOptions::of(count) };
            sample::sample(&asked)
        }
        Command::Schema { file_format: true, .. } => rules::schema_file_format(),
        Command::Schema { profile, .. } => rules::schema(&invocation, profile.as_deref()),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::page(command.as_deref()),
        Command::Help { topic } => manual::help(topic.as_deref()),
    }
}
