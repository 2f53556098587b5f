//! Whether a formula can hold, and by which cells.
//!
//! The search is that of a SAT solver over variables with many values: an atom
//! narrows the cells of its variable, a disjunction of which only one part can
//! still hold is that part, and where neither says more, one disjunction is
//! tried part by part. Nothing recurses but the walk over one formula, which is
//! as deep as a rule may be.

use smallvec::SmallVec;

use crate::budget::Budget;
use crate::cell_set::CellSet;
use crate::formula::{Formula, VariableId};

/// What came of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// The formula holds in no case but those that were told: every one was seen.
    Exhausted,
    /// Whoever was told of a solution wanted no more.
    Stopped,
    /// There was more to do than was allowed.
    TooMuch,
}

/// Which of the undecided disjunctions is tried first: that with the fewest parts, or
/// that with the most. Of two rules, one in alternatives and one in conditions, either
/// may decide the other at once, and the other way round take longer than anyone waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    FewestParts,
    MostParts,
}

impl Order {
    /// Before disjunctions of plain atoms stands one whose parts say several things at
    /// once, for each of them decides most of the rest.
    fn rank(self, parts: &[Formula]) -> (bool, usize) {
        let plain = parts.iter().all(|part| matches!(part, Formula::Within(..)));
        let count = parts.len();
        (plain, if self == Order::FewestParts { count } else { usize::MAX.saturating_sub(count) })
    }
}

/// What is known of a formula while the cells narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Holds,
    Fails,
    Open,
}

/// What may still hold of a disjunction.
enum Left<'f> {
    None,
    One(&'f Formula),
    Several,
    /// One of its parts holds.
    Holds,
}

/// What is undone when the search goes back.
enum Step {
    /// The cells of a variable narrowed; these were left before.
    Narrowed(VariableId, CellSet),
    /// A disjunction is settled: the part that makes it true was taken for true.
    Settled(usize),
}

/// A disjunction that must hold.
struct Pending<'f> {
    parts: &'f [Formula],
    /// Where it stands among those that may be tried next: first what is smaller.
    rank: (bool, usize),
    settled: bool,
    /// Whether a variable of it changed since several parts of it were found to be left.
    stale: bool,
    /// How many steps it took to find that: as many as it would take again.
    steps: usize,
}

/// A disjunction that is tried part by part.
struct Choice<'f> {
    parts: &'f [Formula],
    next: usize,
    /// How much was narrowed and pending before it.
    trail: usize,
    pending: usize,
}

pub(crate) struct Solver<'f> {
    domains: Vec<CellSet>,
    trail: Vec<Step>,
    pending: Vec<Pending<'f>>,
    /// Of each variable where the disjunctions stand that speak of it, ascending. Some
    /// may be there no more, and others stand at their places.
    speaking: Vec<SmallVec<[usize; 4]>>,
    choices: Vec<Choice<'f>>,
    budget: &'f Budget,
    order: Order,
}

