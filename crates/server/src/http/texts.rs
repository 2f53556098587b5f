//! Answers of many documents, each written when its client takes it: what is held is
//! one of them, however many there are. A small answer is written at once.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};

use super::envelope::Fault;

/// That an answer is made part by part.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByParts;

const BEFORE: &str = r#"{"data":["#;
/// How large documents are together that are written at once: to hold them takes no more
/// than what is kept of a connection.
const SMALL: usize = 16 * 1024;

/// A list of texts in an envelope.
struct Texts<T, W> {
    /// Those that are not written yet; their length was counted before.
    texts: T,
    write: W,
    before: &'static str,
    /// What stands behind the list, until it is written.
    end: Option<String>,
    left: u64,
}

impl<T: Iterator + Unpin, W: Fn(T::Item, &mut Vec<u8>) + Unpin> HttpBody for Texts<T, W> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let mut part = Vec::from(self.before);
        match self.texts.next() {
            Some(text) => {
                (self.write)(text, &mut part);
                self.before = ",";
            }
            None => {
                let Some(end) = self.end.take() else { return Poll::Ready(None) };
                // Only where there was no text.
                if self.before == "," {
                    part.clear();
                }
                part.extend_from_slice(end.as_bytes());
            }
        }
        self.left = self.left.saturating_sub(u64::try_from(part.len()).unwrap_or(u64::MAX));
        Poll::Ready(Some(Ok(Frame::data(part.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// An answer whose data is a list of JSON texts, byte for byte, which have so many bytes
/// together. Where that is much, each is written when its client takes it.
pub(crate) fn raw_answer<T: ExactSizeIterator + Send + Unpin + 'static>(
    bytes: usize,
    mut texts: T,
    write: impl Fn(T::Item, &mut Vec<u8>) + Send + Unpin + 'static,
    warnings: &[Fault],
) -> Response {
    let mut end = r#"],"errors":null,"warnings":"#.to_owned();
    match warnings {
        [] => end.push_str("null}"),
        // INVARIANT: numbers and texts can always be written.
        some => {
            end.push_str(&serde_json::to_string(some).unwrap_or_else(|_| "null".to_owned()));
            end.push('}');
        }
    }
    let commas = texts.len().saturating_sub(1);
    let left = [BEFORE.len(), bytes, commas, end.len()].into_iter().fold(0, usize::saturating_add);
    let json = [(header::CONTENT_TYPE, "application/json")];
    if left <= SMALL {
        let mut whole = Vec::with_capacity(left);
        whole.extend_from_slice(BEFORE.as_bytes());
        if let Some(first) = texts.next() {
            write(first, &mut whole);
        }
        for text in texts {
            whole.push(b',');
            write(text, &mut whole);
        }
        whole.extend_from_slice(end.as_bytes());
        return (json, whole).into_response();
    }
    let left = u64::try_from(left).unwrap_or(u64::MAX);
    let body = Body::new(Texts { texts, write, before: BEFORE, end: Some(end), left });
    let mut answer = (json, body).into_response();
    answer.extensions_mut().insert(ByParts);
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt;
    use target_rules_requests::Code;

    use super::*;

    fn answer(texts: &[&str], warnings: &[Fault]) -> Response {
        let bytes = texts.iter().map(|text| text.len()).sum();
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let write = |text: String, to: &mut Vec<u8>| to.extend_from_slice(text.as_bytes());
        raw_answer(bytes, texts.into_iter(), write, warnings)
    }

    #[tokio::test]
    async fn the_envelope_has_its_three_keys_in_order_and_its_length() {
        let warned = r#"[{"code":310018,"message":"Target is missing"}]"#;
        let long = format!("[{}]", " ".repeat(SMALL));
        for (texts, data) in [
            (&[][..], "[]".to_owned()),
            (&["{\"id\": 1}"], "[{\"id\": 1}]".to_owned()),
            (&["{\"id\": 1}", "{ }", "[]"], "[{\"id\": 1},{ },[]]".to_owned()),
            (&[&long], format!("[{long}]")),
            (&["{ }", &long, "[]"], format!("[{{ }},{long},[]]")),
        ] {
            for (warnings, told) in [(&[][..], "null"), (&[Fault::plain(Code::NoTarget)], warned)] {
                let answered = answer(texts, warnings);
                assert_eq!(answered.extensions().get::<ByParts>().is_some(), data.contains(&long));
                let body = answered.into_body();
                let stated = body.size_hint().exact();
                let text = body.collect().await.unwrap().to_bytes();
                let expected = format!(r#"{{"data":{data},"errors":null,"warnings":{told}}}"#);
                assert_eq!(text, expected);
                assert_eq!(stated, u64::try_from(text.len()).ok());
            }
        }
    }

    #[tokio::test]
    async fn a_text_is_written_when_it_is_taken() {
        let written = Arc::new(AtomicUsize::new(0));
        let counted = written.clone();
        let write = move |_, to: &mut Vec<u8>| {
            counted.fetch_add(1, Ordering::Relaxed);
            to.extend_from_slice(&[b' '; SMALL]);
        };
        let mut body = raw_answer(9 * SMALL, 0..9, write, &[]).into_body();
        for taken in 1..=3 {
            body.frame().await.unwrap().unwrap();
            assert_eq!(written.load(Ordering::Relaxed), taken);
        }
    }
}
