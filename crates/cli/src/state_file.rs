//! The file of a state: which one it is, whose turn it is, and how it is
//! replaced.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::{FileExt, TryLockError};

use super::outcome::{Failure, Outcome};
use super::replace::{Beside, behind_links, folder_of};

/// A state that this run reads and replaces, and no other run meanwhile.
pub(crate) struct StateFile {
    /// As it was named.
    given: PathBuf,
    /// Where its links lead.
    path: PathBuf,
    /// INVARIANT: held until the new state is in its place.
    _lock: Lock,
}

impl StateFile {
    /// Takes a state for this run, for which it waits at most so long while
    /// another one has it. Whatever keeps it from being written at the end is
    /// told now, before the work.
    pub(crate) fn claim(given: &Path, wait: Duration, quiet: bool) -> Result<StateFile, Failure> {
        let refused = |error: std::io::Error| unwritable(given, &why(&error));
        match std::fs::metadata(given) {
            Ok(there) => unfit(&there).map_or(Ok(()), |what| Err(unwritable(given, &what)))?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(refused(error)),
        }
        let path = behind_links(given).map_err(refused)?;
        let Some(lock) = Lock::take(&path, wait, || tell_waiting(given, quiet)).map_err(refused)? else {
            return Err(Failure::Usage(format!(
                "{}: another run of `progress` has this state still (waited {} s), so nothing was booked; run it again after that one, or wait longer with `--state-wait SECONDS`",
                given.display(),
                wait.as_secs()
            )));
        };
        let state = StateFile { given: given.to_owned(), path, _lock: lock };
        state.clear_leftovers();
        state.beside(|beside| beside.can_replace(&state.path)).map_err(refused)?;
        Ok(state)
    }

    /// Puts the new state in the place of the old one; then it is the turn of
    /// the next run.
    pub(crate) fn replace(self, content: &[u8]) -> Outcome {
        self.beside(|beside| beside.replace(&self.path, content)).map_err(|error| {
            let why = why(&error);
            unwritable(&self.given, &format!("{why}; it stays as it was before these transactions"))
        })
    }

    fn beside<T>(&self, act: impl FnOnce(&Beside<'_>) -> T) -> T {
        // A state holds the ids of customers: nobody else reads a new one.
        act(&Beside { prefix: &self.prefix(), mode: PRIVATE })
    }

    /// How the names of new states begin until they take the place of the old
    /// one. That of the state is in it, since others may be in its folder, which
    /// other runs have.
    fn prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(name_of(&self.path));
        prefix.push(".");
        prefix
    }

    /// Removes what runs that were killed have left of new states. Nobody writes
    /// one now, for this run has the lock.
    fn clear_leftovers(&self) {
        let prefix = self.prefix();
        let Ok(entries) = std::fs::read_dir(folder_of(&self.path)) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let drawn = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
            let drawn = drawn.and_then(|rest| rest.strip_suffix(Beside::SUFFIX.as_bytes()));
            let is_one = drawn.is_some_and(|drawn| {
                drawn.len() == Beside::DRAWN && drawn.iter().all(u8::is_ascii_alphanumeric)
            });
            if is_one && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                // One that cannot be removed is in nobody's way.
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }
}

/// Who may read and write what nobody has made before.
const PRIVATE: u32 = 0o600;

fn name_of(path: &Path) -> &OsStr {
    path.file_name().unwrap_or(path.as_os_str())
}

/// Why a file that is there is none that a state can take the place of.
fn unfit(there: &Metadata) -> Option<String> {
    if there.is_dir() {
        return Some("this is a folder".to_owned());
    }
    if !there.is_file() {
        return Some(format!("this is {}, not a file", special(there)));
    }
    let names = names(there);
    (names > 1).then(|| {
        format!(
            "this file has {names} names (hard links), and the others would go on to name the old state; make a copy, and name that"
        )
    })
}

#[cfg(unix)]
fn special(there: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = there.file_type();
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: &Metadata) -> &'static str {
    "something else"
}

