//! How two rules differ.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::{Rule, Truth};

use crate::model::{Model, Outcomes, TooLarge};
use crate::proof::{Found, Options, PLAIN_NUMBERS, possible};
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
    /// Both may be true for one transaction, and each of them alone.
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
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error, SerializeStruct};
        let mut written = serializer.serialize_struct("Witness", 3)?;
        let transaction = RawValue::from_string(self.transaction.clone()).map_err(S::Error::custom)?;
        written.serialize_field("transaction", &transaction)?;
        written.serialize_field("old", &self.old.to_string())?;
        written.serialize_field("new", &self.new.to_string())?;
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
    pub witnesses: Vec<Witness>,
    /// What the proof takes for granted of documents; empty where it holds of
    /// every one.
    pub assumes: Vec<String>,
    /// What stood in the way, where the verdict is unknown.
    pub why: Vec<String>,
}

/// Compares two rules, checked with one schema.
///
/// What is said is proved, or shown by a transaction on which the interpreter
/// decides both rules. Cost is that of a few searches, each bounded by
/// [`Options::work`].
pub fn diff(old: &Rule, new: &Rule, options: &Options) -> Difference {
    let of = |plain_numbers| compare(old, new, &Options { plain_numbers, ..options.clone() });
    let difference = of(false);
    if difference.verdict != Verdict::Unknown {
        return difference;
    }
    match of(true) {
        Difference { verdict: Verdict::Unknown, .. } => difference,
        assuming => Difference { assumes: vec![PLAIN_NUMBERS.to_owned()], ..assuming },
    }
}

fn compare(old: &Rule, new: &Rule, options: &Options) -> Difference {
    let (lost, gained) = match Model::new(&[old, new], false, &options.zone) {
        Ok(model) => {
            let lost = only(&model, Outcomes::TRUE, Outcomes::NOT_TRUE, options);
            (lost, only(&model, Outcomes::NOT_TRUE, Outcomes::TRUE, options))
        }
        Err(too_large) => (unknown(too_large), unknown(too_large)),
    };
    let mut why = Vec::new();
    let verdict = match (&lost, &gained) {
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
    let mut witnesses = Vec::new();
    for found in [lost, gained] {
        match found {
            Found::Shown(shown) => witnesses.extend(witness(shown)),
            Found::Unknown(reason) => why.push(reason),
            Found::Never => {}
        }
    }
    why.dedup();
    Difference { verdict, witnesses, assumes: Vec::new(), why }
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
fn both(old: &Rule, new: &Rule, options: &Options) -> Found {
    match Model::new(&[old, new], true, &options.zone) {
        Ok(model) => only(&model, Outcomes::TRUE, Outcomes::TRUE, options),
        Err(too_large) => unknown(too_large),
    }
}

fn witness(shown: Shown) -> Option<Witness> {
    let [old, new] = shown.results.try_into().ok()?;
    Some(Witness { transaction: shown.document, old, new })
}
