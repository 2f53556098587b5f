//! All tests of the server, as one program: to link each by itself takes longer than to
//! run it. `cargo test --package target-rules-server --test all service` runs those of
//! one file.

mod codes;
mod described;
mod durable;
mod harness;
mod hostile;
mod load;
mod many_instances;
mod nonsense;
mod others;
mod page;
mod periods;
mod service;
mod shell;
