//! What a handler asks of its caller: the type of its argument says the role.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use target_rules_requests::Role;

use crate::auth::Caller;

use super::failure::Failure;
use super::parameters::Query;

/// A caller who may ask.
#[derive(Debug)]
pub(crate) struct Reader(pub Caller);

/// A caller who may book and enrol.
#[derive(Debug)]
pub(crate) struct Writer(pub Caller);

/// A caller who may change targets and erase.
#[derive(Debug)]
pub(crate) struct Administrator(pub Caller);

/// A caller who may book, or who may only read and asks what would be.
#[derive(Debug)]
pub(crate) struct Booker {
    /// Who asks.
    pub(crate) caller: Caller,
    /// Whether only to say what would be, of `dryRun`.
    pub(crate) dry_run: bool,
}

fn caller(parts: &Parts, least: Role) -> Result<Caller, Failure> {
    // Whoever was not let in has no caller, so a route without the gatekeeper refuses.
    let caller = parts.extensions.get::<Caller>().cloned();
    let caller = caller.ok_or_else(|| forbidden("this needs a user"))?;
    needs(&caller, least)?;
    Ok(caller)
}

/// Refuses a caller of a lower role.
fn needs(caller: &Caller, least: Role) -> Result<(), Failure> {
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

impl<S: Send + Sync> FromRequestParts<S> for Booker {
    type Rejection = Failure;

    // Before the body is taken: nothing is held for who may not book.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Booker, Failure> {
        let Ok(query) = Query::from_request_parts(parts, state).await;
        let dry_run = query.flag("dryRun")?;
        let least = if dry_run { Role::Read } else { Role::Write };
        Ok(Booker { caller: caller(parts, least)?, dry_run })
    }
}
