//! Asked: eight words that both see, until somebody says yes.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::devices::MatchWords;
use trellis_api_types::joining::Terms;

use super::{NoNetwork, drop_button};
use crate::components::{Icon, MatchList, StepHeading, icon};
use crate::i18n::t;

#[component]
pub fn Asked(id: Id, terms: Option<Terms>, words: MatchWords) -> impl IntoView {
    let compare = terms
        .map_or_else(|| t::join::words_lead_unknown().to_owned(), |terms| t::join::words_lead(terms.inviter));
    view! {
        <StepHeading title=t::join::asked_title() lead=t::join::asked_lead() />
        <p class="sync" role="status">{icon(Icon::HOURGLASS)}<span>{t::join::waiting()}</span></p>
        <NoNetwork />
        <section class="block" aria-labelledby="words">
            <div class="head"><h2 id="words">{t::join::words_title()}</h2></div>
            <MatchList label=t::join::words_title() words class="six eight" />
            <p class="second note">{compare}</p>
        </section>
        <section class="block">{drop_button(id, t::join::take_back())}</section>
    }
}
