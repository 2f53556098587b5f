//! Why a request can't be read.

use std::fmt;

use loyalty_targets::store::EnrolmentError;
use target_rules::diagnostic::{excerpt, visible};

use super::code::Code;

/// Why a request can't be read. Its message names the place, what is expected
/// there, and the repair; what it quotes of the request is short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code, as clients of the platform know it.
    pub code: Code,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// A fault with the message of its code.
    pub fn plain(code: Code) -> Fault {
        Fault { code, message: code.message().to_owned() }
    }

    /// A fault that none of the codes fits; the message names the field.
    pub fn invalid(message: impl Into<String>) -> Fault {
        Fault { code: Code::InvalidInput, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.code.number(), self.message)
    }
}

impl std::error::Error for Fault {}

/// Why somebody can't be enrolled or withdrawn.
///
/// ```
/// use loyalty_targets::store::EnrolmentError;
/// use target_rules_requests::Fault;
/// let fault = Fault::from(&EnrolmentError::NoTarget { target_id: 50 });
/// assert_eq!(fault.to_string(), "310018: Target is missing: there is no target 50");
/// ```
impl From<&EnrolmentError> for Fault {
    fn from(why: &EnrolmentError) -> Fault {
        let code = match why {
            EnrolmentError::NoGroup { .. } | EnrolmentError::GroupInactive { .. } => Code::NoGroup,
            EnrolmentError::NoTarget { .. } | EnrolmentError::TargetInactive { .. } => Code::NoTarget,
            EnrolmentError::OtherGroup { .. } => Code::OtherGroup,
            EnrolmentError::NoPeriod { .. } => Code::NoPeriod,
            EnrolmentError::OtherPeriod { .. } => Code::OtherPeriod,
            EnrolmentError::AlreadyEnrolled { .. } => Code::AlreadyEnrolled,
            EnrolmentError::NotEnrolled { .. } => Code::NoRecord,
            EnrolmentError::OnlyByBill => Code::InvalidEnrolmentType,
            _ => Code::InvalidInput,
        };
        Fault { code, message: format!("{}: {why}", code.message()) }
    }
}

/// What is wrong with JSON, and where. A key or a value that is too long for a
/// message is quoted by its beginning only.
///
/// ```
/// use target_rules_requests::json_fault;
/// let error = serde_json::from_str::<Vec<u8>>("[1").unwrap_err();
/// assert_eq!(json_fault(&error), "EOF while parsing a list at line 1 column 2");
/// ```
pub fn json_fault(error: &serde_json::Error) -> String {
    const MOST: usize = 300;
    let whole = error.to_string();
    match whole.len() > MOST {
        true => format!("{} at line {} column {}", excerpt(&whole), error.line(), error.column()),
        false => visible(&whole),
    }
}

/// A value of a request, quoted in a message.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text))
}
