//! Numbers at and out of their bounds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::cast_precision_loss, reason = "a rate is printed")]

use target_rules_sample::{Sample, SampleOptions, Share};

fn refused(options: &SampleOptions) -> String {
    Sample::new(options).unwrap_err().to_string()
}

#[test]
fn what_is_out_of_bounds_is_refused_by_its_name() {
    let options = SampleOptions::of(10);
    let count = SampleOptions { count: SampleOptions::MOST + 1, ..options };
    assert_eq!(refused(&count), "`count` is 10000000001, and must be from 0 to 10000000000");
    let customers = SampleOptions { customers: Some(0), ..options };
    assert_eq!(refused(&customers), "`customers` is 0, and must be from 1 to 1000000");
    assert_eq!(
        refused(&SampleOptions { customers: Some(1_000_001), ..options }),
        "`customers` is 1000001, and must be from 1 to 1000000"
    );
    assert_eq!(refused(&SampleOptions { days: 0, ..options }), "`days` is 0, and must be from 1 to 3653");
    assert_eq!(
        refused(&SampleOptions { days: 3_654, ..options }),
        "`days` is 3654, and must be from 1 to 3653"
    );
}

#[test]
fn the_bounds_themselves_give_lines() {
    let most = SampleOptions {
        count: SampleOptions::MOST,
        seed: u64::MAX,
        customers: Some(SampleOptions::MOST_CUSTOMERS),
        days: SampleOptions::MOST_DAYS,
        absent: Share::of_million(1_000_000),
    };
    let least = SampleOptions { customers: Some(1), days: 1, ..SampleOptions::of(3_000) };
    for options in [most, least, SampleOptions { customers: Some(2), ..least }] {
        let mut sample = Sample::new(&options).unwrap();
        for line in 0..3_000 {
            let text = sample.next_line().unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "line {line}: {text}");
        }
    }
    assert!(Sample::new(&SampleOptions::of(0)).unwrap().next_line().is_none());
}

#[test]
fn shares_are_read_as_they_are_written() {
    for (text, parts) in [("0", 0), ("1", 1_000_000), ("0.05", 50_000), ("5%", 50_000), ("0.0001%", 1)] {
        assert_eq!(text.parse::<Share>().unwrap(), Share::of_million(parts), "{text}");
    }
    for text in ["", "%", ".", "-1", "1.1", "101%", "5 %", "0,05", "1e-3", "0.1234567", &"9".repeat(5_000)] {
        let message = text.parse::<Share>().unwrap_err().to_string();
        assert!(message.contains("is no share") && message.len() < 200, "{message}");
    }
}

/// How many lines a second: `cargo test --release -p target-rules-sample --test bounds --
/// --ignored --nocapture`.
#[test]
#[ignore = "measures speed, for a release build: `tests/long` runs it"]
fn lines_are_made_at_speed() {
    let mut sample = Sample::new(&SampleOptions::of(10_000_000)).unwrap();
    let started = std::time::Instant::now();
    let (mut lines, mut bytes) = (0_u32, 0);
    while lines < 1_000_000 {
        bytes += sample.next_line().unwrap().len();
        lines += 1;
    }
    let took = started.elapsed();
    let a_second = f64::from(lines) / took.as_secs_f64();
    println!("{a_second:.0} lines a second, {} bytes a line", bytes / lines as usize);
    assert!(a_second > 200_000.0, "{a_second} lines a second");
}
