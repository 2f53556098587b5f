//! How rules that count the same relate: which are duplicates, and which are
//! true only where another one is.

use std::cmp::Reverse;

use hashbrown::HashMap;
use target_rules::diagnostic::Code;
use target_rules::{Evaluation, Reference, Rule, RuleSet, Scratch};

use crate::budget::Budget;
use crate::diff::Witness;
use crate::formula::Formula;
use crate::model::{KnownTexts, Model, Outcomes};
use crate::proof::{Found, Options, is_never, possible};

/// So many rules that may be wider are tried, the narrowest first.
const MOST_TRIED: usize = 64;
/// All questions about several rules together take as many steps as this many may
/// that take as long as one may.
const MOST_LONG: usize = 64;
/// A rule is held against so many others of its text.
const MOST_OF_ONE_TEXT: usize = 16;

/// How a rule relates to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// They are equal: one canonical text, over values of the same types.
    Same,
    /// Both are true for the same transactions, though they are written in
    /// different ways. Proved.
    Equivalent,
    /// The first is true only where the second is, and not everywhere there.
    /// Proved.
    Narrower,
}

impl RelationKind {
    /// The code of its diagnostic.
    ///
    /// ```
    /// use target_rules::diagnostic::Code;
    /// use target_rules_analysis::RelationKind;
    /// assert_eq!(RelationKind::Narrower.code(), Code::Subsumed);
    /// ```
    pub fn code(self) -> Code {
        match self {
            RelationKind::Same | RelationKind::Equivalent => Code::Duplicate,
            RelationKind::Narrower => Code::Subsumed,
        }
    }
}

/// Two rules of several, and how the first relates to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relation {
    /// The position of the first.
    pub of: usize,
    /// The position of the second.
    pub to: usize,
    /// How they relate.
    pub kind: RelationKind,
    /// Of a narrower rule a transaction for which only the other is true, where one
    /// was found.
    pub witness: Option<Witness>,
}

/// Relates rules to each other: of each the first one before it that is the same,
/// or one that is equivalent, or else the narrowest that is wider. So there is one
/// relation of each rule at most. All items of a list for which a narrower rule is
/// true are such of the other, too.
///
/// Of each rule a transaction is made for which it is true, and only rules that
/// are true for it, too, are asked about. So cost is about that of deciding all
/// rules for so many transactions, and of some searches for each rule, each
/// bounded by [`Options::work`], and together by 64 times that; what is beyond is
/// not told.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, RelationKind, relations};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let (wide, narrow) = (rule("currentTxn.value > 500")?, rule("currentTxn.value > 900")?);
/// let found = relations(&[&wide, &narrow], &Options::default());
/// assert_eq!((found[0].of, found[0].to, found[0].kind), (1, 0, RelationKind::Narrower));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn relations(rules: &[&Rule], options: &Options) -> Vec<Relation> {
    let mut found = Vec::new();
    // Rules of one text differ where a field has another type in each.
    let mut of_text: HashMap<String, Vec<usize>> = HashMap::new();
    let mut distinct: Vec<usize> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let before = of_text.entry(rule.to_text()).or_default();
        match before.iter().find(|to| rules.get(**to) == Some(rule)) {
            Some(to) => {
                found.push(Relation { of: at, to: *to, kind: RelationKind::Same, witness: None });
            }
            None => {
                distinct.push(at);
                if before.len() < MOST_OF_ONE_TEXT {
                    before.push(at);
                }
            }
        }
    }
    let budget = Budget::new(options.work.saturating_mul(MOST_LONG));
    let among = Among { rules, distinct: &distinct, options, budget, known: KnownTexts::default() };
    found.extend(among.relations());
    found.sort_by_key(|relation| relation.of);
    found
}

struct Among<'r> {
    rules: &'r [&'r Rule],
    /// The positions of rules that are not the same as one before.
    distinct: &'r [usize],
    options: &'r Options,
    /// What all questions may still take.
    budget: Budget,
    known: KnownTexts,
}

