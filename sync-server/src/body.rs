//! CBOR bodies in and out, within the budget of bytes, a limit of size and a least speed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};
use trellis_protocol::{ErrorCode, limits};

use crate::app::App;
use crate::caller::{Arriving, Sending};
use crate::inflight::Held;
use crate::problem::{Problem, Reply};

/// How many times the limit is read of a body that is over it.
const DRAIN: usize = 4;
/// Least bytes a second of a body, either way, once a peer has had its time to stall.
const LEAST: usize = 8 * 1024;
/// Values in a call beside one for each 32 bytes.
const VALUES: usize = 2 * limits::MAX_APPENDS;
/// An answer of fewer bytes lies in the system's own buffers at once.
const WATCHED: usize = 64 * 1024;

/// A CBOR body, and what it holds in memory.
pub(crate) struct Cbor<T>(pub(crate) T, pub(crate) Held);

/// A CBOR answer, and what it holds until it is sent.
pub(crate) struct Answer<T>(pub(crate) T, pub(crate) Sending, pub(crate) Duration);

impl<T: for<'b> minicbor::Decode<'b, ()>> FromRequest<Arc<App>> for Cbor<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Reply<Self> {
        if !is_cbor(request.headers()) {
            return Err(ErrorCode::UnsupportedMedia.into());
        }
        let from = request.extensions().get::<Arriving>().copied();
        let Arriving(address) = from.ok_or(Problem::from(ErrorCode::Internal))?;
        let mut held = app.inflight.hold(&app.limiter, address);
        let bytes =
            collect(request.into_body(), app.config.max_body, app.config.patience(), &mut held).await?;
        decode(&bytes).map(|value| Self(value, held))
    }
}

impl<T: minicbor::Encode<()>> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let Self(value, mut sending, patience) = self;
        let Ok(bytes) = minicbor::to_vec(&value) else {
            return Problem::from(ErrorCode::Internal).into_response();
        };
        drop(value);
        sending.held.shrink_to(bytes.len());
        let body = Bytes::from_owner(watched(bytes, sending, patience));
        ([(header::CONTENT_TYPE, limits::CBOR)], body).into_response()
    }
}

/// Bytes on their way, with what they hold.
struct Outgoing {
    bytes: Vec<u8>,
    _sending: Arc<Sending>,
}

impl AsRef<[u8]> for Outgoing {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Cuts the connection of a peer that takes a long answer too slowly.
fn watched(bytes: Vec<u8>, sending: Sending, patience: Duration) -> Outgoing {
    let sending = Arc::new(sending);
    if bytes.len() > WATCHED {
        let (weak, end) = (Arc::downgrade(&sending), deadline(Instant::now(), bytes.len(), patience));
        tokio::spawn(async move {
            tokio::time::sleep_until(end).await;
            if let Some(sending) = weak.upgrade() {
                sending.cut.cancel();
            }
        });
    }
    Outgoing { bytes, _sending: sending }
}

/// When so many bytes have to be through.
fn deadline(start: Instant, bytes: usize, patience: Duration) -> Instant {
    start + patience + Duration::from_millis(bytes as u64 * 1000 / LEAST as u64)
}

fn is_cbor(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(limits::CBOR))
}

/// Reads the body for as long as it comes: a stall ends it, and so does a trickle. One that is too large is still read for a
/// while, or the peer would not see the answer.
async fn collect(mut body: Body, limit: usize, patience: Duration, held: &mut Held) -> Reply<Vec<u8>> {
    // Room that is not written to takes no memory; growing by doubling would take twice as much as is counted.
    let room = body.size_hint().upper().and_then(|upper| upper.try_into().ok()).unwrap_or(limit).min(limit);
    let (mut bytes, mut seen, start) = (Vec::with_capacity(room), 0usize, Instant::now());
    loop {
        let end = deadline(start, seen, patience).min(Instant::now() + patience);
        let frame = timeout_at(end, body.frame()).await.map_err(|_| Problem::from(ErrorCode::Timeout))?;
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| Problem::from(ErrorCode::Malformed))?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            held.grow_to(seen).await?;
            bytes.extend_from_slice(&data);
        } else if seen > limit.saturating_mul(DRAIN) {
            break;
        }
    }
    if seen <= limit { Ok(bytes) } else { Err(ErrorCode::TooLarge.into()) }
}

/// Decodes exactly one value; it owns its bytes, so that nothing of the read buffer stays.
fn decode<T: for<'b> minicbor::Decode<'b, ()>>(bytes: &[u8]) -> Reply<T> {
    // An empty string is one byte here and twenty-four in memory: no call that is understood holds so many values.
    if minicbor::decode::Tokenizer::new(bytes).take(VALUES + bytes.len() / 32 + 1).count()
        > VALUES + bytes.len() / 32
    {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| Problem::from(ErrorCode::Malformed))?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err(ErrorCode::Malformed.into()) }
}
