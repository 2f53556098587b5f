//! How many requests are worked on at once, and for how long.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::config::RequestLimits;
use crate::observe::Metrics;

use super::failure::Failure;

/// What requests are held to.
#[derive(Debug)]
pub(crate) struct Bounds {
    limits: Arc<RequestLimits>,
    places: Semaphore,
    metrics: Arc<Metrics>,
}

impl Bounds {
    /// Bounds by these limits.
    pub(crate) fn new(limits: Arc<RequestLimits>, metrics: Arc<Metrics>) -> Bounds {
        let places = usize::try_from(limits.max_requests).unwrap_or(Semaphore::MAX_PERMITS);
        Bounds { places: Semaphore::new(places), limits, metrics }
    }
}

/// Answers 503 where too many requests are worked on, and 408 where one takes
/// too long.
pub(crate) async fn within_bounds(
    State(bounds): State<Arc<Bounds>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = bounds.places.try_acquire() else {
        return Failure::unavailable("too many requests are worked on").into_response();
    };
    request.extensions_mut().insert(bounds.limits.clone());
    bounds.metrics.in_flight.inc();
    let answered = tokio::time::timeout(bounds.limits.request_time(), next.run(request)).await;
    bounds.metrics.in_flight.dec();
    answered.unwrap_or_else(|_| {
        Failure::invalid("the request took too long; what it asked for may have been done")
            .status(StatusCode::REQUEST_TIMEOUT)
            .into_response()
    })
}
