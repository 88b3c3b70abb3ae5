//! A sheet on a phone, a dialog on a laptop: the same native element, which keeps the focus inside.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Icon, Show, icon};
use crate::{i18n::t, state::state};

/// Shown while `open`. Escape, the close button and a touch beside it close it; the focus goes back.
#[component]
pub fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it, made again each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    follow(open, dialog);
    let children = StoredValue::new(children);
    let beside = move |event: leptos::ev::MouseEvent| {
        let target: web_sys::HtmlElement = event_target(&event);
        if dialog.get_untracked().is_some_and(|dialog| **dialog == *target) {
            open.set(false);
        }
    };
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-label=move || title.get()
            on:close=move |_| open.set(false)
            on:click=beside
        >
            <Show when=move || open.get()>
                <div class="in">
                    <div class="sheet-head">
                        <h2>{move || title.get()}</h2>
                        <button class="icon-btn" type="button" aria-label=t::common::close() on:click=move |_| open.set(false)>
                            {icon(Icon::X)}
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}

/// Where there is something to type, the focus goes there rather than to the close button.
fn focus_first_field(dialog: &web_sys::HtmlDialogElement) {
    let field = dialog.query_selector("input:not([type=radio], [type=checkbox]), textarea, select");
    if let Some(field) = field.ok().flatten().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _focusable = field.focus();
    }
}

/// Opens and closes the native dialog with the signal, and tells the app which sheet is on top.
fn follow(open: RwSignal<bool>, dialog: NodeRef<leptos::html::Dialog>) {
    let sheets = state().sheets;
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        sheets.remove(open);
        if open.get() {
            sheets.push(open);
            // It fails only for a dialog that is open already.
            let _open = dialog.show_modal();
            focus_first_field(&dialog);
        } else {
            dialog.close();
        }
    });
    on_cleanup(move || sheets.remove(open));
}
