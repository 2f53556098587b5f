//! Every way to decide one rule, as columns of the tests: the interpreter,
//! the program, and the program with each optimisation switched off.

use target_rules::program::Optimisations;
use target_rules::ruleset::Switches;
use target_rules::{Decision, Evaluation, Layout, Rule, Scratch, Transaction, Zone};

/// The optimisations of a column, with its name.
pub fn columns() -> Vec<(&'static str, Optimisations)> {
    let all = Optimisations::default;
    let without = |switch: fn(&mut Optimisations)| {
        let mut optimisations = all();
        switch(&mut optimisations);
        optimisations
    };
    vec![
        ("program", all()),
        ("program without order", without(|optimisations| optimisations.order = false)),
        ("program without join", without(|optimisations| optimisations.join = false)),
        ("program without bounds", without(|optimisations| optimisations.bounds = false)),
        ("program without symbols", without(|optimisations| optimisations.symbols = false)),
        ("program without whole", without(|optimisations| optimisations.whole = false)),
        ("program without patterns", without(|optimisations| optimisations.patterns = false)),
        ("program without keys", without(|optimisations| optimisations.keys = false)),
        ("program without tables", without(|optimisations| optimisations.tables = false)),
        ("program without items", without(|optimisations| optimisations.items = false)),
        ("program without index", without(|optimisations| optimisations.index = false)),
        (
            "program without any",
            without(|optimisations| {
                optimisations.order = false;
                optimisations.join = false;
                optimisations.bounds = false;
                optimisations.symbols = false;
                optimisations.whole = false;
                optimisations.patterns = false;
                optimisations.keys = false;
                optimisations.tables = false;
                optimisations.items = false;
                optimisations.index = false;
            }),
        ),
    ]
}

/// The ways of a set to decide, with each switched off, as columns.
pub fn set_columns() -> Vec<(&'static str, Switches)> {
    let without = |switch: fn(&mut Switches)| {
        let mut switches = Switches::default();
        switch(&mut switches);
        switches
    };
    vec![
        ("set", Switches::default()),
        ("set without dense", without(|switches| switches.dense = false)),
        ("set without sparse", without(|switches| switches.sparse = false)),
        ("set without chains", without(|switches| switches.chains = false)),
        ("set without groups", without(|switches| switches.groups = false)),
        ("set without profiles", without(|switches| switches.profiles = false)),
        (
            "set without any",
            without(|switches| {
                switches.dense = false;
                switches.chains = false;
                switches.groups = false;
                switches.profiles = false;
            }),
        ),
    ]
}

/// Which columns decide otherwise than the interpreter, reasons included.
pub fn dissent(layout: &Layout, rule: &Rule, transaction: &Transaction, zone: &Zone) -> Vec<String> {
    let expected = rule.decide(transaction, zone);
    let mut scratch = Scratch::default();
    let mut found = Vec::new();
    for (name, optimisations) in columns() {
        let program = match layout.compile_with(rule, &optimisations) {
            Ok(program) => program,
            Err(error) => {
                found.push(format!("{name}: {error}"));
                continue;
            }
        };
        // Twice: what one evaluation keeps must not reach the next.
        for _ in 0..2 {
            let mut evaluation = Evaluation::new(transaction, zone, &mut scratch);
            let result = program.decide(&mut evaluation);
            let items = evaluation.items().to_vec();
            let decision: Decision = program.decision(&mut evaluation);
            if result != expected.result || items != expected.items || decision != expected {
                found.push(format!("{name}: {result} {items:?} {decision:?} instead of {expected:?}"));
                break;
            }
        }
    }
    found
}
