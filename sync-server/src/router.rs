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

fn routes() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
    vec![
        ("/v1/sync", post(sync::sync)),
        ("/v1/events", post(events::events)),
        ("/v1/mailboxes/{id}", put(mailboxes::create).delete(mailboxes::delete)),
        ("/v1/mailboxes/{id}/trim", post(mailboxes::trim)),
        ("/healthz", get(operate::healthz)),
        ("/readyz", get(operate::readyz)),
        ("/metrics", get(operate::metrics)),
        ("/openapi.json", get(operate::openapi)),
    ]
}

/// All calls of a relay.
pub(crate) fn router(app: Arc<App>) -> Router {
    let bare = Router::new().fallback(|| refuse(ErrorCode::NotFound));
    let routed = routes().into_iter().fold(bare, |router, (path, methods)| router.route(path, methods));
    routed
        .method_not_allowed_fallback(|| refuse(ErrorCode::MethodNotAllowed))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), observe))
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
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let code = response.extensions().get::<Coded>().map(|coded| coded.0);
    app.metrics.call(route, response.status(), code);
    let (status, code) = (response.status().as_u16(), code.map(ErrorCode::as_str));
    tracing::debug!(route, status, code, micros = start.elapsed().as_micros() as u64, "call");
    response
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
        assert_eq!(routes().iter().map(|(path, _)| *path).collect::<BTreeSet<_>>(), named);
    }
}
