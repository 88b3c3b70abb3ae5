//! How answering an invitation ended.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::checkin::Mood;
use trellis_api_types::joining::Terms;
use trellis_api_types::people::SpaceKind;

use super::{drop_button, forget};
use crate::components::{StepHeading, code_words, sprout};
use crate::i18n::t;

/// In. Nothing is shared yet.
#[component]
pub fn Joined(id: Id, terms: Option<Terms>, space: Id) -> impl IntoView {
    let name = terms.map(|terms| if terms.kind == SpaceKind::Pair { terms.inviter } else { terms.name });
    let open = name.map_or_else(|| t::join::in_open_plain().to_owned(), t::join::in_open);
    let leave = StoredValue::new(id);
    let (place, sharing) = (format!("/people/{space}"), format!("/people/{space}/sharing"));
    view! {
        <div class="done-sprout">{sprout(Mood::Great)}</div>
        <StepHeading title=t::join::in_title() lead=t::join::in_lead() />
        <div class="acts even">
            <a id="share" class="btn main large" href=sharing on:click=move |_| forget(leave.get_value())>{t::join::in_share()}</a>
            <a id="open" class="btn large" href=place on:click=move |_| forget(leave.get_value())>{open}</a>
        </div>
    }
}

/// Nobody let this person in: why, and what to do.
#[component]
pub fn Failed(id: Id, code: String) -> impl IntoView {
    view! {
        <StepHeading title=t::join::failed_title() lead=t::join::failed_lead() />
        <div class="panel">
            <p role="alert">{code_words(&code, true)}</p>
            <details><summary>{t::common::details()}</summary><p class="hint">{code}</p></details>
        </div>
        <section class="block acts even">
            <a id="another" class="btn main large" href="/people/join">{t::join::another()}</a>
            {drop_button(id, t::join::drop())}
        </section>
    }
}
