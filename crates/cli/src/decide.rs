//! `decide`: which targets each transaction counts for, on all cores.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicUsize, Ordering};

use loyalty_targets::{TargetDecision, TargetSet, UnknownDetail};
use serde::Serialize;
use serde_json::{Map, Value, json};
use target_rules::batch::{End, Event, Runner, Workspace};
use target_rules::diagnostic::{Code, Form, Shown, Source};
use target_rules::{Diagnostics, Truth};

use super::bar::Bar;
use super::count::{Count, plural};
use super::decide_table::{DecideTable, Decided, Undecided};
use super::form::FileForm;
use super::input::{Line, Lines, READ_AT_ONCE};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome, write_json};
use super::screen::{self, Tell};
use super::{input, json_line, table, targets};

/// The answer to one line, as it is written; reasons of what is unknown come last.
#[derive(Serialize)]
struct AnswerLine<'t> {
    line: Count,
    transaction: Option<&'t str>,
    eligible: Vec<i64>,
    items: Map<String, Value>,
    /// Left out where nothing of it is wanted, and where reasons are: those are
    /// written after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Unknown>,
}

/// As much of what is unknown as is wanted.
#[derive(Serialize)]
#[serde(untagged)]
enum Unknown {
    Ids(Vec<i64>),
    Count(usize),
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

/// The documents that are decided.
pub(crate) enum Documents {
    One(String),
    Lines(String),
}

impl Documents {
    fn path(&self) -> &str {
        let (Documents::One(path) | Documents::Lines(path)) = self;
        path
    }
}

pub(crate) fn decide(
    invocation: &Invocation,
    targets: &str,
    documents: &Documents,
    unknown: UnknownDetail,
) -> Outcome {
    let path = documents.path();
    input::one_standard_input([targets, path])?;
    let targets = targets::checked(invocation, targets)?;
    let targets = TargetSet::new(targets).map_err(|error| Failure::Usage(error.to_string()))?;
    let at_a_terminal = screen::results_at_a_terminal();
    let table = invocation.as_table(at_a_terminal).then(|| {
        let width = table::width_of_output(at_a_terminal);
        DecideTable::new(&targets, width, at_a_terminal, unknown)
    });
    let as_table = table.is_some();
    // A row of many names has no room for reasons, so that none are asked for.
    let unknown = match (documents, unknown) {
        (Documents::Lines(_), UnknownDetail::Reasons) if as_table => UnknownDetail::Ids,
        (_, detail) => detail,
    };
    let lines = matches!(documents, Documents::Lines(_));
    let ids = targets.targets().map(|target| (target.id(), target.rule().unrolls())).collect();
    let decider =
        Decider { invocation, targets, ids, unknown, path, lines, as_table, waiting: AtomicUsize::new(0) };
    let summary = if lines {
        decider.decide_lines(Output::new(Bar::of(path, invocation), table))?
    } else {
        decider.decide_one(table.as_ref())?
    };
    if summary.unreadable.is_zero() { Ok(()) } else { Err(Failure::Faults) }
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

/// How many bytes of answers wait for their turn, at most: one that comes when so
/// many wait is found at its turn, on the thread that puts them out. Each thread
/// may hold one more.
const MOST_WAITING: usize = 16 << 20;

/// From how many bytes on what was answered is put out before the others are
/// there.
const PUT_AT: usize = 1 << 20;

/// How many lines that cannot be read are shown beside a table.
const MOST_UNREADABLE: u64 = 10;

/// What stands below a table: a target may well be over, or somebody else's.
const LOOKED_AT: &str =
    "Looked at: active, filters, rule. Not looked at: periods, enrolments (`progress` and `explain` do).";

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

    /// What people are told at the end. How often it was unknown is told where it
    /// was counted.
    fn told(&self, targets: usize, detail: UnknownDetail) -> String {
        let Summary { transactions, unreadable, eligible, unknown } = self;
        let unknown = match detail {
            UnknownDetail::None => String::new(),
            UnknownDetail::Reasons | UnknownDetail::Ids | UnknownDetail::Count => {
                format!("{} unknown, ", plural(unknown, "time"))
            }
        };
        format!(
            "{}, {}: {} eligible, {unknown}{unreadable} unreadable",
            plural(transactions, "transaction"),
            plural(targets, "target"),
            plural(eligible, "time")
        )
    }
}

/// What one line is answered with.
#[derive(Default)]
struct Answer {
    /// A line of JSON, where these are wanted.
    json: Vec<u8>,
    /// The same for a table.
    decided: Option<Decided>,
    /// For standard error.
    diagnostics: Shown,
    summary: Summary,
    /// The byte of the file that the line ends at.
    read_to: Count,
}

/// What a thread gives for a line.
enum Turn {
    Answered(Answer),
    /// The line, which is answered at its turn.
    Waits(Line),
}

impl Answer {
    /// The bytes that it holds, for the most part.
    fn bytes(&self) -> usize {
        let decided = self.decided.as_ref().map_or(0, Decided::bytes);
        [self.json.capacity(), self.diagnostics.len(), decided].into_iter().sum()
    }
}

/// What a thread decides with.
struct Desk {
    workspace: Workspace,
    reasons: Reasons,
}

/// Why it is unknown whether a transaction counts, one target after the other as
/// they are written: names that stand by themselves would take several times the
/// memory.
#[derive(Default)]
struct Reasons {
    written: Vec<u8>,
    /// The position of each target, and where it stands.
    places: Vec<(usize, Range<usize>)>,
}

impl Reasons {
    fn clear(&mut self) {
        self.written.clear();
        self.places.clear();
    }

