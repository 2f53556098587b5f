//! The query of a request.

use super::fault::{Fault, quoted};

/// How many entries a page of a list has where nothing is said, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

/// The parameters of a query. What nobody asks for is ignored; of what stands
/// there twice the last counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

/// A page of a list, by ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What stands after this id; from the start where there is none.
    pub after: Option<i64>,
    /// How many entries at most.
    pub most: usize,
}

impl Query {
    /// Reads what stands behind the question mark. Its cost is linear in the text;
    /// bytes that are no UTF-8 become U+FFFD.
    ///
    /// ```
    /// use target_rules_requests::Query;
    /// let query = Query::read("targetRuleIds=7%2C8&limit=20");
    /// assert_eq!(query.get("targetRuleIds"), Some("7,8"));
    /// assert_eq!(query.page()?.most, 20);
    /// assert_eq!(query.flag("dryRun")?, false);
    /// # Ok::<(), target_rules_requests::Fault>(())
    /// ```
    pub fn read(text: &str) -> Query {
        Query(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// What a parameter says.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that is `true` or `false`, and `false` where it is not there.
    pub fn flag(&self, name: &str) -> Result<bool, Fault> {
        let Some(text) = self.get(name) else { return Ok(false) };
        match text.to_ascii_lowercase().as_str() {
            "false" => Ok(false),
            "true" => Ok(true),
            _ => Err(Fault::invalid(format!("`{name}` is `true` or `false`, and not {}", quoted(text)))),
        }
    }

    /// A parameter that is a whole number.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Fault> {
        let number = |text: &str| {
            let wrong = || Fault::invalid(format!("`{name}` is a whole number, and not {}", quoted(text)));
            text.trim().parse().map_err(|_| wrong())
        };
        self.get(name).map(number).transpose()
    }

    /// The page of a list that is asked for: what stands after an id, and how many.
    pub fn page(&self) -> Result<Page, Fault> {
        let after = self.integer("after")?;
        let most = match self.integer("limit")? {
            None => PAGE,
            Some(stated) => match usize::try_from(stated) {
                Ok(most) if (1..=LARGEST_PAGE).contains(&most) => most,
                _ => {
                    return Err(Fault::invalid(format!(
                        "`limit` is 1 to {LARGEST_PAGE}, and not `{stated}`"
                    )));
                }
            },
        };
        Ok(Page { after, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_flags_are_held_to_their_values() {
        let query = Query::read;
        let page = query("after=7&limit=20").page().unwrap();
        assert_eq!((page.after, page.most), (Some(7), 20));
        assert_eq!(query("").page().unwrap().most, 100);
        for wrong in ["0", "1001", "-1", "many", "9223372036854775808"] {
            assert!(query(&format!("limit={wrong}")).page().is_err(), "{wrong}");
        }
        assert!(query("x=TRUE").flag("x").unwrap());
        let refused = query("x=yes").flag("x").unwrap_err();
        assert_eq!(refused.message, "`x` is `true` or `false`, and not `yes`");
        assert_eq!(query("x=1&x=2").get("x"), Some("2"));
        let long = query(&format!("x={}", "é".repeat(9_000))).integer("x").unwrap_err();
        assert!(long.message.len() < 200, "{}", long.message);
        assert_eq!(query("x=%ff%1b").get("x"), Some("\u{fffd}\u{1b}"));
        let shown = query("x=%1b[2J").integer("x").unwrap_err();
        assert_eq!(shown.message, "`x` is a whole number, and not `\u{fffd}[2J`");
    }
}
