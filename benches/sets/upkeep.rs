//! What a set costs beside deciding: building it, keeping it, changing it.

use std::hint::black_box;
use std::process::Command;

use target_rules::{Rule, RuleSet, Transaction};

use crate::Setting;
use crate::contenders::{at_once, compare};
use target_rules_testing::workloads::by_hand::{ByHand, by_hand};
use target_rules_testing::workloads::clock::{count, figure, median_and_spread, once};
use target_rules_testing::workloads::condition::OURS;
use target_rules_testing::workloads::generator::{self, Dice, Shape};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const SIZES_QUICK: [usize; 2] = [100, 1_000];

fn texts(count: usize, seed: u64) -> Vec<String> {
    generator::rules(count, seed).iter().map(text).collect()
}

fn text(shape: &Shape) -> String {
    OURS.of(&shape.condition()).unwrap()
}

/// From checked rules to a set; from texts to checked rules beside it.
pub(crate) fn build(setting: &Setting) {
    println!(
        "| rules of W4 | checked rules to a set, µs a rule | spread | text to checked rule, µs a rule |"
    );
    println!("|---:|---:|---:|---:|");
    for size in setting.of(SIZES.as_slice(), &SIZES_QUICK) {
        let texts = texts(*size, 0);
        let (checking, rules) =
            once(|| texts.iter().map(|text| setting.checked(text)).collect::<Vec<Rule>>());
        // More rounds of what is short.
        let rounds = (100_000 / size).clamp(3, setting.of(15, 3));
        let building: Vec<f64> = (0..rounds)
            .map(|_| once(|| RuleSet::new(black_box(&rules).iter().cloned().enumerate()).unwrap()).0)
            .collect();
        let (median, spread) = median_and_spread(&building);
        let each = |nanoseconds: f64| figure(nanoseconds / 1e3 / *size as f64);
        println!("| {} | {} | {spread:.0} % | {} |", count(*size), each(median), each(checking));
    }
}

/// The argument that asks for the memory of rules in a process of its own:
/// followed by whether it is the set, and how many rules.
pub(crate) const RESIDENT: &str = "--resident";

const IN_SET: &str = "set";
const BY_HAND: &str = "by-hand";

/// How much memory is in use, exactly; `None` where the system does not say.
pub(crate) fn resident_bytes() -> Option<u64> {
    // Not `statm`, which the kernel brings up to date only now and then.
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find(|line| line.starts_with("Rss:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Prints by how many bytes the memory of this process grows with the rules.
/// They are made one by one, so that no texts and no checked rules are in it.
pub(crate) fn resident(setting: &Setting, mut arguments: impl Iterator<Item = String>) {
    let form = arguments.next().unwrap();
    let shapes = generator::rules(arguments.next().unwrap().parse().unwrap(), 0);
    let rule = |shape: &Shape| setting.checked(&text(shape));
    if form == IN_SET {
        // What is made once in a process, and the space in which a rule is
        // checked, is there before.
        drop(RuleSet::new([(0, rule(&shapes[0]))]).unwrap());
        print_growth(|| RuleSet::new(shapes.iter().map(rule).enumerate()).unwrap());
    } else {
        print_growth(|| shapes.iter().map(by_hand).collect::<Vec<ByHand>>());
    }
}

fn print_growth<R>(make: impl FnOnce() -> R) {
    let before = resident_bytes();
    let made = black_box(make());
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        println!("{}", after.saturating_sub(before));
    }
    drop(black_box(made));
}

/// Bytes a rule, each figure from a process of its own.
pub(crate) fn memory(setting: &Setting) {
    println!("| rules of W4 | set, bytes a rule | by hand, bytes a rule |");
    println!("|---:|---:|---:|");
    // Of few rules, what the allocator holds beside them would be most of it.
    for size in setting.of(&SIZES[1..], &SIZES_QUICK[1..]) {
        let [set, by_hand] = [IN_SET, BY_HAND].map(|form| {
            let process = std::env::current_exe().unwrap();
            let output = Command::new(process).args([RESIDENT, form, &size.to_string()]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let grown = String::from_utf8(output.stdout).unwrap();
            grown.trim().parse::<f64>().map_or("–".to_owned(), |grown| figure(grown / *size as f64))
        });
        println!("| {} | {set} | {by_hand} |", count(*size));
    }
}

/// Adding, removing and replacing one rule. A change gives a new set; that the
/// old one is dropped for it is part of its time.
pub(crate) fn changes(setting: &Setting) {
    let (size, changes) = setting.of((10_000, 500), (1_000, 50));
    let all: Vec<Rule> = texts(size + changes, 0).iter().map(|text| setting.checked(text)).collect();
    let (rules, others) = all.split_at(size);
    let mut now: Vec<(usize, Rule)> = rules.iter().cloned().enumerate().collect();
    let mut set = RuleSet::new(now.iter().cloned()).unwrap();
    let mut dice = Dice::new(0);
    println!("| one change of {} rules | median, µs | worst, µs |", count(size));
    println!("|---|---:|---:|");
    let row = |name: &str, taken: &[f64]| {
        let worst = taken.iter().copied().fold(0.0, f64::max);
        println!("| {name} | {} | {} |", figure(median_and_spread(taken).0 / 1e3), figure(worst / 1e3));
    };

    let add = |(at, rule): (usize, &Rule)| {
        let taken = once(|| set = set.with(size + at, rule).unwrap()).0;
        now.push((size + at, rule.clone()));
        taken
    };
    let adding: Vec<f64> = others.iter().enumerate().map(add).collect();
    row("add", &adding);
    let remove = |_| {
        let (id, _) = now.swap_remove(dice.between(0, now.len() as i64) as usize);
        once(|| set = set.without(&id).unwrap()).0
    };
    let removing: Vec<f64> = (0..changes).map(remove).collect();
    row("remove", &removing);
    let replace = |rule: &Rule| {
        let (id, place) = &mut now[dice.between(0, size as i64) as usize];
        *place = rule.clone();
        once(|| set = set.replacing(*id, rule).unwrap()).0
    };
    let replacing: Vec<f64> = others.iter().map(replace).collect();
    row("replace", &replacing);

    // Whether it can be left at that, or the set is better built anew.
    let anew = RuleSet::new(now).unwrap();
    let lines = generator::transactions(setting.of(100, 10), 0);
    let read = |set: &RuleSet<usize>| -> Vec<Transaction> {
        lines.iter().map(|line| set.layout().read(line, &setting.limits).unwrap()).collect()
    };
    let (of_anew, of_changed) = (read(&anew), read(&set));
    let (compacting, compacted) = once(|| set.compacted());
    let of_compacted = read(&compacted);
    let contenders = vec![
        at_once(setting, &anew, &of_anew),
        at_once(setting, &set, &of_changed),
        at_once(setting, &compacted, &of_compacted),
    ];
    let outcome = compare(contenders, lines.len(), setting.of(15, 3));
    println!();
    println!("| a transaction after {} changes | µs | ratio | spread |", count(3 * changes));
    println!("|---|---:|---:|---:|");
    let names = [("the changed set", 1), ("the changed set, compacted", 2), ("the same rules built anew", 0)];
    for (name, contender) in names {
        let pace = outcome.paces[contender];
        println!(
            "| {name} | {} | {:.2} | {:.0} % |",
            figure(outcome.microseconds(contender)),
            pace.ratio,
            pace.spread
        );
    }
    println!();
    println!("To compact it took {} ms.", figure(compacting / 1e6));
}
