//! Promises of rules: what is accepted survives the way through every form.

use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Form, Source};
use target_rules::rule::TreeStyle;
use target_rules::value::Pattern;
use target_rules::{Ast, Checked, Limits, Rule, Schema};

use super::decisions::decides;
use super::inputs::{read_and_check, text_of};
use super::refusals::{is_a_refusal, is_for_people, is_well_said};
use super::rules::RULES;

/// A text is read and checked or refused for a reason; a rule that checks
/// survives the way through every form.
pub fn text_in(data: &[u8]) {
    let text = text_of(data);
    if let Some(rule) = rule_of(Form::Dsl, text) {
        survives_every_form(&rule);
    }
}

/// The same of a tree.
pub fn tree_in(data: &[u8]) {
    let tree = text_of(data);
    if let Some(rule) = rule_of(Form::Tree, tree) {
        survives_every_form(&rule);
    }
}

/// A text that is a rule by construction is accepted, and survives the way
/// through every form.
pub fn round_trip(data: &[u8]) {
    let text = text_of(data);
    match rule_of(Form::Dsl, text) {
        Some(rule) => survives_every_form(&rule),
        None => panic!("a rule that is right by construction is refused: {text}"),
    }
}

/// A regular expression is compiled or refused for a reason, alone and in a
/// rule; what is compiled answers for any text. The text to search stands
/// after the last line feed.
pub fn regex_in(data: &[u8]) {
    let input = text_of(data);
    let (pattern, text) = input.rsplit_once('\n').unwrap_or((input, ""));
    let limits = Limits::default();
    if pattern.len() <= limits.regex {
        let compile = |whole| {
            Pattern::compile_within(
                pattern,
                whole,
                limits.regex_compiled,
                limits.regex_states,
                limits.regex_steps,
            )
        };
        let somewhere = compile(false);
        let whole = compile(true);
        match (&somewhere, &whole) {
            (Ok(somewhere), Ok(whole)) => {
                assert!(
                    !whole.is_match(text) || somewhere.is_match(text),
                    "{pattern} is the whole of {text}, and not found in it"
                );
            }
            (Err(error), _) | (_, Err(error)) => {
                assert!(error.start <= error.end, "{pattern}: an error ends before it starts");
                assert!(pattern.get(error.start..error.end).is_some(), "{pattern}: an error is nowhere");
                is_for_people(&error.message, pattern);
            }
        }
    }
    let rule = format!("currentTxn.notes.matches(\"{}\")", escaped(pattern));
    if let Some(rule) = rule_of(Form::Dsl, &rule) {
        let again = rule_of(Form::Dsl, &rule.to_text());
        assert!(again == Some(rule), "the canonical text says something else: {pattern}");
    }
}

/// A text as it stands between the quotes of a string.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The rule of a form, or `None` where it is refused as it should be.
pub(super) fn rule_of(form: Form, text: &str) -> Option<Rule> {
    let sources = [Source::new(form, text)];
    match read_and_check(form, text) {
        Err(refused) => {
            is_a_refusal(&refused, &sources);
            None
        }
        Ok(checked) => {
            is_well_said(checked.diagnostics(), &sources);
            assert_eq!(
                checked.rule().is_none(),
                checked.diagnostics().has_errors(),
                "accepted with an error, or refused without one: {text}"
            );
            checked.rule().cloned()
        }
    }
}

/// Text, tree, and back again say the same, and say it the same way.
pub(super) fn survives_every_form(rule: &Rule) {
    let limits = Limits::default();
    let text = rule.to_text();
    let read = |form: Form, written: &str| -> Rule {
        let checked = read_and_check(form, written);
        let rule = checked.and_then(Checked::into_rule);
        rule.unwrap_or_else(|refused| panic!("what was written is refused: {refused}: {written}"))
    };
    let from_text = read(Form::Dsl, &text);
    assert!(from_text == *rule, "the canonical text says something else: {text}");
    assert_eq!(from_text.to_text(), text, "the canonical text has a canonical text of its own");
    let mut trees = Vec::new();
    for style in [TreeStyle::Compact, TreeStyle::Spaced, TreeStyle::Pretty] {
        let tree = match rule.to_tree(style, limits.rule_tree) {
            Ok(tree) => tree,
            Err(too_large) => {
                is_for_people(&too_large.to_string(), "");
                continue;
            }
        };
        let from_tree = read(Form::Tree, &tree);
        assert!(from_tree == *rule, "the tree says something else: {text}");
        assert_eq!(from_tree.to_text(), text, "the tree's text is another");
        assert_eq!(from_tree.to_tree(style, limits.rule_tree).as_deref(), Ok(tree.as_str()), "{text}");
        let ast_of_text = Ast::from_text(&text, &limits);
        let ast_of_tree = Ast::from_tree(&tree, &limits);
        assert!(ast_of_text.is_ok() && ast_of_text == ast_of_tree, "both doors read another tree: {text}");
        trees.push((tree, from_tree));
    }
    if let Some((tree, from_tree)) = trees.first() {
        let (both, said) = check_forms_whole(Some(&text), Some(tree), &Schema::standard(), &limits);
        assert!(both.is_some(), "both forms of one rule disagree: {said}: {text}");
        for transaction in &RULES.samples {
            let of_rule = decides(rule, transaction);
            for (form, other) in [("text", &from_text), ("tree", from_tree)] {
                let of_other = decides(other, transaction);
                let same = of_rule.result == of_other.result
                    && of_rule.absent == of_other.absent
                    && of_rule.items == of_other.items
                    && of_rule.faults.len() == of_other.faults.len();
                assert!(same, "the rule and its {form} decide otherwise: {text}");
            }
        }
    }
}