/// By how many names a file is known.
#[cfg(unix)]
fn names(there: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(there)
}

#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

fn unwritable(given: &Path, why: &str) -> Failure {
    Failure::Usage(format!("{}: the state cannot be written: {why}", given.display()))
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such folder".to_owned(),
        ErrorKind::PermissionDenied => "there is no permission to write there".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "it is on a file system that cannot be written".to_owned(),
        ErrorKind::NotADirectory => "what should be its folder is a file".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "there is no space left for it".to_owned(),
        ErrorKind::FileTooLarge => "it would be larger than a file may be here".to_owned(),
        ErrorKind::InvalidFilename => "its name is too long".to_owned(),
        ErrorKind::Unsupported => "its file system has no locks".to_owned(),
        _ => {
            // The number that the system gives an error helps nobody.
            let message = error.to_string();
            message.split(" (os error").next().unwrap_or(&message).to_owned()
        }
    }
}

fn tell_waiting(given: &Path, quiet: bool) {
    if !quiet {
        let note = format!("note: {}: waiting for another run of `progress`", given.display());
        // Nobody reads standard error any more: there is nothing left to say.
        let _ = writeln!(super::screen::messages(), "{}", target_rules::diagnostic::visible(&note));
    }
}

/// The turn of one run with one state: an advisory lock on a file beside it,
/// which the system takes off when the run ends, however it ends. The state
/// itself cannot carry it, since each run puts another file in its place.
struct Lock {
    file: File,
    path: PathBuf,
}

/// How long a run sleeps before it asks for the lock again.
const PAUSE: Duration = Duration::from_millis(20);
/// After how long it says that it waits.
const SILENT: Duration = Duration::from_secs(1);

impl Lock {
    /// The lock of a state; `None` where another run has it after so long.
    fn take(state: &Path, wait: Duration, tell: impl FnOnce()) -> std::io::Result<Option<Lock>> {
        let mut name = name_of(state).to_owned();
        name.push(".lock");
        let path = folder_of(state).join(name);
        let started = Instant::now();
        let mut tell = Some(tell);
        loop {
            if let Some(lock) = Lock::attempt(&path)? {
                return Ok(Some(lock));
            }
            let waited = started.elapsed();
            if waited >= wait {
                return Ok(None);
            }
            if waited >= SILENT
                && let Some(tell) = tell.take()
            {
                tell();
            }
            std::thread::sleep(PAUSE.min(wait.saturating_sub(waited)));
        }
    }

    /// `None` where another run has it.
    fn attempt(path: &Path) -> std::io::Result<Option<Lock>> {
        loop {
            let Some(file) = open_lock(path)? else { continue };
            // Not the method that `File` has itself since Rust 1.89.
            match FileExt::try_lock(&file) {
                Ok(()) if is_at(&file, path)? => return Ok(Some(Lock { file, path: path.to_owned() })),
                // Who had it has removed it: the next one is another file.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Drop for Lock {
    /// Removes the file while it is locked, so that whoever has opened it sees
    /// that it locks nothing any more.
    fn drop(&mut self) {
        if cfg!(unix) {
            // One that cannot be removed is the next one's.
            drop(std::fs::remove_file(&self.path));
        }
        drop(FileExt::unlock(&self.file));
    }
}

/// Opens the file of a lock, anew or as it is there, never through a link.
/// `None` where it was removed meanwhile.
fn open_lock(path: &Path) -> std::io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        opened => return opened.map(Some),
    }
    let gone =
        |error: std::io::Error| if error.kind() == ErrorKind::NotFound { Ok(None) } else { Err(error) };
    match std::fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => options.open(path).map(Some).or_else(gone),
        Ok(_) => {
            let message = format!("`{}` beside it is no lock, for it is no file", name_of(path).display());
            Err(std::io::Error::other(message))
        }
        Err(error) => gone(error),
    }
}

/// Whether an open file is the one that a path names.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match std::fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where files are not removed, it is.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> std::io::Result<bool> {
    Ok(true)
}
