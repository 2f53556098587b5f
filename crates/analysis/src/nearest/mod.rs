//! The smallest change of a transaction that makes a rule true.

mod change;
mod dates;
mod edit;
mod items;
mod levers;
mod moves;
mod numbers;
mod pairs;
mod reach;

use std::collections::BTreeSet;

use target_rules::{
    Diagnostics, Evaluation, Layout, Number, Program, Rule, Schema, Scratch, Transaction, Truth,
};

use crate::proof::Options;
use edit::edited;
use levers::{Lever, Levers};
use moves::{Asked, Move, Moves, Values, differences, weight};
use pairs::Pairs;
use reach::Reach;

pub use change::{Change, ChangedValue, Distance, Nearest, Nudge};

/// So many changes are tried at most, those of two values among them.
const MOST_TRIED: usize = 4_000;
/// So much is done for them at most: a byte of a document that is written and
/// read is one, and a predicate that is decided a few.
const MOST_WORK: usize = 32 * 1024 * 1024;
/// What a predicate that is decided counts for.
const OF_PREDICATE: usize = 16;
/// What one that is explained counts for.
const OF_EXPLAINED: usize = 256;
/// After so many changes the rule is compiled.
const INTERPRETED: usize = 4;
/// Of one value so many changes are tried beside those of another.
const MOST_OF_ONE: usize = 24;

/// What makes a rule true that isn't: the smallest change of one value; where no
/// one is enough, of two.
///
/// What may change the schema says ([`Profile::can_change`]): amounts,
/// quantities, dates and items of the bill where it says nothing. A number moves
/// at the digits that it may have ([`Attribute::scale`]), a text among the values
/// that are known, a date to a later one, and what is counted or summed over the
/// basket grows by items that are added. All other values stay as the document
/// states them: a bill that states its value keeps it when an item is added.
/// Each nudge is confirmed by deciding the rule for the changed document.
///
/// Of each value the first change that is enough is told, or of two values
/// together the smallest pair; the smallest stands first: of a number by its share of the larger value, of a
/// date by its weeks; another text or truth value counts 1. For a number that
/// the rule compares with constants no smaller change is enough. That is not so
/// of numbers in arithmetic, which are found by following a line.
///
/// Fails where the document can't be read. Cost: some ten decisions a value that
/// may change; 64 values and 4 000 decisions at most, fewer of a document that is
/// large: 32 MiB are written and read at most. Where more would have been tried,
/// [`Nearest::why`] says so.
///
/// [`Profile::can_change`]: target_rules::schema::Profile::can_change
/// [`Attribute::scale`]: target_rules::schema::Attribute::scale
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, nearest};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let text = r#"currentTxn.value > 500 && currentTxn.basketQty("brand", "Puma") >= 3"#;
/// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 600,
///     "lineItems": [{"qty": 1, "attributes": {"brand": "Puma"}}]}}"#;
/// let nearest = nearest(&rule, document, &schema, &Options::default())?;
/// assert_eq!(
///     serde_json::to_string(&nearest.nudges[0].changes).unwrap(),
///     r#"[{"attribute":"currentTxn.basketQty(\"brand\",\"Puma\")","from":1,"to":3,"by":2}]"#
/// );
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn nearest(
    rule: &Rule,
    document: &str,
    schema: &Schema,
    options: &Options,
) -> Result<Nearest, Diagnostics> {
    let layout = Layout::of([rule]);
    let transaction = layout.read(document, &options.limits)?;
    let decision = rule.decide(&transaction, &options.zone);
    let mut nearest = Nearest { result: decision.result, nudges: Vec::new(), why: Vec::new() };
    if decision.result == Truth::True {
        return Ok(nearest);
    }
    let levers = Levers::of(rule.condition(), schema);
    let reach = Reach::of(rule.condition(), &levers.found, (&layout, &transaction), &options.zone);
    // To explain a rule takes longer than all else; most ask for nothing of it.
    let explanation =
        levers.found.iter().any(Lever::needs_values).then(|| rule.explain(&transaction, &options.zone));
    let values = explanation.as_ref().map(|explanation| Values::of(explanation, schema, &options.limits));
    let asked = Asked::new(
        rule,
        (&layout, &transaction),
        (&options.zone, &options.limits),
        values.unwrap_or_default(),
    );
    let mut trial = Trial::new(&asked, document, levers.left_out);
    let now = explanation.as_ref().map(differences).unwrap_or_default();
    let is_open = |one: usize, other: usize| one != other && reach.may_hold(&[one, other]);
    let (mut groups, mut found): (Vec<Vec<Move>>, Vec<(Number, Nudge)>) = Default::default();
    let (mut cut, mut ruled_out) = (false, BTreeSet::new());
    for (at, lever) in levers.found.iter().enumerate() {
        let alone = reach.may_hold(&[at]);
        let beside = || (0..levers.found.len()).any(|other| is_open(at, other));
        if !alone && !beside() {
            // No change of it is enough, whichever it is.
            ruled_out.extend(asked.name(lever));
            groups.push(Vec::new());
            continue;
        }
        let solved = if lever.computed { trial.solved(lever, &now) } else { Vec::new() };
        let Moves { mut tried, left_out } = asked.moves(lever, &solved);
        let enough = tried.iter().filter(|_| alone).find_map(|one| trial.nudge(&[one]));
        // The smallest one is among those that were tried.
        trial.left_out |= left_out && enough.is_none();
        found.extend(enough);
        cut |= tried.len() > MOST_OF_ONE;
        tried.truncate(MOST_OF_ONE);
        groups.push(tried);
    }
    if found.is_empty() {
        found.extend(trial.pair(&groups, is_open));
        // Those that were left out of pairs are larger.
        trial.left_out |= cut && groups.len() > 1 && found.is_empty();
    }
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| names(a).cmp(&names(b))));
    nearest.nudges = found.into_iter().map(|(_, nudge)| nudge).collect();
    if nearest.nudges.is_empty() {
        nearest.why = why(&levers, &groups, ruled_out, &decision.absent);
    }
    if trial.left_out {
        nearest.why.push("the rule asks for more than is tried: there may be a smaller change".to_owned());
    }
    Ok(nearest)
}

