//! Reads where a value comes from, and what is made of it.

use target_rules::Zone;
use target_rules::diagnostic::{Code, Diagnostic, excerpt};
use target_rules::json::{Kind, Located, Reader};
use target_rules::transaction::Places;

use crate::convert::format_fault;
use crate::file::{Case, Constant, Detailed, Digits, Epoch, Others, Source};
use crate::pointer::parsed;

use super::file_reader::FileReader;
use super::file_reader::Taken;
use super::file_reader::Word;
use super::names::Wanted;

const KEYS: [&str; 16] = [
    "at",
    "constant",
    "when",
    "split",
    "absentWhen",
    "values",
    "otherValues",
    "case",
    "thousands",
    "decimal",
    "minorDigits",
    "unsigned",
    "date",
    "epoch",
    "zone",
    "note",
];

/// For which types a conversion is.
const FITS: [(&str, &[Wanted], &str); 8] = [
    (
        "split",
        &[Wanted::Several, Wanted::Numbers, Wanted::Any],
        "values that are several: custom fields, `clusters`, lists of ids",
    ),
    ("case", &[Wanted::Text, Wanted::Several, Wanted::Any], "texts"),
    ("thousands", &[Wanted::Number, Wanted::Numbers, Wanted::Any], "numbers"),
    ("decimal", &[Wanted::Number, Wanted::Numbers, Wanted::Any], "numbers"),
    ("minorDigits", &[Wanted::Number, Wanted::Numbers, Wanted::Any], "numbers"),
    ("unsigned", &[Wanted::Number, Wanted::Numbers, Wanted::Any], "numbers"),
    ("date", &[Wanted::Date, Wanted::Any], "dates"),
    ("epoch", &[Wanted::Date, Wanted::Any], "dates"),
];

