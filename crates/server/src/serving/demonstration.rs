//! `--demo`: everything that a server needs, made for this run.

use std::net::SocketAddr;
use std::sync::Arc;

use target_rules_requests::{Credentials, Role, StoredUser};
use tempfile::TempDir;

use crate::auth::{self, write_credentials};
use crate::config::Serve;
use crate::demo::{CUSTOMER, fill};
use crate::screen::tell;
use crate::service::App;

use super::serve_error::ServeError;

/// The user and the organisation of the demonstration.
const NAME: &str = "demo";

/// A data folder with a user; it is removed at the end.
pub(super) struct Demo {
    folder: TempDir,
    password: String,
}

impl Demo {
    /// Makes the folder and the user, and has the server take them.
    pub(super) fn prepare(settings: &mut Serve) -> Result<Demo, ServeError> {
        let folder = tempfile::tempdir()?;
        let password = auth::generate()?;
        let mut credentials = Credentials::default();
        let user = StoredUser {
            name: NAME.to_owned(),
            organisation: NAME.to_owned(),
            role: Role::Admin,
            password: auth::hash(&password)?,
        };
        credentials.set(user).map_err(|error| error.to_string())?;
        let written = write_credentials(&credentials, &folder.path().join("credentials.json"));
        written.map_err(|error| error.to_string())?;
        settings.data = Some(folder.path().to_owned());
        Ok(Demo { folder, password })
    }

    /// Puts sample targets, customers and bills into the store.
    pub(super) async fn fill(&self, app: &Arc<App>) -> Result<(), ServeError> {
        let filled = fill(app, &NAME.into()).await;
        filled.map_err(|failure| {
            let why: Vec<&str> = failure.faults().iter().map(|fault| fault.message.as_str()).collect();
            ServeError::from(why.join("; "))
        })
    }

    /// Prints requests that are answered.
    pub(super) fn tell(&self, address: SocketAddr) -> std::io::Result<()> {
        let Demo { folder, password } = self;
        tell(format_args!("the data is in {} until the server ends", folder.path().display()))?;
        tell(format_args!("the page to try it: http://{address}/docs/ (user {NAME}, password {password})"))?;
        tell(format_args!("the targets of a customer, and what she has achieved:"))?;
        tell(format_args!("curl -u {NAME}:{password} http://{address}/v3/users/{CUSTOMER}/enrolledTargets"))?;
        tell(format_args!("curl -u {NAME}:{password} http://{address}/v3/users/{CUSTOMER}/progress"))
    }
}