fn names(nudge: &Nudge) -> Vec<(&str, Option<usize>)> {
    nudge.changes.iter().map(|change| (change.attribute.as_str(), change.item)).collect()
}

/// Why nothing is known that makes a rule true.
fn why(
    levers: &Levers<'_>,
    groups: &[Vec<Move>],
    ruled_out: BTreeSet<String>,
    absent: &[String],
) -> Vec<String> {
    let mut why = Vec::new();
    let mut tried = ruled_out;
    tried.extend(groups.iter().flatten().map(|one| one.change.attribute.clone()));
    let listed = |names: Vec<&str>| names.join("`, `");
    if tried.is_empty() {
        why.push("nothing that the rule asks may change".to_owned());
    } else {
        let tried = listed(tried.iter().map(String::as_str).collect());
        why.push(format!("no change of `{tried}` that was tried, alone or of two together, makes it true"));
    }
    if !levers.fixed.is_empty() {
        let fixed = listed(levers.fixed.iter().map(String::as_str).collect());
        why.push(format!("a customer can't change `{fixed}`; where she can, a schema says `canChange`"));
    }
    if !absent.is_empty() {
        let absent = listed(absent.iter().map(String::as_str).collect());
        why.push(format!("the document lacks `{absent}`"));
    }
    why
}

/// Changes, tried one after the other.
struct Trial<'a> {
    asked: &'a Asked<'a>,
    document: &'a str,
    predicates: usize,
    /// The rule compiled, once several changes were tried: to compile it takes about as
    /// long as to decide it a few times.
    program: Option<Program>,
    scratch: Scratch,
    /// The transaction in which values are moved, and moved back.
    moved: Transaction,
    /// How many changes were tried.
    tried: usize,
    work: usize,
    /// Whether there is more than is tried.
    left_out: bool,
}

