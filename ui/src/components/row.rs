//! One line of a list that leads somewhere or opens something.

use leptos::prelude::*;

use super::{Icon, icon, icon_class};

/// What a row says: mark, name, a line under it, one thing at the end.
#[derive(Clone)]
pub struct RowWords {
    /// Its icon.
    pub mark: Icon,
    /// Its name.
    pub name: &'static str,
    /// A line under the name; empty for none.
    pub sub: String,
    /// What holds now; empty for none.
    pub value: String,
}

impl RowWords {
    /// Icon and name.
    pub fn new(mark: Icon, name: &'static str) -> Self {
        Self { mark, name, sub: String::new(), value: String::new() }
    }

    /// With a line under the name.
    pub fn sub(self, sub: impl Into<String>) -> Self {
        Self { sub: sub.into(), ..self }
    }

    /// With what holds now.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    fn inside(self) -> impl IntoView {
        view! {
            <span class="mark bare">{icon(self.mark)}</span>
            <span class="body">
                <span class="name light">{self.name}</span>
                {(!self.sub.is_empty()).then(|| view! { <span class="sub">{self.sub}</span> })}
            </span>
            {(!self.value.is_empty()).then(|| view! { <span class="val">{self.value}</span> })}
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        }
    }
}

/// A row that leads somewhere.
pub fn link_row(id: &'static str, href: &'static str, words: RowWords) -> impl IntoView {
    view! { <a class="row" id=id href=href>{words.inside()}</a> }
}

/// A row that opens a sheet.
pub fn open_row(id: &'static str, open: RwSignal<bool>, words: RowWords) -> impl IntoView {
    view! { <button class="row" id=id type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>{words.inside()}</button> }
}
