//! How values are written: what a conversion must be, seen from samples.

use target_rules::Number;
use target_rules::json::Kind;
use target_rules::value::DateText;

use crate::convert::by_format_is_date;
use crate::file::{Detailed, Epoch, Source};
use crate::read::Wanted;

use super::sample::Seen;

/// Forms of dates, the usual ones first.
const FORMATS: [&str; 14] = [
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%d-%m-%Y",
];

/// How a value is read of a place, and what about it is a guess.
pub(super) struct Guess {
    pub(super) source: Source,
    pub(super) note: Option<String>,
}

/// Whether the values that were seen can be what is wanted, and how.
pub(super) fn guess(at: &str, seen: &Seen, wanted: Wanted) -> Option<Guess> {
    match wanted {
        Wanted::Number => number(at, seen),
        Wanted::Date => date(at, seen),
        _ => {
            let scalar = seen.values.iter().all(|(kind, _)| !matches!(kind, Kind::Object | Kind::Array));
            scalar.then(|| Guess { source: Source::at(at), note: None })
        }
    }
}

fn made(at: &str, detailed: Detailed, note: Option<String>) -> Guess {
    let nothing = Detailed::default();
    let source = if detailed == nothing {
        Source::at(at)
    } else {
        Source::Detailed(Box::new(Detailed { at: Some(at.to_owned()), ..detailed }))
    };
    Guess { source, note }
}

fn texts(seen: &Seen) -> (Vec<&str>, Vec<String>) {
    let says_nothing =
        |text: &str| ["", "-", "n/a", "null", "none"].contains(&text.trim().to_lowercase().as_str());
    let mut nothing: Vec<String> =
        seen.values.iter().map(|(_, text)| text.clone()).filter(|text| says_nothing(text)).collect();
    nothing.sort();
    nothing.dedup();
    let said = seen.values.iter().map(|(_, text)| text.as_str()).filter(|text| !says_nothing(text));
    (said.collect(), nothing)
}

fn number(at: &str, seen: &Seen) -> Option<Guess> {
    if seen.values.iter().any(|(kind, _)| matches!(kind, Kind::Boolean(_))) {
        return None;
    }
    let (said, absent_when) = texts(seen);
    let mut detailed = Detailed { absent_when, ..Detailed::default() };
    let is_number = |text: &&str| text.parse::<Number>().is_ok();
    let mut note = None;
    if !said.iter().all(is_number) {
        let marks = forms_of_numbers().into_iter().find(|(thousands, decimal)| {
            let plain = |text: &str| {
                let text: String =
                    text.trim().chars().filter(|character| Some(*character) != *thousands).collect();
                text.replace(*decimal, ".")
            };
            said.iter().all(|text| fits(text, *thousands, *decimal) && plain(text).parse::<Number>().is_ok())
        })?;
        detailed.thousands = marks.0;
        detailed.decimal = (marks.1 != '.').then_some(marks.1);
        note = Some(format!("its numbers look like `{}`", target_rules::diagnostic::excerpt(said.first()?)));
    }
    let key = super::names::plain(at.rsplit('/').next().unwrap_or(at));
    if (key.contains("cent") || key.contains("minor")) && said.iter().all(|text| !text.contains(['.', ','])) {
        detailed.minor_digits = Some(2);
        note = Some("its name says that it counts cents".to_owned());
    }
    Some(made(at, detailed, note))
}

/// Marks between digits and before the fraction.
fn forms_of_numbers() -> [(Option<char>, char); 6] {
    [
        (None, ','),
        (Some('.'), ','),
        (Some(','), '.'),
        (Some(' '), ','),
        (Some('\u{a0}'), ','),
        (Some('\''), '.'),
    ]
}

/// Whether digits stand in threes between the marks.
fn fits(text: &str, thousands: Option<char>, decimal: char) -> bool {
    let whole = text.trim().trim_start_matches('-').split(decimal).next().unwrap_or_default();
    match thousands {
        None => true,
        Some(mark) => whole.split(mark).skip(1).all(|group| group.chars().count() == 3),
    }
}

fn date(at: &str, seen: &Seen) -> Option<Guess> {
    let (said, absent_when) = texts(seen);
    let mut detailed = Detailed { absent_when, ..Detailed::default() };
    let all = |is: &dyn Fn(&str) -> bool| said.iter().all(|text| is(text.trim()));
    if said.is_empty() {
        return Some(made(at, detailed, None));
    }
    if all(&|text| text.len() >= 9 && text.parse::<Number>().is_ok()) && !all(&|text| text.len() == 14) {
        let seconds = all(&|text| text.split('.').next().is_some_and(|whole| whole.len() <= 10));
        let eight = all(&|text| text.len() == 8);
        if seconds && !eight {
            detailed.epoch = Some(Epoch::Seconds);
            return Some(made(at, detailed, Some("its numbers look like seconds from 1970".to_owned())));
        }
        return Some(made(at, detailed, None));
    }
    if all(&|text| DateText::parse(text) != DateText::Invalid) {
        let local = said.iter().any(|text| matches!(DateText::parse(text.trim()), DateText::Local(_)));
        if at.to_lowercase().ends_with("gmt") || at.to_lowercase().ends_with("utc") {
            detailed.zone = Some("UTC".to_owned());
            return Some(made(at, detailed, None));
        }
        let note = "it names no offset: add `zone`, or give `--timezone`";
        return Some(made(at, detailed, local.then(|| note.to_owned())));
    }
    let fitting: Vec<&str> =
        FORMATS.into_iter().filter(|format| all(&|text| by_format_is_date(format, text))).collect();
    let format = *fitting.first()?;
    detailed.date = Some(format.to_owned());
    let turned = |format: &str| format.replace("%d/%m", "%m/%d");
    let either = fitting.contains(&turned(format).as_str()) && turned(format) != format;
    let note = if either {
        format!(
            "days before months is a guess: `{}` may be read either way",
            target_rules::diagnostic::excerpt(said.first()?)
        )
    } else {
        "it names no offset: add `zone`, or give `--timezone`".to_owned()
    };
    Some(made(at, detailed, Some(note)))
}
