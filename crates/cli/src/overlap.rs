//! `overlap`: which targets of a payload can count together, and how often they did.

use std::collections::HashMap;
use std::rc::Rc;

use loyalty_targets::{CheckedTarget, TargetSet, UnknownDetail};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::diagnostic::visible;
use target_rules::{Diagnostics, Evaluation, Scratch, Truth};
use target_rules_analysis::{Overlap, Overlaps};

use super::choice::Format;
use super::count::{Count, plural};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::table::{self, Column, Table};
use super::{input, recorded, screen, targets};

/// So many active targets are compared at most, each with all others.
const MOST_TARGETS: usize = 2_000;
/// So many bytes of recorded transactions are kept to be shown; of pairs that
/// only others show one is made.
const MOST_SHOWN: usize = 32 * 1024 * 1024;

/// Two targets that can count together, or of which that is not known.
#[derive(Serialize)]
struct Pair {
    ids: [i64; 2],
    together: &'static str,
    /// A transaction for which both rules are true.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shared")]
    witness: Option<Rc<RawValue>>,
    /// What stood in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<Counted>,
}

/// Writes a document that several pairs have.
fn shared<S: Serializer>(document: &Option<Rc<RawValue>>, serializer: S) -> Result<S::Ok, S::Error> {
    document.as_deref().serialize(serializer)
}

/// How many recorded transactions counted for both, and for each.
#[derive(Serialize, Clone, Copy)]
struct Counted {
    transactions: Count,
    both: Count,
    first: Count,
    second: Count,
}

/// What recorded transactions counted for, by positions of targets.
struct Tally {
    transactions: Count,
    each: HashMap<usize, Count>,
    both: HashMap<(usize, usize), Count>,
    /// The first transaction that counted for both, which many pairs may share.
    shown: HashMap<(usize, usize), Rc<RawValue>>,
    /// How many bytes of these may still be kept.
    room: usize,
}

impl Default for Tally {
    fn default() -> Tally {
        let (transactions, each, both, shown) = Default::default();
        Tally { transactions, each, both, shown, room: MOST_SHOWN }
    }
}

pub(crate) fn overlap(invocation: &Invocation, path: &str, txns: &[String]) -> Outcome {
    input::one_standard_input([path].into_iter().chain(txns.iter().map(String::as_str)))?;
    let targets = targets::checked(invocation, path)?;
    let active: Vec<(usize, &CheckedTarget)> =
        targets.iter().enumerate().filter(|(_, target)| target.active()).collect();
    if active.len() > MOST_TARGETS {
        return Err(Failure::Usage(format!(
            "{} active targets are too many to compare each with all others; at most {MOST_TARGETS} are",
            active.len()
        )));
    }
    let (tally, all_read) = tally(invocation, &targets, txns)?;
    let options = invocation.analysis_options();
    let overlaps = Overlaps::new(active.iter().map(|(_, target)| target.rule()).collect(), &options);
    let mut out = screen::results();
    let mut rows = Vec::new();
    let mut impossible = Count::default();
    for (place, (at, first)) in active.iter().enumerate() {
        for (other_place, (other, second)) in active.iter().enumerate().skip(place).skip(1) {
            match pair((*at, first), (*other, second), &tally, || overlaps.of(place, other_place)) {
                None => impossible.increase(),
                Some(pair) if invocation.format == Format::Json => out.json(&pair)?,
                // A table shows no transactions.
                Some(pair) => rows.push(Pair { witness: None, ..pair }),
            }
        }
    }
    if invocation.format != Format::Json {
        table(&mut out, &rows, &targets, !txns.is_empty())?;
        let them = plural(impossible, "pair");
        writeln!(
            out,
            "{} can count together; {them} never can, which is proved",
            plural(rows.len(), "pair")
        )?;
    }
    out.flush()?;
    if all_read { Ok(()) } else { Err(Failure::Faults) }
}

/// Which targets the recorded transactions counted for, and whether all of these
/// could be read.
fn tally(
    invocation: &Invocation,
    targets: &[CheckedTarget],
    txns: &[String],
) -> Result<(Tally, bool), Failure> {
    let set = TargetSet::new(targets.iter().cloned()).map_err(|error| Failure::Usage(error.to_string()))?;
    let positions: HashMap<i64, usize> =
        targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect();
    let mut scratch = Scratch::default();
    let mut tally = Tally::default();
    let all_read = recorded::each(invocation, txns, |document, _| -> Result<(), Diagnostics> {
        let transaction = set.layout().read(document, &invocation.limits)?;
        let mut evaluation = Evaluation::new(&transaction, &invocation.zone, &mut scratch);
        let mut counted = Vec::new();
        // INVARIANT: the transaction was read for the layout of the set.
        let _ = set.decide(&mut evaluation, UnknownDetail::None, |decision| {
            if decision.result == Truth::True {
                counted.extend(positions.get(&decision.target.id()).copied());
            }
        });
        counted.sort_unstable();
        tally.add(document, &counted);
        Ok(())
    })?;
    Ok((tally, all_read))
}

impl Tally {
    fn add(&mut self, document: &str, counted: &[usize]) {
        self.transactions.increase();
        let left = self.room.checked_sub(document.len());
        let mut shared: Option<Rc<RawValue>> = None;
        for (place, at) in counted.iter().enumerate() {
            self.each.entry(*at).or_default().increase();
            for other in counted.iter().skip(place).skip(1) {
                let pair = (*at, *other);
                self.both.entry(pair).or_default().increase();
                if left.is_some() && !self.shown.contains_key(&pair) {
                    shared = shared.or_else(|| RawValue::from_string(document.to_owned()).ok().map(Rc::from));
                    self.shown.extend(shared.clone().map(|document| (pair, document)));
                }
            }
        }
        if let (Some(left), Some(_)) = (left, shared) {
            self.room = left;
        }
    }

