//! Links that the app is opened with: `trellis:` and nothing else.

use tauri::{AppHandle, Manager};
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
