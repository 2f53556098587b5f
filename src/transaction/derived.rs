//! What follows from the values of a document and is computed at most once
//! for a transaction.

use std::sync::Arc;

use crate::condition::{
    Aggregate, Comparison, OpaqueCall, Predicate, Presence, Set, Subject, TextSet, Values,
};
use crate::value::DateText;

/// A value that follows from others. Equal ones are one, however many rules
/// ask for them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Derived {
    /// Instant and local time of a date in a slot.
    Slot(usize),
    /// Instant and local time of a date that a rule writes.
    Constant(DateText),
    /// An aggregate over line items.
    Aggregate(Arc<Aggregate>),
    /// Whether a predicate holds that takes long to ask.
    Outcome(Arc<Predicate>),
}

/// Whether a predicate takes so long to ask that rules had better share its
/// outcome: a look into a text or a list, or arithmetic.
pub(super) fn is_expensive(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::In(subject, set) => match (&**subject, set) {
            (Subject::Number(number), _) => number.is_computed(),
            (_, Set::Texts(TextSet::Containing(_) | TextSet::Matching(_))) => true,
            (_, Set::Presence(Presence::Holding(_))) | (_, Set::Values(Values::Includes(_))) => true,
            _ => false,
        },
        Predicate::Compares(comparison) => match &**comparison {
            Comparison::Numbers { left, right, .. } => left.is_computed() || right.is_computed(),
            _ => false,
        },
        Predicate::Call(call) => matches!(**call, OpaqueCall::Contains { .. }),
    }
}
