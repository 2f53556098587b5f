//! The smallest rule that tells examples apart.

mod questions;
mod search;
mod terms;
mod vector;

use std::fmt;

use serde::{Serialize, Serializer};
use target_rules::{Ast, Diagnostics, Layout, Limits, Rule, Schema, Truth, Zone};

use questions::Examples;
use search::{Bounds, Search, Solution};
use vector::Vector;

/// What a synthesis may cost, and how dates are seen.
///
/// ```
/// use target_rules_analysis::SynthesisOptions;
/// let small = SynthesisOptions { nodes: 7, ..SynthesisOptions::default() };
/// assert!(small.nodes < SynthesisOptions::default().nodes);
/// ```
#[derive(Debug, Clone)]
pub struct SynthesisOptions {
    /// The time zone that dates are seen in.
    pub zone: Zone,
    /// Limits on the documents that are read.
    pub limits: Limits,
    /// The largest rule that is looked for, in nodes as the limit `nodes` counts
    /// them; [`SynthesisOptions::MOST_NODES`] at most.
    pub nodes: usize,
    /// How many documents there may be.
    pub examples: usize,
    /// How many questions rules are made of.
    pub questions: usize,
    /// How many rules are kept to make larger ones of; each takes some hundred
    /// bytes, more with more than 128 examples.
    pub kept: usize,
    /// How many pairs of rules are joined; also bounds how many questions are
    /// asked of many documents.
    pub steps: usize,
}

impl SynthesisOptions {
    /// Larger rules are never looked for: more pairs of rules than can be joined
    /// come long before.
    pub const MOST_NODES: usize = 31;
}

impl Default for SynthesisOptions {
    fn default() -> SynthesisOptions {
        SynthesisOptions {
            zone: Zone::UTC,
            limits: Limits::default(),
            nodes: 11,
            examples: 1_000,
            questions: 20_000,
            kept: 200_000,
            steps: 20_000_000,
        }
    }
}

/// A rule that tells the examples apart.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Synthesised {
    /// The rule: decided for every example.
    pub rule: Rule,
    /// Its nodes.
    pub nodes: usize,
}

impl Serialize for Synthesised {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut written = serializer.serialize_struct("Synthesised", 2)?;
        written.serialize_field("rule", &self.rule.to_text())?;
        written.serialize_field("nodes", &self.nodes)?;
        written.end()
    }
}

/// What came of a synthesis.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Synthesis {
    /// The smallest rule; `None` where none was found.
    pub best: Option<Synthesised>,
    /// The smallest one that asks about other values than the best.
    pub second: Option<Synthesised>,
    /// All rules of so many nodes were looked at, of the forms that
    /// [`synthesise`] makes: none that is smaller than the best tells the
    /// examples apart; where there is no best, none up to this size.
    pub complete: usize,
    /// The limit that ended the search before [`SynthesisOptions::nodes`], by its
    /// name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<&'static str>,
    /// How many questions about the examples rules were made of.
    pub questions: usize,
}

/// Why examples can't be used.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SynthesisError {
    /// A document can't be read: which one, from 0, those that shall count first.
    Document(usize, Diagnostics),
    /// There are more documents than [`SynthesisOptions::examples`].
    TooMany(usize),
    /// There is none that shall count, or none that shall not.
    OneSided,
}

impl fmt::Display for SynthesisError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SynthesisError::Document(at, _) => write!(formatter, "example {at} can't be read"),
            SynthesisError::TooMany(most) => write!(formatter, "there are more than {most} examples"),
            SynthesisError::OneSided => formatter
                .write_str("there must be examples of both: some that shall count and some that shall not"),
        }
    }
}

impl std::error::Error for SynthesisError {}

