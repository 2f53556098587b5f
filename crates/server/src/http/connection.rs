//! Connections: accepted up to a bound, held to a time for headers, and
//! finished when the server stops.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::config::RequestLimits;

/// How long to wait where the system has no more connections to give.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Answers requests until `stop` is there; then accepts no more, finishes what
/// was accepted, and says whether all of it ended in time.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Arc<RequestLimits>,
    stop: impl Future<Output = ()>,
) -> bool {
    let places = Arc::new(Semaphore::new(usize::try_from(limits.max_connections).unwrap_or(1024)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = next(&listener, &places) => accepted,
        };
        let Some((stream, place)) = accepted else { continue };
        let (router, tls, limits) = (router.clone(), tls.clone(), limits.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            connection(stream, router, tls, &limits, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    tokio::time::timeout(limits.stop_time(), graceful.shutdown()).await.is_ok()
}

type Place = tokio::sync::OwnedSemaphorePermit;

async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, Place)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(error = %error, "a connection was not accepted");
            tokio::time::sleep(AFTER_FAILURE).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: &RequestLimits,
    watcher: Watcher,
) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    match tls {
        None => requests(stream, router, limits, watcher).await,
        Some(tls) => {
            let greeted = tokio::time::timeout(limits.header_time(), tls.accept(stream)).await;
            // Who does not speak TLS, or is slow, gets no answer.
            if let Ok(Ok(stream)) = greeted {
                requests(stream, router, limits, watcher).await;
            }
        }
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    limits: &RequestLimits,
    watcher: Watcher,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time())
        .max_buf_size(usize::try_from(limits.max_headers).unwrap_or(16 * 1024));
    let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(error = %error, "a connection ended");
    }
}
