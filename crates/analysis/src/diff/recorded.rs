//! What recorded transactions say of how rules differ.

use target_rules::{Diagnostics, Evaluation, Layout, Limits, Program, Rule, Scratch, Truth, Zone};

use super::difference::{Difference, Recorded, Verdict, Witness};

/// A transaction of which that does not hold what a proof takes for granted.
const NOT_PROVED_OF: &str = "a recorded transaction is none of which it was proved";
/// One of which it does.
const DENIED: &str = "a recorded transaction denies what was proved; please report it";

/// Two rules under comparison.
struct Pair {
    old: Program,
    new: Program,
    counted: Recorded,
    /// Whether both are true for one.
    both: bool,
    /// The first transaction of each kind: lost, gained, false and unknown, and
    /// unknown and false.
    first: [Option<Witness>; 4],
}

/// Pairs of rules that are decided for recorded transactions.
///
/// ```
/// use target_rules::{Ast, Limits, Schema, Zone};
/// use target_rules_analysis::{Options, Recording, diff};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let (old, new) = (rule("currentTxn.value > 500")?, rule("currentTxn.value > 900")?);
/// let zone = Zone::UTC;
/// let mut recording = Recording::new(&[(&old, &new)], &zone, &limits);
/// for (at, document) in [r#"{"currentTxn":{"value":600}}"#, "{}"].into_iter().enumerate() {
///     recording.add(document, || format!("bill {at}"))?;
/// }
/// let mut difference = diff(&old, &new, &Options::default());
/// recording.tell(0, &mut difference);
/// assert_eq!(difference.recorded.map(|recorded| recorded.lost), Some(1));
/// assert_eq!(difference.witnesses[0].place.as_deref(), Some("bill 0"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub struct Recording<'o> {
    layout: Layout,
    pairs: Vec<Pair>,
    zone: &'o Zone,
    limits: &'o Limits,
    scratch: Scratch,
}

impl<'o> Recording<'o> {
    /// Compiles pairs of an old and a new rule. Cost is linear in the rules.
    pub fn new(pairs: &[(&Rule, &Rule)], zone: &'o Zone, limits: &'o Limits) -> Recording<'o> {
        let layout = Layout::of(pairs.iter().flat_map(|(old, new)| [*old, *new]));
        // INVARIANT: the layout is of all of these rules.
        let compiled = |(old, new): &(&Rule, &Rule)| {
            let (old, new) = (layout.compile(old).ok()?, layout.compile(new).ok()?);
            Some(Pair { old, new, counted: Recorded::default(), both: false, first: Default::default() })
        };
        let pairs = pairs.iter().filter_map(compiled).collect();
        Recording { layout, pairs, zone, limits, scratch: Scratch::default() }
    }

    /// Decides all pairs for one document; `place` says where it stands, where
    /// that is asked.
    ///
    /// Fails where the document is none that the rules can read. Cost is linear in
    /// the document and in the number of pairs.
    pub fn add(&mut self, document: &str, place: impl Fn() -> String) -> Result<(), Diagnostics> {
        let transaction = self.layout.read(document, self.limits)?;
        let mut evaluation = Evaluation::new(&transaction, self.zone, &mut self.scratch);
        for pair in &mut self.pairs {
            pair.counted.transactions = pair.counted.transactions.saturating_add(1);
            let (old, new) = (pair.old.decide(&mut evaluation), pair.new.decide(&mut evaluation));
            pair.both |= old.is_true() && new.is_true();
            let (kind, count) = match (old, new) {
                (Truth::True, Truth::False | Truth::Unknown) => (0, &mut pair.counted.lost),
                (Truth::False | Truth::Unknown, Truth::True) => (1, &mut pair.counted.gained),
                (Truth::False, Truth::Unknown) => (2, &mut pair.counted.undecided),
                (Truth::Unknown, Truth::False) => (3, &mut pair.counted.undecided),
                _ => continue,
            };
            *count = count.saturating_add(1);
            if let Some(first) = pair.first.get_mut(kind)
                && first.is_none()
            {
                let transaction = document.to_owned();
                *first = Some(Witness { transaction, old, new, place: Some(place()) });
            }
        }
        Ok(())
    }

    /// Adds to a difference how many of the transactions show it, and takes
    /// recorded ones for its witnesses where there are some. Where they deny the
    /// verdict, it is unknown; where it was not known and they show each rule true
    /// alone and both together, it is different.
    pub fn tell(&self, pair: usize, difference: &mut Difference) {
        self.tell_of(pair, difference, false);
    }

    /// The same of what [`diff_three_valued`](crate::diff_three_valued) said.
    pub fn tell_three_valued(&self, pair: usize, difference: &mut Difference) {
        self.tell_of(pair, difference, true);
    }

    fn tell_of(&self, pair: usize, difference: &mut Difference, three_valued: bool) {
        let Some(pair) = self.pairs.get(pair) else { return };
        let Recorded { lost, gained, undecided, .. } = pair.counted;
        let denied = match difference.verdict {
            Verdict::Equivalent => lost > 0 || gained > 0 || three_valued && undecided > 0,
            Verdict::Narrower => gained > 0,
            Verdict::Wider => lost > 0,
            Verdict::Disjoint => pair.both,
            Verdict::Different | Verdict::Unknown => false,
        };
        if denied {
            // Whatever was proved, this is a fact.
            difference.verdict = Verdict::Unknown;
            let assumed = !std::mem::take(&mut difference.assumes).is_empty();
            difference.why.push(if assumed { NOT_PROVED_OF } else { DENIED }.to_owned());
        }
        for (kind, first) in pair.first.iter().enumerate() {
            let Some(first) = first else { continue };
            let same = |made: &&mut Witness| kind_of(made.old, made.new) == Some(kind);
            match difference.witnesses.iter_mut().find(same) {
                Some(made) => *made = first.clone(),
                // What is false here and unknown there is told where it was asked.
                None if kind < 2 => difference.witnesses.push(first.clone()),
                None => {}
            }
        }
        difference.witnesses.sort_by_key(|witness| kind_of(witness.old, witness.new));
        let is_shown =
            |kind| difference.witnesses.iter().any(|witness| kind_of(witness.old, witness.new) == Some(kind));
        if difference.verdict == Verdict::Unknown && !denied && pair.both && is_shown(0) && is_shown(1) {
            difference.verdict = Verdict::Different;
            difference.why.clear();
        }
        difference.recorded = Some(pair.counted);
    }
}

/// Which of the ways to differ two results are.
fn kind_of(old: Truth, new: Truth) -> Option<usize> {
    match (old, new) {
        (Truth::True, Truth::True) => None,
        (Truth::True, _) => Some(0),
        (_, Truth::True) => Some(1),
        (Truth::False, Truth::Unknown) => Some(2),
        (Truth::Unknown, Truth::False) => Some(3),
        _ => None,
    }
}
