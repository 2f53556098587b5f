//! A service that decides on several threads while its rules change: a change
//! makes a new set that shares what stayed, and is put in the place of the old
//! one. Run it with `cargo run --example hot_swap`.

use std::error::Error;
use std::sync::{Arc, RwLock};
use std::thread;

use target_rules::{Ast, Evaluation, Limits, Rule, RuleSet, Schema, Scratch, Zone};

/// What every thread decides with. Whoever holds the `Arc` of a set may go on
/// with it, whatever takes its place meanwhile.
type Current = RwLock<Arc<RuleSet<u32>>>;

const DOCUMENT: &str = r#"{"currentTxn": {"value": 730.50}, "currentCustomer": {"slabName": "Gold"}}"#;

fn rule(text: &str) -> Result<Rule, Box<dyn Error>> {
    let limits = Limits::default();
    Ok(Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()?)
}

/// The set that is in force now.
fn in_force(current: &Current) -> Arc<RuleSet<u32>> {
    current.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
}

/// Puts a set in the place of the one in force.
fn swap(current: &Current, set: RuleSet<u32>) {
    *current.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(set);
}

/// Decides one document after the other, each with the set in force.
fn decide(current: &Current, documents: usize) -> Result<Vec<u32>, Box<dyn Error + Send + Sync>> {
    let (limits, zone, mut scratch) = (Limits::default(), Zone::UTC, Scratch::default());
    let mut transaction = in_force(current).layout().blank();
    let mut matching = Vec::new();
    for _ in 0..documents {
        // Held to the end of the decision, so that set and layout belong together.
        let set = in_force(current);
        // Where the layout changed, `read_into` makes a transaction of the new one.
        set.layout().read_into(DOCUMENT, &limits, &mut transaction)?;
        matching.clear();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        set.decide(&mut evaluation, |id, _items| matching.push(*id))?;
    }
    Ok(matching)
}

fn main() -> Result<(), Box<dyn Error>> {
    let rules = [(50, rule("currentTxn.value > 500")?), (51, rule("currentTxn.value > 9000")?)];
    let current: Current = RwLock::new(Arc::new(RuleSet::new(rules)?));
    let before = in_force(&current);

    thread::scope(|scope| -> Result<(), Box<dyn Error>> {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| decide(&current, 1_000))).collect();

        // The threads go on meanwhile. This rule reads what no rule read before.
        let gold = rule(r#"currentCustomer.slabName == "Gold""#)?;
        let changed = in_force(&current).with(52, &gold)?.without(&51)?;
        println!("new layout: {}", changed.layout() != before.layout());
        swap(&current, changed);

        for thread in threads {
            thread.join().map_err(|_| "a thread panicked")?.map_err(|error| error.to_string())?;
        }
        Ok(())
    })?;

    let matching = decide(&current, 1).map_err(|error| error.to_string())?;
    println!("matching after the change: {matching:?}");
    assert_eq!(matching, [50, 52]);
    // The old set is what it was, for those who hold it.
    assert_eq!(before.len(), 2);
    Ok(())
}
