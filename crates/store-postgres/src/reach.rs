//! Why there is no connection: what was tried, what came of it, and what helps.
//! Nothing of it holds the password.

use std::io::ErrorKind;
use std::time::Duration;

use loyalty_targets::store::StoreError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::fault::{Result, may_pass};

/// Where a server is looked for: host and port, or a socket.
pub(crate) fn place_of(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(folder) => format!("{}, port {}", folder.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// Connects once, by itself: where a pool tries again and only tells how long, this
/// tells why it fails.
pub(crate) async fn reach(options: &PgConnectOptions, most: Duration) -> Result<()> {
    let why = match tokio::time::timeout(most, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => {
            // Nothing was done on it, so nothing is lost where this fails.
            let _ = connection.close().await;
            return Ok(());
        }
        Ok(Err(error)) => unreachable(options, &error),
        Err(_) => {
            let what = format!(
                "{} gave no answer for {} seconds; see that the host and port are right, and that no firewall \
                 stands between",
                place_of(options),
                most.as_secs()
            );
            StoreError::Database { what, may_pass: true }
        }
    };
    Err(why)
}

/// What was tried, and what came of it.
fn unreachable(options: &PgConnectOptions, error: &sqlx::Error) -> StoreError {
    let repair = repair(options, error);
    let (place, user) = (place_of(options), options.get_username());
    let database = options.get_database().unwrap_or(user);
    let what = format!("{place}, database `{database}`, user `{user}`: {}{repair}", told(error));
    StoreError::Database { what, may_pass: may_pass(error) }
}

/// What went wrong, without what the library puts around it.
fn told(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Database(said) => said.message().to_owned(),
        other => other.to_string(),
    }
}

/// What helps, where it is known.
fn repair(options: &PgConnectOptions, error: &sqlx::Error) -> String {
    let helps = match error {
        sqlx::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => "start PostgreSQL there, have it listen on that address \
                (`listen_addresses`), or name another host and port in the URL"
                .to_owned(),
            ErrorKind::NotFound => "no server has its socket there; start it, or name a host".to_owned(),
            // The resolver has no kind of its own for a host that it doesn't know.
            _ if error.to_string().contains("lookup") => "name another host in the URL".to_owned(),
            _ => return String::new(),
        },
        sqlx::Error::Database(said) => match said.code().as_deref() {
            Some("28P01") => "correct the user or the password in the URL".to_owned(),
            Some("28000") => {
                let user = options.get_username();
                format!("let `{user}` in from this address in `pg_hba.conf`, or correct the user in the URL")
            }
            Some("3D000") => {
                "make the database by `CREATE DATABASE`, or name another one in the URL".to_owned()
            }
            Some("53300") => "raise `max_connections` of the server, or run fewer instances".to_owned(),
            _ => return String::new(),
        },
        sqlx::Error::Tls(_) => "see `sslmode` and `sslrootcert` of the URL".to_owned(),
        _ => return String::new(),
    };
    format!("; {helps}")
}
