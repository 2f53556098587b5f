//! Files that are written whole.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Puts a content in the place of a file in one step, so that there is at any
/// time the old one or the new one, and never a part of it. Its permissions are
/// kept; a link stays one, and leads to the new content.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let beside = Beside { prefix: OsStr::new(".target-rules-"), mode: 0o666 };
    beside.replace(&behind_links(path)?, content)
}

/// How a file is made that is to take the place of another: in the same folder,
/// since only there that is one step.
pub(crate) struct Beside<'f> {
    /// How its name begins; the rest is drawn by lot.
    pub(crate) prefix: &'f OsStr,
    /// Who may read and write it where there is no old file, less what the user
    /// keeps from others.
    pub(crate) mode: u32,
}

impl Beside<'_> {
    /// How many characters of its name are drawn by lot.
    pub(crate) const DRAWN: usize = 12;
    /// How its name ends.
    pub(crate) const SUFFIX: &'static str = ".new";

    /// Puts a content in the place of a file that is no link, with the owner,
    /// the group and the permissions of the old one. Once this returns it is
    /// there after a power cut too.
    pub(crate) fn replace(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        let mut file = self.create(path)?;
        match std::fs::symlink_metadata(path) {
            // Before there is anything in it to be read.
            Ok(old) => take_after(file.as_file(), &old)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync_folder(folder_of(path))
    }

    /// Whether that can be done. What is made for it is removed again.
    pub(crate) fn can_replace(&self, path: &Path) -> std::io::Result<()> {
        self.create(path).map(drop)
    }

    /// A new file, opened anew and never through a link. It is removed where it
    /// does not take the place of the other.
    fn create(&self, path: &Path) -> std::io::Result<NamedTempFile> {
        let mut builder = Builder::new();
        builder.prefix(self.prefix).suffix(Self::SUFFIX).rand_bytes(Self::DRAWN);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(self.mode));
        }
        builder.tempfile_in(folder_of(path))
    }
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How many links may lead on to one another: as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Where a path leads when its links are followed, whether there is anything or
/// not.
pub(crate) fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    if path.try_exists()? {
        return path.canonicalize();
    }
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::symlink_metadata(&path) {
            Ok(there) if there.is_symlink() => path = folder_of(&path).join(std::fs::read_link(&path)?),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(_) | Err(_) => return Ok(path),
        }
    }
    Err(std::io::Error::other("its links lead nowhere"))
}

/// Gives a new file the owner, the group and the permissions of an old one.
#[cfg(unix)]
fn take_after(file: &File, old: &Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let new = file.metadata()?;
    let mut mode = old.mode() & 0o7777;
    // Only the administrator may give files away; a group may be one's own.
    if (new.uid(), new.gid()) != (old.uid(), old.gid())
        && fchown(file, Some(old.uid()), Some(old.gid())).is_err()
        && fchown(file, None, Some(old.gid())).is_err()
    {
        // What the old group could read is not for another one.
        mode &= !0o070;
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn take_after(file: &File, old: &Metadata) -> std::io::Result<()> {
    file.set_permissions(old.permissions())
}

/// Makes sure that a name which was given in a folder is there after a power cut.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot do it, and some folders can be written only.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}
