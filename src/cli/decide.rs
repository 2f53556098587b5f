//! `decide`: which targets each transaction counts for.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};
use target_rules::{CheckedTarget, Fault, Form, Layout, Payload, Schema, Source, Truth};

use super::{Failure, Outcome, Session, input, targets};

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

/// What the summary counts.
#[derive(Default)]
struct Summary {
    transactions: usize,
    unreadable: usize,
    eligible: usize,
    unknown: usize,
}

pub(crate) fn decide(session: &Session, targets: &str, txn: Option<String>, txns: Option<String>) -> Outcome {
    if targets == "-" && (txn.as_deref() == Some("-") || txns.as_deref() == Some("-")) {
        return Err(Failure::Usage("only one FILE can be standard input".to_owned()));
    }
    let targets = load(session, targets)?;
    let layout = CheckedTarget::layout(&targets);
    let run = Run { session, targets, layout };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut summary = Summary::default();
    if let Some(path) = txn {
        let document = input::read(&path)?;
        run.line(1, &document, &path, &mut summary, &mut out)?;
    } else if let Some(path) = txns {
        run.lines(&path, &mut summary, &mut out)?;
    }
    out.flush()?;
    if summary.unreadable > 0 { Err(Failure::Faults) } else { Ok(()) }
}

/// Reads the payload and checks every target; all that do not check are named.
fn load(session: &Session, path: &str) -> Result<Vec<CheckedTarget>, Failure> {
    let text: Arc<str> = input::read(path)?.into();
    let payload = match Payload::read(Arc::clone(&text), &session.limits) {
        Ok(payload) => payload,
        Err(diagnostics) => {
            session.show(&diagnostics, &[Source::new(Form::Payload, text)], path)?;
            return Err(Failure::Faults);
        }
    };
    let schema = Schema::standard();
    let mut checked = Vec::new();
    let mut refused = false;
    for target in payload.targets() {
        let report = target.check(&schema, &session.limits);
        targets::show(session, &report.diagnostics, payload.text(), path)?;
        refused |= targets::refuses(session, &report);
        checked.extend(report.target);
    }
    if refused { Err(Failure::Faults) } else { Ok(checked) }
}

struct Run<'s> {
    session: &'s Session,
    targets: Vec<CheckedTarget>,
    layout: Layout,
}

impl Run<'_> {
    fn lines(&self, path: &str, summary: &mut Summary, out: &mut impl Write) -> Outcome {
        let terminal = std::io::stderr().is_terminal();
        let progress =
            if terminal { indicatif::ProgressBar::new_spinner() } else { indicatif::ProgressBar::hidden() };
        let mut reader = input::open(path)?;
        let mut bytes = Vec::new();
        for number in 1_usize.. {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes).map_err(|error| input::failed(path, &error))? == 0 {
                break;
            }
            match std::str::from_utf8(&bytes) {
                Ok(document) if document.trim().is_empty() => {}
                Ok(document) => {
                    self.line(number, document.trim_end_matches(['\r', '\n']), path, summary, out)?
                }
                Err(_) => {
                    summary.transactions = summary.transactions.saturating_add(1);
                    summary.unreadable = summary.unreadable.saturating_add(1);
                    let error = json!({"code": "json-syntax", "message": "this line is not UTF-8 text"});
                    writeln!(out, "{}", json!({"line": number, "error": error}))?;
                }
            }
            progress.inc(1);
        }
        progress.finish_and_clear();
        if terminal {
            out.flush()?;
            let Summary { transactions, unreadable, eligible, unknown } = summary;
            let mut err = std::io::stderr().lock();
            writeln!(
                err,
                "{transactions} transactions, {} targets: {eligible} times eligible, {unknown} times unknown, {unreadable} unreadable",
                self.targets.len()
            )?;
        }
        Ok(())
    }

    fn line(
        &self,
        number: usize,
        document: &str,
        path: &str,
        summary: &mut Summary,
        out: &mut impl Write,
    ) -> Outcome {
        summary.transactions = summary.transactions.saturating_add(1);
        let transaction = match self.layout.read(document, &self.session.limits) {
            Ok(transaction) => transaction,
            Err(diagnostics) => {
                summary.unreadable = summary.unreadable.saturating_add(1);
                let source = Source::new(Form::Payload, document);
                self.session.show(&diagnostics, &[source], &format!("{path}, line {number}"))?;
                let first = diagnostics.iter().next();
                let message = first.map(|fault| match &fault.pointer {
                    Some(pointer) if !pointer.is_empty() => format!("{pointer}: {}", fault.message),
                    _ => fault.message.clone(),
                });
                let error = json!({"code": first.map(|fault| fault.code), "message": message});
                writeln!(out, "{}", json!({"line": number, "error": error}))?;
                return Ok(());
            }
        };
        let mut line = Line {
            line: number,
            transaction: transaction.number(),
            eligible: Vec::new(),
            items: Map::new(),
            unknown: Vec::new(),
        };
        for target in &self.targets {
            let eligibility = target.decide(&transaction, &self.session.zone);
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
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(())
    }
}
