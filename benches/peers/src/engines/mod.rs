//! The engines, one file each.

pub(crate) mod a_tree;
pub(crate) mod cel;
pub(crate) mod datalogic;
pub(crate) mod evalexpr;
pub(crate) mod fasteval;
pub(crate) mod hand;
pub(crate) mod rhai;
pub(crate) mod target_rules;
pub(crate) mod wirefilter;
pub(crate) mod zen;
