//! `lint`: what can be proved to be wrong in a rule, or in the targets of a payload.

use std::collections::{BTreeMap, HashMap};

use loyalty_targets::{Alike, CheckedTarget, Payload, PayloadTarget};
use serde::Serialize;
use serde_json::value::RawValue;
use target_rules::Rule;
use target_rules::check::check_forms;
use target_rules::diagnostic::{
    Confidence, Diagnostic, FileDiagnostic, Fixed, Form, Shown, Source, Span, Suggestion, render, visible,
};
use target_rules_analysis::{
    LintedClause, Options, Relation, RelationKind, Witness, lint_written, relations,
};

use super::arguments::RuleOrTargets;
use super::choice::Format;
use super::count::{Count, plural};
use super::fix::{self, FixOutput, FixedFile};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::screen::{self, Tell};
use super::{rules, targets};

/// What is found in one rule or target.
#[derive(Serialize)]
struct Report<'p, D> {
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'p str>,
    ok: bool,
    diagnostics: Vec<D>,
}

/// A finding at its place in a file, and what proves it.
#[derive(Serialize)]
struct InFile {
    #[serde(flatten)]
    found: FileDiagnostic,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Shows>,
}

/// What shows a finding: a transaction, or one that tells two targets apart.
#[derive(Serialize)]
#[serde(untagged)]
enum Shows {
    Transaction { transaction: Box<RawValue> },
    Between(Witness),
}

impl Shows {
    fn transaction(document: String) -> Option<Shows> {
        Some(Shows::Transaction { transaction: RawValue::from_string(document).ok()? })
    }
}

pub(crate) fn lint(invocation: &Invocation, of: &RuleOrTargets) -> Outcome {
    let found = match &of.targets {
        Some(path) => {
            let payload = targets::shown_payload(invocation, path)?;
            lint_targets(invocation, &payload, path, true)?
        }
        None => {
            let (rule, source) = rules::rule_of(invocation, of.rule())?;
            lint_rule(invocation, &rule, &source, true)?
        }
    };
    ended(invocation, found)
}

/// The same with all edits made that are proved to keep the meaning; what is left
/// is told.
pub(crate) fn fix(invocation: &Invocation, of: &RuleOrTargets, output: FixOutput) -> Outcome {
    fix::refuse(invocation, of.targets.as_deref(), output, "`--targets FILE`")?;
    let options = invocation.analysis_options();
    let words = output.leaves_the_output();
    let found = match &of.targets {
        Some(path) => {
            let payload = targets::shown_payload(invocation, path)?;
            // A payload with faults is none to be edited.
            targets::checked_in(invocation, &payload, (path, ""))?;
            let fixed = Fixed::of(payload.text(), |text| edits_of_targets(invocation, text, &options));
            fix::put(invocation, path, payload.text(), &fixed.clone().into(), output)?;
            match targets::payload_of(invocation, &fixed.text) {
                Ok(payload) => lint_targets(invocation, &payload, path, words)?,
                Err(_) => Count::default(),
            }
        }
        None => {
            let (_, source) = rules::rule_of(invocation, of.rule())?;
            let fixed = Fixed::of(source.text(), |text| edits_of_rule(invocation, text, &options));
            let after = FixedFile::of_rule(&fixed);
            fix::put(invocation, "rule", &fix::ended_line(source.text()), &after, output)?;
            let (source, checked) = rules::checked(invocation, &fixed.text);
            match checked.map(|checked| checked.into_rule()) {
                Ok(Ok(rule)) => lint_rule(invocation, &rule, &source, words)?,
                _ => Count::default(),
            }
        }
    };
    ended(invocation, found)
}

/// All that is found is a warning.
fn ended(invocation: &Invocation, found: Count) -> Outcome {
    if !found.is_zero() && invocation.deny_warnings { Err(Failure::Faults) } else { Ok(()) }
}

fn edits_of_rule(invocation: &Invocation, text: &str, options: &Options) -> Vec<Suggestion> {
    let found = twins(invocation, text, options).into_iter();
    found.flat_map(|found| found.diagnostic.suggestions).collect()
}

