//! The questions, and saving. What was typed stays until the shell has confirmed it.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use trellis_api_types::ApiError;
use trellis_api_types::checkin::{CheckInDelete, CheckInSave, Halt, Medication, Use};
use trellis_api_types::limits;
use trellis_api_types::settings::{MAX_TAGS, SettingsEdit, SettingsSave};

use super::answers::{ReturnHelp, UrgeHelp, first_to_call};
use super::draft::Draft;
use super::seen::{self, Seen};
use crate::components::{AddWord, Chip, Icon, Moods, Problem, SaveButton, Seg, Show, Slider, icon};
use crate::state::{State, state};
use crate::{i18n::t, ipc};

/// All questions; only the mood must be answered.
#[component]
pub fn Form(draft: Draft, leave: String, form: String) -> impl IntoView {
    let form = StoredValue::new(form);
    let state = state();
    let busy = RwSignal::new(false);
    let missing = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let call = first_to_call();
    let seen = Seen::of(draft);
    let (asks_urge, asks_use) = (asked(state, draft.urge), asked(state, draft.used));
    let go = use_navigate();
    let after = leave.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        missing.set(draft.mood.get_untracked().is_none());
        match draft.check_in() {
            None => focus("mood-3"),
            Some(_) if busy.get_untracked() => {}
            Some(checkin) => {
                let (go, after) = (go.clone(), after.clone());
                busy.set(true);
                spawn_local(async move {
                    match ipc::call(CheckInSave { checkin }).await {
                        Ok(saved) => {
                            state.draft_stored(&form.get_value());
                            let full = keep_words(state, draft).await;
                            state.data_changed();
                            let said = if full { t::checkin::saved_full() } else { t::checkin::saved() };
                            state.say(said, saved.undo);
                            go(&after, NavigateOptions::default());
                        }
                        Err(why) => problem.set(Some(why)),
                    }
                    busy.try_set(false);
                });
            }
        }
    };
    view! {
        <form class="asks" novalidate on:submit=submit>
            {seen::of_all(seen)}
            {mood(draft, missing)}
            <Show when=move || asks_urge.get()>
                <div>
                    {urge(draft)}
                    <UrgeHelp draft call />
                </div>
            </Show>
            {halt(draft)}
            <Show when=move || asks_use.get()>
                <fieldset>
                    {legend(t::checkin::since_last(), Some(take_back(t::checkin::since_last(), draft.used)))}
                    {used(draft)}
                    {seen::of_use(seen)}
                    <ReturnHelp draft call />
                </fieldset>
            </Show>
            {move || tracks_medication(state, draft).then(|| medication(draft))}
            <div>{tags(state, draft)}{seen::of_meeting(seen, meetings(state))}</div>
            <div>{note(state, draft)}{seen::of_note(seen)}</div>
            {move || problem.get().map(|problem| view! { <Problem problem /> })}
            {(!draft.new).then(|| view! { <Delete draft leave form /> })}
            <div class="save">
                <SaveButton words=t::checkin::save() busy />
            </div>
        </form>
    }
}

/// Whether a question about use is asked: not of who is here for someone they love, unless it was answered before.
fn asked<T: Send + Sync + 'static>(state: State, answer: RwSignal<Option<T>>) -> Memo<bool> {
    let answered = answer.with_untracked(Option::is_some);
    Memo::new(move |_| answered || !state.for_family())
}

fn legend(words: &'static str, beside: Option<AnyView>) -> impl IntoView {
    view! {
        <legend class="legend">
            <span>{words}</span>
            {beside}
        </legend>
    }
}

fn hint(words: &'static str) -> AnyView {
    view! { <span class="hint">{words}</span> }.into_any()
}

/// Makes a given answer ungiven again; says "optional" until there is one.
fn take_back<T: Send + Sync + 'static>(question: &'static str, answer: RwSignal<Option<T>>) -> AnyView {
    let given = Memo::new(move |_| answer.with(Option::is_some));
    let button = move || {
        view! {
            <button
                class="btn plain edge"
                type="button"
                aria-label=t::checkin::take_back_spoken(question)
                on:click=move |_| answer.set(None)
            >
                {t::checkin::take_back()}
            </button>
        }
        .into_any()
    };
    (move || if given.get() { button() } else { hint(t::common::optional()) }).into_any()
}

