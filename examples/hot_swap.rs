//! A service that decides on several threads while its rules change: a change
//! makes a new set that shares what stayed, and is put in the place of the old
//! one. Run it with `cargo run --example hot_swap`.

use std::error::Error;
use std::sync::{Arc, RwLock};
use std::thread;

use target_rules::schema::NameError;
use target_rules::{
    Ast, Evaluation, Layout, Limits, Number, Rule, RuleSet, Schema, Scratch, Slot, Transaction, Zone,
};

/// What every thread decides with. Whoever holds the `Arc` of a set may go on
/// with it, whatever takes its place meanwhile.
type Current = RwLock<Arc<RuleSet<u32>>>;

type Failed = Box<dyn Error + Send + Sync>;

const DOCUMENT: &str = r#"{"currentTxn": {"value": 730.50}, "currentCustomer": {"slabName": "Gold"}}"#;

/// The same purchase, as this program has it.
struct Purchase {
    cents: i64,
    tier: &'static str,
}

const PURCHASE: Purchase = Purchase { cents: 73_050, tier: "Gold" };

/// Sets the values of purchases for the layout of its transaction.
struct Mapper {
    transaction: Transaction,
    /// `None` where no rule reads the value: then it need not be set.
    value: Option<Slot>,
    tier: Option<Slot>,
}

impl Mapper {
    /// Fails where one of these names is no attribute: a slip of this program.
    fn of(layout: &Layout) -> Result<Mapper, NameError> {
        let schema = Schema::standard();
        Ok(Mapper {
            transaction: layout.blank(),
            value: layout.slot_in(&schema, "currentTxn.value")?,
            tier: layout.slot_in(&schema, "currentCustomer.slabName")?,
        })
    }

    /// A purchase as a transaction of a layout.
    fn transaction(&mut self, layout: &Layout, purchase: &Purchase) -> Result<&Transaction, Failed> {
        // Compares two pointers. The slots that there were stay valid in a layout
        // that grew, but a value that no rule read may have one now.
        if self.transaction.layout() != layout {
            *self = Mapper::of(layout)?;
        }
        self.transaction.clear();
        if let Some(slot) = self.value {
            self.transaction.set_number(slot, Number::from_parts(purchase.cents.into(), 2)?)?;
        }
        if let Some(slot) = self.tier {
            self.transaction.set_text(slot, purchase.tier)?;
        }
        Ok(&self.transaction)
    }
}

fn rule(text: &str) -> Result<Rule, Failed> {
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

/// The rules of a set that a transaction of its layout matches.
fn matching(
    set: &RuleSet<u32>,
    transaction: &Transaction,
    scratch: &mut Scratch,
) -> Result<Vec<u32>, Failed> {
    let (zone, mut matching) = (Zone::UTC, Vec::new());
    let mut evaluation = Evaluation::new(transaction, &zone, scratch);
    set.decide(&mut evaluation, |id, _items| matching.push(*id))?;
    Ok(matching)
}

/// Decides one document and one purchase after the other, each with the set in
/// force.
fn decide(current: &Current, rounds: usize) -> Result<Vec<u32>, Failed> {
    let (limits, mut scratch) = (Limits::default(), Scratch::default());
    let first = in_force(current);
    let (mut read, mut mapper) = (first.layout().blank(), Mapper::of(first.layout())?);
    drop(first);
    let mut last = Vec::new();
    for _ in 0..rounds {
        // Held to the end of the decision, so that set and layout belong together.
        let set = in_force(current);
        // Where the layout changed, `read_into` makes a transaction of the new one.
        set.layout().read_into(DOCUMENT, &limits, &mut read)?;
        last = matching(&set, &read, &mut scratch)?;
        let mapped = mapper.transaction(set.layout(), &PURCHASE)?;
        if matching(&set, mapped, &mut scratch)? != last {
            return Err("the purchase and its document are decided alike".into());
        }
    }
    Ok(last)
}

fn main() -> Result<(), Failed> {
    let rules = [(50, rule("currentTxn.value > 500")?), (51, rule("currentTxn.value > 9000")?)];
    let current: Current = RwLock::new(Arc::new(RuleSet::new(rules)?));
    let before = in_force(&current);

    thread::scope(|scope| -> Result<(), Failed> {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| decide(&current, 1_000))).collect();

        // The threads go on meanwhile. This rule reads what no rule read before.
        let gold = rule(r#"currentCustomer.slabName == "Gold""#)?;
        let changed = before.with(52, &gold)?.without(&51)?;
        println!("new layout: {}", changed.layout() != before.layout());
        swap(&current, changed);

        for thread in threads {
            thread.join().map_err(|_| "a thread panicked")??;
        }
        Ok(())
    })?;

    let after = decide(&current, 1)?;
    println!("matching after the change: {after:?}");
    assert_eq!(after, [50, 52]);
    // The old set is what it was, for those who hold it.
    assert_eq!(before.len(), 2);

    // All rules come anew: a set that grows from the layout in force keeps the
    // slots of every mapper.
    let anew = [(60, rule("currentTxn.value > 100")?), (61, rule("currentTxn.discount == 0")?)];
    let kept = in_force(&current).layout().slot("currentTxn.value");
    let anew = RuleSet::reading(in_force(&current).layout().clone(), anew)?;
    assert_eq!(anew.layout().slot("currentTxn.value"), kept);
    swap(&current, anew);
    assert_eq!(decide(&current, 1)?, [60]);
    Ok(())
}

#[test]
fn it_runs_to_its_end() -> Result<(), Failed> {
    main()
}
