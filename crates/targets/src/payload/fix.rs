//! A document of targets with the safe suggestions of its check applied.

use target_rules::check::safe_suggestions;
use target_rules::diagnostic::{Fixed, Form, Suggestion};
use target_rules::json::{Escapes, Kind};
use target_rules::{Limits, Schema};

use super::payload_targets::{Payload, PayloadTarget};

impl Payload {
    /// The document with everything repaired in its rules that can be repaired
    /// safely, in both forms of each; every other byte is kept. What is left is
    /// for a person to decide; a check of the result tells it.
    ///
    /// Each round of repairs reads the whole document again; one that needs none
    /// costs one check.
    ///
    /// ```
    /// use loyalty_targets::Payload;
    /// use target_rules::{Limits, Schema};
    /// let text = r#"{"data": [{"id": 50,
    ///     "expression": "currentCustomer.slabName=\"Gold\" and currentTxn.value>5"}]}"#;
    /// let limits = Limits::default();
    /// let payload = Payload::read(text, &limits)?;
    /// let fixed = payload.fixed(&Schema::standard(), &limits);
    /// let expected = r#"{"data": [{"id": 50,
    ///     "expression": "currentCustomer.slabName==\"Gold\" && currentTxn.value>5"}]}"#;
    /// assert_eq!((fixed.text.as_str(), fixed.applied), (expected, 2));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn fixed(&self, schema: &Schema, limits: &Limits) -> Fixed {
        let mut first = true;
        Fixed::of(self.text(), |text| {
            if std::mem::take(&mut first) {
                return self.safe_suggestions(schema, limits);
            }
            // What became too large is repaired no further.
            let read = Payload::read(text, limits);
            read.map(|payload| payload.safe_suggestions(schema, limits)).unwrap_or_default()
        })
    }

    /// The safe suggestions for all rules, as edits of the document.
    fn safe_suggestions(&self, schema: &Schema, limits: &Limits) -> Vec<Suggestion> {
        let targets = self.targets().filter(|target| !target.broken);
        targets.flat_map(|target| target.safe_suggestions(schema, limits)).collect()
    }
}

impl PayloadTarget<'_> {
    fn safe_suggestions(&self, schema: &Schema, limits: &Limits) -> Vec<Suggestion> {
        let [text, tree] = ["expression", "expressionJson"].map(|key| {
            let value = self.value.member(key)?;
            let decoded = match value.kind() {
                Kind::String => value.string().ok()?,
                Kind::Boolean(constant) if key == "expression" => constant.to_string(),
                _ => return None,
            };
            Some((decoded, Escapes::of(self.payload.text(), value.located())))
        });
        let [of_text, of_tree] =
            [&text, &tree].map(|form| form.as_ref().map(|(decoded, _)| decoded.as_str()));
        let found = safe_suggestions(of_text, of_tree, schema, limits);
        let edits = found.iter().filter_map(|(form, suggestion)| {
            let form = if *form == Form::Tree { &tree } else { &text };
            form.as_ref().map(|(_, escapes)| escapes.suggestion(suggestion))
        });
        edits.collect()
    }
}
