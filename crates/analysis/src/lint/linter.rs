//! The walk over the clauses of a rule.

use target_rules::Rule;
use target_rules::condition::{Clause, Literal, Predicate, Set};
use target_rules::diagnostic::Span;

use super::edge::missed_edges;
use super::finding::{Finding, FindingKind, spans_of};
use super::literal::plain_patterns;
use crate::formula::Formula;
use crate::model::{Model, Outcomes, TooLarge};
use crate::proof::{Options, is_never};

/// Of a rule with more literals, comparisons of one subject are looked at as one.
const MOST_APART: usize = 256;
/// Of clauses that stand side by side so many are tried against each other.
const MOST_PAIRED: usize = 48;
/// All questions about one rule together take as many steps as this many may
/// that take as long as one may.
const MOST_LONG: usize = 16;

const ALONE: &str = "without it the rule is true for the same transactions";

/// Finds what in a rule is proved to be never the case, or to be of no effect; also
/// edges that are left out between ranges, which a transaction shows, and patterns that
/// are an equality.
///
/// Every finding is proved; what could not be proved or shown otherwise is left
/// out, so there are no false alarms, and silence proves nothing. A part is not
/// named again where a larger one is. Cost is a few searches for each clause,
/// each bounded by [`Options::work`], and together by 16 times that; what is beyond
/// is not looked at.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{FindingKind, Options, lint};
/// let limits = Limits::default();
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold" && currentTxn.value != 20"#;
/// let rule = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()?;
/// let [finding] = lint(&rule, &Options::default()).try_into().unwrap();
/// assert_eq!(finding.kind, FindingKind::Implied);
/// assert_eq!(finding.clause, "currentTxn.value!=20");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn lint(rule: &Rule, options: &Options) -> Vec<Finding> {
    let mut found = Linter::found(rule, options);
    if found.iter().all(|found| !found.spans.is_empty()) {
        let patterns = plain_patterns(rule, options);
        add_new(&mut found, patterns);
    }
    found
}

struct Linter<'r> {
    rule: &'r Rule,
    model: Model<'r>,
    options: &'r Options,
    /// The nodes of the rule's condition, which are copied for a question.
    size: usize,
    /// How many steps all questions may take.
    most: usize,
    /// The clauses that were found to have no effect, by their paths. What is found
    /// next has none beside the others: all of them can be left out together.
    gone: Vec<Vec<usize>>,
    found: Vec<Finding>,
}

