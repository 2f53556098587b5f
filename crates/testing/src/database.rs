//! A PostgreSQL of its own for a test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Says that tests may pass where no PostgreSQL can be started: `.ci/run` sets it
/// where it can't install one, and tells of that at its end.
pub const SKIPPED: &str = "TARGET_RULES_WITHOUT_POSTGRESQL";

/// A server in a folder of its own, on a free port; stopped when this is dropped.
#[derive(Debug)]
pub struct Database {
    folder: tempfile::TempDir,
    url: String,
}

fn script() -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/postgresql"))
}

impl Database {
    /// Starts one; `None` where that can't be and [`SKIPPED`] is set to `1`.
    ///
    /// # Panics
    ///
    /// Panics where none can be started: what passed then would not be tested,
    /// and nobody reads what a test prints that passes.
    pub fn start() -> Option<Database> {
        let folder = tempfile::tempdir().unwrap();
        // Whoever the server runs as must reach it.
        #[cfg(unix)]
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let why = match script().arg("start").arg(folder.path().join("server")).output() {
            Ok(output) if output.status.success() => {
                let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
                return Some(Database { folder, url });
            }
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        assert!(
            std::env::var(SKIPPED).as_deref() == Ok("1"),
            "no PostgreSQL can be started, so nothing is tested on it: {why}\n`.ci/postgresql install` installs \
             Debian's; {SKIPPED}=1 lets these tests pass without one"
        );
        crate::skipped(&format!("nothing was tested on PostgreSQL: {why}"));
        None
    }

    /// How it is reached, with a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host and port, without anything else.
    pub fn address(&self) -> &str {
        let after = self.url.rsplit('@').next().unwrap_or_default();
        after.split('/').next().unwrap_or_default()
    }

    /// The same by another host and port.
    pub fn url_by(&self, address: &str) -> String {
        self.url.replace(self.address(), address)
    }

    /// Stops it, `fast` or `immediate`, and starts it again.
    ///
    /// # Panics
    ///
    /// Panics where it does not come back.
    pub fn restart(&self, mode: &str) {
        let restarted = script().arg("restart").arg(self.path()).arg(mode).status().unwrap();
        assert!(restarted.success());
    }

    /// Stops it, at once and whoever is connected.
    ///
    /// # Panics
    ///
    /// Panics where it does not stop.
    pub fn stop(&self) {
        let stopped = script().arg("stop").arg(self.path()).status().unwrap();
        assert!(stopped.success());
    }

    /// Starts it again, on the same port.
    ///
    /// # Panics
    ///
    /// Panics where it does not come back.
    pub fn start_again(&self) {
        let started = script().arg("again").arg(self.path()).status().unwrap();
        assert!(started.success());
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("server")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = script().arg("stop").arg(self.path()).output();
    }
}
