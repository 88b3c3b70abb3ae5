//! Signing, and stopping as near as that.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::sharing::{ConsentSign, ConsentStop, Sharing};
use trellis_api_types::{ApiError, Command, Id};
use wasm_bindgen::JsCast;

use super::form::Form;
use super::stands::{Stands, in_force};
use crate::components::{FormProblem, Icon, Sheet, Show, SwitchRow, icon, part};
use crate::i18n::t;
use crate::state::{focus_heading, state};

/// A change of what is shared: asked once at a time, and what was refused.
#[derive(Clone, Copy)]
struct Ask {
    busy: RwSignal<bool>,
    refused: RwSignal<Option<ApiError>>,
}

impl Ask {
    fn new() -> Self {
        Self { busy: RwSignal::new(false), refused: RwSignal::new(None) }
    }

    fn go<C: Command<Out = ()> + 'static>(
        self,
        command: C,
        said: &'static str,
        then: impl FnOnce() + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        let state = state();
        self.busy.set(true);
        self.refused.set(None);
        spawn_local(async move {
            match state.act(command, said).await {
                Ok(()) => then(),
                Err(problem) => drop(self.refused.try_set(Some(problem))),
            }
            self.busy.try_set(false);
        });
    }
}

/// The buttons: sign, and stop while something is in force.
#[component]
pub fn Sign(
    space: Id,
    who: Signal<String>,
    sharing: Signal<Sharing>,
    form: Form,
    stands: Memo<Stands>,
) -> impl IntoView {
    let ask = Ask::new();
    let space = StoredValue::new(space);
    let shares = part(sharing, |sharing| sharing.versions.iter().any(in_force));
    let stopping = RwSignal::new(false);
    let sign = move |_| match form.finish() {
        Some((terms, backwards)) => ask.go(
            ConsentSign { space: space.get_value(), terms, backwards },
            t::sharing::said_signed(),
            || (),
        ),
        None => request_animation_frame(focus_first_wrong),
    };
    let wrong = move || {
        form.nothing_trouble().or_else(|| form.unfinished().then(|| t::sharing::unfinished().to_owned()))
    };
    view! {
        <section class="block sign">
            <p class="hint">{t::sharing::no_pass()}</p>
            <div role="alert">{move || wrong().map(|words| view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{words}</span></p> })}</div>
            <FormProblem problem=Signal::derive(move || ask.refused.get()) />
            <Show when=move || stands.with(Stands::to_sign)>
                <button id="sign" class="btn main large wide" type="button" aria-disabled=move || ask.busy.get().then_some("true") on:click=sign>
                    {icon(Icon::SIGNATURE)}
                    {move || if shares.get() { t::sharing::sign_change() } else { t::sharing::sign() }}
                </button>
            </Show>
            <Show when=move || shares.get()>
                <button id="stop-sharing" class="btn line wide" type="button" aria-haspopup="dialog" on:click=move |_| stopping.set(true)>
                    {t::sharing::stop()}
                </button>
                <p class="hint">{t::sharing::stop_note()}</p>
            </Show>
            <Sheet open=stopping title=Signal::derive(move || t::sharing::stop_title(who.get()))>
                <Stop space=space.get_value() sent=part(sharing, |sharing| sharing.sent.len()) open=stopping />
            </Sheet>
        </section>
    }
}

/// What is wrong may be far above the button.
fn focus_first_wrong() {
    let field = document().query_selector("main [aria-invalid=true]").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _focusable = field.focus();
    }
}

/// What stopping does, what it cannot, and the one choice.
#[component]
fn Stop(space: Id, sent: Signal<usize>, open: RwSignal<bool>) -> impl IntoView {
    let ask = Ask::new();
    let retract = RwSignal::new(false);
    let space = StoredValue::new(space);
    let stop = move |_| {
        let stop = ConsentStop { space: space.get_value(), retract: retract.get_untracked() };
        ask.go(stop, t::sharing::said_stopped(), move || {
            open.set(false);
            focus_heading();
        });
    };
    let has = move || match sent.get() {
        0 => t::sharing::stop_has_none().to_owned(),
        n => t::sharing::stop_has(n),
    };
    view! {
        <p>{t::sharing::stop_now()}</p>
        <p class="second">{has}</p>
        <div class="list">
            <SwitchRow id="retract" name=t::sharing::retract() sub=t::sharing::retract_sub() checked=retract on_change=move |on| retract.set(on) />
        </div>
        <FormProblem problem=Signal::derive(move || ask.refused.get()) />
        <button id="stop-now" class="btn main large wide" type="button" aria-disabled=move || ask.busy.get().then_some("true") on:click=stop>
            {t::sharing::stop_do()}
        </button>
    }
}
