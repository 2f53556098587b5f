#![no_main]

use target_rules_fuzz::written::WrittenRule;
use target_rules_testing::promises;

libfuzzer_sys::fuzz_target!(|rule: WrittenRule| promises::round_trip(rule.text.as_bytes()));
