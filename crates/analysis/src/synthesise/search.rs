//! Rules made of questions, the smallest first. Of rules that the examples can't
//! tell apart only the smallest is built upon.

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::questions::Question;
use super::vector::Vector;

/// The number of a rule among those that are kept.
type RuleId = usize;

/// How a rule is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Question(usize),
    Not(RuleId),
    And(RuleId, RuleId),
    Or(RuleId, RuleId),
}

/// Which chain a rule is: more operands of one operator make no new node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chain {
    None,
    And,
    Or,
}

impl Made {
    fn chain(self) -> Chain {
        match self {
            Made::And(..) => Chain::And,
            Made::Or(..) => Chain::Or,
            Made::Question(_) | Made::Not(_) => Chain::None,
        }
    }
}

struct Kept {
    made: Made,
    nodes: usize,
    vector: Vector,
}

/// What of a vector is kept: the smallest size, and the chains of that size.
struct Seen {
    nodes: usize,
    chains: Vec<Chain>,
}

/// A rule that was found, and its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Solution {
    pub(super) text: String,
    pub(super) nodes: usize,
    /// What it asks about.
    terms: Vec<usize>,
}

/// What a search came to.
pub(super) struct Outcome {
    pub(super) found: Vec<Solution>,
    /// All rules of so many nodes at most were looked at.
    pub(super) complete: usize,
    /// What stopped it, if that wasn't the size that was asked for.
    pub(super) stopped: Option<&'static str>,
}

/// What a search may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) nodes: usize,
    pub(super) kept: usize,
    pub(super) steps: usize,
}

pub(super) struct Search<'q> {
    questions: &'q [Question],
    wanted: Vector,
    bounds: Bounds,
    kept: Vec<Kept>,
    /// The kept rules by their size.
    by_size: Vec<Vec<RuleId>>,
    seen: HashMap<Vector, Seen>,
    steps: usize,
    found: Vec<Solution>,
}

/// After the best one another is looked for up to this size, or that of the best.
const SECOND: usize = 7;

impl<'q> Search<'q> {
    pub(super) fn new(questions: &'q [Question], wanted: Vector, bounds: Bounds) -> Search<'q> {
        Search {
            questions,
            wanted,
            bounds,
            kept: Vec::new(),
            by_size: vec![Vec::new()],
            seen: HashMap::new(),
            steps: 0,
            found: Vec::new(),
        }
    }

    /// Looks at rules of one size after the other.
    pub(super) fn run(mut self) -> Outcome {
        let mut complete = 0;
        let mut stopped = None;
        for size in 1..=self.bounds.nodes {
            if self.found.first().is_some_and(|best| size > best.nodes.max(SECOND)) {
                break;
            }
            if !self.solve(size) {
                stopped = Some("steps");
                break;
            }
            complete = size;
            if self.found.len() > 1 {
                break;
            }
            // The last size is not built upon.
            if size < self.bounds.nodes
                && let Err(limit) = self.grow(size)
            {
                stopped = Some(limit);
                // Larger rules are made of these; those of the next size, too.
                break;
            }
        }
        Outcome { found: self.found, complete, stopped }
    }

    /// Counts steps; false where there are no more.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        self.steps <= self.bounds.steps
    }

    /// Tells the rules of a size that tell the examples apart, until there are
    /// two. An `&&` does so only where both sides are true for what shall count,
    /// an `||` only where neither is true for what shall not.
    fn solve(&mut self, size: usize) -> bool {
        for (at, question) in self.questions.iter().enumerate() {
            if question.nodes == size && question.vector.tells_apart(&self.wanted) {
                self.tell(Made::Question(at), size);
            }
        }
        for id in self.of_size(size.saturating_sub(1)) {
            if let Some(kept) = self.kept.get(id)
                && kept.vector.not().tells_apart(&self.wanted)
            {
                self.tell(Made::Not(id), size);
            }
        }
        let suits_and = |kept: &Kept, wanted: &Vector| kept.vector.holds_where(wanted);
        let suits_or = |kept: &Kept, wanted: &Vector| kept.vector.fails_where_not(wanted);
        self.solve_chains(size, Chain::And, suits_and) && self.solve_chains(size, Chain::Or, suits_or)
    }

