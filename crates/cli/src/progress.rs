//! `progress`: what customers have achieved of their targets after a batch of
//! transactions; the state that goes from batch to batch; and its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use loyalty_targets::{
    Ledger, NotCountedGroup, NotCountedSummary, Progress, Reason, UnifiedProgress, Weighed, Workspace,
};
use target_rules::Truth;
use target_rules::batch::{End, Event, Runner};
use target_rules::diagnostic::{Form, Shown, Source, visible};

use super::bar::Bar;
use super::count::Count;
use super::input::Line;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Tell};
use super::state_file::StateFile;
use super::table::{self, Column, Table};
use super::{input, json_line, ledger, targets};

/// How many kinds of what does not count are told: those of one target with one
/// reason are one.
const MOST_TOLD: usize = 2_000;

/// The files of the command.
pub(crate) struct Files {
    pub(crate) targets: String,
    pub(crate) enrolments: String,
    pub(crate) txns: String,
    pub(crate) state: Option<String>,
    /// How long to wait while another run has the state.
    pub(crate) state_wait: Duration,
}

pub(crate) fn progress(invocation: &Invocation, files: &Files) -> Outcome {
    input::one_standard_input([&files.targets, &files.enrolments, &files.txns])?;
    if files.state.as_deref() == Some("-") {
        return Err(Failure::Usage("the state is a file that can be written, not standard input".to_owned()));
    }
    // No other run reads the state from here until it is replaced, or that run's
    // transactions would be lost, or these.
    let state = files.state.as_deref().map(Path::new);
    let state = state.map(|path| StateFile::claim(path, files.state_wait, invocation.quiet)).transpose()?;
    let mut ledger = open(invocation, files)?;
    // As many threads as there are cores, or as the environment says.
    let runner = Runner::new(0).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut batch = Vec::new();
    let unreadable = weigh(invocation, &ledger, &runner, &files.txns, &mut batch)?;
    let not_counted = ledger.book_summed_on(&runner, batch, MOST_TOLD);
    let not_counted = not_counted.map_err(|error| Failure::Usage(error.to_string()))?;
    // Saved before anything is printed: who reads only the first lines must
    // not lose what was booked.
    if let Some(state) = state {
        state.replace(ledger.state().as_bytes())?;
    }
    print(invocation, &ledger)?;
    if !invocation.quiet {
        tell(&not_counted);
    }
    if unreadable { Err(Failure::Faults) } else { Ok(()) }
}

/// The ledger as it was left by the batch before.
fn open(invocation: &Invocation, files: &Files) -> Result<Ledger, Failure> {
    let targets = targets::checked(invocation, &files.targets)?;
    if !invocation.quiet {
        for target in targets.iter().filter(|target| target.enrols_nobody()) {
            let id = target.id();
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(
                screen::messages(),
                "note: bills enrol nobody in target {id}, since it does not say what is to be reached"
            );
        }
    }
    ledger::open(invocation, targets, Some(&files.enrolments), files.state.as_deref())
}

/// What a line adds, or what is wrong with it, as it is shown.
struct Answer {
    weighed: Option<Weighed>,
    diagnostics: Option<Shown>,
    /// The byte of the file that the line ends at.
    read_to: Count,
}

/// Weighs every line on all cores, and tells of those that cannot be read in
/// their order; whether there are any.
fn weigh(
    invocation: &Invocation,
    ledger: &Ledger,
    runner: &Runner,
    path: &str,
    batch: &mut Vec<Weighed>,
) -> Result<bool, Failure> {
    let bar = Bar::of(path, invocation);
    let mut unreadable = false;
    let mut reached = Count::default();
    let most = invocation.limits.transaction;
    let answer = |workspace: &mut Workspace, line: Result<Line, Failure>| {
        let line = line?;
        let read = Source::text_of(Form::Payload, &line.bytes, most).and_then(|text| {
            let read = workspace.weigh(ledger, text, &invocation.limits);
            read.map_err(|diagnostics| (Source::new(Form::Payload, text), diagnostics))
        });
        Ok(match read {
            Ok(weighed) => Answer { weighed, diagnostics: None, read_to: line.end },
            Err((source, diagnostics)) => {
                let mut shown = Shown::default();
                let line_in_file = (&source, line.number.in_memory());
                invocation.show_line(&mut shown, &diagnostics, line_in_file, input::name(path));
                Answer { weighed: None, diagnostics: Some(shown), read_to: line.end }
            }
        })
    };
    let lines = input::Lines::of_transactions(path, most, None, &invocation.shape)?;
    let end = runner.run_detached(
        lines,
        || ledger.workspace(),
        answer,
        |event| {
            match event {
                Event::Answer(Ok(Answer { weighed, diagnostics, read_to })) => {
                    reached = read_to;
                    batch.extend(weighed);
                    if let Some(shown) = diagnostics {
                        unreadable = true;
                        bar.aside(|| screen::messages().tell(&shown));
                    }
                }
                Event::Answer(Err(failure)) => return ControlFlow::Break(failure),
                Event::Progress(_) => bar.reach(reached),
                _ => {}
            }
            ControlFlow::Continue(())
        },
    );
    bar.finish();
    match end.map_err(|error| Failure::Usage(error.to_string()))? {
        // Nobody cancels.
        End::Finished | End::Cancelled => Ok(unreadable),
        End::Stopped(failure) => Err(failure),
    }
}

