//! Reading what came back: an answer, the relay's refusal, or something that is no relay.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{Response, StatusCode};
use trellis_protocol::ErrorCode;
use trellis_protocol::limits::{CBOR, MAX_BODY, PROBLEM_JSON};

use crate::transport::{NetError, Reply};

/// No call takes longer. Uploading four megabytes over a poor line must fit.
pub const WHOLE_CALL: Duration = Duration::from_secs(120);

/// The response, or why there is none.
pub fn sent(result: Result<Response, reqwest::Error>) -> Result<Response, NetError> {
    result.map_err(|error| super::failure::of(&error))
}

/// An answer without a body that matters.
pub async fn done(response: Response) -> Result<Reply, NetError> {
    checked(response, None).await?;
    Ok(Reply::Done)
}

/// The answer to a sync.
pub async fn sync(response: Response) -> Result<Reply, NetError> {
    let response = checked(response, Some(CBOR)).await?;
    let body = body(response).await?;
    minicbor::decode(&body).map(Reply::Sync).map_err(|_| NetError::NotARelay)
}

/// An open event stream.
pub async fn events(response: Response) -> Result<Response, NetError> {
    checked(response, Some("text/event-stream")).await
}

/// A success of the right kind, or the refusal. A redirect or a page is what captive portals send.
async fn checked(response: Response, media: Option<&str>) -> Result<Response, NetError> {
    let status = response.status();
    if status.is_success() {
        let right = media.is_none_or(|media| is(&response, media)) && !is(&response, "text/html");
        return if right { Ok(response) } else { Err(NetError::NotARelay) };
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(NetError::RateLimited { retry_after: retry_after(&response) });
    }
    if status.is_redirection() || is(&response, "text/html") && !status.is_server_error() {
        return Err(NetError::NotARelay);
    }
    Err(refusal(response).await)
}

async fn refusal(response: Response) -> NetError {
    let status = response.status().as_u16();
    if !is(&response, PROBLEM_JSON) {
        return if status == 404 || status == 405 { NetError::NotARelay } else { NetError::Status(status) };
    }
    let Ok(body) = body(response).await else { return NetError::Status(status) };
    let problem: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    let code = problem.as_ref().and_then(|p| p.get("code")).and_then(|c| c.as_str());
    code.and_then(ErrorCode::parse).map_or(NetError::Status(status), NetError::Refused)
}

fn is(response: &Response, media: &str) -> bool {
    let header = response.headers().get("content-type").and_then(|v| v.to_str().ok());
    header.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with(media))
}

/// Seconds; the date form of the header is not used by relays.
fn retry_after(response: &Response) -> Option<u32> {
    response.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()
}

/// Reads at most [`MAX_BODY`], whatever the other side sends.
async fn body(response: Response) -> Result<Vec<u8>, NetError> {
    let mut stream = response.bytes_stream();
    let mut all = Vec::new();
    while let Some(piece) = stream.next().await {
        all.extend_from_slice(&piece.map_err(|_| NetError::Unreachable)?);
        if all.len() > MAX_BODY {
            return Err(NetError::NotARelay);
        }
    }
    Ok(all)
}
