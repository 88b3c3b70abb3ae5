//! From when, until when, and why.

use leptos::prelude::*;
use trellis_api_types::limits::{LINE, TEXT};

use super::form::{End, Form};
use crate::components::{Area, DayField, Field, Seg, Show, SwitchRow};
use crate::i18n::t;

/// The section.
#[component]
pub fn Span(form: Form) -> impl IntoView {
    let why_error = Signal::derive(move || form.why_trouble());
    view! {
        <section class="block" aria-labelledby="how-long">
            <div class="head"><h2 id="how-long">{t::sharing::how_long()}</h2></div>
            <div class="panel asks span">
                {begins(form)}
                {ends(form)}
                <Area id="why" label=t::sharing::why() hint=t::sharing::why_hint() value=form.purpose error=why_error rows=2 max=TEXT />
            </div>
        </section>
    }
}

fn begins(form: Form) -> impl IntoView {
    let options = vec![(false, t::sharing::from_today()), (true, t::sharing::from_later())];
    let error = Signal::derive(move || form.first_trouble());
    let earlier = move || view! { <Earlier form /> };
    view! {
        <fieldset>
            <legend class="field-name">{t::sharing::from()}</legend>
            <Seg name="from" options value=Signal::derive(move || Some(form.later.get())) on_change=move |later| form.later.set(later) />
            <Show when=move || form.later.get() fallback=earlier>
                <DayField id="from-day" label=t::sharing::from_day() value=form.from error />
            </Show>
        </fieldset>
    }
}

/// Earlier days are meant only where the person says so here, and from which day.
#[component]
fn Earlier(form: Form) -> impl IntoView {
    let error = Signal::derive(move || form.first_trouble());
    view! {
        <SwitchRow id="backwards" name=t::sharing::backwards() sub=t::sharing::backwards_sub() checked=form.backwards on_change=move |on| form.backwards.set(on) />
        <Show when=move || form.backwards.get()>
            <DayField id="since" label=t::sharing::since() value=form.since error />
        </Show>
    }
}

fn ends(form: Form) -> impl IntoView {
    let options = vec![
        (End::Stopped, t::sharing::until_stop()),
        (End::Date, t::sharing::until_date()),
        (End::Event, t::sharing::until_event()),
    ];
    let last_error = Signal::derive(move || form.last_trouble());
    let event_error = Signal::derive(move || form.event_trouble());
    view! {
        <fieldset>
            <legend class="field-name">{t::sharing::until()}</legend>
            <Seg name="until" options value=Signal::derive(move || Some(form.end.get())) on_change=move |end| form.end.set(end) />
            <Show when=move || form.end.get() == End::Date>
                <DayField id="last-day" label=t::sharing::until_day() value=form.last error=last_error />
            </Show>
            <Show when=move || form.end.get() == End::Event>
                <Field id="event" label=t::sharing::until_what() hint=t::sharing::until_what_hint() value=form.event error=event_error max=LINE />
            </Show>
        </fieldset>
    }
}
