//! First screen: what this is, the language, and what brings the person here.

use leptos::prelude::*;
use trellis_api_types::settings::Language;

use super::code::is_link;
use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::{AimsField, CountryField, Icon, OptionCard, icon};
use crate::i18n::t;

#[component]
pub fn LanguageStep(form: Form) -> impl IntoView {
    let link = Memo::new(move |_| form.code.with(|code| is_link(code)));
    let on_submit = move |()| {
        if link.get_untracked() {
            form.drop_link();
        }
        form.go(Step::You);
    };
    view! {
        <Frame place=Place(1, 3) title=t::start::welcome() lead=t::start::welcome_lead() on_submit>
            <div role="status">{move || link.get().then(|| view! { <LinkFound form /> })}</div>
            <fieldset>
                <legend class="legend"><span>{t::start::which_language()}</span></legend>
                <div class="opts two">{ordered(form.language()).map(|language| card(form, language)).collect_view()}</div>
            </fieldset>
            <CountryField id="country" />
            <AimsField value=form.aims hint=t::start::aims_hint() />
            <div class="ob-acts">
                <button id="next" class="btn main large wide" type="submit">{t::start::next()}</button>
                <div class="ob-pair">
                    <button id="have-invitation" class="btn plain" type="button" on:click=move |_| form.go(Step::Invited)>{t::start::have_invite()}</button>
                    <button id="used-before" class="btn plain" type="button" on:click=move |_| form.go(Step::Code)>{t::start::used_before()}</button>
                </div>
            </div>
        </Frame>
    }
}

/// A link that the app was opened with. Anybody can send one, so it is never the main way on.
#[component]
fn LinkFound(form: Form) -> impl IntoView {
    view! {
        <div class="panel">
            <p class="sync">{icon(Icon::LINK)}<span>{t::start::link_found()}</span></p>
            <button id="use-link" class="btn line wide" type="button" on:click=move |_| form.go(Step::Device)>{t::start::link_use()}</button>
        </div>
    }
}

fn ordered(first: Language) -> impl Iterator<Item = Language> {
    let other = if first == Language::En { Language::Es } else { Language::En };
    [first, other].into_iter()
}

fn card(form: Form, language: Language) -> impl IntoView {
    let (words, lang) = match language {
        Language::En => ("English", "en"),
        Language::Es => ("Español", "es"),
    };
    let checked = Signal::derive(move || form.language() == language);
    view! {
        <OptionCard group="language" checked on_choose=move || choose(form, language)>
            <span class="ob"><strong lang=lang>{words}</strong></span>
        </OptionCard>
    }
}

/// The language of the status is the language of all words.
fn choose(form: Form, language: Language) {
    form.state.status.update(|status| {
        if let Some(Ok(status)) = status {
            status.language = language;
        }
    });
}
