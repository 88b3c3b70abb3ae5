//! Telling apart why a connection failed, as far as the person can do something different.

use std::error::Error;

use crate::transport::NetError;

/// Looks through the causes of `error`.
pub fn of(error: &reqwest::Error) -> NetError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(found) = of_cause(inner) {
            return found;
        }
        cause = inner.source();
    }
    NetError::Unreachable
}

#[cfg(not(target_arch = "wasm32"))]
fn of_cause(cause: &(dyn Error + 'static)) -> Option<NetError> {
    if let Some(io) = cause.downcast_ref::<std::io::Error>() {
        // The source of such an error is its content's source: the content itself has to be asked for.
        let inside = io.get_ref().and_then(|inner| of_cause(inner));
        return inside.or_else(|| of_kind(io.kind()));
    }
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return of_tls(tls);
    }
    cause.to_string().starts_with("dns error").then_some(NetError::Offline)
}

#[cfg(target_arch = "wasm32")]
fn of_cause(_cause: &(dyn Error + 'static)) -> Option<NetError> {
    None
}

#[cfg(not(target_arch = "wasm32"))]
fn of_kind(kind: std::io::ErrorKind) -> Option<NetError> {
    use std::io::ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(kind, HostUnreachable | NetworkDown | NetworkUnreachable).then_some(NetError::Offline)
}

#[cfg(not(target_arch = "wasm32"))]
fn of_tls(error: &rustls::Error) -> Option<NetError> {
    use rustls::{CertificateError, Error};
    match error {
        Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => Some(NetError::Clock),
        Error::InvalidCertificate(_) | Error::NoCertificatesPresented => Some(NetError::Certificate),
        // A server that speaks no TLS, or closed the line in the middle of it.
        _ => Some(NetError::NotARelay),
    }
}
