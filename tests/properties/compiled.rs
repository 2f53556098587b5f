//! Every engine decides as the interpreter, reasons included, with each
//! optimisation switched off too.

use proptest::prelude::*;
use target_rules::{Layout, Rule};

use target_rules_testing::engines::dissent;
use target_rules_testing::generate::{self, checked, tries};

proptest! {
    #![proptest_config(tries(60))]

    /// One rule, in a layout of its own.
    #[test]
    fn engines_agree_on_a_rule(case in generate::cases()) {
        let rule = checked(&case.rule.text());
        let transaction = generate::read(&[&rule], &case.transaction);
        let found = dissent(&Layout::of([&rule]), &rule, &transaction, &generate::zone(case.zone));
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
    }

    /// Several rules that share a layout, and with it what is read and kept.
    #[test]
    fn engines_agree_on_rules_of_one_layout(case in generate::sets(6)) {
        let rules: Vec<Rule> = case.rules.iter().map(|rule| checked(&rule.text())).collect();
        let layout = Layout::of(&rules);
        let transaction = layout.read(&case.transaction.to_string(), &Default::default()).unwrap();
        for rule in &rules {
            let found = dissent(&layout, rule, &transaction, &generate::zone(case.zone));
            prop_assert!(found.is_empty(), "{}: {}", rule.to_text(), found.join("\n"));
        }
    }
}
