//! The commands: what they are given, made into a plan and run.

use std::sync::atomic::{AtomicBool, Ordering};

use loyalty_targets::CheckedTarget;
use serde::Deserialize;
use target_rules_backtest::{
    ErrorKind, Files, Finished, MappedReading, Options, PlainReading, Plan, Reading, Subject, run,
};

use crate::bar::Bar;
use crate::choice::Format;
use crate::input::{self, Lines};
use crate::invocation::Invocation;
use crate::outcome::{Failure, Outcome};
use crate::over::{Over, Sample};
use crate::{ledger, rules, screen, targets};

use super::{compare as comparison, report};

/// What is held against the transactions.
pub(crate) enum Held {
    Rule(String),
    /// A file with a rule a line.
    Rules(String),
    Targets(String),
}

/// Two versions.
pub(crate) enum Compared {
    Rules(String, String),
    Targets(String, String),
}

impl Held {
    /// The one that was given.
    pub(crate) fn of(rule: Option<String>, rules: Option<String>, targets: Option<String>) -> Held {
        match (rule, rules) {
            (Some(rule), _) => Held::Rule(rule),
            (None, Some(path)) => Held::Rules(path),
            // INVARIANT: the parser sees to it that one of them is there.
            (None, None) => Held::Targets(targets.unwrap_or_default()),
        }
    }
}

impl Compared {
    /// The two rules or the two payloads that were given.
    pub(crate) fn of(old: Option<String>, new: Option<String>, targets: Option<Vec<String>>) -> Compared {
        // INVARIANT: the parser sees to it that two of a kind are there.
        match targets.map(<[String; 2]>::try_from) {
            Some(Ok([old, new])) => Compared::Targets(old, new),
            _ => Compared::Rules(old.unwrap_or_default(), new.unwrap_or_default()),
        }
    }
}

/// Set by Ctrl-C: the run then ends with what it has.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

pub(crate) fn backtest(invocation: &Invocation, held: &Held, over: &Over) -> Outcome {
    let (Held::Rule(path) | Held::Rules(path) | Held::Targets(path)) = held;
    one_standard_input(&[path], over)?;
    let (subjects, enrolments) = match held {
        Held::Rule(rule) => (vec![Subject::rule("rule", rules::rule_of(invocation, rule)?.0)], None),
        Held::Rules(path) => (rules_of(invocation, path)?, None),
        Held::Targets(path) => {
            let targets = targets::checked(invocation, path)?;
            let enrolments = enrolments(invocation, &targets, over)?;
            (targets.into_iter().map(Subject::from).collect(), enrolments)
        }
    };
    let plan = Plan::new(subjects, enrolments, options(invocation, over)).map_err(failure)?;
    let finished = ran(invocation, &plan, over)?;
    match invocation.format {
        Format::Json => written(&finished.report)?,
        Format::Html => page(&finished.report.to_html())?,
        _ => report::print(&finished.report)?,
    }
    ended(invocation, &finished)
}

pub(crate) fn compare(invocation: &Invocation, compared: &Compared, over: &Over) -> Outcome {
    let (Compared::Rules(old, new) | Compared::Targets(old, new)) = compared;
    one_standard_input(&[old, new], over)?;
    let (sides, enrolments) = match compared {
        Compared::Rules(old, new) => {
            let side = |rule| -> Result<Vec<Subject>, Failure> {
                Ok(vec![Subject::rule("rule", rules::rule_of(invocation, rule)?.0)])
            };
            ([side(old)?, side(new)?], [None, None])
        }
        Compared::Targets(old, new) => {
            let (old, new) = (targets::checked(invocation, old)?, targets::checked(invocation, new)?);
            let of = [enrolments(invocation, &old, over)?, enrolments(invocation, &new, over)?];
            ([old, new].map(|side| side.into_iter().map(Subject::from).collect()), of)
        }
    };
    let [old, new] = sides;
    let plan = Plan::compare(old, new, enrolments, options(invocation, over)).map_err(failure)?;
    let finished = ran(invocation, &plan, over)?;
    if let Some(told) = &finished.comparison {
        match invocation.format {
            Format::Json => written(told)?,
            Format::Html => page(&told.to_html())?,
            _ => comparison::print(told)?,
        }
    }
    ended(invocation, &finished)
}

/// The options of a run.
fn options(invocation: &Invocation, over: &Over) -> Options {
    let mut options = Options::default();
    options.zone = invocation.zone.clone();
    options.limits = invocation.limits.clone();
    options.schema = invocation.schema.clone();
    options.focus.clone_from(&over.focus);
    options.since = over.since.map(|day| day.0);
    options.until = over.until.map(|day| day.0);
    if let Some(Sample(millionths)) = over.sample {
        options.sample_millionths = millionths;
    }
    options.threads = over.threads.map(usize::from);
    let memory = usize::try_from(over.memory).ok().and_then(|memory| memory.checked_mul(1 << 20));
    options.memory = memory.unwrap_or(usize::MAX);
    options.strict = over.strict;
    options
}

