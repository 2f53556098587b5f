//! The file of credentials: users, with argon2 hashes of their passwords.

use std::fmt;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::password;
use super::role::Role;

/// How large the file may be, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;
/// How long the name of a user or an organisation may be, in characters.
const LONGEST_NAME: usize = 64;

/// A user as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredUser {
    /// The name that is given with the password.
    pub(crate) name: String,
    /// The organisation whose targets and customers the user works with.
    pub(crate) organisation: String,
    /// What the user may do.
    pub(crate) role: Role,
    /// The argon2 hash of the password.
    pub(crate) password: String,
}

/// The users of a file, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// In the order in which they were added.
    pub(crate) users: Vec<StoredUser>,
}

/// Why credentials can't be used, in words that name the file.
#[derive(Debug)]
pub(crate) struct CredentialsError(String);

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CredentialsError {}

impl Credentials {
    /// Reads a file. Fails where others than its owner may read or change it,
    /// where it is too large or of another shape, and where a user is faulty.
    pub(crate) fn read(path: &Path) -> Result<Credentials, CredentialsError> {
        let wrong = |why: String| CredentialsError(format!("{}: {why}", path.display()));
        let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
        let meta = file.metadata().map_err(|error| wrong(error.to_string()))?;
        open_to_others(&meta).map_err(wrong)?;
        let mut text = String::new();
        let read = file.take(LARGEST_FILE + 1).read_to_string(&mut text);
        let read = read.map_err(|error| wrong(error.to_string()))?;
        if u64::try_from(read).unwrap_or(u64::MAX) > LARGEST_FILE {
            return Err(wrong(format!("is larger than {LARGEST_FILE} bytes")));
        }
        // The message of serde_json has no value of the file in it but for keys.
        let credentials: Credentials = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("is no file of credentials: {error}")))?;
        for (at, user) in credentials.users.iter().enumerate() {
            user.check().map_err(|why| wrong(format!("`/users/{at}`: {why}")))?;
            if credentials.users.iter().take(at).any(|other| other.name == user.name) {
                return Err(wrong(format!("the user `{}` stands there twice", user.name)));
            }
        }
        Ok(credentials)
    }

    /// Reads a file that may not be there yet.
    pub(crate) fn read_or_new(path: &Path) -> Result<Credentials, CredentialsError> {
        match path.exists() {
            true => Credentials::read(path),
            false => Ok(Credentials::default()),
        }
    }

    /// Writes the file whole, readable for its owner only; another one at this
    /// path is replaced in one step, and its owner and permissions stay. Where root
    /// makes the first one, it is the owner's of its folder: the service reads it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), CredentialsError> {
        let wrong = |error: std::io::Error| CredentialsError(format!("{}: {error}", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // Made for its owner only, as files of this library are.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
        let text = serde_json::to_string_pretty(self).map_err(|error| wrong(error.into()))?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(wrong)?;
        as_before(file.as_file(), path, folder).map_err(wrong)?;
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(path).map_err(|error| wrong(error.error))?;
        Ok(())
    }

    /// Adds a user, or gives one of that name another password, organisation and
    /// role. Whether the user was there.
    pub(crate) fn set(&mut self, user: StoredUser) -> Result<bool, CredentialsError> {
        user.check().map_err(CredentialsError)?;
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
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.users.len();
        self.users.retain(|user| user.name != name);
        self.users.len() < before
    }
}

impl StoredUser {
    fn check(&self) -> Result<(), String> {
        check_name("name", &self.name)?;
        check_name("organisation", &self.organisation)?;
        match password::fault_of(&self.password) {
            Some(why) => Err(format!("`password` is no argon2 hash: {why}")),
            None => Ok(()),
        }
    }
}

/// Names go into headers, logs and rows: plain characters, and no colon, which
/// ends the name where credentials are sent.
fn check_name(what: &str, name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    let long = name.chars().count() > LONGEST_NAME;
    if name.is_empty() || long || !name.chars().all(plain) {
        return Err(format!(
            "`{what}` is 1 to {LONGEST_NAME} of the letters a to z and A to Z, digits and `-_.@`"
        ));
    }
    Ok(())
}

/// Gives a new file the owner and the permissions of the one before; where there
/// is none, the owner of its folder.
#[cfg(unix)]
fn as_before(file: &std::fs::File, path: &Path, folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (made, before) = (file.metadata()?, std::fs::metadata(path).ok());
    let owner = match &before {
        Some(before) => (before.uid(), before.gid()),
        // Nobody but root can give a file away.
        None if made.uid() == 0 => std::fs::metadata(folder).map(|folder| (folder.uid(), folder.gid()))?,
        None => return Ok(()),
    };
    if owner != (made.uid(), made.gid()) {
        fchown(file, Some(owner.0), Some(owner.1))?;
    }
    match before {
        // What others might do with it was refused when it was read.
        Some(before) => file.set_permissions(std::fs::Permissions::from_mode(before.mode() & 0o700)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn as_before(_: &std::fs::File, _: &Path, _: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn open_to_others(meta: &std::fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    match meta.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => Err("others than its owner may read or change it; run `chmod 600` on it".to_owned()),
    }
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> StoredUser {
        let password = password::hash("secret").unwrap();
        StoredUser { name: name.to_owned(), organisation: "shop".to_owned(), role: Role::Read, password }
    }

    #[test]
    fn what_is_written_is_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials.json");
        let mut credentials = Credentials::read_or_new(&path).unwrap();
        assert!(!credentials.set(user("till")).unwrap());
        assert!(credentials.set(user("till")).unwrap());
        credentials.write(&path).unwrap();
        assert_eq!(Credentials::read(&path).unwrap(), credentials);
        assert!(credentials.remove("till") && !credentials.remove("till"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
            let refused = Credentials::read(&path).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
            // The owner and what she may do stay, whoever writes it.
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
            let root = std::fs::metadata(&path).unwrap().uid() == 0;
            if root {
                std::os::unix::fs::chown(&path, Some(1234), Some(4321)).unwrap();
            }
            let before = std::fs::metadata(&path).unwrap();
            credentials.write(&path).unwrap();
            let after = std::fs::metadata(&path).unwrap();
            assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
            if root {
                let folder = tempfile::tempdir().unwrap();
                std::os::unix::fs::chown(folder.path(), Some(1234), Some(4321)).unwrap();
                let first = folder.path().join("credentials.json");
                credentials.write(&first).unwrap();
                let made = std::fs::metadata(&first).unwrap();
                assert_eq!((made.uid(), made.gid(), made.mode() & 0o777), (1234, 4321, 0o600));
            }
        }
    }

    #[test]
    fn names_that_end_or_break_a_header_are_refused() {
        for name in ["", "a:b", "a b", "a\nb", &"x".repeat(65)] {
            assert!(Credentials::default().set(user(name)).is_err(), "{name:?}");
        }
    }
}
