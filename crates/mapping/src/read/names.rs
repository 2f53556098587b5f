//! Names of a standard document, and of what type each value is.

use target_rules::Diagnostic;
use target_rules::diagnostic::{Code, Repair, excerpt};
use target_rules::schema::ValueType;

use super::file_reader::FileReader;
use super::file_reader::Word;
use super::parts::{did_you_mean, instead};

/// What is read of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Number,
    Boolean,
    Date,
    Numbers,
    /// A value or a list of values.
    Several,
    /// Any scalar: no schema says which.
    Any,
}

/// What targets and the ledger read beside the names of the schema.
const BESIDE: [(&str, &str, Wanted); 17] = [
    ("currentCustomer", "id", Wanted::Number),
    ("currentStore", "id", Wanted::Number),
    ("currentStore", "zoneIds", Wanted::Numbers),
    ("currentStore", "conceptIds", Wanted::Numbers),
    ("currentEvent", "number", Wanted::Text),
    ("currentEvent", "date", Wanted::Date),
    ("currentTxn", "promotionalPoints", Wanted::Number),
    ("currentTxn", "allPoints", Wanted::Number),
    ("returnBill", "number", Wanted::Text),
    ("returnBill", "date", Wanted::Date),
    ("returnBill", "value", Wanted::Number),
    ("returnBill", "discount", Wanted::Number),
    ("returnBill", "grossAmount", Wanted::Number),
    ("returnBill", "basketAmountSumNonDiscounted", Wanted::Number),
    ("returnBill", "points", Wanted::Number),
    ("returnBill", "promotionalPoints", Wanted::Number),
    ("returnBill", "allPoints", Wanted::Number),
];

/// Numbers of line items and tenders that rules and targets read beside the
/// attributes that the schema lists.
const FIGURES: [&str; 6] = ["qty", "rate", "value", "discount", "amount", "discountPercentage"];

/// What a value of the standard document is.
pub(crate) fn wanted_beside(profile: &str, name: &str) -> Option<Wanted> {
    BESIDE.iter().find(|(of, known, _)| *of == profile && *known == name).map(|(_, _, wanted)| *wanted)
}

pub(crate) fn wanted_of(value_type: ValueType) -> Wanted {
    match value_type {
        ValueType::Boolean => Wanted::Boolean,
        ValueType::Number => Wanted::Number,
        ValueType::String | ValueType::Enum => Wanted::Text,
        ValueType::Date => Wanted::Date,
        _ => Wanted::Any,
    }
}

impl FileReader<'_> {
    /// The name of a profile as documents have it.
    pub(super) fn profile_name(&mut self, word: Word) -> Option<Word> {
        match self.schema.profile(&word.text) {
            Ok(profile) if profile.name() == word.text => Some(word),
            Ok(profile) => {
                let (name, span) = (profile.name(), word.span);
                let message = format!("documents call the profile `{name}`");
                let help = Repair::did_you_mean(name, [instead(span, name)]);
                self.unknown(span, message, help);
                None
            }
            Err(error) => {
                let help = match error.closest() {
                    Some(close) => Repair::did_you_mean(close, [instead(word.span, close)]),
                    None => "the most used are `currentTxn`, `currentCustomer` and `currentStore`".into(),
                };
                self.unknown(word.span, format!("there is no profile `{}`", excerpt(&word.text)), help);
                None
            }
        }
    }

    fn unknown(&mut self, span: target_rules::diagnostic::Span, message: String, help: Repair) {
        let fault = Diagnostic::new(Code::UnknownName, span, message);
        self.found.push(fault.note("not in the schema").help(help));
    }

    /// What an attribute of a profile is.
    pub(super) fn attribute(&mut self, profile: &str, word: &Word) -> Option<Wanted> {
        if let Some(wanted) = wanted_beside(profile, &word.text) {
            return Some(wanted);
        }
        let view = self.schema.profile(profile).ok()?;
        match view.attribute(&word.text) {
            Ok(attribute) if attribute.name() == word.text => Some(wanted_of(attribute.value_type())),
            Ok(attribute) => {
                let name = attribute.name().to_owned();
                let help = Repair::did_you_mean(&name, [instead(word.span, &name)]);
                self.unknown(word.span, format!("documents call the attribute `{name}`"), help);
                None
            }
            Err(error) => {
                let message = format!("`{profile}` has no attribute `{}`", excerpt(&word.text));
                let beside = BESIDE.iter().filter(|(of, _, _)| *of == profile).map(|(_, name, _)| *name);
                let help = match error.closest() {
                    Some(close) => Repair::did_you_mean(close, [instead(word.span, close)]),
                    None => did_you_mean(word, beside, || {
                        format!(
                            "what an organisation adds stands in `extendedFields`; `target-rules schema --profile {profile}` lists the attributes"
                        )
                    }),
                };
                self.unknown(word.span, message, help);
                None
            }
        }
    }

    /// What a field of an entry is, by the profile that rules call an entry.
    pub(super) fn entry_field(&mut self, of: &str, entry: &str, word: &Word) -> Option<Wanted> {
        let figures: &[&str] = if of == "currentLineItem" { &FIGURES } else { &[] };
        if figures.contains(&word.text.as_str()) {
            return Some(Wanted::Number);
        }
        let view = self.schema.profile(of).ok()?;
        let mut known: Vec<&str> = figures.to_vec();
        for attribute in view.attributes() {
            if attribute.name() == word.text {
                return Some(wanted_of(attribute.value_type()));
            }
        }
        let names: Vec<String> = view.attributes().map(|attribute| attribute.name().to_owned()).collect();
        known.extend(names.iter().map(String::as_str));
        let else_say = if figures.is_empty() {
            format!("the fields are `{}`", known.join("`, `"))
        } else {
            "what rules select items by, such as `brand`, stands in `attributes`".to_owned()
        };
        let help = did_you_mean(word, known.iter().copied(), || else_say);
        self.unknown(word.span, format!("a {entry} has no field `{}`", excerpt(&word.text)), help);
        None
    }
}
