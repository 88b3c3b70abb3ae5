//! Order by buttons: up and down, and the focus stays on the button that was used.

use leptos::prelude::*;
use trellis_api_types::Id;

use super::{Icon, icon};
use crate::i18n::t;

/// Where a thing goes: before another, or to the end.
pub type Before = Option<Id>;

/// Stores the new place of a thing.
#[derive(Clone, Copy)]
pub struct Mover(Callback<(Id, Before)>);

impl Mover {
    /// A mover that asks `on_move` to store the new place.
    pub fn new(on_move: impl Fn(Id, Before) + Send + Sync + 'static) -> Self {
        Self(Callback::new(move |(id, before)| on_move(id, before)))
    }
}

/// Begins and ends the ordering of a list.
#[component]
pub fn OrderButton(#[prop(into)] id: String, ordering: RwSignal<bool>) -> impl IntoView {
    view! {
        <button id=id class="btn plain edge" type="button" on:click=move |_| ordering.update(|o| *o = !*o)>
            {move || if ordering.get() { t::plan::order_done() } else { t::plan::order() }}
        </button>
    }
}

/// Which way a button moves a thing.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

impl Way {
    /// Where `id` goes; nothing at the end of the list.
    fn to(self, ids: &[Id], id: &Id) -> Option<Before> {
        let at = ids.iter().position(|other| other == id)?;
        match self {
            Self::Up => ids.get(at.checked_sub(1)?).cloned().map(Some),
            Self::Down => ids.get(at + 1).map(|_| ids.get(at + 2).cloned()),
        }
    }

    fn words(self, name: String) -> String {
        match self {
            Self::Up => t::common::move_up(name),
            Self::Down => t::common::move_down(name),
        }
    }
}

/// Up and down for the thing `id` of `ids`; `name` is its words.
#[component]
pub fn MoveButtons(mover: Mover, id: Id, ids: Signal<Vec<Id>>, name: Signal<String>) -> impl IntoView {
    view! {
        <span class="acts moves">
            <MoveButton mover id=id.clone() ids way=Way::Up name />
            <MoveButton mover id ids way=Way::Down name />
        </span>
    }
}

/// Stays in reach of the keyboard at either end of the list, where it does nothing.
#[component]
fn MoveButton(mover: Mover, id: Id, ids: Signal<Vec<Id>>, way: Way, name: Signal<String>) -> impl IntoView {
    let (word, mark) = match way {
        Way::Up => ("up", Icon::ARROW_UP),
        Way::Down => ("down", Icon::ARROW_DOWN),
    };
    let button = format!("{word}-{id}");
    let moved = id.clone();
    let off = move || ids.with(|ids| way.to(ids, &id)).is_none().then_some("true");
    let go = move |_| {
        if let Some(before) = ids.with_untracked(|ids| way.to(ids, &moved)) {
            mover.0.run((moved.clone(), before));
        }
    };
    view! {
        <button id=button class="icon-btn" type="button" aria-label=move || way.words(name.get()) aria-disabled=off on:click=go>
            {icon(mark)}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::Way;

    #[test]
    fn a_thing_goes_before_its_neighbour_or_to_the_end() {
        let ids = ["a", "b", "c"].map(str::to_owned);
        let to = |way: Way, id: &str| way.to(&ids, &id.to_owned());
        assert_eq!(to(Way::Up, "a"), None);
        assert_eq!(to(Way::Up, "c"), Some(Some("b".to_owned())));
        assert_eq!(to(Way::Down, "a"), Some(Some("c".to_owned())));
        assert_eq!(to(Way::Down, "b"), Some(None));
        assert_eq!(to(Way::Down, "c"), None);
        assert_eq!(to(Way::Down, "gone"), None);
    }
}
