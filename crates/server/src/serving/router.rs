//! Every path, with what stands before it: the request's id, who asks, bounds.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::RequestLimits;
use crate::http::{
    Bounds, Gatekeeper, Observer, authenticate, not_allowed, not_found, observe, panicked, within_bounds,
};
use crate::service::App;
use crate::{activities, catalogue, enrolments};

use super::page::page;
use super::probes;

/// The routes of a server.
pub(super) fn router(
    app: &Arc<App>,
    gatekeeper: Arc<Gatekeeper>,
    limits: Arc<RequestLimits>,
) -> std::io::Result<Router> {
    let bounds = Arc::new(Bounds::new(limits.clone(), app.metrics.clone()));
    // Who asks without being known takes no places of users, and users none of probes.
    let open_bounds = Arc::new(Bounds::new(limits, app.metrics.clone()));
    let observer = Arc::new(Observer::new(app.metrics.clone())?);
    let probes = Router::new()
        .route("/health", get(probes::health))
        .route("/ready", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .method_not_allowed_fallback(not_allowed)
        .with_state(app.clone());
    // Paths that are not there are told to users only, too.
    let service = asked(app)
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(bounds, within_bounds))
        .layer(from_fn_with_state(gatekeeper, authenticate));
    let open = probes.merge(page()?).layer(from_fn_with_state(open_bounds, within_bounds));
    Ok(open.merge(service).layer(from_fn_with_state(observer, observe)))
}

/// What users ask.
fn asked(app: &Arc<App>) -> Router {
    Router::new()
        .route("/v3/users", get(enrolments::customers))
        .route("/v3/users/{userId}", delete(enrolments::erase))
        .route("/v3/users/{userId}/enrolledTargets", get(enrolments::enrolled_targets))
        .route("/v3/users/{userId}/enrolments", get(enrolments::enrolments).post(enrolments::enrol))
        .route("/v3/users/{userId}/enrolments/{targetId}", delete(enrolments::withdraw))
        .route("/v3/users/{userId}/export", get(enrolments::export))
        .route("/v3/users/{userId}/progress", get(activities::progress))
        .route("/v3/users/{userId}/targets", post(catalogue::create_for_user))
        .route("/v3/users/{userId}/targets/{targetId}/why", post(activities::why))
        .route("/v3/enrolments", post(enrolments::enrol_many))
        .route("/v3/targetGroups", get(catalogue::groups).post(catalogue::create_group))
        .route("/v3/targetGroups/{groupId}", get(catalogue::group).put(catalogue::change_group))
        .route("/v3/targets", get(catalogue::targets).post(catalogue::create_target))
        .route("/v3/targets/{targetId}", get(catalogue::target).put(catalogue::change_target))
        .route("/v3/targets/{targetId}/users", get(enrolments::customers_of_target))
        .route("/v3/expressions", post(catalogue::expression))
        .route("/v3/transactions", post(activities::book_one))
        .route("/v3/transactions/batch", post(activities::book_many))
        .with_state(app.clone())
}
