//! One shape of input at one size: what `benches/bounds` runs, plain for its
//! time and memory and under callgrind for its instructions.
//!
//! `bounds NUMBER SIZE` with the number of a shape in the list; without
//! arguments the shapes are listed and nothing is run. `bounds NUMBER SIZE count`
//! asks no clock: valgrind does not have the one of threads.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark fails by panicking")]

use std::process::ExitCode;

use target_rules_testing::bounds::{measured, shapes};
use target_rules_testing::workloads::clock;

fn main() -> ExitCode {
    // Cargo adds options of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    match arguments.as_slice() {
        [] => {
            for (number, shape) in shapes().enumerate() {
                let least = shape.door.budget.bytes(0);
                let (door, budget) = (shape.door.name, shape.door.budget);
                println!(
                    "{number}\t{door}\t{}\t{}\t{}\t{least}\t{}\t{}",
                    shape.name, shape.most, shape.least, budget.a_byte, budget.growth
                );
            }
            ExitCode::SUCCESS
        }
        [number, size, counted @ ..] if counted.is_empty() || counted == ["count"] => {
            let shape = number.parse().ok().and_then(|number| shapes().nth(number));
            let (Some(shape), Ok(size)) = (shape, size.parse()) else { return usage() };
            let (bytes, task) = shape.task(size);
            if !counted.is_empty() {
                measured(task);
                return ExitCode::SUCCESS;
            }
            let mut nanoseconds = 0.0;
            let taken = allocation_counter::measure(|| nanoseconds = clock::once(|| measured(task)).0);
            println!("{bytes}\t{:.4}\t{}", nanoseconds / 1e9, taken.bytes_max);
            ExitCode::SUCCESS
        }
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: bounds [NUMBER SIZE [count]]; without arguments the shapes are listed");
    ExitCode::from(2)
}
