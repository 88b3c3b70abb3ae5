//! Calling: the first person, and the number for danger.

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEntry, SafetyPart, SafetyPlan};

use crate::components::{Dial, callable, danger_number, dial_buttons, dialed_words, first_number, part};
use crate::i18n::t;
use crate::state::state;

/// First to be called: people who can help, then those who distract, then professionals.
const CALLED_FIRST: [SafetyPart; 3] = [SafetyPart::People, SafetyPart::Distract, SafetyPart::Professionals];

/// The main action, and what to do in danger.
#[component]
pub fn Calls(plan: Signal<SafetyPlan>) -> impl IntoView {
    let state = state();
    let called = part(plan, |plan| first(plan).cloned());
    let own = part(plan, |plan| plan.emergency_number.trim().to_owned());
    let country = danger_number(state);
    let number = move || Some(own.get()).filter(|own| !own.is_empty()).unwrap_or_else(|| country.get());
    // Without a country no one number is the right one.
    let unknown = move || state.country.with(Option::is_none) && number() == first_number(state);
    let call = move || if unknown() { t::lines::elsewhere().into_any() } else { danger(&number()) };
    view! {
        {move || called.with(|called| called.as_ref().map(main))}
        <p class="hint life">{t::help::danger_ask()} " " {call} " " {t::help::danger_naloxone()}</p>
    }
}

fn main(entry: &SafetyEntry) -> impl IntoView + use<> {
    let words = call_words(entry);
    let call = Dial { id: Some("call-first"), class: "btn lantern large", words };
    let text = Dial { id: Some("text-first"), class: "btn line large", words: t::help::text(&entry.text) };
    view! { <div class="now-acts">{dial_buttons(&entry.phone, call, entry.texts.then_some(text))}</div> }
}

/// The number stands beside the name, so that what is read is what is dialed.
pub fn call_words(entry: &SafetyEntry) -> String {
    match dialed_words(&entry.phone) {
        Some(number) => t::help::call_at(&entry.text, number),
        None => t::help::call(&entry.text),
    }
}

fn danger(number: &str) -> AnyView {
    let words = danger_words(number);
    match trellis_lines::dialed(number).and_then(|number| number.tel()) {
        Some(href) => view! { <a href=href rel="external">{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

/// The number as it is dialed; what was written, where nothing in it can be.
fn danger_words(number: &str) -> String {
    t::help::danger_call(dialed_words(number).unwrap_or_else(|| number.to_owned()))
}

fn first(plan: &SafetyPlan) -> Option<&SafetyEntry> {
    let of =
        |part: &SafetyPart| plan.entries.iter().find(|entry| entry.part == *part && callable(&entry.phone));
    CALLED_FIRST.iter().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trellis_api_types::safety::SafetyKind;

    fn entry(part: SafetyPart, phone: &str) -> SafetyEntry {
        SafetyEntry {
            id: phone.into(),
            part,
            kind: SafetyKind::Person,
            text: "Ruth".into(),
            detail: String::new(),
            phone: phone.into(),
            texts: false,
        }
    }

    #[test]
    fn the_first_person_with_a_number_is_called_first() {
        let entries = vec![
            entry(SafetyPart::Professionals, "988"),
            entry(SafetyPart::People, "ask Jo"),
            entry(SafetyPart::People, "555"),
        ];
        let plan = SafetyPlan { entries, ..Default::default() };
        assert_eq!(first(&plan).map(|e| e.phone.as_str()), Some("555"));
        assert_eq!(first(&SafetyPlan::default()), None);
    }

    #[test]
    fn what_is_read_is_what_is_dialed() {
        let ruth = entry(SafetyPart::People, "030 / 123456 (9-17 Uhr)");
        assert_eq!(call_words(&ruth), "Call Ruth: 030 123 456");
        assert_eq!(danger_words("112 (24 h) or 911"), "Call 112 first.");
        assert_eq!(danger_words("ask Jo"), "Call ask Jo first.");
    }
}
