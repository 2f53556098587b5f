//! Every path, with what stands before it: the request's id, who asks, bounds.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::RequestLimits;
use crate::http::{
    Bounds, Gatekeeper, Observer, authenticate, not_allowed, not_found, observe, panicked, within_bounds,
};
use crate::service::App;

use super::probes;

/// The routes of a server.
pub(super) fn router(
    app: &Arc<App>,
    gatekeeper: Arc<Gatekeeper>,
    limits: Arc<RequestLimits>,
) -> std::io::Result<Router> {
    let bounds = Arc::new(Bounds::new(limits, app.metrics.clone()));
    let observer = Arc::new(Observer::new(app.metrics.clone())?);
    let probes = Router::new()
        .route("/health", get(probes::health))
        .route("/ready", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .method_not_allowed_fallback(not_allowed)
        .with_state(app.clone());
    // Paths that are not there are told to users only, too.
    let service = asked(app)
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(bounds, within_bounds))
        .layer(from_fn_with_state(gatekeeper, authenticate));
    Ok(probes.merge(service).layer(from_fn_with_state(observer, observe)))
}

/// What users ask.
fn asked(app: &Arc<App>) -> Router {
    Router::new().with_state(app.clone())
}
