//! Why somebody can't be enrolled or withdrawn, by the codes of the platform.

use loyalty_targets::store::EnrolmentError;

use crate::http::{Code, Fault};

/// The fault of an enrolment that is refused.
pub(super) fn fault_of(why: &EnrolmentError) -> Fault {
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
    Fault::new(code, format!("{}: {why}", code.message()))
}
