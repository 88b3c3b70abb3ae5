//! Ways to a written number: links that call and text, or the number to dial by hand. The one that is dialed is shown first.

use leptos::{prelude::*, task::spawn_local};
use trellis_lines::{Number, dialed};

use super::{Icon, icon};
use crate::i18n::t;
use crate::state::state;

/// Whether there is a number to call.
pub fn callable(phone: &str) -> bool {
    dialed(phone).is_some()
}

/// Whether it can be kept as a phone number: empty, or a number is in it.
pub fn keepable(phone: &str) -> bool {
    phone.trim().is_empty() || callable(phone)
}

/// What is dialed for what was written, to be read before: "555 0142, then press 12".
pub fn dialed_words(phone: &str) -> Option<String> {
    let number = dialed(phone)?;
    let then = (!number.then.is_empty()).then(|| t::lines::then_press(&number.then));
    Some([Some(number.shown()), then].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Whether what is dialed differs from what was written by more than spaces and marks.
fn is_other(phone: &str) -> bool {
    let marks = |c: &char| !c.is_whitespace() && !"().-".contains(*c);
    dialed(phone).is_none_or(|number| number.dial != phone.chars().filter(marks).collect::<String>())
}

/// The number in a row. Where it is not the one that was written, it is shown on phones too.
pub fn number_line(phone: &str) -> Option<AnyView> {
    let words = dialed_words(phone)?;
    let class = if is_other(phone) { "sub tnum" } else { "sub number" };
    Some(view! { <span class=class>{words}</span> }.into_any())
}

/// Under a field for a number: what will be dialed, where that is not what was typed.
#[component]
pub fn DialHint(phone: RwSignal<String>) -> impl IntoView {
    let words = move || phone.with(|phone| dialed_words(phone).filter(|_| is_other(phone)));
    view! { <p class="hint" role="status">{move || words().map(t::lines::dials)}</p> }
}

/// Round buttons at the end of a row. `words` are for who does not see them.
pub fn dial_icons(phone: &str, call: String, text: Option<String>) -> Option<AnyView> {
    let number = dialed(phone)?;
    let links = number.tel().zip(number.sms());
    Some(match links {
        None => view! { <span class="acts"><CopyNumber number /></span> }.into_any(),
        Some((tel, sms)) => view! {
            <span class="acts">
                {text.map(|text| view! { <a class="icon-btn filled" href=sms aria-label=text>{icon(Icon::CHAT_CIRCLE_TEXT)}</a> })}
                <a class="icon-btn filled" href=tel aria-label=call>{icon(Icon::PHONE_FILL)}</a>
            </span>
        }
        .into_any(),
    })
}

/// Large buttons; `ids` and `classes` are those of calling and of texting.
pub fn dial_buttons(phone: &str, call: Dial, text: Option<Dial>) -> Option<AnyView> {
    let number = dialed(phone)?;
    Some(match number.tel().zip(number.sms()) {
        None => by_hand(number),
        Some((tel, sms)) => view! {
            {call.link(tel, Icon::PHONE_BOLD)}
            {text.map(|text| text.link(sms, Icon::CHAT_CIRCLE_TEXT))}
        }
        .into_any(),
    })
}

/// One large button: its id, look and words.
pub struct Dial {
    /// Id, where a page has one.
    pub id: Option<&'static str>,
    /// Classes.
    pub class: &'static str,
    /// What it says.
    pub words: String,
}

impl Dial {
    fn link(self, href: String, mark: Icon) -> impl IntoView {
        view! { <a id=self.id class=self.class href=href rel="external">{icon(mark)}{self.words}</a> }
    }
}

/// The digits, large, where no link can dial them.
pub fn by_hand(number: Number) -> AnyView {
    let digits = number.dial.clone();
    view! {
        <span class="by-hand">
            <span class="second">{t::lines::by_hand()}</span>
            <strong class="tnum">{digits}</strong>
            <CopyNumber number />
        </span>
    }
    .into_any()
}

/// Copies a number that no link can dial.
#[component]
fn CopyNumber(number: Number) -> impl IntoView {
    let state = state();
    let label = t::lines::copy(&number.dial);
    let copy = move |_| {
        let copying = window().navigator().clipboard().write_text(&number.dial);
        spawn_local(async move {
            let words = match wasm_bindgen_futures::JsFuture::from(copying).await {
                Ok(_) => t::lines::copied(),
                Err(_) => t::devices::copy_failed(),
            };
            state.say(words, None);
        });
    };
    view! { <button class="icon-btn filled" type="button" aria-label=label on:click=copy>{icon(Icon::CLIPBOARD_TEXT)}</button> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_that_is_dialed_is_shown_before() {
        assert_eq!(dialed_words("1-800-FLOWERS").as_deref(), Some("1-800-356-9377"));
        assert_eq!(dialed_words("555 0142 / 555 0143").as_deref(), Some("5550142"));
        assert_eq!(dialed_words("555 0142 ext. 12").as_deref(), Some("5550142, then press 12"));
        assert_eq!(dialed_words("ask Ruth"), None);
    }

    #[test]
    fn only_another_number_than_was_written_needs_saying() {
        assert!(!is_other("+1 (555) 01-42") && !is_other("*77#"));
        assert!(is_other("555 0142 or 555 0143") && is_other("1-800-FLOWERS") && is_other("555 0142 x12"));
    }

    #[test]
    fn a_number_can_be_empty_but_only_one_that_can_be_dialed_is_kept() {
        assert!(keepable(" ") && keepable("555-HELP") && keepable("*77#") && !callable(""));
        assert!(!keepable("ask Ruth"));
    }
}
