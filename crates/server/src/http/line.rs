//! The line before argon2: who has failed least and asks least goes first, and
//! nobody fills it for others.
//!
//! Names are told apart by their hashes only, whether or not somebody has them,
//! so that nothing here says which names there are.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

/// How many wait at once: all, of one address, and for one name.
const MOST: usize = 256;
const MOST_OF_PEER: usize = 16;
const MOST_OF_NAME: usize = 32;
/// How many failures are remembered, by hashes of addresses and of names; those
/// that fall together count together.
const CELLS: u64 = 65_536;
/// After what time one failure is forgotten, and how many are remembered.
const FORGOTTEN: Duration = Duration::from_secs(5);
const MOST_FAILURES: u64 = 1000;

/// Those who wait until their password can be checked, one after the other.
#[derive(Debug)]
pub(super) struct Line {
    state: Mutex<State>,
    hashes: RandomState,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Waiting>,
    /// How many of an address wait, are checked, or wait for their refusal.
    in_hand: HashMap<IpAddr, usize>,
    running: bool,
    entered: u64,
    failures: HashMap<u64, Failures>,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    peer: IpAddr,
    name: u64,
    turn: oneshot::Sender<Turn>,
}

/// Failures at a time; there are fewer later.
#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u64,
    at: Instant,
}

impl Failures {
    fn now(self) -> u64 {
        self.count.saturating_sub(self.at.elapsed().as_secs().checked_div(FORGOTTEN.as_secs()).unwrap_or(0))
    }
}

impl State {
    fn failures(&self, cell: u64) -> u64 {
        self.failures.get(&cell).map_or(0, |failures| failures.now())
    }

    /// Who is smallest goes first: from where fewest have failed or are in hand,
    /// then whose name has failed least, then who came first.
    fn rank(&self, hashes: &RandomState, peer: IpAddr, name: u64, number: u64) -> (u64, u64, u64) {
        let in_hand = self.in_hand.get(&peer).copied().unwrap_or_default();
        let in_hand = u64::try_from(in_hand).unwrap_or(u64::MAX);
        let failed = self.failures(cell_of_peer(hashes, peer));
        (failed.saturating_add(in_hand), self.failures(name), number)
    }

    /// The position of the one who goes last among some.
    fn last(&self, hashes: &RandomState, among: impl Fn(&Waiting) -> bool) -> Option<usize> {
        let all = self.waiting.iter().enumerate().filter(|(_, one)| among(one));
        let last = all.max_by_key(|(_, one)| self.rank(hashes, one.peer, one.name, one.number));
        last.map(|(at, _)| at)
    }

    fn leave_hand(&mut self, peer: IpAddr) {
        if let Some(count) = self.in_hand.get_mut(&peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.in_hand.remove(&peer);
            }
        }
    }
}

fn cell_of_peer(hashes: &RandomState, peer: IpAddr) -> u64 {
    cell(hashes, &peer)
}

fn cell(hashes: &RandomState, of: &impl Hash) -> u64 {
    hashes.hash_one(of).checked_rem(CELLS).unwrap_or_default()
}

