//! Many documents on all cores: a function is called for each of them, and the
//! answers come in the order of the documents. Needs the feature `batch`.
//!
//! A [`Runner`] owns the threads. It takes any iterator of documents, and gives
//! each to one of its workers; a worker keeps a state of its own, which is made
//! once. Deciding the rules of a set is [`Runner::decide`]:
//!
//! ```
//! use std::ops::ControlFlow;
//! use target_rules::batch::{End, Runner};
//! use target_rules::{Ast, Limits, RuleSet, Schema, Zone};
//!
//! let (limits, zone) = (Limits::default(), Zone::UTC);
//! let schema = Schema::standard();
//! let rule = |text: &str| {
//!     Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()
//! };
//! let small = rule("currentTxn.value > 500")?;
//! let large = rule("currentTxn.value > 9000")?;
//! let set = RuleSet::new([(50, small), (51, large)])?;
//!
//! let documents = [
//!     r#"{"currentTxn": {"value": 730.50}}"#,
//!     r#"{"currentTxn": {"value": 10}}"#,
//!     r#"{"currentTxn": "none"}"#,
//!     r#"{"currentTxn": {"value": 12000}}"#,
//! ];
//! // As many threads as there are cores.
//! let runner = Runner::new(0)?;
//! let mut answers = Vec::new();
//! let end = runner.decide(
//!     documents,
//!     set.layout(),
//!     &limits,
//!     &zone,
//!     |evaluation| {
//!         let mut matching = Vec::new();
//!         set.decide(evaluation, |id, _items| matching.push(*id)).map(|()| matching)
//!     },
//!     |answer| {
//!         answers.push(answer);
//!         ControlFlow::<()>::Continue(())
//!     },
//! )?;
//! assert_eq!(end, End::Finished);
//! assert_eq!(answers[0], Ok(Ok(vec![50])));
//! assert_eq!(answers[1], Ok(Ok(vec![])));
//! assert!(answers[2].is_err(), "this document cannot be read");
//! assert_eq!(answers[3], Ok(Ok(vec![50, 51])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! * **Order.** Answers are given on the caller's thread in the order of the
//!   documents, whatever the number of threads.
//! * **Bounds.** A document is held from when it is taken from the source until
//!   its answer is given. At most [`Runner::max_documents`] are held, and none is
//!   taken while [`Runner::max_bytes`] are: what is held exceeds that by one
//!   document at most.
//! * **No waiting for more.** The source is read on a thread of its own. What has
//!   come is answered, however long the next document takes.
//! * **Cancellation.** The callback stops a run by [`ControlFlow::Break`], anybody
//!   else by a [`Cancellation`]. Answers that were given are the first ones, none
//!   left out.
//! * **Panics.** A panic of the function or of the source is passed on to the
//!   caller, after the answers to the documents before it. It is lost where the run
//!   is stopped or cancelled before its turn.
//!
//! # Cost
//!
//! Documents are worked on in groups of what has come, up to half of what may be
//! held, while the source fills the other half. A group is handed out and its
//! answers collected once; what that costs is shared by its documents. The
//! callback runs between groups, so it should do little.
//!
//! [`ControlFlow::Break`]: std::ops::ControlFlow::Break

mod cancellation;
mod document;
mod gate;
mod progress;
mod queue;
mod runner;
mod workers;
mod workspace;

pub use cancellation::Cancellation;
pub use document::Document;
pub use progress::Progress;
pub use runner::{End, Event, Runner, StartError};
pub use workspace::Workspace;
