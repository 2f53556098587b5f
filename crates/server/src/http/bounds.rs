//! How many requests are worked on at once, and for how long.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::config::RequestLimits;
use crate::observe::Metrics;

use super::budget::Budget;
use super::failure::Failure;
use super::taken::with_room;

/// What requests are held to.
#[derive(Debug)]
pub(crate) struct Bounds {
    limits: Arc<RequestLimits>,
    bodies: Budget,
    answers: Budget,
    places: Semaphore,
    metrics: Arc<Metrics>,
}

/// What a handler may use of these bounds.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    /// What a request may cost.
    pub(super) limits: Arc<RequestLimits>,
    /// What all bodies may take together.
    pub(super) bodies: Budget,
}

/// Counts a request as one that is worked on until it is dropped: also where its
/// client hangs up.
struct InFlight<'m>(&'m Metrics);

impl<'m> InFlight<'m> {
    fn new(metrics: &'m Metrics) -> InFlight<'m> {
        metrics.in_flight.inc();
        InFlight(metrics)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.dec();
    }
}

impl Bounds {
    /// Bounds by these limits.
    pub(crate) fn new(limits: Arc<RequestLimits>, metrics: Arc<Metrics>) -> Bounds {
        let places = usize::try_from(limits.max_requests).unwrap_or(Semaphore::MAX_PERMITS);
        let (bodies, answers) = (Budget::new(limits.max_bodies), Budget::new(limits.max_answers));
        Bounds { places: Semaphore::new(places), limits, bodies, answers, metrics }
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
    let _in_flight = InFlight::new(&bounds.metrics);
    let (limits, bodies) = (bounds.limits.clone(), bounds.bodies.clone());
    request.extensions_mut().insert(Allowed { limits, bodies });
    let method = request.method().clone();
    let answered = tokio::time::timeout(bounds.limits.request_time(), next.run(request)).await;
    let answer = answered.unwrap_or_else(|_| {
        Failure::invalid("the request took too long; what it asked for may have been done")
            .status(StatusCode::REQUEST_TIMEOUT)
            .into_response()
    });
    // In its place among the requests: so many answers at most are there without room.
    with_room(answer, &method, &bounds.answers, &bounds.limits).await
}
