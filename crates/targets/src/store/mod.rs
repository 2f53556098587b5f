//! Customers and targets in a store: a customer is a row, the targets are shared
//! by everybody, and a batch is one transaction.
//!
//! A [`Store`] keeps, for each organisation, its catalogue (the documents of its
//! groups and targets, byte for byte) and a row for each customer. A [`Roster`]
//! is a catalogue compiled: it opens a row as a [`CustomerRecord`], which is
//! booked by pure functions and written back. Stores know nothing of what is in
//! a row, and rosters nothing of stores.
//!
//! ```text
//! Store::catalogue ──> Catalogue ──roster──> Roster ──read──> Activity
//! Store::update ──rows──> CustomerRow ──open──> CustomerRecord ──keep──> CustomerRow
//! Store::enrolments ──> RecordedEnrolments ──takes_part──> her targets
//! ```
//!
//! A service, from its catalogue to an answer:
//!
//! ```
//! use loyalty_targets::EnrolmentMethod;
//! use loyalty_targets::store::{
//!     Document, DocumentKind, Ending, EnrolmentRequest, MemoryStore, RecordedEnrolments,
//!     Store,
//! };
//! use target_rules::{Instant, Limits, Schema};
//! let (limits, schema) = (Limits::default(), Schema::standard());
//! let mut store = MemoryStore::default();
//!
//! // An organisation, and its catalogue. A change names the number of the catalogue
//! // that was looked at, so that nothing that was checked has changed meanwhile.
//! store.create_organisation("shoes", "Asia/Kolkata")?;
//! let seen = store.change_number("shoes")?;
//! let group = r#"{"id": 7, "periods": [
//!     {"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}]}"#;
//! let target = r#"{"id": 50, "targetGroupId": 7, "targetType": "SALES",
//!     "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"}"#;
//! store.put("shoes", seen, &[
//!     Document::new(DocumentKind::Group, 7, group),
//!     Document::new(DocumentKind::Target, 50, target).of_group(7),
//! ])?;
//!
//! // Compiled once; compiled anew when the change number is another one.
//! let catalogue = store.catalogue("shoes")?;
//! let (roster, seen) = (catalogue.roster(&schema, &limits)?, catalogue.change_number());
//!
//! // Enrolling: the row is locked, changed and written in one transaction. Where the
//! // catalogue has changed since, it fails, and is done once more by the newest.
//! let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
//! request.value = Some("5000".parse()?);
//! let mut refused = None;
//! store.update("shoes", seen, &[19721], &mut |rows| {
//!     refused = None; // the store may call again, after a conflict
//!     for row in rows {
//!         let mut customer = row.open(&roster)?;
//!         match customer.enrol(&request) {
//!             Ok(_) => row.keep(&customer),
//!             Err(why) => {
//!                 refused = Some(why);
//!                 return Ok(Ending::RollBack);
//!             }
//!         }
//!     }
//!     Ok(Ending::Commit)
//! })?;
//! assert_eq!(refused, None);
//!
//! // A batch of transactions: read before anything is locked, booked by customer.
//! let bill = r#"{"currentCustomer": {"id": 19721},
//!     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
//! let batch = [roster.read(bill, &limits)?];
//! let customers: Vec<i64> = batch.iter().map(|activity| activity.customer()).collect();
//! let (mut workspace, mut not_counted) = (roster.workspace(), Vec::new());
//! store.update("shoes", seen, &customers, &mut |rows| {
//!     not_counted.clear();
//!     for row in rows {
//!         let mut customer = row.open(&roster)?;
//!         not_counted.extend(customer.book(&mut workspace, &batch));
//!         row.keep(&customer);
//!     }
//!     Ok(Ending::Commit)
//! })?;
//! assert!(not_counted.is_empty());
//!
//! // A GET of her targets: nothing of what is booked is read.
//! let enrolments = store.enrolments("shoes", &[19721])?;
//! let enrolments = RecordedEnrolments::read(&enrolments[0])?;
//! let tracking: Instant = "2026-02-01T00:00:00Z".parse()?;
//! let enrolled = enrolments.all().iter();
//! let enrolled = enrolled.filter(|one| roster.takes_part(one, &enrolments, tracking));
//! let documents: Vec<&str> =
//!     enrolled.filter_map(|one| Some(catalogue.target(one.target_id)?.text())).collect();
//! assert_eq!(documents, [target]);
//!
//! // Her progress.
//! let row = store.read("shoes", &[19721])?.remove(0);
//! let progress: Vec<_> = row.open(&roster)?.progress().collect();
//! assert_eq!(progress[0].achieved.to_string(), "730.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod interface;
mod memory;
mod row;
mod store_error;

pub use crate::ledger::{
    BookingRoom, CustomerRecord, EnrolmentError, EnrolmentRequest, NoRoom, RecordFault, RecordedEnrolment,
    RecordedEnrolments, Roster, RosterChange,
};
pub use catalogue::{Catalogue, CatalogueFault, Document, DocumentKind};
pub use interface::{Check, Ending, EnrolledPages, Organisation, Store, Work};
pub use memory::MemoryStore;
pub use row::{CustomerRow, TargetsChanged};
pub use store_error::StoreError;
