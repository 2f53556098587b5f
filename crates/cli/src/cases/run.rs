//! The command: each file of cases read, run, told of and, where that is
//! wanted, recorded.

use std::path::Path;

use target_rules::diagnostic::{Form, Source, visible};

use crate::count::plural;
use crate::input;
use crate::invocation::Invocation;
use crate::outcome::{Failure, Outcome};
use crate::replace::replace;
use crate::screen;

use super::booking::{Booked, Unbooked};
use super::compare::{differences, written};
use super::documents::CaseDocuments;
use super::model::{Case, CaseFile, Documents, Expected};
use super::places::CaseText;
use super::read::read;
use super::record::{Change, added, applied, kept};
use super::report::{CaseError, CaseReport, Report, Status};
use super::subject::Ready;

pub(crate) fn test(invocation: &Invocation, paths: &[String], record: bool) -> Outcome {
    let from_input = paths.iter().filter(|path| *path == "-").count();
    if from_input > 1 {
        return Err(Failure::Usage("only one FILE can be standard input".to_owned()));
    }
    if record && from_input > 0 {
        return Err(Failure::Usage("standard input cannot be written: leave `--record` out".to_owned()));
    }
    let mut report = Report::new(invocation);
    for path in paths {
        let cases = match run_file(invocation, path, record) {
            Ok(cases) => cases,
            Err(Failure::Faults) => vec![refused(path)],
            Err(Failure::OtherForm(message)) => {
                let _ = writeln!(screen::messages(), "{message}");
                vec![refused(path)]
            }
            Err(other) => return Err(other),
        };
        report.add(path, &cases)?;
    }
    report.finish()
}

/// What is told of a file that cannot be run; what is wrong with it was shown.
fn refused(path: &str) -> CaseReport {
    CaseReport {
        file: input::name(path).to_owned(),
        line: 1,
        column: 1,
        name: None,
        status: Status::Error,
        differences: Vec::new(),
        error: Some(CaseError::shown(None, None)),
    }
}

fn run_file(invocation: &Invocation, path: &str, record: bool) -> Result<Vec<CaseReport>, Failure> {
    let source = match input::read(path, Form::Payload, invocation.limits.payload)? {
        Ok(source) => source,
        Err((source, faults)) => {
            invocation.show(&faults, &[source], input::name(path));
            return Err(Failure::Faults);
        }
    };
    let (mark, text) = input::split_mark(source.text());
    let cases = match read(text, invocation.limits.errors) {
        Ok(cases) => cases,
        Err(faults) => {
            let source = Source::new(Form::Payload, text);
            invocation.show(&faults, &[source], input::name(path));
            let mut report = refused(path);
            if let Some(first) = faults.iter().next() {
                (report.line, report.column) = (first.line, first.column);
                report.error = Some(CaseError::shown(None, Some(&first.message)));
            }
            return Ok(vec![report]);
        }
    };
    let file = CaseText::new(path, text);
    let run = Run::of(invocation, &file, &cases, record)?;
    let mut reports = Vec::new();
    let mut changes = Vec::new();
    for case in &cases.cases {
        reports.push(run.case(case, &mut changes)?);
    }
    let changes = kept(changes);
    if !changes.is_empty() {
        let recorded = format!("{mark}{}", applied(text, &changes));
        replace(Path::new(path), recorded.as_bytes())
            .map_err(|error| Failure::Usage(format!("{path}: the file cannot be written: {error}")))?;
        if !invocation.quiet {
            let made = plural(changes.len(), "expectation");
            // Nobody reads standard error any more: there is nothing left to say.
            let _ = writeln!(screen::messages(), "note: {made} written in {}", visible(path));
        }
    }
    Ok(reports)
}

/// The cases of a file while they are run.
struct Run<'r> {
    /// With the zone and the schemas of the file.
    invocation: Invocation,
    file: &'r CaseText<'r>,
    ready: Ready,
    documents: CaseDocuments,
    record: bool,
}

/// A case that ends without an answer, with why.
enum Ended {
    Error(CaseError),
    Failure(Failure),
}

impl From<Unbooked> for Ended {
    fn from(unbooked: Unbooked) -> Ended {
        match unbooked {
            Unbooked::Document(why) => Ended::Error(why),
            Unbooked::Failure(failure) => Ended::Failure(failure),
        }
    }
}

