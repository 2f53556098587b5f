//! Rules that differ by the order of their clauses.

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
#[derive(Default)]
struct Shapes<'r>(HashMap<Shape<'r>, usize>);

impl<'r> Shapes<'r> {
    /// The number of a clause; `None` of one that is of no known form.
    fn number(&mut self, clause: &'r Clause) -> Option<usize> {
        let shape = match clause {
            Clause::Constant(value) => Shape::Constant(*value),
            Clause::Literal(literal) => Shape::Literal(&literal.predicate, literal.negated),
            Clause::All(parts) => Shape::All(self.numbers(parts)?),
            Clause::Any(parts) => Shape::Any(self.numbers(parts)?),
            _ => return None,
        };
        let next = self.0.len();
        Some(*self.0.entry(shape).or_insert(next))
    }

    fn numbers(&mut self, parts: &'r [Clause]) -> Option<Vec<usize>> {
        let mut numbers = parts.iter().map(|part| self.number(part)).collect::<Option<Vec<usize>>>()?;
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}

/// Whether rules are the same but for the order of clauses, and for clauses that stand
/// there twice: `&&` and `||` come to the same in any order, also of what is unknown.
/// Costs a look at each clause.
pub(super) fn same_in_any_order(old: &Rule, new: &Rule) -> bool {
    let (old, new) = (old.condition(), new.condition());
    let mut shapes = Shapes::default();
    let number = shapes.number(old.root());
    old.list() == new.list() && number.is_some() && number == shapes.number(new.root())
}
