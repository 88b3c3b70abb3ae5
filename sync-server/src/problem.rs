//! Errors as `application/problem+json`, each with a stable code.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use trellis_protocol::{ErrorCode, limits};

use crate::store::StoreError;

/// Why a call was refused.
#[derive(Debug)]
pub struct Problem {
    code: ErrorCode,
    detail: &'static str,
    retry_after: Option<Duration>,
}

/// What a handler answers.
pub type Reply<T> = Result<T, Problem>;

impl Problem {
    /// A refusal with a sentence for whoever reads it; the sentence never repeats what was sent.
    pub fn new(code: ErrorCode, detail: &'static str) -> Self {
        Self { code, detail, retry_after: None }
    }

    /// There is no room for the call now; it may come again after `wait`.
    pub fn busy(wait: Duration) -> Self {
        let detail = "The relay has no room for this call now.";
        Self { code: ErrorCode::Unavailable, detail, retry_after: Some(wait) }
    }

    /// Too many calls; the next one may come after `wait`.
    pub fn rate_limited(wait: Duration) -> Self {
        Self { code: ErrorCode::RateLimited, detail: "Too many calls for now.", retry_after: Some(wait) }
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, describe(code))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            StoreError::Closed => ErrorCode::Unavailable.into(),
            _ => ErrorCode::Storage.into(),
        }
    }
}

fn describe(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => "The body is not what this call takes.",
        ErrorCode::Forbidden => "The token opens nothing here.",
        ErrorCode::NotFound => "There is nothing of that name.",
        ErrorCode::MethodNotAllowed => "The path takes another method.",
        ErrorCode::Conflict => "A mailbox of that id exists under another owner.",
        ErrorCode::Timeout => "The body did not arrive in time.",
        ErrorCode::TooLarge => "The body is over the limit.",
        ErrorCode::UnsupportedMedia => "The body must be application/cbor.",
        ErrorCode::EnvelopeTooLarge => "The envelope is over the limit.",
        ErrorCode::MailboxFull => "The mailbox is full.",
        ErrorCode::CreationClosed => {
            "New mailboxes need a creation token with uses left, or are not taken at all."
        }
        ErrorCode::RateLimited => "Too many calls for now.",
        ErrorCode::Storage => "It could not be stored; nothing was acknowledged.",
        ErrorCode::Unavailable => "The relay is shutting down, or has no room for this call now.",
        ErrorCode::Internal => "Something went wrong inside the relay.",
    }
}

/// The code of the problem in a response, for counters and logs.
#[derive(Clone, Copy)]
pub(crate) struct Coded(pub(crate) ErrorCode);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "code": self.code.as_str(),
            "detail": self.detail,
        });
        let mut response =
            (status, [(header::CONTENT_TYPE, limits::PROBLEM_JSON)], body.to_string()).into_response();
        response.extensions_mut().insert(Coded(self.code));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + 1;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
