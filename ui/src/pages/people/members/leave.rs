//! Leaving a space, and taking one that is over off one's own devices. As easy as staying.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use trellis_api_types::people::{Space, SpaceForget, SpaceKind, SpaceLeave};

use crate::components::{Icon, Sheet, Show, icon, part};
use crate::i18n::t;
use crate::pages::people::names::space_name;
use crate::state::state;

/// The button for what can be done now, and its sheet.
#[component]
pub fn Leave(space: Signal<Space>) -> impl IntoView {
    let open = RwSignal::new(false);
    let ended = part(space, |space| space.row.ended);
    let name = part(space, |space| space_name(&space.row));
    let title = Signal::derive(move || {
        if ended.get() { t::members::forget_title(name.get()) } else { t::members::leave_title(name.get()) }
    });
    let words = move || if ended.get() { t::members::forget() } else { t::members::leave() };
    view! {
        <section class="block">
            <button id="leave" class="btn line wide" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                {move || icon(if ended.get() { Icon::TRASH } else { Icon::SIGN_OUT })}
                {words}
            </button>
        </section>
        <Sheet open title>
            <Show when=move || ended.get() fallback=move || leaving(space, open)>{forgetting(space, open)}</Show>
        </Sheet>
    }
}

fn leaving(space: Signal<Space>, open: RwSignal<bool>) -> AnyView {
    let state = state();
    let (id, kind) = space.with_untracked(|space| (space.row.id.clone(), space.row.kind));
    let last = if kind == SpaceKind::Pair { t::members::leave_pair() } else { t::members::leave_group() };
    let go = Callback::new(move |()| {
        let space = id.clone();
        spawn_local(async move {
            open.try_set(false);
            // What went wrong is in the toast already.
            let _told = state.act(SpaceLeave { space }, t::members::said_left()).await;
        });
    });
    use t::members as m;
    ask(vec![m::leave_1(), m::leave_2(), m::leave_3(), last], (m::leave_yes(), m::leave_no()), go, open)
}

fn forgetting(space: Signal<Space>, open: RwSignal<bool>) -> AnyView {
    let (state, navigate) = (state(), StoredValue::new(use_navigate()));
    let id = space.with_untracked(|space| space.row.id.clone());
    let go = Callback::new(move |()| {
        let space = id.clone();
        spawn_local(async move {
            open.try_set(false);
            if state.act(SpaceForget { space }, t::members::said_forgotten()).await.is_ok() {
                navigate.try_with_value(|go| go("/people", Default::default()));
            }
        });
    });
    use t::members as m;
    ask(vec![m::forget_1(), m::forget_2(), m::forget_3()], (m::forget_yes(), t::common::cancel()), go, open)
}

/// What it does, then two buttons of one size.
fn ask(
    effects: Vec<&'static str>,
    (yes, no): (&'static str, &'static str),
    go: Callback<()>,
    open: RwSignal<bool>,
) -> AnyView {
    view! {
        <ul class="dots">{effects.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
        <div class="acts even">
            <button id="yes" class="btn stop" type="button" on:click=move |_| go.run(())>{yes}</button>
            <button id="no" class="btn" type="button" on:click=move |_| open.set(false)>{no}</button>
        </div>
    }
    .into_any()
}
