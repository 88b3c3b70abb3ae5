//! What 42 CFR 2.31 asks for beside the rest, for a coach who works under Part 2.

use leptos::prelude::*;
use trellis_api_types::limits::LINE;
use trellis_api_types::sharing::{Part2, Recipient};

use super::form::Form;
use crate::components::{Field, Show, SwitchRow};
use crate::i18n::t;

/// What is typed.
#[derive(Clone, Copy, Default)]
pub struct LawForm {
    patient: RwSignal<String>,
    discloser: RwSignal<String>,
    recipients: RwSignal<String>,
    revoking: RwSignal<String>,
    signature: RwSignal<String>,
}

impl LawForm {
    fn all(self) -> [RwSignal<String>; 5] {
        [self.patient, self.discloser, self.recipients, self.revoking, self.signature]
    }

    /// Begins with these; how it is taken back is known.
    pub fn fill(self, part2: &Part2) {
        let revoking = if part2.revoking.is_empty() { t::sharing::revoking_first() } else { &part2.revoking };
        let words = [&part2.patient, &part2.discloser, &part2.recipients, revoking, ""];
        for (field, words) in self.all().into_iter().zip(words) {
            field.set(words.to_owned());
        }
    }

    /// As typed.
    pub fn part2(self) -> Part2 {
        let [patient, discloser, recipients, revoking, signature] =
            self.all().map(|field| field.get().trim().to_owned());
        Part2 { patient, discloser, recipients, revoking, signature }
    }

    /// Whether every element is there.
    pub fn whole(self) -> bool {
        self.all().iter().all(|field| filled(*field))
    }
}

fn filled(field: RwSignal<String>) -> bool {
    field.with(|typed| !typed.trim().is_empty())
}

/// The section, for a coach only.
#[component]
pub fn Law(form: Form) -> impl IntoView {
    let coach = move || matches!(form.recipient(), Recipient::Coach | Recipient::Programme);
    view! {
        <Show when=coach>
            <section class="block">
                <div class="list">
                    <SwitchRow id="law" name=t::sharing::part2() sub=t::sharing::part2_sub() checked=form.law on_change=move |on| form.law.set(on) />
                </div>
                <Show when=move || form.law.get()>
                    <div class="panel asks after-list">{elements(form)}</div>
                </Show>
            </section>
        </Show>
    }
}

fn elements(form: Form) -> impl IntoView {
    let LawForm { patient, discloser, recipients, revoking, signature } = form.elements;
    let missing = move |field: RwSignal<String>| {
        Signal::derive(move || {
            (form.tried.get() && !filled(field)).then(|| t::errors::empty_text().to_owned())
        })
    };
    view! {
        <Field id="patient" label=t::sharing::patient() hint=t::sharing::patient_hint() value=patient error=missing(patient) max=LINE />
        <Field id="discloser" label=t::sharing::discloser() hint=t::sharing::discloser_hint() value=discloser error=missing(discloser) max=LINE />
        <Field id="recipients" label=t::sharing::recipients() hint=t::sharing::recipients_hint() value=recipients error=missing(recipients) max=LINE />
        <Field id="revoking" label=t::sharing::revoking() hint=t::sharing::revoking_hint() value=revoking error=missing(revoking) max=LINE />
        <Field id="signature" label=t::sharing::signature() hint=t::sharing::signature_hint() value=signature error=missing(signature) max=LINE />
    }
}
