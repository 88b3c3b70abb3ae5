//! Language, light or dark, text size, and how much room there is, on the page's root element.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::{document, window};
use trellis_api_types::app::Status;
use trellis_api_types::settings::Theme;

use crate::i18n;

/// Room in the size of the text: little for a phone's page at 200 %, enough for a rail, enough for two columns.
const NARROW: f64 = 17.5;
const WIDE: f64 = 45.0;
const LAPTOP: f64 = 64.0;

/// Brings the page's root element in line with the status.
pub fn apply_look(status: &Status) {
    let Some(root) = document().document_element() else { return };
    if i18n::language() != status.language {
        i18n::set_language(status.language);
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
    measure(&root);
}

/// The window was made larger or smaller, or zoomed.
pub fn hear_resize() {
    let look = || document().document_element().iter().for_each(measure);
    look();
    window_event_listener(ev::resize, move |_| look());
}

/// Says how much room there is for text of this size. Media queries do not see the size that the person chose.
fn measure(root: &web_sys::Element) {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    let style = window().get_computed_style(root).ok().flatten();
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    let size = size.and_then(|size| size.trim_end_matches("px").parse::<f64>().ok());
    let Some((width, size)) = width.zip(size) else { return };
    let room = width / size;
    for (name, holds) in
        [("data-narrow", room <= NARROW), ("data-wide", room >= WIDE), ("data-laptop", room >= LAPTOP)]
    {
        // It fails only for malformed names.
        let _always = root.toggle_attribute_with_force(name, holds);
    }
}
