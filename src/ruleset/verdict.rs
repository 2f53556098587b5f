//! What a set tells of its rules.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::interpret::Fault;

use super::pool::Names as NamePool;

/// What a rule of a set comes to, where it is not false.
///
/// [`RuleSet::verdicts`](crate::RuleSet::verdicts) tells them.
///
/// ```
/// use target_rules::ruleset::Verdict;
/// let verdict = Verdict::True { items: &[1, 3] };
/// assert!(verdict.is_true() && !Verdict::Unknown.is_true());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'e> {
    /// The rule is true.
    True {
        /// The positions from 0 of the line items or tenders for which it is;
        /// empty where the rule is not decided for each of them.
        items: &'e [usize],
    },
    /// The rule is unknown; [`RuleSet::undecided`](crate::RuleSet::undecided)
    /// and [`RuleSet::why`](crate::RuleSet::why) tell why.
    Unknown,
}

impl Verdict<'_> {
    /// Whether the rule is true.
    pub fn is_true(&self) -> bool {
        matches!(self, Verdict::True { .. })
    }
}

/// A rule that is unknown, and why.
///
/// [`RuleSet::undecided`](crate::RuleSet::undecided) tells them; serde writes
/// them. It borrows what the set and the decision hold.
///
/// ```
/// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let set = RuleSet::new([(50, rule)])?;
/// let transaction = set.layout().read("{}", &limits)?;
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
/// let mut json = Vec::new();
/// set.undecided(&mut evaluation, |undecided| {
///     json.push(serde_json::to_string(&undecided));
/// })?;
/// let json = json.pop().ok_or("the rule is unknown")??;
/// assert_eq!(json, r#"{"id":50,"absent":["currentTxn.value"],"faults":[]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Undecided<'s, Id> {
    /// The rule's id.
    pub id: &'s Id,
    /// What is absent and was needed.
    pub absent: AbsentNames<'s>,
    /// Operations that have no result, by place.
    pub faults: &'s [Fault],
}

/// The names of what is absent, sorted, each once, as the rule names it.
///
/// ```
/// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
/// let limits = Limits::default();
/// let text = "currentTxn.value > 500 || currentTxn.discount > 5";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let set = RuleSet::new([(50, rule)])?;
/// let transaction = set.layout().read("{}", &limits)?;
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
/// let mut absent = Vec::new();
/// set.undecided(&mut evaluation, |undecided| absent.push(undecided.absent.to_vec()))?;
/// assert_eq!(absent, [["currentTxn.discount", "currentTxn.value"]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct AbsentNames<'s>(Names<'s>);

#[derive(Clone, Copy)]
enum Names<'s> {
    /// As the interpreter or a host tells them.
    Told(&'s [String]),
    /// By their numbers.
    Known(&'s [u32], &'s NamePool),
}

impl<'s> AbsentNames<'s> {
    pub(super) fn known(numbers: &'s [u32], names: &'s NamePool) -> AbsentNames<'s> {
        AbsentNames(Names::Known(numbers, names))
    }

    /// The names, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'s str> + Clone + use<'s> {
        let (told, known): (&[String], Option<(&[u32], &NamePool)>) = match self.0 {
            Names::Told(names) => (names, None),
            Names::Known(numbers, names) => (&[], Some((numbers, names))),
        };
        let count = known.map_or(told.len(), |(numbers, _)| numbers.len());
        (0..count).map(move |at| match known {
            Some((numbers, names)) => numbers.get(at).map_or("", |number| names.name(*number)),
            None => told.get(at).map_or("", String::as_str),
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there are none: then the rule is unknown by faults alone.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names as strings of their own.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }
}

/// Of a host that names what is absent besides; they are to be sorted.
impl<'s> From<&'s [String]> for AbsentNames<'s> {
    fn from(names: &'s [String]) -> AbsentNames<'s> {
        AbsentNames(Names::Told(names))
    }
}

impl PartialEq for AbsentNames<'_> {
    fn eq(&self, other: &AbsentNames<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for AbsentNames<'_> {}

impl fmt::Debug for AbsentNames<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for AbsentNames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