fn mood(draft: Draft, missing: RwSignal<bool>) -> impl IntoView {
    let wrong = move || missing.get() && draft.mood.get().is_none();
    view! {
        <fieldset aria-describedby="mood-error">
            {legend(t::checkin::mood(), None)}
            <Moods value=draft.mood />
            <div id="mood-error" role="alert">
                {move || {
                    wrong()
                        .then(|| {
                            view! {
                                <p class="error">
                                    {icon(Icon::WARNING_CIRCLE)} <span>{t::checkin::mood_first()}</span>
                                </p>
                            }
                        })
                }}
            </div>
        </fieldset>
    }
}

fn urge(draft: Draft) -> impl IntoView {
    let readout = move || match draft.urge.get() {
        Some(urge) => view! {
            <output class="readout" for="urge">
                {urge.to_string()}
                <small>{t::checkin::of_ten()}</small>
            </output>
        }
        .into_any(),
        None => ().into_any(),
    };
    let spoken = |urge: Option<u8>| {
        urge.map_or(t::checkin::not_said().to_owned(), |n| t::checkin::urge_spoken(n.into()))
    };
    view! {
        <div class="legend">
            <label for="urge">{t::checkin::urge()}</label>
            {readout}
            {take_back(t::checkin::urge(), draft.urge)}
        </div>
        <Slider id="urge" value=draft.urge least=t::checkin::urge_none() most=t::checkin::urge_most() spoken=spoken />
    }
}

fn halt(draft: Draft) -> impl IntoView {
    let one = move |(what, words, own, id): (Halt, &'static str, Icon, &'static str)| {
        let checked = Signal::derive(move || draft.halt.with(|halt| halt.contains(&what)));
        let change = move |on: bool| toggle(draft.halt, what, on);
        view! { <Chip id=id.to_owned() words=words.to_owned() own=own checked on_change=change /> }
    };
    let all = [
        (Halt::Hungry, t::checkin::hungry(), Icon::FORK_KNIFE, "hungry"),
        (Halt::Angry, t::checkin::angry(), Icon::FIRE_SIMPLE, "angry"),
        (Halt::Lonely, t::checkin::lonely(), Icon::USER, "lonely"),
        (Halt::Tired, t::checkin::tired(), Icon::MOON, "tired"),
    ];
    view! {
        <fieldset>
            {legend(t::checkin::are_you(), Some(hint(t::checkin::any_that_fit())))}
            <div class="chips halt">{all.map(one)}</div>
        </fieldset>
    }
}

fn used(draft: Draft) -> impl IntoView {
    let options = vec![
        (Use::NotUsed, t::checkin::not_used()),
        (Use::Used, t::checkin::used()),
        (Use::RatherNotSay, t::checkin::rather_not_say()),
    ];
    view! { <Seg name="use" options value=draft.used on_change=move |answer| draft.used.set(Some(answer)) /> }
}

fn tracks_medication(state: State, draft: Draft) -> bool {
    draft.medication.with(Option::is_some)
        || state.settings.with(|settings| settings.as_ref().is_some_and(|s| s.tracks_medication))
}

fn medication(draft: Draft) -> impl IntoView {
    let options = vec![
        (Medication::Taken, t::checkin::taken()),
        (Medication::NotYet, t::checkin::not_yet()),
        (Medication::Skipped, t::checkin::skipped()),
    ];
    let choose = move |answer| draft.medication.set(Some(answer));
    view! {
        <fieldset>
            {legend(t::checkin::medication(), Some(take_back(t::checkin::medication(), draft.medication)))}
            <Seg name="medication" options value=draft.medication on_change=choose />
        </fieldset>
    }
}

