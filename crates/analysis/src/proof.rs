//! Whether something is possible: proved that it never is, shown by a document,
//! or not known.

use target_rules::{Limits, Zone};

use crate::cell_set::CellSet;
use crate::formula::Formula;
use crate::model::{Model, Outcomes, TooLarge};
use crate::solve::{Search, Solver};
use crate::witness::{Shown, Witnesses};

/// What a proof may assume and cost.
///
/// ```
/// use target_rules::Zone;
/// use target_rules_analysis::Options;
/// let options = Options { zone: Zone::named("Asia/Kolkata")?, ..Options::default() };
/// assert!(options.work > 1_000);
/// # Ok::<(), target_rules::value::UnknownZone>(())
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// The time zone of the evaluation, in which all that is proved holds.
    pub zone: Zone,
    /// How many parts of formulas one question may look at; beyond it the answer
    /// is unknown. Two rules of a hundred clauses take some ten thousand.
    pub work: usize,
    /// How many solutions without a confirmed document are passed over before the
    /// answer is unknown.
    pub solutions: usize,
    /// Limits on the documents that are read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Options {
        Options { zone: Zone::UTC, work: 1_000_000, solutions: 24, limits: Limits::default() }
    }
}

/// What is known of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// Proved: there is no such document.
    Never,
    Shown(Shown),
    Unknown(String),
}

/// Whether there is a document for which the formula holds, on which each rule
/// of the model has one of the results that are wanted of it.
pub(crate) fn possible(
    model: &Model<'_>,
    formula: Result<Formula, TooLarge>,
    wanted: &[Outcomes],
    options: &Options,
) -> Found {
    let formula = match formula {
        Ok(formula) => Formula::all([model.axioms.clone(), formula]),
        Err(TooLarge(why)) => return Found::Unknown(why.to_owned()),
    };
    let cells = model.variables.iter().map(|variable| variable.cells.len());
    let mut solver = Solver::new(cells, options.work);
    let mut witnesses = None;
    let mut shown = None;
    let mut why = String::new();
    let mut tried = 0_usize;
    let end = solver.search(&formula, &mut |domains: &[CellSet]| {
        let witnesses =
            witnesses.get_or_insert_with(|| Witnesses::new(model, &options.zone, &options.limits));
        match witnesses.show(domains, wanted) {
            Ok(found) => shown = Some(found),
            Err(reason) => why = reason,
        }
        tried = tried.wrapping_add(1);
        shown.is_none() && tried < options.solutions
    });
    match (shown, end) {
        (Some(shown), _) => Found::Shown(shown),
        (None, Search::TooMuch) => Found::Unknown(format!("more than {} steps", options.work)),
        (None, Search::Exhausted) if tried == 0 => Found::Never,
        (None, _) => Found::Unknown(why),
    }
}

/// Whether it is proved that a formula never holds.
pub(crate) fn is_never(model: &Model<'_>, formula: Result<Formula, TooLarge>, options: &Options) -> bool {
    let Ok(formula) = formula else { return false };
    let formula = Formula::all([model.axioms.clone(), formula]);
    let cells = model.variables.iter().map(|variable| variable.cells.len());
    Solver::new(cells, options.work).search(&formula, &mut |_| false) == Search::Exhausted
}
