//! The native part of the Python package `target_rules`: the engine, as plain
//! functions and handles. What Python users see stands in `python/target_rules`, which
//! turns what comes from here into Python's own types; nothing here is promised to them.

mod analysis;
mod answers;
mod arrow;
mod backtest;
mod document;
mod failure;
mod ledger;
mod mapping;
mod rule;
mod ruleset;
mod setting;
mod targets;

#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::analysis::{diff, lint, nearest};
    #[pymodule_export]
    use crate::answers::{Answers, Documents};
    #[pymodule_export]
    use crate::backtest::{Plan, page};
    #[pymodule_export]
    use crate::document::to_json;
    #[pymodule_export]
    use crate::failure::render;
    #[pymodule_export]
    use crate::ledger::Ledger;
    #[pymodule_export]
    use crate::mapping::Mapping;
    #[pymodule_export]
    use crate::rule::{Rule, check_rule};
    #[pymodule_export]
    use crate::ruleset::RuleSet;
    #[pymodule_export]
    use crate::setting::{Limits, Schema, Zone};
    #[pymodule_export]
    use crate::targets::{Targets, check_targets};
}
