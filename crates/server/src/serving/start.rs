//! Starts the server, and stops it when the system asks for that.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use target_rules_requests::Role;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::auth::{Caller, Verifier, read_credentials};
use crate::config::Serve;
use crate::http::{self, Gatekeeper, acceptor};
use crate::observe::Metrics;
use crate::screen::tell;
use crate::service::{App, app_settings, keep_asking, open_store, watch};

use super::demonstration::Demo;
use super::router::router;
use super::serve_error::ServeError;

/// Serves until SIGTERM or SIGINT, and then finishes what was accepted.
///
/// Fails where something is wrong with the settings, where the address is taken,
/// and where not all requests ended in time.
pub(crate) async fn serve(mut settings: Serve) -> Result<(), ServeError> {
    let demo = if settings.demo { Some(Demo::prepare(&mut settings)?) } else { None };
    let limits = Arc::new(settings.limits.clone());
    let metrics = Arc::new(Metrics::default());
    let gatekeeper = Arc::new(gatekeeper(&settings, &metrics)?);
    let tls = match (&settings.access.tls_certificate, &settings.access.tls_key) {
        (Some(certificate), Some(key)) => Some(acceptor(certificate, key)?),
        _ => None,
    };
    let (data, database) = (settings.data.clone(), settings.database.clone());
    // It waits for the store.
    let opened = move || open_store(data.as_deref(), database.as_deref());
    let store = tokio::task::spawn_blocking(opened).await.map_err(|error| error.to_string())??;
    let app = app_settings(&settings.zones, settings.schema.as_deref())?;
    let app = Arc::new(App::new(store, app, metrics));
    open_organisations(&app, &gatekeeper).await?;
    if let Some(demo) = &demo {
        demo.fill(&app).await?;
    }
    watch(app.clone())?;
    let asking = app.clone();
    tokio::task::spawn_blocking(move || keep_asking(asking)).await.map_err(|error| error.to_string())??;
    let router = router(&app, gatekeeper.clone(), limits.clone())?;
    let listener = listen(&settings).await?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    reload_at_hangup(&settings, gatekeeper)?;
    tell_address(listener.local_addr()?, tls.is_some())?;
    if let Some(demo) = &demo {
        demo.tell(listener.local_addr()?)?;
    }
    let stopping = app.clone();
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopping.stop();
        tracing::info!("the server stops: it finishes what it accepted");
    };
    let served = http::Served { router, tls, limits, proxies: settings.access.proxies.into() };
    match http::serve(listener, served, stop).await {
        true => Ok(()),
        false => Err(ServeError::from("requests were cut off, for they took too long to end".to_owned())),
    }
}

async fn listen(settings: &Serve) -> Result<TcpListener, ServeError> {
    match TcpListener::bind(settings.listen).await {
        Ok(listener) => Ok(listener),
        // Who only looks should not have to find a port.
        Err(error) if settings.demo && error.kind() == ErrorKind::AddrInUse => {
            Ok(TcpListener::bind((settings.listen.ip(), 0)).await?)
        }
        Err(error) => Err(ServeError::from(format!("{}: {error}", settings.listen))),
    }
}

fn tell_address(address: SocketAddr, secure: bool) -> std::io::Result<()> {
    let scheme = if secure { "https" } else { "http" };
    tracing::info!(%address, scheme, "listening");
    tell(format_args!("listening on {scheme}://{address}"))
}

/// Compiles the targets of all organisations before the first request comes.
async fn open_organisations(app: &Arc<App>, gatekeeper: &Gatekeeper) -> Result<(), ServeError> {
    for organisation in gatekeeper.organisations() {
        app.served(&organisation).await.map_err(|failure| {
            let why: Vec<&str> = failure.faults().iter().map(|fault| fault.message.as_str()).collect();
            ServeError::from(format!("the targets of `{organisation}` can't be read: {}", why.join("; ")))
        })?;
    }
    Ok(())
}

fn gatekeeper(settings: &Serve, metrics: &Arc<Metrics>) -> Result<Gatekeeper, ServeError> {
    let rate = settings.limits.rate;
    if let Some(organisation) = &settings.access.without_authentication {
        if !settings.listen.ip().is_loopback() {
            return Err(ServeError::from(format!(
                "--without-authentication: {} is no loopback address, so anybody could change everything",
                settings.listen
            )));
        }
        let (name, organisation) = ("anybody".into(), organisation.as_str().into());
        let caller = Caller { name, organisation, role: Role::Admin };
        return Ok(Gatekeeper::of_anybody(caller, rate, metrics.clone()));
    }
    Ok(Gatekeeper::of_users(verifier(settings.credentials_file())?, rate, metrics.clone()))
}

fn verifier(file: Option<PathBuf>) -> Result<Verifier, ServeError> {
    let file = file.ok_or_else(|| "--credentials is missing: the file of users".to_owned())?;
    let credentials = match file.exists() {
        true => read_credentials(&file).map_err(|error| error.to_string())?,
        false => {
            return Err(ServeError::from(format!(
                "{}: there is no such file; make it by `target-rules-server user add --credentials {} NAME \
                 --organisation ORGANISATION --role admin`",
                file.display(),
                file.display()
            )));
        }
    };
    Ok(Verifier::new(&credentials)?)
}

/// Takes the file of users anew at each SIGHUP; one that is faulty changes nothing.
fn reload_at_hangup(settings: &Serve, gatekeeper: Arc<Gatekeeper>) -> std::io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let file = settings.credentials_file();
    let anybody = settings.access.without_authentication.is_some();
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            if anybody {
                continue;
            }
            let file = file.clone();
            match tokio::task::spawn_blocking(move || verifier(file)).await {
                Ok(Ok(verifier)) => {
                    gatekeeper.take(verifier);
                    tracing::info!("the users were taken anew");
                }
                Ok(Err(error)) => tracing::error!(error = %error, "the users stay as they were"),
                Err(error) => tracing::error!(error = %error, "the users stay as they were"),
            }
        }
    });
    Ok(())
}
