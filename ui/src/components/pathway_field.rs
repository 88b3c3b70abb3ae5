//! What Trellis is for, and whose ideas it offers first.

use leptos::prelude::*;
use trellis_api_types::settings::{Aim, Pathway};

use super::Chip;
use crate::i18n::t;

const ALL: [Pathway; 6] = [
    Pathway::Own,
    Pathway::TwelveStep,
    Pathway::Skills,
    Pathway::Secular,
    Pathway::Faith,
    Pathway::Medication,
];

/// One pathway of all.
#[component]
pub fn PathwayField(
    /// The chosen one.
    value: RwSignal<Pathway>,
    /// A line under it.
    hint: &'static str,
) -> impl IntoView {
    let chosen = move |event| {
        let at: usize = event_target_value(&event).parse().unwrap_or(0);
        value.set(ALL.get(at).copied().unwrap_or_default());
    };
    let options = ALL.into_iter().enumerate().map(|(at, pathway)| {
        view! { <option value=at.to_string() prop:selected=move || value.get() == pathway>{pathway_words(pathway)}</option> }
    });
    view! {
        <div class="field">
            <label for="pathway">{t::settings::pathway()}</label>
            <select id="pathway" class="input" aria-describedby="pathway-hint" on:change=chosen>{options.collect_view()}</select>
            <p class="hint" id="pathway-hint">{hint}</p>
        </div>
    }
}

/// The pathway's words.
pub fn pathway_words(pathway: Pathway) -> &'static str {
    match pathway {
        Pathway::Own => t::settings::own(),
        Pathway::TwelveStep => t::settings::twelve(),
        Pathway::Skills => t::settings::skills(),
        Pathway::Secular => t::settings::secular(),
        Pathway::Faith => t::settings::faith(),
        Pathway::Medication => t::settings::medication(),
    }
}

/// What brings the person here: any of the four, or none.
#[component]
pub fn AimsField(
    /// Those that hold.
    value: RwSignal<Vec<Aim>>,
    /// A line under it.
    hint: &'static str,
) -> impl IntoView {
    let all = [Aim::Me, Aim::Loved, Aim::Coach, Aim::Sponsor];
    let chip = move |aim: Aim| {
        let checked = Signal::derive(move || value.with(|aims| aims.contains(&aim)));
        let id = format!("aim-{}", aim as u8);
        view! { <Chip id words=aim_words(aim).to_owned() checked on_change=move |on| value.update(|aims| set(aims, aim, on)) /> }
    };
    view! {
        <fieldset aria-describedby="aims-hint">
            <legend class="legend"><span>{t::start::aims()}</span></legend>
            <div class="chips">{all.map(chip).into_iter().collect_view()}</div>
            <p class="hint" id="aims-hint">{hint}</p>
        </fieldset>
    }
}

fn set(aims: &mut Vec<Aim>, aim: Aim, on: bool) {
    aims.retain(|other| *other != aim);
    if on {
        aims.push(aim);
    }
}

fn aim_words(aim: Aim) -> &'static str {
    match aim {
        Aim::Me => t::start::aim_me(),
        Aim::Loved => t::start::aim_loved(),
        Aim::Coach => t::start::aim_coach(),
        Aim::Sponsor => t::start::aim_sponsor(),
    }
}
