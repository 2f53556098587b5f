//! What is told of cases: to people, as JSON, and as JUnit's XML.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;
use target_rules::diagnostic::{Colour, Shown, Style, visible};

use crate::choice::Format;
use crate::count::{Count, plural};
use crate::input;
use crate::invocation::Invocation;
use crate::outcome::{Failure, Outcome};
use crate::screen::{self, Results};

use super::compare::Difference;

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Passed,
    /// Something is not as it is expected.
    Failed,
    /// What comes is written into the file as what is expected.
    Recorded,
    /// There is no answer to compare.
    Error,
}

/// What is told of one case, or of a file that cannot be run.
#[derive(Serialize)]
pub(super) struct CaseReport {
    pub(super) file: String,
    /// The place of the case, both from 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// The name of the case; none where the file cannot be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) status: Status,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) differences: Vec<Difference>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<CaseError>,
}

/// Why there is no answer.
pub(super) struct CaseError {
    /// In one sentence, for programs.
    whole: String,
    /// The same for people, who are told the rest on standard error.
    brief: Option<String>,
}

/// Where people find what is wrong.
const ELSEWHERE: &str = "what is wrong is told on standard error";

impl CaseError {
    /// An error that is told nowhere else.
    pub(super) fn new(whole: impl Into<String>) -> CaseError {
        CaseError { whole: whole.into(), brief: None }
    }

    /// One that was shown on standard error; what it begins with, and the first
    /// of what is wrong where it is known.
    pub(super) fn shown(begins: Option<&str>, first: Option<&str>) -> CaseError {
        let said = |what: &str| match begins {
            Some(begins) => format!("{begins}: {what}"),
            None => what.to_owned(),
        };
        CaseError { whole: said(first.unwrap_or(ELSEWHERE)), brief: Some(said(ELSEWHERE)) }
    }
}

impl Serialize for CaseError {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.whole)
    }
}

/// All that is told, in the order of the cases.
pub(super) struct Report<'i> {
    invocation: &'i Invocation,
    suites: Vec<TestSuite>,
    files: Count,
    refused: Count,
    passed: Count,
    recorded: Count,
    failed: Count,
}

impl Report<'_> {
    pub(super) fn new(invocation: &Invocation) -> Report<'_> {
        Report {
            invocation,
            suites: Vec::new(),
            files: Count::default(),
            refused: Count::default(),
            passed: Count::default(),
            recorded: Count::default(),
            failed: Count::default(),
        }
    }

    /// Tells of the cases of a file.
    pub(super) fn add(&mut self, path: &str, cases: &[CaseReport]) -> Outcome {
        let of_file = cases.iter().all(|case| case.name.is_some());
        if of_file {
            self.files.increase()
        } else {
            self.refused.increase()
        }
        let mut suite = TestSuite::new(visible(input::name(path)));
        let mut out = screen::results();
        for case in cases {
            match case.status {
                Status::Passed => self.passed.increase(),
                Status::Recorded => self.recorded.increase(),
                Status::Failed | Status::Error if of_file => self.failed.increase(),
                Status::Failed | Status::Error => {}
            }
            match self.invocation.format {
                Format::Json => out.json(case)?,
                Format::Junit => {
                    suite.add_test_case(case.junit());
                }
                _ => case.tell(&mut out, self.invocation.colour_of_results)?,
            }
        }
        out.flush()?;
        if self.invocation.format == Format::Junit {
            self.suites.push(suite);
        }
        Ok(())
    }

    /// Tells what all come to; fails where a case did.
    pub(super) fn finish(self) -> Outcome {
        let mut out = screen::results();
        match self.invocation.format {
            Format::Json => {}
            Format::Junit => {
                let mut report = quick_junit::Report::new("target-rules");
                report.add_test_suites(self.suites);
                // What cannot be written is told by the system.
                let xml = report.to_string().map_err(|error| Failure::Usage(error.to_string()))?;
                out.exact(&xml)?;
            }
            _ if self.invocation.quiet => {}
            _ => {
                let mut cases = self.passed;
                cases.join(self.recorded);
                cases.join(self.failed);
                let mut told = vec![format!("{} passed", self.passed)];
                if !self.recorded.is_zero() {
                    told.push(format!("{} recorded", self.recorded));
                }
                told.push(format!("{} failed", self.failed));
                if !self.refused.is_zero() {
                    told.push(format!("{} not run", plural(self.refused, "file")));
                }
                writeln!(
                    out,
                    "{} in {}: {}",
                    plural(cases, "case"),
                    plural(self.files, "file"),
                    told.join(", ")
                )?;
            }
        }
        out.flush()?;
        if self.failed.is_zero() && self.refused.is_zero() { Ok(()) } else { Err(Failure::Faults) }
    }
}

impl CaseReport {
    /// What the case is called for people.
    fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("the file cannot be run")
    }

    fn tell(&self, out: &mut Results, colour: Colour) -> Outcome {
        if matches!(self.status, Status::Passed | Status::Recorded) {
            return Ok(());
        }
        let mut word = Shown::default();
        word.paint(colour, Style::BoldRed, "FAIL");
        out.show(&word)?;
        let place = format!("{}:{}:{}", self.file, self.line, self.column);
        writeln!(out, " {}: {}", visible(&place), visible(self.title()))?;
        let error = self.error.as_ref().map(|error| error.brief.as_ref().unwrap_or(&error.whole));
        for line in error.into_iter().chain(&self.differing()) {
            writeln!(out, "  {}", visible(line))?;
        }
        Ok(())
    }

    /// What is wrong, a line each.
    fn lines(&self) -> Vec<String> {
        self.error.iter().map(|error| error.whole.clone()).chain(self.differing()).collect()
    }

    /// What differs, a line each, and why.
    fn differing(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for difference in &self.differences {
            let Difference { of, expected, came, why, .. } = difference;
            lines.push(format!("{of}: expected {}, came {}", expected.words, came.words));
            lines.extend(why.iter().map(|why| format!("  {why}")));
        }
        lines
    }

    fn junit(&self) -> TestCase {
        let kind = match self.status {
            Status::Passed | Status::Recorded => None,
            Status::Failed => Some(NonSuccessKind::Failure),
            Status::Error => Some(NonSuccessKind::Error),
        };
        let status = match kind {
            None => TestCaseStatus::success(),
            Some(kind) => {
                let lines: Vec<String> = self.lines().iter().map(|line| visible(line)).collect();
                let mut status = TestCaseStatus::non_success(kind);
                status.set_message(lines.first().cloned().unwrap_or_default());
                let place = format!("{}:{}:{}", self.file, self.line, self.column);
                status.set_description(format!("{}\n{}", visible(&place), lines.join("\n")));
                status
            }
        };
        let mut case = TestCase::new(visible(self.title()), status);
        case.set_classname(visible(&self.file));
        case
    }
}
