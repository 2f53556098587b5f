//! One stage of one case, so many times: what `benches/count` runs under
//! callgrind, once with some rounds and once with more.
//!
//! `instructions STAGE CASE ROUNDS`; without a stage, the cases of every stage
//! are listed and nothing is run.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::process::ExitCode;

use target_rules::rule::TreeStyle;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Program, Rule, RuleSet, Schema, Scratch, Transaction, Zone,
};

use target_rules_analysis::{Options, diff, nearest};
use target_rules_mapping::{MappedReader, Mapping};
use target_rules_testing::workloads::cases::{self, Case};
use target_rules_testing::workloads::compared;
use target_rules_testing::workloads::documented::{self, KINDS, Origin};
use target_rules_testing::workloads::documented_bills::bills;
use target_rules_testing::workloads::enrolled::{self, Size};
use target_rules_testing::workloads::other_shape;
use target_rules_testing::workloads::{condition, generator, ledger_calls, ranges, set_calls};

/// Where the dates of workloads 7 to 9 are seen.
static UTC: Zone = Zone::UTC;

/// Of every case of the one table.
const STAGES: [&str; 6] = ["text", "tree", "check", "compile", "read", "evaluate"];

/// The set that is built from the rules of workload 4.
const SET: (&str, &str) = ("set", "W4");

/// How many rules that set has.
const RULES: usize = 1_000;

/// As many rules as that, each about a brand of its own, decided one by one.
const BRANDS: (&str, &str) = ("evaluate", "a rule a brand");
/// A stage, a case, and what runs so many rounds of it.
type Many = (&'static str, &'static str, fn(&str, &str, usize, &Schema, &Limits));

/// Of many rules or targets, which are prepared first: a round is a bill, and
/// of targets a batch of bills, or one that is posted alone.
const MANY: [Many; 15] = [
    ("decide", "W4, 10 000 rules", stores_and_tiers),
    ("read", "W7, 1 000 rules", documented_rules),
    ("read", "W7, 10 000 rules", documented_rules),
    ("mapped", "W7, 1 000 rules", mapped_bills),
    ("decide", "W7, 1 000 rules", documented_rules),
    ("decide", "W7, 10 000 rules", documented_rules),
    ("ids", "W7, 1 000 rules", documented_rules),
    ("ids", "W7, 10 000 rules", documented_rules),
    ("reasons", "W7, 1 000 rules", documented_rules),
    ("reasons", "W7, 10 000 rules", documented_rules),
    ("decide", "W8, 10 000 rules", ten_ranges),
    ("decide", "W8, 100 000 rules", ten_ranges),
    ("decide", "W9, 400 bills", targets),
    ("progress", "W9, 400 bills", targets),
    ("post", "W9, 20 000 bills", singly),
];

/// Two rules are compared, and what makes the second one true is looked for.
const COMPARED: [&str; 2] = ["diff", "nearest"];

/// Rounds go through so many bills again and again; a difference of rounds is a
/// multiple of it.
const BILLS: usize = 20;

fn main() -> ExitCode {
    // Cargo adds options of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [stage, case, rounds] => {
            let Ok(rounds) = rounds.parse() else { return usage() };
            if (*stage, *case) == SET {
                return build_sets(&schema, &limits, rounds);
            }
            if (*stage, *case) == BRANDS {
                return decide_brands(&schema, &limits, rounds);
            }
            if COMPARED.contains(stage) {
                return compare(stage, case, rounds, &schema, &limits);
            }
            if let Some((.., run)) = MANY.iter().find(|found| (found.0, found.1) == (*stage, *case)) {
                run(stage, case, rounds, &schema, &limits);
                return ExitCode::SUCCESS;
            }
            match cases::all().iter().find(|found| found.name == *case) {
                Some(case) => run(stage, case, rounds, &schema, &limits),
                None => usage(),
            }
        }
        [] => list(),
        _ => usage(),
    }
}

fn list() -> ExitCode {
    for stage in STAGES {
        for case in cases::all() {
            println!("{stage}\t{}", case.name);
        }
    }
    println!("{}\t{}", SET.0, SET.1);
    println!("{}\t{}", BRANDS.0, BRANDS.1);
    for (stage, case, _) in MANY {
        println!("{stage}\t{case}");
    }
    for stage in COMPARED {
        for pair in compared::pairs() {
            println!("{stage}\t{}", pair.name);
        }
    }
    ExitCode::SUCCESS
}

