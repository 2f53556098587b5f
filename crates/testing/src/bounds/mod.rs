//! What every door may cost, and the shapes of input that hold it to that.
//!
//! A [`Door`] is where input comes in, or what is made of it there: the check
//! of a rule, a description, a payload. It says what it may cost as a
//! [`Budget`]. A [`Shape`] is a way to make an input of any size for a door:
//! one line of a table here. The test `bounds` of the library runs the table at
//! a part of the size, `benches/bounds` at the limits and under callgrind, and
//! `docs/limits.md` shows the doors.

mod analysis_doors;
mod document_doors;
mod document_shapes;
mod door;
mod faulty_shapes;
mod mapping_doors;
mod parts;
mod request_doors;
mod rule_doors;
mod rule_shapes;
mod schema_shapes;
mod set_shapes;
mod sql_doors;
mod store_doors;
mod target_doors;
mod target_shapes;

pub use door::{Budget, Door, Input, Shape, Task};

/// Every door, in the order in which an input meets them.
pub static DOORS: [&[&Door]; 8] = [
    rule_doors::DOORS,
    document_doors::DOORS,
    mapping_doors::DOORS,
    target_doors::DOORS,
    store_doors::DOORS,
    analysis_doors::DOORS,
    sql_doors::DOORS,
    request_doors::DOORS,
];

/// Every shape.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    let tables = [
        rule_shapes::SHAPES,
        schema_shapes::SHAPES,
        faulty_shapes::TEXTS,
        faulty_shapes::TREES,
        document_shapes::SHAPES,
        mapping_doors::SHAPES,
        set_shapes::SHAPES,
        target_shapes::SHAPES,
        store_doors::SHAPES,
        analysis_doors::SHAPES,
        sql_doors::SHAPES,
        request_doors::SHAPES,
    ];
    tables.into_iter().flatten()
}

/// Runs a task. What callgrind counts is what is called from here, so this stays
/// a function of its own.
#[inline(never)]
pub fn measured(task: Task) {
    task();
}
