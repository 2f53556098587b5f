//! Settings of a server that are texts: which organisation has which time zone.

use std::collections::HashMap;
use std::fmt;

use target_rules::Zone;

use super::fault::quoted;

/// How long the name of a user or an organisation may be, in characters.
const LONGEST_NAME: usize = 64;

/// Why a setting, or a file of settings, is refused: in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault(String);

impl SettingFault {
    pub(super) fn new(message: impl Into<String>) -> SettingFault {
        SettingFault(message.into())
    }
}

impl fmt::Display for SettingFault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for SettingFault {}

/// Names go into headers, logs and rows: plain characters, and no colon, which
/// ends the name where credentials are sent.
pub(super) fn check_name(what: &str, name: &str) -> Result<(), SettingFault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    // Each of these characters is one byte.
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        return Err(SettingFault::new(format!(
            "`{what}` is 1 to {LONGEST_NAME} of the letters a to z and A to Z, digits and `-_.@`"
        )));
    }
    Ok(())
}

/// The time zones of organisations, each written as `shop=Asia/Kolkata`. Its cost is
/// linear in the texts.
///
/// Fails where one has another form, where there is no such zone, and where an
/// organisation has two.
///
/// ```
/// use target_rules_requests::zones_of;
/// assert_eq!(zones_of(["shop=Asia/Kolkata"])?["shop"], "Asia/Kolkata");
/// let refused = zones_of(["shop=Mars"]).unwrap_err();
/// assert_eq!(refused.to_string(), "`shop=Mars`: there is no time zone `Mars`");
/// # Ok::<(), target_rules_requests::SettingFault>(())
/// ```
pub fn zones_of<'p>(
    pairs: impl IntoIterator<Item = &'p str>,
) -> Result<HashMap<String, String>, SettingFault> {
    let mut zones: HashMap<String, String> = HashMap::new();
    for pair in pairs {
        let wrong = |why: &dyn fmt::Display| SettingFault::new(format!("{}: {why}", quoted(pair)));
        let (organisation, zone) =
            pair.split_once('=').ok_or_else(|| wrong(&"it is such as `shop=Asia/Kolkata`"))?;
        check_name("organisation", organisation).map_err(|why| wrong(&why))?;
        check_zone(zone).map_err(|why| wrong(&why))?;
        if zones.insert(organisation.to_owned(), zone.to_owned()).is_some_and(|other| other != zone) {
            return Err(wrong(&"the organisation has another time zone before"));
        }
    }
    Ok(zones)
}

/// Whether there is a time zone of this name. Its cost is linear in the name.
pub fn check_zone(name: &str) -> Result<(), SettingFault> {
    Zone::named(name)
        .map(drop)
        .map_err(|_| SettingFault::new(format!("there is no time zone {}", quoted(name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_has_one_zone_and_a_plain_name() {
        let zones = zones_of(["shop=UTC", "other=Asia/Kolkata", "shop=UTC"]).unwrap();
        assert_eq!((zones.len(), &*zones["shop"], &*zones["other"]), (2, "UTC", "Asia/Kolkata"));
        for (pairs, expected) in [
            (&["shop"][..], "`shop`: it is such as `shop=Asia/Kolkata`"),
            (&["=UTC"], "`=UTC`: `organisation` is 1 to 64 of the letters"),
            (&["a b=UTC"], "`a b=UTC`: `organisation` is 1 to 64 of the letters"),
            (
                &["shop=UTC", "shop=Asia/Kolkata"],
                "`shop=Asia/Kolkata`: the organisation has another time zone",
            ),
            (&["shop="], "`shop=`: there is no time zone ``"),
        ] {
            let refused = zones_of(pairs.iter().copied()).unwrap_err().to_string();
            assert!(refused.starts_with(expected), "{refused}");
        }
        let long = format!("shop={}", "x".repeat(100_000));
        assert!(zones_of([&*long]).unwrap_err().to_string().len() < 500);
    }
}
