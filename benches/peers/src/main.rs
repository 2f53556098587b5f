//! Public engines beside target-rules and beside rules written by hand: equal
//! decisions first, then times, as a markdown table.
//!
//! `cargo run --release -- [--only NAME] [--seed NUMBER]`

mod engine;
mod engines;
mod plain;

use std::hint::black_box;

use engine::{Engine, Made, Ruled};
use engines::hand::OnDecimals;
use target_rules_testing::workloads::clock::{Pace, alternately, figure, task};
use target_rules_testing::workloads::condition::{Condition, Field, OURS};
use target_rules_testing::workloads::{cases, generator};

/// How often the engine and the rules written by hand have their turn.
const ROUNDS: usize = 9;
/// How many transactions the sets of rules are decided for.
const TRANSACTIONS: usize = 100;
const SETS: [usize; 3] = [100, 1_000, 10_000];

/// One row of the table.
struct Row {
    engine: &'static str,
    numbers: &'static str,
    cells: Vec<String>,
    /// The widest spread among the row's own measurements.
    spread: f64,
}

/// What every engine is given.
struct Workloads {
    single: [(&'static str, Ruled); 3],
    sets: Vec<Vec<Ruled>>,
    lines: Vec<String>,
    /// The document on which all three single rules hold.
    sample: String,
}

/// W1, W2 and W3 apart from any language; their texts are those of the crate's own cases.
fn single() -> [(&'static str, Ruled); 3] {
    use Condition::{Above, All, Any, AtLeast, Contains, DiscountWithin, Equals, Is, Matches, OneOf};
    let tiers = Any(vec![Is(Field::Tier, "Gold"), Is(Field::Tier, "Platinum")]);
    let tiers = All(vec![
        AtLeast(Field::Value, 10_000),
        Equals(Field::Discount, 0),
        tiers,
        AtLeast(Field::Visits, 5),
    ]);
    let campaign = All(vec![
        DiscountWithin(40),
        Contains(Field::Email, "@companyX.com"),
        Matches(Field::Name, "^Jo.*n$"),
        OneOf(Field::Store, (1..=12).collect()),
    ]);
    let ruled = |condition, text: &str, made| Ruled { condition, text: text.to_owned(), made };
    [
        ("W1", ruled(Above(Field::NonDiscounted, 2_500), cases::THRESHOLD, Made::Threshold)),
        ("W2", ruled(tiers, cases::TIERS, Made::Tiers)),
        ("W3", ruled(campaign, cases::CAMPAIGN, Made::Campaign)),
    ]
}

fn set(count: usize, seed: u64) -> Vec<Ruled> {
    let ruled = |shape: generator::Shape| {
        let condition = shape.condition();
        let text = OURS.of(&condition).unwrap();
        Ruled { condition, text, made: Made::Generated(shape) }
    };
    generator::rules(count, seed).into_iter().map(ruled).collect()
}

/// The engine's rules; `None` where it cannot say one of them.
fn load<E: Engine>(engine: &E, rules: &[Ruled]) -> Option<(Vec<String>, E::Rules)> {
    let texts: Option<Vec<String>> = rules.iter().map(|rule| engine.write(rule)).collect();
    let texts = texts?;
    let loaded = engine.load(&texts, rules);
    Some((texts, loaded))
}

/// Which rules hold for each transaction.
fn decisions<E: Engine>(engine: &mut E, rules: &E::Rules, lines: &[String]) -> Vec<Vec<usize>> {
    let decide = |line: &String| {
        let mut transaction = engine.read(rules, line);
        let mut hold = Vec::new();
        engine.decide_all(rules, &mut transaction, &mut hold);
        hold.sort_unstable();
        hold
    };
    lines.iter().map(decide).collect()
}

/// All transactions, again and again.
fn decide_all<'t, E: Engine>(
    engine: &'t mut E,
    rules: &'t E::Rules,
    transactions: &'t mut [E::Transaction],
) -> impl FnMut() -> usize + 't {
    let mut hold = Vec::new();
    move || {
        for transaction in transactions.iter_mut() {
            hold.clear();
            engine.decide_all(black_box(rules), black_box(transaction), &mut hold);
        }
        hold.len()
    }
}

fn read_and_decide<'t, E: Engine>(
    engine: &'t mut E,
    rules: &'t E::Rules,
    lines: &'t [String],
) -> impl FnMut() -> usize + 't {
    let mut hold = Vec::new();
    move || {
        for line in lines {
            let mut transaction = engine.read(rules, black_box(line));
            hold.clear();
            engine.decide_all(rules, &mut transaction, &mut hold);
        }
        hold.len()
    }
}

