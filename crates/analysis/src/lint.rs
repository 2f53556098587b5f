//! What in a rule can be proved to be wrong, or to be of no effect.

use serde::Serialize;
use target_rules::Rule;
use target_rules::condition::{Clause, Literal, Origin, Predicate};
use target_rules::diagnostic::Span;

use crate::formula::Formula;
use crate::model::{Model, Outcomes};
use crate::proof::{Options, is_never};

/// What was found.
///
/// ```
/// use target_rules_analysis::FindingKind;
/// assert_eq!(serde_json::to_string(&FindingKind::NeverTrue)?, r#""never-true""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The rule is true for no transaction.
    NeverTrue,
    /// The rule is true for every transaction.
    AlwaysTrue,
    /// The rule is neither true nor false for any transaction.
    NeverDecided,
    /// Clauses of one `&&` are never true together, though each may be.
    Contradiction,
    /// A comparison is true of no value.
    ImpossibleComparison,
    /// Without this clause the rule is true for the same transactions.
    NoEffect,
}

/// One thing that is proved of a rule, or of a clause of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The clause, as the canonical text of its parts; of the rule as a whole
    /// its text.
    pub clause: String,
    /// The places of these parts in the form that the rule was read from, in
    /// bytes; none where it is the rule as a whole.
    #[serde(serialize_with = "written")]
    pub spans: Vec<Span>,
    /// What was proved, in a sentence.
    pub why: String,
}

fn written<S: serde::Serializer>(spans: &[Span], serializer: S) -> Result<S::Ok, S::Error> {
    let ranges = spans.iter().map(|span| [span.start(), span.end()]);
    serializer.collect_seq(ranges)
}

/// Finds what in a rule is proved to be never the case, or to be of no effect.
///
/// Every finding is proved; what could not be proved or shown otherwise is left
/// out, so there are no false alarms, and silence proves nothing. A part is not
/// named again where a larger one is. Cost is a few searches for each clause,
/// each bounded by [`Options::work`].
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{FindingKind, Options, lint};
/// let limits = Limits::default();
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold" && currentTxn.value != 20"#;
/// let rule = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()?;
/// let [finding] = lint(&rule, &Options::default()).try_into().unwrap();
/// assert_eq!(finding.kind, FindingKind::NoEffect);
/// assert_eq!(finding.clause, "currentTxn.value!=20");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn lint(rule: &Rule, options: &Options) -> Vec<Finding> {
    let Ok(model) = Model::new(&[rule], false, &options.zone) else { return Vec::new() };
    let mut linter = Linter { rule, model, options, gone: Vec::new(), found: Vec::new() };
    if !linter.whole() {
        linter.clause(rule.condition().root(), &mut Vec::new());
    }
    linter.found
}

struct Linter<'r> {
    rule: &'r Rule,
    model: Model<'r>,
    options: &'r Options,
    /// The clauses that were found to have no effect, by their paths. What is found
    /// next has none beside the others: all of them can be left out together.
    gone: Vec<Vec<usize>>,
    found: Vec<Finding>,
}