    fn push(&mut self, decision: &TargetDecision<'_>, id: i64) -> Outcome {
        let start = self.written.len();
        json_line::unknown_target(&mut self.written, id, decision.absent.iter(), decision.faults)?;
        self.places.push((decision.position, start..self.written.len()));
        Ok(())
    }

    /// Makes them the last entry of a line of JSON.
    fn end_line(&mut self, line: &mut Vec<u8>) {
        // The sign that ends a line, and the bracket that ends its object.
        line.truncate(line.len().saturating_sub(2));
        let unknown = b",\"unknown\":[";
        let commas = self.places.len();
        line.reserve_exact([unknown.len(), self.written.len(), commas, 3].into_iter().sum());
        line.extend_from_slice(unknown);
        // What a filter leaves open comes before the others.
        self.places.sort_by_key(|(position, _)| *position);
        for (at, (_, range)) in self.places.iter().enumerate() {
            if at > 0 {
                line.push(b',');
            }
            line.extend_from_slice(self.written.get(range.clone()).unwrap_or_default());
        }
        line.extend_from_slice(b"]}\n");
    }
}

/// What is put out, in the order of the lines.
struct Output {
    bar: Bar,
    table: Option<DecideTable>,
    /// For standard output: lines of JSON, or of a table.
    json: Vec<u8>,
    decided: Vec<Decided>,
    /// For standard error.
    diagnostics: Shown,
    summary: Summary,
    read_to: Count,
}

impl Output {
    fn new(bar: Bar, table: Option<DecideTable>) -> Output {
        Output {
            bar,
            table,
            json: Vec::new(),
            decided: Vec::new(),
            diagnostics: Shown::default(),
            summary: Summary::default(),
            read_to: Count::default(),
        }
    }

    /// Adds the answer to the line that follows. Much of it is put out at once.
    fn take(&mut self, next: Answer) -> Outcome {
        self.json.extend_from_slice(&next.json);
        self.decided.extend(next.decided);
        if self.table.is_none() || u64::from(self.summary.unreadable) < MOST_UNREADABLE {
            self.diagnostics.push(&next.diagnostics);
        }
        self.summary.join(&next.summary);
        self.read_to = next.read_to;
        let held = self.json.len().max(self.diagnostics.len());
        if held >= PUT_AT { self.put() } else { Ok(()) }
    }

    /// Writes what there is, and holds only the summary afterwards.
    fn put(&mut self) -> Outcome {
        self.bar.reach(self.read_to);
        let rows = self.table.as_mut().map(|table| Shown::lines(&table.rows(&self.decided)));
        let rows = rows.unwrap_or_default();
        self.decided.clear();
        if self.json.is_empty() && rows.is_empty() && self.diagnostics.is_empty() {
            return Ok(());
        }
        let Output { bar, json, diagnostics, .. } = self;
        bar.aside(|| -> Outcome {
            screen::messages().tell(diagnostics);
            let mut out = screen::results();
            out.json_lines(json)?;
            out.show(&rows)?;
            // Whoever writes line after line waits for this.
            out.flush()?;
            Ok(())
        })?;
        json.clear();
        *diagnostics = Shown::default();
        Ok(())
    }

