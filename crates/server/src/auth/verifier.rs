//! Checks names and passwords: by argon2 once, by a keyed hash from then on.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::credentials::Credentials;
use super::role::Role;
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

/// What is known of a name and a password without argon2.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// They are right.
    Right(Caller),
    /// They are wrong.
    Wrong,
    /// Only argon2 can tell, by [`Verifier::verify`].
    Unknown,
}

/// The users, and which passwords were found right since the start.
#[derive(Debug)]
pub(crate) struct Verifier {
    users: HashMap<String, User>,
    /// Made at each start and kept nowhere, so that the hashes of passwords in
    /// memory say nothing to who reads them there.
    key: [u8; 32],
    /// Compared with where there is no such user, so that both take their time.
    nobody: String,
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
    pub(crate) fn new(credentials: Credentials) -> std::io::Result<Verifier> {
        let users = credentials.users.into_iter().map(|user| {
            let caller = Caller {
                name: user.name.as_str().into(),
                organisation: user.organisation.into(),
                role: user.role,
            };
            (user.name, User { caller, hash: user.password, right: OnceLock::new() })
        });
        let (users, key) = (users.collect(), random::bytes()?);
        Ok(Verifier { users, key, nobody: password::hash(&password::generate()?)? })
    }

    /// The organisations that have users.
    pub(crate) fn organisations(&self) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> =
            self.users.values().map(|user| user.caller.organisation.clone()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// What is known at once. Costs one hash of the password; the comparison
    /// takes the same time wherever the hashes differ.
    pub(crate) fn at_once(&self, name: &str, password: &str) -> Verdict {
        let Some(user) = self.users.get(name) else { return Verdict::Unknown };
        match user.right.get() {
            // Two of `blake3::Hash` are compared in constant time.
            Some(right) if *right == self.keyed(password) => Verdict::Right(user.caller.clone()),
            Some(_) => Verdict::Wrong,
            None => Verdict::Unknown,
        }
    }

    /// Who it is, by argon2; remembered where it is right. Blocks for some tens
    /// of milliseconds, for unknown names too.
    pub(crate) fn verify(&self, name: &str, password: &str) -> Option<Caller> {
        let user = self.users.get(name);
        let right = password::is_of(password, user.map_or(&self.nobody, |user| &user.hash));
        let user = user.filter(|_| right)?;
        user.right.get_or_init(|| self.keyed(password));
        Some(user.caller.clone())
    }

    fn keyed(&self, password: &str) -> blake3::Hash {
        blake3::keyed_hash(&self.key, password.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::super::credentials::StoredUser;
    use super::*;

    #[test]
    fn argon2_is_asked_once() {
        let user = StoredUser {
            name: "till".to_owned(),
            organisation: "shop".to_owned(),
            role: Role::Write,
            password: password::hash("right").unwrap(),
        };
        let verifier = Verifier::new(Credentials { users: vec![user] }).unwrap();
        assert!(matches!(verifier.at_once("till", "right"), Verdict::Unknown));
        assert_eq!(verifier.verify("till", "wrong"), None);
        assert_eq!(verifier.verify("nobody", "right"), None);
        assert!(matches!(verifier.at_once("till", "right"), Verdict::Unknown));
        assert_eq!(verifier.verify("till", "right").unwrap().role, Role::Write);
        assert!(matches!(verifier.at_once("till", "right"), Verdict::Right(_)));
        assert!(matches!(verifier.at_once("till", "wrong"), Verdict::Wrong));
    }
}
