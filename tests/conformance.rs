//! The conformance suite: every case of `tests/conformance/*.json`, through
//! the public interface alone. `tests/conformance/README.md` says how another
//! implementation runs it.
//!
//! With `CONFORMANCE_REPORT` set, the cases are counted per file and nothing fails.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::Severity;
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Decision, Diagnostic, Diagnostics, Layout, Limits, Rule, Schema, Zone};
use target_rules_testing::engines;
use target_rules_testing::suite::text_of;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    #[serde(rename = "why")]
    _why: Option<String>,
    dsl: Option<Box<RawValue>>,
    tree: Option<Box<RawValue>>,
    transaction: Option<Box<RawValue>>,
    zone: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    errors: Option<Vec<Expected>>,
    warnings: Option<Vec<Expected>>,
    text: Option<String>,
    compact: Option<String>,
    pretty: Option<String>,
    spaced: Option<String>,
    result: Option<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    faults: Vec<ExpectedFault>,
    #[serde(default)]
    items: Vec<usize>,
    refused: Option<Expected>,
}

/// An error or a warning: its code, and what else the law fixes of it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    at: Option<String>,
    span: Option<(usize, usize)>,
    pointer: Option<String>,
    #[serde(default)]
    names: Vec<String>,
}

impl Expected {
    fn constraints(&self) -> usize {
        let places = [self.at.is_some(), self.span.is_some(), self.pointer.is_some()];
        places.into_iter().filter(|stated| *stated).count() + self.names.len()
    }
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct ExpectedFault {
    code: String,
    span: (usize, usize),
}

fn limits_of(case: &Case) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in &case.limits {
        let field = match name.as_str() {
            "rule_text" => &mut limits.rule_text,
            "rule_tree" => &mut limits.rule_tree,
            "depth" => &mut limits.depth,
            "open" => &mut limits.open,
            "nodes" => &mut limits.nodes,
            "errors" => &mut limits.errors,
            "transaction" => &mut limits.transaction,
            "transaction_depth" => &mut limits.transaction_depth,
            "transaction_array" => &mut limits.transaction_array,
            "regex" => &mut limits.regex,
            "regex_compiled" => &mut limits.regex_compiled,
            "regex_states" => &mut limits.regex_states,
            "regex_count" => &mut limits.regex_count,
            other => panic!("{}: no limit is named `{other}`", case.id),
        };
        *field = *value;
    }
    limits
}

/// What differs from what the case expects; empty where nothing does.
fn differences(case: &Case, schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    let limits = limits_of(case);
    let dsl = case.dsl.as_deref().map(text_of);
    let tree = case.tree.as_deref().map(text_of);
    let (rule, diagnostics) = check(dsl.as_deref(), tree.as_deref(), schema, &limits);
    let source = dsl.as_deref().or(tree.as_deref()).unwrap_or("");
    let of = |severity| diagnostics.iter().filter(move |diagnostic| diagnostic.severity == severity);
    compare("errors", case.errors.as_deref().unwrap_or(&[]), of(Severity::Error), source, &mut found);
    if let Some(warnings) = &case.warnings {
        compare("warnings", warnings, of(Severity::Warning), source, &mut found);
    }
    match (&rule, &case.errors) {
        (Some(rule), None) => decided(case, rule, &limits, &mut found),
        (Some(_), Some(_)) => found.push("the rule is accepted".to_owned()),
        (None, None) => found.push("the rule is refused".to_owned()),
        (None, Some(_)) => {}
    }
    found
}