fn print(invocation: &Invocation, ledger: &Ledger) -> Outcome {
    let mut out = screen::results();
    let terminal = screen::results_at_a_terminal();
    let table = invocation.as_table(terminal);
    // Lines are made one by one: there may be far more of them than of enrolments.
    if table {
        let width = table::width_of_output(terminal);
        Table::whole(&COLUMNS, || ledger.progress().map(|line| row(&line)), width, &mut out)?;
        if ledger.unified_progress().next().is_some() {
            writeln!(out)?;
            let rows = || ledger.unified_progress().map(|line| unified_row(&line));
            Table::whole(&UNIFIED_COLUMNS, rows, width, &mut out)?;
        }
    } else {
        let mut written = Vec::new();
        for line in ledger.progress() {
            written.clear();
            json_line::progress(&mut written, &line)?;
            out.json_lines(&written)?;
        }
        for line in ledger.unified_progress() {
            out.json(&line)?;
        }
    }
    out.flush()?;
    Ok(())
}

const COLUMNS: [Column; 8] = [
    Column::Number("customer"),
    Column::Number("target"),
    Column::Number("period"),
    Column::Number("cycle"),
    Column::Number("defined"),
    Column::Number("achieved"),
    Column::Number("gap"),
    Column::Text("reached"),
];
const UNIFIED_COLUMNS: [Column; 6] = [
    Column::Number("customer"),
    Column::Number("group"),
    Column::Number("period"),
    Column::Number("defined"),
    Column::Number("achieved"),
    Column::Text("reached"),
];

/// What stands where there is nothing to say.
const NOTHING: &str = "-";

fn or_nothing(value: Option<impl ToString>) -> String {
    value.map_or(NOTHING.to_owned(), |value| value.to_string())
}

fn row(line: &Progress) -> Vec<String> {
    let mut reached = if line.reached { "yes" } else { "no" }.to_owned();
    if !line.unknown.is_empty() {
        reached.push_str(&format!(", {} unknown", line.unknown.len()));
    }
    vec![
        line.user_id.to_string(),
        line.target_id.to_string(),
        or_nothing(line.period_id),
        or_nothing(line.cycle),
        line.defined.to_string(),
        line.achieved.to_string(),
        line.gap.to_string(),
        reached,
    ]
}

fn unified_row(line: &UnifiedProgress) -> Vec<String> {
    let reached = match line.reached {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    };
    vec![
        line.user_id.to_string(),
        or_nothing(line.target_group_id),
        or_nothing(line.period_id),
        or_nothing(line.defined),
        or_nothing(line.achieved),
        reached.to_owned(),
    ]
}

/// Says why activities were not counted, each reason once.
fn tell(not_counted: &NotCountedSummary) {
    // The first that was not counted, and how many there are.
    let mut reasons: BTreeMap<String, &NotCountedGroup> = BTreeMap::new();
    let mut of_returns = BTreeSet::new();
    for group in &not_counted.groups {
        let one = &group.first;
        let why = one.why();
        let target = one.target_id.map(|id| format!(" for target {id}")).unwrap_or_default();
        if one.reason.as_ref().is_some_and(Reason::is_of_return) {
            // The bill of the same number may well count.
            let target = one.target_id.map(|id| format!("target {id}: ")).unwrap_or_default();
            of_returns.insert(format!("{target}{why}"));
            continue;
        }
        reasons.insert(format!("{target}: {why}"), group);
    }
    let mut err = screen::messages();
    for why in of_returns {
        let _ = writeln!(err, "note: {}", visible(&why));
    }
    for (why, NotCountedGroup { first, count, .. }) in reasons {
        let more = count.saturating_sub(1);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let of_first = if more.is_empty() { String::new() } else { format!(" of `{}`", first.number) };
        let place = first.missing_at.as_ref();
        let place = place.map(|at| format!("; looked for{of_first} at {at}")).unwrap_or_default();
        let note = format!("note: `{}`{more} not counted{why}{place}", first.number);
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(err, "{}", visible(&note));
    }
    if not_counted.left_out > 0 {
        let left_out = not_counted.left_out;
        let _ = writeln!(err, "note: and {left_out} more times something was not counted");
    }
}
