//! Rules that differ by the order of their clauses, and clauses that rules have in common.

use hashbrown::HashMap;
use target_rules::Rule;
use target_rules::condition::{Clause, Predicate};

/// A clause whose parts are known by their numbers.
#[derive(PartialEq, Eq, Hash)]
enum Shape<'r> {
    Constant(bool),
    /// A predicate, and whether it is negated.
    Literal(&'r Predicate, bool),
    /// Ascending, each once.
    All(Vec<usize>),
    Any(Vec<usize>),
}

/// Clauses that were met, each once whatever the order of its parts.
struct Shapes<'r>(HashMap<Shape<'r>, usize>);

impl<'r> Shapes<'r> {
    /// The number of a clause; `None` of one that is of no known form. The numbers of the
    /// parts of the outermost clause are told in their order.
    fn number(&mut self, clause: &'r Clause, told: Option<&mut Vec<usize>>) -> Option<usize> {
        let shape = match clause {
            Clause::Constant(value) => Shape::Constant(*value),
            Clause::Literal(literal) => Shape::Literal(&literal.predicate, literal.negated),
            Clause::All(parts) => Shape::All(self.numbers(parts, told)?),
            Clause::Any(parts) => Shape::Any(self.numbers(parts, told)?),
            _ => return None,
        };
        let next = self.0.len();
        Some(*self.0.entry(shape).or_insert(next))
    }

    fn numbers(&mut self, parts: &'r [Clause], told: Option<&mut Vec<usize>>) -> Option<Vec<usize>> {
        let mut numbers = Vec::with_capacity(parts.len());
        for part in parts {
            numbers.push(self.number(part, None)?);
        }
        if let Some(told) = told {
            told.clone_from(&numbers);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}

/// Fewer parts in common than this are soon tried one by one.
const MANY: usize = 8;

/// What two rules have in common, whatever the order of their clauses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum InCommon {
    /// They are the same but for the order of clauses, and for clauses that stand there
    /// twice: `&&` and `||` come to the same in any order, also of what is unknown.
    All,
    /// Of the outermost clause of each rule, which of its parts the other one has as well.
    /// None is told where these are not both conditions or both alternatives, where a
    /// rule is decided for the items of a list, and where there are but a few.
    Parts([Vec<bool>; 2]),
}

impl InCommon {
    /// Costs a look at each clause.
    pub(super) fn of(old: &Rule, new: &Rule) -> InCommon {
        let (old, new) = (old.condition(), new.condition());
        let predicates = old.predicates().len().max(new.predicates().len());
        let mut shapes = Shapes(HashMap::with_capacity(predicates.saturating_mul(2)));
        let mut parts = [Vec::new(), Vec::new()];
        let [of_old, of_new] = &mut parts;
        let number = shapes.number(old.root(), Some(of_old));
        let numbers = (number, shapes.number(new.root(), Some(of_new)));
        if old.list() == new.list() && number.is_some() && numbers.0 == numbers.1 {
            return InCommon::All;
        }
        let alike = matches!(
            (old.root(), new.root()),
            (Clause::All(_), Clause::All(_)) | (Clause::Any(_), Clause::Any(_))
        );
        if !alike || old.list().is_some() || new.list().is_some() {
            return InCommon::Parts([Vec::new(), Vec::new()]);
        }
        let mut met = vec![[false; 2]; shapes.0.len()];
        let mut note = |parts: &[usize], which: usize| {
            for number in parts {
                let both = met.get_mut(*number).and_then(|both| both.get_mut(which));
                both.into_iter().for_each(|met| *met = true);
            }
        };
        note(of_old, 0);
        note(of_new, 1);
        if met.iter().filter(|both| **both == [true; 2]).count() < MANY {
            return InCommon::Parts([Vec::new(), Vec::new()]);
        }
        let common = |number: &usize| met.get(*number) == Some(&[true; 2]);
        InCommon::Parts(parts.map(|parts| parts.iter().map(common).collect()))
    }
}
