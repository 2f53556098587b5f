//! Passwords and their argon2 hashes.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};

use super::random;

/// The hash of a password, as a text that says how it was made (argon2id, with
/// the memory and rounds that OWASP names as the least).
///
/// Costs some tens of milliseconds and 19 MiB.
pub(crate) fn hash(password: &str) -> std::io::Result<String> {
    let salt = SaltString::encode_b64(&random::bytes::<16>()?).map_err(std::io::Error::other)?;
    let hashed = Argon2::default().hash_password(password.as_bytes(), &salt);
    hashed.map(|hashed| hashed.to_string()).map_err(std::io::Error::other)
}

/// Whether a hash is that of a password. Costs what [`hash`] does.
pub(super) fn is_of(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

/// A password of 26 letters and digits, 130 bits of chance.
pub(crate) fn generate() -> std::io::Result<String> {
    let text = data_encoding::BASE32_NOPAD.encode(&random::bytes::<17>()?).to_lowercase();
    Ok(text.chars().take(26).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_its_password_only() {
        let hashed = hash("a good password").unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(is_of("a good password", &hashed));
        assert!(!is_of("another password", &hashed));
        assert!(!is_of("a good password", "plain text"));
    }

    #[test]
    fn passwords_are_long_and_differ() {
        let (first, second) = (generate().unwrap(), generate().unwrap());
        assert_ne!(first, second);
        assert_eq!((first.len(), second.len()), (26, 26));
    }
}
