//! Lets in who has the right credentials.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use target_rules_requests::basic_credentials;
use tokio::time::Instant;

use crate::auth::{Caller, Verifier};
use crate::observe::Metrics;

use super::failure::Failure;
use super::line::{Attempt, Full, Line};
use super::peer::Peer;
use super::together::{Part, Together};

/// After what time wrong credentials are answered, so that few can be tried.
const FAILURE_TAKES: Duration = Duration::from_secs(1);

/// Decides who is let in.
#[derive(Debug)]
pub(crate) struct Gatekeeper {
    who: Who,
    /// Argon2 takes memory and a core, so it runs on one thread at a time. Known
    /// credentials never wait for it.
    line: Arc<Line>,
    together: Arc<Together>,
    rate: Option<DefaultKeyedRateLimiter<Arc<str>>>,
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
enum Who {
    /// Who has credentials.
    Users(ArcSwap<Verifier>),
    /// Anybody, as this caller.
    Anybody(Caller),
}

impl Gatekeeper {
    /// Lets in the users of a verifier, so many requests a second each; 0 for any number.
    pub(crate) fn of_users(verifier: Verifier, rate: u32, metrics: Arc<Metrics>) -> Gatekeeper {
        Gatekeeper::new(Who::Users(ArcSwap::from_pointee(verifier)), rate, metrics)
    }

    /// Lets in anybody, as this caller.
    pub(crate) fn of_anybody(caller: Caller, rate: u32, metrics: Arc<Metrics>) -> Gatekeeper {
        Gatekeeper::new(Who::Anybody(caller), rate, metrics)
    }

    fn new(who: Who, rate: u32, metrics: Arc<Metrics>) -> Gatekeeper {
        let burst = NonZeroU32::new(rate.saturating_mul(10));
        let rate = NonZeroU32::new(rate)
            .zip(burst)
            .map(|(rate, burst)| RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)));
        Gatekeeper { who, line: Line::new(), together: Arc::default(), rate, metrics }
    }

    /// Takes other users from now on. Who was removed is let in no more.
    pub(crate) fn take(&self, verifier: Verifier) {
        if let Who::Users(users) = &self.who {
            users.store(Arc::new(verifier));
        }
    }

    /// The organisations that somebody may ask for.
    pub(crate) fn organisations(&self) -> Vec<Arc<str>> {
        match &self.who {
            Who::Users(users) => users.load().organisations(),
            Who::Anybody(caller) => vec![caller.organisation.clone()],
        }
    }

    /// Who asks. Whoever is refused learns nothing but that: what takes place, and
    /// in which time, is the same for names that there are and others.
    async fn caller(&self, headers: &HeaderMap, peer: Option<&Peer>) -> Result<Caller, Response> {
        let users = match &self.who {
            Who::Anybody(caller) => return Ok(caller.clone()),
            Who::Users(users) => users,
        };
        let began = Instant::now();
        // Who sends none is a client that asks how; there is nothing to slow.
        let Some(sent) = headers.get(header::AUTHORIZATION) else { return Err(unauthorized()) };
        let sent = sent.to_str().ok().and_then(basic_credentials);
        let verifier = users.load_full();
        if let Some(caller) = sent.as_ref().and_then(|(name, password)| verifier.at_once(name, password)) {
            return Ok(caller);
        }
        let first = match &sent {
            Some((name, password)) => match self.together.join(verifier.key_of(name, password)) {
                Part::First(first) => Some(first),
                Part::Other(mut waits) => {
                    // It ends when the first one is dropped, whatever has become of that.
                    let _ = waits.changed().await;
                    if let Some(caller) = verifier.at_once(name, password) {
                        return Ok(caller);
                    }
                    None
                }
            },
            None => None,
        };
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.client(headers));
        let name = sent.as_ref().map_or("", |(name, _)| name.as_str());
        let attempt = self.line.enter(peer, name).map_err(|Full| full())?;
        let found = match sent {
            Some((name, password)) if !verifier.is_known_wrong(&name, &password) => {
                verify(&attempt, verifier, name, password).await?
            }
            _ => None,
        };
        // The others with these credentials don't wait for the pause.
        drop(first);
        if found.is_none() {
            attempt.failed();
            self.metrics.wrong_credentials.inc();
            tokio::time::sleep(FAILURE_TAKES.saturating_sub(began.elapsed())).await;
        }
        found.ok_or_else(unauthorized)
    }

    fn within_rate(&self, caller: &Caller) -> bool {
        self.rate.as_ref().is_none_or(|rate| rate.check_key(&caller.name).is_ok())
    }
}

/// Waits for the turn and asks argon2.
async fn verify(
    attempt: &Attempt,
    verifier: Arc<Verifier>,
    name: String,
    password: String,
) -> Result<Option<Caller>, Response> {
    let turn = attempt.turn().await.map_err(|Full| full())?;
    // The one before may have been the same.
    if let Some(caller) = verifier.at_once(&name, &password) {
        return Ok(Some(caller));
    }
    // A client that hangs up gives the turn on when its hash is computed, not before.
    let check = move || {
        let found = verifier.verify(&name, &password);
        drop(turn);
        found
    };
    let checked = tokio::task::spawn_blocking(check).await;
    // What a panic says may be a secret: its place is in the log already.
    checked.map_err(|_| Failure::internal(&"a check of a password has panicked").into_response())
}

fn unauthorized() -> Response {
    let challenge = "Basic realm=\"target-rules\", charset=\"UTF-8\"";
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
}

fn full() -> Response {
    too_many("too many credentials are being checked")
}

fn too_many(message: &str) -> Response {
    Failure::invalid(message).status(StatusCode::TOO_MANY_REQUESTS).retry_after(1).into_response()
}

/// Answers 401 to who has no right credentials, and 429 to who asks too often;
/// passes on the others, with their [`Caller`].
pub(crate) async fn authenticate(
    State(gatekeeper): State<Arc<Gatekeeper>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions_mut().remove::<Peer>();
    let caller = match gatekeeper.caller(request.headers(), peer.as_ref()).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    if !gatekeeper.within_rate(&caller) {
        return too_many("this user sends too many requests");
    }
    request.extensions_mut().insert(caller.clone());
    let mut response = next.run(request).await;
    // For the log.
    response.extensions_mut().insert(caller);
    response
}
