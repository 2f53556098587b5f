//! `decide`: which targets each transaction counts for, on all cores.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use indicatif::ProgressBar;
use loyalty_targets::{TargetDecision, TargetSet, UnknownDetail};
use serde::Serialize;
use serde_json::{Map, Value, json};
use target_rules::batch::{End, Event, Runner, Workspace};
use target_rules::diagnostic::{Code, Form, Source};
use target_rules::interpret::Fault;
use target_rules::{Diagnostics, Truth};

use super::count::Count;
use super::form::Wanted;
use super::input::{Line, Lines, READ_AT_ONCE};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome, write_json};
use super::{input, targets};

/// The answer to one line, as it is written.
#[derive(Serialize)]
struct AnswerLine<'t> {
    line: Count,
    transaction: Option<&'t str>,
    eligible: Vec<i64>,
    items: Map<String, Value>,
    /// Left out where nothing of it is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Unknown>,
}

/// As much of what is unknown as is wanted.
#[derive(Serialize)]
#[serde(untagged)]
enum Unknown {
    Reasons(Vec<UnknownTarget>),
    Ids(Vec<i64>),
    Count(usize),
}

#[derive(Serialize)]
struct UnknownTarget {
    id: i64,
    absent: Vec<String>,
    faults: Vec<Fault>,
}

/// The answer in place of a transaction that cannot be read.
#[derive(Serialize)]
struct UnreadableLine {
    line: Count,
    error: Unreadable,
}

#[derive(Serialize)]
struct Unreadable {
    code: Option<Code>,
    message: Option<String>,
}

pub(crate) fn decide(
    invocation: &Invocation,
    targets: &str,
    txn: Option<String>,
    txns: Option<String>,
    unknown: UnknownDetail,
) -> Outcome {
    if targets == "-" && (txn.as_deref() == Some("-") || txns.as_deref() == Some("-")) {
        return Err(Failure::Usage("only one FILE can be standard input".to_owned()));
    }
    let targets = targets::checked(invocation, targets)?;
    let targets = TargetSet::new(targets).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut output = Output::default();
    if let Some(path) = txn {
        let line = Line::of_transaction(&path, invocation.limits.transaction, Wanted::One)?;
        let decider = Decider { invocation, targets, unknown, path: &path };
        output.take(decider.answer(&mut decider.workspace(), &line)?);
        output.put()?;
    } else if let Some(path) = txns {
        Decider { invocation, targets, unknown, path: &path }.decide_lines(&mut output)?;
    }
    if output.summary.unreadable.is_zero() { Ok(()) } else { Err(Failure::Faults) }
}

/// How many decisions, of one target for one transaction, are held before
/// their answers are put out: where nothing is known of any transaction, each
/// target adds its reasons to every line of the answer. The same where less is
/// wanted of the unknown: a target that counts adds its items then, too.
const MOST_DECISIONS: usize = 1 << 19;

/// How many lines are held at most.
const MOST_LINES: usize = 2048;

/// How many lines are held for each thread at least, however many targets there
/// are: more than one, so that the others take over from a thread whose lines
/// take longer, and the next lines are read meanwhile.
const LINES_OF_A_THREAD: usize = 4;

/// What the summary counts.
#[derive(Default)]
struct Summary {
    transactions: Count,
    unreadable: Count,
    eligible: Count,
    unknown: Count,
}

impl Summary {
    fn join(&mut self, other: &Summary) {
        let Summary { transactions, unreadable, eligible, unknown } = self;
        transactions.join(other.transactions);
        unreadable.join(other.unreadable);
        eligible.join(other.eligible);
        unknown.join(other.unknown);
    }

    /// What a terminal is told at the end. How often it was unknown is told
    /// where it was counted.
    fn told(&self, targets: usize, detail: UnknownDetail) -> String {
        let Summary { transactions, unreadable, eligible, unknown } = self;
        let unknown = match detail {
            UnknownDetail::None => String::new(),
            UnknownDetail::Reasons | UnknownDetail::Ids | UnknownDetail::Count => {
                format!("{unknown} times unknown, ")
            }
        };
        format!(
            "{transactions} transactions, {targets} targets: {eligible} times eligible, {unknown}{unreadable} unreadable"
        )
    }
}

/// What one or more lines are answered with, in their order.
#[derive(Default)]
struct Output {
    /// For standard output.
    results: Vec<u8>,
    /// For standard error.
    diagnostics: Vec<u8>,
    summary: Summary,
}

impl Output {
    /// Adds the answers to the lines that follow.
    fn take(&mut self, next: Output) {
        self.results.extend_from_slice(&next.results);
        self.diagnostics.extend_from_slice(&next.diagnostics);
        self.summary.join(&next.summary);
    }

    /// Writes what there is, and holds only the summary afterwards.
    fn put(&mut self) -> Outcome {
        // Nobody reads standard error any more: the exit status still tells.
        let _ = std::io::stderr().write_all(&self.diagnostics);
        self.diagnostics.clear();
        let mut out = std::io::stdout().lock();
        out.write_all(&self.results)?;
        self.results.clear();
        // Whoever writes line after line waits for this.
        out.flush()?;
        Ok(())
    }
}

/// What every thread decides with.
struct Decider<'s> {
    invocation: &'s Invocation,
    targets: TargetSet,
    /// How much is written of what is unknown.
    unknown: UnknownDetail,
    path: &'s str,
}

