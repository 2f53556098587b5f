//! The shape of every answer: `data`, or `errors` in its place, and `warnings`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use loyalty_targets::store::EnrolmentError;
use serde::Serialize;
use serde_json::Value;
use target_rules_requests::Code;
use utoipa::{IntoResponses, ToSchema};

use super::shapes::DiagnosticShape;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// The code, such as 310011.
    pub(crate) code: u32,
    /// What is wrong, naming the field.
    pub(crate) message: String,
    /// What the checks say of a rule, a target or a transaction: code, place, what was expected
    /// and the repair.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<DiagnosticShape>>)]
    pub(crate) diagnostics: Option<Vec<Value>>,
}

impl Fault {
    /// A fault with the message of its code.
    pub(crate) fn plain(code: Code) -> Fault {
        Fault::new(code, code.message())
    }

    /// A fault with a message of its own.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Fault {
        Fault { code: code.number(), message: message.into(), diagnostics: None }
    }
}

impl From<target_rules_requests::Fault> for Fault {
    fn from(fault: target_rules_requests::Fault) -> Fault {
        Fault::new(fault.code, fault.message)
    }
}

impl From<&EnrolmentError> for Fault {
    fn from(why: &EnrolmentError) -> Fault {
        target_rules_requests::Fault::from(why).into()
    }
}

/// Any JSON, where a description of the service can't say more: targets and
/// transactions are the platform's, and take what is not known here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AnyJson(Value);

/// An answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Envelope<T> {
    /// What was asked for; `null` where the request is refused.
    pub(crate) data: Option<T>,
    /// Why it is refused; `null` where it is not.
    pub(crate) errors: Option<Vec<Fault>>,
    /// What is dubious about the request, or about what is served; `null` where nothing is.
    pub(crate) warnings: Option<Vec<Fault>>,
}

/// How requests are refused, for the description of the service.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "a description: what is answered is made by `Failure`")]
pub(crate) enum Refused {
    /// The request has faults; each has a code
    #[response(status = 400)]
    Faulty(Envelope<AnyJson>),
    /// There are no right credentials; the body is empty
    #[response(status = 401, headers(("WWW-Authenticate" = String)))]
    Unknown,
    /// The user's role is too low
    #[response(status = 403)]
    Forbidden(Envelope<AnyJson>),
    /// The request took too long
    #[response(status = 408)]
    Slow(Envelope<AnyJson>),
    /// The body is too large
    #[response(status = 413)]
    Large(Envelope<AnyJson>),
    /// The content type is none that is read here
    #[response(status = 415)]
    OtherType(Envelope<AnyJson>),
    /// The user sends too many requests
    #[response(status = 429)]
    Many(Envelope<AnyJson>),
    /// The server failed
    #[response(status = 500)]
    Failed(Envelope<AnyJson>),
    /// The server or its store can't answer now
    #[response(status = 503)]
    Busy(Envelope<AnyJson>),
}

/// What was asked for, to be put into an envelope.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    data: T,
    warnings: Vec<Fault>,
    status: StatusCode,
    version: Option<u64>,
}

impl<T> Answer<T> {
    /// An answer with status 200.
    pub(crate) fn new(data: T) -> Answer<T> {
        Answer { data, warnings: Vec::new(), status: StatusCode::OK, version: None }
    }

    /// An answer with status 201: something was made.
    pub(crate) fn made(data: T) -> Answer<T> {
        Answer { status: StatusCode::CREATED, ..Answer::new(data) }
    }

    /// The same with status 201.
    pub(crate) fn created(mut self) -> Answer<T> {
        self.status = StatusCode::CREATED;
        self
    }

    /// The same with warnings.
    pub(crate) fn warn(mut self, warnings: Vec<Fault>) -> Answer<T> {
        self.warnings = warnings;
        self
    }

    /// The same with the version of the document, as its `ETag`.
    pub(crate) fn version(mut self, version: u64) -> Answer<T> {
        self.version = Some(version);
        self
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let warnings = Some(self.warnings).filter(|warnings| !warnings.is_empty());
        let envelope = Envelope { data: Some(self.data), errors: None, warnings };
        let mut response = json(self.status, &envelope);
        if let Some(version) = self.version.and_then(|version| entity_tag(version).ok()) {
            response.headers_mut().insert(header::ETAG, version);
        }
        response
    }
}

fn entity_tag(version: u64) -> Result<HeaderValue, header::InvalidHeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\""))
}

/// A response of JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text_of(response: Response) -> String {
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_envelope_has_its_three_keys_in_order() {
        let answer = Answer::new(7).warn(vec![Fault::plain(Code::NoTarget)]).version(3).into_response();
        assert_eq!(answer.headers()[header::ETAG], "\"3\"");
        let expected =
            r#"{"data":7,"errors":null,"warnings":[{"code":310018,"message":"Target is missing"}]}"#;
        assert_eq!(text_of(answer).await, expected);
    }
}
