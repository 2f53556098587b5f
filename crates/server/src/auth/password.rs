//! Passwords and their argon2 hashes.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};

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

/// What is wrong with a text as an argon2 hash, if anything is.
pub(super) fn fault_of(hash: &str) -> Option<String> {
    let parsed = match PasswordHash::new(hash) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.to_string()),
    };
    if !parsed.algorithm.as_str().starts_with("argon2") {
        return Some(format!("{} is not argon2", parsed.algorithm));
    }
    // Whoever writes the file may ask for more, but not for all memory.
    let most_memory = Params::DEFAULT_M_COST.saturating_mul(16);
    match Params::try_from(&parsed) {
        Ok(params) if params.m_cost() <= most_memory && params.t_cost() <= 64 => None,
        Ok(_) => Some("it takes too much memory or too many rounds".to_owned()),
        Err(error) => Some(error.to_string()),
    }
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
        assert_eq!(fault_of(&hashed), None);
        assert!(fault_of("plain text").is_some());
        assert!(fault_of(&hashed.replace("m=19456", "m=99999999")).is_some());
    }

    #[test]
    fn passwords_are_long_and_differ() {
        let (first, second) = (generate().unwrap(), generate().unwrap());
        assert_ne!(first, second);
        assert_eq!((first.len(), second.len()), (26, 26));
    }
}
