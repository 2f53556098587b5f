//! Every case beside the same rule written by hand, measured in turn, and a
//! markdown table of the ratios. `cargo bench --bench ratios`
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use target_rules::program::Optimisations;
use target_rules::{Ast, Evaluation, Layout, Limits, Program, Rule, Schema, Scratch, Zone};

use target_rules_testing::workloads::cases;
use target_rules_testing::workloads::clock::{alternately, figure, task, task_on_new};

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

const SWITCHED_OFF: [SwitchedOff; 10] = [
    ("order", |optimisations| optimisations.order = false),
    ("join", |optimisations| optimisations.join = false),
    ("bounds", |optimisations| optimisations.bounds = false),
    ("symbols", |optimisations| optimisations.symbols = false),
    ("whole", |optimisations| optimisations.whole = false),
    ("patterns", |optimisations| optimisations.patterns = false),
    ("keys", |optimisations| optimisations.keys = false),
    ("tables", |optimisations| optimisations.tables = false),
    ("items", |optimisations| optimisations.items = false),
    ("index", |optimisations| optimisations.index = false),
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
        // A rule keeps its condition once it is made: compiled a second time, it
        // would take less than half.
        let new_rule = || prepared.ast.check(schema, limits).into_rule().unwrap();
        let paces = alternately(
            vec![
                task(|| Ast::from_text(black_box(&case.rule), limits)),
                task(|| black_box(&prepared.ast).check(schema, limits)),
                task_on_new(new_rule, |rule| compiled(black_box(rule))),
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
