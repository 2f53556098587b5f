//! A finding for people.

use std::fmt::Write;

use crate::diagnostic::{Colour, Severity, Shown, Style, visible};

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
    pub fn to_text(&self, origin: &str, colour: Colour) -> Shown {
        let (word, tone) = match self.severity {
            Severity::Error => ("error", Style::BoldRed),
            Severity::Warning => ("warning", Style::BoldYellow),
        };
        let mut out = Shown::default();
        out.paint(colour, tone, &format!("{word}[{}]", self.code));
        out.paint(colour, Style::Bold, &format!(": {}", visible(&self.message)));
        // INVARIANT: writing to it never fails.
        let _ = self.lines(&visible(origin), &mut out);
        out
    }

    /// What stands below the message.
    fn lines(&self, origin: &str, out: &mut Shown) -> std::fmt::Result {
        write!(out, "\n --> ")?;
        for (at, place) in self.places.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(out, "{comma}{origin}:{}:{}", place.line, place.column)?;
        }
        if self.places.is_empty() {
            write!(out, "{origin}")?;
        }
        writeln!(out)?;
        if self.count > 1 && !self.places.is_empty() {
            writeln!(out, "  = found: {} times", self.count)?;
        }
        if let Some(help) = &self.help {
            writeln!(out, "  = help: {}", visible(help))?;
        }
        Ok(())
    }
}
