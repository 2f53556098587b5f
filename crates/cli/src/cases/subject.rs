//! What the cases of a file are about, checked and ready to decide.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, TargetPartKind, TargetSet, UnknownDetail};
use target_rules::diagnostic::{Form, Source};
use target_rules::{Diagnostics, Evaluation, Layout, Rule, Scratch, Truth};

use crate::count::Count;
use crate::input;
use crate::invocation::Invocation;
use crate::outcome::Failure;
use crate::{ledger, rules, targets};

use super::answer::{Answer, sentence};
use super::model::{CaseFile, NamedRule, Part, Subject, WrittenRule};
use super::places::CaseText;

/// What decides the documents of a file of cases.
pub(super) enum Ready {
    Rules(ReadyRules),
    Targets(Box<ReadyTargets>),
}

pub(super) struct ReadyRules {
    /// Each with its name, where it has one.
    rules: Vec<(Option<String>, Rule)>,
    layout: Layout,
}

pub(super) struct ReadyTargets {
    pub(super) targets: Vec<CheckedTarget>,
    /// Their positions.
    by_id: BTreeMap<i64, usize>,
    set: TargetSet,
    enrolments: Enrolments,
    /// Made where something is booked, or has to be explained.
    ledger: OnceCell<Result<Ledger, String>>,
}

/// What was decided of one document.
pub(super) enum Answers {
    /// In the order of the rules.
    Rules(Vec<Answer>),
    /// Those that are true or unknown; all others are false.
    Targets(BTreeMap<i64, Answer>),
}

impl Ready {
    /// Checks what a file names. What is wrong with it is shown.
    pub(super) fn of(
        invocation: &Invocation,
        file: &CaseText<'_>,
        cases: &CaseFile,
    ) -> Result<Ready, Failure> {
        match &cases.subject {
            Subject::Rules(rules) => Ok(Ready::Rules(ReadyRules::of(invocation, file, rules)?)),
            Subject::Targets(part) => {
                let ready = ReadyTargets::of(invocation, file, part, cases.enrolments.as_ref())?;
                Ok(Ready::Targets(Box::new(ready)))
            }
        }
    }

    pub(super) fn decide(&self, invocation: &Invocation, text: &str) -> Result<Answers, Diagnostics> {
        match self {
            Ready::Rules(rules) => {
                let transaction = rules.layout.read(text, &invocation.limits)?;
                let decided =
                    rules.rules.iter().map(|(_, rule)| rule.decide(&transaction, &invocation.zone).into());
                Ok(Answers::Rules(decided.collect()))
            }
            Ready::Targets(targets) => targets.decide(invocation, text).map(Answers::Targets),
        }
    }

    /// The names of the rules; none where there is only one, or targets.
    pub(super) fn rule_names(&self) -> impl Iterator<Item = Option<&str>> {
        let rules = match self {
            Ready::Rules(rules) => rules.rules.as_slice(),
            Ready::Targets(_) => &[],
        };
        rules.iter().map(|(name, _)| name.as_deref())
    }

    /// The name of the rule at a position, where it has one.
    pub(super) fn rule_name(&self, at: usize) -> Option<&str> {
        match self {
            Ready::Rules(rules) => rules.rules.get(at)?.0.as_deref(),
            Ready::Targets(_) => None,
        }
    }

    /// Why a rule decides a document as it does, in one sentence.
    pub(super) fn why_rule(&self, invocation: &Invocation, at: usize, text: &str) -> Option<String> {
        let Ready::Rules(rules) = self else { return None };
        let (_, rule) = rules.rules.get(at)?;
        why_rule(invocation, rule, text)
    }
}

fn why_rule(invocation: &Invocation, rule: &Rule, text: &str) -> Option<String> {
    let transaction = Layout::of([rule]).read(text, &invocation.limits).ok()?;
    rule.explain(&transaction, &invocation.zone).missing().or_else(|| holds(rule))
}

/// The most characters of a rule that is told in words.
const MOST_WORDS: usize = 200;

/// That a rule is true, with what it asks where that is short.
fn holds(rule: &Rule) -> Option<String> {
    let description = rule.describe();
    let short = description.is_sentence() && description.as_str().chars().count() <= MOST_WORDS;
    short.then(|| format!("Met: {}.", description.as_str()))
}

impl ReadyRules {
    fn of(invocation: &Invocation, file: &CaseText<'_>, named: &[NamedRule]) -> Result<ReadyRules, Failure> {
        let mut rules = Vec::new();
        let mut warnings = Count::default();
        let mut refused = false;
        for rule in named {
            let (checked, found) = check(invocation, file, rule)?;
            refused |= checked.is_none();
            warnings.join(found);
            rules.extend(checked.map(|checked| (rule.name.clone(), checked)));
        }
        if refused {
            return Err(Failure::Faults);
        }
        invocation.count_warnings(warnings, "the rules", "check RULE");
        let layout = Layout::of(rules.iter().map(|(_, rule)| rule));
        Ok(ReadyRules { rules, layout })
    }
}

