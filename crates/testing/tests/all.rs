//! Inputs of size, deep, long and many: what they may cost. `cargo test` at the root
//! leaves them out, for they take as long as all else; `.ci/run` has them.

mod bounds;
mod long_rules;
mod many_items;
mod many_patterns;
mod nasty_patterns;
mod schema_size;
mod set_bounds;
mod stack;
