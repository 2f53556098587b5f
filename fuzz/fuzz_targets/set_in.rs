#![no_main]

use target_rules_fuzz::written::WrittenRules;
use target_rules_testing::promises;

libfuzzer_sys::fuzz_target!(|rules: WrittenRules| promises::set_in(rules.lines().as_bytes()));
