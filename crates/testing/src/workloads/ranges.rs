//! W8: many rules of ten ranges each, the workload of the papers on matching
//! events with subscriptions.

use target_rules::{Limits, Schema};

use super::generator::Dice;

/// How many attributes there are; every event has all of them.
pub const ATTRIBUTES: usize = 20;
/// How many of them a rule names.
const OF_A_RULE: usize = 10;
/// Values are whole numbers from 0 to below this.
const DOMAIN: i64 = 1_000_000;
/// How wide a range is: 0.3 of the domain.
const WIDTH: i64 = 300_000;

/// A rule: for some attributes, by number and ascending, the least and the most.
pub type Ranges = [(usize, i64, i64); OF_A_RULE];

/// The standard schema and the attributes, as an organisation would add them.
pub fn schema(limits: &Limits) -> Schema {
    let attributes = (0..ATTRIBUTES)
        .map(|at| format!(r#""{}": {{"type": "number", "meaning": "Measure {at}."}}"#, name(at)));
    let attributes = attributes.collect::<Vec<_>>().join(", ");
    let file = format!(r#"{{"profiles": {{"currentTxn": {{"attributes": {{{attributes}}}}}}}}}"#);
    Schema::standard().with(&file, limits).unwrap()
}

fn name(attribute: usize) -> String {
    format!("measure{attribute}")
}

/// Rule after rule, without end: they are not all held at once.
pub fn rules(seed: u64) -> impl Iterator<Item = Ranges> {
    let mut dice = Dice::new(seed ^ 0x4A4E);
    std::iter::repeat_with(move || {
        let mut attributes: [usize; ATTRIBUTES] = std::array::from_fn(|at| at);
        for at in 0..OF_A_RULE {
            let other = dice.between(at as i64, ATTRIBUTES as i64);
            attributes.swap(at, other.unsigned_abs() as usize);
        }
        attributes[..OF_A_RULE].sort_unstable();
        std::array::from_fn(|at| {
            let least = dice.between(0, DOMAIN - WIDTH + 1);
            (attributes[at], least, least + WIDTH - 1)
        })
    })
}

/// A rule as text: 20 comparisons.
pub fn text(ranges: &Ranges) -> String {
    let range = |(attribute, least, most): &(usize, i64, i64)| {
        let name = name(*attribute);
        format!("currentTxn.{name}>={least}&&currentTxn.{name}<={most}")
    };
    ranges.iter().map(range).collect::<Vec<_>>().join("&&")
}

/// The values of an event.
pub type Event = [i64; ATTRIBUTES];

/// So many events.
pub fn events(count: usize, seed: u64) -> Vec<Event> {
    let mut dice = Dice::new(seed ^ 0x4576);
    (0..count).map(|_| std::array::from_fn(|_| dice.between(0, DOMAIN))).collect()
}

/// An event as a document.
pub fn document(event: &Event) -> String {
    let values = event.iter().enumerate().map(|(at, value)| format!(r#""{}": {value}"#, name(at)));
    format!(r#"{{"currentTxn": {{{}}}}}"#, values.collect::<Vec<_>>().join(", "))
}

/// Whether a rule holds, by hand.
pub fn holds(ranges: &Ranges, event: &Event) -> bool {
    ranges.iter().all(|(attribute, least, most)| (*least..=*most).contains(&event[*attribute]))
}