impl Linter<'_> {
    /// What is found in a rule.
    fn found(rule: &Rule, options: &Options) -> Vec<Finding> {
        let apart = rule.unjoined();
        let rule = if literals(apart.condition().root()) > MOST_APART { rule } else { &apart };
        let Ok(model) = Model::new(&[rule], false, &options.zone) else { return Vec::new() };
        let root = rule.condition().root();
        let mut linter = Linter {
            rule,
            model,
            options,
            size: nodes(root),
            most: options.work.saturating_mul(MOST_LONG),
            gone: Vec::new(),
            found: Vec::new(),
        };
        if !linter.whole() {
            linter.clause(root, &mut Vec::new());
            if linter.may_ask() {
                let edges = missed_edges(rule, &linter.model, options);
                add_new(&mut linter.found, edges);
            }
        }
        linter.found
    }

    /// Whether something may still be asked.
    fn may_ask(&self) -> bool {
        self.model.steps() < self.most
    }

    fn never_holds(&self, formula: Result<Formula, TooLarge>) -> bool {
        is_never(&self.model, formula, self.options)
    }

    /// Whether it is proved that no result of these ever comes.
    fn never(&self, outcomes: Outcomes) -> bool {
        self.never_holds(self.model.rule(0, outcomes))
    }

    /// What is proved of the rule as a whole; false where that is nothing.
    fn whole(&mut self) -> bool {
        // A rule that is written as a constant is meant.
        let root = self.rule.condition().root();
        if matches!(root, Clause::Constant(_)) {
            return true;
        }
        let (kind, why) = if self.never(Outcomes::DECIDED) {
            (FindingKind::NeverDecided, "it is neither true nor false for any transaction")
        } else if self.never(Outcomes::TRUE) {
            (FindingKind::NeverTrue, "it is true for no transaction")
        } else if self.never(Outcomes::NOT_TRUE) {
            (FindingKind::AlwaysTrue, "it is true for every transaction")
        } else {
            return false;
        };
        let clause = self.rule.to_text();
        self.found.push(Finding {
            kind,
            clause,
            spans: Vec::new(),
            why: why.to_owned(),
            because: Vec::new(),
            in_vain: Vec::new(),
            witness: None,
        });
        if kind == FindingKind::NeverTrue {
            self.why_never(root);
        }
        true
    }

    /// Of a clause that is never true, the comparisons that nothing meets, or the
    /// first two parts that contradict each other; of alternatives these of each.
    /// Whether some were named. Recurses as deep as the rule.
    fn why_never(&mut self, clause: &Clause) -> bool {
        let before = self.found.len();
        let parts = match clause {
            Clause::All(parts) => parts.as_slice(),
            Clause::Any(parts) => {
                for part in parts {
                    self.why_never(part);
                }
                return self.found.len() > before;
            }
            other => std::slice::from_ref(other),
        };
        let mut alone = false;
        for part in parts {
            if self.may_ask() && self.clause_never(std::slice::from_ref(part)) {
                alone = true;
                if matches!(part, Clause::Any(_)) {
                    self.why_never(part);
                } else {
                    self.impossible(part);
                }
            }
        }
        // What is never true by itself contradicts nothing beside it.
        if alone {
            return self.found.len() > before;
        }
        let paired = parts.get(..MOST_PAIRED.min(parts.len())).unwrap_or(parts);
        for (at, part) in paired.iter().enumerate() {
            for other in paired.iter().skip(at.wrapping_add(1)) {
                let both = [part.clone(), other.clone()];
                if self.may_ask() && self.clause_never(&both) {
                    let why = "these clauses are never true together".to_owned();
                    self.find(FindingKind::Contradiction, &both, why, None);
                    return true;
                }
            }
        }
        false
    }

    fn clause_never(&self, parts: &[Clause]) -> bool {
        let all = Clause::All(parts.to_vec());
        self.never_holds(self.model.decided(0, &all, Outcomes::TRUE))
    }

    fn impossible(&mut self, part: &Clause) {
        let Clause::Literal(Literal { origins, predicate, .. }) = part else { return };
        if !matches!(**predicate, Predicate::In(..) | Predicate::Compares(_)) {
            return;
        }
        // Several comparisons of one value that are joined contradict each other.
        let (kind, why) = match origins.iter().count() {
            1 => (FindingKind::ImpossibleComparison, "no value meets this comparison"),
            _ => (FindingKind::Contradiction, "these clauses are never true together"),
        };
        self.find(kind, std::slice::from_ref(part), why.to_owned(), None);
    }

    /// Goes into a clause; `path` leads to it from the root, by positions.
    fn clause(&mut self, clause: &Clause, path: &mut Vec<usize>) {
        let (parts, all) = match clause {
            Clause::All(parts) => (parts, true),
            Clause::Any(parts) => (parts, false),
            Clause::Literal(_) => return self.always(clause),
            _ => return,
        };
        let mut left = parts.len();
        // From the last: of two equal clauses the later one is named.
        for at in (0..parts.len()).rev() {
            let Some(part) = parts.get(at) else { continue };
            path.push(at);
            // What was found already is left out, so that of two clauses that
            // imply each other one stays. A guard makes false what would be unknown,
            // which is its effect.
            if left > 1 && !(all && is_guard(part)) && self.matters_not(path) {
                left = left.wrapping_sub(1);
                self.gone.push(path.clone());
                let beside: Vec<Clause> = (0..parts.len())
                    .filter(|other| *other != at && !self.is_gone(path, *other))
                    .filter_map(|other| parts.get(other).cloned())
                    .collect();
                self.in_vain(part, &beside, all);
            } else {
                self.clause(part, path);
            }
            path.pop();
        }
    }

    /// Whether the clause at another position of the last step of a path is left
    /// out.
    fn is_gone(&self, path: &[usize], other: usize) -> bool {
        let Some((_, above)) = path.split_last() else { return false };
        let mut beside = above.to_vec();
        beside.push(other);
        self.gone.contains(&beside)
    }

    /// A comparison that is never false: where there is a value, it holds.
    fn always(&mut self, clause: &Clause) {
        let Clause::Literal(Literal { predicate, .. }) = clause else { return };
        if !matches!(**predicate, Predicate::In(..)) || !self.may_ask() {
            return;
        }
        let holds = |outcomes| self.model.decided(0, clause, outcomes);
        // Unrolled rules are false where there is no item.
        if self.rule.unrolls() || !self.never_holds(holds(Outcomes::FALSE)) {
            return;
        }
        if !self.never_holds(holds(Outcomes::UNKNOWN)) && !self.never_holds(holds(Outcomes::TRUE)) {
            let why = "no value makes this comparison false".to_owned();
            self.find(FindingKind::ImpossibleComparison, std::slice::from_ref(clause), why, None);
        }
    }

    /// Names a clause without which the rule is true for the same transactions,
    /// and the one beside it that decides alone, where there is one.
    fn in_vain(&mut self, part: &Clause, beside: &[Clause], all: bool) {
        if !all && self.may_ask() && self.clause_never(std::slice::from_ref(part)) {
            let before = self.found.len();
            if !self.why_never(part) {
                let why = format!("{ALONE}: it is never true");
                self.find(FindingKind::NoEffect, std::slice::from_ref(part), why, None);
            }
            if let Some(first) = self.found.get_mut(before) {
                first.in_vain = spans_of(part);
            }
            return;
        }
        let equal = beside.iter().find(|other| *other == part);
        let decides = match equal {
            Some(equal) => Some(equal),
            None => beside.iter().find(|other| self.decides(other, part, all)),
        };
        let (kind, why) = match (equal, decides, all) {
            (Some(_), _, _) => (FindingKind::Duplicate, "this clause stands twice".to_owned()),
            (None, Some(_), true) => {
                (FindingKind::Implied, "this clause holds wherever the one beside it does".to_owned())
            }
            (None, Some(_), false) => {
                (FindingKind::NoEffect, "wherever this clause is true, the one beside it is".to_owned())
            }
            // What decides may stand elsewhere in the rule.
            (None, None, _) if beside.len() < 2 => (FindingKind::NoEffect, ALONE.to_owned()),
            (None, None, true) if self.decides(&Clause::All(beside.to_vec()), part, true) => {
                (FindingKind::Implied, format!("{ALONE}: what stands beside it implies it"))
            }
            (None, None, false) if self.decides(&Clause::Any(beside.to_vec()), part, false) => {
                (FindingKind::NoEffect, format!("{ALONE}: wherever it is true, something beside it is"))
            }
            (None, None, _) => (FindingKind::NoEffect, ALONE.to_owned()),
        };
        self.find(kind, std::slice::from_ref(part), why, decides);
        if let Some(found) = self.found.last_mut() {
            found.in_vain = spans_of(part);
        }
    }

    /// Whether another clause alone makes this one superfluous.
    fn decides(&self, other: &Clause, part: &Clause, all: bool) -> bool {
        if !self.may_ask() {
            return false;
        }
        let (one, whole) = if all { (other, part) } else { (part, other) };
        let formula = self.model.decided(0, one, Outcomes::TRUE);
        let formula = formula
            .and_then(|one| Ok(Formula::all([one, self.model.decided(0, whole, Outcomes::NOT_TRUE)?])));
        self.never_holds(formula)
    }

    /// Whether it is proved that the rule is true for the same transactions
    /// without a clause, where all is left out that was found before.
    fn matters_not(&self, path: &[usize]) -> bool {
        if !self.may_ask() {
            return false;
        }
        self.model.charge(self.size.saturating_mul(2));
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
        self.never_holds(differ(&before, &after)) && self.never_holds(differ(&after, &before))
    }

    fn find(&mut self, kind: FindingKind, parts: &[Clause], why: String, because: Option<&Clause>) {
        let finding = Finding::of(self.rule, kind, parts, why);
        let because = because.map(spans_of).unwrap_or_default();
        self.found.push(Finding { because, ..finding });
    }
}

