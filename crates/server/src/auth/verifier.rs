//! Checks names and passwords: by argon2 once, by a keyed hash from then on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use target_rules_requests::{Credentials, Role};

use super::{password, random};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user's name.
    pub(crate) name: Arc<str>,
    /// The organisation that the user belongs to: nothing of others is shown.
    pub(crate) organisation: Arc<str>,
    /// What the user may do.
    pub(crate) role: Role,
}

/// How many wrong credentials are remembered.
const WRONG: u64 = 1024;

/// The users, and which passwords were found right since the start.
#[derive(Debug)]
pub(crate) struct Verifier {
    users: HashMap<String, User>,
    /// Made at each start and kept nowhere, so that the hashes of passwords in
    /// memory say nothing to who reads them there.
    key: [u8; 32],
    /// What names that nobody has are compared with: the hashes of all users, so
    /// that such names take the time that others take. One that nobody has where
    /// there are no users.
    decoys: Vec<String>,
    /// Credentials that were found wrong, by their keyed hashes, so that a client
    /// that goes on sending them costs nothing. Of those that fall together the
    /// last is kept.
    wrong: Mutex<HashMap<u64, blake3::Hash>>,
}

#[derive(Debug)]
struct User {
    caller: Caller,
    hash: String,
    /// The keyed hash of the right password, once it was given.
    right: OnceLock<blake3::Hash>,
}

impl Verifier {
    /// Takes the users of a file. Fails where there are no random bytes.
    pub(crate) fn new(credentials: &Credentials) -> std::io::Result<Verifier> {
        let users = credentials.users().iter().map(|user| {
            let caller = Caller {
                name: user.name.as_str().into(),
                organisation: user.organisation.as_str().into(),
                role: user.role,
            };
            (user.name.clone(), User { caller, hash: user.password.clone(), right: OnceLock::new() })
        });
        let (users, key): (HashMap<_, User>, _) = (users.collect(), random::bytes()?);
        let mut decoys: Vec<String> = users.values().map(|user| user.hash.clone()).collect();
        if decoys.is_empty() {
            decoys.push(password::hash(&password::generate()?)?);
        }
        Ok(Verifier { users, key, decoys, wrong: Mutex::default() })
    }

    /// The organisations that have users.
    pub(crate) fn organisations(&self) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> =
            self.users.values().map(|user| user.caller.organisation.clone()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Who it is, where the password was found right before. Costs one hash of the
    /// password; the comparison takes the same time wherever the hashes differ.
    pub(crate) fn at_once(&self, name: &str, password: &str) -> Option<Caller> {
        let keyed = self.keyed(&[name, password]);
        let user = self.users.get(name)?;
        // Two of `blake3::Hash` are compared in constant time.
        user.right.get().filter(|right| **right == keyed).map(|_| user.caller.clone())
    }

    /// A keyed hash of credentials, which tells them apart and says nothing else.
    pub(crate) fn key_of(&self, name: &str, password: &str) -> [u8; 32] {
        *self.keyed(&[name, password]).as_bytes()
    }

    /// Whether argon2 has refused them before, as far as that is remembered.
    pub(crate) fn is_known_wrong(&self, name: &str, password: &str) -> bool {
        let keyed = self.keyed(&[name, password]);
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get(&number(&keyed, WRONG)) == Some(&keyed)
    }

    /// Who it is, by argon2; remembered either way. Blocks for some tens of
    /// milliseconds, for unknown names too.
    pub(crate) fn verify(&self, name: &str, password: &str) -> Option<Caller> {
        let user = self.users.get(name);
        let decoy = || {
            let count = u64::try_from(self.decoys.len()).unwrap_or(u64::MAX);
            let at = usize::try_from(number(&self.keyed(&[name]), count)).unwrap_or_default();
            self.decoys.get(at)
        };
        let hash = user.map(|user| &user.hash).or_else(decoy);
        let right = hash.is_some_and(|hash| password::is_of(password, hash));
        let keyed = self.keyed(&[name, password]);
        match user.filter(|_| right) {
            Some(user) => {
                user.right.get_or_init(|| keyed);
                Some(user.caller.clone())
            }
            None => {
                let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
                wrong.insert(number(&keyed, WRONG), keyed);
                None
            }
        }
    }

    /// A keyed hash of texts; a name has no zero byte, so no two pairs are written alike.
    fn keyed(&self, texts: &[&str]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        for text in texts {
            hasher.update(text.as_bytes()).update(b"\0");
        }
        hasher.finalize()
    }
}

/// A number below `end` that follows from a hash.
fn number(hash: &blake3::Hash, end: u64) -> u64 {
    let first = hash.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
    first.checked_rem(end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use target_rules_requests::StoredUser;

    use super::*;

    fn verifier() -> Verifier {
        let user = StoredUser {
            name: "till".to_owned(),
            organisation: "shop".to_owned(),
            role: Role::Write,
            password: password::hash("right").unwrap(),
        };
        let mut credentials = Credentials::default();
        credentials.set(user).unwrap();
        Verifier::new(&credentials).unwrap()
    }

    #[test]
    fn argon2_is_asked_once() {
        let verifier = verifier();
        assert_eq!(verifier.at_once("till", "right"), None);
        assert_eq!(verifier.verify("till", "right").unwrap().role, Role::Write);
        assert!(verifier.at_once("till", "right").is_some());
        assert_eq!(verifier.at_once("till", "wrong"), None);
        assert!(!verifier.is_known_wrong("till", "right"));
    }

    #[test]
    fn names_that_nobody_has_are_treated_as_others_are() {
        let verifier = verifier();
        for name in ["till", "nobody"] {
            assert!(!verifier.is_known_wrong(name, "wrong"), "{name}");
            assert_eq!(verifier.verify(name, "wrong"), None, "{name}");
            assert!(verifier.is_known_wrong(name, "wrong"), "{name}");
        }
        // It is compared with the hash of `till`, whose password this is.
        assert_eq!(verifier.verify("nobody", "right"), None);
        assert!(verifier.verify("till", "right").is_some());
        let alone = Verifier::new(&Credentials::default()).unwrap();
        assert_eq!(alone.verify("nobody", "right"), None);
    }
}
