//! HTTP apart from what is asked: connections, bounds, who asks, and the shape
//! of answers.

mod access;
mod authenticate;
mod body;
mod bounds;
mod budget;
mod connection;
mod envelope;
mod failure;
mod line;
mod parameters;
mod peer;
mod request_id;
mod shapes;
mod taken;
mod texts;
mod timely;
mod tls;
mod together;

pub(crate) use access::{Administrator, Booker, Reader, Writer};
pub(crate) use authenticate::{Gatekeeper, authenticate};
pub(crate) use body::{Batch, Document};
pub(crate) use bounds::{Bounds, within_bounds};
pub(crate) use connection::{Served, serve};
pub(crate) use envelope::{Answer, AnyJson, Envelope, Fault, Refused};
pub(crate) use failure::{Failure, not_allowed, not_found, panicked};
pub(crate) use parameters::{GroupId, IfMatch, Query, TargetId, UserId};
pub(crate) use request_id::{Observer, observe};
pub(crate) use shapes::{
    EnrolmentBodyShape, EnrolmentShape, NotCountedShape, ProgressShape, StandingShape, UnifiedProgressShape,
    WhyShape,
};
pub(crate) use target_rules_requests::{Code, DocumentKind};
pub(crate) use texts::raw_answer;
pub(crate) use tls::acceptor;