fn edits_of_targets(invocation: &Invocation, text: &str, options: &Options) -> Vec<Suggestion> {
    let Ok(payload) = targets::payload_of(invocation, text) else { return Vec::new() };
    let mut edits = Vec::new();
    for target in payload.targets() {
        let report = target.check(&invocation.schema, &invocation.limits);
        let Some(checked) = report.target else { continue };
        let found = of_rule(invocation, (&payload, &target), checked.rule(), options);
        edits.extend(found.iter().flat_map(|found| found.found.suggestions_in_file()).cloned());
    }
    edits
}

/// Tells what is found in a rule, and how much that is.
fn lint_rule(invocation: &Invocation, rule: &Rule, source: &Source, words: bool) -> Result<Count, Failure> {
    let found = lint_written(rule, source.text(), &invocation.schema, &invocation.analysis_options());
    let mut out = screen::results();
    let count = Count::from(found.len());
    if invocation.format == Format::Json {
        out.json(&Report { id: None, pointer: None, ok: true, diagnostics: found })?;
    } else if found.is_empty() {
        if words {
            writeln!(out, "ok")?;
        }
    } else {
        let err = &mut screen::messages();
        for LintedClause { diagnostic, .. } in
            found.iter().filter(|found| invocation.shows(&found.diagnostic))
        {
            err.tell(&render(diagnostic, source, "rule", invocation.colour));
            err.tell(&Shown::lines("\n"));
        }
    }
    out.flush()?;
    Ok(count)
}

/// The same of the targets of a payload.
fn lint_targets(
    invocation: &Invocation,
    payload: &Payload,
    path: &str,
    words: bool,
) -> Result<Count, Failure> {
    let checked = targets::checked_in(invocation, payload, (path, ""))?;
    let options = invocation.analysis_options();
    let mut among = among(payload, &checked, &options);
    let mut out = screen::results();
    let mut count = Count::default();
    for (at, (target, checked)) in payload.targets().zip(&checked).enumerate() {
        let mut found = of_rule(invocation, (payload, &target), checked.rule(), &options);
        found.extend(among.remove(&at));
        found.sort_by_key(|found| (found.found.file.span, found.found.diagnostic.code.name()));
        count.add(found.len());
        let id = Some(checked.id());
        if invocation.format == Format::Json {
            out.json(&Report { id, pointer: Some(target.pointer()), ok: true, diagnostics: found })?;
            continue;
        }
        if !found.is_empty() {
            out.flush()?;
            let shown = found.iter().map(|found| &found.found);
            let shown = shown.filter(|found| invocation.shows(&found.diagnostic));
            invocation.show_in_file(&mut screen::messages(), shown, payload.text(), path);
        }
        match found.len() {
            _ if !words => {}
            0 => writeln!(out, "target {}: ok", checked.id())?,
            some => writeln!(out, "target {}: {}", checked.id(), plural(Count::from(some), "finding"))?,
        }
    }
    out.flush()?;
    Ok(count)
}

