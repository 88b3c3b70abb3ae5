//! The link or the words of an invitation. Looking at it sends nothing about this person.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use trellis_api_types::ApiError;
use trellis_api_types::joining::JoinLook;
use trellis_api_types::typed;

use crate::components::{Area, Banner, FormProblem, Icon, Page, SaveButton, TopBar, new_id};
use crate::i18n::t;
use crate::ipc;
use crate::state::state;

/// Words of an invitation.
const WORDS: usize = 12;

/// The page. Begins with the link that the app was opened with, if there is one.
#[component]
pub fn JoinCode() -> impl IntoView {
    let state = state();
    let sync = state.sync;
    let code = RwSignal::new(state.invited.try_update(Option::take).flatten().unwrap_or_default());
    // A link names its server; words do not.
    let lacks = Memo::new(move |_| {
        let relay = sync.with(|line| line.as_ref().is_none_or(|line| line.relay));
        !relay && !code.with(|code| is_link(code))
    });
    view! {
        <Page title=t::join::title() narrow=true>
            <TopBar back="/people" />
            <div class="title">
                <h1>{t::join::title()}</h1>
                <p>{t::join::lead()}</p>
            </div>
            {move || lacks.get().then(no_relay)}
            <Form code />
        </Page>
    }
}

fn no_relay() -> impl IntoView {
    view! {
        <section class="block" aria-label=t::join::no_relay_title()>
            <Banner
                mark=Icon::CLOUD_SLASH
                title=t::join::no_relay_title()
                text=t::join::no_relay()
                href="/settings/relay"
                action=t::people::no_relay_do()
            />
        </section>
    }
}

#[component]
fn Form(code: RwSignal<String>) -> impl IntoView {
    let go = use_navigate();
    let (tried, busy) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<ApiError>);
    let trouble = Memo::new(move |_| (tried.get() && !whole(&code.get())).then(|| t::join::bad().to_owned()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let typed = code.get_untracked().trim().to_owned();
        if !whole(&typed) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let go = go.clone();
        spawn_local(async move {
            let id = new_id();
            match ipc::call(JoinLook { id: id.clone(), code: typed }).await {
                Ok(()) => {
                    go(&format!("/people/join/{id}"), NavigateOptions { replace: true, ..Default::default() })
                }
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="asks" novalidate on:submit=submit>
            <Area id="code" label=t::join::code() hint=t::join::code_hint() value=code rows=3 error=trouble />
            <FormProblem problem />
            <SaveButton id="look" words=t::join::look() busy />
        </form>
    }
}

/// A link, or all of the words.
fn whole(code: &str) -> bool {
    is_link(code) || typed::words(code).len() >= WORDS
}

fn is_link(code: &str) -> bool {
    code.contains('#') || code.contains("%23")
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_link_or_twelve_words_can_be_looked_at() {
        assert!(whole("trellis:join#0505"));
        assert!(whole("Hi! Look: <trellis:join#0505>."));
        assert!(whole("a b c d e f g h i j k l"));
        assert!(whole("1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h 9 i 10 j 11 k 12 l"));
        assert!(!whole("1 a 2 b 3 c 4 d 5 e 6 f"));
        assert!(!whole("a b c") && !whole(""));
    }
}
