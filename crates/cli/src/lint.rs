//! `lint`: what can be proved to be wrong in a rule, or in the targets of a payload.

use std::collections::{BTreeMap, HashMap};

use loyalty_targets::{Alike, CheckedTarget, Payload, PayloadTarget};
use serde::Serialize;
use target_rules::Rule;
use target_rules::diagnostic::{Code, Diagnostic, FileDiagnostic, Form, Shown, Span, render, visible};
use target_rules_analysis::{
    LintedClause, Options, Relation, RelationKind, Witness, lint_written, relations,
};

use super::arguments::{Format, RuleOrTargets};
use super::count::{Count, plural};
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
    witness: Option<Witness>,
}

pub(crate) fn lint(invocation: &Invocation, of: &RuleOrTargets) -> Outcome {
    let found = match &of.targets {
        Some(path) => lint_targets(invocation, path)?,
        None => lint_rule(invocation, of.rule())?,
    };
    // All that is found is a warning.
    if found > 0 && invocation.deny_warnings { Err(Failure::Faults) } else { Ok(()) }
}

fn options(invocation: &Invocation) -> Options {
    Options { zone: invocation.zone.clone(), limits: invocation.limits.clone(), ..Options::default() }
}

/// Tells what is found in a rule, and how much that is.
fn lint_rule(invocation: &Invocation, argument: &str) -> Result<usize, Failure> {
    let (rule, source) = rules::rule_of(invocation, argument)?;
    let found = lint_written(&rule, source.text(), &invocation.schema, &options(invocation));
    let mut out = screen::results();
    let count = found.len();
    if invocation.format == Format::Json {
        out.json(&Report { id: None, pointer: None, ok: true, diagnostics: found })?;
    } else if found.is_empty() {
        writeln!(out, "ok")?;
    } else {
        let err = &mut screen::messages();
        for LintedClause { diagnostic, .. } in found.iter().filter(|found| invocation.shows(&found.diagnostic)) {
            err.tell(&render(diagnostic, &source, "rule", invocation.colour));
            err.tell(&Shown::lines("\n"));
        }
    }
    out.flush()?;
    Ok(count)
}

/// The same of the targets of a payload.
fn lint_targets(invocation: &Invocation, path: &str) -> Result<usize, Failure> {
    let payload = targets::shown_payload(invocation, path)?;
    let checked = targets::checked_in(invocation, &payload, (path, ""))?;
    let options = options(invocation);
    let mut among = among(&payload, &checked, &options);
    let mut out = screen::results();
    let mut all = Count::default();
    let mut count = 0_usize;
    for (at, (target, checked)) in payload.targets().zip(&checked).enumerate() {
        let mut found = of_rule(invocation, &target, checked.rule(), &options);
        found.extend(among.remove(&at));
        all.add(found.len());
        count = count.saturating_add(found.len());
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
    target: &PayloadTarget<'_>,
    rule: &Rule,
    options: &Options,
) -> Vec<InFile> {
    let Some(text) = target.form(rule.form()) else { return Vec::new() };
    let mut found = lint_written(rule, &text, &invocation.schema, options);
    let other = if rule.form() == Form::Tree { Form::Dsl } else { Form::Tree };
    if target.form(other).is_some() {
        // An edit of one form alone would set the two at odds.
        found.iter_mut().for_each(|found| found.diagnostic.suggestions.clear());
    }
    let why: Vec<String> = found.iter().map(|found| found.why.clone()).collect();
    let placed = target.placed(found.into_iter().map(|found| found.diagnostic));
    let in_file = |(found, why): (FileDiagnostic, String)| InFile { found, why, witness: None };
    placed.into_iter().zip(why).map(in_file).collect()
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
    let (code, message, help) = match relation.kind {
        RelationKind::Same => (
            Code::Duplicate,
            format!("this target counts the same as {named}, by the same rule"),
            "remove one of the two, or say what was to differ",
        ),
        RelationKind::Equivalent => (
            Code::Duplicate,
            format!("this target counts the same as {named}: their rules are true for the same transactions"),
            "remove one of the two, or say what was to differ",
        ),
        RelationKind::Narrower => (
            Code::Subsumed,
            format!("all that counts for this target counts alike for {named}"),
            "leave out of the other one what this one counts, if nothing is to count twice",
        ),
    };
    let why = match relation.kind {
        RelationKind::Same => "both rules have one canonical text",
        RelationKind::Equivalent => "both rules are true for the same transactions",
        RelationKind::Narrower => "the other rule is true wherever this one is",
    };
    let diagnostic = Diagnostic::new(code, Span::default(), message).help(help);
    InFile { found: target.placed_whole(diagnostic), why: why.to_owned(), witness: relation.witness }
}
