//! Regular expressions take time in proportion to the text, and memory in
//! proportion to the rules, whatever they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use target_rules::value::Pattern;
use target_rules::{Ast, Evaluation, Layout, Limits, Rule, RuleSet, Schema, Scratch, Truth, Zone};
use target_rules_testing::workloads::clock::processor_time;

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    checked.into_rule().unwrap_or_else(|found| panic!("{found}"))
}

/// The eight patterns of a rule, each one of `pattern` with a number of its own.
fn rule(number: usize, pattern: impl Fn(usize) -> String) -> Rule {
    let asked = (0..8).map(|at| format!("currentTxn.notes.matches(\"{}\")", pattern(number * 8 + at)));
    checked(&asked.collect::<Vec<_>>().join("||"))
}

fn notes(text: &str) -> String {
    format!("{{\"currentTxn\":{{\"notes\":\"{text}\"}}}}")
}

/// Letters that lead an automaton to another state each time.
fn letters(count: usize) -> String {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 30 == 0 { 'b' } else { 'a' }
    };
    (0..count).map(next).collect()
}

/// Patterns of which every letter leads to another set of thousands of states.
/// The limit of states allows them.
const SLOW: &[&str] = &[
    "[ab]*a[ab]{900}c",
    "[ab]*a[ab]{1900}c",
    "(a{50}){40}",
    ".{1,300}c",
    "(ab?c?){600}",
    "(a|b|ab|ba){128}c",
    "a(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?(.?b)?c",
    "a................................................................................................b",
    r"\p{L}{8}c",
    r"(\p{L}\p{N}?){3}c",
    r"(\b[ab]\B?){400}c",
];

/// At a tenth of the size, and in a build that is not optimised.
#[test]
fn no_pattern_is_slow() {
    let text = letters(10_000);
    for slow in SLOW {
        let pattern: Pattern = slow.parse().unwrap_or_else(|refused| panic!("{slow}: {refused}"));
        let started = processor_time();
        pattern.is_match(&text);
        let taken = processor_time().saturating_sub(started);
        println!("{slow}: {taken:?}");
        assert!(taken < Duration::from_secs(2), "{slow} takes {taken:?}");
    }
}

/// 100 KB in 50 ms: for an optimised build.
#[test]
#[ignore = "measures time; the long form runs it"]
fn no_pattern_takes_more_than_50_ms_for_100_kb() {
    let text = letters(100_000);
    for slow in SLOW {
        let pattern: Pattern = slow.parse().unwrap();
        let fastest = (0..5).map(|_| {
            let started = processor_time();
            pattern.is_match(&text);
            processor_time().saturating_sub(started)
        });
        let fastest = fastest.min().unwrap_or_default();
        println!("{slow}: {fastest:?}");
        assert!(fastest < Duration::from_millis(50), "{slow} takes {fastest:?}");
    }
}

/// Eight slow patterns in a rule, for a text as long as documents allow.
#[test]
#[ignore = "takes a while where nothing is optimised; the long form runs it"]
fn eight_slow_patterns_of_a_long_text() {
    let rule = rule(0, |number| format!("[ab]*a[ab]{{{}}}c", 900 + number));
    let transaction =
        Layout::of([&rule]).read(notes(&letters(1_000_000)).as_str(), &Limits::default()).unwrap();
    let started = processor_time();
    assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
    assert!(
        processor_time().saturating_sub(started) < Duration::from_secs(5),
        "{:?}",
        processor_time().saturating_sub(started)
    );
}

/// What so many rules take while they are made and decided for bills of so many bytes,
/// by the interpreter and as a set: the most bytes, and the time of each of the two.
fn taken(rules: usize, bills: usize, bytes: usize, pattern: Kind) -> (u64, [Duration; 2]) {
    let [mut interpreted, mut as_set] = [Duration::ZERO; 2];
    let allocated = allocation_counter::measure(|| {
        let rules: Vec<(usize, Rule)> = (0..rules).map(|number| (number, rule(number, pattern))).collect();
        let set = RuleSet::new(rules.iter().cloned()).unwrap();
        let zone = Zone::UTC;
        let mut scratch = Scratch::default();
        for bill in 0..bills {
            let document = notes(&letters(bytes + bill));
            let transaction = set.layout().read(document.as_str(), &Limits::default()).unwrap();
            let started = processor_time();
            let expected: Vec<usize> = rules
                .iter()
                .filter(|(_, rule)| rule.decide(&transaction, &zone).result == Truth::True)
                .map(|(number, _)| *number)
                .collect();
            let between = processor_time();
            let mut found = Vec::new();
            set.decide(&mut Evaluation::new(&transaction, &zone, &mut scratch), |number, _| {
                found.push(*number)
            })
            .unwrap();
            interpreted += between.saturating_sub(started);
            as_set += processor_time().saturating_sub(between);
            assert_eq!(found, expected);
        }
    });
    (allocated.bytes_max, [interpreted, as_set])
}

/// The pattern of a number.
type Kind = fn(usize) -> String;

