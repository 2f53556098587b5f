//! Promises of analysis: what is proved of two rules holds of every document that
//! is at hand, and what is shown is so; what is told to make a rule true does, what
//! is left of a rule decides as the rule does, and a rule for examples tells them
//! apart.

use target_rules::diagnostic::{Form, Suggestion};
use target_rules::{Checked, Layout, Limits, Rule, Schema, Truth, Zone};
use target_rules_analysis::{
    Difference, FindingKind, Options, Overlap, SynthesisOptions, Verdict, diff, diff_three_valued, lint,
    lint_written, nearest, overlap, residual, synthesise,
};

use super::inputs::{must, read_and_check, text_of};
use super::rules::SAMPLES;

/// So much is looked at for one question: an answer may be that it is not known.
const WORK: usize = 20_000;

/// Two rules, the first line and the rest, are compared and linted: each witness is
/// decided as it is told, no sample denies what is proved, and an edit changes no
/// result. Each is asked for what is nearest and what is left, and its results on
/// the samples make examples.
pub fn analysis_in(data: &[u8]) {
    let input = text_of(data);
    let (old, new) = input.split_once('\n').unwrap_or((input, input));
    let checked = |text: &str| read_and_check(Form::Dsl, text).and_then(Checked::into_rule).ok();
    let (Some(old_rule), Some(new_rule)) = (checked(old), checked(new)) else { return };
    let options = Options { work: WORK, ..Options::default() };
    compared(&old_rule, &new_rule, &options);
    for (text, rule) in [(old, &old_rule), (new, &new_rule)] {
        linted(text, rule, &options);
        moved(rule, &options);
        assert_ne!(
            diff(rule, rule, &options).verdict,
            Verdict::Different,
            "a rule differs from itself: {text}"
        );
    }
}

/// What two rules come to on a document; nothing where it is none for them.
fn results(rules: [&Rule; 2], document: &str) -> Option<[Truth; 2]> {
    let transaction = Layout::of(rules).read(document, &Limits::default()).ok()?;
    Some(rules.map(|rule| rule.decide(&transaction, &Zone::UTC).result))
}

fn compared(old: &Rule, new: &Rule, options: &Options) {
    let told = || format!("{}\n{}", old.to_text(), new.to_text());
    let (plain, fine) = (diff(old, new, options), diff_three_valued(old, new, options));
    for difference in [&plain, &fine] {
        for witness in &difference.witnesses {
            let shown = results([old, new], &witness.transaction);
            assert_eq!(shown, Some([witness.old, witness.new]), "{}\n{}", witness.transaction, told());
        }
        assert_eq!(difference.why.is_empty(), difference.verdict != Verdict::Unknown, "{}", told());
    }
    let together = overlap(old, new, options);
    if let Overlap::Possible(document) = &together {
        assert_eq!(results([old, new], document), Some([Truth::True; 2]), "{document}\n{}", told());
    }
    for document in SAMPLES {
        let Some([of_old, of_new]) = results([old, new], document) else { continue };
        assert!(allows(&plain, of_old, of_new), "{:?}: {document}\n{}", plain.verdict, told());
        assert!(fine.verdict != Verdict::Equivalent || of_old == of_new, "{document}\n{}", told());
        let both = of_old.is_true() && of_new.is_true();
        assert!(!(both && together == Overlap::Impossible), "{document}\n{}", told());
    }
}

/// Whether results are such as a verdict allows.
fn allows(difference: &Difference, old: Truth, new: Truth) -> bool {
    let (old, new) = (old.is_true(), new.is_true());
    match difference.verdict {
        Verdict::Equivalent => old == new,
        Verdict::Narrower => old || !new,
        Verdict::Wider => new || !old,
        Verdict::Disjoint => !(old && new),
        Verdict::Different | Verdict::Unknown => true,
    }
}

fn linted(text: &str, rule: &Rule, options: &Options) {
    for finding in lint(rule, options) {
        for document in SAMPLES {
            let Some([result, _]) = results([rule, rule], document) else { continue };
            let holds = match finding.kind {
                FindingKind::NeverTrue => !result.is_true(),
                FindingKind::AlwaysTrue => result.is_true(),
                FindingKind::NeverDecided => result.is_unknown(),
                _ => true,
            };
            assert!(holds, "{:?} is said, and {document} denies it: {text}", finding.kind);
        }
    }
    let found = lint_written(rule, text, &Schema::standard(), options);
    let edits = found.iter().flat_map(|found| &found.diagnostic.suggestions);
    let (safe, doubted): (Vec<&Suggestion>, Vec<&Suggestion>) = edits.partition(|edit| edit.is_safe());
    // All that are safe go together, any other by itself.
    if !safe.is_empty() {
        keeps(text, rule, &safe);
    }
    doubted.into_iter().for_each(|edit| keeps(text, rule, &[edit]));
}

fn keeps(text: &str, rule: &Rule, edits: &[&Suggestion]) {
    let edited = Suggestion::apply_all(text, edits.iter().copied());
    let after = must(read_and_check(Form::Dsl, &edited).and_then(Checked::into_rule), "an edit makes a rule");
    for document in SAMPLES {
        if let Some([before, after]) = results([rule, &after], document) {
            assert_eq!(before, after, "{document}\n{text}\n{edited}");
        }
    }
}

/// What changes, what is left and what examples say, of one rule and the samples.
fn moved(rule: &Rule, options: &Options) {
    let schema = Schema::standard();
    let (mut counting, mut others) = (Vec::new(), Vec::new());
    for document in SAMPLES {
        let Some([result, _]) = results([rule, rule], document) else { continue };
        let near = must(nearest(rule, document, &schema, options), "it can be read");
        assert_eq!(near.result, result, "{document}\n{}", rule.to_text());
        assert!(near.nudges.is_empty() || !result.is_true(), "{document}\n{}", rule.to_text());
        for nudge in &near.nudges {
            let changed = results([rule, rule], &nudge.transaction);
            assert_eq!(changed, Some([Truth::True; 2]), "{}\n{}", nudge.transaction, rule.to_text());
        }
        let left = must(residual(rule, document, &schema, options), "it can be read");
        assert_eq!(results([rule, &left], document), Some([result; 2]), "{document}\n{}", left.to_text());
        if result.is_true() { counting.push(document) } else { others.push(document) }
    }
    let small = SynthesisOptions { nodes: 3, questions: 200, kept: 500, steps: 5_000, ..Default::default() };
    let Ok(found) = synthesise(&counting, &others, &schema, &small) else { return };
    for told in found.best.iter().chain(&found.second) {
        let holds =
            |document: &&str| results([&told.rule, rule], document).is_some_and(|[told, _]| told.is_true());
        assert!(counting.iter().all(holds) && !others.iter().any(holds), "{}", told.rule.to_text());
    }
}
