//! Whether rules can be true for one transaction.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde_json::value::RawValue;
use target_rules::condition::{Clause, Literal, NumberRange, Predicate, Set, Subject, TextSet};
use target_rules::{Evaluation, Layout, Rule, RuleSet, Scratch, Truth};

use crate::budget::Budget;
use crate::cell_set::CellSet;
use crate::diff::both;
use crate::formula::Formula;
use crate::model::{KnownTexts, Model, Outcomes, TooLarge};
use crate::proof::{Found, Options, possible};

/// All questions about several rules together take as many steps as this many may
/// that take as long as one may.
const MOST_LONG: usize = 64;
/// Of sets with more values it is left to a search whether they meet.
const MOST_VALUES: usize = 64;

/// Whether two rules can be true for one transaction.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Overlap, overlap};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let small = rule("currentTxn.value <= 500")?;
/// let large = rule("currentTxn.value > 500")?;
/// let options = Options::default();
/// assert_eq!(overlap(&small, &large, &options), Overlap::Impossible);
/// assert!(matches!(overlap(&large, &large, &options), Overlap::Possible(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlap {
    /// Both are true for this transaction document.
    Possible(String),
    /// There is no such transaction. Proved.
    Impossible,
    /// It is not known; what stood in the way.
    Unknown(String),
}

/// Asks whether two rules, checked with one schema, can be true together. Rules
/// that are decided for each item may be so for different ones.
///
/// Cost is that of one search, bounded by [`Options::work`].
pub fn overlap(first: &Rule, second: &Rule, options: &Options) -> Overlap {
    overlap_of(both(first, second, options))
}

fn overlap_of(found: Found) -> Overlap {
    match found {
        Found::Shown(shown) => Overlap::Possible(shown.document),
        Found::Never => Overlap::Impossible,
        Found::Unknown(why) => Overlap::Unknown(why),
    }
}

/// Rules any two of which can be asked about: most pairs that can be true together
/// are so for what makes each of them true, which is tried before a search.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Overlap, Overlaps};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let (large, loyal) = (rule("currentTxn.value > 500")?, rule("currentCustomer.isLoyal")?);
/// let options = Options::default();
/// let overlaps = Overlaps::new(vec![&large, &loyal], &options);
/// let Overlap::Possible(document) = overlaps.of(0, 1) else { panic!() };
/// let expected = r#"{"currentCustomer":{"isLoyal":true},"currentTxn":{"value":501}}"#;
/// assert_eq!(document, expected);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub struct Overlaps<'r> {
    rules: Vec<&'r Rule>,
    options: &'r Options,
    layout: Layout,
    /// Of each rule a document for which it is true, where one was found.
    documents: Vec<Option<Fields>>,
    /// Of each of these documents, the rules that are true for it.
    held: Vec<CellSet>,
    /// Of each rule in which sets values must be for it to be true, by the number of
    /// the value, ascending.
    needs: Vec<Vec<(usize, &'r Set)>>,
    /// What all searches may still take.
    budget: Budget,
    known: KnownTexts,
}

/// A document by profiles, with the digits of its numbers.
type Fields = BTreeMap<String, BTreeMap<String, Box<RawValue>>>;