    fn solve_chains(&mut self, size: usize, chain: Chain, suits: fn(&Kept, &Vector) -> bool) -> bool {
        for (left, right) in self.splits(size, chain) {
            let of = |search: &Search<'_>, side: &Side| -> Vec<RuleId> {
                let ids = search.by_size.get(side.nodes).into_iter().flatten().copied();
                let fits = |id: &RuleId| {
                    search.kept.get(*id).is_some_and(|kept| side.takes(kept) && suits(kept, &search.wanted))
                };
                ids.filter(fits).collect()
            };
            let (lefts, rights) = (of(self, &left), of(self, &right));
            for one in &lefts {
                for other in &rights {
                    if self.found.len() > 1 {
                        return true;
                    }
                    if !self.step() {
                        return false;
                    }
                    if left.is_like(&right) && one > other {
                        continue;
                    }
                    if let Some(vector) = self.joined(chain, *one, *other)
                        && vector.tells_apart(&self.wanted)
                    {
                        let made = if chain == Chain::And {
                            Made::And(*one, *other)
                        } else {
                            Made::Or(*one, *other)
                        };
                        self.tell(made, size);
                    }
                }
            }
        }
        true
    }

    /// The sizes that the two sides of a chain of a size may have: the left one
    /// may be a shorter chain, which grows.
    fn splits(&self, size: usize, chain: Chain) -> Vec<(Side, Side)> {
        let mut splits = Vec::new();
        for right in 1..size {
            if let Some(left) = size.checked_sub(right).filter(|left| *left > 0) {
                splits.push((Side::new(left, chain, true), Side::new(right, chain, false)));
            }
            // Two that are no chain, with the node that joins them.
            if let Some(left) = size.checked_sub(right.saturating_add(1)).filter(|left| *left >= right) {
                splits.push((Side::new(left, chain, false), Side::new(right, chain, false)));
            }
        }
        splits
    }

    fn joined(&self, chain: Chain, one: RuleId, other: RuleId) -> Option<Vector> {
        let (one, other) = (self.kept.get(one)?, self.kept.get(other)?);
        Some(match chain {
            Chain::And => one.vector.and(&other.vector),
            _ => one.vector.or(&other.vector),
        })
    }

    fn of_size(&self, size: usize) -> Vec<RuleId> {
        self.by_size.get(size).cloned().unwrap_or_default()
    }

    /// Keeps the rules of a size for larger ones to be made of.
    fn grow(&mut self, size: usize) -> Result<(), &'static str> {
        self.by_size.push(Vec::new());
        for (at, question) in self.questions.iter().enumerate() {
            if question.nodes == size {
                self.keep(Made::Question(at), size, question.vector.clone())?;
            }
        }
        for id in self.of_size(size.saturating_sub(1)) {
            let Some(vector) = self.kept.get(id).map(|kept| kept.vector.not()) else { continue };
            self.keep(Made::Not(id), size, vector)?;
        }
        for chain in [Chain::And, Chain::Or] {
            for (left, right) in self.splits(size, chain) {
                let of = |search: &Search<'_>, side: &Side| -> Vec<RuleId> {
                    let ids = search.by_size.get(side.nodes).into_iter().flatten().copied();
                    ids.filter(|id| search.kept.get(*id).is_some_and(|kept| side.takes(kept))).collect()
                };
                let (lefts, rights) = (of(self, &left), of(self, &right));
                for one in &lefts {
                    for other in &rights {
                        if left.is_like(&right) && one >= other {
                            continue;
                        }
                        if !self.step() {
                            return Err("steps");
                        }
                        let Some(vector) = self.joined(chain, *one, *other) else { continue };
                        let made = if chain == Chain::And {
                            Made::And(*one, *other)
                        } else {
                            Made::Or(*one, *other)
                        };
                        self.keep(made, size, vector)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Keeps a rule, unless the examples can't tell it from a smaller one. Of one
    /// size chains are kept beside others: they grow by one node less.
    fn keep(&mut self, made: Made, nodes: usize, vector: Vector) -> Result<(), &'static str> {
        match self.seen.entry(vector.clone()) {
            Entry::Occupied(mut seen) => {
                let seen = seen.get_mut();
                if seen.nodes < nodes || seen.chains.contains(&made.chain()) {
                    return Ok(());
                }
                seen.chains.push(made.chain());
            }
            Entry::Vacant(place) => {
                place.insert(Seen { nodes, chains: vec![made.chain()] });
            }
        }
        if self.kept.len() >= self.bounds.kept {
            return Err("kept");
        }
        let id = self.kept.len();
        self.kept.push(Kept { made, nodes, vector });
        if let Some(of_size) = self.by_size.get_mut(nodes) {
            of_size.push(id);
        }
        Ok(())
    }

    /// Takes down a rule that tells the examples apart, if it asks about other
    /// things than the best one.
    fn tell(&mut self, made: Made, nodes: usize) {
        let mut terms = Vec::new();
        let text = self.written(made, &mut terms);
        terms.sort_unstable();
        terms.dedup();
        let is_new = self.found.first().is_none_or(|best| best.terms != terms);
        if is_new && self.found.len() < 2 {
            self.found.push(Solution { text, nodes, terms });
        }
    }

    /// The text of a rule. It recurses as deep as the rule is large, which the
    /// bound on nodes holds.
    fn written(&self, made: Made, terms: &mut Vec<usize>) -> String {
        let of = |search: &Search<'_>, id: RuleId, terms: &mut Vec<usize>| match search.kept.get(id) {
            Some(kept) => format!("({})", search.written(kept.made, terms)),
            None => String::new(),
        };
        match made {
            Made::Question(at) => match self.questions.get(at) {
                Some(question) => {
                    terms.push(question.term);
                    question.text.clone()
                }
                None => String::new(),
            },
            Made::Not(id) => format!("!{}", of(self, id, terms)),
            Made::And(one, other) => format!("{}&&{}", of(self, one, terms), of(self, other, terms)),
            Made::Or(one, other) => format!("{}||{}", of(self, one, terms), of(self, other, terms)),
        }
    }
}

/// One side of a chain.
struct Side {
    nodes: usize,
    chain: Chain,
    /// Whether it is a chain of the same operator, or none.
    grows: bool,
}

impl Side {
    fn new(nodes: usize, chain: Chain, grows: bool) -> Side {
        Side { nodes, chain, grows }
    }

    fn takes(&self, kept: &Kept) -> bool {
        kept.nodes == self.nodes && (kept.made.chain() == self.chain) == self.grows
    }

    /// Whether both sides take the same rules.
    fn is_like(&self, other: &Side) -> bool {
        self.nodes == other.nodes && self.grows == other.grows
    }
}
