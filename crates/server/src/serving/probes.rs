//! What those ask who run the server: whether it lives, whether it can answer,
//! and its figures. They need no credentials, and tell nothing of anybody.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::http::Failure;
use crate::service::App;

/// The server runs.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// The server can answer: the store does, and the server isn't stopping. The store
/// was asked before, whoever asks here; `Age` says how many seconds ago it answered.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.stops() {
        return Failure::unavailable("the server stops").into_response();
    }
    match app.readiness.age() {
        Some(age) => ([(header::AGE, HeaderValue::from(age.as_secs()))], "ready\n").into_response(),
        None => Failure::unavailable("the store does not answer").into_response(),
    }
}

/// The figures, for Prometheus.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match app.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(error) => Failure::internal(&error).into_response(),
    }
}
