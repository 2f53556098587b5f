//! What comes of a document, and how it is said: in JSON as expectations are
//! written, and in words.

use target_rules::Truth;
use target_rules::interpret::Decision;

use super::model::Outcome;

/// What was decided of one rule or target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) result: Truth,
    pub(super) absent: Vec<String>,
    /// Codes of faults.
    pub(super) faults: Vec<String>,
    /// Positions from 0.
    pub(super) items: Vec<usize>,
}

impl Answer {
    pub(super) fn of(result: Truth) -> Answer {
        Answer { result, absent: Vec::new(), faults: Vec::new(), items: Vec::new() }
    }

    /// What is known of it, as it is recorded: nothing that is empty.
    pub(super) fn said(&self) -> StatedOutcome<'_> {
        StatedOutcome {
            result: Some(self.result),
            absent: Some(self.absent.as_slice()).filter(|absent| !absent.is_empty()),
            faults: Some(self.faults.as_slice()).filter(|faults| !faults.is_empty()),
            items: Some(self.items.as_slice()).filter(|items| !items.is_empty()),
        }
    }

    /// As much of it as is expected, and why it is unknown where that is not.
    pub(super) fn beside(&self, expected: &Outcome) -> StatedOutcome<'_> {
        let said = self.said();
        StatedOutcome {
            result: Some(self.result),
            absent: said.absent.or(expected.absent.as_ref().map(|_| self.absent.as_slice())),
            faults: said.faults.or(expected.faults.as_ref().map(|_| self.faults.as_slice())),
            items: expected.items.as_ref().map(|_| self.items.as_slice()),
        }
    }

    /// Whether it is what is expected. Names, codes and positions come in any
    /// order.
    pub(super) fn fits(&self, expected: &Outcome) -> bool {
        expected.result.is_none_or(|result| result == self.result)
            && expected.absent.as_ref().is_none_or(|absent| same(absent, &self.absent))
            && expected.faults.as_ref().is_none_or(|faults| same(faults, &self.faults))
            && expected.items.as_ref().is_none_or(|items| same(items, &self.items))
    }
}

impl From<Decision> for Answer {
    fn from(decision: Decision) -> Answer {
        Answer {
            result: decision.result,
            absent: decision.absent,
            faults: decision.faults.iter().map(|fault| fault.code.name().to_owned()).collect(),
            items: decision.items,
        }
    }
}

/// Clauses as one sentence; `None` where there is none.
pub(super) fn sentence(clauses: &[impl AsRef<str>]) -> Option<String> {
    let joined = clauses.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("; ");
    let mut letters = joined.chars();
    let first = letters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// Whether two lists hold the same, in any order and however often.
pub(super) fn same<T: Ord + Clone>(one: &[T], other: &[T]) -> bool {
    let sorted = |list: &[T]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list.dedup();
        list
    };
    sorted(one) == sorted(other)
}

/// What is said of an outcome; what is not said is left out.
pub(super) struct StatedOutcome<'a> {
    result: Option<Truth>,
    absent: Option<&'a [String]>,
    faults: Option<&'a [String]>,
    items: Option<&'a [usize]>,
}

impl<'a> From<&'a Outcome> for StatedOutcome<'a> {
    fn from(outcome: &'a Outcome) -> StatedOutcome<'a> {
        StatedOutcome {
            result: outcome.result,
            absent: outcome.absent.as_deref(),
            faults: outcome.faults.as_deref(),
            items: outcome.items.as_deref(),
        }
    }
}

impl StatedOutcome<'_> {
    /// As a file of cases writes it, on one line.
    pub(super) fn json(&self) -> String {
        let result = self.result.map(|result| match result {
            Truth::True => "true".to_owned(),
            Truth::False => "false".to_owned(),
            Truth::Unknown => "\"unknown\"".to_owned(),
        });
        let plain = self.absent.is_none() && self.faults.is_none() && self.items.is_none();
        if let (Some(result), true) = (&result, plain) {
            return result.clone();
        }
        let strings = |list: &[String]| json_list(list.iter().map(|one| json_string(one)));
        let members = [
            ("result", result),
            ("absent", self.absent.map(strings)),
            ("faults", self.faults.map(strings)),
            ("items", self.items.map(|items| json_list(items.iter().map(ToString::to_string)))),
        ];
        json_object(members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))))
    }

    /// For people.
    pub(super) fn words(&self) -> String {
        let listed = |word: &str, list: &[String]| match list {
            [] => format!("no {word}"),
            list => format!("{word} `{}`", list.join("`, `")),
        };
        let absent = |list: &[String]| match list {
            [] => "nothing absent".to_owned(),
            list => listed("absent", list),
        };
        let items = |items: &[usize]| match items {
            [] => "no items".to_owned(),
            items => format!("items {}", json_list(items.iter().map(ToString::to_string))),
        };
        let parts = [
            self.absent.map(absent),
            self.faults.map(|faults| listed("faults", faults)),
            self.items.map(items),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match self.result {
            Some(result) if parts.is_empty() => result.to_string(),
            Some(result) => format!("{result} ({})", parts.join(", ")),
            None => parts.join(", "),
        }
    }
}

pub(super) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn json_list(entries: impl Iterator<Item = String>) -> String {
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}

pub(super) fn json_object(members: impl Iterator<Item = (String, String)>) -> String {
    let members = members.map(|(key, value)| format!("{}: {value}", json_string(&key)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}
