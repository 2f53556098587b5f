//! How many bytes the bodies of all requests take together, and all answers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What bytes are counted in.
const PIECE: usize = 1024;
/// How long a body waits for room.
pub(super) const WAITS: Duration = Duration::from_secs(1);

/// A number of bytes that bodies share.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pieces: Arc<Semaphore>,
    all: usize,
}

/// Room for bytes, until this is dropped.
#[derive(Debug)]
pub(super) struct Room(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

/// That there is no room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoRoom;

impl Budget {
    /// So many bytes.
    pub(super) fn new(bytes: usize) -> Budget {
        let pieces = bytes.div_ceil(PIECE).clamp(1, Semaphore::MAX_PERMITS);
        Budget { pieces: Arc::new(Semaphore::new(pieces)), all: pieces }
    }

    /// Room for an answer that is made already, once so much is free; for one that is larger
    /// than the whole budget, all of it.
    pub(super) async fn room(&self, bytes: usize, waits: Duration) -> Result<Room, NoRoom> {
        self.pieces_of(bytes.div_ceil(PIECE).min(self.all), waits).await.map(Room)
    }

    async fn pieces_of(&self, pieces: usize, waits: Duration) -> Result<OwnedSemaphorePermit, NoRoom> {
        let wanted = u32::try_from(pieces).map_err(|_| NoRoom)?;
        let wait = self.pieces.clone().acquire_many_owned(wanted);
        let got = tokio::time::timeout(waits, wait).await.map_err(|_| NoRoom)?;
        got.map_err(|_| NoRoom)
    }

    /// A body that nothing has come of yet; `stated` is how long its client says
    /// that it is.
    pub(super) fn body(&self, stated: usize) -> Held {
        Held { budget: self.clone(), bytes: Vec::with_capacity(stated), room: None }
    }
}

/// What has come of a body. Its bytes are counted until the last part of it is
/// dropped, so those that are worked on are among them.
#[derive(Debug)]
pub(super) struct Held {
    budget: Budget,
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Held {
    /// Adds what has come; waits a while where others have all the room. Room is
    /// taken by what is there, so who sends slowly keeps nobody out.
    pub(super) async fn add(&mut self, data: &[u8]) -> Result<(), NoRoom> {
        let wanted = self.bytes.len().saturating_add(data.len()).div_ceil(PIECE);
        let lacks = wanted.saturating_sub(self.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits));
        if lacks > 0 {
            let got = self.budget.pieces_of(lacks, WAITS).await?;
            match &mut self.room {
                Some(room) => room.merge(got),
                none => *none = Some(got),
            }
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }

    /// The whole.
    pub(super) fn finish(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_share_their_room_until_the_last_part_is_dropped() {
        let budget = Budget::new(4 * PIECE);
        let mut first = budget.body(0);
        first.add(&[1; 10]).await.unwrap();
        first.add(&[2; 3 * PIECE]).await.unwrap();
        let mut second = budget.body(0);
        assert_eq!(second.add(&[3; 1]).await, Err(NoRoom));
        let whole = first.finish();
        let part = whole.slice(5..15);
        drop(whole);
        assert_eq!(second.add(&[3; 1]).await, Err(NoRoom));
        assert_eq!(&part[..], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
        drop(part);
        second.add(&[3; 1]).await.unwrap();
        assert_eq!(&second.finish()[..], [3]);
    }
}