impl Linter<'_> {
    /// Whether it is proved that no result of these ever comes.
    fn never(&self, outcomes: Outcomes) -> bool {
        is_never(&self.model, self.model.rule(0, outcomes), self.options)
    }

    /// What is proved of the rule as a whole; false where that is nothing.
    fn whole(&mut self) -> bool {
        let (kind, why) = if self.never(Outcomes::DECIDED) {
            (FindingKind::NeverDecided, "it is neither true nor false for any transaction")
        } else if self.never(Outcomes::TRUE) {
            (FindingKind::NeverTrue, "it is true for no transaction")
        } else if self.never(Outcomes::NOT_TRUE) {
            (FindingKind::AlwaysTrue, "it is true for every transaction")
        } else {
            return false;
        };
        // A rule that is written as a constant is meant.
        if matches!(self.rule.condition().root(), Clause::Constant(_)) {
            return true;
        }
        let clause = self.rule.to_text();
        self.found.push(Finding { kind, clause, spans: Vec::new(), why: why.to_owned() });
        if kind == FindingKind::NeverTrue {
            self.why_never(self.rule.condition().root());
        }
        true
    }

    /// Of a conjunction that is never true, the pairs that contradict each
    /// other, and the comparisons that nothing meets.
    fn why_never(&mut self, clause: &Clause) {
        let parts = match clause {
            Clause::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let before = self.found.len();
        for part in parts {
            if self.clause_never(std::slice::from_ref(part)) {
                self.impossible(part);
            }
        }
        if self.found.len() > before {
            return;
        }
        for (at, part) in parts.iter().enumerate() {
            for other in parts.iter().skip(at.wrapping_add(1)) {
                let both = [part.clone(), other.clone()];
                if self.clause_never(&both) {
                    let why = "they are never true together";
                    self.find(FindingKind::Contradiction, &both, why.to_owned());
                    return;
                }
            }
        }
    }

    fn clause_never(&self, parts: &[Clause]) -> bool {
        let all = Clause::All(parts.to_vec());
        is_never(&self.model, self.model.decided(0, &all, Outcomes::TRUE), self.options)
    }

    fn impossible(&mut self, part: &Clause) {
        let Clause::Literal(Literal { origins, predicate, .. }) = part else { return };
        if !matches!(**predicate, Predicate::In(..) | Predicate::Compares(_)) {
            return;
        }
        // Several comparisons of one value that are joined contradict each other.
        let (kind, why) = match origins.iter().count() {
            1 => (FindingKind::ImpossibleComparison, "no value meets it"),
            _ => (FindingKind::Contradiction, "they are never true together"),
        };
        self.find(kind, std::slice::from_ref(part), why.to_owned());
    }

    /// Goes into a clause; `path` leads to it from the root, by positions.
    fn clause(&mut self, clause: &Clause, path: &mut Vec<usize>) {
        let (parts, all) = match clause {
            Clause::All(parts) => (parts, true),
            Clause::Any(parts) => (parts, false),
            _ => return,
        };
        let mut left = parts.len();
        // From the last: of two equal clauses the later one is named.
        for at in (0..parts.len()).rev() {
            let Some(part) = parts.get(at) else { continue };
            path.push(at);
            // What was found already is left out, so that of two clauses that
            // imply each other one stays.
            if left > 1 && self.matters_not(path) {
                left = left.wrapping_sub(1);
                self.gone.push(path.clone());
                self.no_effect(part, all);
            } else {
                self.clause(part, path);
            }
            path.pop();
        }
    }

    fn no_effect(&mut self, part: &Clause, all: bool) {
        let never = !all && self.clause_never(std::slice::from_ref(part));
        let why = match (all, never) {
            (true, _) => {
                "the rule is true for the same transactions without it: what stands beside it implies it"
            }
            (false, true) => "the rule is true for the same transactions without it: it is never true",
            (false, false) => {
                "the rule is true for the same transactions without it: wherever it is true, something beside it is"
            }
        };
        self.find(FindingKind::NoEffect, std::slice::from_ref(part), why.to_owned());
    }

    /// Whether it is proved that the rule is true for the same transactions
    /// without a clause, where all is left out that was found before.
    fn matters_not(&self, path: &[usize]) -> bool {
        let root = self.rule.condition().root();
        let before = without(root, &mut Vec::new(), &self.gone);
        let gone: Vec<Vec<usize>> = self.gone.iter().cloned().chain([path.to_vec()]).collect();
        let after = without(root, &mut Vec::new(), &gone);
        // A rule that asks about no item any more is decided in another way.
        if self.rule.unrolls() && !asks_an_item(&after) {
            return false;
        }
        let differ = |one: &Clause, other: &Clause| {
            let one = self.model.decided(0, one, Outcomes::TRUE)?;
            Ok(Formula::all([one, self.model.decided(0, other, Outcomes::NOT_TRUE)?]))
        };
        let never = |formula| is_never(&self.model, formula, self.options);
        never(differ(&before, &after)) && never(differ(&after, &before))
    }

    fn find(&mut self, kind: FindingKind, parts: &[Clause], why: String) {
        let mut origins: Vec<Origin> = Vec::new();
        parts.iter().for_each(|part| gather(part, &mut origins));
        origins.sort_unstable();
        origins.dedup();
        let condition = self.rule.condition();
        let texts: Vec<String> = origins.iter().filter_map(|origin| condition.text(*origin)).collect();
        let spans = origins.iter().map(|origin| origin.span).collect();
        self.found.push(Finding { kind, clause: texts.join(", "), spans, why });
    }
}

/// The nodes of the rule that a clause was made from.
fn gather(clause: &Clause, origins: &mut Vec<Origin>) {
    match clause {
        Clause::Literal(literal) => origins.extend(literal.origins.iter()),
        Clause::All(parts) | Clause::Any(parts) => parts.iter().for_each(|part| gather(part, origins)),
        _ => {}
    }
}

fn asks_an_item(clause: &Clause) -> bool {
    match clause {
        Clause::Literal(literal) => literal.predicate.asks_an_item(),
        Clause::All(parts) | Clause::Any(parts) => parts.iter().any(asks_an_item),
        _ => false,
    }
}

/// A clause without the parts that some paths from the root lead to; `path` leads to
/// the clause itself. Recurses as deep as the rule.
fn without(clause: &Clause, path: &mut Vec<usize>, gone: &[Vec<usize>]) -> Clause {
    let mut kept = |parts: &[Clause]| {
        let mut kept = Vec::with_capacity(parts.len());
        for (at, part) in parts.iter().enumerate() {
            path.push(at);
            if !gone.contains(path) {
                kept.push(without(part, path, gone));
            }
            path.pop();
        }
        kept
    };
    match clause {
        Clause::All(parts) => Clause::All(kept(parts)),
        Clause::Any(parts) => Clause::Any(kept(parts)),
        other => other.clone(),
    }
}