    /// Says at the end what all lines come to.
    fn finish(self, decider: &Decider<'_>) -> Result<Summary, Failure> {
        self.bar.finish();
        let told = self.summary.told(decider.targets.len(), decider.unknown);
        let mut err = screen::messages();
        match &self.table {
            Some(table) => {
                let mut out = screen::results();
                write!(out, "{}\n{told}\n{LOOKED_AT}\n", table.totals())?;
                out.flush()?;
                let more = u64::from(self.summary.unreadable).saturating_sub(MOST_UNREADABLE);
                if more > 0 {
                    let _ = writeln!(err, "and {} cannot be read", plural(more, "more line"));
                }
            }
            None if screen::messages_at_a_terminal() && !decider.invocation.quiet => {
                let _ = writeln!(err, "{told}");
            }
            None => {}
        }
        Ok(self.summary)
    }
}

/// What every thread decides with.
struct Decider<'s> {
    invocation: &'s Invocation,
    targets: TargetSet,
    /// The id of each target, by position, and whether its rule unrolls.
    ids: Vec<(i64, bool)>,
    /// How much is told of what is unknown.
    unknown: UnknownDetail,
    path: &'s str,
    /// Whether the file has a document a line.
    lines: bool,
    /// Whether answers go into a table, and are no lines of JSON.
    as_table: bool,
    /// The bytes of the answers that wait for their turn.
    waiting: AtomicUsize,
}

