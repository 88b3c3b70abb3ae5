//! Language, light or dark, and text size, on the page's root element.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use trellis_api_types::app::Status;
use trellis_api_types::settings::Theme;
use wasm_bindgen::JsCast;

use crate::i18n;

/// Brings the page's root element in line with the status.
pub fn apply_look(status: &Status) {
    let Some(root) = document().document_element() else { return };
    if i18n::language() != status.language {
        i18n::set_language(status.language);
        keep_focus();
    }
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

/// All is built anew in the other language; the focus goes back to where it was.
fn keep_focus() {
    let Some(id) = document().active_element().map(|e| e.id()).filter(|id| !id.is_empty()) else { return };
    let back = move || {
        let place = document().get_element_by_id(&id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(place) = place {
            let _focusable = place.focus();
        }
    };
    set_timeout(back, Duration::from_millis(50));
}
