//! The entries of a body that has many.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fault::{Fault, json_fault};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// One JSON document; also where nothing is said, or what clients send who say nothing.
    Json,
    /// A JSON document a line.
    Lines,
    /// Values with commas, names in the first line.
    Csv,
}

impl DocumentKind {
    /// What a `Content-Type` says; `None` where it is none that is read.
    ///
    /// ```
    /// use target_rules_requests::DocumentKind;
    /// assert_eq!(DocumentKind::of("text/csv; charset=utf-8"), Some(DocumentKind::Csv));
    /// assert_eq!(DocumentKind::of("image/png"), None);
    /// ```
    pub fn of(content_type: &str) -> Option<DocumentKind> {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "application/x-www-form-urlencoded" | "text/json" => {
                Some(DocumentKind::Json)
            }
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Some(DocumentKind::Lines),
            "text/csv" => Some(DocumentKind::Csv),
            _ => None,
        }
    }
}

/// The entries of NDJSON or of a JSON list, each with its line, or its position
/// from 1. Empty lines are none. What an entry says is not looked at.
///
/// It is read up to the most that there may be, so that no list of very many is
/// held; `what` names them in messages. Its cost is linear in the body, and what
/// it holds is linear in `most`.
///
/// Fails where there are more, and where a list is no JSON.
///
/// ```
/// use target_rules_requests::{DocumentKind, entries};
/// let found = entries(b"[{\"a\": 1}, 7]", DocumentKind::Json, 10, "transactions")?;
/// assert_eq!(found, [(1, &b"{\"a\": 1}"[..]), (2, &b"7"[..])]);
/// let many = entries(b"1\n2\n3\n", DocumentKind::Lines, 2, "transactions").unwrap_err();
/// assert_eq!(many.message, "the body has more than 2 transactions; send them in several");
/// # Ok::<(), target_rules_requests::Fault>(())
/// ```
pub fn entries<'b>(
    body: &'b [u8],
    kind: DocumentKind,
    most: usize,
    what: &str,
) -> Result<Vec<(usize, &'b [u8])>, Fault> {
    let (found, is_over) = match kind {
        DocumentKind::Lines => {
            let numbered = (1_usize..).zip(body.split(|byte| *byte == b'\n'));
            let written = numbered.filter(|(_, line)| !line.trim_ascii().is_empty());
            let found: Vec<(usize, &[u8])> = written.take(most.saturating_add(1)).collect();
            let is_over = found.len() > most;
            (found, is_over)
        }
        _ => {
            let (list, is_over) = list_of(body, most)?;
            let numbered = (1_usize..).zip(list);
            (numbered.map(|(at, one)| (at, one.get().as_bytes())).collect(), is_over)
        }
    };
    if is_over { Err(too_many(most, what)) } else { Ok(found) }
}

/// That a body has more entries than it may.
pub fn too_many(most: usize, what: &str) -> Fault {
    Fault::invalid(format!("the body has more than {most} {what}; send them in several"))
}

/// The entries of a JSON list up to a number, and whether there are more.
fn list_of(bytes: &[u8], most: usize) -> Result<(Vec<&RawValue>, bool), Fault> {
    struct Gather<'o> {
        most: usize,
        is_over: &'o Cell<bool>,
    }
    impl<'de> Visitor<'de> for Gather<'_> {
        type Value = Vec<&'de RawValue>;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut found = Vec::new();
            while let Some(one) = list.next_element()? {
                if found.len() >= self.most {
                    self.is_over.set(true);
                    return Err(A::Error::custom("it has too many entries"));
                }
                found.push(one);
            }
            Ok(found)
        }
    }
    check_begins(bytes)?;
    let is_over = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let list = reader.deserialize_seq(Gather { most, is_over: &is_over });
    match list.and_then(|list| reader.end().map(|()| list)) {
        Ok(list) => Ok((list, false)),
        Err(_) if is_over.get() => Ok((Vec::new(), true)),
        Err(error) => Err(Fault::invalid(format!("the body is no JSON list: {}", json_fault(&error)))),
    }
}

/// Refuses what is no list, with the repair for what people send instead.
fn check_begins(bytes: &[u8]) -> Result<(), Fault> {
    let why = match bytes.trim_ascii_start() {
        [b'[', ..] => return Ok(()),
        [] => "it is empty; a list is such as `[{...}, {...}]`",
        [b'{', ..] => {
            "it begins with `{`; write `[{...}, {...}]`, or one object a line and \
             `Content-Type: application/x-ndjson`"
        }
        _ => "it does not begin with `[`",
    };
    Err(Fault::invalid(format!("the body is no JSON list: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: DocumentKind, text: &str) -> Result<Vec<(usize, String)>, Fault> {
        let found = entries(text.as_bytes(), kind, 3, "things")?;
        Ok(found.into_iter().map(|(at, one)| (at, String::from_utf8(one.to_vec()).unwrap())).collect())
    }

    #[test]
    fn entries_are_read_up_to_the_most_that_there_may_be() {
        let told = |found: &[(usize, &str)]| {
            found.iter().map(|(at, text)| (*at, (*text).to_owned())).collect::<Vec<_>>()
        };
        let lines = read(DocumentKind::Lines, "1\n\n [2]\n\n3\n").unwrap();
        assert_eq!(lines, told(&[(1, "1"), (3, " [2]"), (5, "3")]));
        let list = read(DocumentKind::Json, "[1, {\"a\": [ ]}, 3]").unwrap();
        assert_eq!(list, told(&[(1, "1"), (2, "{\"a\": [ ]}"), (3, "3")]));
        // What stands behind the fourth is not looked at.
        for (kind, text) in [(DocumentKind::Lines, "1\n2\n3\n4\n"), (DocumentKind::Json, "[1,2,3,4,nothing")]
        {
            let refused = read(kind, text).unwrap_err();
            assert_eq!(refused.message, "the body has more than 3 things; send them in several");
        }
        for (text, why) in [
            ("", "it is empty; a list is such as `[{...}, {...}]`"),
            ("{}", "`Content-Type: application/x-ndjson`"),
            ("[1", "at line 1 column 2"),
            ("[1] 2", "trailing characters at line 1 column 5"),
            ("7", "it does not begin with `[`"),
        ] {
            let refused = read(DocumentKind::Json, text).unwrap_err();
            assert!(refused.message.starts_with("the body is no JSON list: "), "{text}");
            assert!(refused.message.ends_with(why), "{text}: {}", refused.message);
        }
    }
}
