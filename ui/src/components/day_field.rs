//! A day, typed in three boxes: works the same in every webview, and with a screen reader.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::limits::{FIRST_YEAR, LAST_YEAR};

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
        let [day, month, year] = [(); 3].map(|()| RwSignal::new(String::new()));
        let input = Self { day, month, year, trouble: RwSignal::new(None) };
        input.set(date);
        input
    }

    /// Shows `date`, or nothing.
    pub fn set(self, date: Option<NaiveDate>) {
        let part = |get: fn(NaiveDate) -> String| date.map(get).unwrap_or_default();
        self.day.set(part(|d| d.day().to_string()));
        self.month.set(part(|d| d.month().to_string()));
        self.year.set(part(|d| d.year().to_string()));
        self.trouble.set(None);
    }

    /// Empties it.
    pub fn clear(self) {
        self.set(None);
    }

    /// The day, followed: none if all is empty, else the day or what is wrong with it in words.
    pub fn read(self) -> Result<Option<NaiveDate>, &'static str> {
        read_day(&[self.year, self.month, self.day].map(|part| part.get().trim().to_owned()), None)
            .map_err(words)
    }

    /// The day, or none if all is empty. `Err` if it is not whole, does not exist or is still to come; the field then says so.
    pub fn finish(self, today: NaiveDate) -> Result<Option<NaiveDate>, ()> {
        self.finish_until(Some(today))
    }

    /// As [`Self::finish`], but it may be still to come.
    pub fn finish_any(self) -> Result<Option<NaiveDate>, ()> {
        self.finish_until(None)
    }

    /// A day that has to be there. If nothing is typed, the field says `missing`.
    pub fn needed(self, missing: &'static str) -> Option<NaiveDate> {
        let day = self.finish_any().ok()?;
        if day.is_none() {
            self.refuse(missing);
        }
        day
    }

    /// The field says what is wrong.
    pub fn refuse(self, words: &'static str) {
        self.trouble.set(Some(words));
    }

    fn finish_until(self, last: Option<NaiveDate>) -> Result<Option<NaiveDate>, ()> {
        let parts = [self.year, self.month, self.day].map(|part| part.get_untracked().trim().to_owned());
        let read = read_day(&parts, last);
        self.trouble.set(read.err().map(words));
        read.map_err(|_| ())
    }
}

/// What is wrong with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// A part is missing.
    Part,
    /// Two digits, or five.
    Year,
    NotADay,
    ToCome,
}

fn words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Part => t::start::day_part(),
        Trouble::Year => t::start::day_year(),
        Trouble::NotADay => t::start::day_wrong(),
        Trouble::ToCome => t::start::day_to_come(),
    }
}

/// Year, month, day; until `last`, where there is one.
fn read_day(parts: &[String; 3], last: Option<NaiveDate>) -> Result<Option<NaiveDate>, Trouble> {
    if parts.iter().all(String::is_empty) {
        return Ok(None);
    }
    if parts.iter().any(String::is_empty) {
        return Err(Trouble::Part);
    }
    let [year, month, day] = parts;
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<i32>(), month.parse(), day.parse()) else {
        return Err(Trouble::NotADay);
    };
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(Trouble::Year);
    }
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) if last.is_some_and(|last| date > last) => Err(Trouble::ToCome),
        Some(date) => Ok(Some(date)),
        None => Err(Trouble::NotADay),
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
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is typed.
    value: DayInput,
    /// What else is wrong, in words.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = format!("{id}-hint {id}-error");
    let month = view! { <MonthBox id value=value.month /> }.into_any();
    let day = view! { <NumberBox id=format!("{id}-day") label=t::start::day() value=value.day /> }.into_any();
    let year =
        view! { <NumberBox id=format!("{id}-year") label=t::start::year() value=value.year /> }.into_any();
    let (first, second) = if region::month_first(language()) { (month, day) } else { (day, month) };
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend class="label">{label}</legend>
            <div class="day-boxes">{first}{second}{year}</div>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <div id=format!("{id}-error") role="alert">
                {move || value.trouble.get().map(str::to_owned).or_else(|| error.get()).map(|words| view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{words}</span></p> })}
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
fn NumberBox(id: String, label: &'static str, value: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="day-box">
            <span class="hint">{label}</span>
            <input class="input" id=id inputmode="numeric" autocomplete="off" maxlength="6" bind:value=value />
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(
        year: &str,
        month: &str,
        day: &str,
        last: Option<NaiveDate>,
    ) -> Result<Option<NaiveDate>, Trouble> {
        read_day(&[year, month, day].map(str::to_owned), last)
    }

    fn read(year: &str, month: &str, day: &str) -> Result<Option<NaiveDate>, Trouble> {
        until(year, month, day, NaiveDate::from_ymd_opt(2026, 11, 22))
    }

    #[test]
    fn nothing_typed_is_no_day_and_a_part_is_not_enough() {
        assert_eq!(read("", "", ""), Ok(None));
        for part in [("2024", "", ""), ("", "3", "3"), ("2024", "3", ""), ("2024", "", "3")] {
            assert_eq!(read(part.0, part.1, part.2), Err(Trouble::Part));
        }
    }

    #[test]
    fn a_day_must_exist_and_have_come() {
        assert_eq!(read("2024", "2", "29"), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
        assert_eq!(read("2023", "2", "29"), Err(Trouble::NotADay));
        assert_eq!(read("2023", "2", "x"), Err(Trouble::NotADay));
        assert_eq!(read("2026", "11", "23"), Err(Trouble::ToCome));
        assert_eq!(until("2026", "11", "23", None), Ok(NaiveDate::from_ymd_opt(2026, 11, 23)));
    }

    #[test]
    fn a_year_has_four_digits() {
        for year in ["26", "20266", "1899", "0", "-2026"] {
            assert_eq!(until(year, "3", "3", None), Err(Trouble::Year), "{year}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_the_field_and_goes_with_it() {
        let owner = Owner::new();
        owner.set();
        let input = DayInput::new(NaiveDate::from_ymd_opt(2026, 3, 9));
        assert_eq!(untrack(|| input.read()), Ok(NaiveDate::from_ymd_opt(2026, 3, 9)));
        input.year.set("26".into());
        assert_eq!(
            (input.finish_any(), input.trouble.get_untracked()),
            (Err(()), Some(t::start::day_year()))
        );
        input.clear();
        assert_eq!((input.needed(t::together::day_missing()), input.finish_any()), (None, Ok(None)));
        assert_eq!(input.trouble.get_untracked(), None);
    }
}
