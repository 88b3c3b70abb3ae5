//! `POST /v1/events`: live notices of mailboxes that grew.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::OwnedSemaphorePermit;
use trellis_protocol::MailboxId;
use trellis_protocol::wire::Listen;

use super::few_enough;
use crate::app::App;
use crate::body::Cbor;
use crate::caller::Caller;
use crate::hub::Listener;
use crate::problem::{Problem, Reply};
use crate::shares::Share;

/// How long a device polls instead, where all streams are taken.
const FULL: Duration = Duration::from_secs(60);

/// Opens an event stream. It ends when the relay stops; the device comes back with what it has seen by then.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    Cbor(listen, _held): Cbor<Listen>,
) -> Reply<Response> {
    few_enough(listen.mailboxes.len())?;
    caller.names(&app, listen.mailboxes.len())?;
    let counted = caller.listens(&app)?;
    let place = app.streams.clone().try_acquire_owned().map_err(|_| Problem::busy(FULL))?;
    let wanted = wanted(&listen);
    let ids: Vec<_> = wanted.keys().copied().collect();
    // Listening starts before the heads are read, so that nothing falls between the two.
    let listener = app.hub.listen(ids.clone());
    let heads = app.store.heads(ids).await?;
    for ((id, after), head) in wanted.into_iter().zip(heads) {
        if let Some(head) = head.filter(|head| *head > after) {
            listener.tell(id, head);
        }
    }
    let beat = Duration::from_secs(app.config.heartbeat_seconds.max(1));
    let sse = Sse::new(notices(app, listener, (counted, place)))
        .keep_alive(KeepAlive::new().interval(beat).text("beat"));
    // A proxy that buffers would hold every notice back.
    Ok(([("x-accel-buffering", "no")], sse).into_response())
}

/// Each mailbox once, from the earliest place that is named for it.
fn wanted(listen: &Listen) -> BTreeMap<MailboxId, u64> {
    let mut wanted = BTreeMap::new();
    for one in &listen.mailboxes {
        let after = wanted.entry(one.token.mailbox()).or_insert(one.after);
        *after = one.after.min(*after);
    }
    wanted
}

/// What a stream holds for as long as it is open.
struct Open {
    app: Arc<App>,
    listener: Listener,
    _counted: (Share, OwnedSemaphorePermit),
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.metrics.closed.inc();
    }
}

fn notices(
    app: Arc<App>,
    listener: Listener,
    counted: (Share, OwnedSemaphorePermit),
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
