//! Connections: accepted up to a bound, held to a time for headers and one for
//! taking answers, and finished when the server stops.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::config::RequestLimits;

use super::peer::Peer;
use super::timely::Timely;

/// How long to wait where the system has no more connections to give.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// What every connection is served by.
#[derive(Clone)]
pub(crate) struct Served {
    /// The routes.
    pub(crate) router: Router,
    /// What speaks TLS, where the server does.
    pub(crate) tls: Option<TlsAcceptor>,
    /// What connections are held to.
    pub(crate) limits: Arc<RequestLimits>,
    /// Proxies that may say who is behind them.
    pub(crate) proxies: Arc<[IpAddr]>,
}

/// Answers requests until `stop` is there; then accepts no more, finishes what
/// was accepted, and says whether all of it ended in time.
pub(crate) async fn serve(listener: TcpListener, served: Served, stop: impl Future<Output = ()>) -> bool {
    let limits = served.limits.clone();
    let places = Arc::new(Semaphore::new(usize::try_from(limits.max_connections).unwrap_or(1024)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = next(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let (served, watcher) = (served.clone(), graceful.watcher());
        tokio::spawn(async move {
            let peer = Peer::new(peer, served.proxies.clone());
            connection(stream, peer, served, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    tokio::time::timeout(limits.stop_time(), graceful.shutdown()).await.is_ok()
}

type Place = tokio::sync::OwnedSemaphorePermit;

async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, IpAddr, Place)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => Some((stream, address.ip(), place)),
        Err(error) => {
            tracing::warn!(error = %error, "a connection was not accepted");
            tokio::time::sleep(AFTER_FAILURE).await;
            None
        }
    }
}

async fn connection(stream: TcpStream, peer: Peer, served: Served, watcher: Watcher) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let Served { router, tls, limits, .. } = served;
    match tls {
        None => requests(stream, peer, router, &limits, watcher).await,
        Some(tls) => {
            let greeted = tokio::time::timeout(limits.header_time(), tls.accept(stream)).await;
            // Who does not speak TLS, or is slow, gets no answer.
            if let Ok(Ok(stream)) = greeted {
                requests(stream, peer, router, &limits, watcher).await;
            }
        }
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    limits: &RequestLimits,
    watcher: Watcher,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // Also from one request to the next.
        .header_read_timeout(limits.header_time())
        .max_buf_size(usize::try_from(limits.max_headers).unwrap_or(16 * 1024));
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        request
    });
    let stream = TokioIo::new(Timely::new(stream, limits.answer_time()));
    let connection = builder.serve_connection(stream, TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error = %error, "a connection ended");
    }
}
