//! What this server looks for by itself: changes of targets that others make, and
//! whether the store answers.

use std::sync::Arc;
use std::time::Duration;

use loyalty_targets::store::{Store, StoreError};

use super::app::App;

/// How long a change may stay unseen where nobody tells of it, and whether the store
/// answers.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// Watches on a thread of its own until the server stops.
///
/// Fails where the system gives no thread.
pub(crate) fn watch(app: Arc<App>) -> std::io::Result<()> {
    std::thread::Builder::new().name("targets".to_owned()).spawn(move || {
        // Whoever looks may fail while whoever is told goes on: of one organisation's
        // targets, say. Each is left only where it has failed itself.
        let (mut told, mut looking) = (app.handle(), app.handle());
        while !app.stops() {
            // Where nobody tells of changes they are looked for all the same.
            if let Err(error) = told.wait_for_change(AT_LEAST_EVERY) {
                tracing::warn!(error = %error, "changes of targets are not told; they are looked for");
                told = app.handle();
                std::thread::sleep(AT_LEAST_EVERY);
            }
            if let Err(error) = look(&app, &mut *looking) {
                tracing::warn!(error = %error, "whether targets have changed is not known");
                looking = app.handle();
            }
        }
    })?;
    Ok(())
}

/// Reads all targets that have changed. Fails as the first does that can't be read;
/// it keeps none of the others from their changes.
fn look(app: &App, store: &mut dyn Store) -> Result<(), StoreError> {
    let mut all = Ok(());
    for (organisation, newest) in app.changes() {
        let looked = store.change_number(&organisation).and_then(|now| match now == newest {
            true => Ok(()),
            false => app.reload(store, &organisation).map(drop),
        });
        all = all.and(looked);
    }
    all
}

/// Asks the store from now on, on a thread and by a handle of its own, until the
/// server stops. Blocks until it has said something first.
///
/// Fails where the system gives no thread.
pub(crate) fn keep_asking(app: Arc<App>) -> std::io::Result<()> {
    let mut store = app.handle();
    app.readiness.note(&store.check());
    std::thread::Builder::new().name("readiness".to_owned()).spawn(move || {
        while !app.stops() {
            std::thread::sleep(AT_LEAST_EVERY);
            let answered = store.check();
            app.readiness.note(&answered);
            if let Err(error) = answered {
                tracing::warn!(error = %error, "the store does not answer");
                // A handle that has failed is left, and another one made.
                store = app.handle();
            }
        }
    })?;
    Ok(())
}
