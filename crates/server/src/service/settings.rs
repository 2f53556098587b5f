//! What an application is made with, from what the command line says.

use std::collections::HashMap;
use std::path::Path;

use target_rules::{Limits, Schema, Zone};

use crate::config::Zones;

use super::app::AppSettings;

/// Reads a schema file and checks zones. Fails where a zone is none, and where
/// the file can't be read or has faults.
pub(crate) fn app_settings(zones: &Zones, schema: Option<&Path>) -> Result<AppSettings, String> {
    let limits = Limits::default();
    let schema = match schema {
        None => Schema::standard(),
        Some(path) => {
            let wrong = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
            let text = std::fs::read(path).map_err(|error| wrong(&error))?;
            Schema::standard().with(&text[..], &limits).map_err(|found| wrong(&found))?
        }
    };
    let mut stated = HashMap::new();
    for pair in &zones.zone_of {
        let (organisation, zone) = pair
            .split_once('=')
            .ok_or_else(|| format!("--zone-of {pair}: it is such as `shop=Asia/Kolkata`"))?;
        stated.insert(organisation.to_owned(), checked(zone)?);
    }
    Ok(AppSettings { schema, limits, zone: checked(&zones.zone)?, zones: stated })
}

fn checked(zone: &str) -> Result<String, String> {
    match Zone::named(zone) {
        Ok(_) => Ok(zone.to_owned()),
        Err(error) => Err(format!("the time zone `{zone}`: {error}")),
    }
}
