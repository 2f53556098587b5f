//! Every code has a page, and the examples of a page show just its code.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashSet;

use loyalty_targets::Payload;
use target_rules::audit::{Audit, Finding};
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Code, Severity, Span};
use target_rules::{Ast, Diagnostic, Layout, Limits, Schema, Zone};
use target_rules_analysis::{Options, Relation, lint, relations};

/// The fenced blocks of one example, by kind.
#[derive(Default)]
struct Example<'p> {
    schema: Option<&'p str>,
    rule: Option<&'p str>,
    tree: Option<&'p str>,
    transaction: Option<&'p str>,
    payload: Option<&'p str>,
}

impl<'p> Example<'p> {
    /// The blocks that follow the heading, up to the next text.
    fn after(page: &'p str, heading: &str) -> Example<'p> {
        let (_, mut rest) = page.split_once(heading).unwrap_or_else(|| panic!("no `{heading}` in: {page}"));
        let mut example = Example::default();
        while let Some(fence) = rest.strip_prefix("```") {
            let (kind, body) = fence.split_once('\n').unwrap();
            let (body, after) = body.split_once("\n```\n").unwrap();
            let place = match kind {
                "schema" => &mut example.schema,
                "rule" => &mut example.rule,
                "tree" => &mut example.tree,
                "transaction" => &mut example.transaction,
                "payload" => &mut example.payload,
                other => panic!("a block of unknown kind `{other}` in: {page}"),
            };
            assert!(place.replace(body).is_none(), "two blocks of one kind in: {page}");
            rest = after;
        }
        example
    }

    /// What `lint` says of the example: of a rule, or of the targets of a payload,
    /// all of which count alike here.
    fn lint(&self) -> HashSet<Code> {
        let (limits, schema) = (Limits::default(), Schema::standard());
        // West of UTC the last hours of 9999 are no instants.
        let zone = Zone::named("-05:00").unwrap();
        let options = Options { zone, ..Options::default() };
        let checked =
            |text: &str| Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap();
        let code = |relation: Relation| relation.kind.code();
        match self.payload {
            Some(payload) => {
                let payload = Payload::read(payload, &limits).unwrap();
                let targets: Vec<_> =
                    payload.targets().map(|target| target.check(&schema, &limits).target.unwrap()).collect();
                let rules: Vec<_> = targets.iter().map(|target| target.rule()).collect();
                relations(&rules, &options).into_iter().map(code).collect()
            }
            None => {
                let found = lint(&checked(self.rule.unwrap()), &options);
                found.into_iter().map(|found| found.kind.code()).collect()
            }
        }
    }

    /// What the library says of the example.
    fn run(&self) -> Vec<Diagnostic> {
        let limits = Limits::default();
        let schema = match self.schema {
            Some(text) => match Schema::standard().with(text, &limits) {
                Ok(schema) => schema,
                Err(faults) => return faults.into_iter().collect(),
            },
            None => Schema::standard(),
        };
        match *self {
            Example { payload: Some(payload), .. } => match Payload::read(payload, &limits) {
                Ok(payload) => {
                    let reports = payload.targets().map(|target| target.check(&schema, &limits));
                    let found = reports.flat_map(|report| report.diagnostics);
                    found.map(|located| located.diagnostic).collect()
                }
                Err(diagnostics) => diagnostics.into_iter().collect(),
            },
            Example { rule, transaction: Some(document), .. } => {
                let checked = |text| {
                    Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap()
                };
                let rule = rule.map(checked);
                let refused = Layout::of(&rule).read(document, &limits).err().unwrap_or_default();
                if !refused.is_empty() {
                    return refused.into_iter().collect();
                }
                let mut audit = Audit::new(&schema, &limits).rules(&rule);
                audit.add(document, 1);
                let diagnostic = |found: Finding| Diagnostic::new(found.code, Span::new(0, 0), found.message);
                audit.findings().into_iter().map(diagnostic).collect()
            }
            Example { rule, tree, .. } => {
                assert!(rule.is_some() || tree.is_some(), "an example without anything to check");
                check_forms_whole(rule, tree, &schema, &limits).1.into_iter().collect()
            }
        }
    }
}

/// The codes that only `lint` gives.
const OF_LINT: [Code; 10] = [
    Code::NeverTrue,
    Code::AlwaysTrue,
    Code::NeverDecided,
    Code::NoEffect,
    Code::Implied,
    Code::Contradiction,
    Code::Duplicate,
    Code::MissedEdge,
    Code::PlainPattern,
    Code::Subsumed,
];

#[test]
fn every_page_shows_its_code_and_the_repair() {
    for &code in Code::ALL {
        let heading = match code.severity() {
            Severity::Error => "\nRefused:\n",
            Severity::Warning => "\nWarned of:\n",
        };
        let (example, repaired) =
            (Example::after(code.page(), heading), Example::after(code.page(), "\nRepaired:\n"));
        if OF_LINT.contains(&code) {
            let said: Vec<Diagnostic> = example.run();
            assert!(said.iter().all(|said| !said.is_error()), "the example of {code} is refused: {said:?}");
            assert!(example.lint().contains(&code), "the faulty example of {code}: {:?}", example.lint());
            assert_eq!(repaired.lint(), HashSet::new(), "the repaired example of {code}");
            continue;
        }
        let faulty = example.run();
        let faulty: HashSet<Code> = faulty.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(faulty, HashSet::from([code]), "the faulty example of {code}");
        let repaired = repaired.run();
        let remains = repaired.iter().any(|diagnostic| diagnostic.is_error() || diagnostic.code == code);
        assert!(!remains, "the repaired example of {code}: {repaired:?}");
    }
}

#[test]
fn every_page_is_short_and_has_its_parts() {
    for &code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code}\n\n{}\n", code.summary())), "{code}");
        assert!(code.summary().len() > 30 && code.summary().ends_with('.'), "{code}: {}", code.summary());
        assert!(page.contains("\n\nThe language says: ") && page.ends_with(".\n"), "{code}");
        let lines = page.lines().count();
        assert!((10..=25).contains(&lines), "the page of {code} has {lines} lines");
    }
}

#[test]
fn no_page_is_left_behind_by_a_code_that_is_gone() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnostic/pages");
    let pages: HashSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(pages, Code::ALL.iter().map(|code| format!("{code}.md")).collect());
}