impl Among<'_> {
    fn relations(&self) -> Vec<Relation> {
        let named = self.distinct.iter().filter_map(|at| Some((*at, (*self.rules.get(*at)?).clone())));
        // INVARIANT: no position stands twice.
        let Ok(set) = RuleSet::new(named) else { return Vec::new() };
        let mut scratch = Scratch::default();
        // The more rules are wider, the narrower is one. All pairs are not held: there
        // may be as many as the square of the rules.
        let mut narrowness = vec![0_usize; self.rules.len()];
        let mut documents = Vec::new();
        for at in self.distinct {
            let Some(document) = self.rules.get(*at).and_then(|rule| self.document_of(rule)) else {
                continue;
            };
            let wider = self.wider(&set, &mut scratch, *at, &document);
            if let Some(of_rule) = narrowness.get_mut(*at) {
                *of_rule = wider.len();
            }
            documents.push((*at, document));
        }
        // The narrowest first, of several the first one.
        let by_narrowness = |at: &usize| (Reverse(narrowness.get(*at).copied()), *at);
        let read = self.read_by_each();
        let reads = |at: usize| read.get(at).copied().unwrap_or(0);
        let mut found = Vec::new();
        for (of, document) in documents {
            let mut wider = self.wider(&set, &mut scratch, of, &document);
            // What a rule says of other values does not follow from this one.
            let mine = reads(of);
            wider.retain(|to| reads(*to) == 0 || reads(*to) & mine != 0);
            if wider.len() > MOST_TRIED {
                wider.select_nth_unstable_by_key(MOST_TRIED, by_narrowness);
                wider.truncate(MOST_TRIED);
            }
            wider.sort_unstable_by_key(by_narrowness);
            found.extend(wider.into_iter().find_map(|to| self.related(of, to)));
        }
        found
    }

    /// What each rule reads, a bit for each value; several values may share one.
    fn read_by_each(&self) -> Vec<u64> {
        let mut numbers: HashMap<Reference, usize> = HashMap::new();
        let mut bit = |reference: Reference| {
            let next = numbers.len();
            let number = *numbers.entry(reference).or_insert(next);
            1_u64.wrapping_shl(u32::try_from(number.wrapping_rem(64)).unwrap_or(0))
        };
        let mut read = vec![0; self.rules.len()];
        for at in self.distinct {
            if let (Some(rule), Some(read)) = (self.rules.get(*at), read.get_mut(*at)) {
                *read = rule.references().into_iter().map(&mut bit).fold(0, |all, bit| all | bit);
            }
        }
        read
    }

    /// The rules that are true for a transaction for which a rule is.
    fn wider(&self, set: &RuleSet<usize>, scratch: &mut Scratch, of: usize, document: &str) -> Vec<usize> {
        let mut wider = Vec::new();
        if let Ok(transaction) = set.layout().read(document, &self.options.limits) {
            let mut evaluation = Evaluation::new(&transaction, &self.options.zone, scratch);
            // INVARIANT: the transaction was read for the layout of the set.
            let _ = set.decide(&mut evaluation, |id, _| {
                if *id != of {
                    wider.push(*id);
                }
            });
        }
        wider
    }

    /// A small transaction for which a rule is true, if one is found.
    fn document_of(&self, rule: &Rule) -> Option<String> {
        let model = self.model(&[rule])?;
        let found = possible(&model, model.rule(0, Outcomes::TRUE), &[Outcomes::TRUE], self.options);
        self.budget.spend(model.steps());
        match found {
            Found::Shown(shown) => Some(shown.document),
            _ => None,
        }
    }

    /// A model, if there are steps left.
    fn model<'r>(&self, rules: &[&'r Rule]) -> Option<Model<'r>> {
        if self.budget.is_spent() {
            return None;
        }
        Model::with(rules, false, &self.options.zone, &self.known).ok()
    }

    fn related(&self, of: usize, to: usize) -> Option<Relation> {
        let (first, second) = (self.rules.get(of)?, self.rules.get(to)?);
        let model = self.model(&[first, second])?;
        let found = self.relation(&model, of, to);
        self.budget.spend(model.steps());
        found
    }

    fn relation(&self, model: &Model<'_>, of: usize, to: usize) -> Option<Relation> {
        let formula = |first, second| Ok(Formula::all([model.rule(0, first)?, model.rule(1, second)?]));
        if !is_never(model, formula(Outcomes::TRUE, Outcomes::NOT_TRUE), self.options) {
            return None;
        }
        let wanted = [Outcomes::NOT_TRUE, Outcomes::TRUE];
        let (kind, witness) = match possible(model, formula(wanted[0], wanted[1]), &wanted, self.options) {
            // Of two equivalent rules the later one is named.
            Found::Never if of < to => return None,
            Found::Never => (RelationKind::Equivalent, None),
            Found::Shown(shown) => (RelationKind::Narrower, crate::diff::witness(shown)),
            Found::Unknown(_) => return None,
        };
        Some(Relation { of, to, kind, witness })
    }
}
