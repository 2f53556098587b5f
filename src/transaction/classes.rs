//! The names that rules look up in items, regardless of case.

use super::names::Names;

/// Names of look-ups that differ in case only are one class. Whatever key of an
/// item is in it may mean each of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes {
    /// By the name in lower case: the look-ups that have it as a name, or as an
    /// alias of theirs.
    look_ups: Names<Vec<usize>>,
}

impl Classes {
    pub(super) fn is_empty(&self) -> bool {
        self.look_ups.is_empty()
    }

    /// The class of a name in lower case, which a look-up has.
    pub(super) fn add(&mut self, lower: &str, look_up: usize) -> Option<u32> {
        self.look_ups.entry(lower, Vec::new)?.push(look_up);
        self.look_ups.number(lower)
    }

    /// The look-ups of a class.
    pub(super) fn look_ups(&self, class: u32) -> &[usize] {
        self.look_ups.at(class).map_or(&[], Vec::as_slice)
    }

    /// The class of a key, if it has one. `folded` is a buffer.
    pub(super) fn of(&self, key: &str, folded: &mut String) -> Option<u32> {
        if self.is_empty() {
            return None;
        }
        fold(key, folded);
        self.look_ups.number(folded)
    }
}

/// Brings a text to lower case.
fn fold(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else if text.contains('Σ') {
        // This is the only letter whose lower case depends on its position.
        folded.push_str(&text.to_lowercase());
    } else {
        folded.extend(text.chars().flat_map(char::to_lowercase));
    }
}
