//! All tests of the targets, as one program: to link each by itself takes longer than
//! to run it. `cargo test --package loyalty-targets --test all state` runs those of one
//! file.

mod booking_conformance;
mod booking_room;
mod limits;
mod memory;
mod payloads;
mod progress;
mod returns;
mod roster;
mod samples;
mod state;
mod stores;
mod target_model;
mod target_set;
mod too_large;
