//! Every promise by its name.

use super::analyses::analysis_in;
use super::audits::audit_in;
use super::backtests::{backtest_in, columns_in};
use super::bookings::{batch_in, enrolments_in};
use super::decisions::{set_in, transaction_in};
use super::documents::{document_in, payload_in, progress_in};
use super::forms::{regex_in, round_trip, text_in, tree_in};
use super::grown::grown_in;
use super::mappings::{mapped_in, mapping_in};
use super::requests::request_in;
use super::schemas::schema_in;
use super::settings::setting_in;
use super::sql::sql_in;
use super::stored::stored_in;

/// A promise, by the name of the fuzz target that looks for a breach of it.
pub type Promise = (&'static str, fn(&[u8]));

/// Every promise.
pub const ALL: &[Promise] = &[
    ("text_in", text_in),
    ("tree_in", tree_in),
    ("transaction_in", transaction_in),
    ("regex_in", regex_in),
    ("payload_in", payload_in),
    ("schema_in", schema_in),
    ("round_trip", round_trip),
    ("document_in", document_in),
    ("progress_in", progress_in),
    ("set_in", set_in),
    ("audit_in", audit_in),
    ("grown_in", grown_in),
    ("enrolments_in", enrolments_in),
    ("batch_in", batch_in),
    ("analysis_in", analysis_in),
    ("mapping_in", mapping_in),
    ("mapped_in", mapped_in),
    ("request_in", request_in),
    ("setting_in", setting_in),
    ("stored_in", stored_in),
    ("backtest_in", backtest_in),
    ("columns_in", columns_in),
    ("sql_in", sql_in),
];
