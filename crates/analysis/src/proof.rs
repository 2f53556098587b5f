//! Whether something is possible: proved that it never is, shown by a document,
//! or not known.

use target_rules::{Limits, Zone};

use crate::arithmetic::Arithmetic;
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

/// What a proof takes for granted where numbers of the transaction are plain, in a
/// sentence: sums of others may be rounded.
pub(crate) const PLAIN_NUMBERS: &str =
    "numbers of the transaction have at most 18 digits before the point and 9 behind it";

/// What is known of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// Proved: there is no such document.
    Never,
    Shown(Shown),
    Unknown(String),
}

/// More solutions than this that numbers contradict are not gone through.
const MOST_REFUTED: usize = 2_000;

/// Whether there is a document for which the formula holds, on which each rule
/// of the model has one of the results that are wanted of it. Nothing is taken for
/// granted.
pub(crate) fn possible(
    model: &Model<'_>,
    formula: Result<Formula, TooLarge>,
    wanted: &[Outcomes],
    options: &Options,
) -> Found {
    possible_where(model, formula, wanted, false, options)
}

/// The same of documents whose numbers are plain, where that is wanted. Who wants it
/// has a place to say it: [`PLAIN_NUMBERS`].
pub(crate) fn possible_where(
    model: &Model<'_>,
    formula: Result<Formula, TooLarge>,
    wanted: &[Outcomes],
    plain_numbers: bool,
    options: &Options,
) -> Found {
    let formula = match formula {
        Ok(formula) => Formula::all([model.axioms.clone(), formula]),
        Err(TooLarge(why)) => return Found::Unknown(why.to_owned()),
    };
    let cells = model.variables.iter().map(|variable| variable.cells.len());
    let mut solver = Solver::new(cells, options.work);
    let arithmetic = Arithmetic::of(model, &options.zone, plain_numbers);
    let mut witnesses = None;
    let mut shown = None;
    let mut why = String::new();
    let (mut tried, mut refuted) = (0_usize, 0_usize);
    let end = solver.search(&formula, &mut |domains: &[CellSet]| {
        if arithmetic.as_ref().is_some_and(|arithmetic| arithmetic.is_impossible(domains)) {
            refuted = refuted.wrapping_add(1);
            return refuted < MOST_REFUTED;
        }
        let witnesses =
            witnesses.get_or_insert_with(|| Witnesses::new(model, &options.zone, &options.limits));
        match witnesses.show(domains, wanted) {
            Ok(found) => shown = Some(found),
            Err(reason) => why = reason,
        }
        tried = tried.wrapping_add(1);
        shown.is_none() && tried < options.solutions
    });
    model.charge_search(options.work.saturating_sub(solver.left()), tried.saturating_add(refuted));
    match (shown, end) {
        (Some(shown), _) => Found::Shown(shown),
        (None, Search::Exhausted) if tried == 0 => Found::Never,
        (None, Search::Stopped) if refuted >= MOST_REFUTED => {
            Found::Unknown(format!("more than {MOST_REFUTED} ways in which numbers may compare"))
        }
        (None, Search::TooMuch) => Found::Unknown(format!("more than {} steps", options.work)),
        (None, _) => Found::Unknown(why),
    }
}

/// Whether it is proved that a formula never holds.
pub(crate) fn is_never(model: &Model<'_>, formula: Result<Formula, TooLarge>, options: &Options) -> bool {
    let Ok(formula) = formula else { return false };
    let formula = Formula::all([model.axioms.clone(), formula]);
    let cells = model.variables.iter().map(|variable| variable.cells.len());
    let arithmetic = Arithmetic::of(model, &options.zone, false);
    let mut refuted = 0_usize;
    let mut goes_on = |domains: &[CellSet]| {
        refuted = refuted.wrapping_add(1);
        refuted < MOST_REFUTED
            && arithmetic.as_ref().is_some_and(|arithmetic| arithmetic.is_impossible(domains))
    };
    let mut solver = Solver::new(cells, options.work);
    let end = solver.search(&formula, &mut goes_on);
    model.charge_search(options.work.saturating_sub(solver.left()), refuted);
    end == Search::Exhausted
}
