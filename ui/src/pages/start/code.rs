//! Joining: the link, or the words and the relay.

use leptos::prelude::*;
use trellis_api_types::typed;

use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::{Area, Field, Icon, Show, icon};
use crate::i18n::t;

/// Words of a pairing code.
const WORDS: usize = 12;

#[component]
pub fn CodeStep(form: Form) -> impl IntoView {
    let tried = RwSignal::new(false);
    let trouble = Memo::new(move |_| code_trouble(&form.code.get()).filter(|_| tried.get()));
    let relay_trouble =
        Memo::new(move |_| (tried.get() && needs_relay(form)).then(|| t::start::relay_missing().to_owned()));
    let on_submit = move |()| {
        tried.set(true);
        if code_trouble(&form.code.get_untracked()).is_none() && !needs_relay(form) {
            form.go(Step::Device);
        }
    };
    let by_words = move || !form.code.with(|code| code.trim().is_empty() || is_link(code));
    view! {
        <Frame place=Place(1, 3) title=t::start::join_title() lead=t::start::join_lead() on_submit>
            <p class="sync">{icon(Icon::DEVICES)}<span>{t::start::join_how()}</span></p>
            <Area id="code" label=t::start::code() hint=t::start::code_hint() value=form.code rows=3 error=trouble />
            <Show when=by_words>
                <p class="hint count" aria-live="polite">{move || t::start::code_count(count(&form.code.get()))}</p>
                <Field id="relay" label=t::start::relay() hint=t::start::relay_hint() value=form.relay kind="url" error=relay_trouble />
            </Show>
            <div class="ob-acts">
                <button id="next" class="btn main large wide" type="submit">{t::start::next()}</button>
                <button id="back" class="btn plain wide" type="button" on:click=move |_| form.go(Step::Language)>{t::start::back()}</button>
            </div>
        </Frame>
    }
}

/// Whether there is a link in it rather than words.
pub fn is_link(code: &str) -> bool {
    code.contains('#') || code.contains("%23")
}

fn count(code: &str) -> usize {
    typed::words(code).len()
}

fn needs_relay(form: Form) -> bool {
    let empty = form.relay.with(|relay| relay.trim().is_empty());
    empty && form.code.with(|code| !is_link(code))
}

fn code_trouble(code: &str) -> Option<String> {
    let whole = is_link(code) || count(code) >= WORDS;
    (!whole).then(|| t::start::code_missing().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_they_are_read() {
        assert_eq!(count("1 abandon 2 ability 3. ABLE,"), 3);
        assert!(!is_link("Here are my words: 1 abandon"));
        assert!(is_link("Tap <trellis:pair#0505@https://relay.example/>."));
        assert!(code_trouble("1 a 2 b").is_some() && code_trouble("see trellis:pair#05").is_none());
    }
}
