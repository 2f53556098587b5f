//! Two rules under comparison.

use target_rules::Rule;

use crate::model::{Model, Outcomes, TooLarge};
use crate::proof::{Found, Options, PLAIN_NUMBERS, possible_where};
use crate::witness::Shown;

use super::difference::{Difference, Verdict, Witness};
use super::order::same_in_any_order;

/// Compares two rules, checked with one schema.
///
/// What is said is proved, or shown by a transaction on which the interpreter
/// decides both rules. Cost is that of a few searches, each bounded by
/// [`Options::work`].
pub fn diff(old: &Rule, new: &Rule, options: &Options) -> Difference {
    with_assumption(|plain| compare(old, new, &[], plain, options))
}

/// The same over all three truth values: rules are equivalent where both are
/// true, false and unknown for the same transactions. What is told beside that
/// is of where they are true, as [`diff`] tells it. Cost is that of two more
/// searches.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Verdict, diff, diff_three_valued};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let old = rule("currentTxn.value > 500")?;
/// // False, and not unknown, where there is no value.
/// let new = rule("currentTxn.value.isNotNull() && currentTxn.value > 500")?;
/// let options = Options::default();
/// assert_eq!(diff(&old, &new, &options).verdict, Verdict::Equivalent);
/// assert_eq!(diff_three_valued(&old, &new, &options).verdict, Verdict::Different);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn diff_three_valued(old: &Rule, new: &Rule, options: &Options) -> Difference {
    let undecided = [(Outcomes::FALSE, Outcomes::UNKNOWN), (Outcomes::UNKNOWN, Outcomes::FALSE)];
    with_assumption(|plain| compare(old, new, &undecided, plain, options))
}

/// Takes for granted that numbers are plain only where nothing is known
/// otherwise, and says so.
fn with_assumption(compared: impl Fn(bool) -> Difference) -> Difference {
    let difference = compared(false);
    if difference.verdict != Verdict::Unknown {
        return difference;
    }
    match compared(true) {
        Difference { verdict: Verdict::Unknown, .. } => difference,
        assuming => Difference { assumes: vec![PLAIN_NUMBERS.to_owned()], ..assuming },
    }
}

/// Compares over true against not true, and for further differences.
fn compare(
    old: &Rule,
    new: &Rule,
    further: &[(Outcomes, Outcomes)],
    plain_numbers: bool,
    options: &Options,
) -> Difference {
    // That needs no proof, and might be too large for one.
    if old == new || same_in_any_order(old, new) {
        return Difference {
            verdict: Verdict::Equivalent,
            witnesses: Vec::new(),
            assumes: Vec::new(),
            why: Vec::new(),
            recorded: None,
        };
    }
    let model = Model::new(&[old, new], false, &options.zone);
    let ask = |old: Outcomes, new: Outcomes| match &model {
        Ok(model) => only(model, old, new, plain_numbers, options),
        Err(too_large) => unknown(*too_large),
    };
    let lost = ask(Outcomes::TRUE, Outcomes::NOT_TRUE);
    let gained = ask(Outcomes::NOT_TRUE, Outcomes::TRUE);
    let mut why = Vec::new();
    let mut verdict = match (&lost, &gained) {
        (Found::Never, Found::Never) => Verdict::Equivalent,
        (Found::Shown(_), Found::Never) => Verdict::Narrower,
        (Found::Never, Found::Shown(_)) => Verdict::Wider,
        (Found::Shown(_), Found::Shown(_)) => match both_where(old, new, plain_numbers, options) {
            Found::Never => Verdict::Disjoint,
            Found::Shown(_) => Verdict::Different,
            Found::Unknown(reason) => {
                why.push(reason);
                Verdict::Unknown
            }
        },
        _ => Verdict::Unknown,
    };
    let mut all = vec![lost, gained];
    for (old, new) in further {
        let found = ask(*old, *new);
        verdict = match (verdict, &found) {
            (Verdict::Equivalent, Found::Unknown(_)) => Verdict::Unknown,
            (Verdict::Equivalent | Verdict::Unknown, Found::Shown(_)) if all_same(&all) => Verdict::Different,
            (verdict, _) => verdict,
        };
        all.push(found);
    }
    let mut witnesses = Vec::new();
    for found in all {
        match found {
            Found::Shown(shown) => witnesses.extend(witness(shown)),
            Found::Unknown(reason) => why.push(reason),
            Found::Never => {}
        }
    }
    why.dedup();
    if verdict != Verdict::Unknown {
        why.clear();
    }
    Difference { verdict, witnesses, assumes: Vec::new(), why, recorded: None }
}

/// Whether rules are proved to be true for the same transactions.
fn all_same(found: &[Found]) -> bool {
    matches!(found, [Found::Never, Found::Never, ..])
}

fn unknown(TooLarge(why): TooLarge) -> Found {
    Found::Unknown(why.to_owned())
}

fn only(model: &Model<'_>, old: Outcomes, new: Outcomes, plain_numbers: bool, options: &Options) -> Found {
    let formula =
        model.rule(0, old).and_then(|first| Ok(crate::formula::Formula::all([first, model.rule(1, new)?])));
    possible_where(model, formula, &[old, new], plain_numbers, options)
}

/// Whether both may be true. Rules that are decided for each item may be so for
/// different ones.
pub(crate) fn both(old: &Rule, new: &Rule, options: &Options) -> Found {
    both_where(old, new, false, options)
}

fn both_where(old: &Rule, new: &Rule, plain_numbers: bool, options: &Options) -> Found {
    match Model::new(&[old, new], true, &options.zone) {
        Ok(model) => only(&model, Outcomes::TRUE, Outcomes::TRUE, plain_numbers, options),
        Err(too_large) => unknown(too_large),
    }
}

pub(crate) fn witness(shown: Shown) -> Option<Witness> {
    let [old, new] = shown.results.try_into().ok()?;
    Some(Witness { transaction: shown.document, old, new, place: None })
}
