//! Who goes on when: batches of the same customers, and changes of the catalogue
//! that they book by. Different customers are worked on side by side. SQLite locks
//! the whole file, and only to write.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wanted {
    /// The catalogue of an organisation, to book by it beside others.
    Share(i64),
    /// The same alone, to change it.
    Catalogue(i64),
    /// The row of a customer of an organisation, alone.
    Row(i64, i64),
}

impl Wanted {
    /// In which queue one waits for it.
    fn queue(self) -> (i64, Option<i64>) {
        match self {
            Wanted::Share(organisation) | Wanted::Catalogue(organisation) => (organisation, None),
            Wanted::Row(organisation, customer) => (organisation, Some(customer)),
        }
    }

    fn is_shared(self) -> bool {
        matches!(self, Wanted::Share(_))
    }
}

/// The queues. Whoever comes first goes first, in each of them: nobody is overtaken
/// by somebody who wants the same, however much she wants.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<Queues>);

#[derive(Debug, Default)]
struct Queues {
    /// The number of who comes next.
    next: u64,
    /// Whoever has something, or waits for it, in the order in which they came.
    places: HashMap<(i64, Option<i64>), VecDeque<Place>>,
    waiting: HashMap<u64, Waiting>,
}

/// A place in a queue.
#[derive(Debug)]
struct Place {
    of: u64,
    shared: bool,
    /// Whether nobody stands before it whom it waits for.
    has_it: bool,
}

#[derive(Debug)]
struct Waiting {
    /// In how many queues she waits.
    queues: usize,
    /// Told when she waits in none.
    may_go: Arc<Condvar>,
}

/// What somebody has until this is dropped.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    number: u64,
    wanted: Vec<Wanted>,
}

