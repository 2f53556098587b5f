//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use target_rules_requests::Role;

use super::limits::RequestLimits;

/// Serves loyalty targets: which targets customers are enrolled in, which
/// transactions count for them, and what has been achieved.
///
/// Without a command it serves: `target-rules-server --data FOLDER`. It needs a
/// data folder and a file of credentials, which `target-rules-server user add`
/// writes. `--demo` needs neither.
#[derive(Debug, Parser)]
#[command(
    name = "target-rules-server",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct Arguments {
    /// What to do; without it, serve.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub(crate) serve: Serve,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer requests; what is done without a command, too
    Serve(Box<Serve>),
    /// Add, list and remove the users of a file of credentials
    #[command(subcommand)]
    User(UserCommand),
    /// Take over a state file of `target-rules progress`
    Import(Import),
    /// Copy the embedded database to a file, consistently, while a server runs on it
    Backup(Backup),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// Start with sample targets, customers and bills in a folder that is removed at the end, and
    /// print a request that is answered
    #[arg(long, conflicts_with_all = ["data", "database", "credentials", "without_authentication"])]
    pub(crate) demo: bool,

    /// The folder of the embedded database, which is made where it is not there
    #[arg(long, value_name = "FOLDER", env = "TARGET_RULES_DATA",
          required_unless_present_any = ["demo", "database"])]
    pub(crate) data: Option<PathBuf>,

    /// A PostgreSQL database instead of the embedded one, as `postgres://user@host/name`
    #[arg(long, value_name = "URL", env = "TARGET_RULES_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// Where to listen; the port 0 takes one that is free
    #[arg(long, value_name = "ADDRESS", env = "TARGET_RULES_LISTEN", default_value = "127.0.0.1:8080",
          value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// In which zones days begin and end.
    #[command(flatten)]
    pub(crate) zones: Zones,

    /// A file of schema that adds names to the standard ones, for all organisations
    #[arg(long, value_name = "FILE", env = "TARGET_RULES_SCHEMA")]
    pub(crate) schema: Option<PathBuf>,

    /// Who may ask.
    #[command(flatten)]
    pub(crate) access: Access,

    /// What a request may cost.
    #[command(flatten)]
    pub(crate) limits: RequestLimits,

    /// What is logged, as JSON lines on standard error: `error`, `warn`, `info`, `debug`
    #[arg(long, value_name = "LEVEL", env = "TARGET_RULES_LOG", default_value = "info")]
    pub(crate) log: String,
}

/// In which zones days begin and end. What is booked is booked by days, so the
/// zone of an organisation stays as it was when it was first met.
#[derive(Debug, Clone, Args)]
pub(crate) struct Zones {
    /// The time zone of organisations in which days begin and end, such as `Asia/Kolkata`
    #[arg(long, value_name = "NAME", env = "TARGET_RULES_ZONE", default_value = "UTC")]
    pub(crate) zone: String,

    /// The time zone of one organisation, where it is another; may be given many times
    #[arg(long, value_name = "ORGANISATION=NAME", env = "TARGET_RULES_ZONES", value_delimiter = ',')]
    pub(crate) zone_of: Vec<String>,
}

/// Who may ask, and how it is carried.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Access")]
pub(crate) struct Access {
    /// The file of users; without it `credentials.json` in the data folder
    #[arg(long, value_name = "FILE", env = "TARGET_RULES_CREDENTIALS")]
    pub(crate) credentials: Option<PathBuf>,

    /// Ask nobody who they are, and let everybody be an admin of this organisation. Only where the
    /// server listens on a loopback address
    #[arg(long, value_name = "ORGANISATION", conflicts_with = "credentials")]
    pub(crate) without_authentication: Option<String>,

    /// A proxy in front of the server: what it says in `X-Forwarded-For` is believed. Without it
    /// all who come by the proxy share the places for credentials that are being checked; may be
    /// given many times
    #[arg(long = "proxy", value_name = "ADDRESS", env = "TARGET_RULES_PROXIES", value_delimiter = ',')]
    pub(crate) proxies: Vec<IpAddr>,

