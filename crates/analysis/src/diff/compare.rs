//! Two rules under comparison.

use target_rules::Rule;
use target_rules::condition::Clause;

use crate::arithmetic::Arithmetic;
use crate::formula::Formula;
use crate::model::{Model, Outcomes, TooLarge};
use crate::proof::{Found, Options, PLAIN_NUMBERS, is_never, possible_where};
use crate::witness::Shown;

use super::difference::{Difference, Verdict, Witness};
use super::order::InCommon;

/// What rules may differ in that are true for the same transactions.
const UNDECIDED: [(Outcomes, Outcomes); 2] =
    [(Outcomes::FALSE, Outcomes::UNKNOWN), (Outcomes::UNKNOWN, Outcomes::FALSE)];

/// Compares two rules, checked with one schema.
///
/// What is said is proved, or shown by a transaction on which the interpreter
/// decides both rules. Cost is that of a few searches, each bounded by
/// [`Options::work`].
pub fn diff(old: &Rule, new: &Rule, options: &Options) -> Difference {
    compare(old, new, &[], options)
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
    compare(old, new, &UNDECIDED, options)
}

/// What is known of one question, and whether that takes for granted that numbers are
/// plain.
struct Answer {
    found: Found,
    assumes: bool,
}

impl Answer {
    /// Takes for granted that numbers are plain only where nothing is known
    /// otherwise. What is shown is shown all the same.
    fn of(
        model: &Model<'_>,
        common: &[Vec<bool>; 2],
        old: Outcomes,
        new: Outcomes,
        options: &Options,
    ) -> Answer {
        let only = |plain_numbers| only(model, common, old, new, plain_numbers, options);
        let found = only(false);
        if matches!(found, Found::Unknown(_)) && Arithmetic::gains(model, &options.zone) {
            match only(true) {
                Found::Never => return Answer { found: Found::Never, assumes: true },
                Found::Shown(shown) => return Answer { found: Found::Shown(shown), assumes: false },
                Found::Unknown(_) => {}
            }
        }
        Answer { found, assumes: false }
    }

    fn is_never(&self) -> bool {
        self.found == Found::Never
    }
}

/// Compares over true against not true, and for further differences.
fn compare(old: &Rule, new: &Rule, further: &[(Outcomes, Outcomes)], options: &Options) -> Difference {
    let mut difference = Difference {
        verdict: Verdict::Equivalent,
        witnesses: Vec::new(),
        assumes: Vec::new(),
        why: Vec::new(),
        recorded: None,
    };
    // That needs no proof, and might be too large for one.
    if old == new {
        return difference;
    }
    let InCommon::Parts(common) = InCommon::of(old, new) else { return difference };
    let model = match Model::new(&[old, new], false, &options.zone) {
        Ok(model) => model,
        Err(TooLarge(why)) => {
            difference.verdict = Verdict::Unknown;
            difference.why.push(why.to_owned());
            return difference;
        }
    };
    let ask = |(old, new): (Outcomes, Outcomes)| Answer::of(&model, &common, old, new, options);
    let lost = ask((Outcomes::TRUE, Outcomes::NOT_TRUE));
    let gained = ask((Outcomes::NOT_TRUE, Outcomes::TRUE));
    let further: Vec<Answer> = further.iter().map(|outcomes| ask(*outcomes)).collect();
    let mut assumes = lost.assumes || gained.assumes;
    let mut verdict = match (&lost.found, &gained.found) {
        (Found::Never, Found::Never) => Verdict::Equivalent,
        (Found::Shown(_), Found::Never) => Verdict::Narrower,
        (Found::Never, Found::Shown(_)) => Verdict::Wider,
        (Found::Shown(_), Found::Shown(_)) => {
            let both = together(&model, options);
            assumes |= both.assumes;
            match both.found {
                Found::Never => Verdict::Disjoint,
                Found::Shown(_) => Verdict::Different,
                Found::Unknown(reason) => {
                    difference.why.push(reason);
                    Verdict::Unknown
                }
            }
        }
        _ => Verdict::Unknown,
    };
    if verdict == Verdict::Equivalent {
        let is_shown = |answer: &Answer| matches!(answer.found, Found::Shown(_));
        if further.iter().any(is_shown) {
            verdict = Verdict::Different;
        } else if further.iter().all(Answer::is_never) {
            assumes |= further.iter().any(|answer| answer.assumes);
        } else {
            verdict = Verdict::Unknown;
        }
    }
    for answer in [lost, gained].into_iter().chain(further) {
        match answer.found {
            Found::Shown(shown) => difference.witnesses.extend(witness(shown)),
            Found::Unknown(reason) => difference.why.push(reason),
            Found::Never => {}
        }
    }
    if verdict == Verdict::Unknown {
        difference.why.dedup();
    } else {
        difference.why.clear();
        difference.assumes.extend(assumes.then(|| PLAIN_NUMBERS.to_owned()));
    }
    Difference { verdict, ..difference }
}

