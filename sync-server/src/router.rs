//! Which path leads where, and what happens around every call.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;
use trellis_protocol::ErrorCode;

use crate::app::App;
use crate::handlers::{events, mailboxes, operate, sync};
use crate::problem::{Coded, Problem};

const PATHS: [&str; 7] = [
    "/v1/sync",
    "/v1/events",
    "/v1/mailboxes/{id}",
    "/v1/mailboxes/{id}/trim",
    "/healthz",
    "/readyz",
    "/openapi.json",
];

/// What each path takes, in the order of [`PATHS`].
fn routes() -> [MethodRouter<Arc<App>>; 7] {
    [
        post(sync::sync),
        post(events::events),
        put(mailboxes::create).delete(mailboxes::delete),
        post(mailboxes::trim),
        get(operate::healthz),
        get(operate::readyz),
        get(operate::openapi),
    ]
}

/// All calls of a relay.
pub(crate) fn router(app: Arc<App>) -> Router {
    let bare = Router::new().fallback(|| refuse(ErrorCode::NotFound));
    let routed =
        PATHS.into_iter().zip(routes()).fold(bare, |router, (path, methods)| router.route(path, methods));
    routed
        .method_not_allowed_fallback(|| refuse(ErrorCode::MethodNotAllowed))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app)
}

/// What only whoever runs the relay sees, on a port of its own.
pub(crate) fn operator(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(operate::metrics))
        .fallback(|| refuse(ErrorCode::NotFound))
        .method_not_allowed_fallback(|| refuse(ErrorCode::MethodNotAllowed))
        .with_state(app)
}

async fn refuse(code: ErrorCode) -> Problem {
    code.into()
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::from(ErrorCode::Internal).into_response()
}

/// Counts and logs a call by its pattern; path, address and body stay out of both.
async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", |route| name_of(route.as_str()));
    let code = response.extensions().get::<Coded>().map(|coded| coded.0);
    app.metrics.call(route, response.status(), code, start.elapsed());
    let (status, code) = (response.status().as_u16(), code.map(ErrorCode::as_str));
    tracing::debug!(route, status, code, micros = start.elapsed().as_micros() as u64, "call");
    response
}

/// The pattern itself, which lives as long as the program.
fn name_of(route: &str) -> &'static str {
    PATHS.into_iter().find(|path| *path == route).unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_names_every_path_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(operate::OPENAPI).unwrap();
        let named: BTreeSet<&str> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(BTreeSet::from(PATHS), named);
    }
}
