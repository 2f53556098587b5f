//! The file of users: their organisations and roles, with argon2 hashes of their passwords.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use argon2::Params;
use argon2::password_hash::PasswordHash;
use serde::{Deserialize, Serialize};

use super::fault::json_fault;
use super::setting::{SettingFault, check_name};

/// What a user may do, each role also what those before it may. The platform calls
/// these access groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum Role {
    /// Ask: targets, progress, decisions without booking.
    Read,
    /// Book transactions, enrol and withdraw customers.
    Write,
    /// Change groups and targets; erase and export customers.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 3] = [Role::Read, Role::Write, Role::Admin];

    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            Role::Read => "read",
            Role::Write => "write",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = SettingFault;

    fn from_str(word: &str) -> Result<Role, SettingFault> {
        let role = Role::ALL.into_iter().find(|role| role.word() == word);
        role.ok_or_else(|| SettingFault::new("a role is `read`, `write` or `admin`"))
    }
}

impl TryFrom<String> for Role {
    type Error = SettingFault;

    fn try_from(word: String) -> Result<Role, SettingFault> {
        word.parse()
    }
}

/// A user as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a user, an object")]
pub struct StoredUser {
    /// The name that is given with the password.
    pub name: String,
    /// The organisation whose targets and customers the user works with.
    pub organisation: String,
    /// What the user may do.
    pub role: Role,
    /// The argon2 hash of the password.
    pub password: String,
}

/// The users of a file, each name once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Credentials {
    /// In the order in which they were added.
    users: Vec<StoredUser>,
}

impl Credentials {
    /// How large a file may be, in bytes.
    pub const LARGEST: usize = 1024 * 1024;

    /// Reads the text of a file. Its cost is linear in it; nothing is hashed.
    ///
    /// Fails where it is larger than [`Credentials::LARGEST`] or of another shape, where a
    /// user is faulty, and where a name stands there twice. No message quotes a password.
    ///
    /// ```
    /// use target_rules_requests::Credentials;
    /// assert!(Credentials::of(br#"{"users": []}"#)?.users().is_empty());
    /// let refused = Credentials::of(b"{}").unwrap_err();
    /// assert!(refused.to_string().starts_with("it is no file of users: missing field `users`"));
    /// # Ok::<(), target_rules_requests::SettingFault>(())
    /// ```
    pub fn of(text: &[u8]) -> Result<Credentials, SettingFault> {
        if text.len() > Credentials::LARGEST {
            return Err(SettingFault::new(format!("it is larger than {} bytes", Credentials::LARGEST)));
        }
        let text = std::str::from_utf8(text).map_err(|_| SettingFault::new("it is not UTF-8"))?;
        let credentials: Credentials = serde_json::from_str(text)
            .map_err(|error| SettingFault::new(format!("it is no file of users: {}", unquoted(&error))))?;
        let mut names = HashSet::with_capacity(credentials.users.len());
        for (at, user) in credentials.users.iter().enumerate() {
            user.check().map_err(|why| SettingFault::new(format!("`/users/{at}`: {why}")))?;
            if !names.insert(&user.name) {
                return Err(SettingFault::new(format!("the user `{}` stands there twice", user.name)));
            }
        }
        Ok(credentials)
    }

    /// The users, in the order in which they were added.
    pub fn users(&self) -> &[StoredUser] {
        &self.users
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        // INVARIANT: texts can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Adds a user, or gives one of that name another password, organisation and role.
    /// Whether the user was there. Fails where the user is faulty.
    pub fn set(&mut self, user: StoredUser) -> Result<bool, SettingFault> {
        user.check()?;
        match self.users.iter_mut().find(|other| other.name == user.name) {
            Some(other) => {
                *other = user;
                Ok(true)
            }
            None => {
                self.users.push(user);
                Ok(false)
            }
        }
    }

    /// Takes a user out. Whether there was one of that name.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.users.len();
        self.users.retain(|user| user.name != name);
        self.users.len() < before
    }
}

impl StoredUser {
    fn check(&self) -> Result<(), SettingFault> {
        check_name("name", &self.name)?;
        check_name("organisation", &self.organisation)?;
        match fault_of(&self.password) {
            Some(why) => Err(SettingFault::new(format!("`password` is no argon2 hash: {why}"))),
            None => Ok(()),
        }
    }
}