/// Adds findings of which no part stands within one that was found to have no effect.
pub(super) fn add_new(found: &mut Vec<Finding>, more: Vec<Finding>) {
    let is_new = |finding: &Finding| {
        let in_vain = || found.iter().flat_map(|found| &found.in_vain);
        let within = |span: &Span, part: &Span| part.start() <= span.start() && span.end() <= part.end();
        !finding.spans.iter().any(|span| in_vain().any(|part| within(span, part)))
    };
    let more: Vec<Finding> = more.into_iter().filter(is_new).collect();
    found.extend(more);
}

fn nodes(clause: &Clause) -> usize {
    match clause {
        Clause::All(parts) | Clause::Any(parts) => parts.iter().map(nodes).fold(1, usize::saturating_add),
        _ => 1,
    }
}

fn literals(clause: &Clause) -> usize {
    match clause {
        Clause::All(parts) | Clause::Any(parts) => parts.iter().map(literals).fold(0, usize::saturating_add),
        Clause::Literal(_) => 1,
        _ => 0,
    }
}

/// Whether a clause only asks whether a value is there.
fn is_guard(clause: &Clause) -> bool {
    let Clause::Literal(Literal { predicate, .. }) = clause else { return false };
    matches!(&**predicate, Predicate::In(_, Set::Presence(_)))
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
