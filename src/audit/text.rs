//! A finding for people.

use crate::diagnostic::{Colour, Severity, Style, visible};

use super::finding::Finding;

impl Finding {
    /// The finding in a few lines, for a terminal. `origin` names the file of
    /// the documents. Whatever came from a document is safe to print. Ends in a
    /// line feed.
    ///
    /// Cost is linear in its length.
    ///
    /// ```
    /// use target_rules::audit::Audit;
    /// use target_rules::diagnostic::Colour;
    /// use target_rules::{Limits, Schema};
    /// let mut audit = Audit::new(&Schema::standard(), &Limits::default());
    /// audit.add(r#"{"currentTxn": {"Value": 199}}"#, 1);
    /// audit.add(r#"{"currentTxn": {"Value": 200}}"#, 2);
    /// let shown = audit.findings()[0].to_text("bills.ndjson", Colour::Off);
    /// assert_eq!(shown, "\
    /// warning[unknown-key]: no rule can read `Value` of `currentTxn`
    ///  --> bills.ndjson:1:17, bills.ndjson:2:17
    ///   = found: 2 times
    ///   = help: did you mean `value`?
    /// ");
    /// ```
    pub fn to_text(&self, origin: &str, colour: Colour) -> String {
        let (word, tone) = match self.severity {
            Severity::Error => ("error", Style::BoldRed),
            Severity::Warning => ("warning", Style::BoldYellow),
        };
        let message = colour.paint(Style::Bold, &format!(": {}", visible(&self.message)));
        let mut out = format!("{}{message}\n", colour.paint(tone, &format!("{word}[{}]", self.code)));
        let origin = visible(origin);
        let places: Vec<String> =
            self.places.iter().map(|place| format!("{origin}:{}:{}", place.line, place.column)).collect();
        if places.is_empty() {
            out.push_str(&format!(" --> {origin}\n"));
        } else {
            out.push_str(&format!(" --> {}\n", places.join(", ")));
        }
        if self.count > 1 && !self.places.is_empty() {
            out.push_str(&format!("  = found: {} times\n", self.count));
        }
        if let Some(help) = &self.help {
            out.push_str(&format!("  = help: {}\n", visible(help)));
        }
        out
    }
}
