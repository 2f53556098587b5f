//! Reads conditions: of documents that are skipped, or are returns.

use target_rules::json::Located;

use crate::file::{Condition, Constant};

use super::file_reader::FileReader;

const KEYS: [&str; 5] = ["at", "equals", "oneOf", "notOneOf", "there"];

impl FileReader<'_> {
    pub(super) fn conditions(&mut self, value: Located, what: &str) -> Vec<Condition> {
        let entries = self.entries(value, what);
        entries.into_iter().filter_map(|entry| self.condition(entry)).collect()
    }

    pub(super) fn condition(&mut self, value: Located) -> Option<Condition> {
        let members = self.object(value, "a condition", &KEYS)?;
        let mut condition = Condition::default();
        let (mut at, mut asked) = (None, 0_usize);
        for (key, value) in members {
            if key.text != "at" {
                asked = asked.saturating_add(1);
            }
            match key.text.as_str() {
                "at" => at = Some(self.pointer(value, "`at`")?.0),
                "equals" => condition.equals = self.constant(value, "`equals`"),
                "oneOf" => condition.one_of = self.constants(value, "`oneOf`"),
                "notOneOf" => condition.not_one_of = self.constants(value, "`notOneOf`"),
                _ => condition.there = self.boolean(value, "`there`"),
            }
        }
        let Some(at) = at else {
            self.wrong(value.head(), "a condition says of which value it asks", "add `\"at\": \"/status\"`");
            return None;
        };
        if asked != 1 {
            let message = "a condition asks one question";
            self.wrong(value.head(), message, "write one of `equals`, `oneOf`, `notOneOf` and `there`");
            return None;
        }
        Some(Condition { at, ..condition })
    }

    fn constants(&mut self, value: Located, what: &str) -> Vec<Constant> {
        let entries = self.entries(value, what);
        if entries.is_empty() && value.kind == target_rules::json::Kind::Array {
            self.wrong(value.head(), format!("{what} lists no value"), "list at least one");
        }
        entries.into_iter().filter_map(|entry| self.constant(entry, what)).collect()
    }
}
