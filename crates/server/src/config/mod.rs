//! How the server is started: flags, each of which may also be an environment
//! variable.

mod arguments;
mod limits;

pub(crate) use arguments::{AddUser, Arguments, Command, Import, Serve, UserCommand, Zones};
pub(crate) use limits::RequestLimits;