/// That too many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Line {
    pub(super) fn new() -> Arc<Line> {
        Arc::new(Line { state: Mutex::default(), hashes: RandomState::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one of the places of an address, which is kept until the refusal is
    /// sent. Fails where it has none left.
    pub(super) fn enter(self: &Arc<Line>, peer: IpAddr, name: &str) -> Result<Attempt, Full> {
        let mut state = self.state();
        let count = state.in_hand.entry(peer).or_default();
        if *count >= MOST_OF_PEER {
            return Err(Full);
        }
        *count = count.saturating_add(1);
        state.entered = state.entered.saturating_add(1);
        let number = state.entered;
        drop(state);
        Ok(Attempt { line: self.clone(), number, peer, name: cell(&self.hashes, &name) })
    }

    /// Gives the turn to who is next.
    fn advance(self: &Arc<Line>) {
        let mut state = self.state();
        if state.running {
            return;
        }
        let all = state.waiting.iter().enumerate();
        let first = all.min_by_key(|(_, one)| state.rank(&self.hashes, one.peer, one.name, one.number));
        let Some((at, _)) = first else { return };
        let next = state.waiting.swap_remove(at);
        state.running = true;
        drop(state);
        // Who hung up meanwhile drops the turn, and with that gives it on.
        let _ = next.turn.send(Turn { line: self.clone() });
    }
}

/// Somebody who is about to be let in or refused.
#[derive(Debug)]
pub(super) struct Attempt {
    line: Arc<Line>,
    number: u64,
    peer: IpAddr,
    name: u64,
}

impl Attempt {
    /// Waits until argon2 may be asked. Fails where the line is full of others who
    /// have failed less, also while this one waits.
    pub(super) async fn turn(&self) -> Result<Turn, Full> {
        let (turn, waits) = oneshot::channel();
        self.line_up(turn)?;
        self.line.advance();
        // Whoever takes this one out of the line drops the sender.
        waits.await.map_err(|_| Full)
    }

    fn line_up(&self, turn: oneshot::Sender<Turn>) -> Result<(), Full> {
        let (peer, name, number) = (self.peer, self.name, self.number);
        let hashes = &self.line.hashes;
        let mut state = self.line.state();
        let of_name = state.waiting.iter().filter(|one| one.name == name).count();
        let in_the_way = if of_name >= MOST_OF_NAME {
            state.last(hashes, |one| one.name == name)
        } else if state.waiting.len() >= MOST {
            state.last(hashes, |_| true)
        } else {
            None
        };
        if let Some(at) = in_the_way {
            let last = state.waiting.get(at).map(|one| state.rank(hashes, one.peer, one.name, one.number));
            if last.is_none_or(|last| last <= state.rank(hashes, peer, name, number)) {
                return Err(Full);
            }
            state.waiting.swap_remove(at);
        }
        state.waiting.push(Waiting { number, peer, name, turn });
        Ok(())
    }

    /// Remembers that the credentials were wrong.
    pub(super) fn failed(&self) {
        let mut state = self.line.state();
        for cell in [cell_of_peer(&self.line.hashes, self.peer), self.name] {
            let count = state.failures(cell).saturating_add(1).min(MOST_FAILURES);
            state.failures.insert(cell, Failures { count, at: Instant::now() });
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut state = self.line.state();
        state.leave_hand(self.peer);
        state.waiting.retain(|one| one.number != self.number);
    }
}

/// That argon2 may be asked; when it is dropped the next one's turn comes.
#[derive(Debug)]
pub(super) struct Turn {
    line: Arc<Line>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.line.state().running = false;
        self.line.advance();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    /// Whether an attempt is let into the line; it stays there.
    fn waits(attempt: &Attempt) -> Option<oneshot::Receiver<Turn>> {
        let (turn, waits) = oneshot::channel();
        attempt.line_up(turn).ok().map(|()| waits)
    }

    #[tokio::test]
    async fn an_address_has_so_many_places_and_leaves_the_others_to_others() {
        let line = Line::new();
        let all: Vec<_> = (0..MOST_OF_PEER).map(|at| line.enter(peer(1), &at.to_string()).unwrap()).collect();
        assert_eq!(line.enter(peer(1), "x").err(), Some(Full));
        assert!(line.enter(peer(2), "x").is_ok());
        drop(all);
        assert!(line.enter(peer(1), "x").is_ok() && line.state().in_hand.is_empty());
    }

    #[tokio::test]
    async fn who_has_failed_least_goes_first() {
        let line = Line::new();
        let busy = line.enter(peer(9), "busy").unwrap();
        let turn = busy.turn().await.unwrap();
        let (guesser, till) = (line.enter(peer(1), "a").unwrap(), line.enter(peer(2), "till").unwrap());
        guesser.failed();
        let (mut guesses, mut waits_too) = (waits(&guesser).unwrap(), waits(&till).unwrap());
        drop(turn);
        let turn = waits_too.try_recv().unwrap();
        assert!(guesses.try_recv().is_err());
        drop(turn);
        assert!(guesses.try_recv().is_ok());
    }

    #[tokio::test]
    async fn a_full_line_makes_room_for_who_has_failed_less() {
        let line = Line::new();
        let busy = line.enter(peer(255), "busy").unwrap();
        let _turn = busy.turn().await.unwrap();
        let mut crowd = Vec::new();
        for address in 0..16 {
            for name in 0..16 {
                let attempt = line.enter(peer(address), &format!("{address}.{name}")).unwrap();
                attempt.failed();
                let waits = waits(&attempt).unwrap();
                crowd.push((attempt, waits));
            }
        }
        let till = line.enter(peer(100), "till").unwrap();
        let mut waits_too = waits(&till).unwrap();
        assert!(waits_too.try_recv().is_err());
        let closed = oneshot::error::TryRecvError::Closed;
        let out =
            crowd.iter_mut().filter_map(|(_, waits)| waits.try_recv().err()).filter(|why| *why == closed);
        assert_eq!(out.count(), 1);
        let guesser = line.enter(peer(101), "x").unwrap();
        (0..50).for_each(|_| guesser.failed());
        assert!(waits(&guesser).is_none());
    }

    #[tokio::test]
    async fn a_full_line_makes_room_for_who_comes_alone() {
        let line = Line::new();
        let busy = line.enter(peer(255), "busy").unwrap();
        let _turn = busy.turn().await.unwrap();
        let enter = |at: usize| {
            let address = u8::try_from(at % 128).unwrap();
            let attempt = line.enter(peer(address), &at.to_string()).unwrap();
            let waits = waits(&attempt).unwrap();
            (attempt, waits)
        };
        // Nobody has failed yet, and each of them comes twice.
        let crowd: Vec<_> = (0..MOST).map(enter).collect();
        let till = line.enter(peer(200), "till").unwrap();
        let mut waits_too = waits(&till).unwrap();
        assert_eq!(waits_too.try_recv().err(), Some(oneshot::error::TryRecvError::Empty));
        assert_eq!(line.state().waiting.len(), MOST);
        drop(crowd);
    }

    #[tokio::test]
    async fn who_hangs_up_gives_the_turn_on() {
        let line = Line::new();
        let first = line.enter(peer(1), "a").unwrap();
        let turn = first.turn().await.unwrap();
        let (gone, next) = (line.enter(peer(2), "b").unwrap(), line.enter(peer(3), "c").unwrap());
        let (given, mut waits_too) = (waits(&gone).unwrap(), waits(&next).unwrap());
        // It hangs up with the turn in its hand.
        drop(turn);
        drop(given);
        drop(gone);
        assert!(waits_too.try_recv().is_ok());
        assert!(!line.state().running && line.state().waiting.is_empty());
    }

    #[tokio::test]
    async fn failures_are_forgotten_one_by_one() {
        let line = Line::new();
        let attempt = line.enter(peer(1), "a").unwrap();
        (0..3).for_each(|_| attempt.failed());
        assert_eq!(line.state().failures(attempt.name), 3);
        let at = Instant::now().checked_sub(FORGOTTEN).unwrap();
        line.state().failures.insert(attempt.name, Failures { count: 3, at });
        assert_eq!(line.state().failures(attempt.name), 2);
        attempt.failed();
        assert_eq!(line.state().failures(attempt.name), 3);
    }
}