/// What is wrong with a text as an argon2 hash, if anything is.
fn fault_of(hash: &str) -> Option<&'static str> {
    let Ok(parsed) = PasswordHash::new(hash) else { return Some("it has another form than `$argon2id$...`") };
    if !["argon2d", "argon2i", "argon2id"].contains(&parsed.algorithm.as_str()) {
        return Some("it is of another algorithm");
    }
    // Whoever writes the file may ask for more than is usual, but not for all memory.
    let most_memory = Params::DEFAULT_M_COST.saturating_mul(16);
    match Params::try_from(&parsed) {
        Ok(params) if params.m_cost() <= most_memory && params.t_cost() <= 64 => None,
        Ok(_) => Some("it takes too much memory or too many rounds"),
        Err(_) => Some("what it says of memory, rounds or lanes can't be"),
    }
}

/// What is wrong, without a text that stands where none is expected: it may be a
/// password.
fn unquoted(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    for kind in ["invalid type: ", "invalid value: "] {
        let quoted = whole.strip_prefix(kind).and_then(|rest| rest.strip_prefix("string \""));
        // What stands behind the text has no quotes.
        if let Some((_, after)) = quoted.and_then(|quoted| quoted.rsplit_once('"')) {
            return format!("{kind}a text{after}");
        }
    }
    json_fault(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY$\
        1mJ7mK4mFKzVq0YyC4X9v0l3b2z1n8s7q6p5o4r3t2E";

    fn user(name: &str, password: &str) -> StoredUser {
        let (name, organisation, password) = (name.to_owned(), "shop".to_owned(), password.to_owned());
        StoredUser { name, organisation, role: Role::Read, password }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut credentials = Credentials::default();
        assert!(!credentials.set(user("till", HASH)).unwrap());
        assert!(credentials.set(user("till", HASH)).unwrap());
        assert_eq!(Credentials::of(credentials.to_text().as_bytes()).unwrap(), credentials);
        assert!(credentials.remove("till") && !credentials.remove("till"));
    }

    #[test]
    fn names_that_end_or_break_a_header_are_refused() {
        for name in ["", "a:b", "a b", "a\nb", &"x".repeat(65)] {
            assert!(Credentials::default().set(user(name, HASH)).is_err(), "{name:?}");
        }
    }

    #[test]
    fn what_is_no_argon2_hash_or_takes_too_much_is_refused() {
        for (hash, why) in [
            ("plain text", "it has another form"),
            (&HASH.replace("argon2id", "scrypt"), "it is of another algorithm"),
            (&HASH.replace("argon2id", "argon2x"), "it is of another algorithm"),
            (&HASH.replace("m=19456", "m=99999999"), "it takes too much memory"),
            (&HASH.replace("t=2", "t=65"), "it takes too much memory"),
            (&HASH.replace("m=19456", "m=1"), "what it says of memory"),
        ] {
            let refused = Credentials::default().set(user("till", hash)).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("`password` is no argon2 hash: {why}")), "{refused}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_without_passwords() {
        let file = |users: &str| format!("{{\"users\": [{users}]}}");
        let one = serde_json::to_string(&user("till", HASH)).unwrap();
        for (text, expected) in [
            ("[]".to_owned(), "it is no file of users: invalid length 0"),
            (file("\"secret\""), "it is no file of users: invalid type: a text"),
            (file(&format!("{one},{one}")), "the user `till` stands there twice"),
            (file(&one.replace("till", "t l")), "`/users/0`: `name` is 1 to 64 of the letters"),
            (file(&one.replace("$argon2id", "secret")), "`/users/0`: `password` is no argon2 hash: it has"),
            (
                file(&one.replace("\"read\"", "\"all\"")),
                "it is no file of users: a role is `read`, `write` or `admin`",
            ),
            (" ".repeat(Credentials::LARGEST + 1), "it is larger than 1048576 bytes"),
        ] {
            let refused = Credentials::of(text.as_bytes()).unwrap_err().to_string();
            assert!(refused.starts_with(expected) && !refused.contains("secret"), "{refused}");
        }
    }
}
