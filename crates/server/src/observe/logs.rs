//! Logs: JSON lines on standard error.

use tracing_subscriber::EnvFilter;

/// Logs from now on what a filter such as `info` lets through.
///
/// Fails where the filter is none, or where something logs already.
#[expect(clippy::disallowed_methods, reason = "JSON escapes what a terminal would act on")]
pub(crate) fn start_logging(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log {filter}: {error}"))?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|error| error.to_string())
}
