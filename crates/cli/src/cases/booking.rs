//! The documents of a case booked, and what customers have achieved then.

use std::collections::{BTreeMap, BTreeSet};

use loyalty_targets::{Activity, Ledger, NotCounted, Progress, Standing};
use target_rules::Truth;
use target_rules::value::Total;

use crate::count::Count;
use crate::input::Lines;
use crate::invocation::Invocation;
use crate::outcome::Failure;

use super::answer::{json_list, json_string, same, sentence};
use super::compare::{Difference, Shown};
use super::documents::{CaseDocuments, Text};
use super::model::{At, Case, Documents, ExpectedProgress};
use super::places::CaseText;
use super::report::CaseError;

/// What came of booking the documents of a case.
pub(super) struct Booked {
    ledger: Ledger,
    /// Whose documents there were.
    customers: BTreeSet<i64>,
    not_counted: Vec<NotCounted>,
    /// What each document is for the targets that are asked about.
    standings: BTreeMap<(i64, i64), Standings>,
}

/// The numbers of a customer's documents that count for a target, of those that
/// don't, and of those of which it is unknown, with why.
#[derive(Default)]
struct Standings {
    counting: Vec<String>,
    refused: ByReason,
    unknown: ByReason,
    more: Count,
}

impl Standings {
    fn add(&mut self, number: String, standing: Standing) {
        let kept = match (standing.result, &standing.reason) {
            (_, Some(why)) => self.refused.keep(number, why.to_string()),
            (Truth::Unknown, None) => self.unknown.keep(number, lacks(&standing)),
            (Truth::True, None) if self.counting.len() < MOST_NAMED => {
                self.counting.push(number);
                true
            }
            _ => false,
        };
        if !kept {
            self.more.increase();
        }
    }

    /// Whether it is told of a document that it is unknown.
    fn tells_unknown(&self, number: &str) -> bool {
        self.unknown.0.iter().any(|(_, numbers)| numbers.iter().any(|told| told == number))
    }
}

/// Reasons, each with numbers of documents; both few.
#[derive(Default)]
struct ByReason(Vec<(String, Vec<String>)>);

impl ByReason {
    /// Keeps a number where there is room.
    fn keep(&mut self, number: String, why: String) -> bool {
        let count = self.0.len();
        match self.0.iter_mut().find(|(known, _)| *known == why) {
            Some((_, numbers)) if numbers.len() < MOST_NAMED => numbers.push(number),
            None if count < MOST_NAMED => self.0.push((why, vec![number])),
            _ => return false,
        }
        true
    }
}

/// Why it is unknown whether a document counts.
fn lacks(standing: &Standing) -> String {
    match (standing.absent.as_slice(), standing.faults.as_slice()) {
        ([only], _) => format!("`{only}` is absent"),
        ([_, ..], _) => format!("`{}` are absent", standing.absent.join("`, `")),
        ([], [fault, ..]) => format!("a part of the rule has no result ({})", fault.code),
        ([], []) => "what it adds is too large to be counted".to_owned(),
    }
}

fn quoted(number: &str) -> String {
    format!("`{number}`")
}

/// What is told of a file that is one document.
const ONE_DOCUMENT: Option<&str> = Some("one document alone goes under `document`");

/// How many documents are named as a reason, of each kind.
const MOST_NAMED: usize = 3;

/// What a document that cannot be booked ends a case with.
pub(super) enum Unbooked {
    /// What is wrong was shown; the first of it.
    Document(CaseError),
    Failure(Failure),
}

impl From<Failure> for Unbooked {
    fn from(failure: Failure) -> Unbooked {
        Unbooked::Failure(failure)
    }
}

