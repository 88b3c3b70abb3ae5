//! The weekly update: the same four questions each week.

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::circle::CircleEdit;
use trellis_api_types::limits::TEXT;

use super::super::edit::Editor;
use crate::components::{Area, EditForm, Icon, icon, typed};
use crate::i18n::t;

type Question = (&'static str, &'static str, RwSignal<String>);

/// Four questions; what is left empty is not sent.
#[component]
pub fn WeeklyForm(week: NaiveDate, fields: Vec<(String, String)>, editor: Editor) -> impl IntoView {
    let questions = questions(&fields);
    let empty = RwSignal::new(false);
    let asked = questions.clone();
    let save = move || {
        let answered = questions.iter().map(|(_, question, text)| ((*question).to_owned(), typed(*text)));
        let fields: Vec<_> = answered.filter(|(_, text)| !text.is_empty()).collect();
        empty.set(fields.is_empty());
        if !fields.is_empty() {
            editor.save(CircleEdit::Weekly { week, fields }, t::space::said_post());
        }
    };
    let one = |(id, label, value): Question| view! { <Area id label value rows=2 max=TEXT /> };
    let missing = move || {
        empty.get().then(|| view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::together::weekly_empty()}</span></p> })
    };
    view! {
        <EditForm on_save=save on_remove=|| () remove_words=None draft=editor.draft("weekly", false, &week.to_string())>
            {asked.into_iter().map(one).collect_view()}
            <div role="alert">{missing}</div>
        </EditForm>
    }
}

fn questions(fields: &[(String, String)]) -> Vec<Question> {
    let asked = [
        ("weekly-1", t::together::weekly_1()),
        ("weekly-2", t::together::weekly_2()),
        ("weekly-3", t::together::weekly_3()),
        ("weekly-4", t::together::weekly_4()),
    ];
    let before =
        |question: &str| fields.iter().find(|(asked, _)| asked == question).map(|(_, text)| text.clone());
    asked.map(|(id, question)| (id, question, RwSignal::new(before(question).unwrap_or_default()))).to_vec()
}