/// What rules of different patterns take, by the kind of these.
const KINDS: [(&str, Kind); 4] = [
    ("many states", |number| format!("[ab]*a[ab]{{{}}}c{number}", 40 + number % 200)),
    ("classes", |number| format!(r"\\p{{Greek}}{{30}}x{number}")),
    ("short ones", |number| format!("a[ab]{{{}}}c{number}$", number % 30)),
    ("those that people write", |number| format!("^Brand{number}.*[A-Z]+$")),
];

#[test]
fn memory_is_bounded_for_all_patterns_together() {
    for (kind, pattern) in KINDS {
        let (bytes, _) = taken(30, 2, 2_000, pattern);
        println!("{kind}: {} KiB", bytes / 1024);
        assert!(bytes < 24 * 1024 * 1024, "{kind}: {bytes} bytes");
    }
}

#[test]
#[ignore = "takes a while where nothing is optimised; the long form runs it"]
fn memory_of_many_rules() {
    for (kind, pattern) in KINDS {
        for (rules, bills, bytes) in [(800, 1, 100), (80, 4, 20_000)] {
            let (bytes, times) = taken(rules, bills, bytes, pattern);
            println!("{kind}, {rules} rules, {bills} bills: {} MiB, {times:?}", bytes >> 20);
            assert!(bytes < 256 * 1024 * 1024, "{kind}: {bytes} bytes");
            // A caller decides by one of them.
            for time in times {
                assert!(time < Duration::from_secs(5), "{kind} takes {time:?}");
            }
        }
    }
}

/// Patterns that hold more than all of a process may: what is beyond that is made
/// when it is asked, and answers the same.
#[test]
fn patterns_beyond_the_budget_answer_the_same() {
    const MIB: u64 = 1024 * 1024;
    let part = r"(^(ab?){30}|\b(ba?){30}$|\B)".repeat(3);
    let mut patterns: Vec<Pattern> = Vec::new();
    let held = allocation_counter::measure(|| {
        patterns.extend((0..1_000).map(|number| format!("(?m){part}Q{number}").parse::<Pattern>().unwrap()));
    });
    println!("{} MiB to hold", held.bytes_max / MIB);
    assert!(held.bytes_max < 70 * MIB, "{} bytes", held.bytes_max);
    let kept = allocation_counter::measure(|| {
        for (number, pattern) in patterns.iter().enumerate() {
            assert!(pattern.is_match(&format!("aQ{number}")), "{number}");
            assert!(!pattern.is_match(&format!(" Q{number}")), "{number}");
        }
    });
    println!("{} MiB to ask", kept.bytes_max / MIB);
    assert!(kept.bytes_max < 36 * MIB, "{} bytes", kept.bytes_max);
    // Asked once more, and by a thread that has made none of them.
    let last = patterns.pop().unwrap();
    assert!(last.is_match("aQ999") && !last.is_match("aQ998"));
    std::thread::spawn(move || assert!(last.is_match("aQ999") && !last.is_match("aQ998"))).join().unwrap();
}

/// Equal patterns are compiled once, whichever rule has them.
#[test]
fn equal_patterns_are_shared() {
    let rules = |count: usize| {
        let taken = allocation_counter::measure(|| {
            let rules: Vec<Rule> =
                (0..count).map(|_| rule(0, |number| format!(r"\\p{{L}}+x{number}"))).collect();
            drop(rules);
        });
        taken.bytes_max
    };
    let (one, hundred) = (rules(1), rules(100));
    assert!(hundred < one * 100 / 4, "{one} bytes for one rule, {hundred} for a hundred");
}

/// Patterns of public documentation, and texts that they are asked of.
const REAL: &[&str] = &[
    "santhosh",
    "John Smith",
    r"\s",
    "P.*um",
    "PET.*",
    "KI_AP.*",
    "TR.*?",
    "Delay*",
    "....",
    "[A-Za-z]+",
    "^[Pp]remium",
    "^purple",
    "someone@example.com",
    "billNum20170207120113",
    "FOOTWEAR|KIDS BOY|KIDS GIRL|KIDS INFANT|LADIES ETHNIC|LADIES WESTERN|MENS CASUAL|MENS FORMAL",
];

/// What a pattern that people write takes for a name, beside the engine that
/// knows no bounds: `docs/performance.md` has the figures.
#[test]
#[ignore = "measures time; the long form runs it"]
fn patterns_that_people_write_are_as_fast_as_without_bounds() {
    const TEXTS: [&str; 4] =
        ["Premium", "PETROL 95 E10", "John Smith of Kolkata", "KI_AP LADIES WESTERN 2026"];
    let nanoseconds = |is_match: &dyn Fn(&str) -> bool| {
        let rounds = (0..7).map(|_| {
            let started = processor_time();
            for _ in 0..5_000 {
                for text in TEXTS {
                    std::hint::black_box(is_match(std::hint::black_box(text)));
                }
            }
            processor_time().saturating_sub(started).as_nanos() / 20_000
        });
        rounds.min().unwrap_or_default()
    };
    for text in REAL {
        let pattern: Pattern = text.parse().unwrap();
        let unbounded = regex_automata::meta::Regex::new(text).unwrap();
        let before = nanoseconds(&|text| unbounded.is_match(text));
        let after = nanoseconds(&|text| pattern.is_match(text));
        println!("| `{text}` | {before} | {after} |");
        assert!(after <= before * 2 + 20, "{text}: {before} ns before, {after} after");
    }
}
