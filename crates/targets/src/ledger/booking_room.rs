//! How much a booking may take, beside what is booked already.

/// How much the booking of a batch may take: of what does not count, so many bytes
/// are told; and so many contributions are booked, or held while others wait for
/// their turn. It is used up as customers are booked, so that one room is for all
/// customers of a batch.
///
/// Without it a batch takes what activities times targets come to: ten thousand
/// bills that a thousand targets count for one customer take some gigabytes.
///
/// [`CustomerRecord::book_within`](super::CustomerRecord::book_within) has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRoom {
    pub(super) told_bytes: usize,
    pub(super) contributions: usize,
}

impl BookingRoom {
    /// Room for so many bytes of what is told, in memory, and for so many
    /// contributions, of some 250 bytes each: an activity in one period or cycle of
    /// one target, whether it is known what it adds or not.
    pub fn new(told_bytes: usize, contributions: usize) -> BookingRoom {
        BookingRoom { told_bytes, contributions }
    }

    /// Room for so many bytes of what is told, and for any number of contributions.
    pub fn telling(told_bytes: usize) -> BookingRoom {
        BookingRoom::new(told_bytes, usize::MAX)
    }
}

/// That the booking of a batch would take more than its [`BookingRoom`]: fewer
/// activities are to be booked at once.
///
/// ```
/// use loyalty_targets::store::NoRoom;
/// assert!(NoRoom.to_string().contains("fewer"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoom;

impl std::fmt::Display for NoRoom {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(
            "the batch counts for more targets than are booked at once; book fewer activities at once",
        )
    }
}

impl std::error::Error for NoRoom {}
