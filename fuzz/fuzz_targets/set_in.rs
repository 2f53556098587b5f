#![no_main]

use target_rules_fuzz::{promises, written::WrittenRules};

libfuzzer_sys::fuzz_target!(|rules: WrittenRules| promises::set_in(rules.lines().as_bytes()));
