//! Joining: six words for the other device, then what comes in.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::devices::{MatchWords, PairingCancel, PairingGet, PairingState};
use trellis_api_types::sync::SyncState;

use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::{Icon, MatchList, code_words, icon};
use crate::i18n::t;
use crate::ipc;

#[component]
pub fn Joining(form: Form) -> impl IntoView {
    follow(form);
    let stands = Memo::new(move |_| form.pairing.get());
    move || match stands.get() {
        PairingState::Joining { words } if words.words.is_empty() => view! { <Looking form /> }.into_any(),
        PairingState::Joining { words } => view! { <SixWords form words /> }.into_any(),
        PairingState::Fetching { received } => view! { <Fetching received /> }.into_any(),
        PairingState::Done => view! { <Done form /> }.into_any(),
        PairingState::Failed(code) => view! { <Failed form code /> }.into_any(),
        PairingState::None => view! { <Failed form code="pairing-cancelled".to_owned() /> }.into_any(),
        // Offering belongs to the first device; here it cannot come.
        PairingState::Offered(_) | PairingState::Asked { .. } => ().into_any(),
    }
}

/// Asks where the pairing stands now, as it may have gone on before this page came, and each time it goes on.
fn follow(form: Form) {
    Effect::new(move || {
        form.state.pairing.track();
        ask(form);
    });
}

fn ask(form: Form) {
    let last = form.turn.next();
    spawn_local(async move {
        let pairing = ipc::call(PairingGet {}).await;
        if let Ok(pairing) = pairing
            && last()
        {
            form.pairing.set(pairing);
        }
    });
}

/// Before the other device has answered.
#[component]
fn Looking(form: Form) -> impl IntoView {
    view! {
        <Frame place=Place(3, 3) title=t::start::look_title() lead=t::start::look_lead() on_submit=|()| ()>
            <p class="sync" role="status">{icon(Icon::HOURGLASS)}<span>{t::start::waiting()}</span></p>
            <Line form />
            <Cancel form />
        </Frame>
    }
}

#[component]
fn SixWords(form: Form, words: MatchWords) -> impl IntoView {
    view! {
        <Frame place=Place(3, 3) title=t::start::words_title() lead=t::start::words_lead() on_submit=|()| ()>
            <MatchList label=t::start::words_label() words class="six" />
            <p class="sync" role="status">{icon(Icon::HOURGLASS)}<span>{t::start::waiting()}</span></p>
            <Line form />
            <Cancel form />
        </Frame>
    }
}

/// Why nothing comes, where the way to the relay is the reason.
#[component]
fn Line(form: Form) -> impl IntoView {
    let words = move || match form.state.sync.get()?.state {
        SyncState::Offline => Some(t::start::offline()),
        SyncState::Failed { code, .. } => Some(code_words(&code, true)),
        _ => None,
    };
    view! {
        <div role="status">
            {move || words().map(|words| view! { <p class="sync">{icon(Icon::CLOUD_SLASH)}<span>{words}</span></p> })}
        </div>
    }
}

#[component]
fn Cancel(form: Form) -> impl IntoView {
    let cancel = move |_| {
        spawn_local(async move {
            // Where the shell cannot cancel, asking tells where it stands.
            let _cancelled = ipc::call(PairingCancel {}).await;
            ask(form);
        });
    };
    view! {
        <div class="ob-acts">
            <button id="cancel" class="btn plain wide" type="button" on:click=cancel>{t::start::cancel()}</button>
        </div>
    }
}

#[component]
fn Fetching(received: u32) -> impl IntoView {
    view! {
        <Frame place=Place(3, 3) title=t::start::fetch_title() lead=t::start::fetch_lead() on_submit=|()| ()>
            <p class="sync" role="status">{icon(Icon::ARROWS_CLOCKWISE)}<span>{t::start::fetched(received as usize)}</span></p>
        </Frame>
    }
}

#[component]
fn Done(form: Form) -> impl IntoView {
    let to_today = leptos_router::hooks::use_navigate();
    let on_submit = move |()| {
        to_today("/", Default::default());
        leave(form, || ());
    };
    view! {
        <Frame place=Place(4, 3) title=t::start::done_title() lead=t::start::done_lead() on_submit>
            <div class="ob-acts">
                <button id="open" class="btn main large wide" type="submit">{t::start::open()}</button>
            </div>
        </Frame>
    }
}

/// Forgets the pairing that is over, then goes on.
fn leave(form: Form, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        // A pairing that cannot be forgotten is replaced by the next one.
        let _forgotten = ipc::call(PairingCancel {}).await;
        then();
        form.state.joining.set(false);
        form.state.reload_status();
    });
}

#[component]
fn Failed(form: Form, code: String) -> impl IntoView {
    let again = move |()| leave(form, move || form.go(Step::Code));
    let fresh = move |_| leave(form, move || form.go(Step::Language));
    view! {
        <Frame title=t::start::fail_title() lead=t::start::fail_kept() on_submit=again>
            <p class="sync" role="alert">{icon(Icon::INFO)}<span>{code_words(&code, true)}</span></p>
            <details><summary>{t::common::details()}</summary><p class="hint">{code}</p></details>
            <div class="ob-acts">
                <button id="again" class="btn main large wide" type="submit">{t::start::again()}</button>
                <button id="fresh" class="btn plain wide" type="button" on:click=fresh>{t::start::fresh()}</button>
            </div>
        </Frame>
    }
}
