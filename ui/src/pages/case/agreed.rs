//! What somebody agreed to, one tap away: the sentences, and every version.

use leptos::prelude::*;
use trellis_api_types::sharing::ConsentVersion;

use crate::components::{Icon, Sheet, Show, icon, icon_class, part, rows};
use crate::i18n::t;
use crate::pages::sharing::{Reader, folded, said};

/// A row that opens to it.
#[component]
pub fn Agreed(consents: Signal<Vec<ConsentVersion>>, name: Signal<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let title = Signal::derive(move || t::coach::consent(name.get()));
    view! {
        <button id="agreed" class="row" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            <span class="mark bare">{icon(Icon::EYE)}</span>
            <span class="body"><span class="name light">{title}</span><span class="sub">{t::coach::consent_sub()}</span></span>
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        </button>
        <Sheet open title>{agreement(consents, name)}</Sheet>
    }
}

fn agreement(consents: Signal<Vec<ConsentVersion>>, name: Signal<String>) -> impl IntoView {
    let reader = Signal::derive(move || Reader::Me(name.get()));
    let newest = part(consents, |consents| consents.first().map(|version| version.id.clone()));
    let stands =
        move || match consents.with(|consents| consents.iter().find(|version| version.stands).cloned()) {
            Some(version) => said(&version, &reader.get(), &[]),
            None => view! { <p class="second">{t::coach::consent_none()}</p> }.into_any(),
        };
    let goals = Signal::derive(Vec::new);
    let one = move |version| view! { <li>{folded(version, newest, reader, goals)}</li> };
    view! {
        <div class="agreed">{stands}</div>
        <Show when=move || !consents.with(Vec::is_empty)>
            <section class="versions" aria-labelledby="every-version">
                <h3 id="every-version">{t::coach::consent_versions()}</h3>
                <ul class="list">{rows(consents, |version| version.id.clone(), one)}</ul>
            </section>
        </Show>
    }
}