fn check(
    dsl: Option<&str>,
    tree: Option<&str>,
    schema: &Schema,
    limits: &Limits,
) -> (Option<Rule>, Diagnostics) {
    let ast = match (dsl, tree) {
        (Some(dsl), None) => Ast::from_text(dsl, limits),
        (None, Some(tree)) => Ast::from_tree(tree, limits),
        _ => return check_forms_whole(dsl, tree, schema, limits),
    };
    match ast {
        Ok(ast) => {
            let checked = ast.check(schema, limits);
            (checked.rule().cloned(), checked.diagnostics().clone())
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

/// Codes are compared as a multiset; a place and a repair where the case gives one.
fn compare<'d>(
    what: &str,
    expected: &[Expected],
    actual: impl Iterator<Item = &'d Diagnostic>,
    source: &str,
    found: &mut Vec<String>,
) {
    let mut left: Vec<&Diagnostic> = actual.collect();
    // Those that say most choose first, so that a bare code takes what is left.
    let mut expected: Vec<&Expected> = expected.iter().collect();
    expected.sort_by_key(|one| std::cmp::Reverse(one.constraints()));
    for one in expected {
        match left.iter().position(|diagnostic| fits(one, diagnostic, source)) {
            Some(position) => {
                left.remove(position);
            }
            None => found.push(format!("{what}: expected {one:?}")),
        }
    }
    for diagnostic in left {
        let at = source.get(diagnostic.span.range()).unwrap_or("");
        let help = diagnostic.help.as_deref().unwrap_or("");
        found.push(format!("{what}: met {} at `{at}`: {} ({help})", diagnostic.code, diagnostic.message));
    }
}

fn fits(expected: &Expected, diagnostic: &Diagnostic, source: &str) -> bool {
    let span = diagnostic.span;
    let mut said = format!("{}\n{}", diagnostic.message, diagnostic.help.as_deref().unwrap_or(""));
    for label in &diagnostic.labels {
        said.push('\n');
        said.push_str(&label.message);
        said.push_str(source.get(label.span.range()).unwrap_or(""));
    }
    expected.code == diagnostic.code.name()
        && expected.at.as_ref().is_none_or(|at| source.get(span.range()) == Some(at))
        && expected.span.is_none_or(|expected| expected == (span.start().get(), span.end().get()))
        && expected.pointer.as_ref().is_none_or(|pointer| diagnostic.pointer.as_ref() == Some(pointer))
        && expected.names.iter().all(|name| said.contains(name.as_str()))
}

fn decided(case: &Case, rule: &Rule, limits: &Limits, found: &mut Vec<String>) {
    let mut same = |what: &str, expected: &Option<String>, actual: &dyn Fn() -> String| {
        if let Some(expected) = expected {
            let actual = actual();
            if *expected != actual {
                found.push(format!("{what}: expected `{expected}`, met `{actual}`"));
            }
        }
    };
    same("text", &case.text, &|| rule.to_text());
    for (what, style, expected) in [
        ("compact", TreeStyle::Compact, &case.compact),
        ("pretty", TreeStyle::Pretty, &case.pretty),
        ("spaced", TreeStyle::Spaced, &case.spaced),
    ] {
        same(what, expected, &|| rule.to_tree(style, limits.rule_tree).unwrap());
    }
    let Some(transaction) = &case.transaction else { return };
    let document = text_of(transaction);
    let zone = Zone::named(case.zone.as_deref().unwrap_or("UTC")).unwrap();
    let layout = Layout::of([rule]);
    match (layout.read(&document, limits), &case.refused) {
        (Ok(transaction), None) => {
            same_decision(case, &rule.decide(&transaction, &zone), found);
            found.extend(engines::dissent(&layout, rule, &transaction, &zone));
        }
        (Ok(_), Some(expected)) => found.push(format!("the transaction is read; expected {expected:?}")),
        (Err(diagnostics), None) => found.push(format!("the transaction is refused: {diagnostics}")),
        (Err(diagnostics), Some(expected)) => {
            compare("refused", std::slice::from_ref(expected), diagnostics.iter(), &document, found);
        }
    }
}

fn same_decision(case: &Case, decision: &Decision, found: &mut Vec<String>) {
    let result = serde_json::to_value(decision.result).unwrap();
    if Some(result.as_str().unwrap()) != case.result.as_deref() {
        found.push(format!("result: expected {:?}, met {result}", case.result));
    }
    if decision.absent != case.absent {
        found.push(format!("absent: expected {:?}, met {:?}", case.absent, decision.absent));
    }
    let form = if case.dsl.is_some() { "dsl" } else { "tree" };
    let faults: Vec<ExpectedFault> = decision
        .faults
        .iter()
        .map(|fault| {
            assert_eq!(serde_json::to_value(fault.form).unwrap(), form, "{}", case.id);
            ExpectedFault {
                code: fault.code.name().to_owned(),
                span: (fault.span.start().get(), fault.span.end().get()),
            }
        })
        .collect();
    if faults != case.faults {
        found.push(format!("faults: expected {:?}, met {faults:?}", case.faults));
    }
    if decision.items != case.items {
        found.push(format!("items: expected {:?}, met {:?}", case.items, decision.items));
    }
}

#[test]
fn every_case_is_decided_as_it_expects() {
    let report = std::env::var_os("CONFORMANCE_REPORT").is_some();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    let schema = Schema::standard();
    let mut ids = BTreeSet::new();
    let mut failures = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file: File = serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let (count, before) = (file.cases.len(), failures.len());
        for case in &file.cases {
            assert!(ids.insert(case.id.clone()), "{}: this id stands twice", case.id);
            assert!(states_something(case), "{}: this case expects nothing", case.id);
        }
        failures.extend(failures_of(&name, &file.cases, &schema));
        eprintln!("{name}: {} of {count} cases as expected", count - (failures.len() - before));
    }
    eprintln!("{} of {} cases as expected", ids.len() - failures.len(), ids.len());
    assert!(report || ids.len() >= 2_500, "only {} cases", ids.len());
    if report {
        eprintln!("{}", failures.join("\n"));
    } else {
        assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
    }
}

/// What differs in the cases of a file, which are shared out among all cores: they
/// are thousands, each decided by every engine.
fn failures_of(name: &str, cases: &[Case], schema: &Schema) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failures = |cases: &[Case]| -> Vec<String> {
        let found = cases.iter().map(|case| (case, differences(case, schema)));
        let differing = found.filter(|(_, found)| !found.is_empty());
        differing.map(|(case, found)| format!("{name} {}\n    {}", case.id, found.join("\n    "))).collect()
    };
    std::thread::scope(|scope| {
        let shares = cases.chunks(cases.len().div_ceil(threads).max(1));
        let running: Vec<_> = shares.map(|share| scope.spawn(move || failures(share))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// A case without an expectation could not fail.
fn states_something(case: &Case) -> bool {
    let rule = case.dsl.is_some() || case.tree.is_some();
    let decision = case.transaction.is_some() && (case.result.is_some() != case.refused.is_some());
    let written =
        case.text.is_some() || case.compact.is_some() || case.pretty.is_some() || case.spaced.is_some();
    rule && (case.errors.is_some() || case.warnings.is_some() || written || decision)
        && (case.result.is_none() || case.transaction.is_some())
        && (case.errors.is_none() || case.transaction.is_none())
}
