//! Schema files that are as large as they may be: each is merged in time that is
//! linear in it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Limits, Schema};
use target_rules_testing::oversized;
use target_rules_testing::workloads::clock::once;

/// How long a file takes, in seconds of this thread.
fn seconds(text: &str, accepted: bool) -> f64 {
    let limits = Limits::default();
    assert!(text.len() <= limits.schema, "{} bytes", text.len());
    let (nanoseconds, read) = once(|| Schema::standard().with(text, &limits));
    assert_eq!(read.is_ok(), accepted, "{:.300}", read.err().unwrap_or_default().to_string());
    nanoseconds / 1e9
}

/// Even without optimisation. Each took minutes of that when its time was that of
/// the square.
#[test]
fn no_file_takes_long() {
    let shapes = [
        ("variants of a name", oversized::schema_of_variants(105_000), true),
        ("names of a variant", oversized::schema_of_one_variant(20_000), false),
        ("events of a field", oversized::schema_of_events(21_000), true),
        ("profiles", oversized::schema_of_profiles(14_000), true),
        ("bare profiles", oversized::schema_of_bare_profiles(1_000), true),
    ];
    for (name, text, accepted) in shapes {
        let taken = seconds(&text, accepted);
        println!("{name}: {} bytes, {taken:.2} s", text.len());
        assert!(taken < 20.0, "{name}: {taken:.1} s");
    }
}