impl<'f> Solver<'f> {
    /// A search over variables with so many cells each, for which each part of a
    /// formula that it looks at is a step.
    pub(crate) fn new(
        cells: impl IntoIterator<Item = usize>,
        order: Order,
        budget: &'f Budget,
    ) -> Solver<'f> {
        let domains: Vec<CellSet> = cells.into_iter().map(CellSet::full).collect();
        Solver {
            speaking: vec![SmallVec::new(); domains.len()],
            trail: Vec::with_capacity(domains.len()),
            domains,
            pending: Vec::new(),
            choices: Vec::new(),
            budget,
            order,
        }
    }

    /// Tells the solutions of a formula one after the other, each as the cells
    /// that are left to every variable: any choice among them is one. Goes on
    /// while `more` wants it.
    pub(crate) fn search(
        &mut self,
        formula: &'f Formula,
        more: &mut impl FnMut(&[CellSet]) -> bool,
    ) -> Search {
        let mut consistent = self.assert(formula);
        loop {
            if consistent {
                consistent = self.propagate();
            }
            if self.budget.is_spent() {
                return Search::TooMuch;
            }
            if consistent {
                if let Some((at, parts)) = self.next_choice() {
                    self.settle(at);
                    let (trail, pending) = (self.trail.len(), self.pending.len());
                    self.choices.push(Choice { parts, next: 0, trail, pending });
                } else if !more(&self.domains) {
                    return Search::Stopped;
                }
            }
            match self.advance() {
                Some(result) => consistent = result,
                None => return Search::Exhausted,
            }
        }
    }

    /// Goes back to the last choice that has a part left and takes it. False
    /// where that contradicts at once; `None` where no choice has one.
    fn advance(&mut self) -> Option<bool> {
        loop {
            let choice = self.choices.last_mut()?;
            let (trail, pending) = (choice.trail, choice.pending);
            let parts = choice.parts;
            let at = choice.next;
            choice.next = at.wrapping_add(1);
            self.undo(trail, pending);
            let Some(part) = parts.get(at) else {
                self.choices.pop();
                continue;
            };
            // The parts before it were tried, so they need not hold again.
            let tried = parts.iter().take(at).all(|before| match before {
                Formula::Within(variable, set) => self.exclude(*variable, set),
                _ => true,
            });
            return Some(tried && self.assert(part));
        }
    }

    fn undo(&mut self, trail: usize, pending: usize) {
        while self.trail.len() > trail {
            match self.trail.pop() {
                Some(Step::Narrowed(variable, before)) => {
                    if let Some(domain) = self.domains.get_mut(variable) {
                        *domain = before;
                    }
                    self.changed(variable);
                }
                Some(Step::Settled(at)) => {
                    if let Some(pending) = self.pending.get_mut(at) {
                        pending.settled = false;
                        pending.stale = true;
                    }
                }
                None => {}
            }
        }
        self.pending.truncate(pending);
    }

    fn narrow(&mut self, variable: VariableId, to: CellSet) -> bool {
        let Some(domain) = self.domains.get_mut(variable) else { return false };
        let possible = !to.is_empty();
        if *domain != to {
            self.trail.push(Step::Narrowed(variable, std::mem::replace(domain, to)));
            self.changed(variable);
        }
        possible
    }

    /// Has the disjunctions looked at again that speak of a variable.
    fn changed(&mut self, variable: VariableId) {
        for at in self.speaking.get(variable).into_iter().flatten() {
            if let Some(pending) = self.pending.get_mut(*at) {
                pending.stale = true;
            }
        }
    }

    /// Takes a disjunction among those that must hold.
    fn add(&mut self, parts: &'f [Formula]) {
        let at = self.pending.len();
        for part in parts {
            speaks(&mut self.speaking, part, at);
        }
        self.pending.push(Pending {
            parts,
            rank: self.order.rank(parts),
            settled: false,
            stale: true,
            steps: 0,
        });
    }

    fn settle(&mut self, at: usize) {
        if let Some(pending) = self.pending.get_mut(at) {
            pending.settled = true;
            self.trail.push(Step::Settled(at));
        }
    }

    fn exclude(&mut self, variable: VariableId, set: &CellSet) -> bool {
        let left = self.domains.get(variable).map(|domain| domain.without(set));
        left.is_some_and(|left| self.narrow(variable, left))
    }

    /// Takes a formula for true; false where that contradicts at once.
    fn assert(&mut self, formula: &'f Formula) -> bool {
        self.budget.spend(1);
        match formula {
            Formula::Constant(value) => *value,
            Formula::Within(variable, set) => {
                let left = self.domains.get(*variable).map(|domain| domain.and(set));
                left.is_some_and(|left| self.narrow(*variable, left))
            }
            Formula::All(parts) => parts.iter().all(|part| self.assert(part)),
            Formula::Any(parts) => {
                self.add(parts);
                true
            }
        }
    }

    /// Takes the one part that is left of a disjunction for true, until no
    /// disjunction has just one. False where one has none. Where no variable of one
    /// changed there are still several; the steps are counted all the same, so that
    /// what comes of a search does not depend on what it keeps.
    fn propagate(&mut self) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            let mut at = 0_usize;
            while let Some(pending) = self.pending.get(at) {
                let parts = pending.parts;
                if !pending.settled && !pending.stale {
                    self.budget.spend(pending.steps);
                } else if !pending.settled {
                    let (left, steps) = left_of(&self.domains, parts);
                    self.budget.spend(steps);
                    match left {
                        Left::Several => {
                            if let Some(pending) = self.pending.get_mut(at) {
                                (pending.stale, pending.steps) = (false, steps);
                            }
                        }
                        // It holds until the search goes back.
                        Left::Holds => self.settle(at),
                        Left::None => return false,
                        Left::One(part) => {
                            self.settle(at);
                            if !self.assert(part) {
                                return false;
                            }
                            changed = true;
                        }
                    }
                }
                if self.budget.is_spent() {
                    return false;
                }
                at = at.wrapping_add(1);
            }
        }
        true
    }

    /// The disjunction that is undecided and is tried next, by rank. Those of which a part
    /// holds are settled on the way.
    fn next_choice(&mut self) -> Option<(usize, &'f [Formula])> {
        loop {
            self.budget.spend(self.pending.len().div_ceil(SKIPPED_IN_A_STEP));
            let open = self.pending.iter().enumerate().filter(|(_, pending)| !pending.settled);
            let (at, pending) = open.min_by_key(|(_, pending)| pending.rank)?;
            let parts = pending.parts;
            let mut steps = 0_usize;
            let holds = parts.iter().any(|part| state(&self.domains, part, &mut steps) == State::Holds);
            self.budget.spend(steps);
            if !holds {
                return Some((at, parts));
            }
            self.settle(at);
        }
    }
}

