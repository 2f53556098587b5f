//! Formulas over cells: what must be the case for a rule to be true, to be
//! false, and so on.

use crate::cell_set::CellSet;

/// The number of a variable of a model.
pub(crate) type VariableId = usize;

/// A formula whose atoms say in which cells a variable is. It has no negation:
/// the negated atom is the set of the other cells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Formula {
    /// True or false whatever is the case.
    Constant(bool),
    /// The variable is in one of these cells.
    Within(VariableId, CellSet),
    /// All hold.
    All(Vec<Formula>),
    /// One holds at least.
    Any(Vec<Formula>),
}

impl Formula {
    /// All of them; flat, and without what changes nothing.
    pub(crate) fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let parts = parts.into_iter();
        let mut kept = Vec::with_capacity(parts.size_hint().0);
        for part in parts {
            match part {
                Formula::Constant(true) => {}
                Formula::Constant(false) => return Formula::Constant(false),
                Formula::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Formula::Constant(true),
            1 => kept.pop().unwrap_or(Formula::Constant(true)),
            _ => Formula::All(kept),
        }
    }

    /// The same of parts that mostly stay as they are.
    pub(crate) fn all_of(parts: Vec<Formula>) -> Formula {
        let stays = |part: &Formula| !matches!(part, Formula::Constant(_) | Formula::All(_));
        match parts.len() > 1 && parts.iter().all(stays) {
            true => Formula::All(parts),
            false => Formula::all(parts),
        }
    }

    /// One of them at least; flat, and without what changes nothing.
    pub(crate) fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let parts = parts.into_iter();
        let mut kept = Vec::with_capacity(parts.size_hint().0);
        for part in parts {
            match part {
                Formula::Constant(false) => {}
                Formula::Constant(true) => return Formula::Constant(true),
                Formula::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Formula::Constant(false),
            1 => kept.pop().unwrap_or(Formula::Constant(false)),
            _ => Formula::Any(kept),
        }
    }

    /// The same of parts that mostly stay as they are.
    pub(crate) fn any_of(parts: Vec<Formula>) -> Formula {
        let stays = |part: &Formula| !matches!(part, Formula::Constant(_) | Formula::Any(_));
        match parts.len() > 1 && parts.iter().all(stays) {
            true => Formula::Any(parts),
            false => Formula::any(parts),
        }
    }
}
