//! Text, syntax tree and expression tree say the same, and say it back.

use proptest::prelude::*;
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Limits, Rule, Schema, check_forms};

use target_rules_testing::generate::{self, Case, checked, mutation, rule, text::spaced, tries};

const STYLES: [TreeStyle; 3] = [TreeStyle::Compact, TreeStyle::Spaced, TreeStyle::Pretty];

fn tree_of(rule: &Rule, style: TreeStyle) -> String {
    rule.to_tree(style, Limits::default().rule_tree).unwrap()
}

fn checked_tree(tree: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_tree(tree, &limits)
        .and_then(|ast| ast.check(&Schema::standard(), &limits).into_rule())
        .unwrap_or_else(|refused| panic!("a tree that was written is refused: {refused}\n  {tree}"))
}

proptest! {
    #![proptest_config(tries(60))]

    /// Canonical text is what the law says it is, and its own canonical text.
    #[test]
    fn canonical_text_is_its_own_canonical_text(rule in rule::rules()) {
        let text = rule.text();
        prop_assert_eq!(checked(&text).to_text(), text);
    }

    /// White space and brackets that change nothing are not in the canonical text.
    #[test]
    fn untidy_text_has_the_same_canonical_text(
        rule in rule::rules(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let untidy = rule.untidy(&choices);
        let read = checked(&untidy);
        prop_assert_eq!(read.to_text(), rule.text(), "{}", untidy);
        prop_assert!(read == checked(&rule.text()));
    }

    /// White space anywhere between tokens gives the same syntax tree.
    #[test]
    fn white_space_changes_nothing(
        rule in rule::rules(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let limits = Limits::default();
        let spaced = spaced(&rule.tokens(), &choices);
        let (plain, spaced) = (Ast::from_text(&rule.text(), &limits), Ast::from_text(&spaced, &limits));
        prop_assert!(plain.is_ok() && plain == spaced);
    }

    /// A tree in any style is read as what it was written of, and written back
    /// byte for byte; its text is the text.
    #[test]
    fn a_tree_is_written_back_byte_for_byte(rule in rule::rules()) {
        let limits = Limits::default();
        let text = rule.text();
        let of_text = checked(&text);
        for style in STYLES {
            let tree = tree_of(&of_text, style);
            let of_tree = checked_tree(&tree);
            prop_assert!(of_tree == of_text, "{}", tree);
            prop_assert_eq!(of_tree.to_text(), text.clone());
            prop_assert_eq!(tree_of(&of_tree, style), tree.clone());
            prop_assert!(Ast::from_tree(&tree, &limits) == Ast::from_text(&text, &limits));
        }
        let compact = tree_of(&of_text, TreeStyle::Compact);
        let both = check_forms(Some(&text), Some(&compact), &Schema::standard(), &limits);
        prop_assert!(both.is_ok(), "{}: {}", both.unwrap_err(), text);
    }

    /// A tree is read whatever the order of its keys, and without its types
    /// where text would not need them.
    #[test]
    fn keys_of_a_tree_come_in_any_order(rule in rule::rules(), reversed in any::<u64>()) {
        let of_text = checked(&rule.text());
        let tree: serde_json::Value = serde_json::from_str(&tree_of(&of_text, TreeStyle::Compact)).unwrap();
        let mut choices = reversed;
        prop_assert!(checked_tree(&reordered(&tree, &mut choices)) == of_text);
    }

    /// Text and tree decide alike, with the same reasons.
    #[test]
    fn text_and_tree_decide_alike(case in generate::cases()) {
        let Case { rule, transaction, zone } = case;
        let zone = generate::zone(zone);
        let of_text = checked(&rule.text());
        let of_tree = checked_tree(&tree_of(&of_text, TreeStyle::Compact));
        let transaction = generate::read(&[&of_text, &of_tree], &transaction);
        let (left, right) = (of_text.decide(&transaction, &zone), of_tree.decide(&transaction, &zone));
        prop_assert_eq!(left.result, right.result);
        prop_assert_eq!(left.absent, right.absent);
        prop_assert_eq!(left.items, right.items);
        let codes = |faults: &[target_rules::interpret::Fault]| faults.iter().map(|fault| fault.code).collect::<Vec<_>>();
        let (mut left, mut right) = (codes(&left.faults), codes(&right.faults));
        left.sort();
        right.sort();
        prop_assert_eq!(left, right);
    }

    /// A rule with a fault is refused; every diagnostic of a node bears the
    /// text of a node, and each label too.
    #[test]
    fn the_spans_of_faults_are_nodes(
        rule in mutation::ill_typed(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let limits = Limits::default();
        let text = rule.untidy(&choices);
        let checked = Ast::from_text(&text, &limits).unwrap().check(&Schema::standard(), &limits);
        prop_assert!(checked.rule().is_none(), "accepted: {}", text);
        prop_assert!(checked.diagnostics().has_errors());
        for found in checked.diagnostics() {
            let spans = std::iter::once(found.span).chain(found.labels.iter().map(|label| label.span));
            for span in spans {
                let part = text.get(span.range());
                prop_assert!(part.is_some(), "{} is outside of {}", found.code, text);
                let part = part.unwrap();
                prop_assert_eq!(part.trim_start(), part, "{}: white space before a node", found.code);
                prop_assert!(
                    Ast::from_text(part, &limits).is_ok(),
                    "{}: `{}` is no node of {}", found.code, part, text
                );
            }
        }
    }

    /// In a tree the place of a fault is a node or a part of one, and its
    /// pointer leads there.
    #[test]
    fn the_pointers_of_faults_lead_to_their_places(
        rule in rule::rules(),
        style in prop::sample::select(&STYLES[..]),
        at in any::<prop::sample::Index>(),
    ) {
        let limits = Limits::default();
        // A name that nobody has, in the place of one profile's.
        let tree = tree_of(&checked(&rule.text()), style);
        let places: Vec<usize> = tree.match_indices("\"current").map(|(at, _)| at).collect();
        prop_assume!(!places.is_empty());
        let mut tree = tree;
        tree.insert_str(places[at.index(places.len())] + 1, "zzz");
        let Ok(ast) = Ast::from_tree(&tree, &limits) else { return Ok(()) };
        let checked = ast.check(&Schema::standard(), &limits);
        let document: serde_json::Value = serde_json::from_str(&tree).unwrap();
        for found in checked.diagnostics() {
            let part = tree.get(found.span.range());
            prop_assert!(part.is_some(), "{} is outside of {}", found.code, tree);
            let pointed = found.pointer.as_ref().and_then(|pointer| document.pointer(pointer));
            prop_assert!(pointed.is_some(), "{} points nowhere in {}", found.code, tree);
            let of_place: Option<serde_json::Value> = serde_json::from_str(part.unwrap()).ok();
            prop_assert_eq!(of_place.as_ref(), pointed, "{}: {}", found.code, tree);
        }
    }
}

/// A tree as JSON with the keys of each node turned round as the bits say.
fn reordered(node: &serde_json::Value, choices: &mut u64) -> String {
    match node {
        serde_json::Value::Object(entries) => {
            let mut entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("\"{key}\": {}", reordered(value, choices)))
                .collect();
            *choices = choices.rotate_left(3).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let by = (*choices % 4) as usize % entries.len();
            entries.rotate_left(by);
            format!("{{{}}}", entries.join(" , "))
        }
        serde_json::Value::Array(entries) => {
            let entries: Vec<String> = entries.iter().map(|entry| reordered(entry, choices)).collect();
            format!("[{}]", entries.join("\n,"))
        }
        scalar => scalar.to_string(),
    }
}
