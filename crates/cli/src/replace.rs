//! Files that are written whole.

use std::io::Write;
use std::path::Path;

use tempfile::Builder;

/// Puts a content in the place of a file in one step, so that there is at any
/// time the old one or the new one, and never a part of it. Its permissions are
/// kept; a link stays one, and leads to the new content.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let there = path.try_exists()?;
    let path = if there { path.canonicalize()? } else { path.to_owned() };
    // What is put in the place of another in one step is in the same folder.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = new_file().tempfile_in(folder)?;
    file.write_all(content)?;
    if there {
        file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
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
