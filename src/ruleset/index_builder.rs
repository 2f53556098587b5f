//! Makes the index of a block, rule by rule.

use hashbrown::HashMap;

use super::bits::{clear, set, width};
use super::code::{Branch, Branches, LiteralRef};
use super::conjunction::{Conjunction, Disjunction};
use super::dense::Without;
use super::index::{AskedSubject, Index, ReadFrom};
use super::pool::Subjects;
use super::required::Required;
use super::subject::How;
use super::switches::Switches;
use super::table::Table;

/// A block has so many disjunctions about several subjects at most: what 16 bits
/// can number.
pub(super) const MOST_CLAUSES: usize = 1 << 16;

/// What the rules of a block require, by subject.
pub(super) struct IndexBuilder<'c> {
    subjects: HashMap<u32, OfSubject<'c>>,
    /// By disjunction: its rule.
    rule_of: Vec<u16>,
    asking: Vec<u64>,
    possible: Vec<u64>,
    switches: Switches,
}

#[derive(Default)]
struct OfSubject<'c> {
    rules: Vec<(u16, Required<'c>)>,
    clauses: Vec<(u16, Required<'c>)>,
}

/// How many disjunctions about several subjects a rule has.
pub(super) fn clauses_of(code: Branches<'_>) -> usize {
    let mut count = 0_usize;
    for disjunction in code.flat_map(|branch| Conjunction::of(branch).all) {
        let about = |literal: &LiteralRef<'_>| literal.subject;
        let one = disjunction.first().map(about);
        count = count.saturating_add(usize::from(!disjunction.iter().all(|other| Some(about(other)) == one)));
    }
    count
}

impl<'c> IndexBuilder<'c> {
    pub(super) fn new(rules: usize, switches: Switches) -> IndexBuilder<'c> {
        let empty = vec![0; width(rules)];
        IndexBuilder {
            subjects: HashMap::new(),
            rule_of: Vec::new(),
            asking: empty.clone(),
            possible: empty,
            switches,
        }
    }

    /// Adds a rule.
    pub(super) fn add(&mut self, rule: u16, code: Branches<'c>) {
        set(&mut self.possible, usize::from(rule));
        let mut alone: Vec<(u32, Required<'c>)> = Vec::new();
        for branch in code {
            if let Branch::Leaf(literal) = branch {
                alone.push((literal.subject, Required::Literal(literal)));
                continue;
            }
            let conjunction = Conjunction::of(branch);
            if !conjunction.exact {
                set(&mut self.asking, usize::from(rule));
            }
            for disjunction in conjunction.all {
                self.add_disjunction(rule, disjunction, &mut alone);
            }
        }
        for (subject, required) in joined(alone, Required::and) {
            self.subjects.entry(subject).or_default().rules.push((rule, required));
        }
    }

    fn add_disjunction(
        &mut self,
        rule: u16,
        disjunction: Disjunction<'c>,
        alone: &mut Vec<(u32, Required<'c>)>,
    ) {
        let literals = disjunction.into_iter().map(|literal| (literal.subject, Required::Literal(literal)));
        let mut required = joined(literals.collect(), Required::or);
        if required.len() == 1 {
            alone.append(&mut required);
            return;
        }
        if required.is_empty() {
            clear(&mut self.possible, usize::from(rule));
            return;
        }
        let clause = u16::try_from(self.rule_of.len());
        let (true, Ok(clause)) = (self.switches.clauses, clause) else {
            set(&mut self.asking, usize::from(rule));
            return;
        };
        self.rule_of.push(rule);
        for (subject, required) in required {
            self.subjects.entry(subject).or_default().clauses.push((clause, required));
        }
    }

    pub(super) fn finished(self, subjects: &Subjects) -> Index {
        let (words, clause_words) = (self.possible.len(), width(self.rule_of.len()));
        let mut asked: Vec<(u32, OfSubject<'c>)> = self.subjects.into_iter().collect();
        let cost = |number: u32| subjects.get(number).map_or(0, |subject| subject.cost());
        asked.sort_unstable_by_key(|(number, _)| (cost(*number), *number));
        let (mut of_transaction, mut of_entry) = (Vec::new(), Vec::new());
        for (number, OfSubject { rules, clauses }) in asked {
            let Some(subject) = subjects.get(number) else { continue };
            let read = match subject.how {
                How::Slot(slot) => ReadFrom::Slot(slot),
                How::Entry(slot) => ReadFrom::Entry(slot),
                _ => ReadFrom::Computed,
            };
            let table = |words: usize, without: Without, required: Vec<(u16, Required<'c>)>| {
                (!required.is_empty()).then(|| Table::of(words, without, &required, self.switches))
            };
            let one = AskedSubject {
                number,
                read,
                rules: table(words, Without::Included, rules),
                clauses: table(clause_words, Without::LeftOut, clauses),
            };
            if subject.of_entry { of_entry.push(one) } else { of_transaction.push(one) }
        }
        Index {
            subjects: of_transaction.into(),
            of_entry: of_entry.into(),
            rule_of: self.rule_of.into(),
            asking: self.asking.into(),
            possible: self.possible.into(),
        }
    }
}

/// Each subject once, with what is required of it joined.
fn joined<'c>(
    mut required: Vec<(u32, Required<'c>)>,
    how: fn(Required<'c>, Required<'c>) -> Required<'c>,
) -> Vec<(u32, Required<'c>)> {
    let repeats = |pair: &[(u32, Required<'c>)]| matches!(pair, [one, other] if one.0 == other.0);
    required.sort_by_key(|(subject, _)| *subject);
    if !required.windows(2).any(repeats) {
        return required;
    }
    let mut found: Vec<(u32, Required<'c>)> = Vec::with_capacity(required.len());
    for (subject, one) in required {
        match found.pop() {
            Some((last, other)) if last == subject => found.push((subject, how(other, one))),
            last => {
                found.extend(last);
                found.push((subject, one));
            }
        }
    }
    found
}
