//! Every case beside the same rule written by hand, measured in turn, and a
//! markdown table of the ratios. `cargo bench --bench ratios`
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

#[allow(dead_code, reason = "each benchmark uses a part of the workloads")]
#[allow(clippy::string_slice, reason = "a benchmark fails by panicking")]
mod workloads;

use std::hint::black_box;

use target_rules::{
    Ast, Evaluation, Layout, Limits, Optimisations, Program, Rule, Schema, Scratch, Truth, Zone,
};

use workloads::bill::Bill;
use workloads::by_hand::{ByHand, by_hand};
use workloads::clock::{alternately, figure, task};
use workloads::condition::OURS;
use workloads::{cases, generator};

/// How often each task has its turn.
const ROUNDS: usize = 15;

fn main() {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    evaluation(&schema, &limits);
    println!();
    optimisations(&schema, &limits);
    println!();
    preparation(&schema, &limits);
    println!();
    lines(&schema, &limits);
}

/// Decisions of one rule for a transaction that is read already.
fn evaluation(schema: &Schema, limits: &Limits) {
    println!("| case | program, ns | by hand, ns | ratio | spread |");
    println!("|---|---:|---:|---:|---:|");
    let zone = Zone::named(cases::ZONE).unwrap();
    for case in cases::all() {
        let prepared = case.prepare(schema, limits);
        let mut scratch = Scratch::default();
        let paces = alternately(
            vec![
                task(|| black_box(&case.by_hand)(black_box(&prepared.bill))),
                task(|| {
                    let transaction = black_box(&prepared.transaction);
                    black_box(&prepared.program).decide(&mut Evaluation::new(
                        transaction,
                        &zone,
                        &mut scratch,
                    ))
                }),
            ],
            ROUNDS,
        );
        let [hand, program] = [paces[0], paces[1]];
        println!(
            "| {} | {} | {} | {:.2} | {:.0} %, {:.0} % |",
            case.name,
            figure(program.nanoseconds),
            figure(hand.nanoseconds),
            program.ratio,
            program.spread,
            hand.spread
        );
    }
}

