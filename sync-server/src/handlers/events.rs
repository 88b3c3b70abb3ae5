//! `POST /v1/events`: live notices of mailboxes that grew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use trellis_protocol::wire::Listen;

use super::few_enough;
use crate::app::{App, Caller};
use crate::body::Cbor;
use crate::hub::Listener;
use crate::limiter;
use crate::problem::Reply;

/// Opens an event stream. It ends when the relay stops; the device comes back with what it has seen by then.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    Cbor(listen): Cbor<Listen>,
) -> Reply<Response> {
    few_enough(listen.mailboxes.len())?;
    caller.names(&app, listen.mailboxes.len())?;
    let counted = caller.listens(&app)?;
    let ids: Vec<_> = listen.mailboxes.iter().map(|one| one.token.mailbox()).collect();
    // Listening starts before the heads are read, so that nothing falls between the two.
    let listener = app.hub.listen(ids.clone());
    let heads = app.store.heads(ids.clone()).await?;
    for ((id, one), head) in ids.into_iter().zip(&listen.mailboxes).zip(heads) {
        if let Some(head) = head.filter(|head| *head > one.after) {
            listener.tell(id, head);
        }
    }
    let beat = Duration::from_secs(app.config.heartbeat_seconds.max(1));
    let sse =
        Sse::new(notices(app, listener, counted)).keep_alive(KeepAlive::new().interval(beat).text("beat"));
    // A proxy that buffers would hold every notice back.
    Ok(([("x-accel-buffering", "no")], sse).into_response())
}

/// What a stream holds for as long as it is open.
struct Open {
    app: Arc<App>,
    listener: Listener,
    _counted: limiter::Stream,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.metrics.closed.inc();
    }
}

fn notices(
    app: Arc<App>,
    listener: Listener,
    counted: limiter::Stream,
) -> impl Stream<Item = Result<Event, Infallible>> {
    app.metrics.opened.inc();
    let stop = app.stop.clone().cancelled_owned();
    let news = stream::unfold(Open { app, listener, _counted: counted }, |open| async {
        let (mailbox, seq) = open.listener.next().await;
        let event = Event::default().event("mailbox").data(format!("{} {seq}", mailbox.to_hex()));
        Some((Ok(event), open))
    });
    news.take_until(stop)
}
