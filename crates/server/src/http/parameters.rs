//! What a request says in its path, its query and its headers.

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use target_rules::diagnostic::excerpt;
use target_rules_requests::Code;

use super::failure::Failure;

/// The customer in the path: a whole number above 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UserId(pub(crate) i64);

/// The target in the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TargetId(pub(crate) i64);

/// The target group in the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupId(pub(crate) i64);

/// A customer's id as text, read.
pub(crate) fn user_id(text: &str) -> Option<i64> {
    text.parse().ok().filter(|id| *id > 0)
}

async fn id<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
    otherwise: Code,
) -> Result<i64, Failure> {
    let parameters = RawPathParams::from_request_parts(parts, state).await;
    let parameters = parameters.map_err(|_| Failure::of(otherwise))?;
    let found = parameters.iter().find(|(key, _)| *key == name).and_then(|(_, text)| user_id(text));
    found.ok_or_else(|| Failure::of(otherwise))
}

impl<S: Send + Sync> FromRequestParts<S> for UserId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<UserId, Failure> {
        id(parts, state, "userId", Code::InvalidUser).await.map(UserId)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TargetId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<TargetId, Failure> {
        id(parts, state, "targetId", Code::NoTarget).await.map(TargetId)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for GroupId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<GroupId, Failure> {
        id(parts, state, "groupId", Code::NoGroup).await.map(GroupId)
    }
}

/// The query of a request.
#[derive(Debug, Clone)]
pub(crate) struct Query(target_rules_requests::Query);

impl Deref for Query {
    type Target = target_rules_requests::Query;

    fn deref(&self) -> &target_rules_requests::Query {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Infallible> {
        Ok(Query(target_rules_requests::Query::read(parts.uri.query().unwrap_or_default())))
    }
}

/// The version that a change is made to, of `If-Match`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(Option<u64>);

impl IfMatch {
    /// Refuses a change of another version, with status 412.
    pub(crate) fn admits(self, version: u64) -> Result<(), Failure> {
        match self.0 {
            Some(wanted) if wanted != version => {
                Err(Failure::invalid("`If-Match`: it was changed since; read it again")
                    .status(StatusCode::PRECONDITION_FAILED))
            }
            _ => Ok(()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Failure> {
        let Some(said) = parts.headers.get(header::IF_MATCH) else {
            return Err(Failure::invalid(
                "`If-Match` is missing: the `ETag` of what is changed, or `*` for any version",
            )
            .status(StatusCode::PRECONDITION_REQUIRED));
        };
        let said = said.to_str().unwrap_or_default().trim();
        if said == "*" {
            return Ok(IfMatch(None));
        }
        let strong = said.strip_prefix("W/").unwrap_or(said);
        let Some(version) = strong.strip_prefix('"').and_then(|said| said.strip_suffix('"')) else {
            let said = excerpt(said);
            let message =
                format!("`If-Match` is an `ETag` in quotes, such as `\"3\"`, or `*`, and not `{said}`");
            return Err(Failure::invalid(message));
        };
        // What is no version of ours, or a weak one, is no version of this document.
        let version = version.parse().ok().filter(|_| strong == said);
        Ok(IfMatch(Some(version.unwrap_or(u64::MAX))))
    }
}
