//! `decide`: which targets each transaction counts for.

use std::io::{IsTerminal, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};
use target_rules::{CheckedTarget, Code, Evaluation, Fault, Form, Scratch, TargetSet, Truth};

use super::{Failure, Invocation, Outcome, input, targets, write_json};

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
    let run = Run { invocation, targets };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut summary = Summary::default();
    if let Some(path) = txn {
        let document = input::read(&path, Form::Payload, invocation.limits.transaction)?;
        run.line(1, document, &path, &mut summary, &mut out)?;
    } else if let Some(path) = txns {
        run.lines(&path, &mut summary, &mut out)?;
    }
    out.flush()?;
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

struct Run<'s> {
    invocation: &'s Invocation,
    targets: TargetSet,
}

impl Run<'_> {
    fn lines(&self, path: &str, summary: &mut Summary, out: &mut impl Write) -> Outcome {
        let terminal = std::io::stderr().is_terminal();
        let progress =
            if terminal { indicatif::ProgressBar::new_spinner() } else { indicatif::ProgressBar::hidden() };
        let mut lines = input::Lines::open(path, self.invocation.limits.transaction)?;
        while let Some(line) = lines.next_line()? {
            self.line(line.number, line.text, path, summary, out)?;
            progress.inc(1);
        }
        progress.finish_and_clear();
        if terminal {
            out.flush()?;
            let Summary { transactions, unreadable, eligible, unknown } = summary;
            let mut err = std::io::stderr().lock();
            let _ = writeln!(
                err,
                "{transactions} transactions, {} targets: {eligible} times eligible, {unknown} times unknown, {unreadable} unreadable",
                self.targets.targets().len()
            );
        }
        Ok(())
    }

    fn line(
        &self,
        number: usize,
        document: input::Decoded,
        path: &str,
        summary: &mut Summary,
        out: &mut impl Write,
    ) -> Outcome {
        summary.transactions = summary.transactions.saturating_add(1);
        let read = document.and_then(|document| {
            let transaction = self.targets.layout().read(document.text(), &self.invocation.limits);
            transaction.map_err(|diagnostics| (document, diagnostics))
        });
        let transaction = match read {
            Ok(transaction) => transaction,
            Err((source, diagnostics)) => {
                summary.unreadable = summary.unreadable.saturating_add(1);
                let origin = format!("{}, line {number}", input::name(path));
                self.invocation.show(&diagnostics, &[source], &origin);
                let first = diagnostics.iter().next();
                let message = first.map(|fault| match &fault.pointer {
                    Some(pointer) if !pointer.is_empty() => format!("{pointer}: {}", fault.message),
                    _ => fault.message.clone(),
                });
                let error = Unreadable { code: first.map(|fault| fault.code), message };
                return write_json(out, &UnreadableLine { line: number, error });
            }
        };
        let mut line = Line {
            line: number,
            transaction: transaction.number(),
            eligible: Vec::new(),
            items: Map::new(),
            unknown: Vec::new(),
        };
        let mut scratch = Scratch::default();
        let mut evaluation = Evaluation::new(&transaction, &self.invocation.zone, &mut scratch);
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
        summary.eligible = summary.eligible.saturating_add(line.eligible.len());
        summary.unknown = summary.unknown.saturating_add(line.unknown.len());
        write_json(out, &line)
    }
}
