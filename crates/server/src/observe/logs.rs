//! Logs: JSON lines on standard error.

use tracing_subscriber::EnvFilter;

/// Libraries that see requests and rows, and how much they may say.
const QUIET: [&str; 5] = ["hyper=info", "hyper_util=info", "axum=info", "rustls=info", "sqlx=warn"];

/// Logs from now on what a filter such as `info` lets through.
///
/// Fails where the filter is none, or where something logs already.
#[expect(clippy::disallowed_methods, reason = "JSON escapes what a terminal would act on")]
pub(crate) fn start_logging(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log {filter}: {error}"))?;
    // What libraries say in detail may have headers, paths and rows in it.
    let quiet = QUIET.iter().filter_map(|one| one.parse().ok());
    let filter = quiet.fold(filter, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        // It has the id of the request.
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|error| error.to_string())?;
    // What a panic says may have data of customers in it; its place does not.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the code failed");
    }));
    Ok(())
}
