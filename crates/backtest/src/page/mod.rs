//! The report as a page that somebody reads who never saw a rule: one HTML file with
//! all that it needs, light and dark, for a telephone, a desk and paper.
//!
//! HTML and SVG are written by maud, which escapes what it is given. The charts are
//! drawn here: libraries that draw charts either run a script, or set fonts and colours
//! as they write, so that a chart can't follow the reader's theme nor the width of her
//! window. Shapes stretch with the page; words stand beside them as HTML, so none is
//! ever too small or upon another.

mod bars;
mod comparison;
mod curve;
mod days;
mod examples;
mod focus;
mod frame;
mod input;
mod ledger;
mod matrix;
mod overview;
mod period;
mod words;

use crate::report::{Comparison, Report};

impl Report {
    /// The report as one HTML page, which loads nothing and runs no script.
    ///
    /// Everything that comes from rules and transactions is escaped, and what nobody
    /// would see is made visible. The table of targets has at most 300 rows, those with
    /// the most hits; other lists are as long as those of the report.
    ///
    /// Cost is linear in what is shown.
    pub fn to_html(&self) -> String {
        overview::page(self)
    }
}

impl Comparison {
    /// The comparison as one HTML page, as [`Report::to_html`] makes it. The 20 targets
    /// that change most are shown one by one.
    pub fn to_html(&self) -> String {
        comparison::page(self)
    }
}
