//! `decide`: which targets each transaction counts for.

use std::io::{IsTerminal, Write};

use loyalty_targets::{CheckedTarget, TargetSet};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use target_rules::{Code, Diagnostics, Evaluation, Fault, Form, Scratch, Source, Transaction, Truth};

use super::input::{Batch, BatchLine, Lines};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome, write_json};
use super::{input, targets};

/// One line of the answer.
#[derive(Serialize)]
struct Line<'t> {
    line: usize,
    transaction: Option<&'t str>,
    eligible: Vec<i64>,
    items: Map<String, Value>,
    unknown: Vec<Unknown>,
}

#[derive(Serialize)]
struct Unknown {
    id: i64,
    absent: Vec<String>,
    faults: Vec<Fault>,
}

/// The answer in place of a transaction that cannot be read.
#[derive(Serialize)]
struct UnreadableLine {
    line: usize,
    error: Unreadable,
}

#[derive(Serialize)]
struct Unreadable {
    code: Option<Code>,
    message: Option<String>,
}

/// What the summary counts.
#[derive(Default)]
struct Summary {
    transactions: usize,
    unreadable: usize,
    eligible: usize,
    unknown: usize,
}

impl Summary {
    fn add(&mut self, other: &Summary) {
        let Summary { transactions, unreadable, eligible, unknown } = self;
        *transactions = transactions.saturating_add(other.transactions);
        *unreadable = unreadable.saturating_add(other.unreadable);
        *eligible = eligible.saturating_add(other.eligible);
        *unknown = unknown.saturating_add(other.unknown);
    }
}

pub(crate) fn decide(
    invocation: &Invocation,
    targets: &str,
    txn: Option<String>,
    txns: Option<String>,
) -> Outcome {
    if targets == "-" && (txn.as_deref() == Some("-") || txns.as_deref() == Some("-")) {
        return Err(Failure::Usage("only one FILE can be standard input".to_owned()));
    }
    let targets = load(invocation, targets)?;
    let targets = TargetSet::new(targets).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut summary = Summary::default();
    if let Some(path) = txn {
        let document = Batch::whole(&path, invocation.limits.transaction)?;
        Run::new(Decider { invocation, targets, path: &path }, 1)?.answer(&document, &mut summary)?;
    } else if let Some(path) = txns {
        // As many threads as there are cores, or as the environment says.
        Run::new(Decider { invocation, targets, path: &path }, 0)?.lines(&mut summary)?;
    }
    if summary.unreadable > 0 { Err(Failure::Faults) } else { Ok(()) }
}

/// Reads the payload and checks every target; all that do not check are named.
pub(crate) fn load(invocation: &Invocation, path: &str) -> Result<Vec<CheckedTarget>, Failure> {
    let payload = match targets::payload(invocation, path)? {
        Ok(payload) => payload,
        Err((source, diagnostics)) => {
            invocation.show(&diagnostics, &[source], input::name(path));
            return Err(Failure::Faults);
        }
    };
    let mut checked = Vec::new();
    let mut refused = false;
    for target in payload.targets() {
        let report = target.check(&invocation.schema, &invocation.limits);
        targets::show(invocation, &report.diagnostics, payload.text(), path);
        refused |= targets::refuses(invocation, &report);
        checked.extend(report.target);
    }
    if refused { Err(Failure::Faults) } else { Ok(checked) }
}

/// How many decisions, of one target for one transaction, are made before
/// their answers are put out: where nothing is known of any transaction, each
/// target adds its reasons to every line of the answer.
const MOST_DECISIONS: usize = 1 << 18;

/// How many lines are answered before the answers are put out.
const MOST_LINES: usize = 1024;

/// Shares of a batch for each thread: more than one, so that the others take
/// over from a thread whose lines take longer.
const SHARES: usize = 4;

/// The threads that decide, and what they decide with.
struct Run<'s> {
    decider: Decider<'s>,
    threads: rayon::ThreadPool,
    /// A batch is cut into as many shares as these are.
    shares: Vec<Share>,
}

/// A part of a batch: the space to decide its lines in, and their answers. It
/// is used for one batch after the other.
struct Share {
    transaction: Transaction,
    scratch: Scratch,
    answers: Answers,
}

/// What lines are answered with, in their order.
#[derive(Default)]
struct Answers {
    /// For standard output.
    results: Vec<u8>,
    /// For standard error.
    diagnostics: Vec<u8>,
    summary: Summary,
}

impl<'s> Run<'s> {
    /// Starts so many threads; 0 are as many as there are cores.
    fn new(decider: Decider<'s>, threads: usize) -> Result<Run<'s>, Failure> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let threads = threads
            .map_err(|error| Failure::Usage(format!("no threads can be started to decide with: {error}")))?;
        let share = || Share {
            transaction: decider.targets.layout().blank(),
            scratch: Scratch::default(),
            answers: Answers::default(),
        };
        let shares = threads.current_num_threads().saturating_mul(SHARES);
        let shares = std::iter::repeat_with(share).take(shares).collect();
        Ok(Run { decider, threads, shares })
    }

