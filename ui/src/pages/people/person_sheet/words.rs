//! Eight words that both see if nobody sits between.

use leptos::prelude::*;
use trellis_api_types::devices::MatchWords;
use trellis_api_types::people::{Person, SafetyWords};

use crate::components::{MatchList, shown};
use crate::i18n::t;
use crate::pages::people::names::called;
use crate::state::load_once;

/// Folded away; loaded with the sheet.
#[component]
pub fn Words(person: Person) -> impl IntoView {
    let account = person.account.clone();
    let words = load_once(move || SafetyWords { account: account.clone() });
    let list = |words: Signal<MatchWords>| view! { <MatchList label=t::person::words() words=words.get_untracked() class="eight" /> };
    view! {
        <details class="more">
            <summary>{t::person::words()}</summary>
            <p class="second words-text">{t::person::words_text(called(&person))}</p>
            {shown(words, list)}
        </details>
    }
}
