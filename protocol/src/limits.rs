//! Sizes both sides agree on. A relay may lower the configurable ones, never raise the fixed ones.

/// Version in the path of every call (`/v1`).
pub const WIRE_VERSION: u8 = 1;
/// Largest padded plaintext of one item, bytes.
pub const MAX_PLAINTEXT: usize = 64 * 1024;
/// Bytes an envelope adds to its plaintext: version, nonce, tag.
pub const ENVELOPE_OVERHEAD: usize = 1 + 24 + 16;
/// Envelopes up to this size are small: what is urgent fits into one, bytes.
pub const SMALL_ENVELOPE: usize = 1024 + ENVELOPE_OVERHEAD;
/// Largest envelope, bytes.
pub const MAX_ENVELOPE: usize = MAX_PLAINTEXT + ENVELOPE_OVERHEAD;
/// Largest request or response body, bytes.
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// Most mailboxes in one sync request.
pub const MAX_MAILBOXES: usize = 256;
/// Most envelopes in one sync request. More of the smallest size do not fit into [`MAX_BODY`].
pub const MAX_APPENDS: usize = 8192;
/// Most envelopes returned for one mailbox in one response.
pub const MAX_PAGE: u32 = 2048;
/// Media type of request and response bodies.
pub const CBOR: &str = "application/cbor";
/// Media type of error bodies.
pub const PROBLEM_JSON: &str = "application/problem+json";
