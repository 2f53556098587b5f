//! The rules of workload 7 stand for those of public documentation, and leave
//! as much true and unknown as it says.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers are drawn, and shares are printed"
)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use target_rules::{Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
use target_rules_testing::workloads::documented::{KINDS, Origin, rules, sequence};
use target_rules_testing::workloads::documented_bills::bills;

fn origins() -> Vec<Origin> {
    match Origin::best() {
        Origin::Ours => vec![Origin::Ours],
        Origin::Corpus => vec![Origin::Ours, Origin::Corpus],
    }
}

#[test]
fn our_table_has_every_sequence_of_methods_and_operators() {
    let of = |origin: Origin| origin.rules().iter().map(|text| sequence(text)).collect::<BTreeSet<_>>();
    assert_eq!(sequence(r#"!a.b.c( )<=-"x(&&\"" . d.e (1)"#), ["!", "c", "<=", "-"]);
    if Origin::best() == Origin::Ours {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with the corpus");
        return;
    }
    let ours = of(Origin::Ours);
    let corpus = of(Origin::Corpus);
    let missing: Vec<_> = corpus.difference(&ours).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let written: BTreeSet<String> = Origin::Corpus.rules().into_iter().collect();
    let copied: Vec<String> =
        Origin::Ours.rules().into_iter().filter(|text| written.contains(text)).collect();
    assert!(copied.is_empty(), "{copied:?}");
}

#[test]
fn a_sixth_is_true_and_almost_half_unknown() {
    let (limits, schema, zone) = (Limits::default(), Schema::standard(), Zone::UTC);
    let bills = bills(60, 0);
    let bytes = bills.iter().map(String::len).sum::<usize>() / bills.len();
    for origin in origins() {
        let rules = rules(origin, &KINDS[0], 1_000, 0, &schema, &limits);
        let layout = Layout::of(rules.iter().map(|(_, rule)| rule));
        let programs: Vec<_> = rules.iter().map(|(_, rule)| layout.compile(rule).unwrap()).collect();
        let (mut scratch, mut holds, mut unknown) = (Scratch::default(), 0, 0);
        for bill in &bills {
            let transaction = layout.read(bill, &limits).unwrap();
            let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
            for program in &programs {
                match program.decide(&mut evaluation) {
                    Truth::True => holds += 1,
                    Truth::Unknown => unknown += 1,
                    Truth::False => {}
                }
            }
        }
        let percent = |count: usize| count as f64 * 100.0 / (programs.len() * bills.len()) as f64;
        let (holds, unknown) = (percent(holds), percent(unknown));
        println!("{}: {holds:.1} % true, {unknown:.1} % unknown, {bytes} bytes", origin.name());
        assert!((1_000..1_200).contains(&bytes), "{bytes} bytes a bill");
        assert!((15.0..20.0).contains(&holds), "{}: {holds} % are true", origin.name());
        assert!((40.0..50.0).contains(&unknown), "{}: {unknown} % are unknown", origin.name());
    }
}
