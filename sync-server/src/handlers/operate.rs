//! `/healthz`, `/readyz`, `/metrics`, `/openapi.json`: for whoever runs the relay.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use trellis_protocol::ErrorCode;

use crate::app::App;
use crate::caller::Caller;
use crate::metrics::Now;
use crate::problem::{Problem, Reply};

/// The document, in step with the router by tests.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

/// The process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The store takes calls: what was written last is on disk, and there is room for more.
pub(crate) async fn readyz(State(app): State<Arc<App>>, _caller: Caller) -> Reply<&'static str> {
    if app.stop.is_cancelled() {
        return Err(ErrorCode::Unavailable.into());
    }
    app.store.ready().await?;
    Ok("ready\n")
}

/// Figures in Prometheus' text format.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Reply<impl IntoResponse> {
    let text = app.metrics.render(&now(&app).await).map_err(|_| Problem::from(ErrorCode::Internal))?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}

async fn now(app: &App) -> Now {
    Now {
        store: app.store.figures().await.unwrap_or_default(),
        ready: !app.stop.is_cancelled() && app.store.ready().await.is_ok(),
        connections: app.config.max_connections.saturating_sub(app.connections.available_permits()),
        held: app.inflight.held(),
    }
}

/// What the relay understands.
pub(crate) async fn openapi(_caller: Caller) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
