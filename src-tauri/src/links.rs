//! Links into the app (`trellis:` and nothing else) and out of it (calls and texts, and nothing else).

use tauri::{AppHandle, Manager, Url};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::shell::Shell;

/// Takes the link of this start, and those that come later.
pub fn listen(app: &AppHandle) {
    let links = app.deep_link();
    if let Ok(Some(urls)) = links.get_current() {
        urls.iter().for_each(|url| take(app, url.as_str()));
    }
    let handle = app.clone();
    links.on_open_url(move |event| event.urls().iter().for_each(|url| take(&handle, url.as_str())));
}

fn take(app: &AppHandle, link: &str) {
    if link.starts_with("trellis:") {
        app.state::<Shell>().link_came(link);
    }
}

/// Whether the window may go there: only to its own screens. A call or a text is handed to the system's phone app.
pub fn stays(url: &Url) -> bool {
    match where_to(url) {
        Way::Inside => true,
        Way::Phone => {
            if let Err(error) = tauri_plugin_opener::open_url(url.as_str(), None::<&str>) {
                tracing::warn!(%error, "no app for calls");
            }
            false
        }
        Way::Nowhere => false,
    }
}

#[derive(Debug, PartialEq)]
enum Way {
    Inside,
    Phone,
    Nowhere,
}

fn where_to(url: &Url) -> Way {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => Way::Inside,
        ("tel" | "sms", _) => Way::Phone,
        _ => Way::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_screens_and_calls() {
        let way = |url: &str| where_to(&Url::parse(url).unwrap());
        assert_eq!(way("tauri://localhost/help"), Way::Inside);
        assert_eq!(way("http://tauri.localhost/help"), Way::Inside);
        assert_eq!(way("tel:5550142"), Way::Phone);
        assert_eq!(way("sms:5550142"), Way::Phone);
        for url in [
            "https://example.org/",
            "http://localhost/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "mailto:a@b.c",
            "about:blank",
        ] {
            assert_eq!(way(url), Way::Nowhere, "{url}");
        }
    }
}
