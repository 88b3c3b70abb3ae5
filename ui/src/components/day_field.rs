//! A day, typed in three boxes: works the same in every webview, and with a screen reader.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

use super::{Icon, icon};
use crate::{
    fmt,
    i18n::{language, t},
    region,
};

/// What was typed so far; all empty means no day.
#[derive(Clone, Copy)]
pub struct DayInput {
    day: RwSignal<String>,
    month: RwSignal<String>,
    year: RwSignal<String>,
    trouble: RwSignal<Option<&'static str>>,
}

impl DayInput {
    /// Starts with `date`.
    pub fn new(date: Option<NaiveDate>) -> Self {
        let part = |get: fn(NaiveDate) -> String| RwSignal::new(date.map(get).unwrap_or_default());
        Self {
            day: part(|d| d.day().to_string()),
            month: part(|d| d.month().to_string()),
            year: part(|d| d.year().to_string()),
            trouble: RwSignal::new(None),
        }
    }

    /// Empties it.
    pub fn clear(self) {
        for part in [self.day, self.month, self.year] {
            part.set(String::new());
        }
    }

    /// The day, or none if all is empty. `Err` if it is not whole, does not exist or is still to come; the field then says so.
    pub fn finish(self, today: NaiveDate) -> Result<Option<NaiveDate>, ()> {
        let parts = [self.year, self.month, self.day].map(|part| part.get_untracked().trim().to_owned());
        let read = read_day(&parts, today);
        self.trouble.set(read.err().map(words));
        read.map_err(|_| ())
    }
}

/// What is wrong with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    NotADay,
    ToCome,
}

fn words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NotADay => t::start::day_wrong(),
        Trouble::ToCome => t::start::day_to_come(),
    }
}

/// Year, month, day.
fn read_day(parts: &[String; 3], today: NaiveDate) -> Result<Option<NaiveDate>, Trouble> {
    if parts.iter().all(String::is_empty) {
        return Ok(None);
    }
    let [year, month, day] = parts;
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
        return Err(Trouble::NotADay);
    };
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) if date > today => Err(Trouble::ToCome),
        Some(date) if year >= 1900 => Ok(Some(date)),
        _ => Err(Trouble::NotADay),
    }
}

/// Three boxes in the order of the language and the country.
#[component]
pub fn DayField(
    /// Stable id; the boxes are `id-day`, `id-month`, `id-year`.
    id: &'static str,
    /// What is asked for.
    label: &'static str,
    /// A line under it.
    hint: &'static str,
    /// What is typed.
    value: DayInput,
) -> impl IntoView {
    let described = format!("{id}-hint {id}-error");
    let month = view! { <MonthBox id value=value.month /> }.into_any();
    let day = view! { <NumberBox id=format!("{id}-day") label=t::start::day() value=value.day digits=2 /> }
        .into_any();
    let year =
        view! { <NumberBox id=format!("{id}-year") label=t::start::year() value=value.year digits=4 /> }
            .into_any();
    let (first, second) = if region::month_first(language()) { (month, day) } else { (day, month) };
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend class="label">{label}</legend>
            <div class="day-boxes">{first}{second}{year}</div>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
            <div id=format!("{id}-error") role="alert">
                {move || value.trouble.get().map(|words| view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{words}</span></p> })}
            </div>
        </fieldset>
    }
}

#[component]
fn MonthBox(id: &'static str, value: RwSignal<String>) -> impl IntoView {
    let id = format!("{id}-month");
    let options = (1..=12_u32).map(|n| {
        let chosen = move || value.get() == n.to_string();
        view! { <option value=n.to_string() prop:selected=chosen>{fmt::month_name(n)}</option> }
    });
    view! {
        <label class="day-box wide">
            <span class="hint">{t::start::month()}</span>
            <select class="input" id=id on:change=move |event| value.set(event_target_value(&event))>
                <option value="" prop:selected=move || value.get().is_empty()>"–"</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

#[component]
fn NumberBox(id: String, label: &'static str, value: RwSignal<String>, digits: u8) -> impl IntoView {
    view! {
        <label class="day-box">
            <span class="hint">{label}</span>
            <input class="input" id=id inputmode="numeric" autocomplete="off" maxlength=digits.to_string() bind:value=value />
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::{NaiveDate, Trouble, read_day};

    fn read(year: &str, month: &str, day: &str) -> Result<Option<NaiveDate>, Trouble> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        read_day(&[year, month, day].map(str::to_owned), today)
    }

    #[test]
    fn nothing_typed_is_no_day_and_a_part_is_not_enough() {
        assert_eq!(read("", "", ""), Ok(None));
        assert_eq!(read("2024", "", ""), Err(Trouble::NotADay));
    }

    #[test]
    fn a_day_must_exist_and_have_come() {
        assert_eq!(read("2024", "2", "29"), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
        assert_eq!(read("2023", "2", "29"), Err(Trouble::NotADay));
        assert_eq!(read("24", "3", "3"), Err(Trouble::NotADay));
        assert_eq!(read("2026", "11", "23"), Err(Trouble::ToCome));
    }
}
