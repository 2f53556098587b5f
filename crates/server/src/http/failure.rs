//! Requests that are refused: a status, and the envelope with why.

use std::any::Any;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use target_rules_requests::Code;

use super::envelope::{Envelope, Fault, json};

/// A request that is refused. Nothing of it was done.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    faults: Vec<Fault>,
    /// After how many seconds it may be tried again.
    retry_after: Option<u32>,
}

impl Failure {
    /// A request that has a fault, with status 400.
    pub(crate) fn of(code: Code) -> Failure {
        Failure::from(Fault::plain(code))
    }

    /// A request with a fault that none of the codes fits; the message names the field.
    pub(crate) fn invalid(message: impl Into<String>) -> Failure {
        Failure::from(Fault::new(Code::InvalidInput, message))
    }

    /// A request with several faults, with status 400.
    pub(crate) fn all(faults: Vec<Fault>) -> Failure {
        Failure { status: StatusCode::BAD_REQUEST, faults, retry_after: None }
    }

    /// The same with another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Failure {
        self.status = status;
        self
    }

    /// The same with a time after which it may be tried again.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Failure {
        self.retry_after = Some(seconds);
        self
    }

    /// The same with what checks found; each has a code, a place and the repair.
    pub(crate) fn diagnostics(mut self, found: impl IntoIterator<Item = impl Serialize>) -> Failure {
        let found: Vec<Value> = found.into_iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
        if let Some(first) = self.faults.first_mut() {
            first.diagnostics = Some(found);
        }
        self
    }

    /// What is wrong.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// That the server failed; what went wrong is logged and not told.
    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Failure {
        tracing::error!(error = %error, "the server failed");
        Failure::invalid("the server failed; the log has the request's id")
            .status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// That the server can't answer now.
    pub(crate) fn unavailable(message: &str) -> Failure {
        Failure::invalid(message).status(StatusCode::SERVICE_UNAVAILABLE).retry_after(1)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::all(vec![fault])
    }
}

impl From<target_rules_requests::Fault> for Failure {
    fn from(fault: target_rules_requests::Fault) -> Failure {
        Fault::from(fault).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let envelope = Envelope::<()> { data: None, errors: Some(self.faults), warnings: None };
        let mut response = json(self.status, &envelope);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// There is nothing at this path.
pub(crate) async fn not_found() -> Failure {
    Failure::invalid("there is nothing at this path; `/docs/` shows those there are")
        .status(StatusCode::NOT_FOUND)
}

/// There is something at this path, but not for this method.
pub(crate) async fn not_allowed() -> Failure {
    Failure::invalid("this path has no such method; `Allow` lists those it has")
        .status(StatusCode::METHOD_NOT_ALLOWED)
}

/// What is answered where the code failed. Where it did is logged at that place;
/// what it says is neither told nor logged, for data of customers may be in it.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::internal(&"a request ended in the midst of its work").into_response()
}
