//! Reads a file of cases: a text in, a [`CaseFile`] or what is wrong with it out.

use std::collections::HashMap;

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span, excerpt};
use target_rules::interpret::FaultCode;
use target_rules::json::{Kind, Located, PathSegment, Reader};
use target_rules::schema::closest;
use target_rules::{Truth, Zone};

use super::model::{
    At, Case, CaseFile, CaseObject, Choice, Document, Documents, Expected, ExpectedProgress, ExpectedTargets,
    NamedRule, Outcome, Part, Subject, WrittenRule,
};
use super::values::{Object, Values};

const FILE: &[&str] = &["note", "rule", "rules", "targets", "enrolments", "timezone", "schemas", "cases"];
const CASE: &[&str] = &["name", "note", "document", "documents", "expect", "progress"];
const EXAMPLE: &str = "a file of cases looks like `{\"rule\": \"currentTxn.value>500\", \"cases\": \
                       [{\"document\": {\"currentTxn\": {\"value\": 730.5}}, \"expect\": true}]}`";

/// Reads a file of cases. Cost is linear in the text.
///
/// Fails with every fault at its place, as many as `errors` says.
pub(super) fn read(text: &str, errors: usize) -> Result<CaseFile, Diagnostics> {
    let refused = |found| Diagnostics::gather(&Source::new(Form::Payload, text), found, errors);
    let mut json = Reader::new(text);
    let whole = Located::read(&mut json).and_then(|whole| json.finish().map(|()| whole));
    let whole = whole.map_err(|fault| refused(vec![fault]))?;
    let mut reader = CaseReader { values: Values::new(text, errors), rules: HashMap::new() };
    let file = reader.file(whole);
    let found = reader.values.found();
    match file {
        Some(file) if found.is_empty() => Ok(file),
        _ => Err(refused(found)),
    }
}

struct CaseReader<'t> {
    values: Values<'t>,
    /// The positions of rules by their names.
    rules: HashMap<String, usize>,
}

/// The JSON pointer of what a key or position leads to.
fn below(pointer: &str, segment: PathSegment) -> String {
    format!("{pointer}{}", segment.pointer())
}

