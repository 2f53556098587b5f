//! Values that follow from others, as they are kept for an evaluation.

use crate::value::{DateText, Instant, LocalTime, Zone};

use super::numeric::{Missing, Numeric};

/// A derived value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DerivedValue {
    Missing(Missing),
    Number(Numeric),
    Boolean(bool),
    Time(Time),
}

/// A date as the zone of the evaluation sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    pub(crate) instant: Instant,
    pub(crate) local: LocalTime,
}

impl Time {
    pub(crate) fn of(date: DateText, zone: &Zone) -> Result<Time, Missing> {
        let instant = date.resolve(zone).ok_or(Missing::Fault)?;
        Ok(Time { instant, local: zone.local(instant) })
    }
}
