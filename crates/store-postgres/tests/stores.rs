//! PostgreSQL, held to what every store is held to: by a server that is started
//! for the test, and loudly not where there is none.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use loyalty_targets::store::Store;
use target_rules_store_postgres::PostgresStore;
use target_rules_testing::stores::{laws, ledgers};

/// A server of its own, stopped when this is dropped.
struct Server {
    folder: tempfile::TempDir,
    url: String,
}

fn script() -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/postgresql"))
}

impl Server {
    /// `None` where there is no PostgreSQL on this machine.
    fn start() -> Option<Server> {
        let folder = tempfile::tempdir().unwrap();
        // Whoever the server runs as must reach it.
        #[cfg(unix)]
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let started = script().arg("start").arg(folder.path().join("server")).output();
        match started {
            Ok(output) if output.status.success() => {
                let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
                Some(Server { folder, url })
            }
            failed => {
                let why = match failed {
                    Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
                    Err(error) => error.to_string(),
                };
                eprintln!("\n!! no PostgreSQL can be started: THE STORE IN IT IS NOT TESTED\n   {why}\n");
                None
            }
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    fn store(&self) -> PostgresStore {
        PostgresStore::connect(&self.url, 8).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = script().arg("stop").arg(self.path()).status();
    }
}

#[test]
fn it_keeps_the_laws_of_stores() {
    let Some(server) = Server::start() else { return };
    let mut store = server.store();
    laws::hold(&mut store);
    // Two instances.
    let others: Vec<Box<dyn Store>> = (0..4).map(|_| Box::new(server.store()) as Box<dyn Store>).collect();
    laws::crowd(&mut store, others, "instances");
    let settings = store.settings().unwrap();
    assert_eq!((settings.synchronous_commit.as_str(), settings.fsync.as_str()), ("on", "on"));
    // A server that does not wait for its disk is set to, connection by connection.
    let lazy = format!("{}?options=-c%20synchronous_commit%3Doff", server.url);
    let lazy = PostgresStore::connect(&lazy, 2).unwrap();
    assert_eq!(lazy.settings().unwrap().synchronous_commit, "on");
}

#[test]
fn customers_come_to_what_they_come_to_in_a_ledger() {
    let Some(server) = Server::start() else { return };
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let booked = ledgers::hold(&mut server.store(), &cases, 5);
    assert!(booked > 150, "only {booked} cases");
}

#[test]
fn it_goes_on_when_the_server_has_been_started_anew() {
    let Some(server) = Server::start() else { return };
    let mut store = server.store();
    store.create_organisation("shoes", "UTC").unwrap();
    for mode in ["fast", "immediate"] {
        let restarted = script().arg("restart").arg(server.path()).arg(mode).status().unwrap();
        assert!(restarted.success());
        // A batch is worked on anew until a connection holds.
        store.update("shoes", &[1], &mut |_| Ok(loyalty_targets::store::Ending::Commit)).unwrap();
        assert_eq!(store.organisations().unwrap().len(), 1);
    }
}
