//! A rule as chains of `&&` and `||` in turn, each with what it requires of
//! every subject.

use super::code::{Branch, Branches};
use super::pool::Subjects;
use super::required::Required;
use super::subject::GroupSource;

/// What is required of a subject, by its number.
pub(super) type OfSubject<'c> = (u32, Required<'c>);

/// A chain: literals about one subject are one, and the chains in it are of the
/// other kind. It has two parts at least, but for the chain of a whole rule.
#[derive(Default)]
pub(super) struct Chain<'c> {
    pub(super) literals: Vec<OfSubject<'c>>,
    pub(super) chains: Vec<Chain<'c>>,
}

/// What a part of a rule comes to.
enum Formula<'c> {
    Constant(bool),
    Literal(OfSubject<'c>),
    Chain { all: bool, chain: Chain<'c> },
}

/// A whole rule, as what must hold; `None` where it is false whatever comes.
pub(super) fn of_rule<'c>(code: Branches<'c>, subjects: &Subjects) -> Option<Chain<'c>> {
    match formula(code, true, subjects) {
        Formula::Constant(value) => value.then(Chain::default),
        Formula::Literal(literal) => Some(Chain { literals: vec![literal], chains: Vec::new() }),
        Formula::Chain { all: true, chain } => Some(chain),
        Formula::Chain { all: false, chain } => Some(Chain { literals: Vec::new(), chains: vec![chain] }),
    }
}

/// Recurses as deep as the rule.
fn formula<'c>(branches: Branches<'c>, all: bool, subjects: &Subjects) -> Formula<'c> {
    let mut found = Chain::default();
    for branch in branches {
        let part = match branch {
            Branch::Leaf(literal) => Formula::Literal((literal.subject, Required::Literal(literal))),
            Branch::All(branches) => formula(branches, true, subjects),
            Branch::Any(branches) => formula(branches, false, subjects),
        };
        match part {
            Formula::Constant(value) if value == all => {}
            Formula::Constant(value) => return Formula::Constant(value),
            Formula::Literal(literal) => found.literals.push(literal),
            Formula::Chain { all: same, mut chain } if same == all => {
                found.literals.append(&mut chain.literals);
                found.chains.append(&mut chain.chains);
            }
            Formula::Chain { chain, .. } => found.chains.push(chain),
        }
    }
    let Chain { literals, mut chains } = found;
    let mut literals = joined(literals, all);
    match (literals.len(), chains.len()) {
        (0, 0) => return Formula::Constant(all),
        (1, 0) => return literals.pop().map_or(Formula::Constant(all), Formula::Literal),
        (0, 1) => {
            if let Some(chain) = chains.pop() {
                return Formula::Chain { all: !all, chain };
            }
        }
        _ => {}
    }
    if all {
        literals = without_repeats(literals, &mut chains, subjects);
    }
    Formula::Chain { all, chain: Chain { literals, chains } }
}

/// What a text must have in two parts is asked in two places: among those that must
/// hold, a text can say one thing of each chain at once. So all but the first become chains
/// of their own.
fn without_repeats<'c>(
    literals: Vec<OfSubject<'c>>,
    chains: &mut Vec<Chain<'c>>,
    subjects: &Subjects,
) -> Vec<OfSubject<'c>> {
    let mut seen: Vec<GroupSource> = Vec::new();
    let mut kept = Vec::with_capacity(literals.len());
    for (subject, required) in literals {
        let group = subjects.get(subject).and_then(|subject| subject.group);
        // Of a date all that it says is taken away one after the other.
        match group.filter(|group| !required.is_negated() && !matches!(group, GroupSource::Date(_))) {
            Some(group) if seen.contains(&group) => {
                chains.push(Chain { literals: vec![(subject, required)], chains: Vec::new() });
                continue;
            }
            Some(group) => seen.push(group),
            None => {}
        }
        kept.push((subject, required));
    }
    kept
}

/// Each subject once, with what is required of it joined.
fn joined(mut required: Vec<OfSubject<'_>>, all: bool) -> Vec<OfSubject<'_>> {
    let repeats = |pair: &[OfSubject<'_>]| matches!(pair, [one, other] if one.0 == other.0);
    required.sort_by_key(|(subject, _)| *subject);
    if !required.windows(2).any(repeats) {
        return required;
    }
    let mut found: Vec<(u32, Vec<Required<'_>>)> = Vec::with_capacity(required.len());
    for (subject, one) in required {
        match found.last_mut() {
            Some((last, several)) if *last == subject => several.push(one),
            _ => found.push((subject, vec![one])),
        }
    }
    found.into_iter().map(|(subject, several)| (subject, Required::joined(several, all))).collect()
}

/// How many chains of `||` and of `&&` a rule has below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ChainCount {
    pub(super) any: usize,
    pub(super) all: usize,
}

impl ChainCount {
    pub(super) fn of(code: Branches<'_>, subjects: &Subjects) -> ChainCount {
        let mut count = ChainCount::default();
        if let Some(chain) = of_rule(code, subjects) {
            count.add_chains(&chain, false);
        }
        count
    }

    /// Those in a chain are of the kind that `all` says.
    fn add_chains(&mut self, chain: &Chain<'_>, all: bool) {
        let own = if all { &mut self.all } else { &mut self.any };
        *own = own.wrapping_add(chain.chains.len());
        chain.chains.iter().for_each(|chain| self.add_chains(chain, !all));
    }

    pub(super) fn and(self, other: ChainCount) -> ChainCount {
        ChainCount { any: self.any.wrapping_add(other.any), all: self.all.wrapping_add(other.all) }
    }

    /// Whether a block has room for them.
    pub(super) fn fits(self) -> bool {
        self.any <= MOST_CHAINS && self.all <= MOST_CHAINS
    }
}

/// A block has so many chains of a kind at most: so 16 bits number them, and what
/// comes after the last.
pub(super) const MOST_CHAINS: usize = (1 << 16) - 1;
