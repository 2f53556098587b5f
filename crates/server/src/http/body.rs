//! Bodies of requests, bounded before they are held.

use std::cell::Cell;
use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bounds::Allowed;
use super::budget::{Budget, NoRoom};
use super::failure::Failure;

/// One document: a target, a transaction, a rule.
#[derive(Debug)]
pub(crate) struct Document(pub Bytes);

/// Many of them.
#[derive(Debug)]
pub(crate) struct Batch {
    /// What was sent.
    pub(crate) bytes: Bytes,
    /// How it is written.
    pub(crate) kind: DocumentKind,
    /// How many entries it may have.
    pub(crate) most: usize,
}

impl Batch {
    /// The entries of NDJSON or of a JSON list, each with its line, or its position
    /// from 1. Read up to the most that there may be, so that no list of very many
    /// is held; `what` names them.
    pub(crate) fn entries(&self, what: &str) -> Result<Vec<(usize, &[u8])>, Failure> {
        let (found, is_over) = match self.kind {
            DocumentKind::Lines => {
                let numbered = (1_usize..).zip(self.bytes.split(|byte| *byte == b'\n'));
                let written = numbered.filter(|(_, line)| !line.trim_ascii().is_empty());
                let found: Vec<(usize, &[u8])> = written.take(self.most.saturating_add(1)).collect();
                let is_over = found.len() > self.most;
                (found, is_over)
            }
            _ => {
                let (list, is_over) = list_of(&self.bytes, self.most)?;
                let numbered = (1_usize..).zip(list);
                (numbered.map(|(at, one)| (at, one.get().as_bytes())).collect(), is_over)
            }
        };
        if is_over { Err(self.too_many(what)) } else { Ok(found) }
    }

    /// That it has more entries than it may.
    pub(crate) fn too_many(&self, what: &str) -> Failure {
        Failure::invalid(format!("the body has more than {} {what}; send them in several", self.most))
    }
}

/// The entries of a JSON list up to a number, and whether there are more.
fn list_of(bytes: &[u8], most: usize) -> Result<(Vec<&RawValue>, bool), Failure> {
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
    let is_over = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let list = reader.deserialize_seq(Gather { most, is_over: &is_over });
    match list.and_then(|list| reader.end().map(|()| list)) {
        Ok(list) => Ok((list, false)),
        Err(_) if is_over.get() => Ok((Vec::new(), true)),
        Err(error) => Err(Failure::invalid(format!("the body is no JSON list: {error}"))),
    }
}

/// How a body is written, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// One JSON document; also where nothing is said, or what clients send who say nothing.
    Json,
    /// A JSON document a line.
    Lines,
    /// Values with commas, names in the first line.
    Csv,
}

impl DocumentKind {
    fn of(headers: &HeaderMap) -> Result<DocumentKind, Failure> {
        let Some(said) = headers.get(header::CONTENT_TYPE) else { return Ok(DocumentKind::Json) };
        let said = said.to_str().unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "application/x-www-form-urlencoded" | "text/json" => Ok(DocumentKind::Json),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Ok(DocumentKind::Lines),
            "text/csv" => Ok(DocumentKind::Csv),
            _ => Err(Failure::invalid(
                "`Content-Type` is `application/json`, `application/x-ndjson` or `text/csv`",
            )
            .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        }
    }
}

fn allowed(request: &Request) -> Result<Allowed, Failure> {
    let allowed = request.extensions().get::<Allowed>();
    allowed.cloned().ok_or_else(|| Failure::internal(&"a route has no bounds"))
}

