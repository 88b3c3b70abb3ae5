//! What they can see now: exactly what was sent, item by item.

use leptos::prelude::*;
use trellis_api_types::circle::What;
use trellis_api_types::sharing::{Sent, Sharing};

use super::item::item;
use crate::components::{Icon, Show, icon_class, part};
use crate::{fmt, i18n::t};

/// Kinds of things, in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    CheckIns,
    Goals,
    Milestones,
    Posts,
    Work,
    Weekly,
}

const KINDS: [Kind; 6] =
    [Kind::CheckIns, Kind::Goals, Kind::Milestones, Kind::Posts, Kind::Work, Kind::Weekly];

impl Kind {
    fn of(what: &What) -> Self {
        match what {
            What::CheckIn { .. } => Self::CheckIns,
            What::Goal { .. } => Self::Goals,
            What::Milestone { .. } => Self::Milestones,
            What::Post { .. } => Self::Posts,
            What::Work { .. } => Self::Work,
            What::Weekly { .. } => Self::Weekly,
        }
    }

    fn words(self, n: usize) -> String {
        match self {
            Self::CheckIns => t::sharing::sent_checkins(n),
            Self::Goals => t::sharing::sent_goals(n),
            Self::Milestones => t::sharing::sent_milestones(n),
            Self::Posts => t::sharing::sent_posts(n),
            Self::Work => t::sharing::sent_work(n),
            Self::Weekly => t::sharing::sent_weekly(n),
        }
    }
}

/// The section; each kind opens to its items.
#[component]
pub fn Now(title: Signal<String>, sharing: Signal<Sharing>) -> impl IntoView {
    let sent = part(sharing, |sharing| sharing.sent.clone());
    let last = part(sharing, |sharing| sharing.sent_at);
    let none = || view! { <p class="second ask">{t::sharing::now_none()}</p> };
    let when = move || last.get().map(|at| t::sharing::last_sent(fmt::ago(at)));
    let kinds = KINDS.map(|kind| view! { <OfKind kind sent /> });
    view! {
        <section class="block" aria-labelledby="now">
            <div class="head"><h2 id="now">{move || title.get()}</h2></div>
            <Show when=move || !sent.with(Vec::is_empty) fallback=none>
                <p class="hint">{t::sharing::now_exact()}" "{when}</p>
            </Show>
            <div class="sent">{kinds.into_iter().collect_view()}</div>
        </section>
    }
}

#[component]
fn OfKind(kind: Kind, sent: Signal<Vec<Sent>>) -> impl IntoView {
    let of_kind =
        move |sent: &Vec<Sent>| sent.iter().filter(|sent| Kind::of(&sent.what) == kind).cloned().collect();
    let mine: Signal<Vec<Sent>> = part(sent, of_kind);
    let open = RwSignal::new(false);
    let list = format!("sent-{}", kind as u8);
    let controls = list.clone();
    let items = move || mine.get().into_iter().map(|sent| item(sent.what, sent.only_here)).collect_view();
    view! {
        <Show when=move || !mine.with(Vec::is_empty)>{opener(kind, mine, open, controls.clone())}</Show>
        <div id=list>
            <Show when=move || open.get() && !mine.with(Vec::is_empty)><ul class="list items">{items}</ul></Show>
        </div>
    }
}

/// How many there are, and how many of these nobody has yet.
fn opener(kind: Kind, mine: Signal<Vec<Sent>>, open: RwSignal<bool>, controls: String) -> impl IntoView {
    let waiting = move || mine.with(|mine| mine.iter().filter(|sent| sent.only_here).count());
    let sub = move || {
        Some(waiting())
            .filter(|n| *n > 0)
            .map(|n| view! { <span class="sub">{t::sharing::only_here_n(n)}</span> })
    };
    let turn = move |_| open.update(|open| *open = !*open);
    view! {
        <div class="list">
            <button id=format!("{controls}-open") class="row" type="button" aria-expanded=move || open.get().to_string() aria-controls=controls on:click=turn>
                <span class="body"><span class="name">{move || kind.words(mine.with(Vec::len))}</span>{sub}</span>
                {move || fold(open.get())}
            </button>
        </div>
    }
}

fn fold(open: bool) -> impl IntoView {
    icon_class(if open { Icon::MINUS_BOLD } else { Icon::PLUS_BOLD }, "icon go")
}