impl<'r> Overlaps<'r> {
    /// Finds a document for each rule, and decides all rules for each. Cost is one
    /// search for each, and what it takes to decide so many documents.
    ///
    /// All searches together take at most 64 times [`Options::work`]; of what is asked
    /// beyond, the answer is unknown.
    pub fn new(rules: Vec<&'r Rule>, options: &'r Options) -> Overlaps<'r> {
        let mut numbers: HashMap<&'r Subject, usize> = HashMap::new();
        let needs = rules.iter().map(|rule| needs(rule, &mut numbers)).collect();
        let mut overlaps = Overlaps {
            layout: Layout::of(rules.iter().copied()),
            options,
            documents: Vec::new(),
            held: Vec::new(),
            needs,
            budget: Budget::new(options.work.saturating_mul(MOST_LONG)),
            known: KnownTexts::default(),
            rules,
        };
        overlaps.documents = overlaps.rules.iter().map(|rule| overlaps.document_of(rule)).collect();
        overlaps.held = overlaps.held();
        overlaps
    }

    /// Whether the rules at two positions can be true together, as [`overlap`]
    /// tells it; of positions that there are not, no. Cost is mostly that of looking
    /// at what was found before, or of reading one document; else that of a search.
    pub fn of(&self, first: usize, second: usize) -> Overlap {
        let (Some(one), Some(other)) = (self.rules.get(first), self.rules.get(second)) else {
            return Overlap::Impossible;
        };
        if self.are_apart(first, second) {
            return Overlap::Impossible;
        }
        self.shown(first, second).map_or_else(|| self.searched(one, other), Overlap::Possible)
    }

    /// Whether both need one value in sets that have nothing in common.
    fn are_apart(&self, first: usize, second: usize) -> bool {
        let (Some(first), Some(second)) = (self.needs.get(first), self.needs.get(second)) else {
            return false;
        };
        let (mut one, mut other) = (first.iter().peekable(), second.iter().peekable());
        while let (Some((of, set)), Some((of_other, set_of_other))) = (one.peek(), other.peek()) {
            match of.cmp(of_other) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(other.next()),
                std::cmp::Ordering::Equal if share_nothing(set, set_of_other) => return true,
                std::cmp::Ordering::Equal => {
                    one.next();
                    other.next();
                }
            }
        }
        false
    }

    /// A document for which both are true, if one of those that were found is one,
    /// or two of them together.
    fn shown(&self, first: usize, second: usize) -> Option<String> {
        let of_one = self.documents.get(first)?.as_ref();
        let of_other = self.documents.get(second)?.as_ref();
        let holds = |of: usize, rule: usize| self.held.get(of).is_some_and(|held| held.contains(rule));
        if let Some(document) = of_one.filter(|_| holds(first, second)) {
            return serde_json::to_string(document).ok();
        }
        if let Some(document) = of_other.filter(|_| holds(second, first)) {
            return serde_json::to_string(document).ok();
        }
        let document = serde_json::to_string(&merged(of_one?, of_other?)).ok()?;
        let transaction = self.layout.read(&document, &self.options.limits).ok()?;
        let holds = |rule: &Rule| rule.truth(&transaction, &self.options.zone) == Truth::True;
        let both = [first, second].into_iter().all(|at| self.rules.get(at).is_some_and(|rule| holds(rule)));
        both.then_some(document)
    }

    fn searched(&self, one: &Rule, other: &Rule) -> Overlap {
        let together = |model: &Model<'_>| {
            Ok(Formula::all([model.rule(0, Outcomes::TRUE)?, model.rule(1, Outcomes::TRUE)?]))
        };
        overlap_of(self.search(&[one, other], true, together))
    }

    /// A search within the steps that are left.
    fn search(
        &self,
        rules: &[&Rule],
        own_items: bool,
        formula: impl FnOnce(&Model<'_>) -> Result<Formula, TooLarge>,
    ) -> Found {
        if self.budget.is_spent() {
            let most = self.options.work.saturating_mul(MOST_LONG);
            return Found::Unknown(format!("more than {most} steps for all pairs"));
        }
        let model = match Model::with(rules, own_items, &self.options.zone, &self.known) {
            Ok(model) => model,
            Err(TooLarge(why)) => return Found::Unknown(why.to_owned()),
        };
        let wanted = vec![Outcomes::TRUE; rules.len()];
        let found = possible(&model, formula(&model), &wanted, self.options);
        self.budget.spend(model.steps());
        found
    }

    fn document_of(&self, rule: &Rule) -> Option<Fields> {
        match self.search(&[rule], false, |model| model.rule(0, Outcomes::TRUE)) {
            Found::Shown(shown) => serde_json::from_str(&shown.document).ok(),
            _ => None,
        }
    }

    /// The rules that are true for each document.
    fn held(&self) -> Vec<CellSet> {
        let count = self.rules.len();
        let rules = self.rules.iter().enumerate().map(|(at, rule)| (at, (*rule).clone()));
        // INVARIANT: no position stands twice.
        let Ok(set) = RuleSet::new(rules) else { return Vec::new() };
        let mut scratch = Scratch::default();
        let of_document = |fields: &Option<Fields>| {
            let mut held = CellSet::empty(count);
            let document = fields.as_ref().and_then(|fields| serde_json::to_string(fields).ok());
            let limits = &self.options.limits;
            let transaction = document.and_then(|document| set.layout().read(&document, limits).ok());
            if let Some(transaction) = transaction {
                let mut evaluation = Evaluation::new(&transaction, &self.options.zone, &mut scratch);
                // INVARIANT: the transaction was read for the layout of the set.
                let _ = set.decide(&mut evaluation, |id, _| held.insert(*id));
            }
            held
        };
        self.documents.iter().map(of_document).collect()
    }
}

/// In which sets the values of a transaction must be for a rule to be true, where
/// no others can make it so; not of values of items, of which rules may take several.
fn needs<'r>(rule: &'r Rule, numbers: &mut HashMap<&'r Subject, usize>) -> Vec<(usize, &'r Set)> {
    let root = rule.condition().root();
    let clauses = if let Clause::All(parts) = root { parts.as_slice() } else { std::slice::from_ref(root) };
    let mut needs = Vec::new();
    for clause in clauses {
        let Clause::Literal(Literal { predicate, negated: false, .. }) = clause else { continue };
        let Predicate::In(subject, set) = &**predicate else { continue };
        if !predicate.asks_an_item() && is_small(set) {
            let next = numbers.len();
            needs.push((*numbers.entry(&**subject).or_insert(next), set));
        }
    }
    needs.sort_by_key(|(number, _)| *number);
    needs.dedup_by_key(|(number, _)| *number);
    needs
}

fn is_small(set: &Set) -> bool {
    match set {
        Set::Numbers(set) => set.ranges().take(MOST_VALUES).count() < MOST_VALUES,
        Set::Texts(TextSet::Values(values)) => values.len() < MOST_VALUES,
        _ => false,
    }
}

/// Whether no value is in both sets.
fn share_nothing(first: &Set, second: &Set) -> bool {
    match (first, second) {
        (Set::Numbers(first), Set::Numbers(second)) => {
            !first.ranges().any(|one| second.ranges().any(|other| meet(one, other)))
        }
        (Set::Texts(TextSet::Values(values)), Set::Texts(set))
        | (Set::Texts(set), Set::Texts(TextSet::Values(values))) => {
            !values.iter().any(|value| set.contains(value))
        }
        _ => false,
    }
}

/// Whether some number is in both ranges, as far as their ends tell.
fn meet(one: NumberRange, other: NumberRange) -> bool {
    let reaches = |low: Option<(_, bool)>, high: Option<(_, bool)>| match (low, high) {
        (Some((low, closed)), Some((high, closed_above))) => {
            low < high || low == high && closed && closed_above
        }
        _ => true,
    };
    reaches(one.low, other.high) && reaches(other.low, one.high)
}

/// What both say; where they contradict each other, what the first says.
fn merged(first: &Fields, second: &Fields) -> Fields {
    let mut all = first.clone();
    for (profile, fields) in second {
        let held = all.entry(profile.clone()).or_default();
        for (field, value) in fields {
            held.entry(field.clone()).or_insert_with(|| value.clone());
        }
    }
    all
}
