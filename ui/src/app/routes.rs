//! Places of the app, and the frame round them.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::path;

use crate::components::{Icon, Nav, SkipLink, ToastLine, icon};
use crate::i18n::t;
use crate::pages::*;
use crate::state::state;

/// Skip link, navigation, the place, and what just happened.
#[component]
pub fn Screens() -> impl IntoView {
    focus_on_arrival();
    view! {
        <SkipLink />
        <Nav />
        <main id="main" class="page" tabindex="-1">
            <ReadOnly />
            <FlatRoutes fallback=missing::Missing>
                <Route path=path!("/") view=today::Today />
                <Route path=path!("/index.html") view=today::Today />
                <Route path=path!("/checkin") view=checkin::CheckInPage />
                <Route path=path!("/checkin/:id") view=checkin::CheckInPage />
                <Route path=path!("/day/:date") view=day::Day />
                <Route path=path!("/day/:date/add") view=checkin::CheckInPage />
                <Route path=path!("/plan") view=plan::Plan />
                <Route path=path!("/plan/goal/:id") view=|| anew_for("id", goal::Goal) />
                <Route path=path!("/plan/strengths") view=strengths::Strengths />
                <Route path=path!("/plan/work") view=work::Work />
                <Route path=path!("/plan/work/:id") view=|| anew_for("id", work::OneSheet) />
                <Route path=path!("/journey") view=journey::Journey />
                <Route path=path!("/people") view=people::People />
                <Route path=path!("/people/new") view=people::new::NewSpace />
                <Route path=path!("/people/join") view=people::join::JoinCode />
                <Route path=path!("/people/join/:id") view=|| anew_for("id", people::join::JoinPage) />
                <Route path=path!("/people/:space") view=|| anew_for("space", people::space::SpacePage) />
                <Route path=path!("/people/:space/invite") view=|| anew_for("space", people::invite::InvitePage) />
                <Route path=path!("/people/:space/members") view=|| anew_for("space", people::members::Members) />
                <Route path=path!("/people/:space/help") view=|| anew_for("space", people::help_call::HelpCallPage) />
                <Route path=path!("/people/:space/agreement") view=|| anew_for("space", people::agreement::Agreement) />
                <Route path=path!("/people/:space/sharing") view=|| anew_for("space", sharing::Sharing) />
                <Route path=path!("/need") view=people::need::NeedPage />
                <Route path=path!("/coach") view=coach::Coach />
                <Route path=path!("/coach/supervision") view=supervision::Supervision />
                <Route path=path!("/coach/:space") view=|| anew_for("space", case::Case) />
                <Route path=path!("/help") view=help::Help />
                <Route path=path!("/help/edit") view=help_edit::HelpEdit />
                <Route path=path!("/settings") view=settings::Settings />
                <Route path=path!("/settings/devices") view=devices::Devices />
                <Route path=path!("/settings/add-device") view=add_device::AddDevice />
                <Route path=path!("/settings/phrase") view=phrase::Phrase />
                <Route path=path!("/settings/relay") view=relay::Relay />
                <Route path=path!("/settings/lock") view=lock_change::LockChange />
                <Route path=path!("/settings/about") view=about::About />
            </FlatRoutes>
            <ToastLine />
        </main>
    }
}

/// Says that nothing can be saved, as long as that is so.
#[component]
fn ReadOnly() -> impl IntoView {
    let status = state().status;
    let held =
        Memo::new(move |_| status.with(|status| matches!(status, Some(Ok(status)) if status.read_only)));
    view! {
        <div class="read-only" role="status">
            {move || held.get().then(|| view! {
                <div class="banner lit">
                    {icon(Icon::WARNING_CIRCLE)}
                    <div class="body">
                        <p><strong>{t::common::read_only()}</strong></p>
                        <p>{t::common::read_only_why()}</p>
                    </div>
                </div>
            })}
        </div>
    }
}

/// A page about what the address names in this part: made again when it names something else, so that nothing is written to
/// the one before.
fn anew_for<V: IntoView + 'static>(part: &'static str, page: fn() -> V) -> AnyView {
    let params = use_params_map();
    let named = move |before: Option<&Option<String>>| {
        params.with(|params| params.get(part)).or_else(|| before.cloned().flatten())
    };
    let named = Memo::new(named);
    let each = move || [named.get()];
    view! { <For each key=Clone::clone children=move |_| untrack(page) /> }.into_any()
}

/// Moves the focus to the new place's heading, so that a screen reader says where one is.
fn focus_on_arrival() {
    let place = use_location().pathname;
    let focus = state().focus;
    Effect::new(move |before: Option<String>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            focus.arrive();
        }
        now
    });
}
