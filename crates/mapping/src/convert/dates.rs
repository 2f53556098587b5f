//! Dates as people and programs write them.

use jiff::fmt::strtime::BrokenDownTime;
use target_rules::diagnostic::excerpt;
use target_rules::json::Kind;
use target_rules::transaction::Written;
use target_rules::value::{DateText, LocalTime};
use target_rules::{Instant, Zone};

use crate::file::Epoch;

/// How dates are written.
#[derive(Debug, Default)]
pub(super) struct DateForm {
    pub(super) date: Option<String>,
    pub(super) epoch: Option<Epoch>,
    pub(super) zone: Option<Zone>,
}

/// Why a text is no format of dates; `None` where it is one.
pub(crate) fn format_fault(format: &str) -> Option<String> {
    // A date must come of it, so one is written by the format and read again.
    let sample = jiff::civil::date(2026, 3, 7).at(13, 20, 21, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let written = match jiff::fmt::strtime::format(format, &sample) {
        Ok(written) => written,
        Err(error) => return Some(error.to_string()),
    };
    match BrokenDownTime::parse(format, &written).and_then(|read| read.to_date()) {
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    }
}

/// Converts a date to milliseconds from 1970, or to a local time where nothing
/// says in which zone it is.
pub(super) fn convert(converter: &DateForm, value: Written<'_>, into: &mut String) -> Result<Kind, String> {
    let Written { kind, text } = value;
    if let Some(epoch) = converter.epoch {
        return of_epoch(epoch, text.trim(), into).ok_or_else(|| {
            let unit = if epoch == Epoch::Seconds { "seconds" } else { "milliseconds" };
            format!("must be {unit} from 1970, is `{}`", excerpt(text))
        });
    }
    let read = match &converter.date {
        Some(format) => by_format(format, text.trim()),
        None if kind == Kind::Number => {
            into.push_str(text);
            return Ok(Kind::Number);
        }
        None => DateText::parse(text.trim()),
    };
    let instant = match (read, &converter.zone) {
        (DateText::Invalid, _) => {
            let form = converter.date.as_deref().unwrap_or("%Y-%m-%dT%H:%M:%S");
            return Err(format!("must be a date such as `{}`, is `{}`", sample(form), excerpt(text)));
        }
        (DateText::Local(local), None) => {
            write_local(local, into);
            return Ok(Kind::String);
        }
        (DateText::Local(local), Some(zone)) => {
            zone.instant(local).map_err(|error| format!("is a date that {error}"))?
        }
        (DateText::Instant(instant), _) => instant,
    };
    into.push_str(&instant.milliseconds().to_string());
    Ok(Kind::Number)
}

fn of_epoch(epoch: Epoch, text: &str, into: &mut String) -> Option<Kind> {
    into.push_str(text);
    let (sign, plain) = text.strip_prefix('-').map_or(("", text), |plain| ("-", plain));
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || whole.len() > 15 {
        return None;
    }
    into.clear();
    into.push_str(sign);
    into.push_str(whole);
    if epoch == Epoch::Seconds {
        // Thousandths are kept; a date has no finer ones.
        let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
        into.push_str(&thousandths);
    }
    Some(Kind::Number)
}

fn by_format(format: &str, text: &str) -> DateText {
    let Ok(read) = BrokenDownTime::parse(format, text) else { return DateText::Invalid };
    let (Ok(date), time) = (read.to_date(), read.to_time().unwrap_or_default()) else {
        return DateText::Invalid;
    };
    let Ok(day) = LocalTime::midnight(date.year().into(), date.month().into(), date.day().into()) else {
        return DateText::Invalid;
    };
    let seconds = i64::from(time.hour())
        .saturating_mul(3600)
        .saturating_add(i64::from(time.minute()).saturating_mul(60))
        .saturating_add(time.second().into());
    let milliseconds = seconds
        .saturating_mul(1000)
        .saturating_add(i64::from(time.subsec_nanosecond()).div_euclid(1_000_000));
    let local = day.milliseconds().saturating_add(milliseconds);
    match read.offset() {
        Some(offset) => {
            let ahead = i64::from(offset.seconds()).saturating_mul(1000);
            Instant::from_milliseconds(local.saturating_sub(ahead))
                .map_or(DateText::Invalid, DateText::Instant)
        }
        None => LocalTime::from_milliseconds(local).map_or(DateText::Invalid, DateText::Local),
    }
}

/// Whether a text is a date in a format.
pub(crate) fn by_format_is_date(format: &str, text: &str) -> bool {
    by_format(format, text) != DateText::Invalid
}

fn write_local(local: LocalTime, into: &mut String) {
    let (year, month, day) = local.date();
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    into.push_str(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"));
    let thousandths = local.millisecond();
    if thousandths > 0 {
        into.push_str(&format!(".{thousandths:03}"));
    }
}

/// A date in a format, for messages.
fn sample(format: &str) -> String {
    let moment = jiff::civil::date(2026, 3, 7).at(13, 20, 21, 0).to_zoned(jiff::tz::TimeZone::UTC);
    moment.ok().and_then(|moment| jiff::fmt::strtime::format(format, &moment).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{DateForm, convert, format_fault};
    use crate::file::Epoch;
    use target_rules::Zone;
    use target_rules::json::Kind;
    use target_rules::transaction::Written;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let by = |date: Option<&str>, zone: Option<&str>, epoch: Option<Epoch>| DateForm {
            date: date.map(str::to_owned),
            zone: zone.and_then(|zone| Zone::named(zone).ok()),
            epoch,
        };
        let german = "%d.%m.%Y %H:%M";
        for (converter, text, read) in [
            (by(Some(german), None, None), "07.03.2026 12:20", Some("2026-03-07T12:20:00")),
            (by(Some(german), Some("Europe/Berlin"), None), "07.03.2026 12:20", Some("1772882400000")),
            (by(Some("%d/%m/%Y"), None, None), "07/03/2026", Some("2026-03-07T00:00:00")),
            (by(Some("%Y%m%d%H%M%S%z"), None, None), "20260307122000+0530", Some("1772866200000")),
            (by(Some(german), None, None), "2026-03-07", None),
            (by(None, Some("UTC"), None), "2026-03-07T12:20:00", Some("1772886000000")),
            (by(None, Some("UTC"), None), "2026-03-07T12:20:00+01:00", Some("1772882400000")),
            (by(None, Some("UTC"), None), "yesterday", None),
            (by(None, None, Some(Epoch::Seconds)), "1772882400", Some("1772882400000")),
            (by(None, None, Some(Epoch::Seconds)), "-1.5", Some("-1500")),
            (by(None, None, Some(Epoch::Seconds)), "1e9", None),
            (by(None, None, Some(Epoch::Milliseconds)), "1772882400000.7", Some("1772882400000")),
        ] {
            let mut into = String::new();
            let result = convert(&converter, Written { kind: Kind::String, text }, &mut into);
            assert_eq!(result.as_ref().ok().map(|_| into.as_str()), read, "{text}: {result:?}");
        }
    }

    #[test]
    fn a_format_must_give_a_date() {
        assert_eq!(format_fault("%d/%m/%Y %H:%M"), None);
        assert_eq!(format_fault("%Y-%m-%dT%H:%M:%S%z"), None);
        for none in ["%H:%M", "%", "", "%d/%m", "%!"] {
            assert!(format_fault(none).is_some(), "{none}");
        }
    }
}