impl<'a> Trial<'a> {
    fn new(asked: &'a Asked<'a>, document: &'a str, left_out: bool) -> Trial<'a> {
        Trial {
            asked,
            document,
            predicates: asked.rule.condition().predicates().len().saturating_add(1),
            program: None,
            scratch: Scratch::default(),
            moved: asked.transaction.clone(),
            tried: 0,
            work: 0,
            left_out,
        }
    }

    /// Counts work; false where no more is done.
    fn charge(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        let is_left = self.work <= MOST_WORK;
        self.left_out |= !is_left;
        is_left
    }

    /// The changes, if they make the rule true: decided for the changed document
    /// as it is read.
    fn nudge(&mut self, moves: &[&Move]) -> Option<(Number, Nudge)> {
        if self.tried >= MOST_TRIED {
            self.left_out = true;
            return None;
        }
        self.tried = self.tried.saturating_add(1);
        if self.tried == INTERPRETED {
            self.program = self.asked.layout.compile(self.asked.rule).ok();
        }
        let decided = self.predicates.saturating_mul(OF_PREDICATE);
        if !self.charge(decided) || !self.may_hold(moves) {
            return None;
        }
        if !self.charge(decided.saturating_add(self.document.len())) {
            return None;
        }
        let document = self.written(moves)?;
        let transaction = self.asked.layout.read(&document, self.asked.limits).ok()?;
        let compiled = self.program.as_ref();
        if compiled.is_some() && !holds(compiled, self.asked, &transaction, &mut self.scratch) {
            return None;
        }
        // Whatever the program says, the interpreter confirms it.
        if !self.asked.rule.truth(&transaction, self.asked.zone).is_true() {
            return None;
        }
        let changes = self.asked.told(moves, &transaction)?;
        let weights = changes.iter().map(weight);
        let weight = weights.into_iter().try_fold(Number::ZERO, |sum, one| sum.plus(one)).ok()?;
        Some((weight, Nudge { changes, transaction: document }))
    }

    fn written(&self, moves: &[&Move]) -> Option<String> {
        let edit = |document: &str, one: &Move| edited(document, &one.path, &one.edit);
        if let [one, other] = moves
            && let Some(both) = one.together(other)
        {
            return edit(self.document, &both);
        }
        moves.iter().try_fold(self.document.to_owned(), |document, one| edit(&document, one))
    }

    /// Whether changes of values in slots make the rule true; others are not
    /// looked at without the document.
    fn may_hold(&mut self, moves: &[&Move]) -> bool {
        if moves.iter().any(|one| one.slot.is_none()) {
            return true;
        }
        let set = moves.iter().all(|one| self.set(one, Some(&one.change.to)).is_some());
        let held = set && holds(self.program.as_ref(), self.asked, &self.moved, &mut self.scratch);
        let back = moves.iter().all(|one| self.restore(one).is_some());
        // Where a slot takes no value, the document decides.
        held || !set || !back
    }

    fn set(&mut self, one: &Move, value: Option<&ChangedValue>) -> Option<()> {
        let slot = one.slot?;
        match value {
            Some(ChangedValue::Number(number)) => self.moved.set_number(slot, *number).ok(),
            Some(ChangedValue::Text(text)) => self.moved.set_text(slot, text).ok(),
            Some(ChangedValue::Date(date)) => self.moved.set_date(slot, *date).ok(),
            Some(ChangedValue::Boolean(value)) => self.moved.set_boolean(slot, *value).ok(),
            None => self.moved.clear_value(slot).ok(),
        }
    }

    /// Puts back what the document states.
    fn restore(&mut self, one: &Move) -> Option<()> {
        let slot = one.slot?;
        let stated = self.asked.transaction;
        let value = match one.change.to {
            ChangedValue::Number(_) => stated.get_number(slot).map(ChangedValue::Number),
            ChangedValue::Text(_) => stated.get_text(slot).map(|text| ChangedValue::Text(text.to_owned())),
            ChangedValue::Boolean(_) => stated.get_boolean(slot).map(ChangedValue::Boolean),
            ChangedValue::Date(_) => match stated.get_date(slot) {
                Some(date) => return self.moved.set_date(slot, date).ok(),
                None => None,
            },
        };
        self.set(one, value.as_ref())
    }

    /// The values of a number at which the sides of comparisons meet, if these
    /// follow it along a line.
    fn solved(&mut self, lever: &Lever, now: &moves::Differences) -> Vec<Number> {
        let (asked, zone) = (self.asked, self.asked.zone);
        let Some((step, at)) = asked.step(lever).zip(asked.now(lever)) else { return Vec::new() };
        let explained = self.predicates.saturating_mul(OF_EXPLAINED);
        if !self.charge(explained.saturating_add(self.document.len())) {
            return Vec::new();
        }
        let Some(document) = self.written(&[&step]) else { return Vec::new() };
        let Ok(transaction) = asked.layout.read(&document, asked.limits) else { return Vec::new() };
        let stepped = differences(&asked.rule.explain(&transaction, zone));
        let solve = |(place, before): (&target_rules::diagnostic::Span, &Number)| {
            let slope = stepped.get(place)?.minus(*before).ok()?;
            at.minus(before.divided_by(slope).ok()?).ok()
        };
        now.iter().filter_map(solve).collect()
    }

    /// The smallest two changes of different values that are enough together.
    fn pair(
        &mut self,
        groups: &[Vec<Move>],
        is_open: impl Fn(usize, usize) -> bool,
    ) -> Option<(Number, Nudge)> {
        for pair in Pairs::new(groups, is_open) {
            if self.tried >= MOST_TRIED || self.work > MOST_WORK {
                self.left_out = true;
                return None;
            }
            if let Some(found) = self.nudge(&pair) {
                return Some(found);
            }
        }
        None
    }
}

/// Whether the rule is true for a transaction, by its program where there is one.
fn holds(
    program: Option<&Program>,
    asked: &Asked<'_>,
    transaction: &Transaction,
    scratch: &mut Scratch,
) -> bool {
    match program {
        Some(program) => program.decide(&mut Evaluation::new(transaction, asked.zone, scratch)).is_true(),
        None => asked.rule.truth(transaction, asked.zone).is_true(),
    }
}