/// A column of the table of optimisations: its head, and what it switches off.
type SwitchedOff = (&'static str, fn(&mut Optimisations));

const SWITCHED_OFF: [SwitchedOff; 6] = [
    ("order", |optimisations| optimisations.order = false),
    ("join", |optimisations| optimisations.join = false),
    ("bounds", |optimisations| optimisations.bounds = false),
    ("symbols", |optimisations| optimisations.symbols = false),
    ("whole", |optimisations| optimisations.whole = false),
    ("patterns", |optimisations| optimisations.patterns = false),
];

/// What each optimisation is worth: the program without it.
fn optimisations(schema: &Schema, limits: &Limits) {
    let heads: Vec<&str> = SWITCHED_OFF.iter().map(|(name, _)| *name).collect();
    println!("| ns without | nothing | {} |", heads.join(" | "));
    println!("|---|---:|{}", "---:|".repeat(heads.len()));
    let zone = Zone::named(cases::ZONE).unwrap();
    for case in cases::all() {
        let prepared = case.prepare(schema, limits);
        let mut programs = vec![prepared.program];
        for (_, switch) in SWITCHED_OFF {
            let mut optimisations = Optimisations::default();
            switch(&mut optimisations);
            programs.push(prepared.layout.compile_with(&prepared.rule, &optimisations).unwrap());
        }
        let transaction = &prepared.transaction;
        let decide = |program: Program| {
            let (zone, mut scratch) = (zone.clone(), Scratch::default());
            task(move || {
                let mut evaluation = Evaluation::new(black_box(transaction), &zone, &mut scratch);
                black_box(&program).decide(&mut evaluation)
            })
        };
        let paces = alternately(programs.into_iter().map(decide).collect(), ROUNDS);
        let figures: Vec<String> = paces.iter().map(|pace| figure(pace.nanoseconds)).collect();
        println!("| {} | {} |", case.name, figures.join(" | "));
    }
}

/// From the text of a rule to its program, stage by stage.
fn preparation(schema: &Schema, limits: &Limits) {
    println!("| text to program, µs | parse | check | compile | all (W5) |");
    println!("|---|---:|---:|---:|---:|");
    for case in cases::workloads() {
        let prepared = case.prepare(schema, limits);
        let compiled = |rule: &Rule| Layout::of([rule]).compile(rule).unwrap();
        let paces = alternately(
            vec![
                task(|| Ast::from_text(black_box(&case.rule), limits)),
                task(|| black_box(&prepared.ast).check(schema, limits)),
                task(|| compiled(black_box(&prepared.rule))),
                task(|| {
                    let ast = Ast::from_text(black_box(&case.rule), limits).unwrap();
                    compiled(&ast.check(schema, limits).into_rule().unwrap())
                }),
            ],
            ROUNDS,
        );
        let micros: Vec<String> = paces.iter().map(|pace| figure(pace.nanoseconds / 1e3)).collect();
        println!("| {} | {} |", case.name, micros.join(" | "));
    }
}

/// W6: a line of JSON to the decisions of 100 rules.
fn lines(schema: &Schema, limits: &Limits) {
    let (shapes, lines) = (generator::rules(100, 0), generator::transactions(100, 0));
    let checked =
        |text: String| Ast::from_text(&text, limits).unwrap().check(schema, limits).into_rule().unwrap();
    let rules: Vec<Rule> = shapes.iter().map(|shape| checked(OURS.of(&shape.condition()).unwrap())).collect();
    let layout = Layout::of(&rules);
    let programs: Vec<Program> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    let hands: Vec<ByHand> = shapes.iter().map(by_hand).collect();
    let zone = Zone::named(cases::ZONE).unwrap();

    let (mut scratch, mut transaction) = (Scratch::default(), layout.blank());
    let mut decide = |line: &str, hold: &mut Vec<usize>| {
        layout.read_into(line, limits, &mut transaction).unwrap();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        hold.clear();
        hold.extend((0..programs.len()).filter(|at| programs[*at].decide(&mut evaluation) == Truth::True));
    };
    let decide_by_hand = |line: &str, hold: &mut Vec<usize>| {
        let bill = Bill::read_plain(line);
        hold.clear();
        hold.extend((0..hands.len()).filter(|at| hands[*at](&bill)));
    };

    let (mut ours, mut theirs, mut matches) = (Vec::new(), Vec::new(), 0);
    for line in &lines {
        decide(line, &mut ours);
        decide_by_hand(line, &mut theirs);
        assert_eq!(ours, theirs, "the rules differ on {line}");
        matches += ours.len();
    }
    let all = |decide: &mut dyn FnMut(&str, &mut Vec<usize>), hold: &mut Vec<usize>| {
        for line in &lines {
            decide(black_box(line), hold);
        }
        hold.len()
    };
    let mut by_hand = decide_by_hand;
    let paces = alternately(
        vec![task(|| all(&mut by_hand, &mut theirs)), task(|| all(&mut decide, &mut ours))],
        ROUNDS,
    );
    let each = |nanoseconds: f64| figure(1e9 / (nanoseconds / lines.len() as f64));
    let bytes = lines.iter().map(String::len).sum::<usize>() / lines.len();
    println!("| W6: {bytes} bytes to the decisions of 100 rules | lines a second | rate, by hand is 1 |");
    println!("|---|---:|---:|");
    println!("| programs, one by one | {} | {:.2} |", each(paces[1].nanoseconds), 1.0 / paces[1].ratio);
    println!("| by hand | {} | 1.00 |", each(paces[0].nanoseconds));
    eprintln!("{:.2} % of the pairs match", matches as f64 / lines.len() as f64);
}
