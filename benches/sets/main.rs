//! Many rules at once, as markdown tables: the rule set beside the same rules
//! one by one, by hand, and by hand with an index.
//!
//! `cargo bench --package target-rules-benches --bench sets -- [--quick] [--million] [--picture FILE] [PART...]`
//!
//! Without a part it is all of them: `growth`, `shares`, `matches`,
//! `adversarial`, `build`, `memory`, `changes`, `lines`, `documented`,
//! `documented-kinds`, `ranges` and `enrolled`. `--quick` goes through the same
//! code with few rules and rounds, for its tables' sake not for their figures.
//! `--million` adds a set of 1 000 000 rules to `ranges`: some minutes and
//! gigabytes. `--picture` also draws the table `growth` as an SVG.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers are drawn, and shares are printed"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

mod contenders;
mod documented;
mod enrolled;
mod growth;
mod kinds;
mod lines;
mod picture;
mod ranges;
mod upkeep;

use std::path::PathBuf;
use std::process::ExitCode;

use target_rules::{Ast, Limits, Rule, Schema, Zone};

use target_rules_testing::workloads::cases;

/// What every part needs.
struct Setting {
    limits: Limits,
    schema: Schema,
    zone: Zone,
    quick: bool,
    /// Whether the largest sets are wanted.
    million: bool,
    picture: Option<PathBuf>,
}

impl Setting {
    fn checked(&self, text: &str) -> Rule {
        let ast = Ast::from_text(text, &self.limits).unwrap();
        ast.check(&self.schema, &self.limits).into_rule().unwrap()
    }

    /// The one figure, or the other for a quick run.
    fn of<T>(&self, whole: T, quick: T) -> T {
        if self.quick { quick } else { whole }
    }
}

type Part = (&'static str, fn(&Setting));

const PARTS: [Part; 12] = [
    ("growth", growth::growth),
    ("shares", kinds::shares),
    ("matches", kinds::matches),
    ("adversarial", kinds::adversarial),
    ("build", upkeep::build),
    ("memory", upkeep::memory),
    ("changes", upkeep::changes),
    ("lines", lines::lines),
    ("documented", documented::documented),
    ("documented-kinds", documented::documented_kinds),
    ("ranges", ranges::ranges),
    ("enrolled", enrolled::enrolled),
];

fn main() -> ExitCode {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let zone = Zone::named(cases::ZONE).unwrap();
    let mut setting = Setting { limits, schema, zone, quick: false, million: false, picture: None };
    let mut wanted = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What `cargo bench` adds.
            "--bench" => {}
            "--quick" => setting.quick = true,
            "--million" => setting.million = true,
            // Cargo runs benchmarks in the folder of the package.
            "--picture" => setting.picture = arguments.next().map(PathBuf::from),
            upkeep::RESIDENT => {
                upkeep::resident(&setting, arguments);
                return ExitCode::SUCCESS;
            }
            ranges::SIZE => {
                ranges::of_size(&setting, arguments.next().unwrap().parse().unwrap());
                return ExitCode::SUCCESS;
            }
            part if PARTS.iter().any(|(name, _)| *name == part) => wanted.push(argument),
            other => {
                let known = PARTS.map(|(name, _)| name).join(", ");
                eprintln!("`{other}` is none of --quick, --million, --picture FILE, {known}");
                return ExitCode::from(2);
            }
        }
    }
    let wanted = PARTS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| part == name));
    for (number, (name, part)) in wanted.enumerate() {
        if number > 0 {
            println!();
        }
        let start = std::time::Instant::now();
        part(&setting);
        eprintln!("{name}: {:.0} s", start.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}
