//! Every suggestion for a damaged rule, applied: the rule is better afterwards.
//!
//! What must hold of a suggestion that is applied alone, of whatever confidence:
//! what it was offered for is said less often than before (for a warning: and the
//! rule has no error more), and
//!
//! * the rule checks, or
//! * it has fewer errors than before, for it has several faults, or
//! * its text could not be read before and can be now: what is wrong with its
//!   names and types could not be told before.
//!
//! Safe suggestions are made to be applied together: one that does not do so alone
//! must do so with all others, or must have hidden one other fault of a text that
//! cannot be read, since reading ends at the first fault that nobody knows.
//!
//! Of those that are safe: a rule that was damaged by one slip and is accepted
//! once all safe suggestions are applied says what it said before the damage.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use super::damage;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRng, TestRunner};
use target_rules::diagnostic::{Form, Suggestion};
use target_rules_testing::generate::mutation::mutated_text;
use target_rules_testing::repairs::{RuleCheck, all_faults, mended};
use target_rules_testing::workloads::documented::Origin;

fn said(form: Form, text: &str) -> RuleCheck {
    RuleCheck::of(form, text, &all_faults())
}

/// What came of the suggestions that were tried.
#[derive(Default)]
struct Figures {
    rules: usize,
    suggestions: usize,
    safe: usize,
    checks: usize,
    fewer: usize,
    reads: usize,
    together: usize,
    uncovered: usize,
    /// Of each slip, the rules that say what they said once more.
    same_meaning: BTreeMap<&'static str, usize>,
    by_code: BTreeMap<&'static str, usize>,
    broken: Vec<String>,
}

impl Figures {
    /// Applies each suggestion for a rule by itself.
    fn try_each(&mut self, form: Form, text: &str) {
        self.rules += 1;
        let before = said(form, text);
        let safe = before.found.iter().flat_map(|found| &found.suggestions).filter(|way| way.is_safe());
        let together = said(form, &Suggestion::apply_all(text, safe));
        for diagnostic in &before.found {
            for suggestion in &diagnostic.suggestions {
                self.suggestions += 1;
                self.safe += usize::from(suggestion.is_safe());
                *self.by_code.entry(diagnostic.code.name()).or_default() += 1;
                let mended = Suggestion::apply_all(text, [suggestion]);
                let after = said(form, &mended);
                // A warning leaves the errors as many as they are.
                let most = before.errors() - usize::from(diagnostic.is_error());
                let gone = after.times(diagnostic) < before.times(diagnostic);
                if gone && after.accepted.is_some() {
                    self.checks += 1;
                } else if gone && after.reads >= before.reads && after.errors() <= most {
                    self.fewer += 1;
                } else if gone && after.reads && !before.reads {
                    self.reads += 1;
                } else if suggestion.is_safe()
                    && together.times(diagnostic) < before.times(diagnostic)
                    && (together.errors() < before.errors() || (together.reads && !before.reads))
                {
                    self.together += 1;
                } else if suggestion.is_safe() && gone && !before.reads && after.errors() <= before.errors() {
                    self.uncovered += 1;
                } else {
                    self.broken.push(format!(
                        "{}: {text}\n  becomes {mended}\n  was {:?}\n  is {:?}",
                        diagnostic.code,
                        lines(&before),
                        lines(&after)
                    ));
                }
            }
        }
    }

    /// Applies the safe suggestions for a rule that was damaged by one slip.
    fn try_meaning(&mut self, meant: &str, damaged: &str, slip: &'static str) {
        let mended = mended(damaged);
        let Some(accepted) = said(Form::Dsl, &mended).accepted else { return };
        let plain = said(Form::Dsl, &self::mended(meant)).accepted.unwrap();
        // What is a rule all the same was not mended.
        if !said(Form::Dsl, damaged).found.has_errors() {
            return;
        }
        if accepted == plain {
            *self.same_meaning.entry(slip).or_default() += 1;
        } else {
            self.broken.push(format!("{slip}: {meant}\n  damaged {damaged}\n  mended {mended}"));
        }
    }

    fn print(&self, of: &str) {
        println!(
            "{of}: {} rules, {} suggestions ({} safe) applied; then {} rules check, {} have fewer errors, {} can be \
             read, {} are better with all that is safe, {} show another fault; {} rules say what they said; {} broken",
            self.rules,
            self.suggestions,
            self.safe,
            self.checks,
            self.fewer,
            self.reads,
            self.together,
            self.uncovered,
            self.same_meaning.values().sum::<usize>(),
            self.broken.len()
        );
        println!("{:?}", self.by_code);
    }
}

