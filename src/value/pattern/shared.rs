//! Equal patterns are compiled once: all rules of a process share them.

use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use hashbrown::HashMap;

use super::affixes::Affixes;
use super::engine::Engine;
use super::parse::Source;

/// A pattern that equal ones share.
pub(super) struct Compiled {
    pub(super) text: Arc<str>,
    pub(super) whole: bool,
    pub(super) affixes: Option<Affixes>,
    pub(super) states: usize,
    /// Its bytes when compiled.
    pub(super) size: usize,
    /// Its steps for a character of a text.
    pub(super) steps: usize,
    pub(super) engine: Engine,
}

impl Drop for Compiled {
    fn drop(&mut self) {
        forget(&self.text, self.whole);
    }
}

type Patterns = HashMap<Source, Weak<Compiled>>;

static PATTERNS: LazyLock<Mutex<Patterns>> = LazyLock::new(Mutex::default);

fn with<T>(run: impl FnOnce(&mut Patterns) -> T) -> T {
    // What a thread that panicked has left behind is whole: each change is one.
    run(&mut PATTERNS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The pattern of a source, if some rule has it.
pub(super) fn find(text: &str, whole: bool) -> Option<Arc<Compiled>> {
    let source = (Arc::from(text), whole);
    with(|patterns| patterns.get(&source).and_then(Weak::upgrade))
}

/// Shares a pattern with those who ask for it next.
pub(super) fn share(compiled: &Arc<Compiled>) {
    let source = (Arc::clone(&compiled.text), compiled.whole);
    with(|patterns| patterns.insert(source, Arc::downgrade(compiled)));
}

/// Forgets a pattern that nobody has any more.
fn forget(text: &Arc<str>, whole: bool) {
    let source = (Arc::clone(text), whole);
    with(|patterns| {
        // Another one may have been shared since.
        if patterns.get(&source).is_some_and(|pattern| pattern.strong_count() == 0) {
            patterns.remove(&source);
        }
        if patterns.is_empty() {
            patterns.shrink_to_fit();
        }
    });
}
