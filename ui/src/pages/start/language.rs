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
    let on_submit = move |()| form.go(if link.get_untracked() { Step::Device } else { Step::You });
    view! {
        <Frame place=Place(1, 3) title=t::start::welcome() lead=t::start::welcome_lead() on_submit>
            <fieldset>
                <legend class="legend"><span>{t::start::which_language()}</span></legend>
                <div class="opts two">{ordered(form.language()).map(|language| card(form, language)).collect_view()}</div>
            </fieldset>
            <CountryField id="country" />
            {move || (!link.get()).then(|| view! { <AimsField value=form.aims hint=t::start::aims_hint() /> })}
            <div role="status">
                {move || link.get().then(|| view! { <p class="sync">{icon(Icon::LINK)}<span>{t::start::link_found()}</span></p> })}
            </div>
            <div class="ob-acts">
                <button id="next" class="btn main large wide" type="submit">{t::start::next()}</button>
                {move || view! { <OtherWay form link=link.get() /> }}
            </div>
        </Frame>
    }
}

/// To joining; or, when a link is there, away from it.
#[component]
fn OtherWay(form: Form, link: bool) -> impl IntoView {
    let drop_link = move |_| {
        form.drop_link();
        form.go(Step::You);
    };
    if link {
        view! { <button id="drop-link" class="btn plain wide" type="button" on:click=drop_link>{t::start::link_drop()}</button> }
            .into_any()
    } else {
        view! {
            <div class="ob-pair">
                <button id="have-invitation" class="btn plain" type="button" on:click=move |_| form.go(Step::Invited)>{t::start::have_invite()}</button>
                <button id="used-before" class="btn plain" type="button" on:click=move |_| form.go(Step::Code)>{t::start::used_before()}</button>
            </div>
        }
        .into_any()
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