impl<'r> Run<'r> {
    fn of(
        invocation: &Invocation,
        file: &'r CaseText<'r>,
        cases: &CaseFile,
        record: bool,
    ) -> Result<Run<'r>, Failure> {
        let mut invocation = invocation.clone();
        if let Some(zone) = &cases.zone {
            invocation.zone = zone.clone();
        }
        for schema in &cases.schemas {
            let path = file.beside(&schema.value);
            invocation.read_schema(&path).map_err(file.named_here(schema.at))?;
        }
        let ready = Ready::of(&invocation, file, cases)?;
        known_targets(&invocation, file, &ready, cases)?;
        let documents = CaseDocuments::read(&invocation, file, &cases.cases)?;
        Ok(Run { invocation, file, ready, documents, record })
    }

    fn case(&self, case: &Case, changes: &mut Vec<Change>) -> Result<CaseReport, Failure> {
        let (line, column) = self.file.line_and_column(case.object.at);
        let mut report = CaseReport {
            file: self.file.name().to_owned(),
            line,
            column,
            name: Some(case.name.clone()),
            status: Status::Passed,
            differences: Vec::new(),
            error: None,
        };
        let before = changes.len();
        let ended = if case.expect.is_none() && case.progress.is_none() {
            self.unexpected(case, changes)
        } else {
            self.expected(case, &mut report)
        };
        match ended {
            Ok(()) => {}
            Err(Ended::Failure(failure)) => return Err(failure),
            Err(Ended::Error(why)) => {
                report.status = Status::Error;
                report.error = Some(why);
                return Ok(report);
            }
        }
        if self.record {
            changes.extend(report.differences.drain(..).map(|difference| difference.edit));
        }
        if changes.len() > before {
            report.status = Status::Recorded;
        } else if !report.differences.is_empty() {
            report.status = Status::Failed;
        }
        Ok(report)
    }

    /// What of a case is not as expected.
    fn expected(&self, case: &Case, report: &mut CaseReport) -> Result<(), Ended> {
        if let (Some(expected), Documents::One(document)) = (&case.expect, &case.documents) {
            let text = self.documents.text(&self.invocation, self.file, document);
            let decided = text.and_then(|text| match self.ready.decide(&self.invocation, &text.text) {
                Ok(answers) => Ok((text, answers)),
                Err(faults) => Err((text, faults)),
            });
            let (text, answers) = decided
                .map_err(|(text, faults)| Ended::Error(text.refuse(&self.invocation, self.file, &faults)))?;
            let found = differences(&self.invocation, &self.ready, &text.text, expected, &answers);
            report.differences.extend(found);
        }
        if let Some(progress) = &case.progress {
            report.differences.extend(self.booked(case)?.differences(progress));
        }
        Ok(())
    }

    fn booked(&self, case: &Case) -> Result<Booked, Ended> {
        let Ready::Targets(targets) = &self.ready else {
            return Err(Ended::Error(CaseError::new("progress is that of targets")));
        };
        let ledger = targets.ledger(&self.invocation);
        let ledger = ledger.map_err(|why| Ended::Error(CaseError::new(why)))?;
        Ok(Booked::of(&self.invocation, self.file, &self.documents, ledger, case)?)
    }

    /// A case of which nothing is expected: recorded where that is wanted.
    fn unexpected(&self, case: &Case, changes: &mut Vec<Change>) -> Result<(), Ended> {
        if !self.record {
            let why = "nothing is expected of it; `--record` writes what comes into the file";
            return Err(Ended::Error(CaseError::new(why)));
        }
        let (key, value) = match &case.documents {
            Documents::One(document) => {
                let text = self.documents.text(&self.invocation, self.file, document);
                let answers = text.and_then(|text| match self.ready.decide(&self.invocation, &text.text) {
                    Ok(answers) => Ok(answers),
                    Err(faults) => Err((text, faults)),
                });
                let answers = answers.map_err(|(text, faults)| {
                    Ended::Error(text.refuse(&self.invocation, self.file, &faults))
                })?;
                ("expect", written(&self.ready, &answers))
            }
            Documents::Several(_) | Documents::AllOf(_) => ("progress", self.booked(case)?.written()),
        };
        changes.push(added(self.file.text, &case.object, key, &value));
        Ok(())
    }
}

/// Refuses a file that expects something of a target which is not there.
fn known_targets(
    invocation: &Invocation,
    file: &CaseText<'_>,
    ready: &Ready,
    cases: &CaseFile,
) -> Result<(), Failure> {
    let Ready::Targets(targets) = ready else { return Ok(()) };
    let ids = targets.ids();
    for case in &cases.cases {
        let lines = case.progress.iter().flat_map(|progress| &progress.value).map(|line| &line.target);
        let expected = match &case.expect {
            Some(Expected::Targets(expected)) => Some(expected),
            _ => None,
        };
        let lists = expected.into_iter().flat_map(|expected| [&expected.eligible, &expected.unknown]);
        let lists = lists.flatten().flat_map(|list| &list.value);
        let single = expected.into_iter().flat_map(|expected| &expected.targets).map(|(id, _)| id);
        if let Some(odd) = lines.chain(lists).chain(single).find(|id| !ids.contains(&id.value)) {
            let listed: Vec<String> = ids.iter().take(20).map(ToString::to_string).collect();
            let more = if ids.len() > listed.len() { " and others" } else { "" };
            let help = match listed.as_slice() {
                [] => "there are no targets at all".to_owned(),
                listed => format!("there are {}{more}", listed.join(", ")),
            };
            let message = format!("there is no target {}", odd.value);
            return Err(file.refuse(invocation, odd.at.span, message, &help));
        }
    }
    Ok(())
}
