//! A document of targets with the safe suggestions of its check applied.

use target_rules::check::safe_suggestions_in_document;
use target_rules::diagnostic::{Fixed, Suggestion};
use target_rules::{Limits, Schema};

use crate::json::Node;

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
        let [text, tree] =
            ["expression", "expressionJson"].map(|key| self.value.member(key).map(Node::located));
        safe_suggestions_in_document(self.payload.text(), text, tree, schema, limits)
    }
}
