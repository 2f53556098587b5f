//! A stream whose answers must be taken in time.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A stream that fails where what was written isn't taken within a time: neither
/// by who doesn't read at all, nor by who reads a byte now and then.
#[derive(Debug)]
pub(super) struct Timely<S> {
    stream: S,
    within: Duration,
    /// Set from when a write has to wait until all is flushed.
    ends: Option<Pin<Box<Sleep>>>,
}

impl<S> Timely<S> {
    pub(super) fn new(stream: S, within: Duration) -> Timely<S> {
        Timely { stream, within, ends: None }
    }

    fn in_time<T>(&mut self, context: &mut Context<'_>, polled: Poll<Result<T>>) -> Poll<Result<T>> {
        let late = || Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the answer is not taken")));
        match (polled, &mut self.ends) {
            (Poll::Ready(done), None) => Poll::Ready(done),
            (Poll::Ready(done), Some(ends)) => match ends.deadline() <= Instant::now() {
                true => late(),
                false => Poll::Ready(done),
            },
            (Poll::Pending, ends) => {
                let within = self.within;
                let ends = ends.get_or_insert_with(|| Box::pin(tokio::time::sleep(within)));
                match ends.as_mut().poll(context) {
                    Poll::Ready(()) => late(),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timely<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timely<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.in_time(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        let flushed = self.in_time(context, polled);
        if let Poll::Ready(Ok(())) = flushed {
            self.ends = None;
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.in_time(context, polled)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn who_does_not_read_is_not_waited_for() {
        let (ours, _theirs) = tokio::io::duplex(16);
        let written = Timely::new(ours, SOON).write_all(&[b'x'; 64]).await;
        assert_eq!(written.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_reads_a_byte_now_and_then_is_not_waited_for() {
        let (ours, mut theirs) = tokio::io::duplex(16);
        let reads = tokio::spawn(async move {
            while theirs.read_u8().await.is_ok() {
                tokio::time::sleep(SOON / 10).await;
            }
        });
        let began = Instant::now();
        let written = Timely::new(ours, SOON).write_all(&[b'x'; 4096]).await;
        assert_eq!(written.unwrap_err().kind(), ErrorKind::TimedOut);
        assert!(began.elapsed() < SOON * 20, "{:?}", began.elapsed());
        reads.await.unwrap();
    }

    #[tokio::test]
    async fn each_answer_has_its_time() {
        let (ours, mut theirs) = tokio::io::duplex(16);
        let reads = tokio::spawn(async move {
            let mut all = Vec::new();
            theirs.read_to_end(&mut all).await.unwrap();
            all.len()
        });
        let mut stream = Timely::new(ours, SOON);
        for _ in 0..3 {
            stream.write_all(&[b'x'; 64]).await.unwrap();
            stream.flush().await.unwrap();
            assert!(stream.ends.is_none());
            tokio::time::sleep(SOON * 2).await;
        }
        drop(stream);
        assert_eq!(reads.await.unwrap(), 192);
    }
}
