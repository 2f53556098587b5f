//! W8: sets of very many rules of ten ranges each, every size in a process of
//! its own that keeps nothing but the set.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use target_rules::{Ast, Evaluation, Layout, Rule, RuleSet, Scratch, Transaction, Truth, Zone};

use crate::Setting;
use crate::upkeep::resident_bytes;
use target_rules_testing::workloads::clock::{alternately, count, figure, once, task};
use target_rules_testing::workloads::ranges::{self, Event};
use target_rules_testing::workloads::set_calls;

/// The argument that asks for the figures of one size, in a process of its own.
pub(crate) const SIZE: &str = "--ranges";

/// Above this size there is no comparison with rules one by one: their
/// programs alone would take gigabytes.
const MOST_ONE_BY_ONE: usize = 100_000;

/// The table of sizes, the largest only where it is wanted.
pub(crate) fn ranges(setting: &Setting) {
    let sizes = match (setting.quick, setting.million) {
        (true, _) => &[1_000, 3_000][..],
        (false, false) => &[10_000, 100_000],
        (false, true) => &[10_000, 100_000, 1_000_000],
    };
    println!(
        "| W8, rules of ten ranges | deciding, µs | one by one, µs | set to one by one | spread | hold | \
         bytes a rule | at most while building | checked rules to a set, µs a rule | in all, s | \
         text to checked rule, µs |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for size in sizes {
        let process = std::env::current_exe().unwrap();
        let quick = setting.quick.then_some("--quick");
        let output = Command::new(process).args(quick).args([SIZE, &size.to_string()]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        print!("{}", String::from_utf8(output.stdout).unwrap());
    }
}

/// A set of one size, and what it cost to make.
struct Built {
    set: RuleSet<usize>,
    /// Nanoseconds in all: from checked rules to the set, and from texts to
    /// checked rules.
    building: f64,
    checking: f64,
    /// Bytes a rule: what is held, and the most at any time.
    held: String,
    most: String,
}

/// Makes the set, each rule dropped as soon as it is in it.
fn built(checked: &impl Fn(&str) -> Rule, size: usize) -> Built {
    let texts = || texts(size);
    // What is made once in a process is there before.
    let first = checked(&texts().next().unwrap());
    drop(RuleSet::new([(0, first)]).unwrap());
    let before = resident_bytes();
    forget_peak();
    let mut checking = 0.0;
    let rules = texts().enumerate().map(|(id, text)| {
        let (taken, rule) = once(|| checked(&text));
        checking += taken;
        drop(text);
        (id, rule)
    });
    let (in_all, set) = once(|| RuleSet::new(rules).unwrap());
    let (generating, _) = once(|| texts().map(|text| text.len()).sum::<usize>());
    let building = (in_all - checking - generating).max(0.0);
    let (after, peak) = (resident_bytes(), peak_bytes());
    let bytes = |now: Option<u64>| match (before, now) {
        (Some(before), Some(now)) => figure(now.saturating_sub(before) as f64 / size as f64),
        _ => "–".to_owned(),
    };
    Built { set, building, checking, held: bytes(after), most: bytes(peak) }
}

fn texts(size: usize) -> impl Iterator<Item = String> {
    ranges::rules(0).take(size).map(|rule| ranges::text(&rule))
}

/// The row of one size.
pub(crate) fn of_size(setting: &Setting, size: usize) {
    let schema = ranges::schema(&setting.limits);
    let checked = |text: &str| -> Rule {
        let ast = Ast::from_text(text, &setting.limits).unwrap();
        ast.check(&schema, &setting.limits).into_rule().unwrap()
    };
    let Built { set, building, checking, held, most } = built(&checked, size);
    let events = ranges::events(setting.of(100, 10), 0);
    let documents: Vec<String> = events.iter().map(ranges::document).collect();
    let read = |layout: &Layout| -> Vec<Transaction> {
        documents.iter().map(|line| layout.read(line, &setting.limits).unwrap()).collect()
    };
    let zone = Zone::UTC;
    let of_set = read(set.layout());
    let hold = assert_by_hand(&set, &of_set, &events, &zone, size);
    let mut scratch = Scratch::default();
    let deciding = task(|| {
        let mut found = 0;
        for transaction in &of_set {
            let mut evaluation = Evaluation::new(black_box(transaction), &zone, &mut scratch);
            set_calls::matching(&set, &mut evaluation, |_, _| found += 1);
        }
        found
    });
    let per_event = |nanoseconds: f64| figure(nanoseconds / 1e3 / events.len() as f64);
    let mut rounds = setting.of(9, 3);
    let (programs, of_programs);
    let mut other = Scratch::default();
    let mut tasks = vec![deciding];
    if size <= MOST_ONE_BY_ONE {
        let rules: Vec<Rule> = texts(size).map(|text| checked(&text)).collect();
        let layout = Layout::of(&rules);
        programs = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect::<Vec<_>>();
        of_programs = read(&layout);
        let one_by_one = task(|| {
            let mut found = 0;
            for transaction in &of_programs {
                let mut evaluation = Evaluation::new(black_box(transaction), &zone, &mut other);
                found += programs.iter().filter(|one| one.decide(&mut evaluation) == Truth::True).count();
            }
            found
        });
        tasks.insert(0, one_by_one);
        rounds = setting.of(5, 3);
    }
    let paces = alternately(tasks, rounds);
    let one_by_one = match paces.as_slice() {
        [one_by_one, set] => format!("{} | {:.3}", per_event(one_by_one.nanoseconds), set.ratio),
        _ => "– | –".to_owned(),
    };
    let set_pace = paces[paces.len() - 1];
    println!(
        "| {} | {} | {one_by_one} | {:.0} % | {} | {held} | {most} | {} | {} | {} |",
        count(size),
        per_event(set_pace.nanoseconds),
        set_pace.spread,
        figure(hold),
        figure(building / 1e3 / size as f64),
        figure(Duration::from_nanos(building as u64).as_secs_f64()),
        figure(checking / 1e3 / size as f64),
    );
}

/// Asserts that the set finds the rules that hold by hand, and says how many
/// those are for an event, on average.
fn assert_by_hand(
    set: &RuleSet<usize>,
    transactions: &[Transaction],
    events: &[Event],
    zone: &Zone,
    size: usize,
) -> f64 {
    let mut expected = vec![Vec::new(); events.len()];
    for (id, rule) in ranges::rules(0).take(size).enumerate() {
        for (event, found) in events.iter().zip(&mut expected) {
            if ranges::holds(&rule, event) {
                found.push(id);
            }
        }
    }
    let mut scratch = Scratch::default();
    for (transaction, expected) in transactions.iter().zip(&expected) {
        let mut evaluation = Evaluation::new(transaction, zone, &mut scratch);
        let mut found = Vec::new();
        set_calls::matching(set, &mut evaluation, |id, _| found.push(*id));
        found.sort_unstable();
        assert_eq!(&found, expected, "the set differs from its rules by hand");
    }
    expected.iter().map(Vec::len).sum::<usize>() as f64 / events.len() as f64
}

/// The most memory from now on counts; where the system cannot, from the start.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that was in use.
fn peak_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
