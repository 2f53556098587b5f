//! What the library promises of any input at all. Each promise takes the
//! bytes of one input and panics where it is broken.
//!
//! The fuzz targets look for an input that breaks a promise, and the test
//! `regressions` replays those that once did. So only the public interface is
//! named here.

mod all;
mod analyses;
mod audits;
mod backtests;
mod bookings;
mod decisions;
mod documents;
mod forms;
mod grown;
mod inputs;
mod mappings;
mod refusals;
mod requests;
mod rules;
mod schemas;
mod settings;
mod sql;
mod stored;

pub use all::{ALL, Promise};
pub use analyses::analysis_in;
pub use audits::audit_in;
pub use backtests::{backtest_in, columns_in};
pub use bookings::{batch_in, enrolments_in};
pub use decisions::{set_in, transaction_in};
pub use documents::{document_in, payload_in, progress_in};
pub use forms::{regex_in, round_trip, text_in, tree_in};
pub use grown::grown_in;
pub use mappings::{mapped_in, mapping_in};
pub use requests::request_in;
pub use schemas::schema_in;
pub use settings::setting_in;
pub use sql::sql_in;
pub use stored::stored_in;
