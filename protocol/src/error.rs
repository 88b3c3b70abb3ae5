//! Stable codes in the relay's `application/problem+json` answers.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:literal;)+) => {
        /// Why the relay refused a call or one envelope.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[doc = $doc])+ $name,)+ }

        impl ErrorCode {
            /// All codes, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as it stands on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// HTTP status that goes with the code.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The code named by `text`, if this version knows it.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    /// The body is not what the call takes.
    Malformed = "malformed", 400;
    /// The token or owner token opens nothing here.
    Forbidden = "forbidden", 403;
    /// No such mailbox, or no such path.
    NotFound = "not-found", 404;
    /// The path takes another method.
    MethodNotAllowed = "method-not-allowed", 405;
    /// A mailbox of that id exists under another owner.
    Conflict = "conflict", 409;
    /// The body did not arrive in time.
    Timeout = "timeout", 408;
    /// The body is over the relay's limit.
    TooLarge = "too-large", 413;
    /// The body is of another media type.
    UnsupportedMedia = "unsupported-media", 415;
    /// One envelope is over the limit; the rest of the request went on.
    EnvelopeTooLarge = "envelope-too-large", 413;
    /// The mailbox is full by the operator's limit.
    MailboxFull = "mailbox-full", 507;
    /// Creating needs a creation token, or the relay takes no new mailboxes.
    CreationClosed = "creation-closed", 403;
    /// Too many calls; `Retry-After` says when.
    RateLimited = "rate-limited", 429;
    /// The relay could not store it. Nothing was acknowledged.
    Storage = "storage", 503;
    /// The relay is shutting down, not ready, or has no room for this call now.
    Unavailable = "unavailable", 503;
    /// Something went wrong inside the relay.
    Internal = "internal", 500;
}
