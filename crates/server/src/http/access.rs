//! What a handler asks of its caller: the type of its argument says the role.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::auth::{Caller, Role};

use super::failure::Failure;

/// A caller who may ask.
#[derive(Debug)]
pub(crate) struct Reader(pub Caller);

/// A caller who may book and enrol.
#[derive(Debug)]
pub(crate) struct Writer(pub Caller);

/// A caller who may change targets and erase.
#[derive(Debug)]
pub(crate) struct Administrator(pub Caller);

fn caller(parts: &Parts, least: Role) -> Result<Caller, Failure> {
    // Whoever was not let in has no caller, so a route without the gatekeeper refuses.
    let caller = parts.extensions.get::<Caller>().cloned();
    let caller = caller.ok_or_else(|| forbidden("this needs a user"))?;
    needs(&caller, least)?;
    Ok(caller)
}

/// Refuses a caller of a lower role.
pub(crate) fn needs(caller: &Caller, least: Role) -> Result<(), Failure> {
    match caller.role >= least {
        true => Ok(()),
        false => Err(forbidden(&format!("this needs the role `{least}`"))),
    }
}

fn forbidden(message: &str) -> Failure {
    Failure::invalid(message).status(StatusCode::FORBIDDEN)
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Reader, Failure> {
        caller(parts, Role::Read).map(Reader)
    }
}

impl<S: Sync> FromRequestParts<S> for Writer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Writer, Failure> {
        caller(parts, Role::Write).map(Writer)
    }
}

impl<S: Sync> FromRequestParts<S> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Administrator, Failure> {
        caller(parts, Role::Admin).map(Administrator)
    }
}