/// The smallest rule that is true for some documents and not true for others,
/// with the smallest one beside it that asks about other values; or that there is
/// none, up to a size.
///
/// Rules are made of questions about what stands in the documents, joined by
/// `&&`, `||` and `!`: numbers, also of dates and of the basket by a value of an
/// item, compared with the numbers that the documents have; texts equal to theirs
/// or not; truth values, custom fields and segments; weekends, days before and
/// after, hours, also past midnight; null tests. Not among them are arithmetic,
/// comparisons of values with each other, patterns, and rules of single items.
/// Values of items are what stands under `attributes` and `extendedFields`, and
/// their own texts. Where a question of these forms is left out, as about a text of
/// more than 200 bytes, [`Synthesis::limit`] is `questions`. Of rules of one size the
/// one that asks for numbers comes first. The same documents give the same
/// answer; no clock is asked.
///
/// Fails where a document can't be read, or there are none of one kind.
///
/// Cost: each question is decided for each document, a quarter of
/// [`SynthesisOptions::steps`] at most, as is what the documents have for them;
/// then so many pairs as `steps` says at most, in the memory of
/// [`SynthesisOptions::kept`] rules.
///
/// ```
/// use target_rules::Schema;
/// use target_rules_analysis::{SynthesisOptions, synthesise};
/// let large = [r#"{"currentTxn": {"value": 730}}"#, r#"{"currentTxn": {"value": 501}}"#];
/// let small = [r#"{"currentTxn": {"value": 500}}"#];
/// let found = synthesise(&large, &small, &Schema::standard(), &SynthesisOptions::default())?;
/// let best = found.best.ok_or("there is one")?;
/// assert_eq!(best.rule.to_text(), "currentTxn.value>=501");
/// assert_eq!(best.nodes, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn synthesise(
    counting: &[&str],
    others: &[&str],
    schema: &Schema,
    options: &SynthesisOptions,
) -> Result<Synthesis, SynthesisError> {
    if counting.is_empty() || others.is_empty() {
        return Err(SynthesisError::OneSided);
    }
    let documents: Vec<&str> = counting.iter().chain(others).copied().collect();
    if documents.len() > options.examples {
        return Err(SynthesisError::TooMany(options.examples));
    }
    readable(&documents, &options.limits)?;
    // Half of the steps may go into what the examples come to.
    let each = options.steps.div_euclid(4).checked_div(documents.len()).unwrap_or(0);
    let most_terms = each.div_euclid(OF_TERM).clamp(1, terms::MOST_TERMS);
    let most_questions = options.questions.min(each);
    let of_questions = if most_questions < options.questions { "steps" } else { "questions" };
    let (terms, more_terms) = terms::of(&documents, schema, most_terms);
    let examples =
        Examples { documents: documents.clone(), schema, zone: &options.zone, limits: &options.limits };
    let asked = examples.questions(&terms, most_questions);
    let (questions, left_out) = asked.map_err(|(at, refused)| SynthesisError::Document(at, refused))?;
    let count = counting.len();
    let wanted = Vector::of((0..documents.len()).map(|at| Truth::from(at < count)));
    let bounds = Bounds {
        nodes: options.nodes.min(SynthesisOptions::MOST_NODES),
        kept: options.kept,
        steps: options.steps,
    };
    let outcome = Search::new(&questions, wanted, bounds).run();
    // What wasn't asked may be in rules of its size.
    let left_out = [more_terms, left_out].into_iter().flatten().min();
    let asked = left_out.map_or(usize::MAX, |nodes| nodes.saturating_sub(1));
    let mut confirmed =
        outcome.found.iter().filter_map(|solution| confirm(solution, (counting, others), schema, options));
    let (best, second) = (confirmed.next(), confirmed.next());
    Ok(Synthesis {
        best,
        second,
        complete: outcome.complete.min(asked),
        limit: left_out.map(|_| of_questions).or(outcome.stopped),
        questions: questions.len(),
    })
}

/// What it takes to know the value that an example has for a term, in steps.
const OF_TERM: usize = 16;

fn readable(documents: &[&str], limits: &Limits) -> Result<(), SynthesisError> {
    let none = Layout::of([]);
    for (at, document) in documents.iter().enumerate() {
        none.read(document, limits).map_err(|refused| SynthesisError::Document(at, refused))?;
    }
    Ok(())
}

/// The rule of a solution, if it decides the examples so.
fn confirm(
    solution: &Solution,
    (counting, others): (&[&str], &[&str]),
    schema: &Schema,
    options: &SynthesisOptions,
) -> Option<Synthesised> {
    let limits = &options.limits;
    let rule = Ast::from_text(&solution.text, limits).ok()?.check(schema, limits).into_rule().ok()?;
    let layout = Layout::of([&rule]);
    let holds = |document: &&str| {
        let transaction = layout.read(document, limits).ok()?;
        Some(rule.truth(&transaction, &options.zone).is_true())
    };
    let right = counting.iter().all(|one| holds(one) == Some(true))
        && others.iter().all(|one| holds(one) == Some(false));
    right.then_some(Synthesised { rule, nodes: solution.nodes })
}
