//! The same credentials, sent several times at once, are checked once: a client
//! that comes with many connections takes one place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Which credentials are being checked, by their keyed hashes.
#[derive(Debug, Default)]
pub(super) struct Together {
    checked: Mutex<HashMap<[u8; 32], watch::Receiver<()>>>,
}

/// Who checks credentials, or waits for who does.
#[derive(Debug)]
pub(super) enum Part {
    /// They are checked by this one; the others go on when it is dropped.
    First(First),
    /// They are being checked.
    Other(watch::Receiver<()>),
}

/// The one that checks.
#[derive(Debug)]
pub(super) struct First {
    together: Arc<Together>,
    key: [u8; 32],
    _told: watch::Sender<()>,
}

impl Together {
    /// The part of who comes with these credentials now.
    pub(super) fn join(self: &Arc<Together>, key: [u8; 32]) -> Part {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = checked.get(&key) {
            return Part::Other(first.clone());
        }
        let (told, waits) = watch::channel(());
        checked.insert(key, waits);
        Part::First(First { together: self.clone(), key, _told: told })
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let mut checked = self.together.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_others_go_on_when_the_first_has_ended() {
        let together = Arc::<Together>::default();
        let Part::First(first) = together.join([1; 32]) else { panic!("nobody was there") };
        let Part::Other(mut waits) = together.join([1; 32]) else { panic!("one is there") };
        assert!(matches!(together.join([2; 32]), Part::First(_)));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), waits.changed()).await.is_err());
        drop(first);
        assert!(waits.changed().await.is_err());
        assert!(matches!(together.join([1; 32]), Part::First(_)));
        assert!(together.checked.lock().unwrap().is_empty());
    }
}
