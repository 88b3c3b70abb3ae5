//! The form of something that can be stored and taken away.

use leptos::{html::Form, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::{Icon, KeptLine, SaveButton, icon};
use crate::i18n::t;
use crate::state::{Kept, keep_draft, state};

/// What is typed and kept: everything but what is chosen by a tick.
const FIELDS: &str =
    "input[id]:not([type=radio], [type=checkbox], [type=password]), textarea[id], select[id]";

/// Names of fields, and what is in them.
type Fields = Vec<(String, String)>;

/// Fields, save, and remove where there is something to remove.
#[component]
pub fn EditForm(
    /// Stores it.
    #[prop(into)]
    on_save: Callback<()>,
    /// Takes it away.
    #[prop(into)]
    on_remove: Callback<()>,
    /// Words of the button that takes it away; none where nothing is there yet.
    remove_words: Option<&'static str>,
    /// Names the form: what is typed is kept under this name until it is stored.
    draft: String,
    /// Fields.
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let typed = RwSignal::new(0_u32);
    let kept = keep_fields(draft, form, typed);
    let hear = move |_| typed.update(|n| *n += 1);
    let hear_choice = move |_| typed.update(|n| *n += 1);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_save.run(());
    };
    view! {
        <KeptLine kept />
        <form class="asks" novalidate node_ref=form on:submit=submit on:input=hear on:change=hear_choice>
            {children()}
            <div class="form-acts">
                <SaveButton words=t::common::save() />
                {remove_words
                    .map(|words| {
                        view! {
                            <button id="remove" class="btn stop" type="button" on:click=move |_| on_remove.run(())>
                                {icon(Icon::TRASH)}
                                {words}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}

/// Names the form of a thing: all new ones of a kind share one.
pub fn draft_name(kind: &str, new: bool, id: &str) -> String {
    format!("{kind}/{}", if new { "new" } else { id })
}

fn keep_fields(draft: String, form: NodeRef<Form>, typed: RwSignal<u32>) -> Kept {
    state().draft_in_sheet(&draft);
    let read = move || {
        typed.track();
        form.get().map(|form| fields(&form))
    };
    keep_draft(draft, read, move |kept: Fields| {
        if let Some(form) = form.get_untracked() {
            fill(&form, &kept);
        }
    })
}

fn elements(form: &web_sys::Element) -> impl Iterator<Item = web_sys::Element> + use<> {
    let all = form.query_selector_all(FIELDS).ok();
    let count = all.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |n| all.as_ref()?.get(n)?.dyn_into().ok())
}

fn fields(form: &web_sys::Element) -> Fields {
    elements(form).map(|field| (field.id(), value(&field))).collect()
}

fn value(field: &web_sys::Element) -> String {
    let line = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    let area = || field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value);
    let choice = || field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    line.or_else(area).or_else(choice).unwrap_or_default()
}

/// Puts the values in and says so, as typing does.
fn fill(form: &web_sys::Element, kept: &Fields) {
    for field in elements(form) {
        let name = field.id();
        let Some((_, text)) = kept.iter().find(|(id, _)| *id == name) else { continue };
        field.dyn_ref::<HtmlInputElement>().iter().for_each(|field| field.set_value(text));
        field.dyn_ref::<HtmlTextAreaElement>().iter().for_each(|field| field.set_value(text));
        field.dyn_ref::<HtmlSelectElement>().iter().for_each(|field| field.set_value(text));
        tell(&field, "input");
        tell(&field, "change");
    }
}

fn tell(field: &web_sys::Element, what: &str) {
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(what, &bubbles) {
        // It fails only for an event that is under way already.
        let _told = field.dispatch_event(&event);
    }
}

/// Words that have to be there.
#[derive(Clone, Copy)]
pub struct Words {
    /// What is typed.
    pub value: RwSignal<String>,
    /// What is wrong, in words.
    pub error: RwSignal<Option<String>>,
}

impl Words {
    /// Starts with `text`.
    pub fn new(text: &str) -> Self {
        Self { value: RwSignal::new(text.to_owned()), error: RwSignal::new(None) }
    }

    /// What was typed; says so if that is nothing.
    pub fn given(self) -> Option<String> {
        let text = typed(self.value);
        self.error.set(text.is_empty().then(|| t::errors::empty_text().to_owned()));
        (!text.is_empty()).then_some(text)
    }
}

/// What was typed, without spaces round it.
pub fn typed(value: RwSignal<String>) -> String {
    value.get_untracked().trim().to_owned()
}
