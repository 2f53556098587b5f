//! A hundred thousand decisions come out alike everywhere: in a debug build as in a
//! release, on one thread as on several, with the features of the crate and
//! without. They are hashed, and the hash stands here.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hash::Hasher;

use target_rules::{Ast, Evaluation, Limits, Rule, RuleSet, Scratch, Zone};
use target_rules_testing::workloads::cases;
use target_rules_testing::workloads::language::{KINDS, Kind};

/// The hash of all answers. It changes with the language and with the workloads,
/// and with nothing else: a failure says what comes.
const EXPECTED: u64 = 0x575a_bf83_50ea_e69a;

const RULES: usize = 25;
const DOCUMENTS: usize = 250;
const SEED: u64 = 15;

/// FNV-1a: the same on every machine and in every version, which the standard
/// library does not promise of its hashers.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Digest {
    fn text(&mut self, text: &str) {
        self.write(text.as_bytes());
        self.write(&[0xff]);
    }
}

fn set_of(kind: &Kind) -> RuleSet<usize> {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let rule = |text: &String| -> Rule {
        Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap()
    };
    RuleSet::new((kind.rules)(RULES, SEED).iter().map(rule).enumerate()).unwrap()
}

/// The hash of the answers to one document: what is true and for which items, and
/// why the others are unknown.
fn answers(set: &RuleSet<usize>, document: &str, zone: &Zone, scratch: &mut Scratch) -> u64 {
    let transaction = set.layout().read(document, &Limits::default()).unwrap();
    let mut evaluation = Evaluation::new(&transaction, zone, scratch);
    let mut digest = Digest::default();
    set.decide(&mut evaluation, |id, items| digest.text(&format!("{id} {items:?}"))).unwrap();
    set.undecided(&mut evaluation, |one| {
        digest.text(&format!("{} {:?}", one.id, one.absent));
        one.faults.iter().for_each(|fault| digest.text(fault.code.name()));
    })
    .unwrap();
    digest.finish()
}

/// The hash of all answers, of which each of so many threads gives its part.
fn all_answers(threads: usize) -> u64 {
    let zone = Zone::named("Asia/Kolkata").unwrap();
    let mut digest = Digest::default();
    let mut decisions = 0;
    for kind in &KINDS {
        let set = set_of(kind);
        let documents = (kind.documents)(DOCUMENTS, SEED);
        let part = documents.len().div_ceil(threads);
        let of_part = |documents: &[String]| -> Vec<u64> {
            let mut scratch = Scratch::default();
            documents.iter().map(|document| answers(&set, document, &zone, &mut scratch)).collect()
        };
        let hashes: Vec<u64> = std::thread::scope(|scope| {
            let parts = documents.chunks(part).map(|documents| scope.spawn(|| of_part(documents)));
            let parts: Vec<_> = parts.collect();
            parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
        });
        decisions += hashes.len() * RULES;
        hashes.into_iter().for_each(|hash| digest.write(&hash.to_be_bytes()));
    }
    assert_eq!(decisions, 100_000);
    digest.finish()
}

#[test]
fn decisions_are_the_same_on_one_thread_and_on_several() {
    let one = all_answers(1);
    assert_eq!(all_answers(4), one, "the threads dissent");
    assert_eq!(one, EXPECTED, "{one:#x} comes");
}
