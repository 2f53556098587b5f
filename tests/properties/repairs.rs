//! Safe suggestions keep what the author meant.

use proptest::prelude::*;
use target_rules_testing::generate::{self, Case, checked, tries};
use target_rules_testing::repairs::{RuleCheck, mended};

/// A token as people write it wrong; and whether the rest of the rule can make
/// that a guess.
fn slipped(token: &str, choice: u8) -> (String, bool) {
    let of = |slips: &[&str]| format!(" {} ", slips[usize::from(choice) % slips.len()]);
    match token {
        "&&" if choice.is_multiple_of(3) => (of(&["and", "AND", "And"]), true),
        "||" if choice.is_multiple_of(3) => (of(&["or", "OR"]), true),
        "&&" => (of(&["&", "&&&", "&amp;&amp;", "\u{ff06}\u{ff06}"]), false),
        "||" => (of(&["|", "|||"]), false),
        "==" => (of(&["=", "===", "\u{2261}"]), false),
        "!=" => (of(&["<>", "!==", "\u{2260}"]), false),
        ">=" => (of(&["=>", "\u{2265}", "&gt;=", "&amp;gt;="]), false),
        "<=" => (of(&["=<", "\u{2264}", "&lt;="]), false),
        ">" => (of(&["&gt;", "\u{ff1e}"]), false),
        "<" => (of(&["&lt;"]), false),
        "*" => (of(&["\u{d7}"]), false),
        text if text.starts_with('"') && !text[1..text.len() - 1].contains(['"', '\\', '\'', '&']) => {
            let inner = &text[1..text.len() - 1];
            let quoted = [format!("\u{201c}{inner}\u{201d}"), format!("'{inner}'"), text.to_owned()];
            (quoted[usize::from(choice) % quoted.len()].clone(), false)
        }
        other => (other.to_owned(), false),
    }
}

proptest! {
    #![proptest_config(tries(200))]

    /// A rule whose signs and quotes are written wrong is mended to the rule
    /// that it was.
    #[test]
    fn slips_are_mended_to_what_was_meant(
        case in generate::cases(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let meant = checked(&case.rule.text()).to_text();
        // Where nothing can be told from entities, they are tried alone.
        let slips: Vec<(String, bool)> = case.rule.tokens().iter().enumerate()
            .map(|(at, token)| slipped(token, choices[at % choices.len()]))
            .collect();
        let text: String = slips.iter().map(|(slip, _)| slip.as_str()).collect();
        let mended = mended(&text);
        let accepted = RuleCheck::of_text(&mended).accepted;
        match accepted {
            Some(accepted) => {
                // `!x` was rewritten to `x==false`, and the canonical text keeps it.
                let plain = RuleCheck::of_text(&self::mended(&meant)).accepted;
                prop_assert_eq!(Some(accepted), plain, "{} became {}", text, mended);
            }
            None => {
                let guesses = slips.iter().any(|(_, guess)| *guess);
                prop_assert!(guesses, "{} became {}: {}", text, mended, RuleCheck::of_text(&mended).found);
            }
        }
    }

    /// What is suggested for a rule that is accepted changes no decision.
    #[test]
    fn safe_repairs_of_accepted_rules_decide_the_same(
        case in generate::cases(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let Case { rule, transaction, zone } = case;
        let untidy = rule.untidy(&choices);
        let mended = mended(&untidy);
        let left = RuleCheck::of_text(&mended).found;
        prop_assert!(left.iter().all(|found| found.code.name() != "extension"), "{}", mended);
        let decide = |text: &str| {
            let rule = checked(text);
            let decision = rule.decide(&generate::read(&[&rule], &transaction), &generate::zone(zone));
            (decision.result, decision.items, decision.absent)
        };
        prop_assert_eq!(decide(&untidy), decide(&mended), "{} became {}", untidy, mended);
    }
}
