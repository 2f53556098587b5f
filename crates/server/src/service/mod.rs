//! What all handlers work with: the store, on threads that may wait, and the
//! targets of each organisation, compiled.

mod app;
mod clock;
mod database;
mod own;
mod places;
mod readers;
mod readiness;
mod rosters;
mod served;
mod settings;
mod stores;
mod watch;

pub(crate) use app::App;
#[cfg(test)]
pub(crate) use app::app_on;
pub(crate) use clock::now;
pub(crate) use database::{back_up, open_store};
pub(crate) use own::{keys_of, own_documents};
pub(crate) use served::Served;
pub(crate) use settings::app_settings;
pub(crate) use watch::{keep_asking, watch};
