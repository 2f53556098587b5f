#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| target_rules_testing::promises::sql_in(data));
