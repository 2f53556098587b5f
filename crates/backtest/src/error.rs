//! Why there is no report.

use std::fmt;
use std::io;

use loyalty_targets::LedgerError;

use crate::fault::FaultAt;

/// Why a backtest gave no report. What can't be read of single documents is no such
/// error: it is counted.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    fault: Option<Box<FaultAt>>,
}

/// What kind of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder can't be read, or has changed while it was.
    Input,
    /// A document can't be read, and the run is strict.
    Document,
    /// The temporary file can't be written or read, as on a full disk.
    Spool,
    /// A part that was written can't be read, or can't be written.
    Part,
    /// What was asked for isn't possible.
    Usage,
}

impl Error {
    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    fn new(kind: ErrorKind, message: String) -> Error {
        Error { kind, message, fault: None }
    }

    pub(crate) fn input(path: &str, why: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Input, format!("{path}: {why}"))
    }

    /// A document that can't be read, in a strict run; its line is that in its split.
    pub(crate) fn strict(fault: FaultAt) -> Error {
        Error { kind: ErrorKind::Document, message: String::new(), fault: Some(Box::new(fault)) }
    }

    /// The document that can't be read, where it is not named yet.
    pub(crate) fn fault(&self) -> Option<&FaultAt> {
        self.fault.as_deref()
    }

    /// The same with the document named.
    pub(crate) fn document(path: &str, line: u64, fault: &FaultAt) -> Error {
        let FaultAt { code, message, .. } = fault;
        Error::new(ErrorKind::Document, format!("{path}:{line}: {message} [{code}]; a strict run stops here"))
    }

    pub(crate) fn usage(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Usage, message.into())
    }

    pub(crate) fn spool(why: io::Error) -> Error {
        let message = format!(
            "the temporary file for rows of customers can't be used: {why}; make room, set TMPDIR to a folder that has some, or give more `--memory`"
        );
        Error::new(ErrorKind::Spool, message)
    }

    pub(crate) fn part(why: String) -> Error {
        Error::new(ErrorKind::Part, format!("this part of a backtest can't be used: {why}"))
    }

    pub(crate) fn row_too_large() -> Error {
        Error::new(ErrorKind::Spool, "a row of one customer has more than 4 GiB".to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Error {
        Error::usage(error.to_string())
    }
}
