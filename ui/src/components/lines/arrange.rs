//! Hiding lines and moving them. Numbers for danger stay as they are.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::settings::{LineChoices, SettingsEdit, SettingsSave};
use trellis_lines::{Choices, Item, Place};

use super::row::item_name;
use super::shown_with;
use crate::components::{Icon, MoveButtons, Mover, Sheet, icon};
use crate::i18n::t;
use crate::state::{State, state};

/// Opens the sheet in which lines are hidden and moved.
#[component]
pub fn Arrange() -> impl IntoView {
    let state = state();
    let open = RwSignal::new(false);
    let any = Memo::new(move |_| !ids(state).is_empty());
    view! {
        {move || any.get().then(|| view! {
            <button id="arrange-lines" class="btn plain" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                {icon(Icon::LIST_CHECKS)}{t::lines::arrange()}
            </button>
        })}
        <Sheet open title=t::lines::arrange().to_owned()>
            <ul class="list">{move || all(state).into_iter().map(|item| row(state, item)).collect_view()}</ul>
            <button class="btn main" type="button" on:click=move |_| open.set(false)>{t::lines::arranged()}</button>
        </Sheet>
    }
}

fn chosen(state: State) -> LineChoices {
    state
        .settings
        .with(|settings| settings.as_ref().map(|settings| settings.lines.clone()).unwrap_or_default())
}

/// All lines in the person's order, hidden ones too.
fn all(state: State) -> Vec<Item> {
    let choices = Choices { hidden: Vec::new(), order: chosen(state).order };
    let items = shown_with(state, Place::Help, &choices);
    items.into_iter().filter(|item| matches!(item, Item::Line(_))).collect()
}

fn ids(state: State) -> Vec<Id> {
    all(state).into_iter().map(|item| item.id().to_owned()).collect()
}

fn save(state: State, choices: LineChoices) {
    state.send(SettingsSave { edit: SettingsEdit::Lines(choices) }, t::common::saved());
}

fn row(state: State, item: Item) -> impl IntoView {
    let id = item.id();
    let mover = Mover::new(move |id, before| {
        let now = untrack(|| chosen(state));
        save(state, LineChoices { order: moved(untrack(|| ids(state)), &id, before.as_ref()), ..now });
    });
    let hidden = move || chosen(state).hidden.iter().any(|hidden| hidden == id);
    let words =
        move || if hidden() { t::lines::show(item_name(item)) } else { t::lines::hide(item_name(item)) };
    let turn = move |_| save(state, turned(untrack(|| chosen(state)), id));
    view! {
        <li class="row">
            <span class="body">
                <span class="name">{item_name(item)}</span>
                {move || hidden().then(|| view! { <span class="sub">{t::lines::hidden()}</span> })}
            </span>
            <span class="acts">
                <button class="icon-btn" id=format!("hide-{id}") type="button" aria-label=words on:click=turn>
                    {move || icon(if hidden() { Icon::EYE } else { Icon::EYE_SLASH })}
                </button>
            </span>
            <MoveButtons mover id=id.to_owned() ids=Signal::derive(move || ids(state)) name=Signal::derive(move || item_name(item)) />
        </li>
    }
}

/// The order after `id` went before another, or to the end.
fn moved(mut ids: Vec<Id>, id: &Id, before: Option<&Id>) -> Vec<Id> {
    ids.retain(|other| other != id);
    let at = before.and_then(|before| ids.iter().position(|other| other == before)).unwrap_or(ids.len());
    ids.insert(at, id.clone());
    ids
}

/// The choices after a line was hidden, or shown again.
fn turned(mut choices: LineChoices, id: &str) -> LineChoices {
    let before = choices.hidden.len();
    choices.hidden.retain(|hidden| hidden != id);
    if choices.hidden.len() == before {
        choices.hidden.push(id.to_owned());
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[&str]) -> Vec<Id> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn a_line_goes_before_another_or_to_the_end() {
        let (a, c) = ("a".to_owned(), "c".to_owned());
        assert_eq!(moved(list(&["a", "b", "c"]), &c, Some(&a)), list(&["c", "a", "b"]));
        assert_eq!(moved(list(&["a", "b", "c"]), &a, None), list(&["b", "c", "a"]));
    }

    #[test]
    fn a_line_is_hidden_and_shown_again() {
        let hidden = turned(LineChoices::default(), "us-ctl");
        assert_eq!(hidden.hidden, list(&["us-ctl"]));
        assert_eq!(turned(hidden, "us-ctl"), LineChoices::default());
    }
}
