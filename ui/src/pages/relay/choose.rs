//! Choosing a relay: address, and for some a token or a proxy.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::sync::{RelayChoice, RelaySave, RelayTest};

use crate::components::{Field, FormProblem, Icon, SecretField, Show, icon, problem_words};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// Refusals that belong to the address.
const ADDRESS_CODES: &[&str] = &["bad-address", "plain-http"];
/// Refusals that belong to the proxy.
const PROXY_CODES: &[&str] = &["bad-proxy"];

/// What was typed, and how the last test or save went.
#[derive(Clone, Copy)]
struct Form {
    state: State,
    address: RwSignal<String>,
    token: RwSignal<String>,
    proxy: RwSignal<String>,
    busy: RwSignal<bool>,
    answer: RwSignal<Option<Result<&'static str, ApiError>>>,
}

impl Form {
    fn new(relay: RelayChoice) -> Self {
        Self {
            state: state(),
            address: RwSignal::new(relay.address),
            token: RwSignal::new(relay.creation_token),
            proxy: RwSignal::new(relay.socks_proxy),
            busy: RwSignal::new(false),
            answer: RwSignal::new(None),
        }
    }

    fn choice(self) -> RelayChoice {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        RelayChoice {
            address: text(self.address),
            creation_token: text(self.token),
            socks_proxy: text(self.proxy),
        }
    }

    fn test(self) {
        self.ask(
            async move { ipc::call(RelayTest { relay: self.choice() }).await.map(|()| t::relay::test_ok()) },
        );
    }

    fn save(self) {
        let relay = self.choice();
        let done = if relay.address.is_empty() { t::relay::saved_none() } else { t::relay::saved() };
        self.ask(async move {
            ipc::call(RelaySave { relay }).await?;
            self.state.reload_sync();
            Ok(done)
        });
    }

    fn none(self) {
        for field in [self.address, self.token, self.proxy] {
            field.set(String::new());
        }
        self.save();
    }

    fn refused(self) -> Option<ApiError> {
        self.answer.get().and_then(Result::err)
    }

    /// Words of a refusal that belongs to one field.
    fn at(self, codes: &'static [&'static str]) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refused()
                .filter(|problem| codes.contains(&problem.code.as_str()))
                .map(|problem| problem_words(&problem))
        })
    }

    fn ask(self, work: impl Future<Output = Result<&'static str, ApiError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.answer.set(None);
        spawn_local(async move {
            let answer = work.await;
            self.answer.try_set(Some(answer));
            self.busy.try_set(false);
        });
    }
}

/// The form.
#[component]
pub fn Choose(relay: RelayChoice) -> impl IntoView {
    let more = !relay.creation_token.is_empty() || !relay.socks_proxy.is_empty();
    let form = Form::new(relay);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    view! {
        <section class="block" aria-labelledby="choose">
            <div class="head"><h2 id="choose">{t::relay::choose()}</h2></div>
            <form class="panel asks-close" novalidate on:submit=submit>
                <Field id="address" label=t::relay::address() hint=t::relay::address_hint() value=form.address kind="url" error=form.at(ADDRESS_CODES) />
                <details class="more" open=more>
                    <summary>{t::relay::more()}</summary>
                    <div class="asks-close">
                        <SecretField id="token" label=t::relay::token() hint=Some(t::relay::token_hint().to_owned()) value=form.token />
                        <Field id="proxy" label=t::relay::proxy() hint=t::relay::proxy_hint() value=form.proxy error=form.at(PROXY_CODES) />
                    </div>
                </details>
                <Answer form />
                <Buttons form />
            </form>
        </section>
    }
}

#[component]
fn Buttons(form: Form) -> impl IntoView {
    let busy = move || form.busy.get().then_some("true");
    let chosen = move || !form.address.with(|address| address.trim().is_empty());
    view! {
        <div class="acts even">
            <button id="save" class="btn main" type="submit" aria-disabled=busy>{t::common::save()}</button>
            <button id="test" class="btn" type="button" aria-disabled=busy on:click=move |_| form.test()>
                {move || if form.busy.get() { t::relay::testing() } else { t::relay::test() }}
            </button>
        </div>
        <Show when=chosen>
            <button id="none" class="btn plain wide" type="button" aria-disabled=busy on:click=move |_| form.none()>
                {t::relay::remove()}
            </button>
        </Show>
    }
}

/// How the last test or save went, unless that is said at a field.
#[component]
fn Answer(form: Form) -> impl IntoView {
    let fine = move || form.answer.get().and_then(Result::ok);
    let at_field = |problem: &ApiError| {
        ADDRESS_CODES.contains(&problem.code.as_str()) || PROXY_CODES.contains(&problem.code.as_str())
    };
    let other = Signal::derive(move || form.refused().filter(|problem| !at_field(problem)));
    view! {
        <div role="status">
            {move || fine().map(|words| view! { <p class="sync">{icon(Icon::CHECK_CIRCLE)}<span>{words}</span></p> })}
        </div>
        <FormProblem problem=other />
    }
}
