//! Answers until their clients have taken them: so many bytes at once.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use crate::config::RequestLimits;

use super::budget::{Budget, NoRoom, Room, WAITS};
use super::failure::Failure;
use super::texts::ByParts;

/// How large an answer is that is counted: a smaller one takes no more than what is kept
/// of its connection.
const LARGE: usize = 16 * 1024;

/// A part of an answer, whose room is free when it is written.
struct Part {
    bytes: Bytes,
    _room: Option<Room>,
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Takes room for an answer that is held whole, until its client has read it. A `GET` that
/// finds no room within a second is answered by 503. What has changed something is answered
/// all the same: it waits for as long as a client may take to read, for by then those who
/// don't read are cut off, and goes without room where there is still none.
pub(super) async fn with_room(
    answer: Response,
    method: &Method,
    answers: &Budget,
    limits: &RequestLimits,
) -> Response {
    if answer.extensions().get::<ByParts>().is_some() {
        return answer;
    }
    let bytes = answer.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    let Some(bytes) = bytes.filter(|bytes| *bytes > LARGE) else { return answer };
    let waits = if method.is_safe() { WAITS } else { limits.answer_time() };
    let mut room = match answers.room(bytes, waits).await {
        Ok(room) => Some(room),
        Err(NoRoom) if method.is_safe() => {
            return Failure::unavailable("too many large answers wait to be read").into_response();
        }
        Err(NoRoom) => None,
    };
    // INVARIANT: a body of a known size is one part, which takes the room along: what is
    // dropped when it is handed on is only the body.
    answer.map(|body| {
        let parts = body.map_frame(move |frame| {
            frame.map_data(|bytes| Bytes::from_owner(Part { bytes, _room: room.take() }))
        });
        Body::new(parts)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        limits: RequestLimits,
    }

    #[tokio::test]
    async fn an_answer_has_its_room_until_its_bytes_are_dropped() {
        let limits = Only::parse_from(["server", "--answer-time", "1"]).limits;
        let answers = Budget::new(150_000);
        let ask = async |method: Method, bytes: usize| {
            with_room(vec![7_u8; bytes].into_response(), &method, &answers, &limits).await
        };
        let first = ask(Method::GET, 100_000).await;
        // Its body is dropped as soon as its bytes were handed on, which are not written yet.
        let unread = first.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(unread.len(), 100_000);
        assert_eq!(ask(Method::GET, 100_000).await.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(Method::GET, 1_000).await.status(), StatusCode::OK);
        assert_eq!(ask(Method::POST, 100_000).await.status(), StatusCode::OK, "it is done already");
        drop(unread);
        assert_eq!(ask(Method::GET, 100_000).await.status(), StatusCode::OK);
        // One that is larger than all the room stands alone.
        assert_eq!(ask(Method::GET, 1_000_000).await.status(), StatusCode::OK);
    }
}