/// The body. What is too large is refused before anything of it is taken, where
/// its client says how large it is.
async fn within(request: Request, most: usize, bodies: &Budget) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("the body is larger than {most} bytes");
        Failure::invalid(message).status(StatusCode::PAYLOAD_TOO_LARGE)
    };
    let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|stated| stated.to_str().ok());
    let stated = stated.map_or(Ok(0), str::parse::<usize>).unwrap_or(usize::MAX);
    if stated > most {
        return Err(too_large());
    }
    let (mut held, mut body) = (bodies.body(stated), Limited::new(request.into_body(), most));
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                let data = frame.data_ref().map_or(&[][..], |data| &data[..]);
                let added = held.add(data).await;
                added.map_err(|NoRoom| Failure::unavailable("too many large bodies are worked on"))?;
            }
            Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
            Err(_) => return Err(Failure::invalid("the body did not come whole")),
        }
    }
    Ok(held.finish())
}

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Document, Failure> {
        if DocumentKind::of(request.headers())? != DocumentKind::Json {
            return Err(Failure::invalid("`Content-Type` is `application/json` here")
                .status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let Allowed { limits, bodies } = allowed(&request)?;
        within(request, limits.max_body, &bodies).await.map(Document)
    }
}

impl<S: Sync> FromRequest<S> for Batch {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Batch, Failure> {
        let kind = DocumentKind::of(request.headers())?;
        let Allowed { limits, bodies } = allowed(&request)?;
        let bytes = within(request, limits.max_batch_body, &bodies).await?;
        Ok(Batch { bytes, kind, most: limits.max_batch })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_body_as_large_as_it_may_be_is_read_in_its_time() {
        let length = 16 << 20;
        for (kind, of) in [
            (DocumentKind::Lines, "\n"),
            (DocumentKind::Lines, " \n"),
            (DocumentKind::Lines, "0\n"),
            (DocumentKind::Lines, "x"),
            (DocumentKind::Json, "["),
            (DocumentKind::Json, "0,"),
            (DocumentKind::Json, "[],"),
            (DocumentKind::Json, "{\"a\":"),
            (DocumentKind::Json, "\"\\u0000"),
            (DocumentKind::Json, " "),
        ] {
            for before in ["", "["] {
                let text = format!("{before}{}", of.repeat(length / of.len()));
                let batch = Batch { bytes: Bytes::from(text), kind, most: 10_000 };
                let began = Instant::now();
                let held = batch.entries("things").map_or(0, |found| found.len());
                assert!(held <= 10_000, "{of:?}");
                // Some tens of milliseconds in release; debug builds and busy machines take longer.
                assert!(began.elapsed() < Duration::from_secs(10), "{of:?}: {:?}", began.elapsed());
            }
        }
    }

    fn entries(kind: DocumentKind, text: &str) -> Result<Vec<(usize, String)>, Failure> {
        let batch = Batch { bytes: Bytes::copy_from_slice(text.as_bytes()), kind, most: 3 };
        let found = batch.entries("things")?;
        Ok(found.into_iter().map(|(at, one)| (at, String::from_utf8(one.to_vec()).unwrap())).collect())
    }

    #[test]
    fn entries_are_read_up_to_the_most_that_there_may_be() {
        let told = |found: &[(usize, &str)]| {
            found.iter().map(|(at, text)| (*at, (*text).to_owned())).collect::<Vec<_>>()
        };
        let lines = entries(DocumentKind::Lines, "1\n\n [2]\n\n3\n").unwrap();
        assert_eq!(lines, told(&[(1, "1"), (3, " [2]"), (5, "3")]));
        let list = entries(DocumentKind::Json, "[1, {\"a\": [ ]}, 3]").unwrap();
        assert_eq!(list, told(&[(1, "1"), (2, "{\"a\": [ ]}"), (3, "3")]));
        // What stands behind the fourth is not looked at.
        for (kind, text) in [(DocumentKind::Lines, "1\n2\n3\n4\n"), (DocumentKind::Json, "[1,2,3,4,nothing")]
        {
            let refused = entries(kind, text).unwrap_err();
            assert_eq!(refused.faults()[0].message, "the body has more than 3 things; send them in several");
        }
        for text in ["", "{}", "[1", "[1] 2", "7"] {
            let refused = entries(DocumentKind::Json, text).unwrap_err();
            assert!(refused.faults()[0].message.starts_with("the body is no JSON list"), "{text}");
        }
    }
}
