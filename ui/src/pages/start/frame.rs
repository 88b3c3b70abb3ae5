//! The frame of a start screen: what it is on the wall, what to do below or beside it.

use leptos::{ev::SubmitEvent, html::H1, prelude::*};
use trellis_api_types::checkin::Mood;

use crate::components::{DoorLines, sprout};
use crate::i18n::t;

/// Where one is: step and number of steps; a step beyond the last is the end of the way.
#[derive(Clone, Copy)]
pub struct Place(pub usize, pub usize);

/// One screen. Its heading takes the focus when the person comes from another step.
#[component]
pub fn Frame(
    /// Step, if it is one of several.
    #[prop(optional)]
    place: Option<Place>,
    /// Heading.
    title: &'static str,
    /// One or two sentences under it.
    lead: &'static str,
    /// Called by Enter or the main button.
    #[prop(into)]
    on_submit: Callback<()>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    heading.on_load(|heading| {
        let _focused = heading.focus();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    view! {
        <section class="ob-step">
            <div class="wall ob-wall">
                <div>
                    {place.map(|place| view! { <div class="ob-where"><Steps place /></div> })}
                    <h1 tabindex="-1" node_ref=heading>{title}</h1>
                    <p class="second lead">{lead}</p>
                </div>
            </div>
            <DoorLines />
            <form class="ob-form" novalidate on:submit=submit>{children()}</form>
        </section>
    }
}

/// A sprout for each step done, a lit node for this one, a small node for each to come.
#[component]
fn Steps(place: Place) -> impl IntoView {
    let Place(now, of) = place;
    let nodes = (1..=of).map(|n| {
        let mark = if n < now {
            sprout(Mood::Good).into_any()
        } else {
            view! { <span class="dot"></span> }.into_any()
        };
        view! { <li class:now=n == now>{mark}</li> }
    });
    view! {
        <ol class="ob-steps" aria-hidden="true">{nodes.collect_view()}</ol>
        {(now <= of).then(|| view! { <p class="second">{t::start::step(now, of)}</p> })}
    }
}
