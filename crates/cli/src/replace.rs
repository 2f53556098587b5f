//! Files that are written whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Puts a content in the place of a file in one step, so that there is at any
/// time the old one or the new one, and never a part of it. Its permissions are
/// kept; a link stays one, and leads to the new content.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let (mut file, path) = beside(path)?;
    file.write_all(content)?;
    if path.try_exists()? {
        file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// Whether that can be done. What is made for it is removed again.
pub(crate) fn can_replace(path: &Path) -> std::io::Result<()> {
    beside(path).map(drop)
}

/// A new file beside one, and where that is.
fn beside(path: &Path) -> std::io::Result<(NamedTempFile, PathBuf)> {
    let path = if path.try_exists()? { path.canonicalize()? } else { path.to_owned() };
    // What is put in the place of another in one step is in the same folder.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((new_file().tempfile_in(folder)?, path))
}

/// A file beside others, which is removed where it does not take their place.
fn new_file() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".target-rules-").suffix(".new");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As every new file: less what the user keeps from others.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}
