//! All tests of the library that need nothing of their own, as one program: to link
//! each by itself takes longer than to run it. `cargo test --test all golden` runs
//! those of one file.

mod allocations;
mod audit;
mod browser;
mod conformance;
mod corpus;
mod damage;
mod describe;
mod doc_examples;
mod documented_rules;
mod doors;
mod explain;
mod explain_sentence;
mod extremes;
mod getters;
mod golden;
mod guides;
mod layering;
mod limits;
mod lock;
mod mended_rules;
mod methods;
mod pages;
mod properties;
mod regressions;
mod reports;
mod root_names;
mod rulesets;
mod schemas;
mod second_parser;
mod setters;
mod suggestions;
mod values;
