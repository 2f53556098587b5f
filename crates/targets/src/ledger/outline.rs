//! What every activity asks of a target first.
//!
//! Targets and their groups lie far apart in memory, and each first look at one
//! waits for memory. With thousands of targets that is most of what an activity
//! that is posted alone costs, so what nearly all activities ask stands side by
//! side.

use std::sync::Arc;

use crate::eligibility::{CheckedTarget, Counting, Measure, Window, asks_each_item};
use crate::model::TargetEntity;

use super::activity::Head;
use super::book::Summing;

/// A target in brief.
///
/// INVARIANT: it follows from the target.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    pub(super) id: i64,
    /// The position of its calendar.
    pub(super) calendar: usize,
    events: Events,
    pub(super) summing: Summing,
    /// Whether it and its group are switched on.
    pub(super) running: bool,
    pub(super) has_filters: bool,
    /// Whether it counts in the periods of its group.
    pub(super) fixed: bool,
    /// Whether a bill that it counts enrols the customer.
    pub(super) enrols: bool,
    pub(super) gives_back: bool,
    /// Whether it counts line items, and whether its rule chooses them.
    pub(super) of_items: bool,
    pub(super) chooses_items: bool,
}

/// Which activities a target counts. One that names an event counts that; one
/// of bills and their line items, and no event, counts bills.
#[derive(Debug, Clone)]
pub(super) enum Events {
    All,
    Bills,
    Named(Arc<str>),
}

impl Outline {
    pub(super) fn of(target: &CheckedTarget, calendar: usize) -> Outline {
        let counting = target.counting();
        Outline {
            id: target.id(),
            calendar,
            events: Events::of(counting),
            summing: summing_of(counting),
            running: target.running(),
            has_filters: target.has_filters(),
            fixed: *window_of(target) == Window::Fixed,
            enrols: target.enrols(),
            gives_back: counting.gives_back(),
            of_items: counting.entity == TargetEntity::LineItem,
            chooses_items: asks_each_item(target.rule()),
        }
    }

    /// Whether the target counts an activity of its kind.
    pub(super) fn takes(&self, head: &Head) -> bool {
        self.events.take(head)
    }
}

impl Events {
    pub(super) fn of(counting: &Counting) -> Events {
        let of_bills = matches!(counting.entity, TargetEntity::Transaction | TargetEntity::LineItem);
        match &counting.event {
            Some(event) => Events::Named(event.clone()),
            None if of_bills => Events::Bills,
            None => Events::All,
        }
    }

    pub(super) fn take(&self, head: &Head) -> bool {
        match self {
            Events::All => true,
            Events::Bills => head.bill,
            Events::Named(name) => head.event.as_ref().is_none_or(|event| name.eq_ignore_ascii_case(event)),
        }
    }

    /// The event that is counted, in words.
    pub(super) fn name(&self) -> &str {
        match self {
            Events::All => "any event",
            Events::Bills => "TransactionAdd",
            Events::Named(name) => name,
        }
    }
}

/// The window of a target; one that stands alone counts without end.
pub(super) fn window_of(target: &CheckedTarget) -> &Window {
    target.group().map_or(&Window::Fixed, |group| &group.window)
}

/// How the figures of a target become one value.
fn summing_of(counting: &Counting) -> Summing {
    match (&counting.measure, counting.extreme) {
        (Ok(Measure::Days), _) => Summing::Days,
        (_, Some(extreme)) => Summing::Extreme(extreme),
        (_, None) => Summing::All,
    }
}
