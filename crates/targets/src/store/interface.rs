//! What every store does.

use std::time::Duration;

use super::catalogue::{Catalogue, Document, DocumentKind};
use super::row::CustomerRow;
use super::store_error::StoreError;

/// How a piece of work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What has changed is written.
    Commit,
    /// Nothing is written.
    RollBack,
}

/// What is done to rows while they are locked. It may be called again with the
/// rows as they are then, when the database asks for a retry: it must forget what
/// it has noted the first time. What it has noted is void where the call fails. It
/// asks the store for nothing: it has what others wait for, and they may stand before
/// it in another line.
pub type Work<'w> = dyn FnMut(&mut [CustomerRow]) -> Result<Ending, StoreError> + 'w;

/// Customers who are enrolled in a target, or were, by customer, each with what she is
/// enrolled in as of [`Store::enrolments`]: of this target at most so many of those after one.
pub type EnrolledPages<'p> =
    dyn FnMut(i64, Option<i64>, usize) -> Result<Vec<(i64, String)>, StoreError> + 'p;

/// Says whether a catalogue may change, by what customers are enrolled in while nobody
/// can enrol. It may be called again, as [`Work`] is. Pages are all that it asks the
/// store for.
pub type Check<'c> = dyn FnMut(&mut EnrolledPages<'_>) -> Result<Ending, StoreError> + 'c;

/// An organisation: it has a catalogue and customers of its own, and nothing is
/// shared between two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// The change number of its catalogue.
    pub change: u64,
}

/// Keeps the catalogues and customers of organisations.
///
/// Every call is a transaction of its own: when it has returned, what it has
/// written stays, whatever happens to the process or the machine; when it fails,
/// nothing is written. All functions block. A handle is used by one thread at a
/// time; [`Store::handle`] gives another one for the same database.
///
/// The page of this module shows how a service uses it.
pub trait Store: Send {
    /// Another handle of the same store, for another thread.
    fn handle(&self) -> Box<dyn Store>;

    /// Whether the store can be reached and is what it should be.
    fn check(&mut self) -> Result<(), StoreError>;

    /// Makes an organisation; nothing happens where it is there in this zone. A
    /// zone is for ever: what is booked is booked by its days.
    fn create_organisation(&mut self, organisation: &str, zone: &str) -> Result<(), StoreError>;

    /// All organisations, by name.
    fn organisations(&mut self) -> Result<Vec<Organisation>, StoreError>;

    /// All documents of an organisation, of one time.
    fn catalogue(&mut self, organisation: &str) -> Result<Catalogue, StoreError>;

    /// The change number of a catalogue: whether it has changed, for little.
    fn change_number(&mut self, organisation: &str) -> Result<u64, StoreError>;

    /// Puts documents in the place of those of their kind and id, or beside the
    /// others, all of them or none, and gives the new change number, which is
    /// their version too.
    ///
    /// `seen` is the change number of the catalogue by which the documents were
    /// checked: ids, names, and versions of an `If-Match`. Fails with
    /// [`StoreError::CatalogueChanged`] where it is another one now.
    fn put(&mut self, organisation: &str, seen: u64, documents: &[Document]) -> Result<u64, StoreError> {
        let nobody = self.put_and_update(organisation, seen, documents, &[], &mut |_| Ok(Ending::Commit));
        // INVARIANT: such work rolls nothing back.
        nobody.map(|version| version.unwrap_or(seen))
    }

    /// Puts documents as [`Store::put`] does, and hands rows to the work as
    /// [`Store::update`] does, which books by the catalogue with these documents:
    /// both are kept, or neither. Gives the new change number, and nothing where the
    /// work rolls back.
    ///
    /// Fails with [`StoreError::CatalogueChanged`] where the catalogue is another one
    /// than the one that was seen.
    fn put_and_update(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<Option<u64>, StoreError>;

    /// Puts documents as [`Store::put`] does, where the check commits; nothing is put, and
    /// nothing is given, where it rolls back. Whoever enrols comes before the check, or
    /// after the change and by it: others of the organisation wait as long as it takes.
    ///
    /// Fails with [`StoreError::CatalogueChanged`] where the catalogue is another one
    /// than the one that was seen.
    fn put_checked(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        check: &mut Check<'_>,
    ) -> Result<Option<u64>, StoreError>;

    /// Takes documents out, those of them that are there, and gives the new change
    /// number; `seen` is as of [`Store::put`]. What customers have booked in a
    /// target stays with them.
    fn remove(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
    ) -> Result<u64, StoreError>;

    /// Takes so many ids that nobody has taken: the first of a row of them. All
    /// are above `above`, for ids that came from elsewhere.
    fn take_ids(&mut self, organisation: &str, above: i64, count: u32) -> Result<i64, StoreError>;

    /// Waits until a catalogue may have changed, wherever it was changed, or
    /// until the time is over; whether somebody has told of a change. Some stores
    /// are told of none, so ask for the change numbers after either.
    fn wait_for_change(&mut self, most: Duration) -> Result<bool, StoreError> {
        std::thread::sleep(most);
        Ok(false)
    }

    /// The rows of customers, as they were committed last: by customer, each
    /// once, with empty texts for those of whom nothing is kept.
    fn read(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<CustomerRow>, StoreError>;

    /// What customers are enrolled in, as it was committed last: a text for each, in the order
    /// in which they are named; empty where nothing is kept of her. What is booked is not looked
    /// at. To ask for several at once costs little more than to ask for one.
    fn enrolments(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<String>, StoreError>;

    /// Locks the rows of customers, by customer and each once, hands them to the
    /// work, and writes those that have changed.
    ///
    /// Rows are locked in ascending order, so that two batches never wait for each
    /// other. Those of customers of whom nothing is kept have empty texts.
    ///
    /// `seen` is the change number of the catalogue that the work books by. Fails
    /// with [`StoreError::CatalogueChanged`] where it is another one now, also
    /// where the work changes nothing: a bill that counts nowhere in an older
    /// catalogue may count in the newest. Compile that and do the work again.
    fn update(
        &mut self,
        organisation: &str,
        seen: u64,
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<(), StoreError>;

    /// The customers who are enrolled in a target, or were, in order: at most so
    /// many of those after one.
    fn enrolled_in(
        &mut self,
        organisation: &str,
        target: i64,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>, StoreError>;

    /// The customers of whom anything is kept, in order: at most so many of those
    /// after one.
    fn customers(
        &mut self,
        organisation: &str,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>, StoreError>;

    /// Forgets a customer; whether anything was kept of her.
    fn erase(&mut self, organisation: &str, customer: i64) -> Result<bool, StoreError>;

    /// Takes documents out as [`Store::remove`] does, and forgets a customer as
    /// [`Store::erase`] does: both, or neither. Whether anything was kept of her.
    ///
    /// `seen` is the change number of the catalogue by which it was found out what is
    /// hers alone. Fails with [`StoreError::CatalogueChanged`] where it is another one
    /// now, also where there is nothing to be taken out: something of hers may have come.
    /// It fails in the same way, with the number that was seen, where somebody else is
    /// enrolled in one of the targets by now, or was: look again at what is hers alone.
    fn remove_and_erase(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
        customer: i64,
    ) -> Result<bool, StoreError>;
}
