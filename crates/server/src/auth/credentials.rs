//! The file of users on the disk: who may read it, and how it is replaced.

use std::fmt;
use std::io::{Read, Write};
use std::path::Path;

use target_rules_requests::Credentials;

/// Why credentials can't be used, in words that name the file.
#[derive(Debug)]
pub(crate) struct CredentialsError(String);

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CredentialsError {}

/// Reads a file. Fails where others than its owner may read or change it, and where it is
/// none of users.
pub(crate) fn read_credentials(path: &Path) -> Result<Credentials, CredentialsError> {
    let wrong = |why: &dyn fmt::Display| CredentialsError(format!("{}: {why}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| wrong(&error))?;
    let meta = file.metadata().map_err(|error| wrong(&error))?;
    open_to_others(&meta).map_err(|why| wrong(&why))?;
    let mut text = Vec::new();
    // One byte more says that it is too large.
    let most = u64::try_from(Credentials::LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut text).map_err(|error| wrong(&error))?;
    Credentials::of(&text).map_err(|why| wrong(&why))
}

/// Reads a file that may not be there yet.
pub(crate) fn read_or_new(path: &Path) -> Result<Credentials, CredentialsError> {
    match path.exists() {
        true => read_credentials(path),
        false => Ok(Credentials::default()),
    }
}

/// Writes the file whole, readable for its owner only; another one at this path is
/// replaced in one step, and its owner and permissions stay. Where root makes the first
/// one, it is the owner's of its folder: the service reads it.
pub(crate) fn write_credentials(credentials: &Credentials, path: &Path) -> Result<(), CredentialsError> {
    let wrong = |error: std::io::Error| CredentialsError(format!("{}: {error}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Made for its owner only, as files of this library are.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    file.write_all(credentials.to_text().as_bytes()).map_err(wrong)?;
    as_before(file.as_file(), path, folder).map_err(wrong)?;
    file.as_file().sync_all().map_err(wrong)?;
    file.persist(path).map_err(|error| wrong(error.error))?;
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
    use target_rules_requests::{Role, StoredUser};

    use super::super::password;
    use super::*;

    fn user(name: &str) -> StoredUser {
        let password = password::hash("secret").unwrap();
        StoredUser { name: name.to_owned(), organisation: "shop".to_owned(), role: Role::Read, password }
    }

    #[test]
    fn what_is_written_is_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials.json");
        let mut credentials = read_or_new(&path).unwrap();
        assert!(!credentials.set(user("till")).unwrap());
        assert!(credentials.set(user("till")).unwrap());
        write_credentials(&credentials, &path).unwrap();
        assert_eq!(read_credentials(&path).unwrap(), credentials);
        assert!(credentials.remove("till") && !credentials.remove("till"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
            let refused = read_credentials(&path).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
            // The owner and what she may do stay, whoever writes it.
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
            let root = std::fs::metadata(&path).unwrap().uid() == 0;
            if root {
                std::os::unix::fs::chown(&path, Some(1234), Some(4321)).unwrap();
            }
            let before = std::fs::metadata(&path).unwrap();
            write_credentials(&credentials, &path).unwrap();
            let after = std::fs::metadata(&path).unwrap();
            assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
            if root {
                let folder = tempfile::tempdir().unwrap();
                std::os::unix::fs::chown(folder.path(), Some(1234), Some(4321)).unwrap();
                let first = folder.path().join("credentials.json");
                write_credentials(&credentials, &first).unwrap();
                let made = std::fs::metadata(&first).unwrap();
                assert_eq!((made.uid(), made.gid(), made.mode() & 0o777), (1234, 4321, 0o600));
            }
        }
    }
}
