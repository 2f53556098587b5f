#![no_main]

use target_rules_fuzz::{promises, written::WrittenRule};

libfuzzer_sys::fuzz_target!(|rule: WrittenRule| promises::round_trip(rule.text.as_bytes()));
