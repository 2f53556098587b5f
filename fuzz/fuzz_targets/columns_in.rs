#![no_main]

// The library that reads Parquet panics at some damaged files, which is caught and told as an
// error. The hook of libFuzzer would end the process before that; a panic that isn't caught still
// ends it.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |data: &[u8]| target_rules_testing::promises::columns_in(data)
);