    /// Answers every line of the file.
    fn lines(&mut self, summary: &mut Summary) -> Outcome {
        let terminal = std::io::stderr().is_terminal();
        let progress =
            if terminal { indicatif::ProgressBar::new_spinner() } else { indicatif::ProgressBar::hidden() };
        let targets = self.decider.targets.targets().len();
        let most = MOST_DECISIONS.checked_div(targets).unwrap_or(MOST_LINES);
        let most = most.min(MOST_LINES).max(self.shares.len());
        let mut lines = Lines::open(self.decider.path, self.decider.invocation.limits.transaction)?;
        let mut batch = Batch::default();
        while lines.next_batch(most, &mut batch)? {
            self.answer(&batch, summary)?;
            progress.inc(u64::try_from(batch.lines().len()).unwrap_or(u64::MAX));
        }
        progress.finish_and_clear();
        if terminal {
            let Summary { transactions, unreadable, eligible, unknown } = summary;
            let mut err = std::io::stderr().lock();
            let _ = writeln!(
                err,
                "{transactions} transactions, {targets} targets: {eligible} times eligible, {unknown} times unknown, {unreadable} unreadable",
            );
        }
        Ok(())
    }

    /// Decides the lines of a batch on all threads and puts out the answers in
    /// the order of the lines.
    fn answer(&mut self, batch: &Batch, summary: &mut Summary) -> Outcome {
        let Run { decider, threads, shares } = self;
        let lines = batch.lines().len().div_ceil(shares.len().max(1)).max(1);
        let parts = batch.lines().par_chunks(lines).zip(shares.par_iter_mut());
        let outcomes: Vec<Outcome> =
            threads.install(|| parts.map(|(lines, share)| share.answer(decider, batch, lines)).collect());
        let mut out = std::io::stdout().lock();
        for (share, outcome) in shares.iter_mut().zip(outcomes) {
            share.answers.put(&mut out, summary)?;
            outcome?;
        }
        // Whoever writes line after line waits for this.
        out.flush()?;
        Ok(())
    }
}

impl Share {
    fn answer(&mut self, decider: &Decider, batch: &Batch, lines: &[BatchLine]) -> Outcome {
        lines.iter().try_for_each(|line| decider.answer(line.number, batch.bytes(line), self))
    }
}

impl Answers {
    /// Puts the answers out, and holds none afterwards.
    fn put(&mut self, out: &mut impl Write, summary: &mut Summary) -> Outcome {
        // Nobody reads standard error any more: the exit status still tells.
        let _ = std::io::stderr().write_all(&self.diagnostics);
        self.diagnostics.clear();
        let written = out.write_all(&self.results);
        self.results.clear();
        summary.add(&std::mem::take(&mut self.summary));
        Ok(written?)
    }
}

/// What every thread decides with.
struct Decider<'s> {
    invocation: &'s Invocation,
    targets: TargetSet,
    path: &'s str,
}

impl Decider<'_> {
    /// Adds the answer to one line, which depends on nothing but the line.
    fn answer(&self, number: usize, line: &[u8], share: &mut Share) -> Outcome {
        let Share { transaction, scratch, answers } = share;
        answers.summary.transactions = answers.summary.transactions.saturating_add(1);
        let limits = &self.invocation.limits;
        let read = Source::text_of(Form::Payload, line, limits.transaction).and_then(|text| {
            let read = self.targets.layout().read_into(text, limits, transaction);
            read.map_err(|diagnostics| (Source::new(Form::Payload, text), diagnostics))
        });
        if let Err((source, diagnostics)) = read {
            return self.unreadable(number, source, &diagnostics, answers);
        }
        let mut line = Line {
            line: number,
            transaction: transaction.number(),
            eligible: Vec::new(),
            items: Map::new(),
            unknown: Vec::new(),
        };
        let mut evaluation = Evaluation::new(transaction, &self.invocation.zone, scratch);
        let decided = self.targets.decide(&mut evaluation);
        for (target, eligibility) in decided.map_err(|error| Failure::Usage(error.to_string()))? {
            match eligibility.result {
                Truth::True => {
                    line.eligible.push(target.id());
                    if target.rule().unrolls() {
                        line.items.insert(target.id().to_string(), json!(eligibility.items));
                    }
                }
                Truth::Unknown => line.unknown.push(Unknown {
                    id: target.id(),
                    absent: eligibility.absent,
                    faults: eligibility.faults,
                }),
                Truth::False => {}
            }
        }
        answers.summary.eligible = answers.summary.eligible.saturating_add(line.eligible.len());
        answers.summary.unknown = answers.summary.unknown.saturating_add(line.unknown.len());
        write_json(&mut answers.results, &line)
    }

    fn unreadable(
        &self,
        number: usize,
        source: Source,
        diagnostics: &Diagnostics,
        answers: &mut Answers,
    ) -> Outcome {
        answers.summary.unreadable = answers.summary.unreadable.saturating_add(1);
        let origin = format!("{}, line {number}", input::name(self.path));
        self.invocation.show_in(&mut answers.diagnostics, diagnostics, &[source], &origin);
        let first = diagnostics.iter().next();
        let message = first.map(|fault| match &fault.pointer {
            Some(pointer) if !pointer.is_empty() => format!("{pointer}: {}", fault.message),
            _ => fault.message.clone(),
        });
        let error = Unreadable { code: first.map(|fault| fault.code), message };
        write_json(&mut answers.results, &UnreadableLine { line: number, error })
    }
}
