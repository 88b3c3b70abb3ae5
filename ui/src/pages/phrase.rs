//! The 24 words: shown once the lock was opened again, written on paper, checked, wiped.

mod check;
mod intro;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use trellis_api_types::today::TodayGet;

use crate::components::{Page, TopBar, shown};
use crate::i18n::t;
use crate::state::load;

/// Which step is shown.
#[derive(Clone, PartialEq)]
enum Step {
    /// Why, and the lock again; `true` if the words were hidden just now.
    Intro(bool),
    /// The words.
    Words(Vec<String>),
    /// Three of them typed from paper.
    Check,
    /// Checked and wiped.
    Done,
}

/// The page. With `?first` it comes right after the start, and "later" leads to Today.
#[component]
pub fn Phrase() -> impl IntoView {
    let first = use_query_map().with_untracked(|query| query.get("first").is_some());
    let away = if first { "/" } else { "/settings" };
    let step = RwSignal::new(Step::Intro(false));
    let today = load(|| TodayGet {});
    // Read once: after the check the words are gone, but the page has one more thing to say.
    let pending = Memo::new(move |before: Option<&Option<bool>>| {
        before
            .copied()
            .flatten()
            .or_else(|| today.with(|today| Some(today.as_ref()?.as_ref().ok()?.phrase_pending)))
    });
    view! {
        <Page title=t::phrase::title().to_owned() narrow=true class="phrase">
            <TopBar back=away bare=true />
            {move || match (pending.get(), step.get()) {
                (None, _) => shown(today, |_| ()).into_any(),
                (Some(false), Step::Intro(_)) => view! { <intro::Already /> }.into_any(),
                (_, Step::Intro(hidden)) => view! { <intro::Intro step hidden away /> }.into_any(),
                (_, Step::Words(words)) => view! { <words::Words step words away /> }.into_any(),
                (_, Step::Check) => view! { <check::Check step /> }.into_any(),
                (_, Step::Done) => view! { <check::Done away /> }.into_any(),
            }}
        </Page>
    }
}