/// Whether the two rules of a model may be true together. Rules that are decided for
/// each item may be so for different ones.
fn together(model: &Model<'_>, options: &Options) -> Answer {
    let ask = |model: &Model<'_>| Answer::of(model, &NOTHING, Outcomes::TRUE, Outcomes::TRUE, options);
    if !model.rules.iter().any(|rule| rule.unrolls()) {
        return ask(model);
    }
    match Model::new(&model.rules, true, &options.zone) {
        Ok(model) => ask(&model),
        Err(TooLarge(why)) => Answer { found: Found::Unknown(why.to_owned()), assumes: false },
    }
}

/// Whether it is proved, and nothing taken for granted, that two rules come to the same
/// of all three results for every document that can be read for both. Makes no
/// document. Cost is that of four searches at most.
pub(crate) fn always_come_to_the_same(old: &Rule, new: &Rule, options: &Options) -> bool {
    if old == new {
        return true;
    }
    let InCommon::Parts(common) = InCommon::of(old, new) else { return true };
    let Ok(model) = Model::new(&[old, new], false, &options.zone) else { return false };
    let never = |(old, new)| is_never(&model, beside(&model, &common, old, new), options);
    let differences = [(Outcomes::TRUE, Outcomes::NOT_TRUE), (Outcomes::NOT_TRUE, Outcomes::TRUE)];
    differences.into_iter().chain(UNDECIDED).all(never)
}

/// Of rules of which nothing is known to be common to both.
const NOTHING: [Vec<bool>; 2] = [Vec::new(), Vec::new()];

/// When each of the two rules of a model has one of its results; `common` says which
/// clauses both have.
fn beside(
    model: &Model<'_>,
    common: &[Vec<bool>; 2],
    old: Outcomes,
    new: Outcomes,
) -> Result<Formula, TooLarge> {
    let apart =
        matches!((old, new), (Outcomes::TRUE, Outcomes::NOT_TRUE) | (Outcomes::NOT_TRUE, Outcomes::TRUE));
    let [of_old, of_new] = common;
    let of = |rule: usize, outcomes, common: &[bool]| match apart {
        true => without(model, rule, common, outcomes),
        false => model.rule(rule, outcomes),
    };
    Ok(Formula::all([of(0, old, of_old)?, of(1, new, of_new)?]))
}

/// When a rule is true, or is not, beside one that is the other of the two. Where one of
/// its parts is enough for it, it is none that both have: all parts of the other one are
/// what that part would not be.
fn without(model: &Model<'_>, rule: usize, common: &[bool], outcomes: Outcomes) -> Result<Formula, TooLarge> {
    let root = model.rules.get(rule).map(|rule| rule.condition().root());
    let parts = match (root, outcomes) {
        (Some(Clause::All(parts)), Outcomes::NOT_TRUE) | (Some(Clause::Any(parts)), Outcomes::TRUE)
            if common.len() == parts.len() =>
        {
            parts
        }
        _ => return model.rule(rule, outcomes),
    };
    let kept = parts.iter().zip(common).filter(|(_, common)| !**common);
    let kept = kept.map(|(part, _)| model.decided(rule, part, outcomes));
    Ok(Formula::any_of(kept.collect::<Result<Vec<Formula>, TooLarge>>()?))
}

fn only(
    model: &Model<'_>,
    common: &[Vec<bool>; 2],
    old: Outcomes,
    new: Outcomes,
    plain_numbers: bool,
    options: &Options,
) -> Found {
    possible_where(model, beside(model, common, old, new), &[old, new], plain_numbers, options)
}

/// Whether both may be true. Rules that are decided for each item may be so for
/// different ones.
pub(crate) fn both(old: &Rule, new: &Rule, options: &Options) -> Found {
    match Model::new(&[old, new], true, &options.zone) {
        Ok(model) => only(&model, &NOTHING, Outcomes::TRUE, Outcomes::TRUE, false, options),
        Err(TooLarge(why)) => Found::Unknown(why.to_owned()),
    }
}

pub(crate) fn witness(shown: Shown) -> Option<Witness> {
    let [old, new] = shown.results.try_into().ok()?;
    Some(Witness { transaction: shown.document, old, new, place: None })
}