impl Booked {
    /// Books the documents of a case as one batch, beginning with nothing.
    pub(super) fn of(
        invocation: &Invocation,
        file: &CaseText<'_>,
        found: &CaseDocuments,
        ledger: &Ledger,
        case: &Case,
    ) -> Result<Booked, Unbooked> {
        let lines = case.progress.as_ref().map(|progress| progress.value.as_slice()).unwrap_or_default();
        let asked = lines.iter().map(|line| ((line.user, line.target.value), Standings::default()));
        let mut booked = Booked {
            ledger: ledger.clone(),
            customers: BTreeSet::new(),
            not_counted: Vec::new(),
            standings: asked.collect(),
        };
        let mut batch = Vec::new();
        let mut book = |text: Result<Text<'_>, (Text<'_>, target_rules::Diagnostics)>| {
            let read = text.and_then(|text| match ledger.read(&*text.text, &invocation.limits) {
                Ok(activity) => Ok(activity),
                Err(faults) => Err((text, faults)),
            });
            match read {
                Ok(activity) => {
                    booked.customers.insert(activity.customer());
                    booked.stand(ledger, &activity);
                    batch.extend(ledger.weigh(&activity));
                    Ok(())
                }
                Err((text, faults)) => Err(Unbooked::Document(text.refuse(invocation, file, &faults))),
            }
        };
        match &case.documents {
            Documents::One(one) => book(found.text(invocation, file, one))?,
            Documents::Several(several) => {
                for one in several {
                    book(found.text(invocation, file, one))?;
                }
            }
            Documents::AllOf(path) => {
                let opened = file.beside(&path.value);
                let most = invocation.limits.transaction;
                let lines = Lines::of_transactions(&opened, most, ONE_DOCUMENT, &invocation.shape);
                for line in lines.map_err(file.named_here(path.at))? {
                    let line = line?;
                    book(Text::of_line(invocation, &opened, &line))?;
                }
            }
        }
        booked.not_counted = booked.ledger.book(batch);
        Ok(booked)
    }

    /// Keeps what a document is for the targets that are asked about.
    fn stand(&mut self, ledger: &Ledger, activity: &Activity) {
        let customer = activity.customer();
        let (first, last) = ((customer, i64::MIN), (customer, i64::MAX));
        for ((_, target), kept) in self.standings.range_mut(first..=last) {
            if let Some(standing) = ledger.standing(*target, activity) {
                kept.add(quoted(activity.number()), standing);
            }
        }
    }

    /// What is not as it is expected.
    pub(super) fn differences(&self, expected: &At<Vec<ExpectedProgress>>) -> Vec<Difference> {
        let mut found = Vec::new();
        for line in &expected.value {
            let lines = self.ledger.progress_of(line.user).filter(|came| is_of(came, line));
            let lines: Vec<Progress> = lines.collect();
            match lines.as_slice() {
                [came] => self.line(line, came, &mut found),
                others => found.push(self.no_line(line, others, expected)),
            }
        }
        found
    }

    /// What a line says, key by key.
    fn line(&self, expected: &ExpectedProgress, came: &Progress, found: &mut Vec<Difference>) {
        // It is the same for all that a line says.
        let mut why = self.why(expected);
        let mut differs = |key: &str, at, expected_json: String, came_json: String| {
            found.push(Difference {
                of: format!("`{key}` of customer {} in target {}", expected.user, expected.target.value),
                expected: Shown::json(expected_json),
                came: Shown::json(came_json.clone()),
                why: why.take(),
                edit: (at, came_json),
            });
        };
        let amounts = [
            ("defined", &expected.defined, Total::from(came.defined)),
            ("achieved", &expected.achieved, came.achieved),
            ("gap", &expected.gap, came.gap),
        ];
        for (key, wanted, came) in amounts {
            if let Some(wanted) = wanted.as_ref().filter(|wanted| wanted.value != came) {
                differs(key, wanted.at.span, wanted.value.to_string(), came.to_string());
            }
        }
        if let Some(wanted) = expected.reached.as_ref().filter(|wanted| wanted.value != came.reached) {
            differs("reached", wanted.at.span, wanted.value.to_string(), came.reached.to_string());
        }
        if let Some(wanted) = expected.unknown.as_ref().filter(|wanted| !same(&wanted.value, &came.unknown)) {
            let list = |names: &[String]| json_list(names.iter().map(|name| json_string(name)));
            differs("unknown", wanted.at.span, list(&wanted.value), list(&came.unknown));
        }
    }

    /// That there is no such line, or several.
    fn no_line(
        &self,
        expected: &ExpectedProgress,
        others: &[Progress],
        all: &At<Vec<ExpectedProgress>>,
    ) -> Difference {
        let came = match others {
            [] => "none".to_owned(),
            several => format!("{}; `periodId` or `cycle` chooses one", several.len()),
        };
        Difference {
            of: format!("progress of customer {} in target {}", expected.user, expected.target.value),
            expected: Shown::new("one line", "1"),
            came: Shown::new(came, others.len().to_string()),
            why: self.why(expected),
            edit: (all.at.span, self.written()),
        }
    }

    /// Which documents count for the target, and why others don't.
    fn why(&self, expected: &ExpectedProgress) -> Option<String> {
        let key = (expected.user, expected.target.value);
        let mut parts = Vec::new();
        let standings = self.standings.get(&key)?;
        let booked = self.not_counted.iter().filter(|one| {
            let told = one.reason.is_none() && standings.tells_unknown(&quoted(&one.number));
            let of_target = one.target_id.is_none_or(|id| id == expected.target.value);
            one.user_id == expected.user && of_target && !told
        });
        let booked: Vec<String> = booked
            .take(MOST_NAMED)
            .map(|one| format!("`{}` is not booked: {}", one.number, one.why()))
            .collect();
        let verb = |numbers: &[String], one: &'static str, many| if numbers.len() == 1 { one } else { many };
        if !standings.counting.is_empty() {
            let verb = verb(&standings.counting, "counts", "count");
            parts.push(format!("{} {verb}", standings.counting.join(", ")));
        }
        parts.extend(standings.unknown.0.iter().map(|(why, numbers)| {
            let verb = verb(numbers, "counts", "count");
            format!("it is unknown whether {} {verb}: {why}", numbers.join(", "))
        }));
        parts.extend(standings.refused.0.iter().map(|(why, numbers)| {
            let verb = verb(numbers, "does not count", "do not count");
            format!("{} {verb}: {why}", numbers.join(", "))
        }));
        parts.extend(booked);
        if !standings.more.is_zero() {
            parts.push(format!("and {} more documents", standings.more));
        }
        if parts.is_empty() {
            parts.push("no document of the case is of this customer and of a target of the file".to_owned());
        }
        sentence(&parts)
    }

    /// The progress of all whose documents were booked, as the file writes it.
    pub(super) fn written(&self) -> String {
        let lines = self.customers.iter().flat_map(|customer| self.ledger.progress_of(*customer));
        json_list(lines.map(|line| written_line(&line)))
    }
}

fn is_of(came: &Progress, line: &ExpectedProgress) -> bool {
    came.target_id == line.target.value
        && line.period.is_none_or(|period| came.period_id == Some(period))
        && line.cycle.is_none_or(|cycle| came.cycle == Some(cycle))
}

fn written_line(line: &Progress) -> String {
    let mut members = vec![("userId", line.user_id.to_string()), ("targetId", line.target_id.to_string())];
    members.extend(line.period_id.map(|period| ("periodId", period.to_string())));
    members.extend(line.cycle.map(|cycle| ("cycle", cycle.to_string())));
    members.push(("achieved", line.achieved.to_string()));
    members.push(("gap", line.gap.to_string()));
    members.push(("reached", line.reached.to_string()));
    if !line.unknown.is_empty() {
        members.push(("unknown", json_list(line.unknown.iter().map(|number| json_string(number)))));
    }
    super::answer::json_object(members.into_iter().map(|(key, value)| (key.to_owned(), value)))
}