impl FileReader<'_> {
    /// Where the value called `what` comes from.
    pub(super) fn source(
        &mut self,
        value: Located,
        what: &str,
        wanted: Wanted,
        scope: &str,
    ) -> Option<Source> {
        if value.kind == Kind::String {
            return self.place(value, &format!("`{what}`"), scope, wanted == Wanted::Several).map(Source::At);
        }
        if value.kind != Kind::Object {
            self.wrong_type(
                value,
                &format!("`{what}`"),
                "a JSON pointer such as `/total`, a column, or an object with `at`",
            );
            return None;
        }
        let members = self.object(value, &format!("`{what}`"), &KEYS)?;
        let mut read = Detailed::default();
        for (key, value) in members {
            self.refuse_conversion(&key, what, wanted);
            self.part(&mut read, &key.text, value, (what, wanted, scope));
        }
        match (&read.at, &read.constant) {
            (Some(_), Some(_)) => {
                let message = format!("`{what}` is a constant, and comes from a place");
                self.wrong(value.head(), message, "leave away `at` or `constant`");
                None
            }
            (None, None) => {
                let whole =
                    |key: &str| self.text.get(value.span.range()).is_some_and(|text| text.contains(key));
                if !whole("\"at\"") && !whole("\"constant\"") {
                    let message = format!("`{what}` does not say where it comes from");
                    self.wrong(value.head(), message, "add `\"at\": \"/total\"`, or `constant`");
                }
                None
            }
            _ => Some(Source::Detailed(Box::new(read))),
        }
    }

    fn part(&mut self, read: &mut Detailed, key: &str, value: Located, of: (&str, Wanted, &str)) {
        let (what, wanted, scope) = of;
        let called = format!("`{key}` of `{what}`");
        match key {
            "at" => read.at = self.place(value, &called, scope, wanted == Wanted::Several),
            "constant" => read.constant = self.fitting_constant(value, what, wanted),
            "when" if scope.contains('.') => {
                self.wrong(
                    value.head(),
                    format!("{called} is asked of each line item or tender, which is not done"),
                    "leave `when` away",
                );
            }
            "when" => {
                self.watches = self.watches.saturating_add(1);
                read.when = self.condition(value);
            }
            "split" => read.split = self.text_of(value, &called).filter(|text| !text.is_empty()),
            "absentWhen" => {
                for entry in self.entries(value, &called) {
                    read.absent_when.extend(self.text_of(entry, &called));
                }
            }
            "values" => {
                for (name, value) in self.members(value, &called) {
                    if value.kind == Kind::Null {
                        read.values.insert(name.text, None);
                    } else if let Some(constant) = self.fitting_constant(value, what, wanted) {
                        read.values.insert(name.text, Some(constant));
                    }
                }
            }
            "otherValues" => {
                let words = [("keep", Others::Keep), ("absent", Others::Absent), ("refuse", Others::Refuse)];
                read.other_values = self.one_of(value, &called, &words);
            }
            "case" => {
                read.case = self.one_of(value, &called, &[("upper", Case::Upper), ("lower", Case::Lower)])
            }
            "thousands" => read.thousands = self.character(value, &called),
            "decimal" => read.decimal = self.character(value, &called),
            "minorDigits" => read.minor_digits = self.digits(value, &called),
            "unsigned" => read.unsigned = self.boolean(value, &called).unwrap_or_default(),
            "date" => read.date = self.format(value, &called),
            "epoch" => {
                let words = [("seconds", Epoch::Seconds), ("milliseconds", Epoch::Milliseconds)];
                read.epoch = self.one_of(value, &called, &words);
            }
            "zone" => read.zone = self.zone(value, &called),
            _ => read.note = self.text_of(value, &called),
        }
    }

    /// Refuses a conversion that is for another type.
    fn refuse_conversion(&mut self, key: &Word, what: &str, wanted: Wanted) {
        let zone = ("zone", FITS[6].1, FITS[6].2);
        let Some((_, fits, are)) = FITS.iter().chain([&zone]).find(|(name, _, _)| *name == key.text) else {
            return;
        };
        if !fits.contains(&wanted) {
            let message = format!("`{}` is for {are}, and `{what}` is {}", key.text, wanted.in_words());
            self.wrong(key.span, message, format!("leave `{}` away", key.text));
        }
    }

    fn digits(&mut self, value: Located, what: &str) -> Option<u32> {
        let text = self.text.get(value.span.range())?;
        let read = text.parse().ok().filter(|digits| *digits <= 9);
        if value.kind != Kind::Number || read.is_none() {
            self.wrong(value.head(), format!("{what} is a whole number from 0 to 9"), "write 2 for cents");
            return None;
        }
        read
    }

    fn format(&mut self, value: Located, what: &str) -> Option<String> {
        let word = self.string(value, what)?;
        if let Some(fault) = format_fault(&word.text) {
            let message = format!("{what} is no format of a date: {fault}");
            self.wrong(word.span, message, "write it as `strptime` has it, such as `%d/%m/%Y %H:%M`");
            return None;
        }
        Some(word.text)
    }

    fn zone(&mut self, value: Located, what: &str) -> Option<String> {
        let word = self.string(value, what)?;
        if let Err(error) = Zone::named(&word.text) {
            self.wrong(
                word.span,
                format!("{what}: {error}"),
                "write an IANA name such as `Europe/Berlin`, or an offset such as `+05:30`",
            );
            return None;
        }
        Some(word.text)
    }

    /// The place of a value, which is noted.
    pub(super) fn place(&mut self, value: Located, what: &str, scope: &str, several: bool) -> Option<String> {
        let (text, span) = self.pointer(value, what)?;
        let pointer = if text.starts_with('/') || text.is_empty() {
            text.clone()
        } else {
            format!("/{}", text.replace('~', "~0").replace('/', "~1"))
        };
        // All profiles read one document; the entries of a list are others.
        let scope = if scope.contains('.') { scope.to_owned() } else { String::new() };
        let scalar = !several && !what.contains("`*`") && !what.starts_with("`at`");
        self.taken.push(Taken { scope, pointer, span, scalar });
        Some(text)
    }

    /// A JSON pointer, or the name of a column.
    pub(super) fn pointer(
        &mut self,
        value: Located,
        what: &str,
    ) -> Option<(String, target_rules::diagnostic::Span)> {
        let word = self.string(value, what)?;
        let message = match parsed(&word.text) {
            Err(fault) => format!("{what} is no JSON pointer: {fault}"),
            Ok(path) if path.len() > Places::DEEPEST => {
                let message =
                    format!("{what} has {} segments; at most {} lead somewhere", path.len(), Places::DEEPEST);
                self.found.push(Diagnostic::new(Code::Limit, word.span, message));
                return None;
            }
            Ok(_) => return Some((word.text, word.span)),
        };
        self.wrong(word.span, message, "write `/customer/id`, with `~1` for `/` and `~0` for `~` in a key");
        None
    }

    /// A constant that the type of the value takes.
    fn fitting_constant(&mut self, value: Located, what: &str, wanted: Wanted) -> Option<Constant> {
        let constant = self.constant(value, &format!("the constant of `{what}`"))?;
        let fits = match (wanted, &constant) {
            (Wanted::Number | Wanted::Numbers, Constant::Text(text)) => {
                text.parse::<target_rules::Number>().is_ok()
            }
            (Wanted::Boolean, Constant::Boolean(_)) => true,
            (Wanted::Boolean, _)
            | (Wanted::Number | Wanted::Numbers | Wanted::Date, Constant::Boolean(_)) => false,
            (Wanted::Date, Constant::Text(text)) => {
                target_rules::value::DateText::parse(text) != target_rules::value::DateText::Invalid
            }
            _ => true,
        };
        if !fits {
            let message =
                format!("`{what}` is {}, and `{}` is not", wanted.in_words(), excerpt(constant.text()));
            self.found.push(Diagnostic::new(Code::WrongType, value.head(), message).note("of another type"));
            return None;
        }
        Some(constant)
    }

    pub(super) fn constant(&mut self, value: Located, what: &str) -> Option<Constant> {
        match value.kind {
            Kind::Boolean(said) => Some(Constant::Boolean(said)),
            Kind::String => Reader::within(self.text, value.span).string().ok().map(Constant::Text),
            Kind::Number => {
                let digits = self.text.get(value.span.range())?;
                if digits.parse::<target_rules::Number>().is_err() {
                    let message = format!("{what} has more digits than a number keeps");
                    self.found.push(Diagnostic::new(Code::NumberRange, value.head(), message));
                    return None;
                }
                Some(Constant::Number(Digits(digits.to_owned())))
            }
            _ => {
                self.wrong_type(value, what, "a string, a number, `true` or `false`");
                None
            }
        }
    }
}

impl Wanted {
    /// What the value is, in words.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Wanted::Text => "a string",
            Wanted::Number => "a number",
            Wanted::Boolean => "a boolean",
            Wanted::Date => "a date",
            Wanted::Numbers => "a list of numbers",
            Wanted::Several => "a value or a list of values",
            Wanted::Any => "a value of any type",
        }
    }
}
