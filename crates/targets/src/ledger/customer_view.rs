//! One customer as the targets see her: what she is enrolled in, and what is
//! booked of her. All that is told of a customer is told from this, wherever
//! she is kept.

use std::collections::BTreeSet;

use super::account::Account;
use super::customer::Customer;
use super::participation::Participation;
use super::targets::CompiledTargets;

/// A customer, and the targets that may count for her.
#[derive(Clone, Copy)]
pub(super) struct CustomerView<'a> {
    pub(super) targets: &'a CompiledTargets,
    pub(super) customer: i64,
    /// What somebody has listed, by the position of the target.
    pub(super) enrolled: &'a [Participation],
    /// `None` where nothing was ever booked.
    pub(super) booked: Option<&'a Customer>,
}

impl<'a> CustomerView<'a> {
    /// The targets that the customer takes part in, by their positions.
    pub(super) fn taking_part(&self) -> BTreeSet<usize> {
        let listed = self.enrolled.iter().map(|one| one.target);
        let accounts = self.booked.map(|booked| &booked.accounts);
        let accounts = accounts.filter(|_| !self.targets.enrolling.is_empty());
        let enrolled = accounts.into_iter().flatten().filter_map(|(id, _)| self.targets.position(*id));
        listed.chain(enrolled).collect()
    }

    pub(super) fn account(&self, target: i64) -> Option<&'a Account> {
        self.booked?.accounts.get(&target).map(Box::as_ref)
    }

    pub(super) fn participation(&self, at: usize) -> Option<&'a Participation> {
        let found = self.enrolled.binary_search_by_key(&at, |one| one.target).ok()?;
        self.enrolled.get(found)
    }
}
