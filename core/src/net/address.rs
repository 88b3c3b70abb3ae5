//! Which addresses may be asked at all.

use reqwest::Url;
use trellis_api_types::sync::RelayChoice;

/// What is wrong with a relay's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a web address.
    #[error("not a relay address")]
    BadAddress,
    /// Plain http leaves the loopback only in the clear.
    #[error("plain http is only for this machine")]
    PlainHttp,
    /// Not `host:port`.
    #[error("not a proxy address")]
    BadProxy,
}

impl AddressError {
    /// The code that the screens know.
    pub fn code(self) -> &'static str {
        match self {
            Self::BadAddress => "bad-address",
            Self::PlainHttp => "plain-http",
            Self::BadProxy => "bad-proxy",
        }
    }
}

/// The choice with blanks removed, `https://` added where no scheme was typed, and everything checked.
pub fn checked(choice: &RelayChoice) -> Result<RelayChoice, AddressError> {
    let address = choice.address.trim();
    let proxy = choice.socks_proxy.trim();
    if !address.is_empty() {
        base(address)?;
    }
    if !proxy.is_empty() {
        socks(proxy)?;
    }
    Ok(RelayChoice {
        address: if address.is_empty() { String::new() } else { base(address)?.to_string() },
        creation_token: choice.creation_token.trim().to_owned(),
        socks_proxy: proxy.to_owned(),
    })
}

/// The relay's base address: https anywhere, http on loopback; no user, query or fragment.
pub fn base(address: &str) -> Result<Url, AddressError> {
    let text = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let mut url = Url::parse(&text).map_err(|_| AddressError::BadAddress)?;
    let plain = !url.username().is_empty() || url.password().is_some();
    if plain || url.query().is_some() || url.fragment().is_some() || url.host_str().is_none() {
        return Err(AddressError::BadAddress);
    }
    match url.scheme() {
        "https" => {}
        "http" if on_loopback(&url) => {}
        "http" => return Err(AddressError::PlainHttp),
        _ => return Err(AddressError::BadAddress),
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// The proxy as an address that resolves names at its far end.
pub fn socks(proxy: &str) -> Result<Url, AddressError> {
    let url = Url::parse(&format!("socks5h://{proxy}")).map_err(|_| AddressError::BadProxy)?;
    let whole = url.port().is_some() && url.host_str().is_some_and(|host| !host.is_empty());
    let extra = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
    if whole && !extra { Ok(url) } else { Err(AddressError::BadProxy) }
}

fn on_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_only_on_loopback() {
        assert_eq!(base("http://relay.example"), Err(AddressError::PlainHttp));
        assert_eq!(base("http://127.0.0.1.example.com"), Err(AddressError::PlainHttp));
        assert_eq!(base("http://localhost.example.com:80"), Err(AddressError::PlainHttp));
        for fine in
            ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9", "https://relay.example/sub"]
        {
            assert!(base(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn an_address_is_only_a_place() {
        for bad in ["", "ftp://x", "https://u:p@x", "https://x?a=b", "https://x#f", "https://", "https:// x"]
        {
            assert_eq!(base(bad), Err(AddressError::BadAddress), "{bad}");
        }
        assert_eq!(base("relay.example").map(|u| u.to_string()), Ok("https://relay.example/".to_owned()));
        assert_eq!(base("https://x/sub").map(|u| u.to_string()), Ok("https://x/sub/".to_owned()));
    }

    #[test]
    fn a_proxy_is_host_and_port() {
        assert!(socks("127.0.0.1:9050").is_ok());
        for bad in ["127.0.0.1", "http://x:1", "x:99999", ":9050", "x:1/path"] {
            assert_eq!(socks(bad), Err(AddressError::BadProxy), "{bad}");
        }
    }

    #[test]
    fn a_choice_is_tidied() {
        let typed = RelayChoice { address: " relay.example ".into(), ..RelayChoice::default() };
        assert_eq!(checked(&typed).map(|c| c.address), Ok("https://relay.example/".to_owned()));
        assert_eq!(checked(&RelayChoice::default()), Ok(RelayChoice::default()));
    }
}
