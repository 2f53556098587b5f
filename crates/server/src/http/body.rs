//! Bodies of requests, bounded before they are held.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use target_rules::diagnostic::excerpt;
use target_rules_requests::DocumentKind;

use super::bounds::Allowed;
use super::budget::{Budget, NoRoom};
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

impl Batch {
    /// The entries of NDJSON or of a JSON list, each with its line or position;
    /// `what` names them.
    pub(crate) fn entries(&self, what: &str) -> Result<Vec<(usize, &[u8])>, Failure> {
        Ok(target_rules_requests::entries(&self.bytes, self.kind, self.most, what)?)
    }
}

/// How a body is written, by its content type.
fn kind_of(headers: &HeaderMap) -> Option<DocumentKind> {
    let Some(said) = headers.get(header::CONTENT_TYPE) else { return Some(DocumentKind::Json) };
    DocumentKind::of(said.to_str().unwrap_or_default())
}

/// That a header of the body says something that is not read here.
fn not_read_here(headers: &HeaderMap, name: &HeaderName, title: &str, expected: &str) -> Failure {
    let said = headers.get(name).and_then(|said| said.to_str().ok()).unwrap_or_default();
    Failure::invalid(format!("`{title}` is {expected} here, and not `{}`", excerpt(said)))
        .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

fn other_type(headers: &HeaderMap, expected: &str) -> Failure {
    not_read_here(headers, &header::CONTENT_TYPE, "Content-Type", expected)
}

/// Refuses a body that is compressed: nothing here unpacks one.
fn check_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(said) if !said.as_bytes().eq_ignore_ascii_case(b"identity") => {
            let expected = "left out, for a body is not compressed,";
            Err(not_read_here(headers, &header::CONTENT_ENCODING, "Content-Encoding", expected))
        }
        _ => Ok(()),
    }
}

fn allowed(request: &Request) -> Result<Allowed, Failure> {
    let allowed = request.extensions().get::<Allowed>();
    allowed.cloned().ok_or_else(|| Failure::internal(&"a route has no bounds"))
}

/// The body. What is too large is refused before anything of it is taken, where
/// its client says how large it is.
async fn within(request: Request, most: usize, bodies: &Budget) -> Result<Bytes, Failure> {
    check_encoding(request.headers())?;
    let too_large = || {
        let message = format!("the body is larger than {most} bytes; send less at once");
        Failure::invalid(message).status(StatusCode::PAYLOAD_TOO_LARGE)
    };
    let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|stated| stated.to_str().ok());
    let stated = stated.map_or(Ok(0), str::parse::<usize>).unwrap_or(usize::MAX);
    if stated > most {
        return Err(too_large());
    }
    let (mut held, mut body) = (bodies.body(stated), Limited::new(request.into_body(), most));
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                let data = frame.data_ref().map_or(&[][..], |data| &data[..]);
                let added = held.add(data).await;
                added.map_err(|NoRoom| Failure::unavailable("too many large bodies are worked on"))?;
            }
            Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
            Err(_) => return Err(Failure::invalid("the body did not come whole")),
        }
    }
    Ok(held.finish())
}

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Document, Failure> {
        if kind_of(request.headers()) != Some(DocumentKind::Json) {
            return Err(other_type(request.headers(), "`application/json`"));
        }
        let Allowed { limits, bodies } = allowed(&request)?;
        let body = within(request, limits.max_body, &bodies).await?;
        match body.trim_ascii().is_empty() {
            true => Err(Failure::invalid("the body is empty; a JSON object is expected")),
            false => Ok(Document(body)),
        }
    }
}

impl<S: Sync> FromRequest<S> for Batch {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Batch, Failure> {
        let expected = "`application/json`, `application/x-ndjson` or `text/csv`";
        let kind = kind_of(request.headers()).ok_or_else(|| other_type(request.headers(), expected))?;
        let Allowed { limits, bodies } = allowed(&request)?;
        let bytes = within(request, limits.max_batch_body, &bodies).await?;
        Ok(Batch { bytes, kind, most: limits.max_batch })
    }
}
