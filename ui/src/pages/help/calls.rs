//! Calling: the first person, and the number for danger.

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEntry, SafetyPart, SafetyPlan};

use crate::components::{Icon, icon, part};
use crate::i18n::t;

/// First to be called: people who can help, then those who distract, then professionals.
const CALLED_FIRST: [SafetyPart; 3] = [SafetyPart::People, SafetyPart::Distract, SafetyPart::Professionals];

/// The main action, and what to do in danger.
#[component]
pub fn Calls(plan: Signal<SafetyPlan>, locked: bool) -> impl IntoView {
    let called = part(plan, |plan| first(plan).cloned());
    let number = part(plan, |plan| plan.emergency_number.trim().to_owned());
    view! {
        {move || called.with(|called| called.as_ref().map(main))}
        <p class="hint life">
            {t::help::danger_ask()} " " {move || number.with(|number| danger(number, locked))} " " {t::help::danger_naloxone()}
        </p>
    }
}

fn main(entry: &SafetyEntry) -> impl IntoView + use<> {
    view! {
        <div class="now-acts">
            <a id="call-first" class="btn lantern large" href=tel(&entry.phone)>
                {icon(Icon::PHONE_BOLD)}
                {t::help::call(&entry.text)}
            </a>
            {entry
                .texts
                .then(|| {
                    view! {
                        <a id="text-first" class="btn line large" href=sms(&entry.phone)>
                            {icon(Icon::CHAT_CIRCLE_TEXT)}
                            {t::help::text(&entry.text)}
                        </a>
                    }
                })}
        </div>
    }
}

fn danger(number: &str, locked: bool) -> AnyView {
    if number.is_empty() {
        let set = (!locked).then(|| view! { " " <a href="/settings">{t::help::set_number()}</a> });
        return view! { {t::help::danger_none()} {set} }.into_any();
    }
    view! { <a href=tel(number)>{t::help::danger_call(number)}</a> }.into_any()
}

fn first(plan: &SafetyPlan) -> Option<&SafetyEntry> {
    CALLED_FIRST.iter().find_map(|part| plan.entries.iter().find(|e| e.part == *part && callable(e)))
}

/// Whether there is a number to call.
pub fn callable(entry: &SafetyEntry) -> bool {
    entry.phone.chars().any(|c| c.is_ascii_digit())
}

/// Link that calls.
pub fn tel(phone: &str) -> String {
    format!("tel:{}", dialled(phone))
}

/// Link that writes a text.
pub fn sms(phone: &str) -> String {
    format!("sms:{}", dialled(phone))
}

/// What a phone dials: digits, `+`, `*`, and `#` as a link has to write it.
fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect::<String>().replace('#', "%23")
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
    fn links_dial_what_was_typed() {
        assert_eq!(tel("+1 (555) 01-42"), "tel:+15550142");
        assert_eq!(sms("*77#"), "sms:*77%23");
    }

    #[test]
    fn the_first_person_with_a_number_is_called_first() {
        let entries = vec![
            entry(SafetyPart::Professionals, "988"),
            entry(SafetyPart::People, ""),
            entry(SafetyPart::People, "555"),
        ];
        let plan = SafetyPlan { entries, ..Default::default() };
        assert_eq!(first(&plan).map(|e| e.phone.as_str()), Some("555"));
        assert_eq!(first(&SafetyPlan::default()), None);
    }
}