/// What is found in the rule of a target, at its place in the payload.
fn of_rule(
    invocation: &Invocation,
    (payload, target): (&Payload, &PayloadTarget<'_>),
    rule: &Rule,
    options: &Options,
) -> Vec<InFile> {
    let form = rule.form();
    let Some(text) = target.form(form) else { return Vec::new() };
    let found = lint_written(rule, &text, &invocation.schema, options);
    let other = if form == Form::Tree { Form::Dsl } else { Form::Tree };
    let other = target.form(other);
    let edited = found.iter().any(|found| !found.diagnostic.suggestions.is_empty());
    // An edit of one form alone would set the two at odds.
    let twins = match &other {
        Some(other) if edited => twins(invocation, other, options),
        _ => Vec::new(),
    };
    let in_file = |found: LintedClause| {
        let LintedClause { diagnostic, why, number, witness, .. } = found;
        let twin = twins.iter().find(|twin| twin.number == number && twin.diagnostic.code == diagnostic.code);
        let mut placed = target.placed([diagnostic]).pop()?;
        if let Some(other) = &other {
            let both = twin.and_then(|twin| {
                let forms = [(text.as_str(), &placed.diagnostic), (other.as_str(), &twin.diagnostic)];
                agree(invocation, forms).then_some(())?;
                let in_other = target.placed([twin.diagnostic.clone()]);
                let placed = in_other.iter().chain([&placed]);
                let edits: Vec<&Suggestion> =
                    placed.filter_map(|placed| placed.suggestions_in_file().first()).collect();
                let safe = edits.iter().all(|edit| edit.is_safe());
                let confidence = if safe { Confidence::Safe } else { Confidence::Guess };
                let edits = edits.into_iter().flat_map(Suggestion::edits).cloned().collect();
                Some(Suggestion::several(payload.text(), edits, confidence))
            });
            if both.is_none() {
                placed.diagnostic.suggestions.clear();
            }
            placed = placed.suggest_in_file(both.into_iter().collect());
        }
        Some(InFile { found: placed, why, witness: witness.and_then(Shows::transaction) })
    };
    found.into_iter().filter_map(in_file).collect()
}

/// The same findings in the other form of a rule.
fn twins(invocation: &Invocation, text: &str, options: &Options) -> Vec<LintedClause> {
    match rules::checked(invocation, text).1.map(|checked| checked.into_rule()) {
        Ok(Ok(rule)) => lint_written(&rule, text, &invocation.schema, options),
        _ => Vec::new(),
    }
}

/// Whether the two forms of a rule say the same once each has its edit.
fn agree(invocation: &Invocation, forms: [(&str, &Diagnostic); 2]) -> bool {
    let (mut text, mut tree) = (None, None);
    for (written, diagnostic) in forms {
        let Some(edit) = diagnostic.suggestions.first() else { return false };
        let edited = Suggestion::apply_all(written, [edit]);
        match diagnostic.form {
            Form::Tree => tree = Some(edited),
            _ => text = Some(edited),
        }
    }
    check_forms(text.as_deref(), tree.as_deref(), &invocation.schema, &invocation.limits).is_ok()
}

/// What is found among the targets that count alike, by the position of each.
fn among(payload: &Payload, checked: &[CheckedTarget], options: &Options) -> BTreeMap<usize, InFile> {
    let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut first: HashMap<Alike, usize> = HashMap::new();
    for (at, target) in checked.iter().enumerate() {
        let of = *first.entry(target.alike(&options.zone)).or_insert(at);
        alike.entry(of).or_default().push(at);
    }
    let mut related: BTreeMap<usize, (usize, Relation)> = BTreeMap::new();
    for positions in alike.values().filter(|positions| positions.len() > 1) {
        let rules: Vec<&Rule> = positions.iter().filter_map(|at| Some(checked.get(*at)?.rule())).collect();
        for relation in relations(&rules, options) {
            if let (Some(of), Some(to)) = (positions.get(relation.of), positions.get(relation.to)) {
                related.insert(*of, (*to, relation));
            }
        }
    }
    let targets: Vec<PayloadTarget<'_>> = match related.is_empty() {
        true => Vec::new(),
        false => payload.targets().collect(),
    };
    let found = related.into_iter().filter_map(|(of, (to, relation))| {
        Some((of, of_relation(targets.get(of)?, checked.get(to)?, relation)))
    });
    found.collect()
}

/// A target that counts what another one counts.
fn of_relation(target: &PayloadTarget<'_>, other: &CheckedTarget, relation: Relation) -> InFile {
    let named = match other.name() {
        Some(name) => format!("target {} ({})", other.id(), visible(name)),
        None => format!("target {}", other.id()),
    };
    let (message, help) = match relation.kind {
        RelationKind::Same => (
            format!("this target counts the same as {named}, by the same rule"),
            "remove one of the two, or say what was to differ",
        ),
        RelationKind::Equivalent => (
            format!("this target counts the same as {named}: their rules are true for the same transactions"),
            "remove one of the two, or say what was to differ",
        ),
        RelationKind::Narrower => (
            format!("all that counts for this target counts for {named} as well, and alike"),
            "let the other rule leave out what this one counts, if nothing is to count for both",
        ),
    };
    let why = match relation.kind {
        RelationKind::Same => "both rules have one canonical text",
        RelationKind::Equivalent => "both rules are true for the same transactions",
        RelationKind::Narrower => "the other rule is true wherever this one is",
    };
    let diagnostic = Diagnostic::new(relation.kind.code(), Span::default(), message).help(help);
    InFile {
        found: target.placed_whole(diagnostic),
        why: why.to_owned(),
        witness: relation.witness.map(Shows::Between),
    }
}
