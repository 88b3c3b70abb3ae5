//! CBOR bodies in and out, with a size limit and a deadline.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use trellis_protocol::{ErrorCode, limits};

use crate::app::App;
use crate::problem::{Problem, Reply};

/// How many times the limit is read of a body that is over it.
const DRAIN: usize = 4;

/// A CBOR body.
pub(crate) struct Cbor<T>(pub(crate) T);

impl<T: for<'b> minicbor::Decode<'b, ()>> FromRequest<Arc<App>> for Cbor<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Reply<Self> {
        if !is_cbor(request.headers()) {
            return Err(ErrorCode::UnsupportedMedia.into());
        }
        let collect = collect(request.into_body(), app.config.max_body);
        let bytes = tokio::time::timeout(app.config.patience(), collect).await;
        let bytes =
            bytes.map_err(|_| Problem::new(ErrorCode::Malformed, "The body did not arrive in time."))??;
        decode(&bytes).map(Self)
    }
}

impl<T: minicbor::Encode<()>> IntoResponse for Cbor<T> {
    fn into_response(self) -> Response {
        match minicbor::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, limits::CBOR)], bytes).into_response(),
            Err(_) => Problem::from(ErrorCode::Internal).into_response(),
        }
    }
}

fn is_cbor(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(limits::CBOR))
}

/// Reads the body. One that is too large is still read for a while, or the peer would not see the answer.
async fn collect(mut body: Body, limit: usize) -> Reply<Vec<u8>> {
    let (mut bytes, mut seen) = (Vec::new(), 0usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::from(ErrorCode::Malformed))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            bytes.extend_from_slice(&data);
        } else if seen > limit.saturating_mul(DRAIN) {
            break;
        }
    }
    if seen <= limit { Ok(bytes) } else { Err(ErrorCode::TooLarge.into()) }
}

/// Decodes exactly one value; it owns its bytes, so that nothing of the read buffer stays.
fn decode<T: for<'b> minicbor::Decode<'b, ()>>(bytes: &[u8]) -> Reply<T> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| Problem::from(ErrorCode::Malformed))?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err(ErrorCode::Malformed.into()) }
}
