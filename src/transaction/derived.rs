//! Values that are computed from a document at most once per transaction.

use std::sync::Arc;

use crate::condition::{
    Aggregate, Comparison, OpaqueCall, Predicate, Presence, Set, Subject, TextSet, Values,
};
use crate::value::DateText;

/// A value that is computed from others. Equal ones share one number in the
/// layout, however many rules ask for them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Derived {
    /// The instant and local time of a date in a slot.
    Slot(usize),
    /// The instant and local time of a date constant.
    Constant(DateText),
    /// An aggregate over line items.
    Aggregate(Arc<Aggregate>),
    /// The result of an expensive predicate.
    Outcome(Arc<Predicate>),
}

/// Whether a predicate is so expensive that rules should share its result: it
/// searches a text or a list, or does arithmetic.
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
