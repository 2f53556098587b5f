//! A program that decides rules inside itself: once for documents, and once
//! for values that it has in its own structs. Run it with
//! `cargo run --example embed`.

use std::error::Error;

use target_rules::value::DateText;
use target_rules::{Ast, Evaluation, Layout, Limits, Number, Rule, Schema, Scratch, Truth, Zone};

const RULES: [&str; 2] = [
    "currentTxn.value > 500 && currentCustomer.slabName == \"Gold\"",
    "currentTxn.date.year() == 2026 && currentTxn.basketQty(\"brand\", \"Puma\") >= 3",
];

const DOCUMENTS: [&str; 2] = [
    r#"{"currentTxn": {"value": 730.50}, "currentCustomer": {"slabName": "Gold"}}"#,
    r#"{"currentTxn": {"value": 12, "date": "2026-03-04",
        "lineItems": [{"qty": 3, "brand": "Puma"}]}}"#,
];

/// What this program knows of a purchase.
struct Purchase {
    cents: i64,
    date: &'static str,
    tier: &'static str,
    /// Brand and quantity.
    items: Vec<(&'static str, i64)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits::default();
    let schema = Schema::standard();
    let mut rules: Vec<Rule> = Vec::new();
    for text in RULES {
        rules.push(Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?);
    }

    // Once: what the rules read, and each rule compiled for it.
    let layout = Layout::of(&rules);
    let mut programs = Vec::new();
    for rule in &rules {
        programs.push(layout.compile(rule)?);
    }

    // Per thread: buffers that are used for one transaction after the other.
    let (mut transaction, mut scratch, zone) = (layout.blank(), Scratch::default(), Zone::UTC);

    for document in DOCUMENTS {
        layout.read_into(document, &limits, &mut transaction)?;
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        let truths: Vec<Truth> = programs.iter().map(|program| program.decide(&mut evaluation)).collect();
        println!("document: {truths:?}");
    }

    // The same without a document. Slots are asked for once.
    let value = layout.slot("currentTxn.value").ok_or("no rule reads the value")?;
    let date = layout.slot("currentTxn.date").ok_or("no rule reads the date")?;
    let tier = layout.slot("currentCustomer.slabName").ok_or("no rule reads the tier")?;
    let items = layout.list("currentTxn.lineItems").ok_or("no rule reads the items")?;
    let quantity = layout.entry_slot(items, "qty").ok_or("no rule reads quantities")?;
    let brand = layout.item_attribute(items, "brand").ok_or("no rule reads brands")?;

    let purchase =
        Purchase { cents: 73_050, date: "2026-03-04", tier: "Gold", items: vec![("Puma", 2), ("Puma", 1)] };
    transaction.clear();
    transaction.set_number(value, Number::from_parts(purchase.cents.into(), 2)?)?;
    transaction.set_date(date, purchase.date.parse::<DateText>()?)?;
    transaction.set_text(tier, purchase.tier)?;
    transaction.set_no_entries(items)?;
    for (made_by, bought) in &purchase.items {
        transaction.add_entry(items)?.number(quantity, *bought)?.text(brand, made_by)?;
    }
    let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    let truths: Vec<Truth> = programs.iter().map(|program| program.decide(&mut evaluation)).collect();
    println!("purchase: {truths:?}");
    assert_eq!(truths, [Truth::True, Truth::True]);
    Ok(())
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