    /// What was counted of two targets; nothing where no transaction was given.
    fn of(&self, first: usize, second: usize) -> Option<Counted> {
        let each = |at: usize| self.each.get(&at).copied().unwrap_or_default();
        (!self.transactions.is_zero()).then(|| Counted {
            transactions: self.transactions,
            both: self.both.get(&(first, second)).copied().unwrap_or_default(),
            first: each(first),
            second: each(second),
        })
    }
}

/// What is known of two targets; `None` where they are proved never to count
/// together.
fn pair(
    (at, first): (usize, &CheckedTarget),
    (other, second): (usize, &CheckedTarget),
    tally: &Tally,
    of_rules: impl FnOnce() -> Overlap,
) -> Option<Pair> {
    let recorded = tally.both.contains_key(&(at, other));
    let (together, witness, why) = match tally.shown.get(&(at, other)) {
        Some(document) => ("possible", Some(document.clone()), None),
        None if first.excludes_stores_of(second) => told(Overlap::Impossible, recorded)?,
        None => told(of_rules(), recorded)?,
    };
    let ids = [first.id(), second.id()];
    Some(Pair { ids, together, witness, why, recorded: tally.of(at, other) })
}

/// A fact that a proof can't change.
const DENIED: &str = "a recorded transaction denies that they never count together; please report it";

/// Whether two targets can count together, what shows it, and what stood in the way.
type Told = (&'static str, Option<Rc<RawValue>>, Option<String>);

/// What was found of two targets, and whether a transaction that counted for both was
/// `recorded`, which is not kept. `None` where it is proved that they never do.
fn told(found: Overlap, recorded: bool) -> Option<Told> {
    Some(match found {
        Overlap::Impossible if recorded => ("possible", None, Some(DENIED.to_owned())),
        Overlap::Impossible => return None,
        Overlap::Unknown(_) if recorded => ("possible", None, None),
        Overlap::Unknown(why) => ("unknown", None, Some(why)),
        Overlap::Possible(document) => ("possible", RawValue::from_string(document).ok().map(Rc::from), None),
    })
}

fn table(out: &mut screen::Results, pairs: &[Pair], targets: &[CheckedTarget], recorded: bool) -> Outcome {
    if pairs.is_empty() {
        return Ok(());
    }
    let names: HashMap<i64, &str> =
        targets.iter().filter_map(|target| Some((target.id(), target.name()?))).collect();
    let mut columns = vec![Column::Number("target"), Column::Number("and"), Column::Word("together")];
    if recorded {
        columns.extend([Column::Number("both"), Column::Number("first"), Column::Number("second")]);
    }
    columns.push(Column::Text("names"));
    let cells = |pair: &Pair| {
        let [first, second] = pair.ids;
        let mut cells = vec![first.to_string(), second.to_string(), pair.together.to_owned()];
        if recorded {
            let counted = |of: fn(Counted) -> Count| pair.recorded.map(of).unwrap_or_default().to_string();
            cells.extend([counted(|all| all.both), counted(|all| all.first), counted(|all| all.second)]);
        }
        let name = |id: i64| names.get(&id).map_or_else(|| format!("target {id}"), |name| visible(name));
        cells.push(format!("{}; {}", name(first), name(second)));
        cells
    };
    let cells: Vec<Vec<String>> = pairs.iter().map(cells).collect();
    let width = table::width_of_output(screen::results_at_a_terminal());
    Table::whole(&columns, || &cells, width, out)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::rc::Rc;

    use serde_json::value::RawValue;

    use super::{DENIED, MOST_SHOWN, Overlap, Tally, told};

    /// What is recorded is a fact, and a proof that it denies is told to be wrong.
    #[test]
    fn a_proof_that_is_denied_is_told() {
        assert!(told(Overlap::Impossible, false).is_none());
        let (together, _, why) = told(Overlap::Impossible, true).unwrap();
        assert_eq!((together, why.as_deref()), ("possible", Some(DENIED)));
        let unknown = |recorded| told(Overlap::Unknown("too long".to_owned()), recorded).unwrap();
        assert_eq!((unknown(true).0, unknown(true).2), ("possible", None));
        assert_eq!((unknown(false).0, unknown(false).2.as_deref()), ("unknown", Some("too long")));
    }

    #[test]
    fn pairs_share_the_transaction_that_shows_them() {
        let mut tally = Tally::default();
        tally.add("{}", &[0, 1, 2]);
        tally.add(" {} ", &[0, 1, 2]);
        let all: Vec<&Rc<RawValue>> = tally.shown.values().collect();
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|document| Rc::ptr_eq(document, all.first().unwrap())));
        assert_eq!(tally.room, MOST_SHOWN - 2);
    }

    /// What is kept is bounded by bytes, and what is counted is not.
    #[test]
    fn transactions_are_kept_up_to_a_size() {
        let mut tally = Tally::default();
        let large = format!("\"{}\"", "x".repeat(MOST_SHOWN / 2));
        tally.add(&large, &[0, 1]);
        tally.add(&large, &[2, 3]);
        tally.add("{}", &[4, 5]);
        assert!(tally.shown.contains_key(&(0, 1)) && tally.shown.contains_key(&(4, 5)));
        assert!(!tally.shown.contains_key(&(2, 3)));
        assert_eq!(tally.both.len(), 3);
    }
}