/// Which parts of a disjunction may still hold, and how many steps it took to see that.
fn left_of<'f>(domains: &[CellSet], parts: &'f [Formula]) -> (Left<'f>, usize) {
    let mut left = Left::None;
    let mut steps = 0;
    for part in parts {
        match (state(domains, part, &mut steps), &left) {
            (State::Holds, _) => left = Left::Holds,
            (State::Fails, _) => continue,
            (State::Open, Left::None) => {
                left = Left::One(part);
                continue;
            }
            (State::Open, _) => left = Left::Several,
        }
        break;
    }
    (left, steps)
}

/// Notes of which variables the disjunction at a place speaks. What stood at that place
/// and behind it is there no more.
fn speaks(speaking: &mut [SmallVec<[usize; 4]>], part: &Formula, at: usize) {
    match part {
        Formula::Constant(_) => {}
        Formula::Within(variable, _) => {
            let Some(places) = speaking.get_mut(*variable) else { return };
            while places.last().is_some_and(|last| *last >= at) {
                places.pop();
            }
            places.push(at);
        }
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().for_each(|part| speaks(speaking, part, at));
        }
    }
}

/// So many disjunctions are passed over in the time of a step.
const SKIPPED_IN_A_STEP: usize = 8;

/// What is known of a formula; each part of it that is looked at is a step. It goes
/// through all of it whatever is left, which is at most once more than was allowed.
fn state(domains: &[CellSet], formula: &Formula, steps: &mut usize) -> State {
    *steps = steps.saturating_add(1);
    match formula {
        Formula::Constant(true) => State::Holds,
        Formula::Constant(false) => State::Fails,
        Formula::Within(variable, set) => {
            match domains.get(*variable).map(|domain| domain.within_and_meets(set)) {
                Some((true, _)) => State::Holds,
                Some((false, true)) => State::Open,
                _ => State::Fails,
            }
        }
        Formula::All(parts) => {
            let mut all = State::Holds;
            for part in parts {
                match state(domains, part, steps) {
                    State::Holds => {}
                    State::Fails => return State::Fails,
                    State::Open => all = State::Open,
                }
            }
            all
        }
        Formula::Any(parts) => {
            let mut any = State::Fails;
            for part in parts {
                match state(domains, part, steps) {
                    State::Holds => return State::Holds,
                    State::Fails => {}
                    State::Open => any = State::Open,
                }
            }
            any
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, Search, Solver};
    use crate::budget::Budget;
    use crate::cell_set::CellSet;
    use crate::formula::Formula;

    fn set(cells: &[usize]) -> CellSet {
        let mut set = CellSet::empty(3);
        cells.iter().for_each(|cell| set.insert(*cell));
        set
    }

    /// Formulas over three variables of three cells each, drawn by a small
    /// generator; every assignment is tried beside the search.
    #[test]
    fn a_search_finds_what_trying_all_finds() {
        let mut seed = 7_u32;
        let mut draw = move |most: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % most
        };
        fn formula(depth: u32, draw: &mut impl FnMut(u32) -> u32) -> Formula {
            if depth == 0 || draw(4) == 0 {
                let cells: Vec<usize> = (0..3).filter(|_| draw(2) == 0).collect();
                return Formula::Within(draw(3) as usize, set(&cells));
            }
            let count = 1 + draw(4);
            let parts: Vec<Formula> = (0..count).map(|_| formula(depth - 1, draw)).collect();
            if draw(2) == 0 { Formula::all(parts) } else { Formula::any(parts) }
        }
        fn holds(formula: &Formula, cells: [usize; 3]) -> bool {
            match formula {
                Formula::Constant(value) => *value,
                Formula::Within(variable, set) => set.contains(cells[*variable]),
                Formula::All(parts) => parts.iter().all(|part| holds(part, cells)),
                Formula::Any(parts) => parts.iter().any(|part| holds(part, cells)),
            }
        }
        let (mut possible, mut impossible) = (0, 0);
        for _ in 0..4_000 {
            let formula = formula(4, &mut draw);
            let mut expected = std::collections::BTreeSet::new();
            for at in 0..27_usize {
                let cells = [at % 3, at / 3 % 3, at / 9];
                if holds(&formula, cells) {
                    expected.insert(cells);
                }
            }
            for order in [Order::FewestParts, Order::MostParts] {
                let mut found = std::collections::BTreeSet::new();
                let budget = Budget::new(1_000_000);
                let mut solver = Solver::new([3, 3, 3], order, &budget);
                let end = solver.search(&formula, &mut |domains| {
                    for a in domains[0].iter() {
                        for b in domains[1].iter() {
                            found.extend(domains[2].iter().map(|c| [a, b, c]));
                        }
                    }
                    true
                });
                assert_eq!(end, Search::Exhausted);
                assert_eq!(found, expected, "{formula:?}");
            }
            if expected.is_empty() { impossible += 1 } else { possible += 1 }
        }
        assert!(possible > 500 && impossible > 300, "{possible} {impossible}");
    }

    /// That something holds and does not hold is seen without trying all cases.
    #[test]
    fn a_contradiction_of_many_parts_is_found() {
        let clause = |at: usize, cells: &[usize]| {
            [Formula::Within(at, set(cells)), Formula::Within((at * 7 + 3) % 60, set(cells))]
        };
        let holds = Formula::all((0..60).map(|at| Formula::any(clause(at, &[0]))));
        let fails = Formula::any((0..60).map(|at| Formula::all(clause(at, &[1, 2]))));
        let both = Formula::all([holds, fails]);
        let budget = Budget::new(200_000);
        assert_eq!(
            Solver::new([3; 60], Order::FewestParts, &budget).search(&both, &mut |_| true),
            Search::Exhausted
        );
    }

    #[test]
    fn a_search_ends_where_its_work_does() {
        // One variable is in one of three cells, and in none of them.
        let parts = (0..3).map(|cell| Formula::Within(0, set(&[cell])));
        let formula = Formula::all([Formula::any(parts.clone()), Formula::any(parts)]);
        let budget = Budget::new(2);
        assert_eq!(
            Solver::new([3], Order::FewestParts, &budget).search(&formula, &mut |_| true),
            Search::TooMuch
        );
    }

    /// What is looked at is counted, however deep it stands.
    #[test]
    fn parts_of_parts_are_work() {
        let deep = |at: usize| {
            Formula::all(
                (0..100)
                    .map(|_| Formula::any([Formula::Within(at, set(&[0])), Formula::Within(at, set(&[1]))])),
            )
        };
        let formula = Formula::any([deep(0), deep(1)]);
        let end = |work| {
            let budget = Budget::new(work);
            Solver::new([3, 3], Order::FewestParts, &budget).search(&formula, &mut |_| false)
        };
        assert_eq!((end(150), end(100_000)), (Search::TooMuch, Search::Stopped));
    }
}
