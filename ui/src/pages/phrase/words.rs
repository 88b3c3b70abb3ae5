//! The words, to write by hand. They go away as soon as Trellis is not in front.

use leptos::leptos_dom::helpers::window_event_listener;
use leptos::{ev, prelude::*};

use super::Step;
use crate::components::{Icon, StepHeading, WordList, icon};
use crate::i18n::t;

#[component]
pub fn Words(step: RwSignal<Step>, words: Vec<String>, away: &'static str) -> impl IntoView {
    let printing = StoredValue::new(false);
    hide_when_not_in_front(step, printing);
    let print = move |_| {
        printing.set_value(true);
        // Where nothing can print, the words stay on the screen.
        let _printed = window().print();
    };
    view! {
        <div class="print-title" aria-hidden="true">{t::phrase::print_title()}</div>
        <StepHeading title=t::phrase::words() lead=t::phrase::words_lead() />
        <div class="panel paper">
            <WordList label=t::phrase::title() words />
            <p class="print-note hint">{t::phrase::print_note()}</p>
        </div>
        <div class="ob-acts after-paper">
            <button id="written" class="btn main large wide" type="button" on:click=move |_| step.set(Step::Check)>
                {t::phrase::written()}
            </button>
            <button id="print" class="btn wide" type="button" on:click=print>{icon(Icon::PRINTER)}{t::phrase::print()}</button>
            <a id="later" class="btn plain wide" href=away>{t::phrase::later()}</a>
        </div>
    }
}

/// The window lost the focus or was covered: away with the words. The print dialog is not that.
fn hide_when_not_in_front(step: RwSignal<Step>, printing: StoredValue<bool>) {
    let hide = move || {
        if printing.try_get_value() == Some(false) {
            step.try_set(Step::Intro(true));
        }
    };
    let blurred = window_event_listener(ev::blur, move |_| hide());
    let covered = window_event_listener(ev::visibilitychange, move |_| hide());
    let printed =
        window_event_listener(ev::Custom::<ev::Event>::new("afterprint"), move |_| printing.set_value(false));
    on_cleanup(move || {
        blurred.remove();
        covered.remove();
        printed.remove();
    });
}