impl Turns {
    /// Waits until all of it can be had at once. Nothing may stand there twice.
    ///
    /// INVARIANT: all places are taken in one step, so that of two who wait for each
    /// other's things one came first in all of the queues: nobody waits in a circle.
    pub(crate) fn take(&self, wanted: Vec<Wanted>) -> Turn<'_> {
        let mut queues = self.lock();
        let number = queues.next;
        queues.next = number.wrapping_add(1);
        let mut lacking = 0_usize;
        for one in &wanted {
            lacking = lacking.saturating_add(usize::from(!queues.stand(number, *one)));
        }
        let turn = Turn { turns: self, number, wanted };
        if lacking > 0 {
            let may_go = Arc::new(Condvar::new());
            queues.waiting.insert(number, Waiting { queues: lacking, may_go: may_go.clone() });
            let waits = |queues: &mut Queues| queues.waiting.contains_key(&number);
            drop(may_go.wait_while(queues, waits).unwrap_or_else(PoisonError::into_inner));
        }
        turn
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queues {
    /// Takes the last place in a queue; whether nobody before it is waited for.
    fn stand(&mut self, of: u64, wanted: Wanted) -> bool {
        let queue = self.places.entry(wanted.queue()).or_default();
        let shared = wanted.is_shared();
        let has_it = if shared { queue.iter().all(|before| before.shared) } else { queue.is_empty() };
        queue.push_back(Place { of, shared, has_it });
        has_it
    }

    /// Leaves a queue, and lets those go on who waited for that.
    fn leave(&mut self, of: u64, wanted: Wanted) {
        let Some(queue) = self.places.get_mut(&wanted.queue()) else { return };
        queue.retain(|place| place.of != of);
        if queue.is_empty() {
            self.places.remove(&wanted.queue());
            return;
        }
        let alone = queue.front().is_some_and(|first| !first.shared);
        let first = if alone { 1 } else { usize::MAX };
        for place in queue.iter_mut().take(first).take_while(|place| place.shared || alone) {
            if !std::mem::replace(&mut place.has_it, true)
                && let Some(waiting) = self.waiting.get_mut(&place.of)
            {
                waiting.queues = waiting.queues.saturating_sub(1);
                if waiting.queues == 0 {
                    waiting.may_go.notify_one();
                    self.waiting.remove(&place.of);
                }
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queues = self.turns.lock();
        for wanted in &self.wanted {
            queues.leave(self.number, *wanted);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread::Scope;
    use std::time::Duration;

    use super::*;

    /// Somebody on a thread of her own, who tells when she has what she wants, and
    /// keeps it until she is let go.
    struct Somebody {
        has_it: Receiver<()>,
        lets_go: Sender<()>,
    }

    impl Somebody {
        fn who_wants<'s>(scope: &'s Scope<'s, '_>, turns: &'s Turns, wanted: Vec<Wanted>) -> Somebody {
            let ((has, has_it), (lets_go, let_go)) = (channel(), channel());
            let before = turns.lock().next;
            scope.spawn(move || {
                let _turn = turns.take(wanted);
                has.send(()).unwrap();
                let _ = let_go.recv();
            });
            while turns.lock().next == before {
                std::thread::yield_now();
            }
            Somebody { has_it, lets_go }
        }

        fn has_it(&self) {
            self.has_it.recv_timeout(Duration::from_secs(20)).unwrap();
        }

        fn waits(&self) {
            self.has_it.recv_timeout(Duration::from_millis(50)).unwrap_err();
        }

        fn lets_go(self) {
            drop(self.lets_go);
        }
    }

    const fn row(customer: i64) -> Wanted {
        Wanted::Row(1, customer)
    }

    #[test]
    fn who_comes_first_goes_first_and_strangers_go_beside_them() {
        let turns = Turns::default();
        std::thread::scope(|scope| {
            let wants = |wanted: &[Wanted]| Somebody::who_wants(scope, &turns, wanted.to_vec());
            let first = wants(&[row(1)]);
            first.has_it();
            let large = wants(&[row(1), row(2)]);
            large.waits();
            // The row is free, and it is the large one's.
            let later = wants(&[row(2)]);
            let stranger = wants(&[row(3), Wanted::Row(2, 1)]);
            stranger.has_it();
            later.waits();
            first.lets_go();
            large.has_it();
            later.waits();
            large.lets_go();
            later.has_it();
            later.lets_go();
            stranger.lets_go();
        });
        assert!(turns.lock().places.is_empty() && turns.lock().waiting.is_empty());
    }

    #[test]
    fn a_catalogue_is_shared_by_those_who_book_and_changed_between_them() {
        let turns = Turns::default();
        std::thread::scope(|scope| {
            let wants = |wanted: &[Wanted]| Somebody::who_wants(scope, &turns, wanted.to_vec());
            let (one, other) = (wants(&[Wanted::Share(1), row(1)]), wants(&[Wanted::Share(1), row(2)]));
            one.has_it();
            other.has_it();
            let change = wants(&[Wanted::Catalogue(1)]);
            let after = [wants(&[Wanted::Share(1), row(3)]), wants(&[Wanted::Share(1), row(4)])];
            let elsewhere = wants(&[Wanted::Catalogue(2)]);
            elsewhere.has_it();
            other.lets_go();
            change.waits();
            one.lets_go();
            change.has_it();
            after.iter().for_each(Somebody::waits);
            change.lets_go();
            after.iter().for_each(Somebody::has_it);
            after.into_iter().for_each(Somebody::lets_go);
            elsewhere.lets_go();
        });
        assert!(turns.lock().places.is_empty() && turns.lock().waiting.is_empty());
    }

    #[test]
    fn who_fails_lets_go() {
        let turns = Turns::default();
        let failed = std::thread::scope(|scope| {
            let fails = scope.spawn(|| {
                let _turn = turns.take(vec![row(1)]);
                panic!("on purpose");
            });
            fails.join()
        });
        assert!(failed.is_err());
        drop(turns.take(vec![row(1)]));
    }
}