impl CaseReader<'_> {
    fn missing(&mut self, at: Span, message: &str, help: &str) {
        self.values.report(Diagnostic::new(Code::PayloadShape, at, message).help(help));
    }

    fn file(&mut self, whole: Located) -> Option<CaseFile> {
        let file = self.values.object(whole, "a file of cases", FILE)?;
        let zone = file.get("timezone").and_then(|value| self.zone(value));
        let schemas = match file.get("schemas") {
            Some(value) => self.values.list(value, "`schemas`").unwrap_or_default(),
            None => Vec::new(),
        };
        let schemas: Vec<At<String>> =
            schemas.into_iter().filter_map(|one| self.values.word(one, "a schema file")).collect();
        self.note(&file);
        let subject = self.subject(&file);
        let enrolments =
            file.get("enrolments").and_then(|value| self.part(value, Kind::Array, "`enrolments`"));
        if let (Some(enrolments), None) = (file.get("enrolments"), file.get("targets")) {
            self.values.wrong(enrolments.head(), "enrolments go with `targets`", "name the targets too");
        }
        let Some(cases) = file.get("cases") else {
            self.missing(whole.head(), "the file lacks its `cases`", EXAMPLE);
            return None;
        };
        let entries = self.values.list(cases, "`cases`")?;
        let subject = subject?;
        let cases: Vec<Case> = entries
            .into_iter()
            .enumerate()
            .filter_map(|(index, one)| self.case(one, index, &subject))
            .collect();
        Some(CaseFile { zone, schemas, subject, enrolments, cases })
    }

    fn note(&mut self, object: &Object) {
        if let Some(note) = object.get("note") {
            self.values.word(note, "`note`");
        }
    }

    fn zone(&mut self, value: Located) -> Option<Zone> {
        let word = self.values.word(value, "`timezone`")?;
        match Zone::named(&word.value) {
            Ok(zone) => Some(zone),
            Err(error) => {
                let help = "an IANA name such as `Asia/Kolkata`, or an offset such as `+05:30`";
                self.values.wrong(value.span, error.to_string(), help);
                None
            }
        }
    }

    /// A path in a string, or what stands in the file itself.
    fn part(&mut self, value: Located, or: Kind, what: &str) -> Option<Part> {
        match value.kind {
            Kind::String => Some(Part::File(self.values.word(value, what)?)),
            kind if kind == or || (or == Kind::Object && kind == Kind::Array) => Some(Part::Inline(value)),
            kind => {
                let message = format!("{what} is the path of a file, or stands here, not {}", kind.name());
                self.values.wrong(value.head(), message, "write the path in double quotes");
                None
            }
        }
    }

    fn subject(&mut self, file: &Object) -> Option<Subject> {
        let named = ["rule", "rules", "targets"];
        let given: Vec<Located> = named.iter().filter_map(|key| file.get(key)).collect();
        match given.as_slice() {
            [_] => {}
            [] => {
                self.missing(file.at.head(), "the file names neither a rule nor targets", EXAMPLE);
                return None;
            }
            [_, second, ..] => {
                let message = "a file of cases is about `rule`, `rules` or `targets`, one of them";
                self.values.wrong(second.head(), message, "put the others into a file of their own");
                return None;
            }
        }
        if let Some(targets) = file.get("targets") {
            return Some(Subject::Targets(self.part(targets, Kind::Object, "`targets`")?));
        }
        if let Some(rule) = file.get("rule") {
            let written = self.rule(rule)?;
            return Some(Subject::Rules(vec![NamedRule {
                name: None,
                pointer: "/rule".to_owned(),
                written,
            }]));
        }
        let rules = self.values.map(file.get("rules")?, "`rules`")?;
        let mut read = Vec::new();
        for (key, value) in rules.members {
            let pointer = below("/rules", PathSegment::Key(key.text.clone()));
            if let Some(written) = self.rule(value) {
                self.rules.insert(key.text.clone(), read.len());
                read.push(NamedRule { name: Some(key.text), pointer, written });
            }
        }
        Some(Subject::Rules(read))
    }

    fn rule(&mut self, value: Located) -> Option<WrittenRule> {
        match value.kind {
            Kind::String => Some(WrittenRule::Text(self.values.word(value, "a rule")?)),
            Kind::Object => match self.file_of(value) {
                None => Some(WrittenRule::Tree(value)),
                Some(path) => {
                    self.values.object(value, "the file of a rule", &["file"])?;
                    Some(WrittenRule::File(path))
                }
            },
            kind => {
                let message = format!("a rule is a text or a tree, not {}", kind.name());
                let help = "write the text in double quotes, or `{\"file\": \"PATH\"}`";
                self.values.wrong(value.head(), message, help);
                None
            }
        }
    }

    /// The path of an object that names a file: no tree and no transaction has
    /// a text as its `file`.
    fn file_of(&mut self, value: Located) -> Option<At<String>> {
        let segment = [PathSegment::Key("file".to_owned())];
        let (found, taken) = target_rules::json::find(self.values.text, value, &segment);
        if taken == 1 && found.kind == Kind::String { self.values.word(found, "`file`") } else { None }
    }

    fn case(&mut self, value: Located, index: usize, subject: &Subject) -> Option<Case> {
        let case = self.values.object(value, "a case", CASE)?;
        self.note(&case);
        let pointer = below("/cases", PathSegment::Index(index));
        let name = case.get("name").and_then(|name| self.values.word(name, "`name`"));
        let number = index.checked_add(1).unwrap_or(index);
        let name = name.map_or_else(|| format!("case {number}"), |name| name.value);
        let expect = case.get("expect").and_then(|value| self.expected(value, subject));
        let progress = case.get("progress").and_then(|value| self.progress(value, subject));
        let documents = self.documents(&case, &pointer);
        if let (Some(expect), Some(Documents::Several(_) | Documents::AllOf(_))) =
            (case.get("expect"), &documents)
        {
            let message = "what is expected is said of one `document`; of `documents` it is the `progress`";
            self.values.wrong(expect.head(), message, "make each document a case of its own");
        }
        let last = case.members.last().map(|(key, value)| (key.span, *value))?;
        let object = CaseObject { at: value, last };
        Some(Case { name, object, documents: documents?, expect, progress })
    }

    fn documents(&mut self, case: &Object, pointer: &str) -> Option<Documents> {
        match (case.get("document"), case.get("documents")) {
            (Some(one), None) => {
                let pointer = format!("{pointer}/document");
                Some(Documents::One(self.document(one, pointer)?))
            }
            (None, Some(all)) if all.kind == Kind::String => {
                Some(Documents::AllOf(self.values.word(all, "`documents`")?))
            }
            (None, Some(all)) => {
                let entries = self.values.list(all, "`documents`")?;
                let documents = entries.into_iter().enumerate().filter_map(|(index, one)| {
                    let pointer = below(&format!("{pointer}/documents"), PathSegment::Index(index));
                    self.document(one, pointer)
                });
                Some(Documents::Several(documents.collect()))
            }
            (None, None) => {
                let help = "write the transaction, or `{\"file\": \"bills.ndjson\", \"number\": \"n-1\"}`";
                self.missing(case.at.head(), "a case has a `document`, or `documents`", help);
                None
            }
            (Some(_), Some(second)) => {
                let message = "a case has a `document` or `documents`, not both";
                self.values.wrong(second.head(), message, "keep one of them");
                None
            }
        }
    }

    fn document(&mut self, value: Located, pointer: String) -> Option<Document> {
        match value.kind {
            Kind::String => {
                Some(Document::File { path: self.values.word(value, "a document")?, choice: Choice::Only })
            }
            Kind::Object => match self.file_of(value) {
                None => Some(Document::Inline { at: value, pointer }),
                Some(path) => {
                    let keys = ["file", "number", "line"];
                    let of_file = self.values.object(value, "a document of a file", &keys)?;
                    Some(Document::File { path, choice: self.choice(&of_file)? })
                }
            },
            kind => {
                let message = format!("a document is an object, or the path of a file, not {}", kind.name());
                self.values.wrong(value.head(), message, "write the transaction as an object");
                None
            }
        }
    }

    fn choice(&mut self, of_file: &Object) -> Option<Choice> {
        match (of_file.get("number"), of_file.get("line")) {
            (None, None) => Some(Choice::Only),
            // A number of a bill may be written as either.
            (Some(number), None) if number.kind == Kind::Number => {
                Some(Choice::Number(self.values.text.get(number.span.range())?.to_owned()))
            }
            (Some(number), None) => Some(Choice::Number(self.values.word(number, "`number`")?.value)),
            (None, Some(line)) => Some(Choice::Line(self.values.count(line, "`line`", 1)?)),
            (Some(_), Some(line)) => {
                let message = "a document is chosen by its `number` or by its `line`, not by both";
                self.values.wrong(line.head(), message, "keep one of them");
                None
            }
        }
    }

    fn expected(&mut self, value: Located, subject: &Subject) -> Option<Expected> {
        match subject {
            Subject::Targets(_) => Some(Expected::Targets(self.expected_targets(value)?)),
            Subject::Rules(rules) if matches!(rules.as_slice(), [NamedRule { name: None, .. }]) => {
                Some(Expected::Rules(vec![(0, self.outcome(value, "what is expected")?)]))
            }
            Subject::Rules(rules) => {
                let by_name = self.values.map(value, "what is expected of `rules`")?;
                let mut expected = Vec::new();
                for (key, value) in by_name.members {
                    let at = self.rules.get(&key.text).copied();
                    let outcome =
                        self.outcome(value, &format!("what is expected of `{}`", excerpt(&key.text)));
                    match at {
                        Some(at) => expected.extend(outcome.map(|outcome| (at, outcome))),
                        // To look for a near name takes as long as there are names.
                        None if self.values.is_full() => {}
                        None => {
                            let names = rules.iter().filter_map(|rule| rule.name.as_deref());
                            let help = match closest(&key.text, names) {
                                Some(close) => format!("did you mean `{}`?", excerpt(close)),
                                None => "the rules stand under `rules`".to_owned(),
                            };
                            let message = format!("there is no rule `{}`", excerpt(&key.text));
                            self.values.wrong(key.span, message, help);
                        }
                    }
                }
                Some(Expected::Rules(expected))
            }
        }
    }

    fn expected_targets(&mut self, value: Located) -> Option<ExpectedTargets> {
        let keys = ["eligible", "unknown", "targets"];
        let expected = self.values.object(value, "what is expected of targets", &keys)?;
        let eligible = expected.get("eligible").and_then(|value| self.ids(value, "`eligible`"));
        let unknown = expected.get("unknown").and_then(|value| self.ids(value, "`unknown`"));
        let mut targets = Vec::new();
        if let Some(value) = expected.get("targets")
            && let Some(by_id) = self.values.map(value, "`targets`")
        {
            for (key, value) in by_id.members {
                let outcome = self.outcome(value, &format!("what is expected of `{}`", excerpt(&key.text)));
                match (key.text.parse(), outcome) {
                    (Ok(id), Some(outcome)) => {
                        let at = Located { kind: Kind::String, span: key.span };
                        targets.push((At { value: id, at }, outcome));
                    }
                    (Ok(_), None) => {}
                    (Err(_), _) => {
                        let message = format!("`{}` is no id of a target", excerpt(&key.text));
                        self.values.wrong(key.span, message, "write the id, such as `\"50\"`");
                    }
                }
            }
        }
        Some(ExpectedTargets { eligible, unknown, targets })
    }

    fn ids(&mut self, value: Located, what: &str) -> Option<At<Vec<At<i64>>>> {
        let entries = self.values.list(value, what)?;
        let ids = entries.into_iter().filter_map(|one| self.values.whole(one, "the id of a target"));
        Some(At { value: ids.collect(), at: value })
    }

    /// `true`, `false` or `"unknown"`, or an object that says more.
    fn outcome(&mut self, value: Located, what: &str) -> Option<Outcome> {
        let plain = Outcome { at: value, result: None, absent: None, faults: None, items: None };
        if value.kind != Kind::Object {
            return Some(Outcome { result: Some(self.truth(value, what)?), ..plain });
        }
        let outcome = self.values.object(value, what, &["result", "absent", "faults", "items"])?;
        if outcome.members.is_empty() {
            self.missing(
                value.head(),
                &format!("{what} is not said"),
                "write `true`, `false` or `\"unknown\"`",
            );
            return None;
        }
        let result = outcome.get("result").and_then(|value| self.truth(value, "`result`"));
        let absent = outcome.get("absent").and_then(|value| self.values.words(value, "`absent`"));
        let faults = outcome.get("faults").and_then(|value| self.faults(value));
        let items = outcome.get("items").and_then(|value| {
            let entries = self.values.list(value, "`items`")?;
            Some(entries.into_iter().filter_map(|one| self.values.count(one, "a position", 0)).collect())
        });
        Some(Outcome { at: value, result, absent, faults, items })
    }

    fn truth(&mut self, value: Located, what: &str) -> Option<Truth> {
        let word = match value.kind {
            Kind::Boolean(known) => return Some(Truth::from(known)),
            Kind::String => self.values.word(value, what)?.value.parse().ok(),
            _ => None,
        };
        if word.is_none() {
            let message = format!("{what} is `true`, `false` or `\"unknown\"`");
            self.values.wrong(value.head(), message, "write one of the three");
        }
        word
    }

    /// Codes of faults: each in a string, or in an object as `eval` writes it.
    fn faults(&mut self, value: Located) -> Option<Vec<String>> {
        let mut codes = Vec::new();
        for entry in self.values.list(value, "`faults`")? {
            let code = if entry.kind == Kind::Object {
                let fault = self.values.object(entry, "a fault", &["code", "form", "span"])?;
                fault.get("code").unwrap_or(entry)
            } else {
                entry
            };
            let Some(word) = self.values.word(code, "the code of a fault") else { continue };
            let all = [FaultCode::DivisionByZero, FaultCode::InvalidDate, FaultCode::NumberOverflow];
            let names = all.map(FaultCode::name);
            if names.contains(&word.value.as_str()) {
                codes.push(word.value);
            } else {
                let help = match closest(&word.value, names) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("the codes are `{}`", names.join("`, `")),
                };
                let message = format!("no fault has the code `{}`", excerpt(&word.value));
                self.values.wrong(code.span, message, help);
            }
        }
        Some(codes)
    }

    fn progress(&mut self, value: Located, subject: &Subject) -> Option<At<Vec<ExpectedProgress>>> {
        if !matches!(subject, Subject::Targets(_)) {
            self.values.wrong(value.head(), "progress is that of targets", "name `targets` instead of rules");
            return None;
        }
        let entries = self.values.list(value, "`progress`")?;
        let lines = entries.into_iter().filter_map(|one| self.progress_line(one));
        Some(At { value: lines.collect(), at: value })
    }

    fn progress_line(&mut self, value: Located) -> Option<ExpectedProgress> {
        let keys =
            ["userId", "targetId", "periodId", "cycle", "defined", "achieved", "gap", "reached", "unknown"];
        let line = self.values.object(value, "a line of progress", &keys)?;
        let (Some(user), Some(target)) = (line.get("userId"), line.get("targetId")) else {
            let help = "write `{\"userId\": 19721, \"targetId\": 50, \"achieved\": 1346.15}`";
            self.missing(value.head(), "a line of progress says its `userId` and `targetId`", help);
            return None;
        };
        let mut whole = |key: &str| {
            let value = line.get(key).filter(|value| value.kind != Kind::Null)?;
            Some(self.values.whole(value, &format!("`{key}`"))?.value)
        };
        let (period, cycle) = (whole("periodId"), whole("cycle"));
        let (user, target) = (self.values.whole(user, "`userId`"), self.values.whole(target, "`targetId`"));
        let mut amount = |key: &str| self.values.amount(line.get(key)?, &format!("`{key}`"));
        let (defined, achieved, gap) = (amount("defined"), amount("achieved"), amount("gap"));
        let reached = line.get("reached").and_then(|value| self.values.flag(value, "`reached`"));
        let unknown = line
            .get("unknown")
            .and_then(|value| Some(At { value: self.values.words(value, "`unknown`")?, at: value }));
        Some(ExpectedProgress {
            user: user?.value,
            target: target?,
            period,
            cycle,
            defined,
            achieved,
            gap,
            reached,
            unknown,
        })
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::*;

    const SAMPLES: [&str; 2] = [
        include_str!("../../../../examples/cases/weekend.cases.json"),
        include_str!("../../../../examples/cases/march.cases.json"),
    ];

    /// However a file is damaged, it is read or refused with a place in it.
    #[test]
    fn a_damaged_file_is_refused_with_a_place() {
        let mut refused = 0;
        for sample in SAMPLES {
            assert!(read(sample, 20).is_ok());
            for at in (0..sample.len()).step_by(3).filter(|at| sample.is_char_boundary(*at)) {
                let (before, after) = sample.split_at(at);
                let rest = after.get(1..).unwrap_or_default();
                for damaged in [
                    before.to_owned(),
                    format!("{before}{rest}"),
                    format!("{before}\u{e9}{rest}"),
                    format!("{before}[{rest}"),
                    format!("{before}0{rest}"),
                ] {
                    let Err(found) = read(&damaged, 20) else { continue };
                    refused += 1;
                    for fault in &found {
                        assert!(damaged.get(fault.span.range()).is_some(), "{fault} of {damaged}");
                    }
                }
            }
        }
        assert!(refused > 1_500, "only {refused}");
    }

    #[test]
    fn as_many_faults_are_told_as_is_allowed() {
        let text = format!("{{\"rule\": \"true\", \"cases\": [{}7]}}", "7, ".repeat(1_000));
        let Err(found) = read(&text, 3) else { unreachable!("numbers are no cases") };
        assert_eq!(found.iter().count(), 3);
        assert!(found.left_out() > 0);
    }

    /// To look each name up among all rules, or for a near one for each, would
    /// take minutes.
    #[test]
    fn many_rules_are_found_by_their_names_at_once() {
        let all = |name: &str, value: &str| -> String {
            let members: Vec<String> = (0..40_000).map(|at| format!("\"{name}{at}\": {value}")).collect();
            members.join(", ")
        };
        let rules = all("rule", "\"true\"");
        let file = |expected: &str| {
            format!(
                "{{\"rules\": {{{rules}}}, \"cases\": [{{\"document\": {{}}, \"expect\": {{{expected}}}}}]}}"
            )
        };
        let started = std::time::Instant::now();
        let read_whole = read(&file(&all("rule", "true")), 20).unwrap();
        let Some(Expected::Rules(expected)) = &read_whole.cases[0].expect else { unreachable!("of rules") };
        assert!(expected.iter().enumerate().all(|(position, (at, _))| position == *at));
        let Err(found) = read(&file(&all("rul", "true")), 20) else { unreachable!("no such rules") };
        assert_eq!(found.iter().count(), 20);
        assert!(started.elapsed().as_secs() < 60, "it took {:?}", started.elapsed());
    }

    #[test]
    fn deep_nesting_costs_no_stack() {
        let deep = "[".repeat(300_000) + &"]".repeat(300_000);
        let text = format!("{{\"rule\": {deep}, \"cases\": [{{\"document\": {deep}}}]}}");
        assert!(read(&text, 20).is_err());
    }
}
