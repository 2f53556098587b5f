//! Each request has an id, is logged and is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::auth::{Caller, bytes};
use crate::observe::{Metrics, RequestLabels};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long an id may be that a client gives.
const LONGEST_ID: usize = 64;

/// Gives ids, and counts.
#[derive(Debug)]
pub(crate) struct Observer {
    /// Differs from one start of a server to the next.
    start: u64,
    next: AtomicU64,
    metrics: Arc<Metrics>,
}

impl Observer {
    /// Fails where there are no random bytes.
    pub(crate) fn new(metrics: Arc<Metrics>) -> std::io::Result<Observer> {
        Ok(Observer { start: u64::from_le_bytes(bytes()?), next: AtomicU64::new(0), metrics })
    }

    fn id(&self, given: Option<&HeaderValue>) -> HeaderValue {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let usable = |id: &&HeaderValue| {
            (1..=LONGEST_ID).contains(&id.as_bytes().len()) && id.as_bytes().iter().all(plain)
        };
        given.filter(usable).cloned().unwrap_or_else(|| {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let id = format!("{:016x}", self.start.wrapping_add(number));
            HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("none"))
        })
    }
}

/// Takes the id of `X-Request-Id` or makes one, answers with it, and logs and
/// counts the request by its route. The path is not logged: customers are in it.
pub(crate) async fn observe(
    State(observer): State<Arc<Observer>>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let id = observer.id(request.headers().get(&REQUEST_ID));
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let shown = id.to_str().unwrap_or_default().to_owned();
    let span = tracing::info_span!("request", id = %shown);
    let mut response = next.run(request).instrument(span).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    observer.metrics.answered(&RequestLabels { route: route.to_owned(), status }, took);
    let caller = response.extensions_mut().remove::<Caller>();
    let organisation = caller.as_ref().map_or("", |caller| &*caller.organisation);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    // What was only asked, and answered, is told to who wants to know everything.
    if status < 400 && (method == Method::GET || method == Method::HEAD) {
        tracing::debug!(id = shown, %method, route, status, micros, organisation, "answered");
    } else if status < 500 {
        tracing::info!(id = shown, %method, route, status, micros, organisation, "answered");
    } else {
        tracing::error!(id = shown, %method, route, status, micros, organisation, "failed");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}
