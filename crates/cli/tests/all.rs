//! All tests of the command, as one program: to link each by itself takes longer than
//! to run it. `cargo test --package target-rules-cli --test all state_file` runs those
//! of one file.

mod backtest;
mod bounds;
mod cases;
mod cli;
mod fix;
mod full_disk;
mod guide;
mod payloads;
mod progress;
mod sample;
mod shown;
mod sizes;
mod state_file;
