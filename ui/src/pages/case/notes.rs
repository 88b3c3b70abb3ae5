//! Private notes.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::Note;

use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::pages::coach::{Paper, Pen};
use crate::{fmt, i18n::t};

/// The section; it says where they are kept.
#[component]
pub fn Notes(space: Id, notes: Signal<Vec<Note>>, name: Signal<String>, pen: Pen) -> impl IntoView {
    let space = StoredValue::new(space);
    let one = move |note: Signal<Note>| {
        let edit =
            move |_| pen.write(space.get_value(), Paper::Note { note: note.get_untracked(), new: false });
        view! {
            <li>
                <button class="row topped" type="button" aria-haspopup="dialog" on:click=edit>
                    <span class="body">
                        <span class="sub">{move || note.with(|note| fmt::capital(&fmt::date(note.on)))}</span>
                        <span class="own-text">{part(note, |note| note.text.clone())}</span>
                    </span>
                    {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
                </button>
            </li>
        }
    };
    view! {
        <section class="block" aria-labelledby="notes">
            <div class="head"><h2 id="notes">{t::coach::notes()}</h2></div>
            <p class="hint lead">{move || t::coach::notes_lead(name.get())}</p>
            <Show when=move || !notes.with(Vec::is_empty)>
                <ul class="list">{rows(notes, |note| note.id.clone(), one)}</ul>
            </Show>
            <button id="add-note" class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| pen.note(space.get_value())>
                {icon(Icon::PLUS_BOLD)}
                {t::coach::add_note()}
            </button>
        </section>
    }
}
