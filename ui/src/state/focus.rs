//! Where the focus is: on the heading of a place one comes to, and then where the person put it, whatever is drawn again.

use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, FocusOptions, HtmlElement, MutationObserver, MutationObserverInit};

/// The focus of this page.
#[derive(Clone, Copy)]
pub struct Focus {
    /// What has it, and the path it was on.
    held: StoredValue<Option<(HtmlElement, String)>, LocalStorage>,
    /// On the way to another place: the heading of the one that is left.
    left: StoredValue<Option<Option<Element>>, LocalStorage>,
}

impl Focus {
    /// Starts to watch it.
    pub fn watch() -> Self {
        let focus = Self { held: StoredValue::new_local(None), left: StoredValue::new_local(None) };
        window_event_listener(ev::focusin, move |_| focus.hold());
        // What is moved loses the focus first, and has it again when this runs.
        window_event_listener(ev::focusout, move |_| request_animation_frame(move || focus.forget()));
        window_event_listener(ev::keydown, move |_| focus.left.set_value(None));
        window_event_listener(ev::pointerdown, move |_| focus.left.set_value(None));
        watch_drawing(move || {
            focus.go_to_heading(false);
            focus.give_back();
        });
        focus
    }

    /// The person goes to another place: its heading gets the focus as soon as it is drawn, unless they are quicker.
    pub fn arrive(self) {
        self.left.set_value(Some(heading()));
        // A place of the same kind may be drawn into the heading that is there.
        request_animation_frame(move || self.go_to_heading(true));
    }

    fn go_to_heading(self, same: bool) {
        let Some(left) = self.left.get_value() else { return };
        if let Some(heading) = heading().filter(|heading| same || Some(heading) != left.as_ref()) {
            self.left.set_value(None);
            let _always = heading.set_attribute("tabindex", "-1");
            focus(heading);
        }
    }

    fn hold(self) {
        self.held.set_value(focused().map(|element| (element, path())));
    }

    /// Who leaves a field on purpose is not brought back to it.
    fn forget(self) {
        if focused().is_none() {
            self.held.set_value(None);
        }
    }

    /// Drawing took the focus away: a row moved, or all is built again in another language.
    fn give_back(self) {
        let Some((element, from)) = self.held.get_value().filter(|_| focused().is_none()) else { return };
        let now = if element.is_connected() { Some(element.into()) } else { same_id(&element) };
        if let Some(now) = now.filter(|_| from == path()) {
            focus(now);
        }
    }
}

/// Moves the focus to the main heading, or to where it would be.
pub fn focus_heading() {
    if let Some(place) = heading().or_else(|| document().get_element_by_id("main")) {
        let _always = place.set_attribute("tabindex", "-1");
        place.scroll_into_view();
        focus(place);
    }
}

fn heading() -> Option<Element> {
    document().query_selector("main h1").ok().flatten()
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

fn focused() -> Option<HtmlElement> {
    let element = document().active_element().filter(|element| element.tag_name() != "BODY")?;
    element.dyn_into().ok()
}

fn same_id(element: &HtmlElement) -> Option<Element> {
    Some(element.id()).filter(|id| !id.is_empty()).and_then(|id| document().get_element_by_id(&id))
}

/// Gives it the focus; what is in view stays in view.
fn focus(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _focusable = element.focus_with_options(&still);
    }
}

/// Calls `drawn` each time after elements came or went, before anyone sees it.
fn watch_drawing(drawn: impl FnMut() + 'static) {
    let drawn = Closure::<dyn FnMut()>::new(drawn);
    let all = MutationObserverInit::new();
    all.set_child_list(true);
    all.set_subtree(true);
    let watched = MutationObserver::new(drawn.as_ref().unchecked_ref())
        .and_then(|observer| observer.observe_with_options(&document(), &all));
    if watched.is_ok() {
        drawn.forget();
    }
}