    /// The certificates of the server, as PEM: then it speaks TLS. Without them passwords travel
    /// in the clear, so put a proxy that speaks TLS in front
    #[arg(long, value_name = "FILE", requires = "tls_key", env = "TARGET_RULES_TLS_CERTIFICATE")]
    pub(crate) tls_certificate: Option<PathBuf>,

    /// The private key of the certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate", env = "TARGET_RULES_TLS_KEY")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// What to do with users. A running server takes the file anew at SIGHUP.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user, or give one another password, organisation and role
    Add(AddUser),
    /// List the users, without their passwords
    List(CredentialsFile),
    /// Remove a user
    Remove {
        /// Where the users stand.
        #[command(flatten)]
        file: CredentialsFile,
        /// The user's name
        name: String,
    },
}

/// Where users stand.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct CredentialsFile {
    /// The file of users; without it `credentials.json` in the data folder
    #[arg(long, value_name = "FILE", env = "TARGET_RULES_CREDENTIALS")]
    pub(crate) credentials: Option<PathBuf>,
    /// The data folder
    #[arg(long, value_name = "FOLDER", env = "TARGET_RULES_DATA")]
    pub(crate) data: Option<PathBuf>,
}

/// A user to add.
#[derive(Debug, Args)]
pub(crate) struct AddUser {
    /// Where the users stand.
    #[command(flatten)]
    pub(crate) file: CredentialsFile,
    /// The user's name
    pub(crate) name: String,
    /// The organisation whose targets and customers the user works with
    #[arg(long, value_name = "NAME")]
    pub(crate) organisation: String,
    /// What the user may do: read; write, which is also to book and to enrol; admin, which is also
    /// to change targets and to erase
    #[arg(long, value_name = "ROLE", default_value = "read", value_parser = role())]
    pub(crate) role: Role,
    /// Read the password from the first line of standard input, instead of making one and printing it
    #[arg(long)]
    pub(crate) password_from_input: bool,
}

/// A state file to take over.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The data folder of the embedded database
    #[arg(long, value_name = "FOLDER", env = "TARGET_RULES_DATA", required_unless_present = "database")]
    pub(crate) data: Option<PathBuf>,
    /// A PostgreSQL database instead
    #[arg(long, value_name = "URL", env = "TARGET_RULES_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// The organisation that takes it over
    #[arg(long, value_name = "NAME")]
    pub(crate) organisation: String,
    /// The targets that it was made with, where the organisation doesn't have them yet
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<PathBuf>,
    /// The enrolments that it was made with
    #[arg(long, value_name = "FILE")]
    pub(crate) enrolments: Option<PathBuf>,
    /// In which zones days begin and end.
    #[command(flatten)]
    pub(crate) zones: Zones,
    /// A file of schema that adds names to the standard ones
    #[arg(long, value_name = "FILE", env = "TARGET_RULES_SCHEMA")]
    pub(crate) schema: Option<PathBuf>,
    /// The state file
    pub(crate) state: PathBuf,
}

/// Where to copy a database to.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The data folder
    #[arg(long, value_name = "FOLDER", env = "TARGET_RULES_DATA")]
    pub(crate) data: PathBuf,
    /// The file to make; it must not be there yet
    pub(crate) to: PathBuf,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::word)).try_map(|word| word.parse::<Role>())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "it is an address and a port, such as `127.0.0.1:8080` or `[::1]:8080`".to_owned())
}

impl Serve {
    /// The file of users.
    pub(crate) fn credentials_file(&self) -> Option<PathBuf> {
        let in_data = || self.data.as_ref().map(|data| data.join("credentials.json"));
        self.access.credentials.clone().or_else(in_data)
    }
}

impl CredentialsFile {
    /// The file of users.
    pub(crate) fn path(&self) -> PathBuf {
        let in_data = || self.data.as_ref().map(|data| data.join("credentials.json"));
        self.credentials.clone().or_else(in_data).unwrap_or_else(|| PathBuf::from("credentials.json"))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        assert!(Arguments::try_parse_from(["target-rules-server"]).is_err());
        let demo = Arguments::try_parse_from(["target-rules-server", "--demo"]).unwrap();
        assert!(demo.serve.demo && demo.command.is_none());
        let user = ["target-rules-server", "user", "add", "--data", "d", "till", "--organisation", "shop"];
        assert!(Arguments::try_parse_from(user).is_ok());
    }
}
