//! Who sees this check-in, and what of it the person keeps to themselves.

use leptos::prelude::*;
use trellis_api_types::audience::{About, Audience, Reader};
use trellis_api_types::checkin::{Kept, Use};
use trellis_api_types::sharing::Field;

use super::draft::Draft;
use crate::components::{Show, SwitchRow};
use crate::i18n::t;
use crate::pages::audience::{audience, known, line, name, names, of_field};
use crate::pages::sharing::{listed, thing};
use crate::state::Load;

/// Whom the consents in force let see a check-in, as it is being written.
#[derive(Clone, Copy)]
pub struct Seen {
    draft: Draft,
    audience: Load<Audience>,
}

impl Seen {
    /// For this check-in; its day counts.
    pub fn of(draft: Draft) -> Self {
        let about = move || About::CheckIn { id: draft.id(), date: draft.date.get() };
        Self { draft, audience: audience(about) }
    }

    fn with<T>(self, get: impl Fn(&Audience) -> T) -> Option<T> {
        self.audience.with(|loaded| known(loaded).map(get))
    }

    /// Who sees a field, and who got it before.
    fn readers(self, field: Field) -> (Vec<Reader>, Vec<Reader>) {
        self.with(|all| (of_field(&all.sees, field), of_field(&all.has, field))).unwrap_or_default()
    }

    fn kept(self, part: fn(&mut Kept) -> &mut bool) -> bool {
        *part(&mut self.draft.kept.get())
    }
}

/// At the top: what each one sees, and the switch for the whole check-in.
pub fn of_all(seen: Seen) -> impl IntoView {
    let all: fn(&mut Kept) -> &mut bool = |kept| &mut kept.all;
    let lines = move || {
        let got = seen.with(|audience| (audience.sees.clone(), audience.has.clone()));
        got.map(|(sees, has)| match (seen.kept(all), sees.as_slice()) {
            (true, _) => view! { {line(&[])}{taken_back(&has)} }.into_any(),
            (false, []) => line(&[]),
            (false, sees) => sees.iter().map(parts).collect_view().into_any(),
        })
    };
    let any = seen.with_any(|audience| !audience.sees.is_empty() || !audience.has.is_empty());
    view! {
        <div class="seen">
            {lines}
            {keeping(seen, "keep-all", t::audience::keep_all(), Some(t::audience::keep_all_sub()), all, any)}
        </div>
    }
}

/// Beside the question about use, once it is answered.
pub fn of_use(seen: Seen) -> impl IntoView {
    let part: fn(&mut Kept) -> &mut bool = |kept| &mut kept.used;
    let words = move || {
        let answer = seen.draft.used.get()?;
        let (sees, has) = seen.readers(Field::Use);
        let told = t::audience::use_seen(sees.len(), names(&sees));
        let unseen = seen.kept(part) || seen.kept(|kept| &mut kept.all);
        Some(match (unseen || sees.is_empty(), answer) {
            (false, _) => view! { <p class="hint seen-by">{told}</p> }.into_any(),
            (true, Use::Used) => {
                let back = unseen.then(|| taken_back(&has));
                view! { <p class="hint seen-by">{t::audience::use_nobody()}</p>{back} }.into_any()
            }
            (true, _) => line(&[]),
        })
    };
    let answered = Memo::new(move |_| seen.draft.used.get().is_some());
    let any = seen.any_of(Field::Use);
    let shown = Signal::derive(move || any.get() && answered.get());
    view! {
        <div class="seen" role="status">{move || seen.with(|_| ()).and_then(|()| words())}</div>
        {keeping(seen, "keep-use", t::audience::keep_use(), None, part, shown)}
    }
}

/// Beside the note.
pub fn of_note(seen: Seen) -> impl IntoView {
    let part: fn(&mut Kept) -> &mut bool = |kept| &mut kept.note;
    let words = move || {
        let (sees, has) = seen.readers(Field::Note);
        let unseen = seen.kept(part) || seen.kept(|kept| &mut kept.all);
        let back = unseen.then(|| taken_back(&has));
        view! { {line(if unseen { &[] } else { &sees })}{back} }
    };
    view! {
        <div class="seen">{move || seen.with(|_| ()).map(|()| words())}</div>
        {keeping(seen, "keep-note", t::audience::keep_note(), None, part, seen.any_of(Field::Note))}
    }
}

/// Beside the words, where one of them stands for a meeting.
pub fn of_meeting(seen: Seen, meetings: Signal<Vec<String>>) -> impl IntoView {
    let tagged = Memo::new(move |_| {
        let meetings = meetings.get();
        seen.draft.tags.with(|tags| tags.iter().find(|tag| meetings.contains(tag)).cloned())
    });
    move || {
        let tag = tagged.get()?;
        let (sees, _) = seen.readers(Field::Meetings);
        let shown = !sees.is_empty() && !seen.kept(|kept| &mut kept.all);
        shown.then(|| view! { <p class="hint seen-by">{t::checkin::meeting_seen(sees.len(), tag, names(&sees))}</p> })
    }
}

impl Seen {
    fn with_any(self, get: fn(&Audience) -> bool) -> Signal<bool> {
        Memo::new(move |_| self.with(get).unwrap_or_default()).into()
    }

    fn any_of(self, field: Field) -> Signal<bool> {
        Memo::new(move |_| {
            let (sees, has) = self.readers(field);
            !sees.is_empty() || !has.is_empty()
        })
        .into()
    }
}

/// "Ruth can see your mood and your use."
fn parts(reader: &Reader) -> AnyView {
    let what = listed(reader.fields.iter().map(|field| thing(*field, true).to_owned()).collect());
    view! { <p class="hint seen-by">{t::audience::sees_parts(what, name(reader))}</p> }.into_any()
}

/// What is kept now and was sent before is taken back.
fn taken_back(has: &[Reader]) -> Option<AnyView> {
    let words = (!has.is_empty()).then(|| t::audience::taken_back(has.len(), names(has)))?;
    Some(view! { <p class="hint">{words}</p> }.into_any())
}

/// The switch; there where somebody would see it, and as long as it is on.
fn keeping(
    seen: Seen,
    id: &'static str,
    name: &'static str,
    sub: Option<&'static str>,
    part: fn(&mut Kept) -> &mut bool,
    any: Signal<bool>,
) -> impl IntoView {
    let on = Memo::new(move |_| seen.kept(part));
    let change = move |on| seen.draft.kept.update(|kept| *part(kept) = on);
    let row = move || match sub {
        Some(sub) => view! { <SwitchRow id name sub checked=on on_change=change /> }.into_any(),
        None => view! { <SwitchRow id name checked=on on_change=change /> }.into_any(),
    };
    view! { <Show when=move || any.get() || on.get()><div class="list">{row()}</div></Show> }
}
