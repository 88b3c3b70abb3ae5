//! What is being written: the shell keeps it soon after each letter, so that a lock loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use serde::{Serialize, de::DeserializeOwned};
use trellis_api_types::app::Phase;
use trellis_api_types::draft::{DraftDrop, DraftGet, DraftSave};
use wasm_bindgen::JsValue;

use super::{State, state};
use crate::{i18n::t, ipc};

/// From the last letter until the shell hears of it.
const SOON: Duration = Duration::from_millis(300);
/// Longest time, in hundredths of a second, that something else waits for the shell to have it.
const PATIENCE: u32 = 50;

/// What the shell has to hear of.
#[derive(Clone, Copy, Default)]
pub struct Drafts {
    /// Forms with what was typed; nothing where it is to be erased.
    waiting: StoredValue<BTreeMap<String, Option<String>>>,
    sending: StoredValue<bool>,
    refused: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// Forms on the screen that hold what is not stored.
    unsaved: StoredValue<BTreeSet<String>>,
    /// The form in the open sheet.
    sheet: StoredValue<Option<String>>,
}

impl State {
    /// The form in the open sheet, which goes when the sheet's change is stored.
    pub fn draft_in_sheet(self, form: &str) {
        self.drafts.sheet.set_value(Some(form.to_owned()));
    }

    /// What was typed in the open sheet is stored: nothing is kept of it.
    pub fn sheet_stored(self) {
        if let Some(form) = self.drafts.sheet.try_update_value(Option::take).flatten() {
            self.draft_stored(&form);
        }
    }

    /// What was typed in this form is stored, or not wanted: nothing is kept of it.
    pub fn draft_stored(self, form: &str) {
        self.drafts.unsaved.update_value(|forms| forms.retain(|one| one != form));
        self.tell_later(form, None);
        spawn_local(self.tell_drafts());
    }

    fn keep_draft(self, form: &str, text: String) {
        self.drafts.unsaved.update_value(|forms| forms.extend([form.to_owned()]));
        self.tell_later(form, Some(text));
        let soon = set_timeout_with_handle(move || spawn_local(self.tell_drafts()), SOON);
        let before = self.drafts.timer.try_update_value(|timer| std::mem::replace(timer, soon.ok()));
        before.flatten().iter().for_each(TimeoutHandle::clear);
    }

    fn tell_later(self, form: &str, text: Option<String>) {
        self.drafts.waiting.update_value(|waiting| drop(waiting.insert(form.to_owned(), text)));
    }

    /// Waits until the shell has all that was typed, but not for long.
    pub async fn flush_drafts(self) {
        spawn_local(self.tell_drafts());
        for _ in 0..PATIENCE {
            if self.drafts.waiting.with_value(BTreeMap::is_empty) && !self.drafts.sending.get_value() {
                return;
            }
            pause().await;
        }
    }

    /// Tells the shell one thing after the other: what was typed last is what is kept.
    async fn tell_drafts(self) {
        if self.drafts.sending.try_update_value(|sending| std::mem::replace(sending, true)) != Some(false) {
            return;
        }
        while let Some((form, text)) = self.drafts.waiting.try_update_value(BTreeMap::pop_first).flatten() {
            let told = match text {
                Some(text) => ipc::call(DraftSave { form, text }).await,
                None => ipc::call(DraftDrop { form }).await,
            };
            self.drafts.refused.set_value(told.is_err());
            if let Err(problem) = told
                && self.is_open()
            {
                self.fail(problem);
            }
        }
        self.drafts.sending.set_value(false);
    }

    async fn kept_draft(self, form: String) -> Option<String> {
        self.flush_drafts().await;
        ipc::call(DraftGet { form }).await.ok().flatten()
    }

    /// The form left the screen. What it held is kept, and that is said; behind the lock it was kept before.
    fn draft_left(self, form: &str) {
        self.drafts.sheet.update_value(|sheet| drop(sheet.take_if(|sheet| *sheet == form)));
        let unsaved = self.drafts.unsaved.try_update_value(|forms| forms.remove(form));
        if unsaved != Some(true) || !self.is_open() {
            return;
        }
        spawn_local(async move {
            self.flush_drafts().await;
            if self.is_open() && !self.drafts.refused.get_value() {
                self.say(t::common::draft_kept(), None);
            }
        });
    }

    fn is_open(self) -> bool {
        let ready = |status: &trellis_api_types::app::Status| matches!(status.phase, Phase::Ready { .. });
        self.status.with_untracked(|status| matches!(status, Some(Ok(status)) if ready(status)))
    }
}

async fn pause() {
    let soon = js_sys::Promise::new(&mut |done, _| {
        set_timeout(move || drop(done.call0(&JsValue::NULL)), Duration::from_millis(10));
    });
    drop(wasm_bindgen_futures::JsFuture::from(soon).await);
}

/// What a form keeps while it is on the screen.
pub struct Kept {
    /// What was typed before is there again.
    pub back: RwSignal<bool>,
    /// Empties the form again, and forgets what was kept.
    pub afresh: Callback<()>,
}

/// Keeps what `read` gives under the name of the form, from the first change until it is stored, and brings it back by `write`.
/// `read` gives nothing until the form is drawn.
pub fn keep_draft<T>(
    form: String,
    read: impl Fn() -> Option<T> + Copy + Send + Sync + 'static,
    write: impl Fn(T) + Copy + Send + Sync + 'static,
) -> Kept
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let (state, name) = (state(), form.clone());
    on_cleanup(move || state.draft_left(&name));
    let form = StoredValue::new(form);
    let (first, last) = (StoredValue::new(None::<T>), StoredValue::new(None::<T>));
    let (begun, ready, back) = (StoredValue::new(false), RwSignal::new(false), RwSignal::new(false));
    let bring = move || async move {
        let Some(name) = form.try_get_value() else { return };
        let kept = state.kept_draft(name).await.and_then(|text| ipc::from_text::<T>(&text));
        // The form may be gone by now.
        let untouched = || first.try_get_value().is_some_and(|first| first == untrack(read));
        if let Some(kept) = kept.filter(|_| untouched()) {
            last.set_value(Some(kept.clone()));
            write(kept);
            back.set(true);
        }
        ready.try_set(true);
    };
    let begin = move || async move {
        // What the form starts with is put into its fields after they are drawn.
        tick().await;
        let begins = first.try_get_value().and_then(|_| untrack(read));
        if begins.is_some() {
            first.set_value(begins.clone());
            last.set_value(begins);
            bring().await;
        }
    };
    Effect::new(move || {
        let Some(now) = read() else { return };
        if !begun.with_value(|begun| *begun) {
            begun.set_value(true);
            spawn_local(begin());
        } else if ready.get() && last.with_value(|last| last.as_ref() != Some(&now)) {
            last.set_value(Some(now.clone()));
            let text = first.with_value(|first| first.as_ref() != Some(&now)).then(|| ipc::to_text(&now));
            match text.flatten() {
                Some(text) => state.keep_draft(&form.get_value(), text),
                None => state.draft_stored(&form.get_value()),
            }
        }
    });
    let afresh = move |()| {
        back.set(false);
        first.get_value().into_iter().for_each(write);
        state.draft_stored(&form.get_value());
    };
    Kept { back, afresh: Callback::new(afresh) }
}
