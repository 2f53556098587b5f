//! What the tests of the backtest share.

#![allow(dead_code, reason = "not every test needs all of it")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_backtest::{Finished, Options, PlainReading, Plan, Subject, run};
use target_rules_testing::workloads::{documented, documented_bills};

/// Files of transactions in a folder that goes away.
pub(crate) struct Files {
    pub(crate) folder: tempfile::TempDir,
    names: Vec<String>,
}

impl Files {
    pub(crate) fn of(files: &[(&str, Vec<String>)]) -> Files {
        let folder = tempfile::tempdir().unwrap();
        for (name, lines) in files {
            std::fs::write(folder.path().join(name), lines.join("\n")).unwrap();
        }
        Files { folder, names: files.iter().map(|(name, _)| (*name).to_owned()).collect() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.names.iter().map(|name| self.path(name).display().to_string()).collect()
    }
}

pub(crate) fn bills(count: usize) -> Vec<String> {
    documented_bills::bills(count, 1)
}

pub(crate) fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// So many rules as platforms have them.
pub(crate) fn rules(count: usize) -> Vec<Rule> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let all = &documented::KINDS[0];
    let rules = documented::rules(documented::Origin::Ours, all, count, 1, &schema, &limits);
    rules.into_iter().map(|(_, rule)| rule).collect()
}

pub(crate) fn options() -> Options {
    Options::default()
}

pub(crate) fn plan_of_rules(rules: &[Rule], options: Options) -> Plan {
    let subjects = (1..).zip(rules).map(|(number, rule)| Subject::rule(number.to_string(), rule.clone()));
    Plan::new(subjects.collect(), None, options).unwrap()
}

pub(crate) fn finished(plan: &Plan, paths: &[String]) -> Finished {
    let files = target_rules_backtest::Files::of(paths).unwrap();
    run(plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {}).unwrap()
}
