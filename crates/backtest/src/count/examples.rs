//! Documents that show something: those of the smallest numbers, so that no order shows.

use serde::{Deserialize, Serialize};

use crate::report::ExampleKind;

use super::hash::mixed;
use super::smallest::Smallest;

/// So many examples of each kind.
const MOST: usize = 3;

/// Where an example stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ExampleAt {
    /// By which it was chosen.
    pub(crate) chosen: u64,
    pub(crate) file: String,
    /// Where the split begins that it stands in, and its line there.
    pub(crate) split: u64,
    pub(crate) line: u64,
    pub(crate) number: Option<String>,
    pub(crate) clause: Option<usize>,
}

/// Where the document that is being counted stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'d> {
    pub(crate) file: &'d str,
    pub(crate) split: u64,
    pub(crate) line: u64,
    /// A number of the document.
    pub(crate) document: u64,
    pub(crate) number: Option<&'d str>,
}

/// The examples of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Examples {
    pub(crate) kind: ExampleKind,
    /// By which the choice differs from that of others.
    salt: u64,
    pub(crate) held: Smallest<ExampleAt>,
}

impl Examples {
    pub(crate) fn of(kind: ExampleKind, subject: usize) -> Examples {
        let salt = mixed(u64::try_from(subject).unwrap_or_default(), kind as u64 + 1);
        Examples { kind, salt, held: Smallest::of(MOST) }
    }

    /// Adds the document where it is chosen.
    #[inline]
    pub(crate) fn offer(&mut self, standing: &Standing<'_>, clause: Option<usize>) {
        let chosen = mixed(standing.document, self.salt);
        if self.held.keeps(|last| chosen <= last.chosen) {
            self.held.add(ExampleAt {
                chosen,
                file: standing.file.to_owned(),
                split: standing.split,
                line: standing.line,
                number: standing.number.map(str::to_owned),
                clause,
            });
        }
    }
}
