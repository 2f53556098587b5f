//! What operators see: figures and logs. Neither has secrets or personal data:
//! no password, no customer, no document.

mod logs;
mod metrics;

pub(crate) use logs::start_logging;
pub(crate) use metrics::{Metrics, Queue, RequestLabels};
