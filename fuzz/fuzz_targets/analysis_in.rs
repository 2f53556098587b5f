#![no_main]

use target_rules_testing::promises;

libfuzzer_sys::fuzz_target!(|data: &[u8]| promises::analysis_in(data));