fn one_standard_input(paths: &[&String], over: &Over) -> Outcome {
    input::one_standard_input(paths.iter().copied().chain(&over.txns).chain(&over.enrolments))
}

fn enrolments(
    invocation: &Invocation,
    targets: &[CheckedTarget],
    over: &Over,
) -> Result<Option<loyalty_targets::Enrolments>, Failure> {
    let Some(path) = &over.enrolments else { return Ok(None) };
    let text = input::document(path, invocation.limits.payload)?;
    ledger::enrolments_of(invocation, targets, text, path).map(Some)
}

/// A line of a file of rules.
#[derive(Deserialize)]
#[serde(expecting = "an object with `dsl`")]
struct RuleLine {
    #[serde(default)]
    id: serde_json::Value,
    dsl: String,
}

/// The rules of a file; one that doesn't check is shown, and fails the command.
fn rules_of(invocation: &Invocation, path: &str) -> Result<Vec<Subject>, Failure> {
    let mut subjects = Vec::new();
    let mut refused = false;
    // A rule may be escaped, and something may stand beside it.
    for line in Lines::open(path, invocation.limits.payload)? {
        let line = line?;
        let place = format!("{}:{}", input::name(path), line.number);
        let read: Result<RuleLine, _> = serde_json::from_slice(&line.bytes);
        let read = read.map_err(|error| {
            Failure::OtherForm(format!("error: {place}: {error}; write `{{\"id\": ..., \"dsl\": \"...\"}}`"))
        })?;
        let (source, checked) = rules::checked(invocation, &read.dsl);
        match checked {
            Ok(checked) if !invocation.refuses(checked.diagnostics()) => {
                let id = match read.id {
                    serde_json::Value::Null => line.number.to_string(),
                    serde_json::Value::String(id) => id,
                    other => other.to_string(),
                };
                subjects.extend(checked.into_rule().ok().map(|rule| Subject::rule(id, rule)));
            }
            Ok(checked) => {
                refused = true;
                invocation.show(checked.diagnostics(), &[source], &place);
            }
            Err(diagnostics) => {
                refused = true;
                invocation.show(&diagnostics, &[source], &place);
            }
        }
    }
    if refused { Err(Failure::Faults) } else { Ok(subjects) }
}

/// Runs a plan, with a bar for whom waits. Ctrl-C ends it with what it has.
fn ran(invocation: &Invocation, plan: &Plan, over: &Over) -> Result<Finished, Failure> {
    let files = Files::of(&over.txns).map_err(failure)?;
    let handler = ctrlc::set_handler(|| {
        // The second time somebody is in a hurry.
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    handler.map_err(|error| Failure::Usage(format!("Ctrl-C can't be listened for: {error}")))?;
    let bar = Bar::over_bytes(files.bytes(), invocation);
    let mapped = invocation.shape.mapping().cloned().map(MappedReading);
    let reading: &dyn Reading = mapped.as_ref().map_or(&PlainReading, |mapped| mapped);
    let finished = run(plan, &files, reading, &INTERRUPTED, &mut |progress| bar.reach_byte(progress.bytes));
    bar.finish();
    finished.map_err(failure)
}

fn failure(error: target_rules_backtest::Error) -> Failure {
    match error.kind() {
        ErrorKind::Document => Failure::OtherForm(format!("error: {error}")),
        _ => Failure::Usage(error.to_string()),
    }
}

fn written(value: &impl serde::Serialize) -> Outcome {
    let mut out = screen::results();
    out.json(value)?;
    out.flush()?;
    Ok(())
}

fn page(text: &str) -> Outcome {
    let mut out = screen::results();
    out.exact(text)?;
    Ok(out.flush()?)
}

/// Says what isn't in the report; fails where documents couldn't be read, and where the run
/// was interrupted.
fn ended(invocation: &Invocation, finished: &Finished) -> Outcome {
    let input = &finished.report.input;
    let mut err = screen::messages();
    for fault in input.faults.iter().take(MOST_SHOWN) {
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(err, "error[{}]: {}:{}: {}", fault.code, fault.file, fault.line, fault.message);
    }
    let told = u64::try_from(input.faults.len().min(MOST_SHOWN)).unwrap_or(u64::MAX);
    if input.unreadable > told {
        let _ = writeln!(err, "and {} more documents can't be read", input.unreadable.saturating_sub(told));
    }
    let interrupted = INTERRUPTED.load(Ordering::Relaxed) && !input.whole;
    if interrupted || !invocation.quiet {
        for why in &input.not_whole {
            let _ = writeln!(err, "warning: this report is not whole: {why}");
        }
    }
    if interrupted || input.unreadable > 0 { Err(Failure::Faults) } else { Ok(()) }
}

/// So many documents that can't be read are shown.
const MOST_SHOWN: usize = 10;
