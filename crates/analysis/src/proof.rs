//! Whether something is possible: proved that it never is, shown by a document,
//! or not known.

use target_rules::{Limits, Zone};

use crate::arithmetic::Arithmetic;
use crate::budget::Budget;
use crate::cell_set::CellSet;
use crate::formula::Formula;
use crate::model::{Model, Outcomes, TooLarge};
use crate::solve::{Order, Search, Solver};
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
    /// How many steps one question may take; beyond it the answer is unknown. To look
    /// at a part of a formula is one step, and to go through an inequality some ten.
    /// Two rules of a hundred clauses take some ten thousand.
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
        Ok(formula) => formula,
        Err(TooLarge(why)) => return Found::Unknown(why.to_owned()),
    };
    let mut witnesses = None;
    let mut shown = None;
    let mut why = String::new();
    let mut tried = 0_usize;
    let searched = searched(model, formula, plain_numbers, options, &mut |domains| {
        let witnesses =
            witnesses.get_or_insert_with(|| Witnesses::new(model, &options.zone, &options.limits));
        match witnesses.show(domains, wanted) {
            Ok(found) => shown = Some(found),
            Err(reason) => why = reason,
        }
        tried = tried.wrapping_add(1);
        shown.is_none() && tried < options.solutions
    });
    match (shown, searched) {
        (Some(shown), _) => Found::Shown(shown),
        (None, Searched::All) if tried == 0 => Found::Never,
        (None, Searched::TooManyRefuted) => {
            Found::Unknown(format!("more than {MOST_REFUTED} ways in which numbers may compare"))
        }
        (None, Searched::TooMuch) => Found::Unknown(format!("more than {} steps", options.work)),
        (None, Searched::All | Searched::Stopped) => Found::Unknown(why),
    }
}

/// Whether it is proved that a formula never holds.
pub(crate) fn is_never(model: &Model<'_>, formula: Result<Formula, TooLarge>, options: &Options) -> bool {
    let Ok(formula) = formula else { return false };
    searched(model, formula, false, options, &mut |_| false) == Searched::All
}

/// How a search for solutions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Searched {
    /// Every solution was told, but for those that numbers contradict.
    All,
    /// Whoever was told of one wanted no more.
    Stopped,
    TooManyRefuted,
    TooMuch,
}

/// In which orders disjunctions are tried, and which part of the steps that are left each
/// may take: first each a little, for one of them is mostly soon at its end.
const ORDERS: [(Order, usize); 4] =
    [(Order::FewestParts, 64), (Order::MostParts, 64), (Order::FewestParts, 4), (Order::MostParts, 1)];

/// Tells the solutions of a formula that numbers do not contradict, within the steps of
/// one question, and counts these. Some may be told again in another order.
fn searched(
    model: &Model<'_>,
    formula: Formula,
    plain_numbers: bool,
    options: &Options,
    more: &mut impl FnMut(&[CellSet]) -> bool,
) -> Searched {
    let formula = Formula::all([model.axioms.clone(), formula]);
    let (mut told, mut refuted, mut left) = (0_usize, 0_usize, options.work);
    let mut end = Searched::TooMuch;
    for (order, share) in ORDERS {
        let steps = left.div_ceil(share);
        let budget = Budget::new(steps);
        let arithmetic = Arithmetic::of(model, &options.zone, plain_numbers, &budget);
        let cells = model.variables.iter().map(|variable| variable.cells.len());
        let mut passed_over = false;
        let found = Solver::new(cells, order, &budget).search(&formula, &mut |domains: &[CellSet]| {
            if arithmetic.as_ref().is_some_and(|arithmetic| arithmetic.is_impossible(domains)) {
                refuted = refuted.wrapping_add(1);
                return refuted < MOST_REFUTED;
            }
            // Once the steps are spent numbers contradict nothing any more: whether this
            // is a solution is not known.
            if budget.is_spent() {
                passed_over = true;
                return true;
            }
            told = told.wrapping_add(1);
            more(domains)
        });
        left = left.saturating_sub(steps.saturating_sub(budget.left()));
        end = match found {
            // INVARIANT: nothing is proved where a solution was passed over.
            Search::Exhausted if passed_over => Searched::TooMuch,
            Search::Exhausted => Searched::All,
            Search::Stopped if refuted >= MOST_REFUTED => Searched::TooManyRefuted,
            Search::Stopped => Searched::Stopped,
            Search::TooMuch => Searched::TooMuch,
        };
        if end != Searched::TooMuch {
            break;
        }
    }
    model.charge_search(options.work.saturating_sub(left), told.saturating_add(refuted));
    end
}
