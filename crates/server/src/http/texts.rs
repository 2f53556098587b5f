//! Answers of many documents, each written when its client takes it: what is held is
//! one of them, however many there are.

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

/// A list of texts in an envelope.
struct Texts<T> {
    /// Those that are not written yet; each with its length, which was counted before.
    texts: T,
    before: &'static str,
    /// What stands behind the list, until it is written.
    end: Option<String>,
    left: u64,
}

impl<T: Iterator<Item = Bytes> + Unpin> HttpBody for Texts<T> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let mut part = Vec::from(self.before);
        match self.texts.next() {
            Some(text) => {
                part.extend_from_slice(&text);
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
/// together. Each is made when it is written.
pub(crate) fn raw_answer(
    bytes: usize,
    texts: impl ExactSizeIterator<Item = Bytes> + Send + Unpin + 'static,
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
    let left = u64::try_from(left).unwrap_or(u64::MAX);
    let body = Body::new(Texts { texts, before: BEFORE, end: Some(end), left });
    let mut answer = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
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

    fn answer(texts: &'static [&'static str], warnings: &[Fault]) -> Response {
        let bytes = texts.iter().map(|text| text.len()).sum();
        raw_answer(bytes, texts.iter().map(|text| Bytes::from_static(text.as_bytes())), warnings)
    }

    #[tokio::test]
    async fn the_envelope_has_its_three_keys_in_order_and_its_length() {
        let warned = r#"[{"code":310018,"message":"Target is missing"}]"#;
        for (texts, data) in [
            (&[][..], "[]"),
            (&["{\"id\": 1}"], "[{\"id\": 1}]"),
            (&["{\"id\": 1}", "{ }", "[]"], "[{\"id\": 1},{ },[]]"),
        ] {
            for (warnings, told) in [(&[][..], "null"), (&[Fault::plain(Code::NoTarget)], warned)] {
                let body = answer(texts, warnings).into_body();
                let stated = body.size_hint().exact();
                let text = body.collect().await.unwrap().to_bytes();
                let expected = format!(r#"{{"data":{data},"errors":null,"warnings":{told}}}"#);
                assert_eq!(text, expected);
                assert_eq!(stated, u64::try_from(text.len()).ok());
            }
        }
    }

    #[tokio::test]
    async fn a_text_is_made_when_it_is_taken() {
        let made = Arc::new(AtomicUsize::new(0));
        let counted = made.clone();
        let texts = (0..9).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Bytes::from_static(b"{}")
        });
        let mut body = raw_answer(18, texts, &[]).into_body();
        for taken in 1..=3 {
            body.frame().await.unwrap().unwrap();
            assert_eq!(made.load(Ordering::Relaxed), taken);
        }
    }
}
