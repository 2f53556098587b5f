//! The codes of errors, as clients of the platform know them.

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// What none of the others fits; the message names the field.
    InvalidInput,
    /// The name of a target is too long.
    LongName,
    /// No customer's id.
    InvalidUser,
    /// A target group that is missing or inactive.
    NoGroup,
    /// A target that is missing.
    NoTarget,
    /// A period that is missing.
    NoPeriod,
    /// A target's entity and type that don't go together.
    EntityAndType,
    /// What is said of an extended field or attribute is none.
    InvalidField,
    /// The extended field or attribute that a target counts is not named.
    NoField,
    /// The name of a target group that another one has.
    NameTaken,
    /// A target of another group.
    OtherGroup,
    /// A period of another target.
    OtherPeriod,
    /// A customer who is enrolled already.
    AlreadyEnrolled,
    /// No way of enrolment.
    InvalidEnrolmentType,
    /// A window that isn't supported.
    UnknownWindow,
    /// A customer and target of which nothing is known.
    NoRecord,
}

impl Code {
    /// The number that clients see.
    pub fn number(self) -> u32 {
        match self {
            Code::InvalidInput => 300_004,
            Code::LongName => 310_008,
            Code::InvalidUser => 310_011,
            Code::NoGroup => 310_017,
            Code::NoTarget => 310_018,
            Code::NoPeriod => 310_019,
            Code::EntityAndType => 310_033,
            Code::NameTaken => 310_069,
            Code::OtherGroup => 310_079,
            Code::InvalidField => 310_092,
            Code::NoField => 310_094,
            Code::OtherPeriod => 310_118,
            Code::AlreadyEnrolled => 310_119,
            Code::InvalidEnrolmentType => 310_130,
            Code::UnknownWindow => 310_132,
            Code::NoRecord => 310_149,
        }
    }

    /// The message where nothing more is known.
    pub fn message(self) -> &'static str {
        match self {
            Code::InvalidInput => "Invalid input",
            Code::LongName => "Target name is longer than 200 characters",
            Code::InvalidUser => "Invalid userId",
            Code::NoGroup => "Target group is missing or inactive",
            Code::NoTarget => "Target is missing",
            Code::NoPeriod => "Target period is missing",
            Code::EntityAndType => "Target entity and target type don't go together",
            Code::NameTaken => "Target group name is taken",
            Code::InvalidField => "Extended field is invalid",
            Code::NoField => "Extended field is required",
            Code::OtherGroup => "Target isn't of that target group",
            Code::OtherPeriod => "Period isn't of that target",
            Code::AlreadyEnrolled => "User is already enrolled in that target",
            Code::InvalidEnrolmentType => "Invalid enrollment type as input",
            Code::UnknownWindow => "Window is not supported",
            Code::NoRecord => "No record for that user and target",
        }
    }
}
