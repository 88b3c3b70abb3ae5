//! The country: asked once, changed beside every list of lines.

use leptos::prelude::*;
use trellis_lines::{Country, ELSEWHERE, UNION, countries, country};

use super::say;
use crate::components::{Icon, Sheet, icon};
use crate::i18n::t;
use crate::state::state;

/// Countries by name; other ones of the Union, and any other, last.
fn by_name() -> Vec<&'static Country> {
    let mut all: Vec<_> = countries().iter().collect();
    all.sort_by_key(|row| (row.code == ELSEWHERE, row.code == UNION, plain(say(&row.name))));
    all
}

/// A name without its accents, to be sorted by.
fn plain(name: &str) -> String {
    let bare = |c: char| match c {
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'Ó' => 'o',
        'ú' | 'Ú' => 'u',
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(bare).collect()
}

/// Which country's lines are shown. What is chosen holds at once.
#[component]
pub fn CountryField(id: &'static str) -> impl IntoView {
    let state = state();
    let here = move || state.country.with(|code| code.as_ref().map(|code| country(Some(code)).code.clone()));
    let option = |row: &'static Country| {
        let chosen = move || here().as_deref() == Some(row.code.as_str());
        view! { <option value=row.code.as_str() prop:selected=chosen>{say(&row.name)}</option> }
    };
    let choose = move |event| {
        let code = event_target_value(&event);
        if !code.is_empty() {
            state.choose_country(&code);
        }
    };
    let hint = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id>{t::lines::which_country()}</label>
            <select id=id class="input" aria-describedby=hint.clone() on:change=choose>
                <option value="" prop:selected=move || here().is_none()>{t::lines::choose_country()}</option>
                {by_name().into_iter().map(option).collect_view()}
            </select>
            <p class="hint" id=hint>{t::lines::country_hint()}</p>
        </div>
    }
}

/// Says which country's lines these are, and leads to another.
#[component]
pub fn ChangeCountry() -> impl IntoView {
    let state = state();
    let open = RwSignal::new(false);
    let known = move || state.country.with(Option::is_some);
    let name = move || known().then(|| say(&country(state.country.get().as_deref()).name).to_owned());
    let words = move || if known() { t::lines::change_country() } else { t::lines::choose_country() };
    view! {
        <p class="lines-country">
            <span class="second">{name}</span>
            <button class="btn plain edge change-country" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                {icon(Icon::MAP_PIN)}{words}
            </button>
        </p>
        <Sheet open title=t::lines::change_country().to_owned()>
            <div class="asks-close">
                <CountryField id="other-country" />
                <button class="btn main" type="button" on:click=move |_| open.set(false)>{t::common::close()}</button>
            </div>
        </Sheet>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::set_language;
    use trellis_api_types::settings::Language;

    #[test]
    fn countries_stand_by_name_in_each_language_and_any_other_last() {
        for (language, first) in [(Language::En, "Argentina"), (Language::Es, "Argentina")] {
            set_language(language);
            let names: Vec<_> = by_name().into_iter().map(|row| say(&row.name)).collect();
            assert_eq!((names.len(), names.first().copied()), (22, Some(first)));
            let (listed, last) = names.split_at(20);
            assert!(listed.is_sorted_by_key(|name| plain(name)), "{listed:?}");
            assert_eq!(last.len(), 2);
        }
        assert_eq!(by_name().last().map(|row| row.code.as_str()), Some(ELSEWHERE));
        set_language(Language::En);
    }
}
