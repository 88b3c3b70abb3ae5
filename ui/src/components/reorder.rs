//! Order by buttons: up and down, and the focus follows what was moved.

use leptos::prelude::*;
use trellis_api_types::Id;
use wasm_bindgen::JsCast;

use super::{Icon, icon};
use crate::i18n::t;

/// Where a thing goes: before another, or to the end.
pub type Before = Option<Id>;

/// Moves things of a list and remembers which, until the new order is shown.
#[derive(Clone, Copy)]
pub struct Mover {
    moved: RwSignal<Option<String>>,
    on_move: Callback<(Id, Before)>,
}

impl Mover {
    /// A mover that asks `on_move` to store the new place.
    pub fn new(on_move: impl Fn(Id, Before) + Send + Sync + 'static) -> Self {
        let on_move = Callback::new(move |(id, before)| on_move(id, before));
        Self { moved: RwSignal::new(None), on_move }
    }

    /// To be called when a new order was drawn: gives the focus back to the button that was used.
    pub fn shown(self) {
        if let Some(button) = self.moved.try_update(Option::take).flatten() {
            request_animation_frame(move || focus(&button));
        }
    }

    fn run(self, button: String, id: Id, before: Before) {
        self.moved.set(Some(button));
        self.on_move.run((id, before));
    }
}

/// Up and down for the thing at `at` of `ids`; `name` is its words.
#[component]
pub fn MoveButtons(mover: Mover, ids: Vec<Id>, at: usize, name: String) -> impl IntoView {
    let up = at.checked_sub(1).and_then(|n| ids.get(n)).map(|id| Some(id.clone()));
    let down = ids.get(at + 1).map(|_| ids.get(at + 2).cloned());
    let id = ids.into_iter().nth(at).unwrap_or_default();
    view! {
        <span class="acts moves">
            <MoveButton mover id=id.clone() to=up way="up" mark=Icon::ARROW_UP label=t::common::move_up(&name) />
            <MoveButton mover id to=down way="down" mark=Icon::ARROW_DOWN label=t::common::move_down(&name) />
        </span>
    }
}

/// Stays in reach of the keyboard at either end of the list, where it does nothing.
#[component]
fn MoveButton(
    mover: Mover,
    id: Id,
    to: Option<Before>,
    way: &'static str,
    mark: Icon,
    label: String,
) -> impl IntoView {
    let button = format!("{way}-{id}");
    let off = to.is_none().then_some("true");
    let go = {
        let button = button.clone();
        move |_| {
            if let Some(before) = to.clone() {
                mover.run(button.clone(), id.clone(), before);
            }
        }
    };
    view! {
        <button id=button class="icon-btn" type="button" aria-label=label aria-disabled=off on:click=go>
            {icon(mark)}
        </button>
    }
}

fn focus(id: &str) {
    let button = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(button) = button {
        let _focusable = button.focus();
    }
}
