//! A name and a password, as basic authentication sends them.

use data_encoding::BASE64;

/// How large a name and a password may be together, as they are sent.
const LARGEST: usize = 512;

/// The name and the password of an `Authorization` header; `None` where it has
/// another scheme, is no base64 of UTF-8, has no colon, or is longer than 512
/// bytes. Its cost is linear in the header.
///
/// ```
/// use target_rules_requests::basic_credentials;
/// let (name, password) = basic_credentials("Basic dGlsbDphOmI=").unwrap();
/// assert_eq!((&*name, &*password), ("till", "a:b"));
/// assert_eq!(basic_credentials("Bearer dGlsbDo="), None);
/// ```
pub fn basic_credentials(header: &str) -> Option<(String, String)> {
    if header.len() > LARGEST {
        return None;
    }
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_as_they_are_sent() {
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(basic_credentials("Basic dGlsbDphOmI="), pair("till", "a:b"));
        assert_eq!(basic_credentials("basic dGlsbDo="), pair("till", ""));
        for wrong in ["Basic", "Basic ?", "Bearer dGlsbDo=", "Basic dGlsbA==", ""] {
            assert_eq!(basic_credentials(wrong), None, "{wrong}");
        }
        assert_eq!(basic_credentials(&format!("Basic {}", BASE64.encode(&[b':'; 900]))), None);
    }
}