/// A rule and how many warnings it has; no rule where it is refused, which is
/// shown.
fn check(
    invocation: &Invocation,
    file: &CaseText<'_>,
    rule: &NamedRule,
) -> Result<(Option<Rule>, Count), Failure> {
    let (source, path, inline) = match &rule.written {
        WrittenRule::Text(text) => (Source::new(Form::Dsl, text.value.as_str()), None, Some(text.at)),
        WrittenRule::Tree(at) => (Source::new(Form::Tree, file.slice(*at)), None, Some(*at)),
        WrittenRule::File(named) => {
            let path = file.beside(&named.value);
            let most = invocation.limits.rule_text.max(invocation.limits.rule_tree);
            let read = input::read(&path, Form::Dsl, most).map_err(file.named_here(named.at))?;
            match read {
                Ok(source) => (source, Some(path), None),
                Err((source, faults)) => {
                    invocation.show(&faults, &[source], &path);
                    return Ok((None, Count::default()));
                }
            }
        }
    };
    let (source, checked) = rules::checked(invocation, source.text());
    let (rule_of_it, found) = match checked {
        Ok(checked) => (checked.rule().cloned(), checked.diagnostics().clone()),
        Err(found) => (None, found),
    };
    if !invocation.refuses(&found) {
        return Ok((rule_of_it, Count::of_all(&found)));
    }
    match (inline, path) {
        (Some(at), _) => file.show(invocation, &found, at, &rule.pointer),
        (None, path) => invocation.show(&found, &[source], &path.unwrap_or_default()),
    }
    Ok((None, Count::default()))
}

impl ReadyTargets {
    fn of(
        invocation: &Invocation,
        file: &CaseText<'_>,
        part: &Part,
        enrolments: Option<&Part>,
    ) -> Result<ReadyTargets, Failure> {
        let targets = match part {
            Part::File(named) => {
                let path = file.beside(&named.value);
                let read = targets::payload(invocation, &path).map_err(file.named_here(named.at))?;
                targets::checked_of(invocation, read, (&path, ""))?
            }
            Part::Inline(at) => {
                // No command shows the warnings of targets that stand here.
                let quiet = Invocation { quiet: true, ..invocation.clone() };
                let read = targets::payload_of(invocation, &file.alone(*at));
                targets::checked_of(&quiet, read, (file.path, "/targets"))?
            }
        };
        let set = TargetSet::new(targets.iter().cloned()).map_err(|error| {
            let at = match part {
                Part::File(named) => named.at,
                Part::Inline(at) => *at,
            };
            file.refuse(invocation, at.head(), error.to_string(), "give each target an id of its own")
        })?;
        let enrolments = match enrolments {
            None => Enrolments::default(),
            Some(Part::File(named)) => {
                let path = file.beside(&named.value);
                let read = input::document(&path, invocation.limits.payload);
                let read = read.map_err(file.named_here(named.at))?;
                ledger::enrolments_of(invocation, &targets, read, &path)?
            }
            Some(Part::Inline(at)) => {
                let alone = Source::new(Form::Payload, file.alone(*at));
                ledger::enrolments_of(invocation, &targets, Ok(alone), file.path)?
            }
        };
        let by_id = targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect();
        Ok(ReadyTargets { targets, by_id, set, enrolments, ledger: OnceCell::new() })
    }

    pub(super) fn ids(&self) -> BTreeSet<i64> {
        self.by_id.keys().copied().collect()
    }

    /// The ledger of the targets, in which nothing is booked; or why there is none.
    pub(super) fn ledger(&self, invocation: &Invocation) -> Result<&Ledger, String> {
        let open = || {
            let ledger = Ledger::new(self.targets.clone(), self.enrolments.clone(), invocation.zone.clone());
            ledger.map_err(|error| error.to_string())
        };
        self.ledger.get_or_init(open).as_ref().map_err(Clone::clone)
    }

    fn decide(&self, invocation: &Invocation, text: &str) -> Result<BTreeMap<i64, Answer>, Diagnostics> {
        let transaction = self.set.layout().read(text, &invocation.limits)?;
        let mut scratch = Scratch::default();
        let mut evaluation = Evaluation::new(&transaction, &invocation.zone, &mut scratch);
        let mut answers = BTreeMap::new();
        let decided = self.set.decide(&mut evaluation, UnknownDetail::Reasons, |decision| {
            let answer = Answer {
                absent: decision.absent.iter().map(str::to_owned).collect(),
                faults: decision.faults.iter().map(|fault| fault.code.name().to_owned()).collect(),
                items: decision.items.to_vec(),
                ..Answer::of(decision.result)
            };
            answers.insert(decision.target.id(), answer);
        });
        // INVARIANT: the transaction was read for the layout of the set.
        debug_assert!(decided.is_ok());
        Ok(answers)
    }

    /// Why a target is eligible, or isn't, in one sentence.
    pub(super) fn why(&self, invocation: &Invocation, id: i64, text: &str) -> Option<String> {
        let target = self.targets.get(*self.by_id.get(&id)?)?;
        let Ok(ledger) = self.ledger(invocation) else { return why_rule(invocation, target.rule(), text) };
        let explained = ledger.explain_target(id, text, false, &invocation.limits).ok()??;
        if explained.eligible == Truth::True {
            return holds(target.rule());
        }
        // The others say whether it is booked, and not whether it is eligible.
        let decides = [TargetPartKind::Active, TargetPartKind::Filter, TargetPartKind::Rule];
        let parts = explained.parts.iter();
        let parts = parts.filter(|part| decides.contains(&part.part) && part.outcome == explained.eligible);
        let notes: Vec<&str> = parts.map(|part| part.note.as_str()).collect();
        sentence(&notes)
    }
}
