//! HTTP apart from what is asked: connections, bounds, who asks, and the shape
//! of answers.

mod access;
mod authenticate;
mod body;
mod bounds;
mod code;
mod connection;
mod envelope;
mod failure;
mod parameters;
mod request_id;
mod tls;

pub(crate) use access::{Administrator, Reader, Writer, needs};
pub(crate) use authenticate::{Gatekeeper, authenticate};
pub(crate) use body::{Batch, Document, DocumentKind};
pub(crate) use bounds::{Bounds, within_bounds};
pub(crate) use code::Code;
pub(crate) use connection::serve;
pub(crate) use envelope::{Answer, AnyJson, Envelope, Fault, Refused, raw_answer};
pub(crate) use failure::{Failure, not_allowed, not_found, panicked};
pub(crate) use parameters::{GroupId, IfMatch, Query, TargetId, UserId};
pub(crate) use request_id::{Observer, observe};
pub(crate) use tls::acceptor;
