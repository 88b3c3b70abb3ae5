//! Language, light or dark, and text size, on the page's root element.

use leptos::prelude::document;
use trellis_api_types::app::Status;
use trellis_api_types::settings::Theme;

use crate::i18n;

/// Brings the page's root element in line with the status.
pub fn apply_look(status: &Status) {
    let Some(root) = document().document_element() else { return };
    i18n::set_language(status.language);
    let theme = match status.theme {
        Theme::Auto => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
    // Setting an attribute fails only for malformed names.
    let _always = theme
        .and_then(|()| root.set_attribute("lang", i18n::tag()))
        .and_then(|()| root.set_attribute("style", &format!("font-size:{}%", status.text_size)));
}