fn lines(said: &RuleCheck) -> Vec<String> {
    said.found.iter().filter(|found| found.is_error()).map(ToString::to_string).take(4).collect()
}

/// Rules that people wrote: those of public documentation where they are, else
/// the ones that the repository keeps in their place.
fn real_rules() -> Vec<String> {
    let mut rules = match std::env::var_os("TARGET_RULES_SHARED") {
        Some(folder) => {
            let lines = std::fs::read_to_string(Path::new(&folder).join("corpus/expressions.jsonl")).unwrap();
            lines
                .lines()
                .map(|line| {
                    serde_json::from_str::<serde_json::Value>(line).unwrap()["dsl"]
                        .as_str()
                        .unwrap()
                        .to_owned()
                })
                .collect()
        }
        None => Origin::best().rules(),
    };
    rules.extend(damage::EXAMPLES.map(str::to_owned));
    rules
}

#[test]
fn suggestions_for_golden_inputs_mend_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut figures = Figures::default();
    for (kind, form) in [("rule", Form::Dsl), ("tree", Form::Tree)] {
        for file in std::fs::read_dir(root.join(kind)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let (input, _) = text.split_once("\n=====\n").unwrap();
            // Headers change limits, or escape what cannot be seen.
            if !input.starts_with("# ") {
                figures.try_each(form, input);
            }
        }
    }
    figures.print("golden");
    assert!(figures.suggestions > 250);
    assert!(figures.broken.is_empty(), "{}", figures.broken.join("\n"));
}

#[test]
fn suggestions_for_slips_mend_them_and_keep_what_was_meant() {
    let mut figures = Figures::default();
    let mut by_slip: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (number, rule) in real_rules().into_iter().enumerate() {
        let example = damage::EXAMPLES.contains(&rule.as_str());
        figures.try_each(Form::Dsl, &rule);
        let whole = said(Form::Dsl, &rule).accepted.is_some();
        for (at, (slip, damage)) in damage::SLIPS.iter().enumerate() {
            // A third of them, another one for each rule.
            if !example && (number + at) % 3 != 0 {
                continue;
            }
            for damaged in damage(&rule) {
                *by_slip.entry(slip).or_default() += 1;
                figures.try_each(Form::Dsl, &damaged);
                if whole {
                    figures.try_meaning(&rule, &damaged, slip);
                }
            }
        }
        for (meant, damaged) in damage::negated(&rule) {
            figures.try_each(Form::Dsl, &damaged);
            if whole {
                figures.try_meaning(&meant, &damaged, "not");
            }
        }
    }
    figures.print("slips");
    println!("{by_slip:?}");
    let never: Vec<&str> =
        damage::SLIPS.iter().map(|(slip, _)| *slip).filter(|slip| !by_slip.contains_key(slip)).collect();
    assert!(never.is_empty(), "no rule has a place for {never:?}");
    println!("{:?}", figures.same_meaning);
    let mended = |slip: &&str| figures.same_meaning.contains_key(slip);
    let slips = damage::SLIPS.iter().map(|(slip, _)| *slip).chain(["not"]);
    let unmended: Vec<&str> = slips.filter(|slip| !mended(slip)).collect();
    let guessed = damage::GUESSED.map(|(slip, _)| slip);
    assert_eq!(unmended, guessed, "slips of which no rule says again what it said");
    let lonely: Vec<_> = figures.same_meaning.iter().filter(|(_, rules)| **rules < 3).collect();
    assert!(lonely.is_empty(), "slips that rest on few rules: {lonely:?}");
    assert!(figures.broken.is_empty(), "{}", figures.broken.join("\n"));
}

#[test]
fn suggestions_for_mutated_rules_mend_them() {
    let config = Config::default();
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let mut figures = Figures::default();
    let texts = mutated_text();
    for _ in 0..2_000 {
        let text = texts.new_tree(&mut runner).unwrap().current();
        figures.try_each(Form::Dsl, &text);
    }
    figures.print("mutations");
    assert!(figures.suggestions > 500);
    assert!(figures.broken.is_empty(), "{}", figures.broken.join("\n"));
}