/// How many rules the name of a case says.
fn size_of(case: &str) -> usize {
    let (_, size) = case.split_once(", ").unwrap();
    size.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

fn usage() -> ExitCode {
    eprintln!("usage: instructions [STAGE CASE ROUNDS]; without arguments stages and cases are listed");
    ExitCode::from(2)
}

fn checked(text: &str, schema: &Schema, limits: &Limits) -> Rule {
    Ast::from_text(text, limits).unwrap().check(schema, limits).into_rule().unwrap()
}

fn build_sets(schema: &Schema, limits: &Limits, rounds: usize) -> ExitCode {
    let texts: Vec<String> = generator::rules(RULES, 0)
        .iter()
        .map(|shape| condition::OURS.of(&shape.condition()).unwrap())
        .collect();
    // Building a set keeps no condition in a rule, so the same rules serve every
    // round.
    let rules: Vec<Rule> = texts.iter().map(|text| checked(text, schema, limits)).collect();
    for _ in 0..rounds {
        black_box(RuleSet::new(rules.iter().cloned().enumerate()).unwrap());
    }
    ExitCode::SUCCESS
}

fn compare(stage: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) -> ExitCode {
    let pairs = compared::pairs();
    let Some(pair) = pairs.iter().find(|pair| pair.name == case) else { return usage() };
    let (old, new) = (checked(&pair.old, schema, limits), checked(&pair.new, schema, limits));
    let options = Options::default();
    for _ in 0..rounds {
        match stage {
            "nearest" => drop(black_box(nearest(black_box(&new), compared::BILL, schema, &options))),
            _ => drop(black_box(diff(black_box(&old), black_box(&new), &options))),
        }
    }
    ExitCode::SUCCESS
}

fn decide_brands(schema: &Schema, limits: &Limits, rounds: usize) -> ExitCode {
    let text = |brand: usize| match brand {
        0 => r#"currentTxn.basketSum("brand","Puma")>2000"#.to_owned(),
        _ => format!(r#"currentTxn.basketSum("brand","Brand {brand}")>2000"#),
    };
    let rules: Vec<Rule> = (0..RULES).map(|brand| checked(&text(brand), schema, limits)).collect();
    let layout = Layout::of(&rules);
    let programs: Vec<Program> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    let transaction = layout.read(&cases::document(0), limits).unwrap();
    let (zone, mut scratch) = (Zone::named(cases::ZONE).unwrap(), Scratch::default());
    for _ in 0..rounds {
        let mut evaluation = Evaluation::new(black_box(&transaction), &zone, &mut scratch);
        for program in &programs {
            black_box(program.decide(&mut evaluation));
        }
    }
    ExitCode::SUCCESS
}

fn run(stage: &str, case: &Case, rounds: usize, schema: &Schema, limits: &Limits) -> ExitCode {
    let prepared = case.prepare(schema, limits);
    let tree = prepared.rule.to_tree(TreeStyle::Compact, limits.rule_tree).unwrap();
    let zone = Zone::named(cases::ZONE).unwrap();
    let (mut transaction, mut scratch) = (prepared.layout.blank(), Scratch::default());
    let mut round: Box<dyn FnMut() + '_> = match stage {
        "text" => Box::new(|| drop(black_box(Ast::from_text(black_box(&case.rule), limits)))),
        "tree" => Box::new(|| drop(black_box(Ast::from_tree(black_box(&tree), limits)))),
        "check" => Box::new(|| drop(black_box(black_box(&prepared.ast).check(schema, limits)))),
        // With the check: a rule keeps its condition once it is made, so each
        // round needs a rule of its own. `check` counts what that costs.
        "compile" => Box::new(|| {
            let rule = prepared.ast.check(schema, limits).into_rule().unwrap();
            drop(black_box(Layout::of([black_box(&rule)]).compile(&rule)));
        }),
        "read" => Box::new(|| {
            let document = black_box(&case.document);
            drop(black_box(prepared.layout.read_into(document, limits, &mut transaction)));
        }),
        "evaluate" => Box::new(|| {
            let transaction = black_box(&prepared.transaction);
            let mut evaluation = Evaluation::new(transaction, &zone, &mut scratch);
            black_box(prepared.program.decide(&mut evaluation));
        }),
        _ => return usage(),
    };
    for _ in 0..rounds {
        round();
    }
    ExitCode::SUCCESS
}

fn documented_rules(stage: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) {
    let rules = documented::rules(Origin::best(), &KINDS[0], size_of(case), 0, schema, limits);
    let set = RuleSet::new(rules.into_iter().map(|(_, rule)| rule).enumerate()).unwrap();
    let lines = bills(BILLS, 0);
    let transactions: Vec<Transaction> =
        lines.iter().map(|line| set.layout().read(line, limits).unwrap()).collect();
    let (mut transaction, mut scratch) = (set.layout().blank(), Scratch::default());
    for at in (0..BILLS).cycle().take(rounds) {
        let mut evaluation = Evaluation::new(black_box(&transactions[at]), &UTC, &mut scratch);
        match stage {
            "read" => set.layout().read_into(black_box(&lines[at]), limits, &mut transaction).unwrap(),
            "decide" => set_calls::matching(&set, &mut evaluation, |id, _| {
                black_box(id);
            }),
            "ids" => set_calls::matching_and_unknown(
                &set,
                &mut evaluation,
                |id, _| {
                    black_box(id);
                },
                |id| {
                    black_box(id);
                },
            ),
            _ => set_calls::reasons(&set, &mut evaluation, |id, absent, _| {
                black_box((id, absent));
            }),
        }
    }
}

/// The same bills in another shape, read by a mapping.
fn mapped_bills(_: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) {
    let rules = documented::rules(Origin::best(), &KINDS[0], size_of(case), 0, schema, limits);
    let set = RuleSet::new(rules.into_iter().map(|(_, rule)| rule).enumerate()).unwrap();
    let lines: Vec<String> = bills(BILLS, 0).iter().map(|bill| other_shape::of(bill)).collect();
    let mapping = Mapping::read(other_shape::MAPPING, schema, limits).unwrap();
    let reader = MappedReader::new(&mapping, set.layout());
    // The plain stage makes as many transactions first.
    let transactions: Vec<Transaction> = lines
        .iter()
        .map(|line| {
            let mut read = set.layout().blank();
            reader.read_into(line.as_str(), limits, &mut read).unwrap();
            read
        })
        .collect();
    black_box(transactions);
    let mut transaction = set.layout().blank();
    for at in (0..BILLS).cycle().take(rounds) {
        reader.read_into(black_box(lines[at].as_str()), limits, &mut transaction).unwrap();
    }
}

fn stores_and_tiers(_: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) {
    let text = |shape: &generator::Shape| condition::OURS.of(&shape.condition()).unwrap();
    let rules = generator::rules(size_of(case), 0);
    let rules = rules.iter().map(|shape| checked(&text(shape), schema, limits)).enumerate();
    let set = RuleSet::new(rules).unwrap();
    decide_again_and_again(&set, &generator::transactions(BILLS, 0), rounds, limits);
}

fn ten_ranges(_: &str, case: &str, rounds: usize, _: &Schema, limits: &Limits) {
    let schema = ranges::schema(limits);
    let rules = ranges::rules(0).take(size_of(case));
    let rules = rules.map(|rule| checked(&ranges::text(&rule), &schema, limits)).enumerate();
    let set = RuleSet::new(rules).unwrap();
    let documents: Vec<String> = ranges::events(BILLS, 0).iter().map(ranges::document).collect();
    decide_again_and_again(&set, &documents, rounds, limits);
}

fn decide_again_and_again(set: &RuleSet<usize>, documents: &[String], rounds: usize, limits: &Limits) {
    let read = |document: &String| set.layout().read(document, limits).unwrap();
    let transactions: Vec<Transaction> = documents.iter().map(read).collect();
    let mut scratch = Scratch::default();
    for at in (0..BILLS).cycle().take(rounds) {
        let mut evaluation = Evaluation::new(black_box(&transactions[at]), &UTC, &mut scratch);
        set_calls::matching(set, &mut evaluation, |id, _| {
            black_box(id);
        });
    }
}

fn targets(stage: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) {
    let size = Size { targets: 100, customers: 100, bills: size_of(case) };
    let targets = ledger_calls::targets(&enrolled::payload(size, 0), schema, limits);
    let lines = enrolled::bills(size, 0);
    if stage == "decide" {
        let mut decider = ledger_calls::Decider::new(targets);
        for line in (0..rounds).flat_map(|_| &lines) {
            decider.decide(black_box(line), &UTC, limits, |id| {
                black_box(id);
            });
        }
        return;
    }
    let ledger = ledger_calls::open(targets, &enrolled::enrolments(size, 0), &UTC);
    for _ in 0..rounds {
        let mut ledger = ledger.clone();
        ledger_calls::book(&mut ledger, black_box(&lines), limits);
        ledger_calls::report(&ledger, |line| drop(black_box(line)));
    }
}

/// Bills one after the other, each once: there are no more rounds than bills.
fn singly(_: &str, case: &str, rounds: usize, schema: &Schema, limits: &Limits) {
    let size = Size { targets: 5_000, customers: 20_000, bills: size_of(case) };
    let targets = ledger_calls::targets(&enrolled::payload(size, 0), schema, limits);
    let mut ledger = ledger_calls::open(targets, &enrolled::enrolments(size, 0), &UTC);
    for line in enrolled::bills(size, 0).iter().take(rounds) {
        ledger_calls::post(&mut ledger, black_box(line), limits);
    }
}
