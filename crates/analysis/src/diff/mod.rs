//! How two rules differ.

mod recorded;

pub use recorded::{Recorded, Recording};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::{Rule, Truth};

use crate::model::{Model, Outcomes, TooLarge};
use crate::proof::{Found, Options, possible};
use crate::witness::Shown;

/// How the transactions for which a rule is true relate to those of an older
/// one. What is not true may be false or unknown.
///
/// ```
/// use target_rules_analysis::Verdict;
/// assert_eq!(serde_json::to_string(&Verdict::Narrower)?, r#""narrower""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Both are true for the same transactions. Proved.
    Equivalent,
    /// The new rule is true only where the old one is, and not everywhere there.
    Narrower,
    /// The new rule is true everywhere where the old one is, and elsewhere too.
    Wider,
    /// Both may be true, and never for one transaction.
    Disjoint,
    /// Both may be true for one transaction, and each of them alone. Where rules
    /// are compared over all three truth values, also: both are true for the
    /// same transactions, and one is false where the other is unknown.
    Different,
    /// It is not known which; [`Difference::why`] says what stood in the way.
    Unknown,
}

/// A transaction on which two rules differ, confirmed by deciding both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The transaction document, as JSON.
    pub transaction: String,
    /// What the old rule comes to.
    pub old: Truth,
    /// What the new rule comes to.
    pub new: Truth,
    /// Where it was recorded, as whoever added it calls the place; `None` of one
    /// that was made to show the difference.
    pub place: Option<String>,
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error, SerializeStruct};
        let fields = if self.place.is_some() { 4 } else { 3 };
        let mut written = serializer.serialize_struct("Witness", fields)?;
        let transaction = RawValue::from_string(self.transaction.clone()).map_err(S::Error::custom)?;
        written.serialize_field("transaction", &transaction)?;
        written.serialize_field("old", &self.old.to_string())?;
        written.serialize_field("new", &self.new.to_string())?;
        match &self.place {
            Some(place) => written.serialize_field("recorded", place)?,
            None => written.skip_field("recorded")?,
        }
        written.end()
    }
}

/// How two rules differ, with a transaction for each direction in which they do.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Verdict, diff};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let old = rule("currentTxn.value > 500")?;
/// let new = rule("currentTxn.value >= 500")?;
/// let difference = diff(&old, &new, &Options::default());
/// assert_eq!(difference.verdict, Verdict::Wider);
/// let witness = &difference.witnesses[0];
/// assert_eq!(witness.transaction, r#"{"currentTxn":{"value":500}}"#);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The relation.
    pub verdict: Verdict,
    /// Of each direction in which one is known, a transaction: first one for
    /// which only the old rule is true, then one for which only the new one is.
    ///
    /// Over three truth values then one on which the old rule is false and the
    /// new one unknown, and one on which it is the other way round.
    pub witnesses: Vec<Witness>,
    /// What the proof takes for granted of documents; empty where it holds of
    /// every one.
    pub assumes: Vec<String>,
    /// What stood in the way, where the verdict is unknown.
    pub why: Vec<String>,
    /// What recorded transactions say, where some were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

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
/// is of where they are true, as [`diff`] tells it.
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
    compare(old, new, &undecided, options)
}

/// Compares over true against not true, and for further differences.
fn compare(old: &Rule, new: &Rule, further: &[(Outcomes, Outcomes)], options: &Options) -> Difference {
    // That needs no proof, and might be too large for one.
    if old == new {
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
        Ok(model) => only(model, old, new, options),
        Err(too_large) => unknown(*too_large),
    };
    let lost = ask(Outcomes::TRUE, Outcomes::NOT_TRUE);
    let gained = ask(Outcomes::NOT_TRUE, Outcomes::TRUE);
    let mut why = Vec::new();
    let mut verdict = match (&lost, &gained) {
        (Found::Never, Found::Never) => Verdict::Equivalent,
        (Found::Shown(_), Found::Never) => Verdict::Narrower,
        (Found::Never, Found::Shown(_)) => Verdict::Wider,
        (Found::Shown(_), Found::Shown(_)) => match both(old, new, options) {
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

fn only(model: &Model<'_>, old: Outcomes, new: Outcomes, options: &Options) -> Found {
    let formula =
        model.rule(0, old).and_then(|first| Ok(crate::formula::Formula::all([first, model.rule(1, new)?])));
    possible(model, formula, &[old, new], options)
}

/// Whether both may be true. Rules that are decided for each item may be so for
/// different ones.
pub(crate) fn both(old: &Rule, new: &Rule, options: &Options) -> Found {
    match Model::new(&[old, new], true, &options.zone) {
        Ok(model) => only(&model, Outcomes::TRUE, Outcomes::TRUE, options),
        Err(too_large) => unknown(too_large),
    }
}

pub(crate) fn witness(shown: Shown) -> Option<Witness> {
    let [old, new] = shown.results.try_into().ok()?;
    Some(Witness { transaction: shown.document, old, new, place: None })
}
