//! The examples of one section, run in order. Each kind of block goes on from
//! those before it: a document is decided by the rule above it.

use std::collections::BTreeMap;

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload};
use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::Code;
use target_rules::interpret::Fault;
use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema, Truth, Zone};
use target_rules_testing::json::canonical;

use super::page::{Section, codes, parts};

/// What the examples of a section have said so far.
pub(crate) struct Example<'p> {
    section: &'p str,
    limits: Limits,
    schema: Schema,
    zone: Zone,
    /// What the next documents are decided by.
    rule: Option<Rule>,
    targets: Vec<CheckedTarget>,
    document: Option<&'p str>,
    enrolments: Option<&'p str>,
    transactions: Vec<&'p str>,
    ledger: Option<Ledger>,
    /// How often each answer was given, and each kind of block was met.
    pub(crate) met: BTreeMap<String, usize>,
}

/// Runs the examples of a section, and says what was met in them.
pub(crate) fn run(section: &Section<'_>) -> BTreeMap<String, usize> {
    let mut example = Example {
        section: section.title,
        limits: Limits::default(),
        schema: Schema::standard(),
        zone: Zone::UTC,
        rule: None,
        targets: Vec::new(),
        document: None,
        enrolments: None,
        transactions: Vec::new(),
        ledger: None,
        met: BTreeMap::new(),
    };
    for block in &section.blocks {
        example.block(block.kind, block.body);
        example.count(block.kind);
    }
    assert!(example.document.is_none(), "a document without a result in `{}`", section.title);
    codes(&section.text).into_iter().for_each(|code| example.in_text(code));
    example.met
}

impl<'p> Example<'p> {
    fn count(&mut self, what: &str) {
        *self.met.entry(what.to_owned()).or_default() += 1;
    }

