//! Bodies of requests, bounded before they are held.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::config::RequestLimits;

use super::failure::Failure;

/// One document: a target, a transaction, a rule.
#[derive(Debug)]
pub(crate) struct Document(pub Bytes);

/// Many of them.
#[derive(Debug)]
pub(crate) struct Batch {
    /// What was sent.
    pub(crate) bytes: Bytes,
    /// How it is written.
    pub(crate) kind: DocumentKind,
    /// How many entries it may have.
    pub(crate) most: usize,
}

/// How a body is written, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// One JSON document; also where nothing is said, or what clients send who say nothing.
    Json,
    /// A JSON document a line.
    Lines,
    /// Values with commas, names in the first line.
    Csv,
}

impl DocumentKind {
    fn of(headers: &HeaderMap) -> Result<DocumentKind, Failure> {
        let Some(said) = headers.get(header::CONTENT_TYPE) else { return Ok(DocumentKind::Json) };
        let said = said.to_str().unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "application/x-www-form-urlencoded" | "text/json" => Ok(DocumentKind::Json),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Ok(DocumentKind::Lines),
            "text/csv" => Ok(DocumentKind::Csv),
            _ => Err(Failure::invalid(
                "`Content-Type` is `application/json`, `application/x-ndjson` or `text/csv`",
            )
            .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        }
    }
}

fn limits(request: &Request) -> Result<Arc<RequestLimits>, Failure> {
    let limits = request.extensions().get::<Arc<RequestLimits>>();
    limits.cloned().ok_or_else(|| Failure::internal(&"a route has no bounds"))
}

async fn within(body: Body, most: usize) -> Result<Bytes, Failure> {
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Failure::invalid(format!("the body is larger than {most} bytes"))
                .status(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Err(_) => Err(Failure::invalid("the body did not come whole")),
    }
}

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Document, Failure> {
        if DocumentKind::of(request.headers())? != DocumentKind::Json {
            return Err(Failure::invalid("`Content-Type` is `application/json` here")
                .status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let most = limits(&request)?.max_body;
        within(request.into_body(), most).await.map(Document)
    }
}

impl<S: Sync> FromRequest<S> for Batch {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Batch, Failure> {
        let kind = DocumentKind::of(request.headers())?;
        let limits = limits(&request)?;
        let bytes = within(request.into_body(), limits.max_batch_body).await?;
        Ok(Batch { bytes, kind, most: limits.max_batch })
    }
}