fn tags(state: State, draft: Draft) -> impl IntoView {
    let offered = Memo::new(move |_| {
        let mut words = state.settings.with(|s| s.as_ref().map(|s| s.tags.clone())).unwrap_or_default();
        if words.is_empty() {
            words = first_tags();
        }
        for tag in draft.tags.get() {
            push_new(&mut words, tag);
        }
        words
    });
    let chip = move |tag: String| {
        let mine = tag.clone();
        let checked = Signal::derive(move || draft.tags.with(|tags| tags.contains(&mine)));
        let (id, words) = (format!("tag-{tag}"), tag.clone());
        view! { <Chip id words checked on_change=move |on| toggle(draft.tags, tag.clone(), on) /> }
    };
    view! {
        <fieldset>
            {legend(t::checkin::going_on(), Some(hint(t::common::optional())))}
            <div class="chips">
                <For each=move || offered.get() key=Clone::clone children=chip />
                <AddWord on_add=move |word: String| draft.tags.update(|tags| push_new(tags, word)) />
            </div>
        </fieldset>
    }
}

/// Offered until the person has words of their own.
fn first_tags() -> Vec<String> {
    use t::checkin as c;
    [c::tag_work(), c::tag_family(), c::tag_money(), c::tag_sleep(), c::tag_pain(), c::tag_good_news()]
        .map(str::to_owned)
        .to_vec()
}

fn note(state: State, draft: Draft) -> impl IntoView {
    let label = move || if state.for_family() { t::checkin::note_family() } else { t::checkin::note() };
    view! {
        <div>
            <div class="legend">
                <label for="note">{label}</label>
            </div>
            <textarea id="note" class="input" rows="4" maxlength=limits::NOTE.to_string() bind:value=draft.note></textarea>
        </div>
    }
}

#[component]
fn Delete(draft: Draft, leave: String, form: StoredValue<String>) -> impl IntoView {
    let state = state();
    let go = use_navigate();
    let delete = move |_| {
        let (go, leave) = (go.clone(), leave.clone());
        spawn_local(async move {
            if state.save(CheckInDelete { id: draft.id() }, t::checkin::deleted()).await.is_ok() {
                state.draft_stored(&form.get_value());
                go(&leave, NavigateOptions::default());
            }
        });
    };
    view! {
        <button id="delete" class="btn plain delete" type="button" on:click=delete>
            {icon(Icon::TRASH)}
            {t::checkin::delete()}
        </button>
    }
}

fn meetings(state: State) -> Signal<Vec<String>> {
    Signal::derive(move || {
        state.settings.with(|s| s.as_ref().map(|s| s.meetings.clone())).unwrap_or_default()
    })
}

/// New words of this check-in are offered next time, as far as the list has room; true if it has none for some. The
/// check-in is saved already; should this fail, it stays so.
async fn keep_words(state: State, draft: Draft) -> bool {
    let known = state.settings.with_untracked(|s| s.as_ref().map(|s| s.tags.clone()));
    let Some(known) = known else { return false };
    let known = if known.is_empty() { first_tags() } else { known };
    let before = known.len();
    let (words, full) = with_room(known, draft.tags.get_untracked());
    if words.len() > before
        && let Err(why) = ipc::call(SettingsSave { edit: SettingsEdit::Tags(words) }).await
    {
        state.fail(why);
    }
    full
}

/// The words with the new ones, up to the most that are offered; and whether some had no room.
fn with_room(mut words: Vec<String>, new: Vec<String>) -> (Vec<String>, bool) {
    new.into_iter().for_each(|tag| push_new(&mut words, tag));
    let full = words.len() > MAX_TAGS;
    words.truncate(MAX_TAGS);
    (words, full)
}

fn push_new(words: &mut Vec<String>, word: String) {
    if !words.contains(&word) {
        words.push(word);
    }
}

fn toggle<T: PartialEq + Send + Sync + 'static>(list: RwSignal<Vec<T>>, item: T, on: bool) {
    list.update(|list| {
        list.retain(|other| *other != item);
        if on {
            list.push(item);
        }
    });
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    if let Some(field) =
        document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _focusable = field.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TAGS, with_room};

    #[test]
    fn a_word_more_than_there_is_room_for_leaves_the_list_as_it_is() {
        let words = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
        let new = vec!["3".to_owned(), "new".to_owned()];
        assert_eq!(with_room(words(MAX_TAGS), new.clone()), (words(MAX_TAGS), true));
        assert_eq!(with_room(words(5), new).0.len(), 6);
        assert!(!with_room(words(MAX_TAGS), vec!["3".to_owned()]).1);
    }
}