fn measure<E: Engine>(workloads: &Workloads) -> Row {
    let (mut engine, mut hand) = (E::new(), OnDecimals::new());
    let mut row = Row { engine: E::NAME, numbers: E::NUMBERS, cells: Vec::new(), spread: 0.0 };
    let mut preparing = "–".to_owned();

    for (name, rule) in &workloads.single {
        let rules = std::slice::from_ref(rule);
        let Some((texts, loaded)) = load(&engine, rules) else {
            row.cells.push("cannot say it".to_owned());
            continue;
        };
        let (_, by_hand) = load(&hand, rules).unwrap();
        let expected = decisions(&mut hand, &by_hand, &workloads.lines);
        assert_eq!(decisions(&mut engine, &loaded, &workloads.lines), expected, "{}, {name}", E::NAME);
        let mut bill = hand.read(&by_hand, &workloads.sample);
        let mut transaction = engine.read(&loaded, &workloads.sample);
        assert!(
            hand.decide(&by_hand, &mut bill) && engine.decide(&loaded, &mut transaction),
            "{}, {name}",
            E::NAME
        );
        let paces = alternately(
            vec![
                task(|| hand.decide(black_box(&by_hand), black_box(&mut bill))),
                task(|| engine.decide(black_box(&loaded), black_box(&mut transaction))),
            ],
            ROUNDS,
        );
        row.ratio(paces[1], 1.0);
        if *name == "W2" && E::PREPARES {
            let paces = alternately(vec![task(|| engine.load(black_box(&texts), rules))], ROUNDS);
            preparing = figure(paces[0].nanoseconds / 1e3);
            row.spread = row.spread.max(paces[0].spread);
        }
    }

    let mut rate = "–".to_owned();
    for rules in &workloads.sets {
        let (Some((_, loaded)), Some((_, by_hand))) = (load(&engine, rules), load(&hand, rules)) else {
            row.cells.push("cannot say it".to_owned());
            continue;
        };
        // The slow ones take seconds for all transactions.
        let lines = match rules.len() {
            10_000 => &workloads.lines[..TRANSACTIONS / 10],
            _ => &workloads.lines[..],
        };
        let expected = decisions(&mut hand, &by_hand, lines);
        assert_eq!(decisions(&mut engine, &loaded, lines), expected, "{}, {} rules", E::NAME, rules.len());
        let mut bills: Vec<_> = lines.iter().map(|line| hand.read(&by_hand, line)).collect();
        let mut transactions: Vec<_> = lines.iter().map(|line| engine.read(&loaded, line)).collect();
        let paces = alternately(
            vec![
                task(decide_all(&mut hand, &by_hand, &mut bills)),
                task(decide_all(&mut engine, &loaded, &mut transactions)),
            ],
            ROUNDS,
        );
        row.ratio(paces[1], 1e3 * lines.len() as f64);
        if rules.len() == SETS[0] {
            let paces = alternately(
                vec![
                    task(read_and_decide(&mut hand, &by_hand, lines)),
                    task(read_and_decide(&mut engine, &loaded, lines)),
                ],
                ROUNDS,
            );
            let each = paces[1].nanoseconds / lines.len() as f64;
            rate = format!("{} ({:.2})", figure(1e9 / each), 1.0 / paces[1].ratio);
            row.spread = row.spread.max(paces[1].spread);
        }
    }
    row.cells.extend([preparing, rate]);
    row
}

impl Row {
    /// A time, in units of so many nanoseconds, and its ratio to the same by hand.
    fn ratio(&mut self, pace: Pace, unit: f64) {
        self.cells.push(format!("{} ({})", figure(pace.nanoseconds / unit), figure(pace.ratio)));
        self.spread = self.spread.max(pace.spread);
    }
}

/// What follows an option of the command line.
fn option(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

/// Measures these engines, in the order of the table.
macro_rules! measure_all {
    ($workloads:expr, $($engine:ty),* $(,)?) => {{
        let only = option("--only");
        $(
            if only.as_ref().is_none_or(|only| <$engine>::NAME.contains(only.as_str())) {
                let row = measure::<$engine>($workloads);
                let cells = row.cells.join(" | ");
                println!("| {} | {} | {cells} | {:.0} % |", row.engine, row.numbers, row.spread);
            }
        )*
    }};
}

fn main() {
    let seed = option("--seed").map_or(0, |seed| seed.parse().expect("--seed takes a number"));
    let workloads = Workloads {
        single: single(),
        sets: SETS.iter().map(|count| set(*count, seed)).collect(),
        lines: generator::transactions(TRANSACTIONS, seed),
        sample: cases::document(0),
    };
    println!(
        "| engine | numbers | W1, ns | W2, ns | W3, ns | W4 of 100, µs | of 1 000 | of 10 000 | W5, µs | W6, a second | spread |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    measure_all!(
        &workloads,
        OnDecimals,
        engines::hand::OnCents,
        engines::target_rules::TargetRules,
        engines::target_rules::AtOnce,
        engines::wirefilter::Wirefilter,
        engines::a_tree::Tree,
        engines::fasteval::Fasteval,
        engines::datalogic::Datalogic,
        engines::zen::Zen,
        engines::cel::Cel,
        engines::rhai::Rhai,
        engines::evalexpr::Evalexpr,
    );
}
