//! What an application is made with, from what the command line says.

use std::path::Path;

use target_rules::{Limits, Schema};
use target_rules_requests::{check_zone, zones_of};

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
    check_zone(&zones.zone).map_err(|why| format!("--zone: {why}"))?;
    let stated = zones_of(zones.zone_of.iter().map(String::as_str));
    let stated = stated.map_err(|why| format!("--zone-of {why}"))?;
    Ok(AppSettings { schema, limits, zone: zones.zone.clone(), zones: stated })
}
