//! The description of the service, and a page to try it. Whoever can reach the
//! server may read both: they tell nothing of anybody.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::Config;

use crate::http::{Failure, not_allowed, not_found};
use crate::openapi::description;

const INDEX: &str = include_str!("page/index.html");
const START: &str = include_str!("page/start.js");
const STYLE: &str = include_str!("page/page.css");

/// Nothing is fetched from anywhere else, and nothing else may run.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                      frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// The routes of the page. Fails where the description can't be written.
pub(super) fn page() -> std::io::Result<Router> {
    let text: Arc<str> = description().to_json().map_err(std::io::Error::other)?.into();
    let described = move || async move { ([(header::CONTENT_TYPE, "application/json")], text.to_string()) };
    Ok(Router::new()
        .route("/openapi.json", get(described))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(|| async { told("text/html; charset=utf-8", INDEX) }))
        .route("/docs/{file}", get(file))
        .method_not_allowed_fallback(not_allowed))
}

fn told(kind: &str, text: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

async fn file(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "start.js" => return told("text/javascript; charset=utf-8", START),
        "page.css" => return told("text/css; charset=utf-8", STYLE),
        // Its own page would fetch what this one doesn't.
        "index.html" | "swagger-initializer.js" => return not_found().await.into_response(),
        _ => {}
    }
    let found = utoipa_swagger_ui::serve(&name, Arc::new(Config::default()));
    match found.map_err(|error| Failure::internal(&error)) {
        Ok(Some(file)) => told(&file.content_type, file.bytes.into_owned()),
        Ok(None) => not_found().await.into_response(),
        Err(failure) => failure.into_response(),
    }
}
