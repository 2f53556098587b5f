//! Bytes that nobody can guess.

/// So many bytes from the operating system.
///
/// Fails where the system has no source of random bytes.
pub(crate) fn bytes<const COUNT: usize>() -> std::io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}
