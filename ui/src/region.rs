//! What a country decides, whatever the language: the order of a date, the first day of the week, the clock. From CLDR.

use std::cell::RefCell;

use chrono::Weekday;
use trellis_api_types::settings::Language;

/// Where the week begins on Sunday.
const SUNDAY: &str = "AG AS BD BR BS BT BU BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP \
    PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW";
/// Where it begins on Saturday.
const SATURDAY: &str = "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY";
/// Where a clock has twelve hours.
const TWELVE: &str = "AE AG AL AR AS AU BB BD BH BM BN BO BS BT CA CL CO CR CU CY DJ DM DO DZ EC EG EH ER ET FJ FM GD GH GM GR \
    GT GU GY HK HN IN IQ JM JO KH KI KN KP KR KW KY LB LC LR LS LY MH MO MP MR MW MX MY NA NH NI NZ OM PA PE PG PH PK PR PS PW \
    PY QA SA SB SD SG SL SO SS SV SY SZ TC TD TN TO TT TW UM US UY VC VE VG VI VU WS YE ZM";
/// Where a date in English begins with the month.
const MONTH_FIRST: &str = "AS CA FM GU MH MP PH PR PW UM US VI";
/// What is assumed until a country is known.
const UNKNOWN: &str = "US";

thread_local! {
    static REGION: RefCell<String> = RefCell::new(UNKNOWN.to_owned());
}

/// Goes by this country from now on: two capital letters of ISO 3166, `EU` or `ZZ`.
pub fn set(country: Option<&str>) {
    REGION.set(country.unwrap_or(UNKNOWN).to_owned());
}

/// The country that is gone by.
pub fn get() -> String {
    REGION.with_borrow(Clone::clone)
}

fn is_in(list: &str) -> bool {
    REGION.with_borrow(|region| list.split_whitespace().any(|one| one == region))
}

/// The first day of the week.
pub fn first_weekday() -> Weekday {
    if is_in(SUNDAY) {
        Weekday::Sun
    } else if is_in(SATURDAY) {
        Weekday::Sat
    } else {
        Weekday::Mon
    }
}

/// How `Intl` names the clock.
pub fn clock() -> &'static str {
    if is_in(TWELVE) { "h12" } else { "h23" }
}

/// Whether the month stands before the day.
pub fn month_first(language: Language) -> bool {
    language == Language::En && is_in(MONTH_FIRST)
}

/// The tag by which `Intl` writes dates. English that no table has for a country is written as in most of the world.
pub fn tag(language: Language) -> String {
    match (language, get().as_str()) {
        (Language::En, "EU") => "en-150".to_owned(),
        (Language::En, region) if month_first(language) => format!("en-{region}"),
        (Language::En, "AU" | "BZ" | "GB" | "HK" | "IE" | "IN" | "NZ" | "SG" | "ZA") => {
            format!("en-{}", get())
        }
        (Language::En, _) => "en-001".to_owned(),
        (Language::Es, "EU") => "es-ES".to_owned(),
        (Language::Es, "ZZ") => "es-419".to_owned(),
        (Language::Es, region) => format!("es-{region}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Weekday, clock, first_weekday, month_first, set, tag};

    fn of(country: Option<&str>) -> (String, String, Weekday, &'static str, bool) {
        set(country);
        (tag(Language::En), tag(Language::Es), first_weekday(), clock(), month_first(Language::En))
    }

    #[test]
    fn the_country_decides_and_not_the_language() {
        let is =
            |en: &str, es: &str, first, clock, month| (en.to_owned(), es.to_owned(), first, clock, month);
        assert_eq!(of(None), is("en-US", "es-US", Weekday::Sun, "h12", true));
        assert_eq!(of(Some("GB")), is("en-GB", "es-GB", Weekday::Mon, "h23", false));
        assert_eq!(of(Some("ES")), is("en-001", "es-ES", Weekday::Mon, "h23", false));
        assert_eq!(of(Some("MX")), is("en-001", "es-MX", Weekday::Sun, "h12", false));
        assert_eq!(of(Some("AR")), is("en-001", "es-AR", Weekday::Mon, "h12", false));
        assert_eq!(of(Some("EU")), is("en-150", "es-ES", Weekday::Mon, "h23", false));
        assert_eq!(of(Some("ZZ")), is("en-001", "es-419", Weekday::Mon, "h23", false));
        assert!(!month_first(Language::Es));
        set(None);
    }
}
