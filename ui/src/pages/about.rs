//! What Trellis is, privacy in plain words, what is stored where, licences.

use leptos::prelude::*;

use crate::components::{Icon, Page, TopBar, icon};
use crate::i18n::t;

/// The page.
#[component]
pub fn About() -> impl IntoView {
    view! {
        <Page title=t::settings::about_title().to_owned() narrow=true>
            <TopBar back="/settings" bare=true />
            <div class="title">
                <h1>{t::settings::about_title()}</h1>
                <p>{t::settings::about_lead()}</p>
                <p class="hint">{t::settings::version(env!("CARGO_PKG_VERSION"))}</p>
            </div>
            <Privacy />
            <Stored />
            <Licences />
        </Page>
    }
}

#[component]
fn Privacy() -> impl IntoView {
    use t::settings as s;
    let lines = [s::privacy_1(), s::privacy_2(), s::privacy_3(), s::privacy_4(), s::privacy_5()];
    let lines = lines.map(|words| view! { <li>{icon(Icon::CHECK)}<span>{words}</span></li> });
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::privacy()}</h2></div>
            <ul class="panel plain-list">{lines.into_iter().collect_view()}</ul>
        </section>
    }
}

#[component]
fn Stored() -> impl IntoView {
    use t::settings as s;
    let places = [
        (s::where_here(), s::where_here_is()),
        (s::where_keychain(), s::where_keychain_is()),
        (s::where_relay(), s::where_relay_is()),
        (s::where_devices(), s::where_devices_is()),
    ];
    let places = places.map(|(place, what)| view! { <div><dt>{place}</dt><dd>{what}</dd></div> });
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::stored()}</h2></div>
            <dl class="panel places">{places.into_iter().collect_view()}</dl>
        </section>
    }
}

#[component]
fn Licences() -> impl IntoView {
    use t::settings as s;
    let lines = [s::licence_us(), s::licence_font(), s::licence_icons(), s::licence_parts()];
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::licences()}</h2></div>
            <div class="panel">{lines.map(|words| view! { <p>{words}</p> }).into_iter().collect_view()}</div>
        </section>
    }
}