impl Decider<'_> {
    fn desk(&self) -> Desk {
        Desk { workspace: Workspace::new(self.targets.layout()), reasons: Reasons::default() }
    }

    /// Answers the one document of the file.
    fn decide_one(&self, table: Option<&DecideTable>) -> Result<Summary, Failure> {
        let wanted = FileForm::One(Some("give all of them with `--txns`"));
        let line = Line::of_transaction(
            self.path,
            self.invocation.limits.transaction,
            wanted,
            &self.invocation.shape,
        )?;
        let answer = self.answer(&mut self.desk(), &line)?;
        screen::messages().tell(&answer.diagnostics);
        let mut out = screen::results();
        match (table, &answer.decided) {
            (Some(table), Some(decided)) if !decided.unreadable => write!(out, "{}", table.one(decided))?,
            _ => out.json_lines(&answer.json)?,
        }
        out.flush()?;
        Ok(answer.summary)
    }

    /// Answers every line of the file, and tells of all of them at the end.
    fn decide_lines(&self, mut output: Output) -> Result<Summary, Failure> {
        // As many threads as there are cores, or as the environment says.
        let runner = Runner::new(0).map_err(|error| Failure::Usage(error.to_string()))?;
        let most = MOST_DECISIONS.checked_div(self.targets.len()).unwrap_or(MOST_LINES).min(MOST_LINES);
        let least = runner.threads().checked_mul(LINES_OF_A_THREAD).unwrap_or(MOST_LINES);
        // Half of what is held is read while the other half is decided.
        let runner = runner.max_documents(most.max(least)).max_bytes(READ_AT_ONCE << 1);

        let alone = Some("one document alone goes with `--txn`");
        let most = self.invocation.limits.transaction;
        let lines = Lines::of_transactions(self.path, most, alone, &self.invocation.shape)?;
        let answer = |desk: &mut Desk, line: Result<Line, Failure>| {
            let line = line?;
            if self.waiting.load(Ordering::Relaxed) >= MOST_WAITING {
                return Ok(Turn::Waits(line));
            }
            let answer = self.answer(desk, &line)?;
            self.waiting.fetch_add(answer.bytes(), Ordering::Relaxed);
            Ok(Turn::Answered(answer))
        };
        // For the lines that are answered at their turn.
        let mut desk = None;
        // Detached: where nobody reads the answers any more, the command ends,
        // though whoever writes the lines may be silent for long.
        let end = runner.run_detached(
            lines,
            || self.desk(),
            answer,
            |event| {
                let outcome = match event {
                    Event::Answer(Ok(Turn::Answered(answer))) => {
                        self.waiting.fetch_sub(answer.bytes(), Ordering::Relaxed);
                        output.take(answer)
                    }
                    Event::Answer(Ok(Turn::Waits(line))) => {
                        let desk = desk.get_or_insert_with(|| self.desk());
                        self.answer(desk, &line).and_then(|answer| output.take(answer))
                    }
                    // What was answered before is put out all the same.
                    Event::Answer(Err(failure)) => output.put().and(Err(failure)),
                    Event::Progress(_) => output.put(),
                    _ => Ok(()),
                };
                outcome.map_or_else(ControlFlow::Break, ControlFlow::Continue)
            },
        );
        match end.map_err(|error| Failure::Usage(error.to_string()))? {
            // Nobody cancels.
            End::Finished | End::Cancelled => output.finish(self),
            End::Stopped(failure) => Err(failure),
        }
    }

    /// The answer to one line, which depends on nothing but the line.
    fn answer(&self, desk: &mut Desk, line: &Line) -> Result<Answer, Failure> {
        let Desk { workspace, reasons } = desk;
        reasons.clear();
        let mut written = Ok(());
        let mut answer = Answer { read_to: line.end, ..Answer::default() };
        answer.summary.transactions.increase();
        let Invocation { limits, zone, .. } = self.invocation;
        let read = Source::text_of(Form::Payload, &line.bytes, limits.transaction).and_then(|text| {
            let read = workspace.read(text, limits, zone);
            read.map_err(|diagnostics| (Source::new(Form::Payload, text), diagnostics))
        });
        let mut evaluation = match read {
            Ok(evaluation) => evaluation,
            Err((source, diagnostics)) => {
                self.refuse(line.number, &source, &diagnostics, &mut answer)?;
                return Ok(answer);
            }
        };
        let number = evaluation.transaction().number();
        let mut decided = Decided { line: line.number, ..Decided::default() };
        let as_written = self.unknown == UnknownDetail::Reasons && !self.as_table;
        let found = self.targets.decide(&mut evaluation, self.unknown, |decision| {
            let TargetDecision { position, items, .. } = decision;
            if decision.result == Truth::True {
                decided.eligible.push((position, items.to_vec()));
            } else if as_written {
                if written.is_ok() {
                    written = reasons.push(&decision, self.id(position));
                }
            } else {
                let (absent, faults) = (decision.absent.to_vec(), decision.faults.to_vec());
                decided.unknown.push(Undecided { position, absent, faults });
            }
        });
        decided.unknown_count = found.map_err(|error| Failure::Usage(error.to_string()))?;
        // What a filter leaves open comes before the others.
        decided.unknown.sort_by_key(|undecided| undecided.position);
        answer.summary.eligible.add(decided.eligible.len());
        answer.summary.unknown.add(decided.unknown_count);
        if self.as_table {
            decided.number = number.map(str::to_owned);
            answer.decided = Some(decided);
        } else {
            // INVARIANT: names, numbers and faults can be written.
            written?;
            write_json(&mut answer.json, &self.line(number, decided))?;
            if as_written {
                reasons.end_line(&mut answer.json);
            }
            answer.json.shrink_to_fit();
        }
        Ok(answer)
    }

    fn id(&self, position: usize) -> i64 {
        self.ids.get(position).map_or(0, |(id, _)| *id)
    }

    /// What was decided as a line of JSON.
    fn line<'t>(&self, transaction: Option<&'t str>, decided: Decided) -> AnswerLine<'t> {
        let unrolls = |position: usize| self.ids.get(position).is_some_and(|(_, unrolls)| *unrolls);
        let unrolled = decided.eligible.iter().filter(|(position, _)| unrolls(*position));
        let items = unrolled.map(|(position, items)| (self.id(*position).to_string(), json!(items)));
        let items: Map<String, Value> = items.collect();
        let eligible = decided.eligible.iter().map(|(position, _)| self.id(*position)).collect();
        let unknown = decided.unknown.into_iter();
        let unknown = match self.unknown {
            UnknownDetail::Ids => {
                Some(Unknown::Ids(unknown.map(|undecided| self.id(undecided.position)).collect()))
            }
            UnknownDetail::Count => Some(Unknown::Count(decided.unknown_count)),
            UnknownDetail::Reasons | UnknownDetail::None => None,
        };
        AnswerLine { line: decided.line, transaction, eligible, items, unknown }
    }

    /// Answers a line that cannot be read.
    fn refuse(
        &self,
        line: Count,
        source: &Source,
        diagnostics: &Diagnostics,
        answer: &mut Answer,
    ) -> Outcome {
        answer.summary.unreadable.increase();
        let shown = &mut answer.diagnostics;
        if self.lines {
            let line = (source, line.in_memory());
            self.invocation.show_line(shown, diagnostics, line, input::name(self.path));
        } else {
            let sources = std::slice::from_ref(source);
            self.invocation.show_in(shown, diagnostics, sources, input::name(self.path));
        }
        if self.as_table {
            answer.decided = Some(Decided { line, unreadable: true, ..Decided::default() });
            return Ok(());
        }
        let first = diagnostics.iter().next();
        let message = first.map(|fault| match &fault.pointer {
            Some(pointer) if !pointer.is_empty() => format!("{pointer}: {}", fault.message),
            _ => fault.message.clone(),
        });
        let error = Unreadable { code: first.map(|fault| fault.code), message };
        write_json(&mut answer.json, &UnreadableLine { line, error })
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
        summary.unknown.add(1);
        for detail in [UnknownDetail::Reasons, UnknownDetail::Ids, UnknownDetail::Count] {
            let told = "3 transactions, 5 targets: 4 times eligible, 1 time unknown, 1 unreadable";
            assert_eq!(summary.told(5, detail), told);
        }
        let told = "3 transactions, 5 targets: 4 times eligible, 1 unreadable";
        assert_eq!(summary.told(5, UnknownDetail::None), told);
    }
}