    fn block(&mut self, kind: &str, body: &'p str) {
        match kind {
            // What is typed, and what it answers: the command has a test for it.
            "sh" | "console" => {}
            file if file.starts_with("file ") => {}
            "schema" => self.schema = Schema::standard().with(body, &self.limits).unwrap(),
            "zone" => self.zone = Zone::named(body).unwrap(),
            "rule" => parts(body).into_iter().for_each(|rule| self.rule(rule)),
            "says" => parts(body).into_iter().for_each(|rule| self.says(rule)),
            "bills" => parts(body).into_iter().for_each(|bill| self.bill(bill)),
            "transaction" => assert!(self.document.replace(body).is_none(), "no result before: {body}"),
            "result" => {
                let document = self.document.take().unwrap();
                assert_eq!(self.told(document), body, "{document}");
            }
            "document" => self.sound(self.audit(), &[body]),
            "target" => self.payload(&format!(r#"{{"data": [{body}]}}"#)),
            "payload" => self.payload(body),
            "enrolments" => self.enrolments = Some(body),
            "transactions" => self.transactions = body.lines().collect(),
            "achieved" => self.achieved(body),
            "progress" => self.progress(body),
            "state" => self.state(body),
            other => panic!("a block of unknown kind `{other}` in `{}`", self.section),
        }
    }

    /// Checks a rule; the warnings of one that checks are given too.
    fn checked(&self, text: &str) -> (Option<Rule>, Diagnostics) {
        match Ast::from_text(text, &self.limits) {
            Ok(ast) => {
                let checked = ast.check(&self.schema, &self.limits);
                (checked.rule().cloned(), checked.diagnostics().clone())
            }
            Err(refused) => (None, refused),
        }
    }

    fn rule(&mut self, text: &str) {
        let (rule, found) = self.checked(text);
        assert!(found.is_empty(), "`{text}` in `{}`: {found}", self.section);
        self.rule = rule;
        self.targets.clear();
    }

    /// A rule, or a part of one, that the text mentions.
    fn in_text(&mut self, code: &str) {
        if code.starts_with("current") && code.contains(['(', '=', '<', '>']) {
            let (_, found) = self.checked(code);
            let sound = found.iter().all(|one| one.code == Code::RootNotBoolean);
            assert!(sound, "`{code}` in the text of `{}`: {found}", self.section);
            self.count("in text");
        }
    }

    /// A rule, and below it what the command says of it.
    fn says(&mut self, part: &str) {
        let (rule, said) = part.split_once('\n').unwrap();
        let (_, found) = self.checked(rule);
        let lines = found.iter().map(|one| {
            let severity = if one.is_error() { "error" } else { "warning" };
            let help = one.help.as_deref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
            format!("  {severity}[{}]: {}{help}", one.code, one.message)
        });
        assert_eq!(lines.collect::<Vec<_>>().join("\n"), said, "said of `{rule}`");
        self.count("mistake");
    }

    /// An answer, and behind it the bill that it is given for.
    fn bill(&mut self, part: &str) {
        let (answer, document) = part.split_at(part.find('{').unwrap());
        let answer = answer.trim_end();
        assert_eq!(self.told(document), answer, "{document} in `{}`", self.section);
        if !answer.starts_with("unknown") {
            self.sound(self.audit(), &[document]);
        }
        self.count("bill");
        self.count(answer);
    }

    /// What comes of a document, as the guides write it.
    fn told(&self, document: &str) -> String {
        let layout = match (&self.rule, self.targets.as_slice()) {
            (_, [target]) => CheckedTarget::layout([target]),
            (Some(rule), _) => Layout::of([rule]),
            (None, _) => panic!("nothing to decide by in `{}`", self.section),
        };
        let transaction = match layout.read(document, &self.limits) {
            Ok(transaction) => transaction,
            Err(refused) => {
                let fault = refused.iter().next().unwrap();
                return format!("refused: {} at {}", fault.code, fault.pointer.as_deref().unwrap());
            }
        };
        if let [target] = self.targets.as_slice() {
            let decided = target.decide(&transaction, &self.zone);
            return answer(decided.result, &decided.absent, &decided.faults);
        }
        let decided = self.rule.as_ref().unwrap().decide(&transaction, &self.zone);
        answer(decided.result, &decided.absent, &decided.faults)
    }

    /// What `check --txns` holds documents against.
    fn audit(&self) -> Audit {
        Audit::new(&self.schema, &self.limits)
    }

    /// Asserts that nothing is found in documents.
    fn sound(&self, mut audit: Audit, documents: &[&str]) {
        for (line, document) in (1..).zip(documents) {
            audit.add(*document, line);
        }
        let found: Vec<String> = audit.findings().iter().map(told_of).collect();
        assert!(found.is_empty(), "{found:#?} in {documents:#?} of `{}`", self.section);
    }

    /// What `check --targets` says of a payload: nothing.
    fn payload(&mut self, payload: &str) {
        let payload = Payload::read(payload, &self.limits).unwrap_or_else(|refused| panic!("{refused}"));
        let reports = payload.targets().map(|target| target.check(&self.schema, &self.limits));
        let targets = reports.map(|report| {
            assert!(report.diagnostics.is_empty(), "{:#?} in `{}`", report.diagnostics, self.section);
            report.target.unwrap()
        });
        self.targets = targets.collect();
        assert!(!self.targets.is_empty(), "a payload without targets in `{}`", self.section);
        self.rule = None;
    }

    /// The transactions above are booked, by whoever is enrolled.
    fn book(&mut self, enrolments: &str) -> &Ledger {
        let enrolments = Enrolments::read(enrolments, &self.targets, &self.limits);
        let enrolments = enrolments.unwrap_or_else(|refused| panic!("{refused}"));
        assert!(enrolments.warnings().is_empty(), "{}", enrolments.warnings());
        let mut ledger = Ledger::new(self.targets.clone(), enrolments, self.zone.clone()).unwrap();
        let weighed = self.transactions.iter().flat_map(|document| {
            let activity = ledger.read(*document, &self.limits);
            ledger.weigh(&activity.unwrap_or_else(|refused| panic!("{refused}: {document}")))
        });
        let weighed: Vec<_> = weighed.collect();
        ledger.book(weighed);
        self.ledger.insert(ledger)
    }

    /// What one customer has achieved of the one target.
    fn achieved(&mut self, expected: &str) {
        let [target] = self.targets.as_slice() else { panic!("not one target in `{}`", self.section) };
        let id = target.id();
        self.sound(self.audit(), &self.transactions);
        let ledger = self.book(&format!(r#"[{{"userId": 19721, "targetId": {id}, "value": 100}}]"#));
        let progress = ledger.progress().next().unwrap();
        assert_eq!(progress.achieved.to_string(), expected, "target {id}");
    }

    /// The lines of `progress`.
    fn progress(&mut self, expected: &str) {
        let audit = CheckedTarget::audit(&self.targets, &self.schema, &self.limits);
        self.sound(audit, &self.transactions);
        let enrolments = self.enrolments.unwrap_or("[]");
        let ledger = self.book(enrolments);
        let lines = ledger.progress().map(|line| serde_json::to_string(&line).unwrap());
        let unified = ledger.unified_progress().map(|line| serde_json::to_string(&line).unwrap());
        let told: Vec<String> = lines.chain(unified).map(|line| canonical(&line)).collect();
        let expected: Vec<String> = expected.lines().map(canonical).collect();
        assert_eq!(told, expected, "in `{}`", self.section);
    }

    /// The state that the batch above leaves, and that the next one starts from.
    fn state(&mut self, expected: &str) {
        let ledger = self.ledger.as_mut().unwrap();
        assert_eq!(canonical(&ledger.state()), canonical(expected), "{}", ledger.state());
        ledger.resume(expected, &self.limits).unwrap();
    }
}

/// An answer; each kind of fault is named once, wherever it is met.
fn answer(result: Truth, absent: &[String], faults: &[Fault]) -> String {
    if result != Truth::Unknown {
        return result.to_string();
    }
    let mut codes: Vec<String> = faults.iter().map(|fault| fault.code.to_string()).collect();
    codes.dedup();
    format!("unknown: {}", absent.iter().cloned().chain(codes).collect::<Vec<_>>().join(", "))
}

fn told_of(found: &Finding) -> String {
    format!("{} at {}: {} ({:?})", found.code, found.path, found.message, found.help)
}
