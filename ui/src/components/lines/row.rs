//! One number: what it is, what happens, and the ways to it.

use leptos::prelude::*;
use trellis_api_types::safety::SafetyEntry;
use trellis_lines::{Confidence, Emergency, Item, Line, dialed};

use super::words::{closed, facts, press, purpose, say, text};
use crate::components::dial::{Dial, by_hand, dial_buttons, dial_icons, number_line};
use crate::components::{Icon, icon};
use crate::{fmt, i18n::t};

/// Its name.
pub fn item_name(item: Item) -> String {
    match item {
        Item::Emergency(emergency) => say(&emergency.name).to_owned(),
        Item::Line(line) => say(&line.name).to_owned(),
    }
}

/// A row of the list; `danger` is the number to call if this one fails.
pub fn dial_row(item: Item, danger: String) -> AnyView {
    match item {
        Item::Emergency(emergency) => emergency_row(emergency),
        Item::Line(line) => line_row(line, danger),
    }
}

fn emergency_row(emergency: &'static Emergency) -> AnyView {
    let also =
        emergency.also.iter().map(|number| view! { <span class="sub">{t::lines::also(number)}</span> });
    view! {
        <li class="row topped line">
            <span class="body">
                <span class="name">{say(&emergency.name)}</span>
                <span class="sub">{t::lines::emergency_when()}</span>
                {also.collect_view()}
            </span>
            <span class="ways">{call_button(&emergency.call, "btn lantern")}</span>
        </li>
    }
    .into_any()
}

fn line_row(line: &'static Line, danger: String) -> AnyView {
    let now = fmt::today().and_time(fmt::now());
    let closed = line.opens(now).map(|opens| view! { <span class="sub closed">{closed(opens, now)}</span> });
    let unsure = (line.confidence == Confidence::Medium)
        .then(|| view! { <span class="sub">{t::lines::unsure(danger)}</span> });
    let presses = line.press.iter().map(|one| view! { <span class="sub">{press(one)}</span> });
    view! {
        <li class="row topped line" id=line.id.as_str()>
            <span class="body">
                <span class="sub purpose">{purpose(line.purpose)}</span>
                <span class="name">{say(&line.name)}</span>
                <span class="note">{say(&line.note)}</span>
                {presses.collect_view()}
                <span class="sub">{facts(line)}</span>
                {closed}
                {unsure}
            </span>
            <span class="ways">{ways(line)}</span>
        </li>
    }
    .into_any()
}

fn ways(line: &'static Line) -> impl IntoView {
    let call = line.call.as_ref().map(|number| call_button(number, "btn"));
    let text = line.text.as_ref().and_then(|to| {
        let href = dialed(&to.number)?.sms()?;
        Some(view! { <a class="btn" href=href rel="external">{icon(Icon::CHAT_CIRCLE_TEXT)}{text(to)}</a> })
    });
    let alt = line.alt.as_ref().map(|alt| {
        let number = dialed(&alt.call).unwrap_or_default();
        let words = t::lines::or_call(number.shown());
        let why = alt.what.as_ref().map(|what| view! { <span class="sub">{say(what)}</span> });
        match number.tel() {
            Some(href) => view! { <a class="btn plain" href=href rel="external">{words}</a>{why} }.into_any(),
            None => view! { {by_hand(number)}{why} }.into_any(),
        }
    });
    view! { {call}{text}{alt} }
}

fn call_button(number: &str, class: &'static str) -> Option<AnyView> {
    let words = t::lines::call(dialed(number)?.shown());
    dial_buttons(number, Dial { id: None, class, words }, None)
}

/// An entry of the safety plan.
pub fn own_row(entry: SafetyEntry) -> impl IntoView {
    let text = entry.texts.then(|| t::help::text(&entry.text));
    view! {
        <li class="row">
            <span class="body"><span class="name">{entry.text.clone()}</span>{number_line(&entry.phone)}</span>
            {dial_icons(&entry.phone, t::help::call(&entry.text), text)}
        </li>
    }
}

/// A button of the lock screen. It names neither the line nor what it is for.
pub fn lock_button(item: Item) -> Option<AnyView> {
    let now = fmt::today().and_time(fmt::now());
    let (number, word, class): (&str, fn(String) -> String, _) = match item {
        Item::Emergency(emergency) => (&emergency.call, t::lines::lock_danger, "btn lantern"),
        Item::Line(line) => (line.call.as_ref()?, t::lines::lock_help, "btn line"),
    };
    let closed = match item {
        Item::Line(line) => {
            line.opens(now).map(|opens| view! { <span class="hint">{closed(opens, now)}</span> })
        }
        Item::Emergency(_) => None,
    };
    let keys = match item {
        Item::Line(line) => {
            line.press.iter().filter_map(|press| press.key.as_ref()).map(t::lines::then_press).collect()
        }
        Item::Emergency(_) => Vec::new(),
    };
    // A menu with several choices is not for a screen of two buttons.
    let keys = keys.into_iter().next().filter(|_| matches!(item, Item::Line(line) if line.press.len() == 1));
    let words = word(dialed(number)?.shown());
    let button = dial_buttons(number, Dial { id: None, class, words }, None);
    Some(view! { <span class="lock-line">{button}{keys.map(|keys| view! { <span class="hint">{keys}</span> })}{closed}</span> }.into_any())
}
