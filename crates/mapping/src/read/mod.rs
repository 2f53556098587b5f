//! Reads mapping files: every fault at its place, with what was expected.

mod conditions;
mod file_reader;
mod names;
mod overlaps;
mod parts;
mod profiles;
mod sources;

use target_rules::diagnostic::{Diagnostic, Diagnostics, Form, Input, Source};
use target_rules::json::{Kind, Located, Reader};
use target_rules::{Limits, Schema};

use crate::bounded::text_within;
use crate::file::Mapping;

use file_reader::{FileReader, Word};
pub(crate) use names::{Wanted, wanted_of};

/// The keys of a mapping file.
const KEYS: [&str; 6] = ["$schema", "about", "notes", "document", "skip", "returns"];

impl Mapping {
    /// The format of mapping files as a JSON Schema, for editors.
    ///
    /// ```
    /// assert!(target_rules_mapping::Mapping::FORMAT.contains("lineItems"));
    /// ```
    pub const FORMAT: &'static str = include_str!("../format.json");

    /// Reads a mapping file, from text or bytes, and checks it against the names
    /// of a schema.
    ///
    /// Fails with every fault at its place: unknown profiles and attributes, with
    /// the nearest names; pointers that are none; conversions that do not fit the
    /// type of a value; places within each other. A file has as many bytes at
    /// most as [`Limits::mapping`] says. Cost is that of the file's length, and
    /// of sorting its places.
    ///
    /// ```
    /// use target_rules::{Limits, Schema};
    /// use target_rules_mapping::Mapping;
    /// let file = r#"{"document": {"currentTxn": {"vlaue": "/total"}}}"#;
    /// let faults = Mapping::read(file, &Schema::standard(), &Limits::default()).unwrap_err();
    /// let fault = faults.iter().next().ok_or("nothing is wrong")?;
    /// assert_eq!(fault.help.as_deref(), Some("did you mean `value`?"));
    /// assert_eq!(fault.pointer.as_deref(), Some("/document/currentTxn"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn read(
        file: &(impl Input + ?Sized),
        schema: &Schema,
        limits: &Limits,
    ) -> Result<Mapping, Diagnostics> {
        let text = text_within(file, limits.mapping, "the mapping")?;
        let refused = |found| Diagnostics::gather(&Source::new(Form::Payload, text), found, limits.errors);
        let located = whole(text).map_err(|fault| refused(vec![fault]))?;
        let mut reader = FileReader { text, schema, found: Vec::new(), taken: Vec::new(), watches: 0 };
        let mapping = reader.mapping(located);
        reader.refuse_overlaps();
        match mapping {
            Some(mapping) if reader.found.is_empty() => Ok(mapping),
            _ => Err(refused(reader.found)),
        }
    }
}

/// The value that a text is.
fn whole(text: &str) -> Result<Located, Diagnostic> {
    let mut json = Reader::new(text);
    let located = Located::read(&mut json)?;
    json.finish()?;
    Ok(located)
}

impl FileReader<'_> {
    fn mapping(&mut self, value: Located) -> Option<Mapping> {
        let object = self.object(value, "a mapping file", &KEYS)?;
        let mut mapping = Mapping::default();
        let mut returns_at = None;
        for (key, value) in object {
            match key.text.as_str() {
                "about" => mapping.about = self.text_of(value, "`about`").unwrap_or_default(),
                "notes" => {
                    for entry in self.entries(value, "`notes`") {
                        mapping.notes.extend(self.text_of(entry, "a note"));
                    }
                }
                "document" => {
                    for (profile, value) in self.members(value, "`document`") {
                        let Some(profile) = self.profile_name(profile) else { continue };
                        if profile.text == "returnBill" {
                            returns_at = Some(profile.span);
                        }
                        if let Some(read) = self.profile(&profile.text, value) {
                            mapping.document.insert(profile.text, read);
                        }
                    }
                }
                "skip" => mapping.skip = self.conditions(value, "`skip`"),
                "returns" => mapping.returns = self.conditions(value, "`returns`"),
                _ => {}
            }
        }
        if mapping.document.is_empty() && self.found.is_empty() {
            let message = "a mapping says in `document` where the values of a transaction come from";
            self.wrong(
                value.head(),
                message,
                "add `\"document\": {\"currentTxn\": {\"value\": \"/total\"}}`",
            );
        }
        if let Some(span) = returns_at
            && mapping.returns.is_empty()
        {
            let message = "`returnBill` has values, and nothing says which documents are returns";
            self.wrong(
                span,
                message,
                "add a condition to `returns`, such as `[{\"at\": \"/type\", \"equals\": \"RETURN\"}]`",
            );
        }
        let asked = [mapping.skip.len(), mapping.returns.len(), self.watches].into_iter().sum::<usize>();
        if asked > target_rules::transaction::Places::MOST_WATCHES {
            let most = target_rules::transaction::Places::MOST_WATCHES;
            let message = format!("the mapping has {asked} conditions; at most {most} are asked");
            self.wrong(value.head(), message, "put several values into one `oneOf`");
        }
        Some(mapping)
    }

    /// Whether a value is of a kind that is asked for.
    fn is(value: Located, kind: Kind) -> bool {
        value.kind == kind
    }

    fn word(&self, value: Located) -> Option<Word> {
        let text = Reader::within(self.text, value.span).string().ok()?;
        Some(Word { text, span: value.span })
    }
}