impl Decider<'_> {
    fn workspace(&self) -> Workspace {
        Workspace::new(self.targets.layout())
    }

    /// Answers every line of the file, and tells of all of them at a terminal.
    fn decide_lines(&self, output: &mut Output) -> Outcome {
        // As many threads as there are cores, or as the environment says.
        let runner = Runner::new(0).map_err(|error| Failure::Usage(error.to_string()))?;
        let targets = self.targets.len();
        let most = MOST_DECISIONS.checked_div(targets).unwrap_or(MOST_LINES).min(MOST_LINES);
        let least = runner.threads().checked_mul(LINES_OF_A_THREAD).unwrap_or(MOST_LINES);
        // Half of what is held is read while the other half is decided.
        let runner = runner.max_documents(most.max(least)).max_bytes(READ_AT_ONCE << 1);

        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let lines = Lines::of_transactions(self.path, self.invocation.limits.transaction)?;
        let answer = |workspace: &mut Workspace, line: Result<Line, Failure>| self.answer(workspace, &line?);
        // Detached: where nobody reads the answers any more, the command ends,
        // though whoever writes the lines may be silent for long.
        let end = runner.run_detached(
            lines,
            || self.workspace(),
            answer,
            |event| {
                let outcome = match event {
                    Event::Answer(Ok(answer)) => {
                        output.take(answer);
                        Ok(())
                    }
                    // What was answered before is put out all the same.
                    Event::Answer(Err(failure)) => output.put().and(Err(failure)),
                    Event::Progress(progress) => {
                        bar.set_position(progress.documents);
                        output.put()
                    }
                    _ => Ok(()),
                };
                outcome.map_or_else(ControlFlow::Break, ControlFlow::Continue)
            },
        );
        match end.map_err(|error| Failure::Usage(error.to_string()))? {
            // Nobody cancels.
            End::Finished | End::Cancelled => {}
            End::Stopped(failure) => return Err(failure),
        }
        bar.finish_and_clear();
        if terminal {
            let _ = writeln!(std::io::stderr(), "{}", output.summary.told(targets, self.unknown));
        }
        Ok(())
    }

    /// The answer to one line, which depends on nothing but the line.
    fn answer(&self, workspace: &mut Workspace, line: &Line) -> Result<Output, Failure> {
        let mut output = Output::default();
        output.summary.transactions.increase();
        let Invocation { limits, zone, .. } = self.invocation;
        let read = Source::text_of(Form::Payload, &line.bytes, limits.transaction).and_then(|text| {
            let read = workspace.read(text, limits, zone);
            read.map_err(|diagnostics| (Source::new(Form::Payload, text), diagnostics))
        });
        let mut evaluation = match read {
            Ok(evaluation) => evaluation,
            Err((source, diagnostics)) => {
                self.refuse(line.number, source, &diagnostics, &mut output)?;
                return Ok(output);
            }
        };
        let mut answer = AnswerLine {
            line: line.number,
            transaction: evaluation.transaction().number(),
            eligible: Vec::new(),
            items: Map::new(),
            unknown: None,
        };
        // Each with its place: what a filter leaves open comes before the others.
        let mut unknown: Vec<(usize, UnknownTarget)> = Vec::new();
        let decided = self.targets.decide(&mut evaluation, self.unknown, |decision| {
            let TargetDecision { target, items, .. } = decision;
            if decision.result == Truth::True {
                answer.eligible.push(target.id());
                if target.rule().unrolls() {
                    answer.items.insert(target.id().to_string(), json!(items));
                }
            } else {
                let (absent, faults) = (decision.absent.to_vec(), decision.faults.to_vec());
                unknown.push((decision.position, UnknownTarget { id: target.id(), absent, faults }));
            }
        });
        let count = decided.map_err(|error| Failure::Usage(error.to_string()))?;
        unknown.sort_by_key(|(position, _)| *position);
        let unknown = unknown.into_iter().map(|(_, target)| target);
        answer.unknown = match self.unknown {
            UnknownDetail::Reasons => Some(Unknown::Reasons(unknown.collect())),
            UnknownDetail::Ids => Some(Unknown::Ids(unknown.map(|target| target.id).collect())),
            UnknownDetail::Count => Some(Unknown::Count(count)),
            UnknownDetail::None => None,
        };
        output.summary.eligible.add(answer.eligible.len());
        output.summary.unknown.add(count);
        write_json(&mut output.results, &answer)?;
        Ok(output)
    }

    /// Answers a line that cannot be read.
    fn refuse(
        &self,
        number: Count,
        source: Source,
        diagnostics: &Diagnostics,
        output: &mut Output,
    ) -> Outcome {
        output.summary.unreadable.increase();
        let line = (&source, number.in_memory());
        self.invocation.show_line(&mut output.diagnostics, diagnostics, line, input::name(self.path));
        let first = diagnostics.iter().next();
        let message = first.map(|fault| match &fault.pointer {
            Some(pointer) if !pointer.is_empty() => format!("{pointer}: {}", fault.message),
            _ => fault.message.clone(),
        });
        let error = Unreadable { code: first.map(|fault| fault.code), message };
        write_json(&mut output.results, &UnreadableLine { line: number, error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_of_the_unknown_only_where_it_was_counted() {
        let mut summary = Summary::default();
        summary.transactions.add(3);
        summary.unreadable.add(1);
        summary.eligible.add(4);
        summary.unknown.add(2);
        for detail in [UnknownDetail::Reasons, UnknownDetail::Ids, UnknownDetail::Count] {
            let told = "3 transactions, 5 targets: 4 times eligible, 2 times unknown, 1 unreadable";
            assert_eq!(summary.told(5, detail), told);
        }
        let told = "3 transactions, 5 targets: 4 times eligible, 1 unreadable";
        assert_eq!(summary.told(5, UnknownDetail::None), told);
    }
}
